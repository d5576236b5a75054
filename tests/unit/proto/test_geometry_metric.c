/* Distances and areas. */
#include "tests/unit/proto/shapes.h"

static void distances_against_the_geodesic(void **state)
{
	char path[512], line[160];
	unsigned count = 0;
	double worst = 0;
	FILE *f;

	(void)state;
	snprintf(path, sizeof path, "%s/distance.json", getenv("VIZ_VECTORS"));
	f = fopen(path, "r");
	assert_non_null(f);
	while (fgets(line, sizeof line, f)) {
		int lat, lon, lat2, lon2, cm;
		double error;

		if (sscanf(line, "[%d, %d, %d, %d, %d]", &lat, &lon, &lat2, &lon2, &cm) != 5)
			continue;
		error = (double)viz_point_distance_cm((struct viz_point){lat, lon},
						      (struct viz_point){lat2, lon2}) -
			cm;
		error = error < 0 ? -error : error;
		error = error < 3 ? 0 : error / cm; /* three centimetres of rounding are allowed */
		worst = error > worst ? error : worst;
		count++;
	}
	fclose(f);
	assert_int_equal(count, 400);
	assert_true(worst < 0.001);
	assert_int_equal(viz_point_distance_cm((struct viz_point){0, -179999990},
					       (struct viz_point){0, 179999990}),
			 222);
	/* half way round the earth the formula is not exact, but still in its range */
	assert_true(viz_point_distance_cm((struct viz_point){0, -90000000},
					  (struct viz_point){0, 90000000}) > 2000000000u);
}

static uint64_t area(const struct viz_geometry *g)
{
	uint64_t m2 = 1;

	assert_int_equal(viz_geometry_area_m2(&m2, g), 0);
	return m2;
}

static void areas(void **state)
{
	/* one degree by one degree at the equator has 12,308.8 km2 on the ellipsoid */
	static const struct viz_point degree[] = {
	    {0, 0}, {0, 1000000}, {1000000, 1000000}, {1000000, 0}};
	static const struct viz_point hole[] = {
	    {0, 0}, {0, 500000}, {1000000, 500000}, {1000000, 0}};
	struct viz_geometry g;
	enum viz_geometry_fault why;

	(void)state;
	viz_geometry_init(&g);
	add(&g, degree, 4, false);
	assert_in_range(area(&g), 12308800000ull / 1000 * 999, 12308800000ull / 1000 * 1001);
	add(&g, hole, 4, true);
	assert_in_range(area(&g), 6154400000ull / 1000 * 999, 6154400000ull / 1000 * 1001);
	viz_geometry_free(&g);
	assert_int_equal(viz_geometry_add_circle(&g, &why, (struct viz_circle){{0, 0}, 100}), 0);
	assert_in_range(area(&g), 31300, 31530);
	viz_geometry_free(&g);
	assert_int_equal(area(&g), 0);
}

/* What several parts cover counts once. Where a ring crosses itself the even-odd rule decides. */
static void areas_of_what_is_covered(void **state)
{
	/* half of the box of 0.1 by 0.1 degrees, which has 123.088 km2 at the equator */
	static const struct viz_point bow[] = {{0, 0}, {100000, 100000}, {0, 100000}, {100000, 0}};
	static const struct viz_point square[] = {
	    {0, 0}, {0, 100000}, {100000, 100000}, {100000, 0}};
	static const struct viz_point beside[] = {
	    {0, 50000}, {0, 150000}, {100000, 150000}, {100000, 50000}};
	struct viz_geometry g;
	enum viz_geometry_fault why;

	(void)state;
	viz_geometry_init(&g);
	add(&g, bow, 4, false);
	assert_in_range(area(&g), 61000000, 62100000);
	add(&g, square, 4, false);
	assert_in_range(area(&g), 122400000, 123700000);
	add(&g, square, 4, false);
	assert_in_range(area(&g), 122400000, 123700000);
	add(&g, beside, 4, false);
	assert_in_range(area(&g), 183700000, 185600000);
	/* two equal boxes far away, and one by itself */
	for (int32_t i = 0; i < 3; i++)
		assert_int_equal(
		    viz_geometry_add_circle(
			&g, &why, (struct viz_circle){{-30000000 + i / 2 * 9000, 0}, 300}),
		    0);
	assert_in_range(area(&g), 184200000, 186200000);
	viz_geometry_free(&g);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(distances_against_the_geodesic),
	    cmocka_unit_test(areas),
	    cmocka_unit_test(areas_of_what_is_covered),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
