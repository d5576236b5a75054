/* Who has left the closure. Each member has a level: somebody with whom it has mutual VOUCHes, and
 * whose level is lower, holds it; ours is 0. When a pair of VOUCHes ends, both who were joined by
 * it are doubted (viz_member_doubt). Who is held by another one stays, and nobody else is looked
 * at. Who is not falls, and with it those whom it alone has held. Of these, who has mutual VOUCHes
 * with somebody that has not fallen is held by that one from now on. The others have left.
 *
 * Source: S. Even, Y. Shiloach, An on-line edge-deletion problem, J. ACM 28, 1981. */
#ifndef VIZ_NODE_TRUST_CUT_H
#define VIZ_NODE_TRUST_CUT_H

#include "proto/base.h"

struct viz_member;
struct viz_trust;

/* Clears `in` of those who have left. *out: they, owned; *count: how many. The list of the doubted
 * stays. False: whose level is 0 is not ourselves, and has left; the closure is to be computed
 * anew, and nobody's `in` has changed. */
bool viz_cut_find(struct viz_trust *trust, struct viz_member ***out, size_t *count);

#endif
