/* Creation of a new node. */
#ifndef VIZ_NODE_INIT_H
#define VIZ_NODE_INIT_H

#include "proto/base.h"

struct viz_federation;
struct viz_store;

/* What the operator must keep offline. */
struct viz_offline {
	struct viz_secret next_seed; /* the seed of key 1 */
	uint32_t next_number;        /* its number: 1 */
	uint8_t revocation[512];     /* the pre-signed REVOCATION of key 0: signature || record */
	size_t revocation_len;
};

/* Creates an identity and writes the rows "federation" and "identity". All keys come from
 * `entropy`, which must be fresh random bytes. `federation` must pass viz_federation_check. Opens
 * and commits its own transaction. The caller wipes `offline` and `entropy`. VIZ_ERR_EXISTS: the
 * store has an identity. VIZ_ERR_STORE. */
int viz_node_init(struct viz_store *store, struct viz_offline *offline,
		  const struct viz_federation *federation, const struct viz_secret *entropy,
		  struct viz_time now);

#endif
