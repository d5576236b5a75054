/* Our log: the chain of our OFFER, CLOSE, RESULT and CHOICE records. Its number and value stand in
 * the row "signed" (trust/identity.h). PROTOCOL.md section 9. */
#ifndef VIZ_NODE_SELF_LOG_H
#define VIZ_NODE_SELF_LOG_H

#include "proto/offer.h"

struct viz_id;
struct viz_record;
struct viz_trust;

/* The position of the record that we sign next, for the offer whose OFFER has the number `offer`;
 * 0: it is an OFFER. */
void viz_self_log_next(struct viz_position *at, const struct viz_trust *trust, uint32_t offer);

/* Adds a record of ours whose body begins with that position. The caller writes the record in the
 * same transaction. */
void viz_self_log_add(struct viz_trust *trust, const struct viz_record *rec,
		      const struct viz_id *id);

#endif
