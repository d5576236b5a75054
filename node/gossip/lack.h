/* The authors that we lack, as a repair that we have begun has found: whom to ask for, in an order
 * in which we can take them. An author can be asked for when a VOUCH has made it known: first for
 * NODE, keys and VOUCHes, and when these have made it a member, for the rest. So a newcomer goes
 * from those whom it knows to those for whom they vouch. */
#ifndef VIZ_NODE_GOSSIP_LACK_H
#define VIZ_NODE_GOSSIP_LACK_H

#include "crypto/id.h"
#include "proto/base.h"
#include "proto/message.h"

struct viz_core;
struct viz_trust;

#define VIZ_LACK_OPEN 64 /* that were asked for and are yet to come */

struct viz_lacking; /* one of them; opaque */

struct viz_lack {
	struct viz_lacking *list; /* by id, once sorted; owned */
	size_t count, capacity, next;
	bool moved;          /* something was asked for since the list began anew */
	struct viz_id *look; /* of whom something has come; owned */
	size_t look_count, look_capacity, look_next;
	struct viz_id open[VIZ_LACK_OPEN]; /* asked for, in this order */
	size_t open_count;
};

/* One more, up to VIZ_REPAIR_LIST_MAX: the next repair has those beyond. */
void viz_lack_add(struct viz_lack *l, const struct viz_id *author);

/* Once all are added, and before any other function but the one above. */
void viz_lack_sort(struct viz_lack *l);

/* Something has come that says something about this author: it is looked at first. */
void viz_lack_look(struct viz_lack *l, const struct viz_id *author);

/* Whether this author was asked for, and is yet to come. Answers come in the order of the
 * questions: those before it come no more. */
bool viz_lack_came(struct viz_lack *l, const struct viz_id *author);

/* Chooses whom to ask for next, and notes that it was done. `moved`: when something has come last.
 * Forgets all that are left when nobody whom we know vouches for them. */
size_t viz_lack_choose(struct viz_trust *trust, struct viz_lack *l,
		       struct viz_item out[VIZ_LACK_OPEN], struct viz_time moved);

/* Another repair has asked for this: we wait for what comes of it. */
void viz_lack_asked(const struct viz_core *core, struct viz_lack *l, const struct viz_item *item);

/* Likewise for all that the other one has asked for and that is yet to come. */
void viz_lack_leave(const struct viz_core *core, struct viz_lack *l, const struct viz_lack *other);

void viz_lack_free(struct viz_lack *l);

#endif
