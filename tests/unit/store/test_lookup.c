/* The index of who serves where, compared with a search in the lists of all members, and with
 * known answers. test_lookup_shapes.c has real shapes. */
#include "tests/unit/unit.h"

#include "store/check.h"
#include "store/stat.h"
#include "tests/unit/store/lookup_bench.h"

static void it_answers_as_a_search_of_everything(void **state)
{
	struct viz_bench *b = *state;

	viz_bench_begin(b);
	for (size_t i = 0; i < VIZ_BENCH_MEMBERS; i++)
		viz_bench_redraw(b, &b->member[i]);
	viz_bench_ask(b, 1000);
	viz_bench_commit(b);
	viz_bench_begin(b);
	viz_bench_ask(b, 1000);
	viz_store_abort(b->s);
	assert_int_equal(viz_store_check(b->s, NULL, NULL), 0);
}

/* Coverage comes, changes and goes, transactions abort, and the process restarts. */
static void it_follows_changes(void **state)
{
	struct viz_bench *b = *state;

	viz_bench_begin(b);
	for (size_t i = 0; i < VIZ_BENCH_MEMBERS; i++)
		viz_bench_redraw(b, &b->member[i]);
	viz_bench_commit(b);
	for (unsigned round = 0; round < 60; round++) {
		struct viz_bench_member *m = &b->member[viz_draw(&b->r, VIZ_BENCH_MEMBERS)];
		struct viz_bench_member before = *m;

		viz_bench_begin(b);
		viz_bench_ask(b, 5); /* nothing of these answers may be kept */
		switch (viz_draw(&b->r, 5)) {
		case 0:
			assert_int_equal(viz_lookup_set_remove(b->l, m->ordinal), 0);
			m->cell_count = 0;
			m->range_count = 0;
			m->place_count = 0;
			viz_bench_commit(b);
			break;
		case 1:
			viz_bench_redraw(b, m);
			viz_bench_ask(b, 5);
			viz_store_abort(b->s);
			*m = before;
			break;
		case 2:
			viz_bench_redraw(b, m);
			viz_bench_commit(b);
			viz_lookup_close(b->l);
			viz_store_close(b->s);
			assert_int_equal(viz_bench_open(b), 0);
			break;
		default:
			viz_bench_redraw(b, m);
			viz_bench_redraw(b, &b->member[viz_draw(&b->r, VIZ_BENCH_MEMBERS)]);
			viz_bench_commit(b);
		}
		viz_bench_begin(b);
		viz_bench_ask(b, 20);
		viz_store_abort(b->s);
	}
	assert_int_equal(viz_store_check(b->s, NULL, NULL), 0);
}

static void nothing_stays_of_those_who_left(void **state)
{
	struct viz_bench *b = *state;

	viz_bench_begin(b);
	for (size_t i = 0; i < VIZ_BENCH_MEMBERS; i++)
		viz_bench_redraw(b, &b->member[i]);
	for (size_t i = 0; i < VIZ_BENCH_MEMBERS; i++)
		viz_bench_redraw(b, &b->member[i]);
	assert_true(viz_store_stat_entries(b->s, VIZ_TABLE_LOOKUP) > 30);
	assert_true(viz_store_stat_entries(b->s, VIZ_TABLE_LOOKUP_CEP) > 30);
	viz_bench_commit(b);
	viz_bench_begin(b);
	for (size_t i = 0; i < VIZ_BENCH_MEMBERS; i++)
		assert_int_equal(viz_lookup_set_remove(b->l, b->member[i].ordinal), 0);
	assert_int_equal(viz_lookup_set_remove(b->l, 12345), 0);
	viz_bench_commit(b);
	assert_int_equal(viz_store_stat_entries(b->s, VIZ_TABLE_LOOKUP), 0);
	assert_int_equal(viz_store_stat_entries(b->s, VIZ_TABLE_LOOKUP_CEP), 0);
	assert_int_equal(viz_store_stat_entries(b->s, VIZ_TABLE_LOOKUP_PLACE), 0);
	assert_int_equal(viz_store_stat_entries(b->s, VIZ_TABLE_LOOKUP_OWN),
			 1); /* the counts are all 0 */
}

