/* Repair: two members compare digests of what they hold, and fetch what differs. PROTOCOL.md
 * section 12. */
#ifndef VIZ_NODE_GOSSIP_REPAIR_H
#define VIZ_NODE_GOSSIP_REPAIR_H

#include "proto/base.h"

struct viz_link;
struct viz_node;
struct viz_reader;

/* The digest of all that is held, as computed last: it is the same at every instant from `from` to
 * before `until`, as long as nothing has changed. */
struct viz_repair {
	uint64_t changes;  /* of what is held, and of who counts */
	uint64_t computed; /* `changes` when the digest was computed; 0: never */
	struct viz_time from, until;
	uint64_t count;
	struct viz_id digest;
};

/* Gossip and repair (gossip.c). */
/* To be called whenever a record comes or goes, or the directory changes. */
void viz_gossip_changed(struct viz_node *node);

void viz_gossip_compare(struct viz_node *node, struct viz_link *link);

void viz_gossip_digest(struct viz_node *node, struct viz_link *link, struct viz_reader *r);

void viz_gossip_items(struct viz_node *node, struct viz_link *link, struct viz_reader *r);

void viz_gossip_more(struct viz_node *node, struct viz_link *link, struct viz_reader *r);

void viz_gossip_want(struct viz_node *node, struct viz_link *link, struct viz_reader *r);

#endif
