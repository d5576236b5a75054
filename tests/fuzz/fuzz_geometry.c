#include "tests/fuzz/fuzz.h"

#include "proto/geo/geometry.h"
#include "proto/geo/region.h"

/* A decoded geometry has one encoding, and its covering contains its vertices. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct viz_geometry g;
	uint8_t *bytes;
	uint64_t *cells, area;
	size_t out, n;

	viz_geometry_init(&g);
	if (viz_geometry_code_read(&g, data, len) != 0)
		return 0;
	VIZ_REQUIRE(viz_geometry_code_write(&bytes, &out, &g) == 0);
	VIZ_REQUIRE(out == len && memcmp(bytes, data, len) == 0);
	free(bytes);
	VIZ_REQUIRE(viz_geometry_area_m2(&area, &g) == 0);
	for (size_t r = 0; r < g.rings_n; r++) {
		struct viz_ring_overlap o;

		viz_geometry_ring_crosses(&g, r);
		VIZ_REQUIRE(r == 0 || viz_geometry_area_overlap(&o, &g, r, 0) == 0);
	}
	if (viz_geometry_cover(&cells, &n, &g, 6) == 0) {
		for (size_t i = 0; i < g.points_n; i++)
			VIZ_REQUIRE(
			    viz_region_contains(cells, n, viz_cell_from_point(g.points[i], 6)));
		free(cells);
	}
	if (g.points_n > 0) {
		VIZ_REQUIRE(viz_geometry_contains(&g, g.points[0]));
		VIZ_REQUIRE(viz_geometry_distance_cm(&g, g.points[0]) == 0);
		viz_geometry_distance_cm(&g, (struct viz_point){0, 0});
	}
	viz_geometry_free(&g);
	return 0;
}