/* Answers worked out by hand. */
static void cells_postcodes_and_places(void **state)
{
	static const struct viz_point linhares = {-19391000, -40072000};
	static const struct viz_cep_range ranges[] = {{29900000, 29919999}, {29930500, 29930500}};
	static const uint32_t places[] = {3203205, 3204906};
	struct viz_bench *b = *state;
	uint64_t cell = viz_cell_from_point(linhares, 16);
	uint64_t parent = viz_cell_parent(cell, 12);
	uint32_t got[4] = {9, 9, 9, 9};
	size_t n = 7;

	viz_bench_begin(b);
	assert_int_equal(viz_lookup_point(b->l, got, &n, 4, linhares), 0);
	assert_int_equal(n, 0);
	assert_int_equal(viz_lookup_set_cells(b->l, 500, &cell, 1), 0);
	assert_int_equal(viz_lookup_set_cells(b->l, 20, &parent, 1), 0);
	assert_int_equal(viz_lookup_point(b->l, got, &n, 4, linhares), 0);
	assert_int_equal(n, 2);
	qsort(got, n, sizeof *got, viz_bench_by_ordinal);
	assert_int_equal(got[0], 20);
	assert_int_equal(got[1], 500);
	n = 7;
	assert_int_equal(viz_lookup_point(b->l, got, &n, 1, linhares), VIZ_ERR_LIMIT);
	assert_int_equal(n, 7);
	assert_int_equal(viz_lookup_cell(b->l, got, &n, 4, viz_cell_parent(cell, 0)), 0);
	assert_int_equal(n, 2);
	assert_int_equal(viz_lookup_cell(b->l, got, &n, 4, viz_cell_from_point(linhares, 20)), 0);
	assert_int_equal(n, 2);

	assert_int_equal(viz_lookup_set_ceps(b->l, 7, ranges, 2), 0);
	assert_int_equal(viz_store_stat_entries(b->s, VIZ_TABLE_LOOKUP_CEP), 2);
	assert_int_equal(viz_lookup_cep(b->l, got, &n, 4, 29900000), 0);
	assert_int_equal(n, 1);
	assert_int_equal(got[0], 7);
	assert_int_equal(viz_lookup_cep(b->l, got, &n, 4, 29920000), 0);
	assert_int_equal(n, 0);
	assert_int_equal(viz_lookup_cep(b->l, got, &n, 4, 29930500), 0);
	assert_int_equal(n, 1);

	assert_int_equal(viz_lookup_set_places(b->l, 7, places, 2), 0);
	assert_int_equal(viz_lookup_set_places(b->l, 7, places, 1), 0);
	assert_int_equal(viz_lookup_place(b->l, got, &n, 4, 3203205), 0);
	assert_int_equal(n, 1);
	assert_int_equal(viz_lookup_place(b->l, got, &n, 4, 3204906), 0);
	assert_int_equal(n, 0);
	viz_bench_commit(b);
}

/* The only cell of its level is removed, and the transaction aborts. */
static void an_abort_brings_a_level_back(void **state)
{
	static const struct viz_point p = {-19391000, -40072000};
	struct viz_bench *b = *state;
	uint64_t cell = viz_cell_from_point(p, 9);
	uint32_t got[4];
	size_t n = 0;

	viz_bench_begin(b);
	assert_int_equal(viz_lookup_set_cells(b->l, 5, &cell, 1), 0);
	viz_bench_commit(b);
	viz_bench_begin(b);
	assert_int_equal(viz_lookup_set_remove(b->l, 5), 0);
	viz_store_abort(b->s);
	viz_bench_begin(b);
	assert_int_equal(viz_lookup_point(b->l, got, &n, 4, p), 0);
	assert_int_equal(n, 1);
	viz_store_abort(b->s);
}

