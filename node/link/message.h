/* Messages from a link: which handler takes which kind. */
#ifndef VIZ_NODE_LINK_MESSAGE_H
#define VIZ_NODE_LINK_MESSAGE_H

#include "proto/base.h"

struct viz_link;
struct viz_net;
struct viz_reader;

/* A row of the table of message kinds. */
struct viz_message_handler {
	/* Reads the message from its start, kind included, and acts on it. Fails the reader for
	 * bytes that no honest peer sends. Then the link is closed. */
	void (*take)(struct viz_net *net, struct viz_link *link, struct viz_reader *r);
	bool guest; /* a guest may send it */
};

/* Event MESSAGE: passes the message in `body` to the handler of its kind. Closes the link when the
 * message is malformed, or when it is the first one on a link that we dialled and does not prove
 * the peer. */
void viz_link_message(struct viz_net *net, uint64_t number, const uint8_t *body, size_t len);

#endif
