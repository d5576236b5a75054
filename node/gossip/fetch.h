/* Fetch: what others announce and we lack, we ask one announcer for, and the next one when that one
 * delivers nothing. PROTOCOL.md section 12.2.
 *
 * Two lists. This one has what we lack, each with its announcers. Each link has what it owes
 * (link/link.h): asked for, not come, and not charged for yet. Both are bounded for each link, so
 * who announces what is not there holds up itself alone. */
#ifndef VIZ_NODE_GOSSIP_FETCH_H
#define VIZ_NODE_GOSSIP_FETCH_H

#include "proto/limits.h"
#include "proto/message.h"

struct viz_id;
struct viz_link;
struct viz_net;
struct viz_reader;
struct viz_record;

/* Something that was announced and that we lack. */
struct viz_fetch_item {
	struct viz_announced what;
	struct viz_time noted, asked_at;
	uint64_t from[VIZ_FETCH_FROM]; /* the links that have announced it, in this order */
	size_t from_count;
	unsigned asked;       /* bit i: from[i] was asked */
	uint64_t link;        /* from which it is to come; 0: from none */
	uint64_t number;      /* of the question, on that link */
	struct viz_time came; /* it has come by `link`, and is being checked; 0: not yet */
	bool near;            /* of our own, or of a partner */
	bool done;            /* held, or not to be had */
};

struct viz_fetch {
	struct viz_fetch_item *list; /* in the order in which they were noted; owned */
	size_t count, capacity;
	uint32_t *table; /* by a keyed hash of `what`: positions plus 1; 0: free; owned */
	size_t table_size;
	uint64_t key;                      /* of that hash */
	struct viz_time next;              /* when a step has something to do */
	bool changed;                      /* at once, */
	struct viz_time pause;             /* but not before this */
	uint64_t links;                    /* net->links.changes at the last step */
	uint64_t asked, unserved, dropped; /* since the start */
};

/* Message ANNOUNCE. */
void viz_fetch_announced(struct viz_net *net, struct viz_link *link, struct viz_reader *r);

/* A RECORD of a federation record has come on a full link. `taken`: it is new, and its signature is
 * to be checked. */
void viz_fetch_record(struct viz_net *net, struct viz_link *link, const struct viz_record *rec,
		      bool taken);

/* The place of this record has this item now. */
void viz_fetch_held(struct viz_net *net, const struct viz_record *rec, const struct viz_id *item);

/* Asks for what is lacking, and charges for what was not served. Once a batch. */
void viz_fetch_step(struct viz_net *net);

/* When viz_fetch_step has something to do; INT64_MAX: nothing. */
struct viz_time viz_fetch_deadline(const struct viz_net *net);

void viz_fetch_free(struct viz_net *net);

#endif
