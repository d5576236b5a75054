/* Message LAST: each side of a link that has become full shows the other the newest record or
 * statement that the other signed itself. So a node whose store was rolled back learns of it.
 * PROTOCOL.md sections 9 and 11. */
#ifndef VIZ_NODE_SELF_LAST_H
#define VIZ_NODE_SELF_LAST_H

struct viz_link;
struct viz_net;
struct viz_reader;

/* Sends what we hold of the peer's, or nil. */
void viz_last_send(struct viz_net *net, struct viz_link *link);

/* Message LAST. The first one of a link counts. */
void viz_last_received(struct viz_net *net, struct viz_link *link, struct viz_reader *r);

#endif
