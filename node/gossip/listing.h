/* The lists of a repair that we begin: our authors of some buckets. PROTOCOL.md section
 * 12.2. */
#ifndef VIZ_NODE_GOSSIP_LISTING_H
#define VIZ_NODE_GOSSIP_LISTING_H

#include "proto/base.h"
#include "proto/limits.h"

struct viz_link;
struct viz_message_buckets;
struct viz_net;

/* Sends BUCKETs for these buckets, up to the peer's budget. Gives how many. */
size_t viz_listing_send(struct viz_net *net, struct viz_link *link,
			const struct viz_message_buckets *theirs,
			const bool buckets[VIZ_TREE_BUCKETS]);

#endif
