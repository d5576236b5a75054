/* COVERAGE_ACK: each partner signs which COVERAGE records of the others it holds. The publisher
 * keeps the statement as proof that the partner knew of the coverage. PROTOCOL.md section 10. */
#ifndef VIZ_NODE_COVERAGE_ACK_H
#define VIZ_NODE_COVERAGE_ACK_H

#include "proto/base.h"

struct viz_core;
struct viz_id;
struct viz_net;
struct viz_reader;
struct viz_record;

/* Acknowledges the COVERAGE `rec`, whose record id is `id`, by mail to its author. Does nothing
 * when the author is no partner now, when its outbox is full, and when this record was
 * acknowledged less than a third of ack_ms ago. */
void viz_coverage_ack_send(struct viz_net *net, const struct viz_record *rec,
			   const struct viz_id *id);

/* Acknowledges every live COVERAGE of every partner, after the set of partners has changed, and
 * from time to time. */
void viz_coverage_ack_send_all(struct viz_net *net);

/* After a start, signs again what we have acknowledged, once on each full link with a partner: only
 * what is not older than the start in our NODE counts against us. */
void viz_coverage_ack_again(struct viz_net *net);

/* Takes a partner's COVERAGE_ACK and keeps it when it names the record that we publish in that slot
 * now, and is later than what is kept, if that is not dated ahead. The one before it is kept on
 * where no older one counts for each draw between the two: else who has left us out could sign a
 * new one. A malformed body is an error in `body`. */
void viz_coverage_ack_received(struct viz_net *net, const struct viz_record *rec,
			       struct viz_reader *body);

/* Whether `by` has acknowledged the record `coverage` in this slot of `publisher`. */
bool viz_coverage_ack_exists(struct viz_core *core, const struct viz_id *publisher, uint64_t slot,
			     const struct viz_id *coverage, const struct viz_id *by);

/* The newest acknowledgement of this slot by `by` that is kept and before this time. False:
 * there is none. */
bool viz_coverage_ack_before(struct viz_core *core, struct viz_record *out,
			     const struct viz_id *publisher, uint64_t slot, const struct viz_id *by,
			     struct viz_time time);

#endif
