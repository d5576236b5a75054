/* Our own records: signing and publishing, and a check of the clock by what we signed before. */
#ifndef VIZ_NODE_SELF_PUBLISH_H
#define VIZ_NODE_SELF_PUBLISH_H

#include "proto/writer.h"

struct viz_core;
struct viz_id;
struct viz_net;
struct viz_record;
struct viz_trust;

/* Signs a record of our own, stores it, spreads it and calls its handlers. `body` is one msgpack
 * array and must pass viz_body_check. A replaceable record gets seq = max(last seq + 1, now in ms).
 * *id_or_null receives the record id. VIZ_ERR_STATE: we may not
 * sign this type now (viz_identity_may_sign and the like, viz_self_log_is_free). VIZ_ERR_LIMIT: the
 * record is too large. The body of a write-once record begins with viz_self_log_next. */
int viz_self_publish(struct viz_net *net, struct viz_id *id_or_null, uint8_t type, uint64_t slot,
		     const uint8_t *body, size_t body_len);

/* The same, with a body that stands in a writer and fits its buffer. */
static inline int viz_self_publish_body(struct viz_net *net, struct viz_id *id, uint8_t type,
					uint64_t slot, const struct viz_writer *body)
{
	struct viz_slice b = viz_writer_done(body);

	return viz_self_publish(net, id, type, slot, b.p, b.len);
}

/* Finds today's slot for a write-once record of ours: the one behind the last that stands from
 * `from` on and below `to`. On the day on which a quarantine ended, what we have lost may stand
 * behind that: half of those that are left are skipped then. VIZ_ERR_LIMIT: there is none. */
int viz_self_publish_free_slot(struct viz_trust *trust, uint64_t *slot, uint8_t type, unsigned from,
			       unsigned to);

/* Finds today's next slot that no OFFER of ours has used. VIZ_ERR_LIMIT: the day has no free slot.
 * VIZ_ERR_STATE: after a start, or in quarantine, that is not known yet. */
int viz_self_publish_next_slot(struct viz_trust *trust, uint64_t *slot);

/* The seq that viz_self_publish gives to a replaceable record at this place. */
uint64_t viz_publish_seq(struct viz_trust *trust, uint8_t type, uint64_t slot);

/* Whether the date or seq of a record of ours is later by more than skew_ms than what we sign now.
 * A fast clock dated it, and other nodes did not take it. */
bool viz_self_publish_is_ahead(const struct viz_trust *trust, const struct viz_record *rec);

/* Whether the NODE of another node is ahead of our clock too. Then our clock is slow. */
bool viz_self_publish_others_are_ahead(const struct viz_trust *trust);

#endif
