/* Signs a record of our own and takes it in like any other. */
#ifndef VIZ_NODE_SELF_PUBLISH_H
#define VIZ_NODE_SELF_PUBLISH_H

#include "proto/writer.h"

struct viz_core;
struct viz_id;
struct viz_net;
struct viz_record;
struct viz_trust;

/* Signs and takes in a record of our own: stores it, applies it, floods it. `body` is one msgpack
 * array. For write-once types `slot` is the place; for others seq is chosen (max(last + 1, now)).
 * *id gets the record id (may be NULL). VIZ_ERR_STATE when the key is revoked, VIZ_ERR_LIMIT when
 * the record is too large. */
int viz_self_publish(struct viz_net *net, struct viz_id *id, uint8_t type, uint64_t slot,
		     const uint8_t *body, size_t body_len);

/* The same, with a body that stands in a writer and fits its buffer. */
static inline int viz_self_publish_body(struct viz_net *net, struct viz_id *id, uint8_t type,
					uint64_t slot, const struct viz_writer *body)
{
	struct viz_slice b = viz_writer_done(body);

	return viz_self_publish(net, id, type, slot, b.p, b.len);
}

/* How far the newest of our own NODE is ahead of the clock, when that is more than skew_ms (others
 * would not take what is signed now, or take it late); else 0. */
int64_t viz_self_ahead_ms(struct viz_trust *trust);

/* Whether an offer or a pledge may be begun: our key is not revoked, and others take what we sign.
 */
bool viz_self_may_begin(struct viz_trust *trust);

/* The next free write-once slot of `type` today. VIZ_ERR_LIMIT when the day is full, VIZ_ERR_STATE
 * when the clock is slow: our own NODE is ahead of it by more than a heartbeat. */
int viz_self_next_slot(struct viz_trust *trust, uint64_t *slot, uint8_t type);

bool viz_self_is_ahead(const struct viz_core *core, const struct viz_record *rec);

bool viz_self_others_are_ahead(const struct viz_trust *trust);

#endif
