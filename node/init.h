/* A new identity in an empty store. */
#ifndef VIZ_NODE_INIT_H
#define VIZ_NODE_INIT_H

#include "proto/base.h"

struct viz_federation;
struct viz_offline;
struct viz_store;

int viz_node_init(struct viz_store *store, struct viz_offline *offline,
		  const struct viz_federation *federation, const struct viz_secret *entropy,
		  struct viz_time now);

#endif
