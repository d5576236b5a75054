/* How PROTESTs are repaired: PROTESTS says which ones of a day are held. PROTOCOL.md section 12. */
#ifndef VIZ_NODE_GOSSIP_PROTESTS_H
#define VIZ_NODE_GOSSIP_PROTESTS_H

struct viz_link;
struct viz_net;
struct viz_reader;

/* Sends PROTESTS for each origin in whose circle we and the peer are: of today and the two days
 * before, and once on a link and day of each older day of which we hold any. */
void viz_gossip_protests_show(struct viz_net *net, struct viz_link *link);

/* Message PROTESTS: sends what the peer lacks, up to its budget, and asks for what we lack. */
void viz_gossip_protests_received(struct viz_net *net, struct viz_link *link, struct viz_reader *r);

#endif
