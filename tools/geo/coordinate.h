/* Degrees as text, brought to whole microdegrees: exactly, half away from zero, so that every file
 * format and every form puts the same text into the same cell. */
#ifndef VIZ_TOOLS_GEO_COORDINATE_H
#define VIZ_TOOLS_GEO_COORDINATE_H

#include "proto/geo/cell.h"

#define VIZ_LAT_UDEG_MAX 90000000
#define VIZ_LON_UDEG_MAX 180000000

/* A decimal number with a point or a comma, perhaps a sign, blanks around: "-19.391", "-40,0717".
 * VIZ_ERR_INPUT for anything else, VIZ_ERR_LIMIT past +-`max_udeg`. */
int viz_coordinate_parse(int32_t *udeg, const char *text, int32_t max_udeg);

/* The same for a number that a JSON parser has read already: by its shortest 10 decimals. NaN and
 * what is too large are VIZ_ERR_LIMIT. */
int viz_coordinate_from_double(int32_t *udeg, double degrees, int32_t max_udeg);

/* The box around Brazil with its islands: a quick first answer, the gazetteer has the second. */
bool viz_coordinate_in_brazil(struct viz_point p);

/* Outside Brazil's box, but inside with latitude and longitude exchanged. */
bool viz_coordinate_looks_swapped(struct viz_point p);

#endif
