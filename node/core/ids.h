/* Hashes that are ids: of a federation, of a record, of an item of repair. PROTOCOL.md sections 5,
 * 7 and 12. */
#ifndef VIZ_NODE_CORE_IDS_H
#define VIZ_NODE_CORE_IDS_H

#include "proto/base.h"

struct viz_federation;
struct viz_id;
struct viz_record;

#define VIZ_PROLOGUE_LEN 40 /* bytes */

/* H("vizinho/federation", bytes of viz_federation_write). `f` must pass viz_federation_check. */
void viz_core_federation_id(struct viz_id *out, const struct viz_federation *f);

/* The prologue of every handshake: "vizinho" || u8 version || federation id. PROTOCOL.md section 6.
 */
void viz_core_prologue(uint8_t out[VIZ_PROLOGUE_LEN], const struct viz_federation *f);

/* H("vizinho/record", federation, u64 type, bytes): the record's id, which its author signs. Uses
 * rec->type, rec->bytes and rec->len. */
void viz_core_record_id(struct viz_id *out, const struct viz_id *federation,
			const struct viz_record *rec);

/* H("vizinho/item", author, u64 type, u64 slot, u64 seq, record id or "dead"): what repair compares
 * for one place. `record_id` is not read when the place is dead. */
void viz_core_item_id(struct viz_id *out, const struct viz_record *rec,
		      const struct viz_id *record_id, bool dead);

#endif
