/* What is shared out by the VOUCHes. A node has so much of each kind for all authors with whom its
 * operator does not deal. What comes from an author counts for it and for those by whom it came
 * into the closure, one after the other. Of what a voucher may have, itself and each of those that
 * came in by it have equal parts, or as much as nobody uses, whichever is more. So all puppets
 * behind one voucher have together what that one has, however many they are; one that needs little
 * is not held up by others that take much. Who was held up by one voucher is let through by another
 * one.
 *
 * What nobody uses is no more than what everybody has of it. Source: A. Choudhury, E. Hahne,
 * Dynamic queue length thresholds for shared-memory packet switches, 1998 (alpha 1). */
#ifndef VIZ_NODE_TRUST_PART_H
#define VIZ_NODE_TRUST_PART_H

#include "proto/base.h"

struct viz_member;
struct viz_trust;

#define VIZ_PART_DEPTH 16 /* who is further away counts as one of those at this distance */

enum viz_part_kind {
	VIZ_PART_RENEWALS, /* records that replace others, and whose signatures are checked */
	VIZ_PART_NEWS,     /* records that are new to us, and announced to others */
	VIZ_PART_KINDS,
};

/* How many there were of late: each VIZ_PART_HALF_MS half of them is forgotten. */
struct viz_part {
	uint64_t half; /* number of such a time, since 1970 */
	uint32_t count;
};

/* Whether there is room for one of this author. Takes nothing. */
bool viz_part_may(struct viz_trust *trust, enum viz_part_kind kind, struct viz_member *m);

/* Takes it. False, and nothing is taken: there is none. */
bool viz_part_take(struct viz_trust *trust, enum viz_part_kind kind, struct viz_member *m);

/* Gives one back that was taken for something that the author has not signed. */
void viz_part_give_back(struct viz_trust *trust, enum viz_part_kind kind, struct viz_member *m);

/* `m` has come into the closure by `by`, or is held by it from now on (trust/cut.h). */
void viz_part_enter(struct viz_member *m, struct viz_member *by);

/* `m` has left the closure. Those whom it has held enter by others, or leave too. */
void viz_part_leave(struct viz_member *m);

/* Nobody is in the closure yet. */
void viz_part_begin(struct viz_trust *trust);

#endif
