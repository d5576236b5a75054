/* The side of repair that answers: TREE by BUCKETS, BUCKET by AUTHOR. It keeps nothing between two
 * messages. Also the forms in which both sides write authors and items.
 * PROTOCOL.md section 12.2. */
#ifndef VIZ_NODE_GOSSIP_COMPARE_H
#define VIZ_NODE_GOSSIP_COMPARE_H

#include "proto/base.h"
#include "proto/limits.h"

struct viz_id;
struct viz_items_place;
struct viz_link;
struct viz_net;
struct viz_reader;

/* What we charge the peer for what it makes us look up, in bytes of its budget of repair. */
#define VIZ_COMPARE_AUTHOR_COST 64
#define VIZ_COMPARE_ITEM_COST   16

/* An entry of a list of BUCKET: the tail, a piece of each hash. */
void viz_compare_entry(uint8_t out[VIZ_TREE_ENTRY], const struct viz_id *author,
		       const struct viz_id sets[2], uint8_t cut);

/* An item of AUTHOR: type, slot, age, a piece of the item. */
void viz_compare_item(uint8_t out[VIZ_TREE_ITEM], const struct viz_items_place *place, uint8_t cut);

/* Message TREE: answers with BUCKETS, if our root is another one. */
void viz_compare_tree(struct viz_net *net, struct viz_link *link, struct viz_reader *r);

/* Message BUCKET: answers with AUTHOR for each author that differs, up to the peer's budget. */
void viz_compare_bucket(struct viz_net *net, struct viz_link *link, struct viz_reader *r);

#endif
