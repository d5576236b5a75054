/* A store with its index of who serves where, and members drawn from a fixed seed. The plain
 * lists of the members are the oracle for the answers of the index. Any difference fails the
 * test. */
#ifndef VIZ_TESTS_LOOKUP_BENCH_H
#define VIZ_TESTS_LOOKUP_BENCH_H

#include "store/lookup.h"
#include "tests/unit/scratch.h"

#define VIZ_BENCH_MEMBERS 60
#define VIZ_BENCH_CELLS   200
#define VIZ_BENCH_RANGES  30
#define VIZ_BENCH_PLACES  20

struct viz_draws {
	uint64_t x;
};

/* What each member serves, as plain lists. The oracle reads only these. */
struct viz_bench_member {
	uint32_t ordinal;
	uint64_t cells[VIZ_BENCH_CELLS];
	size_t cell_count;
	struct viz_cep_range ranges[VIZ_BENCH_RANGES];
	size_t range_count;
	uint32_t places[VIZ_BENCH_PLACES];
	size_t place_count;
};

struct viz_bench {
	char dir[SCRATCH_PATH];
	struct viz_store *s;
	struct viz_lookup *l;
	struct viz_draws r;
	struct viz_bench_member member[VIZ_BENCH_MEMBERS];
};

/* A number below `below`, the same in every run. */
uint32_t viz_draw(struct viz_draws *r, uint32_t below);

/* For cmocka: *state is a new struct viz_bench with an empty store. It is valid until the
 * teardown. */
int viz_bench_setup(void **state);
int viz_bench_teardown(void **state);
/* Opens store and index again after both were closed. Returns the store's error. */
int viz_bench_open(struct viz_bench *b);
void viz_bench_begin(struct viz_bench *b);
void viz_bench_commit(struct viz_bench *b);

/* Draws a new coverage for a member and puts it into the index and its lists. Needs a
 * transaction. */
void viz_bench_redraw(struct viz_bench *b, struct viz_bench_member *m);
/* Asks `times` questions of every kind, and compares the index with a search in every list.
 * Needs a transaction. */
void viz_bench_ask(struct viz_bench *b, unsigned times);
/* Compares for qsort. */
int viz_bench_by_ordinal(const void *a, const void *b);

#endif
