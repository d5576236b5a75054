/* Whose federation records we leave out, as all of them have a share of the store (trust/share.h).
 * When it is full, those are left out who weigh more than what flows to them by the vouching
 * (trust/heavy.h), and never ourselves or somebody with whom our operator deals. Their records are
 * dropped in steps (gossip/leave.c), and refused. Repair marks who is left out (trust/tree.h). They
 * come back when there is room, in the order in which the vouching gives it to them. PROTOCOL.md
 * section 14.
 *
 * What an author weighs stands in its row (core/weight.h), and so does that it is left out. */
#ifndef VIZ_NODE_TRUST_LEAVE_H
#define VIZ_NODE_TRUST_LEAVE_H

#include "proto/base.h"

struct viz_member;
struct viz_trust;

struct viz_leave {
	uint64_t total;           /* what all count for that are not left out (trust/heavy.h) */
	size_t weighing;          /* how many these are */
	struct viz_member **left; /* those that are; not sorted; owned, its members are not */
	size_t left_count, left_capacity;
	struct viz_member **leaving; /* those of whom records are to be dropped; likewise */
	size_t leaving_count, leaving_capacity;
	uint64_t looked_total;              /* at the last look for whom to leave out */
	struct viz_time look_at, return_at; /* the next look; when some may come back */
};

/* Reads what all weigh. After the records are loaded, and the operator's peers. */
void viz_leave_load(struct viz_trust *trust);
void viz_leave_free(struct viz_trust *trust);

/* The closure was computed anew: who does not count any more has its records dropped. */
void viz_leave_refresh(struct viz_trust *trust);

/* Weighs whose records have come or gone, leaves out whom there is no room for, and takes back whom
 * there is room for. Once a batch, before viz_tree_step, which forgets whose records have. */
void viz_leave_step(struct viz_trust *trust);

/* The next one of whom records are to be dropped; NULL: none. */
struct viz_member *viz_leave_next(struct viz_trust *trust);

/* All are dropped that are to be dropped of that one. */
void viz_leave_done(struct viz_trust *trust, struct viz_member *m);

/* When the next step is that drops records; INT64_MAX: nothing is to be dropped. */
struct viz_time viz_leave_deadline(const struct viz_trust *trust);

#endif
