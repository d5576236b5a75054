/* Random numbers and random rings, for the tests of geometry. */
#ifndef VIZ_TESTS_SHAPES_H
#define VIZ_TESTS_SHAPES_H

#include "tests/unit/unit.h"

#include "proto/geo/geometry.h"

static inline uint64_t random_next(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

static inline int32_t random_in(uint64_t *state, int32_t lo, int32_t hi)
{
	return (int32_t)((int64_t)lo +
			 (int64_t)(random_next(state) % (uint64_t)((int64_t)hi - lo + 1)));
}

static inline void add(struct viz_geometry *g, const struct viz_point *ring, size_t n, bool hole)
{
	enum viz_geometry_fault why;

	assert_int_equal(viz_geometry_add_ring(g, &why, ring, n, hole), 0);
}

/* Makes random rings in a small area. Most of them cross themselves. */
static inline void random_geometry(struct viz_geometry *g, uint64_t *seed, int32_t lat, int32_t lon,
				   int32_t size)
{
	size_t polygons = 1 + random_next(seed) % 2;

	viz_geometry_init(g);
	while (g->polygons_n < polygons) {
		for (size_t ring = 0, rings = 1 + random_next(seed) % 3; ring < rings; ring++) {
			struct viz_point p[9];
			size_t n = 3 + random_next(seed) % 7;
			enum viz_geometry_fault why;

			for (size_t i = 0; i < n; i++)
				p[i] = (struct viz_point){lat + random_in(seed, 0, size),
							  lon + random_in(seed, 0, size)};
			if (viz_geometry_add_ring(g, &why, p, n, ring > 0) != 0)
				assert_int_equal(why, g->polygons_n == 0 && ring > 0
							  ? VIZ_GEOMETRY_NO_POLYGON
							  : VIZ_GEOMETRY_TOO_FEW);
		}
	}
}

#endif
