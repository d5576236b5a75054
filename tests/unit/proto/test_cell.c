#include "tests/unit/unit.h"

#include "proto/geo/cell.h"

/* A small generator with the same numbers on every machine. */
static uint64_t random_next(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

static int32_t random_in(uint64_t *state, int32_t lo, int32_t hi)
{
	return (int32_t)((int64_t)lo +
			 (int64_t)(random_next(state) % (uint64_t)((int64_t)hi - lo + 1)));
}

static void vectors_of_the_decimal_oracle(void **state)
{
	char path[512], line[160];
	unsigned n = 0;
	FILE *f;

	(void)state;
	snprintf(path, sizeof path, "%s/cell.json", getenv("VIZ_VECTORS"));
	f = fopen(path, "r");
	assert_non_null(f);
	while (fgets(line, sizeof line, f)) {
		int lat, lon;
		unsigned level;
		unsigned long long id;

		if (sscanf(line, "[%d, %d, %u, %llu]", &lat, &lon, &level, &id) != 4)
			continue;
		if (viz_cell_from_point((struct viz_point){lat, lon}, level) != id)
			fail_msg("%s", line);
		n++;
	}
	fclose(f);
	assert_true(n > 2000);
}

static void the_ends_of_the_world(void **state)
{
	(void)state;
	assert_true(viz_point_valid((struct viz_point){90000000, 180000000}));
	assert_true(viz_point_valid((struct viz_point){-90000000, -180000000}));
	assert_false(viz_point_valid((struct viz_point){90000001, 0}));
	assert_false(viz_point_valid((struct viz_point){0, -180000001}));
	assert_false(viz_point_valid((struct viz_point){INT32_MIN, INT32_MIN}));
	assert_int_equal(viz_cell_column(180000000, 20), (1 << 20) - 1);
	assert_int_equal(viz_cell_column(-180000000, 20), 0);
	assert_int_equal(viz_cell_row(90000000, 20), 0);
	assert_int_equal(viz_cell_row(-90000000, 20), (1 << 20) - 1);
	assert_true(viz_cell_from_point((struct viz_point){-20000000, -40000000}, 0) == UINT64_C(1)
											    << 40);
}

/* Row numbers never grow towards the north. An error in the series would show as a step back. */
static void rows_are_monotonous(void **state)
{
	uint64_t seed = 7;

	(void)state;
	for (int i = 0; i < 200; i++) {
		int32_t lat = random_in(&seed, -86000000, 85999000);
		uint32_t before = viz_cell_row(lat, 20);

		for (int32_t d = 1; d < 500; d++) {
			uint32_t row = viz_cell_row(lat + d, 20);

			assert_true(row <= before && before - row <= 1);
			before = row;
		}
	}
}

static void ids_contain_level_parent_and_place(void **state)
{
	uint64_t seed = 3;

	(void)state;
	for (int i = 0; i < 20000; i++) {
		struct viz_point p = {random_in(&seed, -90000000, 90000000),
				      random_in(&seed, -180000000, 180000000)};
		unsigned level = (unsigned)random_in(&seed, 0, 20);
		unsigned up = (unsigned)random_in(&seed, 0, (int32_t)level);
		uint64_t cell = viz_cell_from_point(p, level), parent = viz_cell_from_point(p, up);
		uint64_t lo, hi;
		uint32_t x, y;

		assert_true(viz_cell_valid(cell) && cell < UINT64_C(1) << 41);
		assert_int_equal(viz_cell_level(cell), level);
		assert_true(viz_cell_parent(cell, up) == parent);
		assert_true(viz_cell_contains(parent, cell));
		assert_true(level == up || !viz_cell_contains(cell, parent));
		viz_cell_range(parent, &lo, &hi);
		assert_true(lo <= cell && cell <= hi);
		viz_cell_xy(cell, &x, &y);
		assert_true(viz_cell_from_xy(x, y, level) == cell);
		assert_int_equal(x, viz_cell_column(p.lon_udeg, level));
		assert_int_equal(y, viz_cell_row(p.lat_udeg, level));
	}
}

/* The ranges of the children fill that of the parent, except for the parent's own id. */
static void ranges_nest(void **state)
{
	uint64_t parent = viz_cell_from_xy(5, 9, 4), lo, hi, next;

	(void)state;
	viz_cell_range(parent, &lo, &hi);
	next = lo;
	for (uint32_t i = 0; i < 4; i++) {
		uint64_t child = viz_cell_from_xy(10 + (i & 1), 18 + (i >> 1), 5), l, h;

		viz_cell_range(child, &l, &h);
		assert_true(l == next);
		next = h + 1 == parent ? parent + 1 : h + 2;
		assert_true(viz_cell_parent(child, 4) == parent);
	}
	assert_true(next == hi + 2);
}

static void bounds_are_exact(void **state)
{
	uint64_t seed = 11;

	(void)state;
	for (int i = 0; i < 3000; i++) {
		struct viz_point p = {random_in(&seed, -90000000, 90000000),
				      random_in(&seed, -180000000, 180000000)};
		unsigned level = (unsigned)random_in(&seed, 0, 20);
		uint64_t cell = viz_cell_from_point(p, level);
		struct viz_box b = viz_cell_bounds(cell);
		struct viz_point sw = {b.south_udeg, b.west_udeg}, ne = {b.north_udeg, b.east_udeg};

		assert_in_range(p.lat_udeg + 90000000, b.south_udeg + 90000000,
				b.north_udeg + 90000000);
		assert_in_range(p.lon_udeg + 180000000, b.west_udeg + 180000000,
				b.east_udeg + 180000000);
		assert_true(viz_cell_from_point(sw, level) == cell);
		assert_true(viz_cell_from_point(ne, level) == cell);
		assert_true(viz_cell_from_point(viz_cell_center(cell), level) == cell);
		sw.lat_udeg--;
		sw.lon_udeg--;
		ne.lat_udeg++;
		ne.lon_udeg++;
		assert_true(sw.lat_udeg < -90000000 || viz_cell_row(sw.lat_udeg, level) ==
							   viz_cell_row(p.lat_udeg, level) + 1);
		assert_true(ne.lat_udeg > 90000000 || viz_cell_row(ne.lat_udeg, level) + 1 ==
							  viz_cell_row(p.lat_udeg, level));
		assert_true(sw.lon_udeg < -180000000 || viz_cell_column(sw.lon_udeg, level) + 1 ==
							    viz_cell_column(p.lon_udeg, level));
		assert_true(ne.lon_udeg > 180000000 || viz_cell_column(ne.lon_udeg, level) ==
							   viz_cell_column(p.lon_udeg, level) + 1);
	}
}

static void what_is_no_cell(void **state)
{
	(void)state;
	assert_false(viz_cell_valid(0));
	assert_false(viz_cell_valid(2));
	assert_false(viz_cell_valid(UINT64_C(1) << 39));
	assert_false(viz_cell_valid(UINT64_C(1) << 41));
	assert_false(viz_cell_valid((UINT64_C(1) << 41) | 1));
	assert_false(viz_cell_valid(UINT64_MAX));
	assert_true(viz_cell_valid(1));
	assert_true(viz_cell_valid((UINT64_C(1) << 41) - 1));
	assert_true(viz_cell_valid(UINT64_C(1) << 40));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(vectors_of_the_decimal_oracle),
	    cmocka_unit_test(the_ends_of_the_world),
	    cmocka_unit_test(rows_are_monotonous),
	    cmocka_unit_test(ids_contain_level_parent_and_place),
	    cmocka_unit_test(ranges_nest),
	    cmocka_unit_test(bounds_are_exact),
	    cmocka_unit_test(what_is_no_cell),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
