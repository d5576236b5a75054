/* The index over the COVERAGE records that we hold (store/lookup.h). It changes in the same
 * transaction as the records.
 *
 * The index numbers each place that holds a COVERAGE: its ordinal. Rows of
 * VIZ_TABLE_COVERAGE_INDEX by the first byte of the key:
 *   'p', place         -> [ordinal]
 *   'o', ordinal u32be -> [author, slot]
 *   'f', ordinal u32be -> nil: the ordinal is free for reuse
 *   'x', place         -> nil: no ordinal was left; the record is always a candidate
 * VIZ_TABLE_META "coverage-index" -> [version, built, place]: a store from before the index is
 * indexed step by step, and `place` is the last one done. */
#ifndef VIZ_NODE_COVERAGE_INDEX_H
#define VIZ_NODE_COVERAGE_INDEX_H

#include "proto/base.h"

struct viz_core;
struct viz_lookup;
struct viz_net;
struct viz_record;

struct viz_coverage_index {
	struct viz_lookup *lookup;
	bool built; /* false: a look-up must read the records of all authors */
};

/* Where a COVERAGE record is held. */
struct viz_coverage_ad {
	struct viz_id author;
	uint64_t slot;
};

#define VIZ_COVERAGE_ORDINAL_LEN 5 /* bytes of a key */

/* Opens the index. Call it in a transaction. VIZ_ERR_NOMEM, VIZ_ERR_STORE. */
int viz_coverage_index_load(struct viz_net *net);

void viz_coverage_index_free(struct viz_net *net);

/* Indexes `rec`, the COVERAGE that its place now holds, instead of what the place held before. */
void viz_coverage_index_put(struct viz_net *net, const struct viz_record *rec);

/* Removes the place of `rec` from the index: the record was deleted, or the place is dead. */
void viz_coverage_index_drop(struct viz_net *net, const struct viz_record *rec);

/* Indexes a bounded number of the records that came before the index. Does nothing once all are
 * in. */
void viz_coverage_index_build(struct viz_net *net);

/* Whose record has this ordinal, and in which slot. False: it is free. */
bool viz_coverage_index_ad(struct viz_core *core, struct viz_coverage_ad *out, uint32_t ordinal);

/* The key of an 'o' or 'f' row; `kind` is its first byte. */
void viz_coverage_index_ordinal_key(uint8_t key[VIZ_COVERAGE_ORDINAL_LEN], char kind,
				    uint32_t ordinal);

#endif
