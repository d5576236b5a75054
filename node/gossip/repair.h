/* Repair: two members compare digests of the records that they hold, then the lists, and fetch what
 * differs. PROTOCOL.md section 12. */
#ifndef VIZ_NODE_GOSSIP_REPAIR_H
#define VIZ_NODE_GOSSIP_REPAIR_H

#include "proto/base.h"

struct viz_link;
struct viz_net;
struct viz_reader;

/* The digest of all shared records (viz_live_compared), as it was computed last. It is valid for
 * every instant from `from` to before `until`, as long as `changes` is the same. */
struct viz_repair {
	bool computed;
	uint64_t changes; /* core.changes + directory.changes */
	struct viz_time from, until;
	uint64_t count; /* of records */
	struct viz_id digest;
};

/* Starts a comparison: sends our DIGEST, and sets when to compare next. */
void viz_repair_compare(struct viz_net *net, struct viz_link *link);

/* Message DIGEST: answers with the first ITEMS if our digest differs. */
void viz_repair_digest(struct viz_net *net, struct viz_link *link, struct viz_reader *r);

/* Message MORE: answers with the next ITEMS. */
void viz_repair_more(struct viz_net *net, struct viz_link *link, struct viz_reader *r);

/* Message ITEMS: sends the records that the peer lacks, and WANT for those that we lack. Then asks
 * for the next chunk by MORE. */
void viz_repair_items(struct viz_net *net, struct viz_link *link, struct viz_reader *r);

/* Message WANT: sends the records that the peer asks for, up to its budget. */
void viz_repair_want(struct viz_net *net, struct viz_link *link, struct viz_reader *r);

#endif
