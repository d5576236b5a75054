#include "tests/unit/proto/shapes.h"

#include "proto/geo/region.h"

/* The fault that a ring has when it is added to an empty geometry. */
static enum viz_geometry_fault fault_of(const struct viz_point *ring, size_t n)
{
	struct viz_geometry g;
	enum viz_geometry_fault why = VIZ_GEOMETRY_SOUND;

	viz_geometry_init(&g);
	if (viz_geometry_add_ring(&g, &why, ring, n, false) == 0)
		assert_int_equal(why, VIZ_GEOMETRY_SOUND);
	else
		assert_true(viz_geometry_is_empty(&g));
	viz_geometry_free(&g);
	return why;
}

static void bad_rings_are_named(void **state)
{
	static const struct viz_point two[] = {{0, 0}, {0, 5}, {0, 0}, {0, 5}, {0, 0}};
	static const struct viz_point range[] = {{0, 0}, {0, 5}, {90000001, 5}};
	static const struct viz_point around[] = {{0, 179000000}, {5, -179000000}, {9, 179000000}};
	static const struct viz_point closed[] = {{0, 0}, {0, 0}, {0, 5}, {7, 5}, {7, 5}, {0, 0}};
	struct viz_geometry g;
	enum viz_geometry_fault why;

	(void)state;
	assert_int_equal(fault_of(two, 5), VIZ_GEOMETRY_TOO_FEW);
	assert_int_equal(fault_of(two, 0), VIZ_GEOMETRY_TOO_FEW);
	assert_int_equal(fault_of(range, 3), VIZ_GEOMETRY_BAD_POINT);
	assert_int_equal(fault_of(around, 3), VIZ_GEOMETRY_ANTIMERIDIAN);
	viz_geometry_init(&g);
	assert_int_equal(viz_geometry_add_ring(&g, &why, closed, 6, true), VIZ_ERR_MEANING);
	assert_int_equal(why, VIZ_GEOMETRY_NO_POLYGON);
	add(&g, closed, 6, false);
	assert_int_equal(g.points_n, 3);
	assert_int_equal(viz_geometry_add_circle(&g, &why, (struct viz_circle){{0, 0}, 0}),
			 VIZ_ERR_MEANING);
	assert_int_equal(why, VIZ_GEOMETRY_BAD_RADIUS);
	assert_int_equal(viz_geometry_add_circle(&g, &why, (struct viz_circle){{0, 0}, 70001}),
			 VIZ_ERR_MEANING);
	assert_int_equal(
	    viz_geometry_add_circle(&g, &why, (struct viz_circle){{0, 179999990}, 100}),
	    VIZ_ERR_MEANING);
	assert_int_equal(why, VIZ_GEOMETRY_ANTIMERIDIAN);
	assert_int_equal(viz_geometry_add_circle(&g, &why, (struct viz_circle){{90000000, 0}, 100}),
			 VIZ_ERR_MEANING);
	assert_int_equal(g.circles_n, 0);
	viz_geometry_free(&g);
}

static void square_with_a_hole(void **state)
{
	static const struct viz_point outer[] = {{0, 0}, {0, 100}, {100, 100}, {100, 0}};
	static const struct viz_point hole[] = {{40, 40}, {40, 60}, {60, 60}, {60, 40}};
	struct viz_geometry g;
	struct viz_box box;

	(void)state;
	viz_geometry_init(&g);
	assert_int_equal(viz_geometry_box(&g, &box), VIZ_ERR_ABSENT);
	assert_int_equal(viz_geometry_distance_cm(&g, (struct viz_point){0, 0}), UINT32_MAX);
	add(&g, outer, 4, false);
	add(&g, hole, 4, true);
	assert_true(viz_geometry_contains(&g, (struct viz_point){20, 20}));
	assert_false(viz_geometry_contains(&g, (struct viz_point){50, 50}));
	assert_false(viz_geometry_contains(&g, (struct viz_point){50, 101}));
	assert_false(viz_geometry_contains(&g, (struct viz_point){-1, 50}));
	/* boundaries and corners, also of the hole */
	assert_true(viz_geometry_contains(&g, (struct viz_point){0, 0}));
	assert_true(viz_geometry_contains(&g, (struct viz_point){100, 100}));
	assert_true(viz_geometry_contains(&g, (struct viz_point){50, 100}));
	assert_true(viz_geometry_contains(&g, (struct viz_point){100, 50}));
	assert_true(viz_geometry_contains(&g, (struct viz_point){40, 50}));
	assert_true(viz_geometry_contains(&g, (struct viz_point){60, 60}));
	assert_int_equal(viz_geometry_box(&g, &box), 0);
	assert_int_equal(box.north_udeg, 100);
	assert_int_equal(viz_geometry_distance_cm(&g, (struct viz_point){20, 20}), 0);
	/* 10 microdegrees of longitude at the equator are 111.3 cm */
	assert_in_range(viz_geometry_distance_cm(&g, (struct viz_point){50, 50}), 109, 112);
	assert_in_range(viz_geometry_distance_cm(&g, (struct viz_point){50, 110}), 110, 112);
	viz_geometry_free(&g);
}

