/* Membership: the closure of mutual VOUCHes, starting at this node. */
#ifndef VIZ_NODE_TRUST_CLOSURE_H
#define VIZ_NODE_TRUST_CLOSURE_H

#include "proto/base.h"

struct viz_id;
struct viz_member;
struct viz_trust;

/* Whether `a` has a VOUCH for `b` that is not withdrawn and whose key has not ended. */
bool viz_closure_vouches(const struct viz_member *a, const struct viz_id *b);

/* Computes the closure if directory.dirty is set or a grace period is over. Returns whether a
 * member was added or removed. Then the caller calls it again, because a new member may sponsor
 * others. */
bool viz_closure_refresh(struct viz_trust *trust);

/* How many members would leave the closure if `m` left it. */
size_t viz_closure_only_through(struct viz_trust *trust, const struct viz_member *m);

/* Whether nothing is known of `m` but its id. Such entries are removed. Otherwise a member could
 * fill our memory by sponsoring one id after the other. */
bool viz_closure_useless(const struct viz_trust *trust, const struct viz_member *m);

/* Removes the useless entries that have no viz_remote. Call viz_mail_drop_orphans before it, which
 * removes their mail and their viz_remote. */
void viz_closure_drop_useless(struct viz_trust *trust);

#endif
