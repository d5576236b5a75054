/* Who has left the closure. When a pair of VOUCHes ends, both who were joined by it are doubted
 * (viz_member_doubt). From each of them a search goes out along the VOUCHes, and one from
 * ourselves, in turns, until they meet: mostly after a few hundred steps, however many members
 * there are. One that ends before it meets the other has found all who are out with it. No author
 * is looked at more than a few times, however many are doubted.
 *
 * Source: S. Even, Y. Shiloach, An on-line edge-deletion problem, J. ACM 28, 1981 (both sides are
 * searched in turns, so that the smaller one decides what it costs). */
#ifndef VIZ_NODE_TRUST_CUT_H
#define VIZ_NODE_TRUST_CUT_H

#include "proto/base.h"

struct viz_member;
struct viz_trust;

/* Clears `in` of those who have left, as far as they hang on somebody who is doubted, and returns
 * how many. *out: they, owned. The list of the doubted stays. */
size_t viz_cut_find(struct viz_trust *trust, struct viz_member ***out);

#endif
