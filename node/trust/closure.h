/* Membership: the closure of mutual VOUCHes, starting at this node. What is added to it is found
 * from the author that has changed, what leaves it from those who were joined by a pair of VOUCHes
 * that has ended (trust/cut.h), at most once a batch, and twice a second unless a member is
 * revoked. While somebody is pruned it is computed anew instead.
 *
 * Who is pruned (trust/prune.h) stays in the closure, with all who hang on it, and is no member. So
 * the closure is the same at all nodes, and we know who belongs to the branch, also who comes into
 * it later. */
#ifndef VIZ_NODE_TRUST_CLOSURE_H
#define VIZ_NODE_TRUST_CLOSURE_H

#include "proto/base.h"

struct viz_member;
struct viz_trust;

/* Adds to the closure what the changed members (viz_member_changed) bring into it. */
void viz_closure_extend(struct viz_trust *trust);

/* Likewise, and finds who has left it, and whose grace period is over. */
void viz_closure_refresh(struct viz_trust *trust);

/* When viz_closure_refresh has something to do; 0: nothing. */
struct viz_time viz_closure_deadline(const struct viz_trust *trust);

/* How many members would leave the closure if `m` left it. */
size_t viz_closure_only_through(struct viz_trust *trust, const struct viz_member *m);

/* Whether `m` is a member by our vouch alone: no other member that is in without `m` vouches for
 * it. `lost` gets how many would leave the closure with it. */
bool viz_closure_only_by_us(struct viz_trust *trust, const struct viz_member *m, size_t *lost);

/* Who would be pruned with `m`, and is not pruned yet: all ways to it lead through `m`, or through
 * others that are pruned. `m` itself is not among them. `out` has room for all in the directory. */
size_t viz_closure_pruned_with(struct viz_trust *trust, struct viz_member **out,
			       const struct viz_member *m);

/* Whether nothing is known of `m` but its id. Such entries are removed. */
bool viz_closure_useless(const struct viz_trust *trust, const struct viz_member *m);

/* Removes the useless entries that have no viz_remote. Call viz_mail_drop_orphans before it, which
 * removes their mail and their viz_remote. */
void viz_closure_drop_useless(struct viz_trust *trust);

#endif
