/* The look-up index with real shapes: plants as people draw them, covered by cells of level 16. */
#include "tests/unit/unit.h"

#include "proto/geo/geometry.h"
#include "tests/unit/store/lookup_bench.h"

#define SHAPES 24

/* Makes star-shaped rings around a centre, with holes: a plant as people draw it. */
static void draw_shape(struct viz_geometry *g, struct viz_draws *r, struct viz_point c)
{
	enum viz_geometry_fault why = VIZ_GEOMETRY_SOUND;
	struct viz_point ring[12];

	for (unsigned k = 0; k < 1 + viz_draw(r, 3); k++) {
		int32_t reach = k == 0 ? 90000 : 25000;

		for (size_t i = 0; i < 12; i++) {
			static const int8_t east[] = {64,  55,  32,  0, -32, -55,
						      -64, -55, -32, 0, 32,  55};
			int32_t far = reach / 2 + (int32_t)viz_draw(r, (uint32_t)reach / 2);
			int64_t lon = c.lon_udeg + (int64_t)far * east[i] / 64;

			lon = lon > 180000000 ? 180000000 : lon < -180000000 ? -180000000 : lon;
			ring[i].lat_udeg = c.lat_udeg + far * east[(i + 9) % 12] / 64;
			ring[i].lon_udeg = (int32_t)lon;
		}
		/* a ring that the edge of the map flattens may be invalid; then the shape goes
		 * without it */
		if (viz_geometry_add_ring(g, &why, ring, 12, k > 0) && k == 0)
			return;
	}
}

/* A corner of a cell, a point on its edge, or one beyond. */
static struct viz_point at_edge(struct viz_draws *r, uint64_t cell)
{
	struct viz_box x = viz_cell_bounds(cell);
	int64_t lat = viz_draw(r, 2) ? x.south_udeg : x.north_udeg;
	int64_t lon = viz_draw(r, 2) ? x.west_udeg : x.east_udeg;

	lat += (int64_t)viz_draw(r, 3) - 1;
	lon += (int64_t)viz_draw(r, 3) - 1;
	lat = lat > 90000000 ? 90000000 : lat < -90000000 ? -90000000 : lat;
	lon = lon > 180000000 ? 180000000 : lon < -180000000 ? -180000000 : lon;
	return (struct viz_point){(int32_t)lat, (int32_t)lon};
}

static bool holds(const uint64_t *cells, size_t n, struct viz_point p)
{
	uint64_t fine = viz_cell_from_point(p, 20);

	for (size_t i = 0; i < n; i++)
		if (viz_cell_contains(cells[i], fine))
			return true;
	return false;
}

/* Covering and index together find each member whose polygon has the point. They find exactly
 * the members that have the cell. */
static void polygons_with_holes(void **state)
{
	static const struct viz_point spots[] = {{-19391000, -40072000},
						 {-17000000, 179990000},
						 {-17000000, -179990000},
						 {30000, -51000000}};
	struct viz_bench *b = *state;
	struct viz_geometry g[SHAPES];
	uint64_t *cells[SHAPES];
	size_t n[SHAPES];
	size_t inside = 0;
	size_t outside = 0;

	viz_bench_begin(b);
	for (uint32_t i = 0; i < SHAPES; i++) {
		struct viz_point c = spots[i % 4];

		c.lat_udeg += (int32_t)viz_draw(&b->r, 60000);
		c.lon_udeg += (int32_t)viz_draw(&b->r, 10000) - 5000;
		viz_geometry_init(&g[i]);
		draw_shape(&g[i], &b->r, c);
		assert_int_equal(viz_geometry_cover(&cells[i], &n[i], &g[i], 16), 0);
		assert_int_equal(viz_lookup_set_cells(b->l, i, cells[i], n[i]), 0);
	}
	for (unsigned round = 0; round < 6000; round++) {
		uint32_t some = viz_draw(&b->r, SHAPES);
		struct viz_point p = spots[some % 4];
		uint32_t got[SHAPES];
		size_t got_n = 0;
		uint32_t found = 0;

		if (round % 2 && n[some] > 0) {
			p = at_edge(&b->r, cells[some][viz_draw(&b->r, (uint32_t)n[some])]);
		} else {
			int64_t lon = p.lon_udeg + (int64_t)viz_draw(&b->r, 300000) - 150000;

			p.lat_udeg += (int32_t)viz_draw(&b->r, 300000) - 150000;
			p.lon_udeg = (int32_t)(lon > 180000000    ? lon - 360000000
					       : lon < -180000000 ? lon + 360000000
								  : lon);
		}
		assert_int_equal(viz_lookup_point(b->l, got, &got_n, SHAPES, p), 0);
		for (size_t i = 0; i < got_n; i++) {
			assert_false(found >> got[i] & 1);
			found |= 1u << got[i];
		}
		for (uint32_t i = 0; i < SHAPES; i++) {
			bool in = viz_geometry_contains(&g[i], p);

			assert_int_equal(found >> i & 1, holds(cells[i], n[i], p));
			assert_true(!in || (found >> i & 1));
			inside += in;
			outside += !in && (found >> i & 1);
		}
	}
	assert_true(inside > 1000 && outside > 100);
	viz_bench_commit(b);
	for (uint32_t i = 0; i < SHAPES; i++) {
		viz_geometry_free(&g[i]);
		free(cells[i]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(polygons_with_holes, viz_bench_setup,
					    viz_bench_teardown),
	};

	return cmocka_run_group_tests_name("lookup_shapes", tests, NULL, NULL);
}
