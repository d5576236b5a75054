/* How the logs of origins spread: HEAD says how far a node knows one, LOG_ASK and LOG bring stubs,
 * LOG_WANT the records. PROTOCOL.md section 12. */
#ifndef VIZ_NODE_GOSSIP_LOG_H
#define VIZ_NODE_GOSSIP_LOG_H

#include "proto/base.h"

struct viz_id;
struct viz_link;
struct viz_net;
struct viz_reader;
struct viz_record;
struct viz_trust;

/* Sends HEAD of each log in whose circle, by its origin's newest NODE, we and the peer are. */
/* Tells the peer of a full link how far we know the logs in whose circle, by their origins' newest
 * NODEs, we and the peer are; its own log too. Asks for offers of origins that we have left. */
void viz_gossip_log_show(struct viz_net *net, struct viz_link *link);

/* A NODE has come: of ours, opens it to our circle. Of a peer, takes the HEAD that waited for it.
 */
void viz_gossip_log_node(struct viz_net *net, const struct viz_record *rec,
			 const struct viz_id *id);

/* An OFFER, CLOSE, RESULT or CHOICE is held now, or makes its place dead: its stub is kept. */
void viz_gossip_log_held(struct viz_net *net, const struct viz_record *rec);

/* Message HEAD: closes the link when it opens to another head than its NODE says. Asks for what we
 * lack. */
void viz_gossip_log_head(struct viz_net *net, struct viz_link *link, struct viz_reader *r);

/* Asks again, on each link with the origin and its circle: for the stubs that we lack, and for the
 * records of these numbers of the log that is known. */
void viz_gossip_log_again(struct viz_net *net, const struct viz_id *origin, const uint32_t *number,
			  size_t count);

/* Message LOG_ASK: answers with LOG. */
void viz_gossip_log_asked(struct viz_net *net, struct viz_link *link, struct viz_reader *r);

/* Message LOG: the answer to our LOG_ASK; others are ignored. Asks for the records, and for more.
 */
void viz_gossip_log_stubs(struct viz_net *net, struct viz_link *link, struct viz_reader *r);

/* Message LOG_WANT: sends the records, up to the peer's budget. */
void viz_gossip_log_wanted(struct viz_net *net, struct viz_link *link, struct viz_reader *r);

#endif
