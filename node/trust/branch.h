/* Branches of vouching. The branch of an author are those who would leave the closure with it: to
 * whom no other way leads from us. The authors in whose branches somebody is are the single points
 * of the ways to it. */
#ifndef VIZ_NODE_TRUST_BRANCH_H
#define VIZ_NODE_TRUST_BRANCH_H

#include "proto/base.h"

struct viz_member;
struct viz_trust;

#define VIZ_BRANCH_NONE UINT32_MAX

/* An author, by its position in the directory. */
struct viz_branch_point {
	uint32_t edge, edges; /* its part of viz_branch.edge */
	uint32_t seen, low;   /* order of the search, from 1; 0: not reached. The lowest that it or
				 who was found through it vouches for, but for the one before it */
	uint32_t from, next;  /* through whom it was found; the next edge to look at */
	uint32_t above;       /* in whose branch it is, directly; VIZ_BRANCH_NONE: nobody's */
};

struct viz_branch {
	struct viz_branch_point *p;
	uint32_t *edge;  /* mutual VOUCHes in the closure, each once */
	uint32_t *order; /* those who are reached, as they were found */
	uint32_t *stack; /* scratch, with room for all */
	uint32_t count, root;
};

/* Finds the branches of all in the closure, by one search in depth over all VOUCHes. It holds for
 * as long as the directory does not change; viz_member.at is the position. */
void viz_branch_init(struct viz_branch *b, struct viz_trust *trust);
void viz_branch_free(struct viz_branch *b);

/* Whether `x` is held by the one that it is in the branch of by a pair of VOUCHes alone: when one
 * of these is withdrawn, it is out. */
bool viz_branch_by_one(const struct viz_branch *b, uint32_t x);

/* Whether `m` is in the closure, and stays there: who is left out (trust/leave.h) leaves it as soon
 * as its VOUCHes are dropped, and joins nobody. NULL: no. */
bool viz_branch_holds(const struct viz_member *m);

/* Whether `a` vouches for `b` by a VOUCH that counts. */
bool viz_branch_vouches(const struct viz_member *a, const struct viz_member *b);

#endif
