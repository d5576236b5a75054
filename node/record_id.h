/* The ids of records and of what repair compares. PROTOCOL.md sections 7 and 12. */
#ifndef VIZ_NODE_RECORD_ID_H
#define VIZ_NODE_RECORD_ID_H

#include "node/federation_id.h"
#include "proto/record.h"

/* H("vizinho/record", federation, u64 type, bytes): what is signed, and the record's name. */
void viz_record_id(struct viz_id *out, const struct viz_id *federation,
		   const struct viz_record *rec);

/* H("vizinho/item", author, u64 type, u64 slot, u64 seq, record id or "dead"): what repair
 * compares. */
void viz_item_id(struct viz_id *out, const struct viz_record *rec, const struct viz_id *record_id,
		 bool dead);

#endif
