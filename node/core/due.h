/* Durable timers: VIZ_TABLE_DUE, key u64be ms || u8 kind || id || u64be slot, empty value.
 *
 * A timer carries no decision. Its handler reads the row that it refers to and decides anew, so a
 * timer that is out of date does no harm and nobody needs to cancel one. */
#ifndef VIZ_NODE_CORE_DUE_H
#define VIZ_NODE_CORE_DUE_H

#include "proto/base.h"

struct viz_core;

enum viz_due_kind {
	VIZ_DUE_LEAD = 1,     /* of one of our leads; origin is our own id */
	VIZ_DUE_INBOX = 2,    /* of an offer of a partner */
	VIZ_DUE_NODE = 3,     /* of our NODE: an entry of PARTNERS becomes effective or ends */
	VIZ_DUE_VIEW = 4,     /* the lists of an offer of a partner are to be judged */
	VIZ_DUE_DRAW = 5,     /* a draw is too old for an offer; slot is its number */
	VIZ_DUE_PROTEST = 6,  /* PROTESTs about us are to be answered; origin is our own id */
	VIZ_DUE_CUSTOMER = 7, /* a customer's link ends; origin is the hash of its token */
};
#define VIZ_DUE_KIND_MAX VIZ_DUE_CUSTOMER

/* What a timer refers to. */
struct viz_due {
	enum viz_due_kind kind;
	struct viz_id origin; /* author of the offer */
	uint64_t slot;        /* slot of the offer */
};

/* Sets a timer. Setting the same one twice leaves one. */
void viz_due_set(struct viz_core *core, struct viz_time at, enum viz_due_kind kind,
		 const struct viz_id *origin, uint64_t slot);

/* The instant of the earliest timer; INT64_MAX when there is none. */
struct viz_time viz_due_next(struct viz_core *core);

/* Removes the earliest timer that is due at `now` of the batch, and returns it in `out`. False: no
 * timer is due. */
bool viz_due_take(struct viz_core *core, struct viz_due *out);

#endif
