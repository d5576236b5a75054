/* What the federation records of an author make us store: one weight for each author, kept as its
 * records come and go (core/place.c). trust/leave.h holds all of them together to their share of
 * the store. PROTOCOL.md section 14.
 *
 * VIZ_TABLE_META: VIZ_META_WEIGHT and the author -> [bytes, left_out]. */
#ifndef VIZ_NODE_CORE_WEIGHT_H
#define VIZ_NODE_CORE_WEIGHT_H

#include "proto/base.h"

struct viz_core;
struct viz_id;
struct viz_record;

/* What counts beside the bytes, for a record, and for a row of the look-up index. */
#define VIZ_WEIGHT_RECORD 256
#define VIZ_WEIGHT_LOOKUP 64

#define VIZ_WEIGHT_BLOCKS 512u /* rows of cells of the index that one COVERAGE may touch */

struct viz_weight {
	uint64_t bytes;    /* of what is here */
	uint64_t left_out; /* the author is left out, and had so many; 0: it is not */
};

void viz_weight_get(struct viz_core *core, struct viz_weight *out, const struct viz_id *author);
void viz_weight_put(struct viz_core *core, const struct viz_id *author,
		    const struct viz_weight *weight);

/* Writes what has changed. The records of an author come one after the other, so its row is written
 * behind them and not for each: at the end of the batch, or when another author's is asked for. */
void viz_weight_flush(struct viz_core *core);

/* What a signed federation record of this type costs. A function of its bytes alone. */
uint64_t viz_weight_cost(uint8_t type, const uint8_t *signed_record, size_t len);
uint64_t viz_weight_of(const struct viz_record *rec);

/* So many bytes of the author have come, and gone. */
void viz_weight_change(struct viz_core *core, const struct viz_id *author, uint64_t came,
		       uint64_t gone);

#endif
