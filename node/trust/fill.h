/* Who has room in a share, by what flows to it: as much as the share holds is poured out at
 * ourselves, and runs along the VOUCHes. Whoever it comes to keeps what its records weigh, and
 * passes on the rest in equal parts to those with whom it has mutual VOUCHes; to who is sponsored
 * and not in the closure, too, as much as that one lacks. So all behind k vouchers, however many
 * these are and however they vouch for each other, get together what flows through these k. Who
 * needs more is full later, and one that many ways lead to is full sooner.
 *
 * Source: L. Levine, Y. Peres, Strong spherical asymptotics for rotor-router aggregation and the
 * divisible sandpile, 2009. That little flows into a ring: Q. Cao and others, Aiding the detection
 * of fake accounts in large scale social online services (SybilRank), 2012. */
#ifndef VIZ_NODE_TRUST_FILL_H
#define VIZ_NODE_TRUST_FILL_H

#include "proto/base.h"

struct viz_trust;

#define VIZ_FILL_NONE UINT32_MAX

/* An author, by its position in the directory. */
struct viz_fill_point {
	uint32_t edge, edges; /* those to whom it passes on, and who pass on: in viz_fill.edge */
	uint32_t ends, stop;  /* likewise those who do not: from, to */
	uint32_t when;        /* when it was full; later than all such: how little of it was;
				 VIZ_FILL_NONE: nothing came to it */
	uint32_t above;       /* the first one, in the order, that leads to it; VIZ_FILL_NONE: us */
	uint64_t needs;       /* set by the caller */
	uint64_t has;         /* to keep; when it is full, to pass on */
	bool full;
};

struct viz_fill {
	struct viz_fill_point *p;
	uint32_t *edge;
	uint32_t *order; /* those who are reached: as they were full, then those who were nearer to
			    that, then by the ways. Each is behind the one above it */
	uint64_t *comes; /* scratch */
	uint32_t size, count, root;
};

/* Finds the VOUCHes. It holds for as long as the directory does not change; viz_member.at is the
 * position. `left_out`: also those that name somebody who is left out, and keeps what comes. */
void viz_fill_init(struct viz_fill *f, struct viz_trust *trust, bool left_out);
void viz_fill_free(struct viz_fill *f);

/* Pours out so much, and gives the order. It stops after some rounds, though not all may have come
 * to rest: what has not come to somebody by then came by few ways. */
void viz_fill_pour(struct viz_fill *f, uint64_t amount);

#endif