static void a_crowd_in_one_cell(void **state)
{
	static uint32_t got[VIZ_LOOKUP_ORDINALS];
	static const struct viz_point p = {-1, 180000000};
	struct viz_bench *b = *state;
	uint64_t fine = viz_cell_from_point(p, 18);
	uint64_t coarse = viz_cell_from_point(p, 3);
	size_t n = 0;

	viz_bench_begin(b);
	for (uint32_t i = 0; i < VIZ_LOOKUP_ORDINALS; i += 20) {
		assert_int_equal(viz_lookup_set_cells(b->l, VIZ_LOOKUP_ORDINALS - 1 - i, &fine, 1),
				 0);
		assert_int_equal(viz_lookup_set_cells(b->l, i + 7, &coarse, 1), 0);
	}
	assert_int_equal(viz_lookup_point(b->l, got, &n, VIZ_LOOKUP_ORDINALS, p), 0);
	assert_int_equal(n, 2 * ((VIZ_LOOKUP_ORDINALS + 19) / 20));
	qsort(got, n, sizeof *got, viz_bench_by_ordinal);
	for (size_t i = 1; i < n; i++)
		assert_true(got[i] > got[i - 1]);
	for (uint32_t i = 0; i < VIZ_LOOKUP_ORDINALS; i += 20)
		if (i % 60)
			assert_int_equal(viz_lookup_set_remove(b->l, i + 7), 0);
	assert_int_equal(viz_lookup_point(b->l, got, &n, VIZ_LOOKUP_ORDINALS, p), 0);
	assert_int_equal(n, (VIZ_LOOKUP_ORDINALS + 19) / 20 + (VIZ_LOOKUP_ORDINALS + 59) / 60);
	for (uint32_t i = 0; i < VIZ_LOOKUP_ORDINALS; i++)
		assert_int_equal(viz_lookup_set_remove(b->l, i), 0);
	assert_int_equal(viz_store_stat_entries(b->s, VIZ_TABLE_LOOKUP), 0);
	viz_bench_commit(b);
}

/* More nested ranges around one code than the index keeps views. Asked twice, changed, and asked
 * again. */
static void a_crowd_of_ranges_around_one_code(void **state)
{
	struct viz_bench *b = *state;
	uint32_t got[64];
	size_t n = 0;

	for (uint32_t count = 10; count <= 45; count += 35) {
		viz_bench_begin(b);
		for (uint32_t i = 0; i < count; i++) {
			const struct viz_cep_range range = {29900001 + i, 29900098 - i};

			assert_int_equal(viz_lookup_set_ceps(b->l, i, &range, 1), 0);
		}
		for (unsigned again = 0; again < 2; again++) {
			assert_int_equal(viz_lookup_cep(b->l, got, &n, 64, 29900050), 0);
			assert_int_equal(n, count);
		}
		assert_int_equal(viz_lookup_set_remove(b->l, 4), 0);
		assert_int_equal(viz_lookup_cep(b->l, got, &n, 64, 29900050), 0);
		assert_int_equal(n, count - 1);
		viz_bench_commit(b);
		viz_bench_begin(b);
		assert_int_equal(viz_lookup_set_remove(b->l, 5), 0);
		assert_int_equal(viz_lookup_cep(b->l, got, &n, 64, 29900050), 0);
		assert_int_equal(n, count - 2);
		viz_store_abort(b->s);
		viz_bench_begin(b);
		assert_int_equal(viz_lookup_cep(b->l, got, &n, 64, 29900050), 0);
		assert_int_equal(n, count - 1);
		viz_store_abort(b->s);
	}
}

static void what_is_not_normalised_is_refused(void **state)
{
	struct viz_bench *b = *state;
	uint64_t cell = viz_cell_from_point((struct viz_point){0, 0}, 10);
	const uint64_t nested[] = {cell, viz_cell_parent(cell, 9)};
	const uint64_t none[] = {0};
	const struct viz_cep_range touching[] = {{1, 2}, {3, 4}};
	const struct viz_cep_range reversed[] = {{4, 3}};
	const uint32_t twice[] = {3, 3};
	uint32_t got[4];
	size_t n = 0;

	viz_bench_begin(b);
	assert_int_equal(viz_lookup_set_cells(b->l, 0, nested, 2), VIZ_ERR_MEANING);
	assert_int_equal(viz_lookup_set_cells(b->l, 0, none, 1), VIZ_ERR_MEANING);
	assert_int_equal(viz_lookup_set_cells(b->l, VIZ_LOOKUP_ORDINALS, &cell, 1), VIZ_ERR_LIMIT);
	assert_int_equal(viz_lookup_set_cells(b->l, 0, &cell, VIZ_LOOKUP_CELLS_MAX + 1),
			 VIZ_ERR_LIMIT);
	assert_int_equal(viz_lookup_set_ceps(b->l, 0, touching, 2), VIZ_ERR_MEANING);
	assert_int_equal(viz_lookup_set_ceps(b->l, 0, reversed, 1), VIZ_ERR_MEANING);
	assert_int_equal(viz_lookup_set_ceps(b->l, 0, touching, VIZ_CEP_RANGES_MAX + 1),
			 VIZ_ERR_LIMIT);
	assert_int_equal(viz_lookup_set_places(b->l, 0, twice, 2), VIZ_ERR_MEANING);
	assert_int_equal(viz_lookup_point(b->l, got, &n, 4, (struct viz_point){90000001, 0}),
			 VIZ_ERR_MEANING);
	assert_int_equal(viz_lookup_cell(b->l, got, &n, 4, 0), VIZ_ERR_MEANING);
	assert_int_equal(viz_lookup_cep(b->l, got, &n, 4, VIZ_CEP_MAX + 1), VIZ_ERR_MEANING);
	viz_bench_commit(b);
	for (unsigned t = VIZ_TABLE_LOOKUP; t <= VIZ_TABLE_LOOKUP_OWN; t++)
		assert_int_equal(viz_store_stat_entries(b->s, (enum viz_table)t), 0);
}