/* The oracle's even-odd ray goes north, and that of the code goes east. */
static bool oracle_holds(const struct viz_geometry *g, struct viz_point p)
{
	size_t ring = 0, from = 0;

	for (size_t poly = 0; poly < g->polygons_n; poly++) {
		bool inside = false;

		for (; ring < g->polygon_end[poly]; ring++) {
			size_t n = g->ring_end[ring] - from;

			for (size_t i = 0; i < n; i++) {
				struct viz_point a = g->points[from + i],
						 b = g->points[from + (i + 1) % n];
				int64_t ax = a.lon_udeg - p.lon_udeg, ay = a.lat_udeg - p.lat_udeg;
				int64_t bx = b.lon_udeg - p.lon_udeg, by = b.lat_udeg - p.lat_udeg;
				int64_t cross = ax * by - ay * bx, dot = ax * bx + ay * by;

				if (cross == 0 && dot <= 0)
					return true;
				if ((ax <= 0) != (bx <= 0) && (ax < bx) == (cross < 0))
					inside = !inside;
			}
			from = g->ring_end[ring];
		}
		if (inside)
			return true;
	}
	return false;
}

static void contains_agrees_with_an_oracle(void **state)
{
	uint64_t seed = 12345;

	(void)state;
	for (int round = 0; round < 300; round++) {
		struct viz_geometry g;

		random_geometry(&g, &seed, -20, -20, 24);
		for (int32_t lat = -22; lat < 8; lat++)
			for (int32_t lon = -22; lon < 8; lon++) {
				struct viz_point p = {lat, lon};

				assert_int_equal(viz_geometry_contains(&g, p), oracle_holds(&g, p));
			}
		viz_geometry_free(&g);
	}
}

/* A limit of the parameter t of an edge, as a fraction. */
struct bound {
	int64_t num, den;
	bool open;
};

static bool less(struct bound a, struct bound b)
{
	return a.num * b.den < b.num * a.den;
}

/* Narrows [from, to] to the t with lo <= v + t d < hi. False when nothing is left. */
static bool narrow(struct bound *from, struct bound *to, int64_t v, int64_t d, int64_t lo,
		   int64_t hi)
{
	struct bound in, out;

	if (d == 0)
		return v >= lo && v < hi;
	in = d > 0 ? (struct bound){lo - v, d, false} : (struct bound){v - hi, -d, true};
	out = d > 0 ? (struct bound){hi - v, d, true} : (struct bound){v - lo, -d, false};
	if (less(*from, in) || (!less(in, *from) && in.open))
		*from = in;
	if (less(out, *to) || (!less(*to, out) && out.open))
		*to = out;
	return less(*from, *to) || (!less(*to, *from) && !from->open && !to->open);
}

static bool oracle_touches(const struct viz_geometry *g, struct viz_box cell)
{
	size_t from_point = 0;

	for (size_t ring = 0; ring < g->rings_n; ring++) {
		size_t n = g->ring_end[ring] - from_point;

		for (size_t i = 0; i < n; i++) {
			struct viz_point a = g->points[from_point + i];
			struct viz_point b = g->points[from_point + (i + 1) % n];
			struct bound from = {0, 1, false}, to = {1, 1, false};

			if (narrow(&from, &to, a.lon_udeg, b.lon_udeg - a.lon_udeg, cell.west_udeg,
				   cell.east_udeg + 1) &&
			    narrow(&from, &to, a.lat_udeg, b.lat_udeg - a.lat_udeg, cell.south_udeg,
				   cell.north_udeg + 1))
				return true;
		}
		from_point = g->ring_end[ring];
	}
	return oracle_holds(g, (struct viz_point){cell.south_udeg, cell.west_udeg});
}

