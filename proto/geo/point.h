/* Points on the earth, and distances between them. */
#ifndef VIZ_PROTO_GEO_POINT_H
#define VIZ_PROTO_GEO_POINT_H

#include "proto/base.h"

struct viz_point {
	int32_t lat_udeg;
	int32_t lon_udeg;
};

/* Inclusive on all four sides. */
struct viz_box {
	int32_t south_udeg;
	int32_t west_udeg;
	int32_t north_udeg;
	int32_t east_udeg;
};

/* Latitude within +-90 degrees, longitude within +-180, both ends included. */
bool viz_point_valid(struct viz_point p);

/* The point without the digits that a place known to `precision_m` metres does not bear: on the
 * coarsest grid of a power of ten microdegrees that is no coarser than that. Rounding again changes
 * nothing. */
struct viz_point viz_point_round(struct viz_point p, uint32_t precision_m);

/* Distance in centimetres on the WGS 84 ellipsoid by its two radii of curvature at the middle
 * latitude, in integers: within 0.1 % below 70 km and 60 degrees, and an order of size beyond.
 * Source of the radii: Snyder, Map Projections (USGS PP 1395), section 4-18 to 4-20. */
uint32_t viz_point_distance_cm(struct viz_point a, struct viz_point b);

/* From p to the nearest point of the straight line from a to b. Computed in a plane around p, so it
 * is accurate only near p. */
uint32_t viz_point_edge_distance_cm(struct viz_point p, struct viz_point a, struct viz_point b);

/* For many points near one latitude: centimetres per microdegree (Q24) along the meridian and along
 * the parallel, and the distance from p to the edge ab at these scales. */
void viz_point_scales(int64_t *north, int64_t *east, int32_t lat_udeg);
uint32_t viz_point_edge_scaled_cm(struct viz_point p, struct viz_point a, struct viz_point b,
				  int64_t north, int64_t east);

#endif
