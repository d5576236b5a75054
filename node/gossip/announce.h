/* Announcements: what is new to us is named on all full links, at once on a link that was quiet,
 * else in batches. Who lacks it asks for it (fetch.h). PROTOCOL.md section 12.2.
 *
 * There are queues for all links: rings of the newest things, and each link knows up to where it
 * was told. The first one is for our own records and those of partners. It goes first, and has
 * pauses of its own. The last one is for what is over the part of its voucher (trust/part.h): it
 * leaves half of the budget of a link to the others. What a link was not told before it leaves its
 * ring comes by repair. */
#ifndef VIZ_NODE_GOSSIP_ANNOUNCE_H
#define VIZ_NODE_GOSSIP_ANNOUNCE_H

#include "proto/limits.h"
#include "proto/message.h"

struct viz_id;
struct viz_net;
struct viz_record;

struct viz_announce_entry {
	struct viz_announced what;
	uint64_t from; /* the link that brought it; 0: none */
};

struct viz_announce {
	struct viz_announce_entry near[VIZ_ANNOUNCE_NEAR];
	struct viz_announce_entry others[VIZ_ANNOUNCE_QUEUES - 1][VIZ_ANNOUNCE_RING];
	uint64_t count[VIZ_ANNOUNCE_QUEUES]; /* noted; number n stands at n modulo the ring */
};

/* A federation record is held now, and its place has this item. It came by the link `from`, 0: by
 * none. */
void viz_announce_note(struct viz_net *net, const struct viz_record *rec, const struct viz_id *item,
		       uint64_t from);

/* Announces what is due. Once a batch. */
void viz_announce_step(struct viz_net *net);

/* When viz_announce_step has something to do; INT64_MAX: nothing. */
struct viz_time viz_announce_deadline(const struct viz_net *net);

#endif
