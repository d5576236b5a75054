/* Repair: two members compare digests of what they hold, and fetch what differs. PROTOCOL.md
 * section 12. */
#ifndef VIZ_NODE_GOSSIP_REPAIR_H
#define VIZ_NODE_GOSSIP_REPAIR_H

#include "proto/base.h"

struct viz_link;
struct viz_net;
struct viz_reader;

/* The digest of all that is held, as computed last: it is the same at every instant from `from` to
 * before `until`, as long as nothing has changed. */
struct viz_repair {
	bool computed;
	uint64_t changes; /* how many there had been, of what is held and of who counts */
	struct viz_time from, until;
	uint64_t count;
	struct viz_id digest;
};

void viz_gossip_compare(struct viz_net *net, struct viz_link *link);

void viz_gossip_digest(struct viz_net *net, struct viz_link *link, struct viz_reader *r);

void viz_gossip_items(struct viz_net *net, struct viz_link *link, struct viz_reader *r);

void viz_gossip_more(struct viz_net *net, struct viz_link *link, struct viz_reader *r);

void viz_gossip_want(struct viz_net *net, struct viz_link *link, struct viz_reader *r);

#endif
