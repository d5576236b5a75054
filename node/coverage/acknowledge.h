/* Acknowledgements of COVERAGE: an origin signs that it has seen a partner's advertisement,
 * and the publisher keeps that as proof. */
#ifndef VIZ_NODE_COVERAGE_ACKNOWLEDGE_H
#define VIZ_NODE_COVERAGE_ACKNOWLEDGE_H

#include "proto/base.h"

struct viz_core;
struct viz_id;
struct viz_net;
struct viz_reader;
struct viz_record;
struct viz_time;

void viz_coverage_acknowledge(struct viz_net *net, const struct viz_record *rec,
			      const struct viz_id *id);

void viz_coverage_acknowledge_all(struct viz_net *net);

void viz_coverage_ack_received(struct viz_net *net, const struct viz_record *rec,
			       struct viz_reader *body);

/* Whether `by` has acknowledged this COVERAGE of `publisher`; *when (may be NULL) by its own clock.
 */
bool viz_coverage_acknowledged(struct viz_core *core, struct viz_time *when,
			       const struct viz_id *publisher, uint64_t slot,
			       const struct viz_id *coverage, const struct viz_id *by);

#endif
