/* What counts at an instant: live records, members that are alive, partners in effect. */
#ifndef VIZ_NODE_TRUST_LIVE_H
#define VIZ_NODE_TRUST_LIVE_H

#include "proto/base.h"

struct viz_core;
struct viz_held;
struct viz_member;
struct viz_record;
struct viz_trust;

bool viz_live_member(struct viz_core *core, const struct viz_member *m, struct viz_time at);

/* Whether both list each other, effective at `at`, and both are members or were (their records
 * count). */
bool viz_live_mutual(struct viz_core *core, const struct viz_member *a, const struct viz_member *b,
		     struct viz_time at);

/* Shorthand: of this node, now. */
bool viz_live_partner(struct viz_trust *trust, const struct viz_id *id);

/* Whether a held record counts at `at`: not dead, not expired, its author's heartbeat not silent
 * (where the type needs it), signed with a key that has not ended (replaceable types). */
bool viz_live_record(struct viz_trust *trust, const struct viz_held *held,
		     const struct viz_record *rec, struct viz_time at);

/* Whether the place belongs to the set that repair compares at `at`: live, dead, or the NODE by
 * which an author's other records are verified. PROTOCOL.md section 12. */
bool viz_live_shared(struct viz_trust *trust, const struct viz_held *held,
		     const struct viz_record *rec, struct viz_time at);

/* A live record of ours or of others, by place, parsed; false when absent or not live now. */
bool viz_live_get(struct viz_trust *trust, struct viz_record *rec, const struct viz_id *author,
		  uint8_t type, uint64_t slot);

#endif
