/* Takes the points of the parsers, and checks where points and polygons lie. */
#include "tools/import/import_internal.h"

#include "tools/geo/astray.h"
#include "tools/geo/coordinate.h"

#define OFFSHORE_M    5000u /* a pier, an islet, a coarse outline: kept with a warning */
#define BESIDE_POINTS 256u  /* of a ring, about: how far it is from an outline */

static bool coordinate_error(struct import_job *job, int err, const char *which)
{
	if (err == VIZ_ERR_LIMIT)
		viz_import_error(job, VIZ_IMPORT_RANGE, VIZ_IMPORT_TEXT_DEGREES_RANGE, which);
	else
		viz_import_error(job, VIZ_IMPORT_EXPECTED, VIZ_IMPORT_TEXT_DEGREES, which);
	return false;
}

bool viz_import_plant_lat_lon(struct import_job *job, struct viz_point *p, const char *lat,
			      const char *lon)
{
	/* a latitude beyond 90 may be an exchanged longitude: viz_import_plant_points says so */
	int err = viz_coordinate_parse(&p->lat_udeg, lat, VIZ_LON_UDEG_MAX);

	if (err)
		return coordinate_error(job, err, "latitude");
	err = viz_coordinate_parse(&p->lon_udeg, lon, VIZ_LON_UDEG_MAX);
	return err ? coordinate_error(job, err, "longitude") : true;
}

bool viz_import_plant_lat_lon_double(struct import_job *job, struct viz_point *p, double lat,
				     double lon)
{
	int err = viz_coordinate_from_double(&p->lat_udeg, lat, VIZ_LON_UDEG_MAX);

	if (err)
		return coordinate_error(job, err, "latitude");
	err = viz_coordinate_from_double(&p->lon_udeg, lon, VIZ_LON_UDEG_MAX);
	return err ? coordinate_error(job, err, "longitude") : true;
}

/* A point that is in no municipality: what its owner may have meant. */
static void leave_out_point(struct import_job *job, struct viz_point p)
{
	double lat = p.lat_udeg / 1e6, lon = p.lon_udeg / 1e6;
	struct viz_astray astray;

	switch (viz_astray_find(&astray, job->opt->gazetteer, p)) {
	case VIZ_ASTRAY_ZERO:
		viz_import_leave_out(job, VIZ_IMPORT_ABROAD, VIZ_IMPORT_TEXT_ASTRAY_ZERO, lat, lon);
		return;
	case VIZ_ASTRAY_SIGNS:
		viz_import_leave_out(job, VIZ_IMPORT_ABROAD, VIZ_IMPORT_TEXT_ASTRAY_SIGNS, lat, lon,
				     astray.meant.lat_udeg / 1e6, astray.meant.lon_udeg / 1e6,
				     astray.town.name, astray.town.uf);
		return;
	case VIZ_ASTRAY_SWAPPED:
		viz_import_error(job, VIZ_IMPORT_SWAPPED, VIZ_IMPORT_TEXT_SWAPPED,
				 astray.meant.lat_udeg / 1e6, astray.meant.lon_udeg / 1e6);
		return;
	case VIZ_ASTRAY_BOTH:
		viz_import_leave_out(job, VIZ_IMPORT_ABROAD, VIZ_IMPORT_TEXT_ASTRAY_BOTH, lat, lon,
				     astray.meant.lat_udeg / 1e6, astray.meant.lon_udeg / 1e6,
				     astray.town.name, astray.town.uf);
		return;
	case VIZ_ASTRAY_NEAR:
		viz_import_leave_out(job, VIZ_IMPORT_ABROAD, VIZ_IMPORT_TEXT_ASTRAY_NEAR, lat, lon,
				     astray.metres / 1000, astray.town.name, astray.town.uf);
		return;
	case VIZ_ASTRAY_FAR:
		break;
	}
	if (viz_coordinate_in_brazil(p))
		viz_import_leave_out(job, VIZ_IMPORT_ABROAD, VIZ_IMPORT_TEXT_POINT_AT_SEA, lat,
				     lon);
	else
		viz_import_leave_out(job, VIZ_IMPORT_ABROAD, VIZ_IMPORT_TEXT_ABROAD, lat, lon);
}

