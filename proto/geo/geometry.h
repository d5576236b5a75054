/* The private plant of a provider: where it can install. Polygons with holes and circles (boxes and
 * towers with a radius), in whole microdegrees. It never leaves its node; only cells that cover it
 * are published.
 *
 * A ring is kept open (its last point is not its first) and has no equal neighbours. The even-odd
 * rule over all rings of a polygon decides what is inside. So a hole may touch or leave its outer
 * ring, and a ring that crosses itself still has a meaning. The boundary is inside. Between two
 * vertices the edge is straight in latitude and longitude. Decisions about polygons are exact
 * integer arithmetic. A ring that steps over the antimeridian is refused, as is a circle that
 * touches it.
 *
 * Encoded form: canonical msgpack (proto/reader.h),
 *
 *   [1, polygons, circles]; polygon = [ring, ...]; ring = [lat, lon, dlat, dlon, ...] as
 *   differences to the point before; circle = [lat, lon, radius_m]. */
#ifndef VIZ_PROTO_GEO_GEOMETRY_H
#define VIZ_PROTO_GEO_GEOMETRY_H

#include "proto/geo/cell.h"

struct viz_circle {
	struct viz_point center;
	uint32_t radius_m; /* 1 to VIZ_GEOMETRY_RADIUS_MAX_M */
};

/* Read freely; change only through the functions below. Ring r has the points from ring_end[r - 1]
 * (or 0) to ring_end[r] - 1. Polygon p has the rings from polygon_end[p - 1] (or 0) to
 * polygon_end[p] - 1, and boxes[p] surrounds it. */
struct viz_geometry {
	struct viz_point *points;
	size_t points_n;
	uint32_t *ring_end;
	size_t rings_n;
	uint32_t *polygon_end;
	struct viz_box *boxes;
	size_t polygons_n;
	struct viz_circle *circles;
	size_t circles_n;
	size_t points_max, rings_max, polygons_max, circles_max; /* allocated */
};

/* Why a ring or a circle was refused. */
enum viz_geometry_fault {
	VIZ_GEOMETRY_SOUND = 0,
	VIZ_GEOMETRY_BAD_POINT,    /* a latitude or longitude out of range */
	VIZ_GEOMETRY_TOO_FEW,      /* fewer than three different points in a ring */
	VIZ_GEOMETRY_ANTIMERIDIAN, /* an edge longer than 180 degrees, a circle over the edge of the
				      map */
	VIZ_GEOMETRY_BAD_RADIUS,   /* 0, or more than VIZ_GEOMETRY_RADIUS_MAX_M */
	VIZ_GEOMETRY_NO_POLYGON,   /* a hole before any outer ring */
	VIZ_GEOMETRY_TOO_MANY,     /* past a limit of proto/geo/limits.h */
	VIZ_GEOMETRY_NO_MEMORY,
};

void viz_geometry_init(struct viz_geometry *g);
void viz_geometry_free(struct viz_geometry *g);

/* Adds a ring of `n` points, closed or open; equal neighbours are dropped. It is the outer ring of
 * a new polygon, or with `hole` one more ring of the last polygon. On failure nothing is added,
 * *why has the reason, and the result is VIZ_ERR_MEANING, VIZ_ERR_LIMIT or VIZ_ERR_NOMEM. */
int viz_geometry_add_ring(struct viz_geometry *g, enum viz_geometry_fault *why,
			  const struct viz_point *points, size_t n, bool hole);

int viz_geometry_add_circle(struct viz_geometry *g, enum viz_geometry_fault *why,
			    struct viz_circle circle);

bool viz_geometry_is_empty(const struct viz_geometry *g);

/* Removes the last ring, which must be a hole. A caller that compares rings after adding them uses
 * this for a ring that turns out to be no hole. */
void viz_geometry_drop_hole(struct viz_geometry *g);

/* Whether the point is in any polygon or circle. Linear in the vertices of the polygons whose box
 * holds the point. */
bool viz_geometry_contains(const struct viz_geometry *g, struct viz_point p);

/* The distance from the point to the geometry, in centimetres: 0 inside. UINT32_MAX when it is
 * empty. */
uint32_t viz_geometry_distance_cm(const struct viz_geometry *g, struct viz_point p);

/* The smallest box around all; VIZ_ERR_ABSENT when empty. */
int viz_geometry_box(const struct viz_geometry *g, struct viz_box *box);

/* The covered area in square metres, within 1 %. What lies in several parts counts once;
 * viz_geometry_contains says what is inside. VIZ_ERR_NOMEM. */
int viz_geometry_area_m2(uint64_t *m2, const struct viz_geometry *g);

/* The area inside ring `a` by the even-odd rule, in two parts: what is inside another ring too, and
 * the rest. */
struct viz_ring_overlap {
	uint64_t both_m2;
	uint64_t only_m2;
	uint64_t
	    edge_m2; /* a strip of one metre along ring `a`: an area below it is only rounding */
};

/* Within 1 % of ring a's area. VIZ_ERR_NOMEM. */
int viz_geometry_area_overlap(struct viz_ring_overlap *out, const struct viz_geometry *g, size_t a,
			      size_t b);

/* Whether ring `r` crosses or touches itself. This is a warning for its owner; the even-odd rule
 * gives it a meaning. Gives up, with false, after some 50 million comparisons. */
bool viz_geometry_ring_crosses(const struct viz_geometry *g, size_t r);

/* The cells of `level` that hold a point of the geometry, normalised, in *cells, which the caller
 * frees. A cell takes the points from its own first microdegree up to, and without, the first of
 * the next cell. Exact for polygons; for circles a superset by less than 2 m at 70 km and less than
 * 1 cm below 10 km. VIZ_ERR_LIMIT past VIZ_REGION_COVER_MAX cells, VIZ_ERR_NOMEM. */
int viz_geometry_cover(uint64_t **cells, size_t *n, const struct viz_geometry *g, unsigned level);

/* Encoded bytes in *out, which the caller frees. VIZ_ERR_LIMIT past VIZ_GEOMETRY_BYTES_MAX,
 * VIZ_ERR_NOMEM. */
int viz_geometry_code_write(uint8_t **out, size_t *len, const struct viz_geometry *g);

/* Decodes into a geometry that was initialised and is empty; on failure it stays so. VIZ_ERR_FORM,
 * VIZ_ERR_MEANING (rings that add_ring would refuse or change), VIZ_ERR_LIMIT, VIZ_ERR_NOMEM. */
int viz_geometry_code_read(struct viz_geometry *g, const uint8_t *bytes, size_t len);

#endif
