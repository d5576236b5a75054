/* A message from a link goes to its taker. */
#ifndef VIZ_NODE_LINK_MESSAGE_H
#define VIZ_NODE_LINK_MESSAGE_H

#include "proto/base.h"

struct viz_node;

void viz_link_message(struct viz_node *node, uint64_t number, const uint8_t *body, size_t len);

#endif