static void covering_agrees_with_an_oracle(void **state)
{
	uint64_t seed = 777;

	(void)state;
	for (int round = 0; round < 400; round++) {
		/* close to an edge of a row and of a column of level 20, in both hemispheres */
		unsigned level = 20 - (unsigned)(round % 3);
		uint32_t x0 = viz_cell_column(-41000000, level), y0;
		int32_t lat = round % 2 ? -20300000 : 3200000, size = round % 5 ? 1500 : 12;
		struct viz_geometry g;
		uint64_t *cells = NULL;
		size_t n = 0;
		struct viz_box box;
		struct viz_point origin;

		y0 = viz_cell_row(lat, level);
		origin = (struct viz_point){viz_cell_row_south(y0, level) - size / 3,
					    viz_cell_column_west(x0, level) - size / 3};
		random_geometry(&g, &seed, origin.lat_udeg, origin.lon_udeg, size);
		assert_int_equal(viz_geometry_cover(&cells, &n, &g, level), 0);
		assert_true(viz_region_is_normalised(cells, n));
		assert_int_equal(viz_geometry_box(&g, &box), 0);
		for (uint32_t y = viz_cell_row(box.north_udeg, level) - 1;
		     y <= viz_cell_row(box.south_udeg, level) + 1; y++)
			for (uint32_t x = viz_cell_column(box.west_udeg, level) - 1;
			     x <= viz_cell_column(box.east_udeg, level) + 1; x++) {
				uint64_t cell = viz_cell_from_xy(x, y, level);

				assert_int_equal(viz_region_contains(cells, n, cell),
						 oracle_touches(&g, viz_cell_bounds(cell)));
			}
		free(cells);
		viz_geometry_free(&g);
	}
}

/* A rectangle of exactly one cell is covered by that cell. One microdegree more takes the next
 * cell too. */
static void a_cell_covers_itself(void **state)
{
	uint64_t cell = viz_cell_from_point((struct viz_point){-19400000, -40060000}, 16), *cells;
	struct viz_box b = viz_cell_bounds(cell);
	size_t n = 0;

	(void)state;
	for (int32_t more = 0; more < 2; more++) {
		struct viz_point ring[] = {{b.south_udeg, b.west_udeg},
					   {b.south_udeg, b.east_udeg + more},
					   {b.north_udeg, b.east_udeg + more},
					   {b.north_udeg, b.west_udeg}};
		struct viz_geometry g;

		viz_geometry_init(&g);
		add(&g, ring, 4, false);
		assert_int_equal(viz_geometry_cover(&cells, &n, &g, 16), 0);
		assert_int_equal(n, 1 + more);
		free(cells);
		viz_geometry_free(&g);
	}
}

static void circles_are_covered(void **state)
{
	static const uint32_t radii[] = {1, 100, 900, 4000};
	uint64_t seed = 21;

	(void)state;
	for (int round = 0; round < 40; round++) {
		struct viz_circle c = {
		    {random_in(&seed, -33000000, 5000000), random_in(&seed, -73000000, -35000000)},
		    radii[round % 4]};
		struct viz_geometry g;
		enum viz_geometry_fault why;
		uint64_t *cells;
		size_t n = 0;
		int32_t r = (int32_t)c.radius_m * 11;

		viz_geometry_init(&g);
		assert_int_equal(viz_geometry_add_circle(&g, &why, c), 0);
		assert_int_equal(viz_geometry_cover(&cells, &n, &g, 17), 0);
		for (int i = 0; i < 3000; i++) {
			struct viz_point p = {c.center.lat_udeg + random_in(&seed, -r, r),
					      c.center.lon_udeg + random_in(&seed, -r, r)};
			bool in = viz_point_distance_cm(c.center, p) <= c.radius_m * 100;

			assert_int_equal(viz_geometry_contains(&g, p), in);
			if (in)
				assert_true(
				    viz_region_contains(cells, n, viz_cell_from_point(p, 17)));
		}
		/* no cell too many: each has a corner or its centre near the circle */
		for (size_t i = 0; i < n; i++) {
			struct viz_box b = viz_cell_bounds(cells[i]);
			struct viz_point m = viz_cell_center(cells[i]);
			uint32_t half =
			    viz_point_distance_cm(m, (struct viz_point){b.south_udeg, b.west_udeg});

			assert_true(viz_point_distance_cm(m, c.center) <=
				    c.radius_m * 100 + half + 2);
		}
		free(cells);
		viz_geometry_free(&g);
	}
}

