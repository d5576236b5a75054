/* What the parts of geometry.h share. */
#ifndef VIZ_PROTO_GEO_GEOMETRY_INTERNAL_H
#define VIZ_PROTO_GEO_GEOMETRY_INTERNAL_H

#include "proto/geo/geometry.h"

/* Centimetres per microdegree, Q24, along the meridian and along the parallel. */
void viz_geometry_scales(int64_t *north, int64_t *east, int32_t lat_udeg);

#endif
