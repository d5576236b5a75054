/* The sketch of repair: its vectors, what two of them show, and what a false one does. */
#include "tests/unit/unit.h"

#include "crypto/hash.h"
#include "crypto/rng.h"
#include "node/core/ids.h"
#include "node/trust/items.h"
#include "node/trust/sketch.h"
#include "proto/base.h"
#include "proto/limits.h"
#include "proto/record.h"
#include "tests/unit/vectors.h"

#define MOST (VIZ_SKETCH_ROWS * VIZ_SKETCH_MOST)

struct bench {
	struct viz_rng rng;
	struct viz_sketch one, other;
	uint8_t sketch[VIZ_SKETCH_BYTES(VIZ_SKETCH_CELLS)];
	uint8_t parities[VIZ_SKETCH_PARITIES];
	uint64_t mark[MOST], found[MOST];
	size_t found_count;
};

static int setup(void **state)
{
	struct bench *b = calloc(1, sizeof *b);

	assert_non_null(b);
	viz_rng_seed(&b->rng, &(struct viz_secret){{7}});
	*state = b;
	return 0;
}

static int teardown(void **state)
{
	free(*state);
	return 0;
}

/* The marks of the vector that are counted: splitmix64 of a number. */
static uint64_t number(uint64_t x)
{
	x += UINT64_C(0x9e3779b97f4a7c15);
	x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
	return x ^ x >> 31;
}

/* The sketch of what differs, with so many cells in a row, and its parities. */
static void add_both(struct bench *b, unsigned cells)
{
	memset(b->sketch, 0, sizeof b->sketch);
	memset(b->parities, 0, sizeof b->parities);
	viz_sketch_add(b->sketch, &b->one, cells);
	viz_sketch_add(b->sketch, &b->other, cells);
	viz_sketch_add_parities(b->parities, &b->one);
	viz_sketch_add_parities(b->parities, &b->other);
}

static bool read_both(struct bench *b, unsigned cells)
{
	add_both(b, cells);
	return viz_sketch_read(b->found, &b->found_count, b->sketch, cells);
}

/* New marks in turn at both; b->mark has them ascending. */
static void differ(struct bench *b, size_t n)
{
	memset(&b->one, 0, sizeof b->one);
	memset(&b->other, 0, sizeof b->other);
	for (size_t i = 0; i < n; i++) {
		uint64_t both;

		viz_rng_bytes(&b->rng, (uint8_t *)&b->mark[i], sizeof b->mark[i]);
		viz_rng_bytes(&b->rng, (uint8_t *)&both, sizeof both);
		viz_sketch_toggle(i % 2 ? &b->one : &b->other, b->mark[i]);
		viz_sketch_toggle(&b->one, both);
		viz_sketch_toggle(&b->other, both);
	}
	for (size_t i = 1; i < n; i++)
		for (size_t k = i; k > 0 && b->mark[k - 1] > b->mark[k]; k--) {
			uint64_t x = b->mark[k];

			b->mark[k] = b->mark[k - 1];
			b->mark[k - 1] = x;
		}
}

/* ---- vectors ---- */

static void assert_hash(const char *domain, const uint8_t *bytes, size_t len, const json_t *v,
			const char *key)
{
	struct viz_hash h;
	struct viz_id id;

	viz_hash_init(&h, domain);
	viz_hash_part(&h, bytes, len);
	viz_hash_final(&h, &id);
	viz_vectors_assert_id(&id, v, key);
}

static uint64_t mark_vector(const json_t *v, const struct viz_id *federation)
{
	size_t len;
	uint8_t *bytes = viz_vectors_hex(&len, v, "record"), want[8], got[8];
	struct viz_items_place place;
	struct viz_record rec;
	struct viz_id id;
	uint64_t mark;

	assert_int_equal(viz_record_parse(&rec, bytes, len), VIZ_OK);
	viz_ids_record(&id, federation, &rec);
	place = (struct viz_items_place){rec.type, (uint8_t)rec.slot, rec.seq, {{0}}};
	viz_ids_item(&place.item, &rec, &id, false);
	mark = viz_sketch_mark(&rec.author, &place);
	viz_be_put_u64(got, mark);
	viz_vectors_fixed(want, sizeof want, v, "mark");
	assert_memory_equal(got, want, sizeof want);
	assert_int_equal(viz_sketch_type(mark), rec.type);
	assert_int_equal(viz_sketch_slot(mark), rec.slot);
	viz_sketch_author(got, mark);
	assert_memory_equal(got, rec.author.b, VIZ_TREE_PREFIX);
	free(bytes);
	return mark;
}

