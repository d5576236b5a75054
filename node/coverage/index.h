/* The look-up index (store/lookup.h) over the COVERAGE records that are held. It is kept in
 * the transaction that takes such a record in, replaces, kills or sweeps it.
 *
 * VIZ_TABLE_COVERAGE_INDEX: 'p', place -> [ordinal]; 'o', ordinal u32be -> [author, slot];
 * 'f', ordinal u32be -> nil, an ordinal that is free again; 'x', place -> nil, a record that
 * found no ordinal: a candidate always. VIZ_TABLE_META "coverage-index" -> [version, built,
 * place]: how far the records from before have been taken in; absent, the index is built
 * from them, step by step. */
#ifndef VIZ_NODE_COVERAGE_INDEX_H
#define VIZ_NODE_COVERAGE_INDEX_H

#include "proto/base.h"

struct viz_core;
struct viz_lookup;
struct viz_net;
struct viz_record;

struct viz_coverage_index {
	struct viz_lookup *lookup;
	bool built; /* else candidates are all authors */
};

/* The place of a COVERAGE. */
struct viz_coverage_ad {
	struct viz_id author;
	uint64_t slot;
};

#define VIZ_COVERAGE_ORDINAL_LEN 5 /* bytes of a key */

/* In a transaction. VIZ_ERR_NOMEM, VIZ_ERR_STORE. */
int viz_coverage_index_load(struct viz_net *net);

void viz_coverage_index_free(struct viz_net *net);

/* `rec`, a COVERAGE, is what its place holds now. */
void viz_coverage_index_put(struct viz_net *net, const struct viz_record *rec);

/* The place holds nothing, or a proof. */
void viz_coverage_index_drop(struct viz_net *net, const struct viz_record *rec);

/* A bounded step of building it. */
void viz_coverage_index_build(struct viz_net *net);

/* Whose record has this ordinal. False: nobody's. */
bool viz_coverage_ad(struct viz_core *core, struct viz_coverage_ad *out, uint32_t ordinal);

void viz_coverage_ordinal_key(uint8_t key[VIZ_COVERAGE_ORDINAL_LEN], char kind, uint32_t ordinal);

#endif
