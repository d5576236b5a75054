/* Who serves a place: the look-up index (store/lookup.h) over the COVERAGE records that are held.
 * It is kept in the transaction that takes such a record in, replaces, kills or sweeps it. What it
 * says is a list of candidates, and never too short: whether a record counts now (key, heartbeat,
 * end) and meets the area exactly is looked at afterwards, in the record. So the answer is that of
 * viz_covers for every author, without reading every author's records.
 *
 * VIZ_TABLE_COVERAGE_INDEX: 'p', place -> [ordinal]; 'o', ordinal u32be -> [author, slot]; 'f',
 * ordinal u32be -> nil, an ordinal that is free again; 'x', place -> nil, a record that found no
 * ordinal: a candidate always. VIZ_TABLE_META "coverage-index" -> [version, built, place]: how far
 * the records of before have been taken in; absent, the index is built from them, step by step. */
#ifndef VIZ_NODE_COVERAGE_INDEX_H
#define VIZ_NODE_COVERAGE_INDEX_H

#include "proto/coverage.h"
#include "proto/record.h"

struct viz_lookup;
struct viz_node;
struct viz_location;

struct viz_coverage_index {
	struct viz_lookup *lookup;
	bool built; /* else candidates are all authors */
};

/* In a transaction. VIZ_ERR_NOMEM, VIZ_ERR_STORE. */
int viz_coverage_index_load(struct viz_node *node);
void viz_coverage_index_free(struct viz_node *node);

/* `rec`, a COVERAGE, is what its place holds now. */
void viz_coverage_index_put(struct viz_node *node, const struct viz_record *rec);
/* The place holds nothing, or a proof. */
void viz_coverage_index_drop(struct viz_node *node, const struct viz_id *author, uint64_t slot);
/* A bounded step of building it. */
void viz_coverage_index_build(struct viz_node *node);

/* The authors of whom a live COVERAGE meets the area, ascending; the caller frees *out. */
size_t viz_coverage_who(struct viz_node *node, struct viz_id **out, const struct viz_area *area);

/* How a member's coverage was found to have the place, the surest of three. */
enum viz_coverage_found {
	VIZ_FOUND_CELL = 1,
	VIZ_FOUND_POSTCODE = 2,
	VIZ_FOUND_MUNICIPALITY = 3, /* it touches the municipality: no more is known */
};

/* Those of whom a live COVERAGE has the location's cell, and its street's postcode: two of
 * viz_coverage_who's lists. */
struct viz_coverage_near {
	struct viz_id *by_cell;
	size_t by_cell_n;
	struct viz_id *by_postcode;
	size_t by_postcode_n;
};

void viz_coverage_near(struct viz_node *node, struct viz_coverage_near *near,
		       const struct viz_location *location);
void viz_coverage_near_free(struct viz_coverage_near *near);
enum viz_coverage_found viz_coverage_found(const struct viz_coverage_near *near,
					   const struct viz_id *author);
/* "cell", "postcode", "municipality". */
const char *viz_coverage_found_name(enum viz_coverage_found found);

#endif
