/* The forms of a point in text: coordinates and links. For place.c. */
#ifndef VIZ_TOOLS_GEO_PLACE_PARSE_H
#define VIZ_TOOLS_GEO_PLACE_PARSE_H

#include "tools/geo/place.h"

struct place_point {
	struct viz_point point;
	uint32_t precision_m;
};

/* "-19.3911, -40.0717", "-19,3911 -40,0717", "19°23'28\"S 40°04'18\"W", with or without "lat" and
 * "lon". VIZ_ERR_ABSENT when it is none of these, VIZ_ERR_LIMIT for degrees that cannot be. */
int viz_place_parse_coordinates(struct place_point *p, const char *text);

/* A link of a map, or geo:. VIZ_ERR_ABSENT when it is no link, VIZ_ERR_STATE for a short link that
 * has to be opened first, VIZ_ERR_INPUT for one without a place, VIZ_ERR_LIMIT as above. */
int viz_place_parse_link(struct place_point *p, const char *text);

/* A link of directions (maps/dir/A/B): where it ends. Either *p, and `to` is "", or the words of
 * its last stop in `to`. VIZ_ERR_ABSENT when it is none, VIZ_ERR_INPUT when its end is not clear,
 * VIZ_ERR_LIMIT as above. */
int viz_place_parse_directions(struct place_point *p, char *to, size_t max, const char *text);

#endif