/* A mark alone stands in the cells that the vector says. */
static void assert_rows(struct bench *b, uint64_t mark, const json_t *v, const char *key,
			unsigned cells)
{
	size_t row, filled = 0;
	json_t *at;

	memset(&b->one, 0, sizeof b->one);
	viz_sketch_toggle(&b->one, mark);
	add_both(b, cells);
	json_array_foreach(viz_vectors_get(v, key), row, at)
	{
		const uint8_t *cell =
		    b->sketch + VIZ_SKETCH_CELL * (row * cells + (size_t)json_integer_value(at));

		assert_true(viz_be_get_u64(cell) == mark);
		assert_int_equal(viz_be_get_u16(cell + 8),
				 json_integer_value(viz_vectors_get(v, "check")));
	}
	for (size_t i = 0; i < VIZ_SKETCH_BYTES(cells); i += VIZ_SKETCH_CELL)
		filled += viz_be_get_u16(b->sketch + i + 8) != 0;
	assert_int_equal(filled, VIZ_SKETCH_ROWS);
}

static void few_marks(struct bench *b, const json_t *v, const struct viz_id *federation)
{
	struct viz_sketch *all = calloc(1, sizeof *all);
	json_t *x;
	size_t i;

	assert_non_null(all);
	json_array_foreach(viz_vectors_get(v, "marks"), i, x)
	{
		uint64_t mark = mark_vector(x, federation);

		assert_rows(b, mark, x, "rows", VIZ_SKETCH_CELLS);
		assert_rows(b, mark, x, "rows_of_1000", 1000);
		viz_sketch_toggle(all, mark);
	}
	b->one = *all;
	json_array_foreach(viz_vectors_get(v, "sketches"), i, x)
	{
		unsigned cells = (unsigned)json_integer_value(viz_vectors_get(x, "cells"));
		size_t len;
		uint8_t *want = viz_vectors_hex(&len, x, "sketch");

		add_both(b, cells);
		assert_int_equal(len, VIZ_SKETCH_BYTES(cells));
		assert_memory_equal(b->sketch, want, len);
		free(want);
	}
	assert_hash("parities", b->parities, sizeof b->parities, v, "parities");
	free(all);
}

/* As many as the mix of each number up to there. */
static void many_marks(struct bench *b, const json_t *v)
{
	json_t *x;
	size_t i;

	memset(&b->one, 0, sizeof b->one);
	for (uint64_t n = 0; n < 3000; n++)
		viz_sketch_toggle(&b->one, number(n));
	json_array_foreach(viz_vectors_get(v, "many"), i, x)
	{
		unsigned cells = (unsigned)json_integer_value(viz_vectors_get(x, "cells"));

		add_both(b, cells);
		assert_hash("sketch", b->sketch, VIZ_SKETCH_BYTES(cells), x, "hash");
	}
	assert_hash("parities", b->parities, sizeof b->parities, v, "many_parities");
}

static void vectors(void **state)
{
	json_t *root = viz_vectors_load("protocol.json");
	const json_t *v = viz_vectors_get(root, "sketch");
	struct viz_id federation = viz_vectors_id(viz_vectors_get(root, "federation"), "id");

	few_marks(*state, v, &federation);
	many_marks(*state, v);
	json_decref(root);
}

/* ---- what two sketches show ---- */

static void all_that_differs_is_shown(void **state)
{
	static const size_t counts[] = {0, 1, 2, 10, 60, 120, 1000, 3800};
	struct bench *b = *state;

	for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
		size_t n = counts[i];

		differ(b, n);
		assert_true(
		    read_both(b, n <= 120 ? VIZ_SKETCH_FIRST : (unsigned)viz_sketch_cells(n)));
		assert_int_equal(b->found_count, n);
		assert_memory_equal(b->found, b->mark, n * sizeof *b->mark);
	}
}

/* The size that follows from the parities does, nearly always, and is not much too large. */
static void parities_tell_the_size(void **state)
{
	struct bench *b = *state;
	size_t read = 0;

	for (size_t i = 0; i < 100; i++) {
		size_t n = 150 + i * 34, cells;

		differ(b, n);
		add_both(b, 1);
		cells = viz_sketch_cells(viz_sketch_count(b->parities));
		assert_in_range(cells, n * 13 / 40, n / 2 + 12);
		read += cells <= VIZ_SKETCH_MOST && read_both(b, (unsigned)cells);
	}
	assert_in_range(read, 98, 100);
}

