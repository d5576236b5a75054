/* Why somebody is in the closure: the ways of vouching that lead from us to it, and the single
 * points among them: members without whom it would be out. */
#ifndef VIZ_NODE_TRUST_WHY_H
#define VIZ_NODE_TRUST_WHY_H

#include "proto/base.h"

struct viz_member;
struct viz_trust;

#define VIZ_WHY_WAYS 4 /* are shown at most */

/* From us to it, both included. Each vouches for the next one, and that one for it. */
struct viz_why_way {
	struct viz_member **step;
	size_t count;
};

/* A single point, or the one asked for itself. */
struct viz_why_point {
	struct viz_member *member;
	size_t behind; /* how many members, itself not counted, would be out with it */
	bool by_one; /* one pair of VOUCHes alone leads to it from the point before (or from us) */
};

struct viz_why {
	struct viz_why_point *point; /* from us to it; the last one is itself */
	size_t point_count;
	struct viz_why_way way[VIZ_WHY_WAYS]; /* they share nothing but single points, and pairs of
						 VOUCHes that stand alone; the shortest first */
	size_t way_count;                     /* 0: it is not in the closure */
	bool more;                            /* perhaps there are more ways */
};

/* `m` is not this node. Costs some walks over all VOUCHes. The caller calls viz_why_free; the
 * members are borrowed from the directory. */
void viz_why_find(struct viz_why *out, struct viz_trust *trust, const struct viz_member *m);
void viz_why_free(struct viz_why *why);

#endif