bool viz_import_plant_points(struct import_job *job, const struct viz_point *points, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct viz_point p = points[i];

		if (viz_coordinate_looks_swapped(p)) {
			viz_import_error(job, VIZ_IMPORT_SWAPPED, VIZ_IMPORT_TEXT_SWAPPED,
					 p.lon_udeg / 1e6, p.lat_udeg / 1e6);
			return false;
		}
		if (!viz_point_valid(p)) {
			viz_import_error(job, VIZ_IMPORT_RANGE, VIZ_IMPORT_TEXT_LATITUDE_RANGE,
					 p.lat_udeg / 1e6);
			return false;
		}
		if (!viz_coordinate_in_brazil(p) && !job->opt->allow_abroad) {
			leave_out_point(job, p);
			return false;
		}
	}
	return true;
}

void viz_import_plant_fault(struct import_job *job, enum viz_geometry_fault fault)
{
	switch (fault) {
	case VIZ_GEOMETRY_SOUND:
	case VIZ_GEOMETRY_BAD_POINT:
		viz_import_leave_out(job, VIZ_IMPORT_EXPECTED, VIZ_IMPORT_TEXT_POSITION_RANGE);
		return;
	case VIZ_GEOMETRY_NO_POLYGON:
		viz_import_leave_out(job, VIZ_IMPORT_EXPECTED, VIZ_IMPORT_TEXT_HOLE_ALONE);
		return;
	case VIZ_GEOMETRY_TOO_FEW:
		viz_import_leave_out(job, VIZ_IMPORT_RING, VIZ_IMPORT_TEXT_RING_POINTS);
		return;
	case VIZ_GEOMETRY_ANTIMERIDIAN:
		viz_import_leave_out(job, VIZ_IMPORT_RING, VIZ_IMPORT_TEXT_ANTIMERIDIAN);
		return;
	case VIZ_GEOMETRY_BAD_RADIUS:
		viz_import_error(job, VIZ_IMPORT_RANGE, VIZ_IMPORT_TEXT_RADIUS_RANGE,
				 VIZ_GEOMETRY_RADIUS_MAX_M);
		return;
	case VIZ_GEOMETRY_TOO_MANY:
		viz_import_error(job, VIZ_IMPORT_TOO_MUCH, VIZ_IMPORT_TEXT_VERTICES,
				 VIZ_GEOMETRY_VERTICES_MAX, VIZ_GEOMETRY_CIRCLES_MAX);
		return;
	case VIZ_GEOMETRY_NO_MEMORY:
		job->fatal = VIZ_ERR_NOMEM;
		return;
	}
}

void viz_import_plant_size(struct import_job *job, double size)
{
	if (size <= job->largest_size)
		return;
	job->largest_size = size;
	job->largest = job->where;
}

bool viz_import_plant_beside(struct import_job *job, const struct viz_point *points, size_t n)
{
	size_t step = n / BESIDE_POINTS + 1;
	struct viz_municipality m, best = {0};
	uint32_t metres, least = UINT32_MAX;

	for (size_t i = 0; i < n; i += step)
		if (viz_gazetteer_near(job->opt->gazetteer, &m, &metres, points[i], OFFSHORE_M) ==
			0 &&
		    metres < least) {
			least = metres;
			best = m;
		}
	if (least == UINT32_MAX)
		return false;
	if (least > VIZ_GAZETTEER_GAP_M)
		viz_import_warning(job, VIZ_IMPORT_ABROAD, VIZ_IMPORT_TEXT_NEAR_TOWN, least,
				   best.name);
	viz_import_collect_beside(job, best.ibge);
	return true;
}

void viz_import_plant_circle(struct import_job *job, struct viz_point center, uint32_t radius_m)
{
	enum viz_geometry_fault why;
	struct viz_municipality m;

	if (!viz_import_plant_points(job, &center, 1))
		return;
	if (!job->opt->allow_abroad && viz_gazetteer_at(job->opt->gazetteer, &m, center) != 0 &&
	    !viz_import_plant_beside(job, &center, 1)) {
		leave_out_point(job, center);
		return;
	}
	radius_m = radius_m ? radius_m : job->radius_m;
	if (viz_geometry_add_circle(&job->out->plant, &why,
				    (struct viz_circle){center, radius_m}) != 0) {
		viz_import_plant_fault(job, why);
		return;
	}
	viz_import_plant_size(job,
			      (double)radius_m * radius_m * 330.0); /* in microdegrees, squared */
	job->report->points++;
	job->used++;
}
