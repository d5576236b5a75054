/* The id of a federation: what handshakes, author ids and records are bound to. PROTOCOL.md
 * section 5. */
#ifndef VIZ_NODE_FEDERATION_ID_H
#define VIZ_NODE_FEDERATION_ID_H

#include "proto/federation.h"
#include "proto/limits.h"

/* H("vizinho/federation", bytes of viz_federation_write). `f` must pass viz_federation_check. */
void viz_federation_id(struct viz_id *out, const struct viz_federation *f);

/* The prologue of every handshake (PROTOCOL.md section 6): "vizinho" || u8 version || federation
 * id. */
#define VIZ_PROLOGUE_LEN 40 /* bytes */
void viz_federation_prologue(uint8_t out[VIZ_PROLOGUE_LEN], const struct viz_federation *f);

#endif
