/* The ids of federations, of records and of what repair compares. PROTOCOL.md sections 5, 7
 * and 12. */
#ifndef VIZ_NODE_CORE_IDS_H
#define VIZ_NODE_CORE_IDS_H

#include "proto/base.h"

struct viz_federation;
struct viz_id;
struct viz_record;

/* The prologue of every handshake (PROTOCOL.md section 6): "vizinho" || u8 version || federation
 * id. */
#define VIZ_PROLOGUE_LEN 40 /* bytes */

/* H("vizinho/federation", bytes of viz_federation_write). `f` must pass viz_federation_check. */
void viz_core_federation_id(struct viz_id *out, const struct viz_federation *f);

void viz_core_prologue(uint8_t out[VIZ_PROLOGUE_LEN], const struct viz_federation *f);

/* H("vizinho/record", federation, u64 type, bytes): what is signed, and the record's name. */
void viz_core_record_id(struct viz_id *out, const struct viz_id *federation,
			const struct viz_record *rec);

/* H("vizinho/item", author, u64 type, u64 slot, u64 seq, record id or "dead"): what repair
 * compares. */
void viz_core_item_id(struct viz_id *out, const struct viz_record *rec,
		      const struct viz_id *record_id, bool dead);

#endif
