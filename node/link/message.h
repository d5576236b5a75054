/* A message from a link goes to its taker. */
#ifndef VIZ_NODE_LINK_MESSAGE_H
#define VIZ_NODE_LINK_MESSAGE_H

#include "proto/base.h"

struct viz_link;
struct viz_net;
struct viz_reader;

/* A row of the table: who takes a message. */
struct viz_message_handler {
	/* Fails the reader for bytes that no honest peer sends: the link is closed for it. */
	void (*take)(struct viz_net *net, struct viz_link *link, struct viz_reader *r);
	bool guest; /* one who is no member yet may send it */
};

void viz_link_message(struct viz_net *net, uint64_t number, const uint8_t *body, size_t len);

#endif
