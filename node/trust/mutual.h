/* Which VOUCHes stand, and whom they join. */
#ifndef VIZ_NODE_TRUST_MUTUAL_H
#define VIZ_NODE_TRUST_MUTUAL_H

#include "proto/base.h"

struct viz_member;
struct viz_vouch_row;

/* Whether this VOUCH of `m` is not withdrawn, and its key has not ended. */
bool viz_mutual_stands(const struct viz_member *m, const struct viz_vouch_row *row);

/* The member that this VOUCH of `a` stands for, and that vouches for `a` in its turn. NULL: there
 * is none. */
struct viz_member *viz_mutual_member(const struct viz_member *a, const struct viz_vouch_row *row);

#endif