static void a_damaged_row_is_an_error(void **state)
{
	static const struct {
		uint8_t bytes[16];
		size_t len;
	} bad[] = {
	    {{0}, 1},                                /* no head */
	    {{1, 0}, 2},                             /* an entry is missing */
	    {{1, 0, 4, 0, 0, 0, 2, 0, 9, 0}, 10},    /* a list is cut off */
	    {{1, 0, 4, 0, 0, 0, 0, 0}, 8},           /* an empty list */
	    {{1, 0x80, 4, 0, 0, 0, 1, 0, 3, 0}, 10}, /* the other row is missing */
	    {{1, 0, 0, 0, 0, 1, 1, 0, 3, 0}, 10},    /* too deep */
	    {{0xff, 0x7f, 1, 0, 0, 0}, 6},
	};
	struct viz_bench *b = *state;
	uint64_t cell = viz_cell_from_point((struct viz_point){0, 0}, 10);
	struct viz_slice row;
	struct viz_slice value;
	struct viz_walk w;
	uint8_t key[8];
	uint32_t got[4];
	size_t n = 0;

	viz_bench_begin(b);
	assert_int_equal(viz_lookup_set_cells(b->l, 3, &cell, 1), 0);
	viz_walk_init(&w, b->s, VIZ_TABLE_LOOKUP, NULL, 0);
	assert_true(viz_walk_next(&w, &row, &value));
	assert_int_equal(row.len, 8);
	memcpy(key, row.p, 8);
	viz_bench_commit(b);
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		int err = 0;

		viz_bench_begin(b);
		assert_int_equal(
		    viz_store_put(b->s, VIZ_TABLE_LOOKUP, key, 8, bad[i].bytes, bad[i].len), 0);
		err = viz_lookup_point(b->l, got, &n, 4, (struct viz_point){0, 0});
		if (err == 0) /* this point does not need that entry */
			err = viz_lookup_cell(b->l, got, &n, 4, viz_cell_parent(cell, 0));
		assert_int_equal(err, VIZ_ERR_STORE);
		assert_non_null(viz_store_cause(b->s));
		viz_store_abort(b->s);
		viz_lookup_close(b->l);
		viz_store_close(b->s);
		assert_int_equal(viz_bench_open(b), 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(cells_postcodes_and_places, viz_bench_setup,
					    viz_bench_teardown),
	    cmocka_unit_test_setup_teardown(it_answers_as_a_search_of_everything, viz_bench_setup,
					    viz_bench_teardown),
	    cmocka_unit_test_setup_teardown(it_follows_changes, viz_bench_setup,
					    viz_bench_teardown),
	    cmocka_unit_test_setup_teardown(nothing_stays_of_those_who_left, viz_bench_setup,
					    viz_bench_teardown),
	    cmocka_unit_test_setup_teardown(an_abort_brings_a_level_back, viz_bench_setup,
					    viz_bench_teardown),
	    cmocka_unit_test_setup_teardown(a_crowd_in_one_cell, viz_bench_setup,
					    viz_bench_teardown),
	    cmocka_unit_test_setup_teardown(a_crowd_of_ranges_around_one_code, viz_bench_setup,
					    viz_bench_teardown),
	    cmocka_unit_test_setup_teardown(what_is_not_normalised_is_refused, viz_bench_setup,
					    viz_bench_teardown),
	    cmocka_unit_test_setup_teardown(a_damaged_row_is_an_error, viz_bench_setup,
					    viz_bench_teardown),
	};

	return cmocka_run_group_tests_name("lookup", tests, NULL, NULL);
}
