/* The forms of a point in text, for place.c: coordinates and links. */
#ifndef VIZ_TOOLS_GEO_PLACE_PARSE_H
#define VIZ_TOOLS_GEO_PLACE_PARSE_H

#include "tools/geo/place.h"

struct place_point {
	struct viz_point point;
	uint32_t precision_m;
};

/* Reads "-19.3911, -40.0717", "-19,3911 -40,0717", "19°23'28\"S 40°04'18\"W", with or without "lat"
 * and "lon". VIZ_ERR_ABSENT when the text is none of these, VIZ_ERR_LIMIT for degrees that do not
 * exist. */
int viz_place_coordinate_parse(struct place_point *p, const char *text);

/* Reads a link of a map, or a geo: URI. A place that the link names wins over the middle of the map
 * that was on the screen, which is as precise as that map. Where the name is a plus code or words
 * without a point, `words` has them, and *p the middle of the map, or 0 metres; else `words` is
 * empty. VIZ_ERR_ABSENT when the text is no link, VIZ_ERR_STATE for a short link that shows its
 * place only when it is opened, VIZ_ERR_INPUT for a link without a place, VIZ_ERR_LIMIT as above.
 */
int viz_place_url_parse(struct place_point *p, char *words, size_t max, const char *text);

/* Reads where a link of directions (maps/dir/A/B) ends: either the point in *p, with `to` empty, or
 * the words of the last stop in `to`. VIZ_ERR_ABSENT when the text is no such link, VIZ_ERR_INPUT
 * when its end is not clear, VIZ_ERR_LIMIT as above. */
int viz_place_url_parse_directions(struct place_point *p, char *to, size_t max, const char *text);

/* Whether the text begins as an address does: with "Rua", "Av.", "BR-101", "Quadra" ... */
bool viz_place_street_begins(const char *text);
/* The last part, after a comma or " - "; NULL: there is one part. Borrowed. */
const char *viz_place_street_last(const char *text);

#endif
