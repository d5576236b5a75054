/* Limits of the geographic part: what a region, a list of postcodes or a plant may hold. Past one
 * of them the input is rejected, never truncated. */
#ifndef VIZ_PROTO_GEO_LIMITS_H
#define VIZ_PROTO_GEO_LIMITS_H

#define VIZ_CELL_LEVEL_MAX        20u         /* tiles of about 38 m at the equator */
#define VIZ_REGION_CELLS_MAX      131072u     /* in one encoded region */
#define VIZ_REGION_COVER_MAX      (4u << 20)  /* cells of one covering, before normalisation */
#define VIZ_CEP_RANGES_MAX        8192u       /* of one coverage; Brazil has 6,614 in all */
#define VIZ_GEOMETRY_VERTICES_MAX 2000000u    /* of one plant, all rings together */
#define VIZ_GEOMETRY_RINGS_MAX    65536u      /* of one plant */
#define VIZ_GEOMETRY_POLYGONS_MAX 65536u      /* of one plant */
#define VIZ_GEOMETRY_CIRCLES_MAX  262144u     /* boxes (CTO) and towers of one plant */
#define VIZ_GEOMETRY_RADIUS_MAX_M 70000u      /* a tower's horizon */
#define VIZ_GEOMETRY_BYTES_MAX    (24u << 20) /* of one encoded plant */

#endif
