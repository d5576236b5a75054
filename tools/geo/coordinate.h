/* Degrees as text, rounded to whole microdegrees, half away from zero. The rounding is exact, so
 * that every file format and every form puts the same text into the same cell. */
#ifndef VIZ_TOOLS_GEO_COORDINATE_H
#define VIZ_TOOLS_GEO_COORDINATE_H

#include "proto/geo/cell.h"

#define VIZ_LAT_UDEG_MAX 90000000
#define VIZ_LON_UDEG_MAX 180000000

/* Reads a decimal number with a point or a comma ("-19.391", "-40,0717"). A sign may stand before
 * it, and blanks around it. VIZ_ERR_INPUT for anything else, VIZ_ERR_LIMIT past +-`max_udeg`. */
int viz_coordinate_parse(int32_t *udeg, const char *text, int32_t max_udeg);

/* The same for a number that a JSON parser has read already, printed with 10 decimals.
 * VIZ_ERR_LIMIT for NaN and for what is too large. */
int viz_coordinate_from_double(int32_t *udeg, double degrees, int32_t max_udeg);

/* Whether the point lies in the box around Brazil and its islands. A quick first answer: only the
 * gazetteer knows the border. */
bool viz_coordinate_in_brazil(struct viz_point p);

/* Whether the point lies outside that box, but inside it with latitude and longitude exchanged. */
bool viz_coordinate_looks_swapped(struct viz_point p);

#endif
