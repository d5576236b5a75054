/* Two partners of an origin that were not linked when it showed them different records find that
 * out: whose log has another value at a number than a HEAD shows asks for the stubs before that
 * number, and for the records that differ. Nobody is convicted but by these records. PROTOCOL.md
 * section 12.1. */
#ifndef VIZ_NODE_GOSSIP_FORK_H
#define VIZ_NODE_GOSSIP_FORK_H

#include "proto/base.h"

struct viz_id;
struct viz_link;
struct viz_message_head;
struct viz_message_log;
struct viz_net;
struct viz_trust;

/* Sends HEAD of each log of the origin that we hold a part of, but the one that goes on. */
void viz_gossip_fork_show(struct viz_trust *trust, struct viz_link *link,
			  const struct viz_id *origin);

/* A HEAD of a member of the origin's circle, of any log of the origin: begins the search. */
void viz_gossip_fork_head(struct viz_net *net, struct viz_link *link,
			  const struct viz_message_head *m);

/* A LOG that is no answer to link->log_asked: it may be the one to the search. */
void viz_gossip_fork_stubs(struct viz_net *net, struct viz_link *link,
			   const struct viz_message_log *m);

#endif