static void rings_on_rings(void **state)
{
	static const struct viz_point outer[] = {
	    {0, 0}, {0, 100000}, {100000, 100000}, {100000, 0}};
	static const struct viz_point inside[] = {{20000, 20000}, {20000, 70000}, {70000, 50000}};
	static const struct viz_point half[] = {
	    {40000, 80000}, {40000, 120000}, {60000, 120000}, {60000, 80000}};
	static const struct viz_point away[] = {{0, 200000}, {0, 300000}, {50000, 250000}};
	/* a bar that crosses near one end and has no corner inside */
	static const struct viz_point bar[] = {
	    {10000, -900000}, {10000, 110000}, {20000, 110000}, {20000, -900000}};
	struct viz_ring_overlap o;
	struct viz_geometry g;

	(void)state;
	viz_geometry_init(&g);
	add(&g, outer, 4, false);
	add(&g, inside, 3, true);
	assert_int_equal(viz_geometry_area_overlap(&o, &g, 1, 0), 0);
	assert_true(o.only_m2 == 0 && o.both_m2 > 15000000 && o.edge_m2 > 16000);
	viz_geometry_drop_hole(&g);
	add(&g, half, 4, true);
	assert_int_equal(g.rings_n, 2);
	assert_int_equal(viz_geometry_area_overlap(&o, &g, 1, 0), 0);
	assert_in_range(o.only_m2, o.both_m2 / 100 * 99, o.both_m2 / 100 * 101);
	viz_geometry_drop_hole(&g);
	add(&g, away, 3, true);
	assert_int_equal(viz_geometry_area_overlap(&o, &g, 1, 0), 0);
	assert_true(o.both_m2 == 0 && o.only_m2 > 0);
	add(&g, bar, 4, true);
	assert_int_equal(viz_geometry_area_overlap(&o, &g, 2, 0), 0);
	assert_in_range(o.only_m2 * 100 / (o.only_m2 + o.both_m2), 89, 91);
	viz_geometry_free(&g);
}

static bool crosses(const struct viz_point *ring, size_t n)
{
	struct viz_geometry g;
	bool yes;

	viz_geometry_init(&g);
	add(&g, ring, n, false);
	yes = viz_geometry_ring_crosses(&g, 0);
	viz_geometry_free(&g);
	return yes;
}

static void crossings_are_seen(void **state)
{
	static const struct viz_point square[] = {{0, 0}, {0, 9}, {9, 9}, {9, 0}};
	static const struct viz_point bow[] = {{0, 0}, {9, 9}, {0, 9}, {9, 0}};
	static const struct viz_point touch[] = {{0, 0},   {0, 10}, {5, 5},
						 {10, 10}, {10, 0}, {5, 5}};
	static const struct viz_point spike[] = {{0, 0}, {0, 9}, {0, 5}, {9, 5}};
	static const struct viz_point straight[] = {{0, 0}, {0, 5}, {0, 9}, {9, 9}};
	static const struct viz_point triangle[] = {{0, 0}, {0, 5}, {9, 9}};

	(void)state;
	assert_false(crosses(square, 4));
	assert_false(crosses(straight, 4));
	assert_false(crosses(triangle, 3));
	assert_true(crosses(bow, 4));
	assert_true(crosses(touch, 6));
	assert_true(crosses(spike, 4));
}

static void a_large_ring_is_quick(void **state)
{
	static struct viz_point ring[200000];
	struct viz_geometry g;
	uint64_t *cells;
	size_t n = 0, count = sizeof ring / sizeof *ring;

	(void)state;
	/* a comb with a tooth at each vertex, the worst case for the marks of a row */
	for (size_t i = 0; i < count; i++)
		ring[i] =
		    (struct viz_point){i % 2 ? -20000000 : -20000000 + 3000 + (int32_t)(i % 97),
				       -41000000 + (int32_t)i};
	viz_geometry_init(&g);
	add(&g, ring, count, false);
	assert_int_equal(viz_geometry_cover(&cells, &n, &g, 18), 0);
	assert_true(n > 100);
	free(cells);
	assert_int_equal(viz_geometry_cover(&cells, &n, &g, 21), VIZ_ERR_LIMIT);
	viz_geometry_free(&g);
}

static void too_fine_a_covering_is_refused(void **state)
{
	static const struct viz_point wide[] = {
	    {-30000000, -60000000}, {-30000000, -40000000}, {0, -40000000}, {0, -60000000}};
	struct viz_geometry g;
	uint64_t *cells = NULL;
	size_t n = 5;

	(void)state;
	viz_geometry_init(&g);
	add(&g, wide, 4, false);
	assert_int_equal(viz_geometry_cover(&cells, &n, &g, 20), VIZ_ERR_LIMIT);
	assert_null(cells);
	assert_int_equal(n, 5);
	viz_geometry_free(&g);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(bad_rings_are_named),
	    cmocka_unit_test(square_with_a_hole),
	    cmocka_unit_test(contains_agrees_with_an_oracle),
	    cmocka_unit_test(covering_agrees_with_an_oracle),
	    cmocka_unit_test(a_cell_covers_itself),
	    cmocka_unit_test(circles_are_covered),
	    cmocka_unit_test(rings_on_rings),
	    cmocka_unit_test(crossings_are_seen),
	    cmocka_unit_test(a_large_ring_is_quick),
	    cmocka_unit_test(too_fine_a_covering_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
