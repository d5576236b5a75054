/* What differs, as the BUCKETS that has answered our TREE shows: the places, by the sketches of
 * both, or else the buckets whose authors have to be listed. PROTOCOL.md section 12.2. */
#ifndef VIZ_NODE_GOSSIP_DIFFER_H
#define VIZ_NODE_GOSSIP_DIFFER_H

#include "proto/base.h"
#include "proto/limits.h"

struct viz_item;
struct viz_link;
struct viz_message_buckets;
struct viz_net;
struct viz_tree_hour;

struct viz_differ {
	uint16_t more;                /* the sketch is too small, and one of so many cells is not */
	bool list[VIZ_TREE_BUCKETS];  /* we list our authors of these buckets */
	size_t lists;                 /* how many these are */
	struct viz_item *want, *push; /* places to ask for, and what the peer lacks; owned */
	size_t want_count, push_count; /* each has room for `capacity` */
	size_t capacity;
};

void viz_differ_find(struct viz_differ *out, struct viz_net *net, struct viz_link *link,
		     const struct viz_message_buckets *theirs, const struct viz_tree_hour *tree);

#endif
