/* What counts at a given instant: live records, live members, mutual partners. */
#ifndef VIZ_NODE_TRUST_LIVE_H
#define VIZ_NODE_TRUST_LIVE_H

#include "proto/base.h"

struct viz_core;
struct viz_held;
struct viz_member;
struct viz_record;
struct viz_trust;

/* Whether the member's last NODE, signed with its current key, is younger than silence_ms at `at`.
 */
bool viz_live_member(struct viz_core *core, const struct viz_member *m, struct viz_time at);

/* Whether this node and `m` are live and list each other in PARTNERS, in effect at `at`. Does not
 * look at whether they are members. */
bool viz_live_mutual(struct viz_trust *trust, const struct viz_member *m, struct viz_time at);

/* Whether `id` is a member and a mutual partner of this node now. */
bool viz_live_partner(struct viz_trust *trust, const struct viz_id *id);

/* Whether a held record counts at `at`. It must be neither dead nor expired, its author must count
 * (viz_member_accepted), and its key must not have ended unless the type outlasts its key. For some
 * types its author must also be live. */
bool viz_live_record(struct viz_trust *trust, const struct viz_held *held,
		     const struct viz_record *rec, struct viz_time at);

/* Looks up the record at a place. `rec` borrows from the store until the next write. False: none is
 * held, or it is not live now. */
bool viz_live_get(struct viz_trust *trust, struct viz_record *rec, const struct viz_id *author,
		  uint8_t type, uint64_t slot);

#endif