static void too_many_are_told(void **state)
{
	struct bench *b = *state;

	memset(b->parities, 0, sizeof b->parities);
	assert_int_equal(viz_sketch_count(b->parities), 0);
	memset(b->parities, 0x55, sizeof b->parities);
	assert_true(viz_sketch_count(b->parities) == SIZE_MAX);
	memset(b->parities, 0xff, sizeof b->parities);
	assert_true(viz_sketch_count(b->parities) == SIZE_MAX);
	assert_true(viz_sketch_cells(SIZE_MAX) > VIZ_SKETCH_MOST);
	differ(b, 500);
	assert_false(read_both(b, VIZ_SKETCH_FIRST));
}

/* A mark that has come twice, or at both, is not there. */
static void one_that_goes_leaves_nothing(void **state)
{
	struct bench *b = *state;

	differ(b, 3);
	for (size_t i = 0; i < 3; i++)
		viz_sketch_toggle(&b->one, b->mark[i]);
	assert_true(read_both(b, VIZ_SKETCH_FIRST));
	assert_int_equal(b->found_count, 0);
}

static void ages(void **state)
{
	struct viz_items_place old = {VIZ_TYPE_VOUCH, 63, UINT64_C(5) << 24, {{0}}}, new = old;
	struct viz_id author = {{1, 2, 3, 4}};
	uint64_t a, b;

	(void)state;
	new.seq += UINT64_C(0x7fff) << 24; /* 17 years */
	a = viz_sketch_mark(&author, &old);
	b = viz_sketch_mark(&author, &new);
	assert_true(viz_sketch_age(b, a) > 0 && viz_sketch_age(a, b) < 0);
	assert_true(viz_sketch_same_place(a, b));
	old.seq += UINT64_C(1) << 23; /* two hours */
	assert_int_equal(viz_sketch_age(viz_sketch_mark(&author, &old), a), 0);
	old.slot--;
	assert_false(viz_sketch_same_place(viz_sketch_mark(&author, &old), b));
}

/* ---- false sketches ---- */

/* Two marks that stand in the same four cells, as an author can seek for: no sketch of that size
 * shows them, and the others are shown. */
static void sought_marks_hide(void **state)
{
	struct bench *b = *state;
	uint64_t first = number(1), pair[2] = {0};

	for (uint64_t i = 2; pair[1] == 0; i++) {
		uint64_t mark = number(i);
		size_t empty = 0;

		memset(&b->one, 0, sizeof b->one);
		memset(&b->other, 0, sizeof b->other);
		viz_sketch_toggle(&b->one, first);
		viz_sketch_toggle(&b->one, mark);
		add_both(b, 8);
		for (size_t k = 0; k < 8 * VIZ_SKETCH_ROWS; k++)
			empty += viz_be_get_u64(b->sketch + k * VIZ_SKETCH_CELL) == 0;
		if (empty == 7 * VIZ_SKETCH_ROWS) {
			pair[0] = first;
			pair[1] = mark;
		}
	}
	differ(b, 3);
	viz_sketch_toggle(&b->one, pair[0]);
	viz_sketch_toggle(&b->one, pair[1]);
	assert_false(read_both(b, 8));
	assert_true(read_both(b, VIZ_SKETCH_FIRST));
	assert_int_equal(b->found_count, 5);
}

/* What is no sketch ends the reading, too: it shows no more marks than it has cells. */
static void false_sketches_end(void **state)
{
	struct bench *b = *state;

	for (size_t i = 0; i < 50; i++) {
		unsigned cells = 1 + (unsigned)viz_rng_below(&b->rng, VIZ_SKETCH_MOST);

		viz_rng_bytes(&b->rng, b->sketch, VIZ_SKETCH_BYTES(cells));
		assert_false(viz_sketch_read(b->found, &b->found_count, b->sketch, cells));
		assert_in_range(b->found_count, 0, (size_t)cells * VIZ_SKETCH_ROWS);
	}
	/* a mark that stands in one row alone comes again and again */
	differ(b, 1);
	add_both(b, VIZ_SKETCH_FIRST);
	memset(b->sketch + VIZ_SKETCH_BYTES(VIZ_SKETCH_FIRST) / VIZ_SKETCH_ROWS, 0,
	       VIZ_SKETCH_BYTES(VIZ_SKETCH_FIRST) / VIZ_SKETCH_ROWS * 3);
	viz_sketch_read(b->found, &b->found_count, b->sketch, VIZ_SKETCH_FIRST);
	assert_in_range(b->found_count, 1, VIZ_SKETCH_FIRST * VIZ_SKETCH_ROWS);
	assert_true(viz_sketch_read(b->found, &b->found_count, b->sketch, 0));
	assert_int_equal(b->found_count, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	    T(vectors),           T(all_that_differs_is_shown),    T(parities_tell_the_size),
	    T(too_many_are_told), T(one_that_goes_leaves_nothing), T(ages),
	    T(sought_marks_hide), T(false_sketches_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
