/* Creation of a new node. */
#ifndef VIZ_NODE_INIT_H
#define VIZ_NODE_INIT_H

#include "proto/base.h"

struct viz_federation;
struct viz_store;

/* What the operator must keep offline. */
struct viz_offline {
	struct viz_secret next_seed; /* of the next key */
	uint32_t next_number;        /* its number: 1 */
	uint8_t revocation[512];     /* of the first key, pre-signed: signature || record */
	size_t revocation_len;
};

/* Writes federation, keys and schema rows into an empty store, in a transaction of its own. All
 * keys come from `entropy`, 32 fresh random bytes. The caller wipes `offline`. VIZ_ERR_EXISTS: the
 * store has an identity. VIZ_ERR_STORE. */
int viz_node_init(struct viz_store *store, struct viz_offline *offline,
		  const struct viz_federation *federation, const struct viz_secret *entropy,
		  struct viz_time now);

#endif
