/* The lists of a repair that we begin: our authors of the buckets that differ. PROTOCOL.md section
 * 12.2. */
#ifndef VIZ_NODE_GOSSIP_LISTING_H
#define VIZ_NODE_GOSSIP_LISTING_H

#include "proto/base.h"

struct viz_link;
struct viz_message_buckets;
struct viz_net;
struct viz_tree_hour;

/* Sends BUCKETs for what differs between the peer's buckets and ours, up to its budget. Gives how
 * many. */
size_t viz_listing_send(struct viz_net *net, struct viz_link *link,
			const struct viz_message_buckets *theirs, const struct viz_tree_hour *tree);

#endif
