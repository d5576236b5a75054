/* PROTESTs that are held: which ones may be, and an index of them by origin and day.
 * VIZ_TABLE_PROTEST: (origin, slot, author) -> [record id, id of the other half or nil]. A PROTEST
 * is charged to its author, up to VIZ_PROTEST_SHARE. PROTOCOL.md sections 7 and 9. */
#ifndef VIZ_NODE_GOSSIP_PROTEST_H
#define VIZ_NODE_GOSSIP_PROTEST_H

#include "node/trust/circle.h"
#include "proto/protest.h"
#include "store/store.h"

struct viz_core;
struct viz_net;
struct viz_trust;

/* Whether this PROTEST of a known author counts: the author is in the circle that it names, it does
 * not contradict the OFFER or NODE that it is about, and the author's share has room. Unknown: the
 * named PARTNERS is not held. */
enum viz_circle_answer viz_gossip_protest_takes(struct viz_trust *trust,
						const struct viz_record *rec);

/* Finds the OFFER that the protest names. `offer` is borrowed until the next write. False: it is
 * not held, or names no OFFER. */
bool viz_gossip_protest_offer(struct viz_core *core, struct viz_record *offer,
			      const struct viz_protest *p);

/* The handlers of the record type: it is held now; its place is dead, or is swept. */
void viz_gossip_protest_held(struct viz_net *net, const struct viz_record *rec);
void viz_gossip_protest_gone(struct viz_net *net, const struct viz_record *rec);

/* Walks over what is held about an origin, replies too, in the order of slots: from the begin of a
 * day on. Both halves of a dead place come. What `next` gives is borrowed until the next write. */
struct viz_gossip_protest_walk {
	struct viz_core *core;
	struct viz_walk rows;
	struct viz_id other; /* the half of the last place that comes next; zeros: none */
	struct viz_id author;
	uint64_t slot;
};

struct viz_gossip_protest_found {
	const uint8_t *bytes; /* signature || record */
	size_t len;
	struct viz_record rec;
	struct viz_protest body;
	struct viz_id id;
	bool dead; /* of a dead place: it counts for nothing */
};

void viz_gossip_protest_walk_init(struct viz_gossip_protest_walk *walk, struct viz_core *core,
				  const struct viz_id *origin, uint64_t day);
/* How many rows there are of this origin and UTC day: places with one PROTEST, or two. */
size_t viz_gossip_protest_count(struct viz_core *core, const struct viz_id *origin, uint64_t day);

/* Likewise of this day alone. */
void viz_gossip_protest_walk_day(struct viz_gossip_protest_walk *walk, struct viz_core *core,
				 const struct viz_id *origin, uint64_t day);
bool viz_gossip_protest_walk_next(struct viz_gossip_protest_walk *walk,
				  struct viz_gossip_protest_found *out);

#endif
