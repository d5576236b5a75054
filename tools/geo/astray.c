#include "tools/geo/astray.h"

#include "tools/geo/coordinate.h"

#define ZERO_UDEG 10000 /* about a kilometre: a value that was nearly nothing */

static bool lies_in(struct viz_astray *out, const struct viz_gazetteer *g, int32_t lat, int32_t lon)
{
	struct viz_point p = {lat, lon};

	if (!viz_point_valid(p) || viz_gazetteer_at(g, &out->town, p) != 0)
		return false;
	out->meant = p;
	return true;
}

enum viz_astray_kind viz_astray_find(struct viz_astray *out, const struct viz_gazetteer *g,
				     struct viz_point p)
{
	int32_t lat = p.lat_udeg, lon = p.lon_udeg;

	*out = (struct viz_astray){0};
	if (abs(lat) < ZERO_UDEG && abs(lon) < ZERO_UDEG)
		return VIZ_ASTRAY_ZERO;
	/* the north of Brazil has latitudes without minus: the longitude alone comes first */
	if ((lon > 0 && lies_in(out, g, lat, -lon)) || (lat > 0 && lies_in(out, g, -lat, lon)) ||
	    (lat > 0 && lon > 0 && lies_in(out, g, -lat, -lon)))
		return VIZ_ASTRAY_SIGNS;
	if (lies_in(out, g, lon, lat))
		return VIZ_ASTRAY_SWAPPED;
	if (lat > 0 && lon > 0 && (lies_in(out, g, -lon, -lat) || lies_in(out, g, lon, -lat)))
		return VIZ_ASTRAY_BOTH;
	if (viz_gazetteer_near(g, &out->town, &out->metres, p, VIZ_ASTRAY_NEAR_M) == 0)
		return VIZ_ASTRAY_NEAR;
	return VIZ_ASTRAY_FAR;
}
