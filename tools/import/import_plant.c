/* Takes the polygons and points of the parsers, and checks each one. */
#include "tools/import/import_internal.h"

#include "tools/geo/coordinate.h"

#define OFFSHORE_M 5000u /* a pier, a lagoon, a coarse outline: kept with a warning */

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
	/* a latitude beyond 90 may be an exchanged longitude: check_points says so */
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

/* Whether all points may be where they are. False with an error about the first that may not. */
static bool check_points(struct import_job *job, const struct viz_point *points, size_t n)
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
			viz_import_error(job, VIZ_IMPORT_ABROAD, VIZ_IMPORT_TEXT_ABROAD,
					 p.lat_udeg / 1e6, p.lon_udeg / 1e6);
			return false;
		}
	}
	return true;
}

static void geometry_error(struct import_job *job, enum viz_geometry_fault fault)
{
	switch (fault) {
	case VIZ_GEOMETRY_SOUND:
	case VIZ_GEOMETRY_BAD_POINT:
		viz_import_error(job, VIZ_IMPORT_EXPECTED, VIZ_IMPORT_TEXT_POSITION_RANGE);
		return;
	case VIZ_GEOMETRY_NO_POLYGON:
		viz_import_error(job, VIZ_IMPORT_EXPECTED, VIZ_IMPORT_TEXT_HOLE_ALONE);
		return;
	case VIZ_GEOMETRY_TOO_FEW:
		viz_import_error(job, VIZ_IMPORT_RING, VIZ_IMPORT_TEXT_RING_POINTS);
		return;
	case VIZ_GEOMETRY_ANTIMERIDIAN:
		viz_import_error(job, VIZ_IMPORT_RING, VIZ_IMPORT_TEXT_ANTIMERIDIAN);
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

static bool boxes_meet(const struct viz_box *a, const struct viz_box *b)
{
	return a->south_udeg <= b->north_udeg && b->south_udeg <= a->north_udeg &&
	       a->west_udeg <= b->east_udeg && b->west_udeg <= a->east_udeg;
}

static struct viz_box ring_box(const struct viz_geometry *g, size_t ring)
{
	size_t from = ring ? g->ring_end[ring - 1] : 0;
	struct viz_box b = {INT32_MAX, INT32_MAX, INT32_MIN, INT32_MIN};

	for (size_t i = from; i < g->ring_end[ring]; i++) {
		struct viz_point p = g->points[i];

		b.south_udeg = p.lat_udeg < b.south_udeg ? p.lat_udeg : b.south_udeg;
		b.north_udeg = p.lat_udeg > b.north_udeg ? p.lat_udeg : b.north_udeg;
		b.west_udeg = p.lon_udeg < b.west_udeg ? p.lon_udeg : b.west_udeg;
		b.east_udeg = p.lon_udeg > b.east_udeg ? p.lon_udeg : b.east_udeg;
	}
	return b;
}

/* How much of the last ring, which is a hole, lies in another ring. On a border that both share,
 * differences of rounding do not count. */
enum share {
	NOTHING,
	SOME,
	ALL,
};

static enum share share_of_hole(struct import_job *job, size_t other, const struct viz_box *box)
{
	const struct viz_geometry *g = &job->out->plant;
	struct viz_box around = ring_box(g, other);
	struct viz_ring_overlap o;
	uint64_t rounding;

	if (!boxes_meet(box, &around))
		return NOTHING;
	if (viz_geometry_area_overlap(&o, g, g->rings_n - 1, other) != 0) {
		job->fatal = VIZ_ERR_NOMEM;
		return ALL;
	}
	rounding = (o.both_m2 + o.only_m2) / 50;
	rounding = rounding < o.edge_m2 ? rounding : o.edge_m2;
	if (o.only_m2 <= rounding)
		return ALL;
	return o.both_m2 <= rounding ? NOTHING : SOME;
}

/* By the even-odd rule a hole outside its polygon would count as covered, and so would the overlap
 * of two holes. A hole that removes nothing is dropped. One that removes only a part is an error,
 * which the owner must mend. */
static void check_hole(struct import_job *job)
{
	struct viz_geometry *g = &job->out->plant;
	size_t last = g->rings_n - 1;
	size_t ring = g->polygons_n > 1 ? g->polygon_end[g->polygons_n - 2] : 0;
	struct viz_box box = ring_box(g, last);
	enum share share = share_of_hole(job, ring, &box);

	if (share == SOME)
		viz_import_error(job, VIZ_IMPORT_RING, VIZ_IMPORT_TEXT_HOLE_LEAVES);
	if (share == NOTHING) {
		viz_import_report_ignore(job, VIZ_IMPORT_IGNORED_HOLES);
		viz_geometry_drop_hole(g);
	}
	for (ring++; share == ALL && ring < last && !job->fatal; ring++) {
		enum share in_hole = share_of_hole(job, ring, &box);

		if (in_hole == SOME) {
			viz_import_error(job, VIZ_IMPORT_RING, VIZ_IMPORT_TEXT_HOLES_OVERLAP);
			return;
		}
		if (in_hole == ALL) {
			viz_import_report_ignore(job, VIZ_IMPORT_IGNORED_HOLES);
			viz_geometry_drop_hole(g);
			return;
		}
	}
}

void viz_import_plant_ring(struct import_job *job, const struct viz_point *points, size_t n,
			   bool hole)
{
	size_t rings = job->out->plant.rings_n;
	enum viz_geometry_fault why;

	if (!check_points(job, points, n))
		return;
	if (n > 3 && (points[0].lat_udeg != points[n - 1].lat_udeg ||
		      points[0].lon_udeg != points[n - 1].lon_udeg))
		viz_import_warning(job, VIZ_IMPORT_RING, VIZ_IMPORT_TEXT_RING_OPEN);
	if (viz_geometry_add_ring(&job->out->plant, &why, points, n, hole) != 0) {
		geometry_error(job, why);
		return;
	}
	if (hole)
		check_hole(job);
	else
		job->report->polygons++;
	if (hole && job->out->plant.rings_n == rings)
		return; /* the hole was dropped */
	job->used++;
	if (viz_geometry_ring_crosses(&job->out->plant, job->out->plant.rings_n - 1))
		viz_import_warning(job, VIZ_IMPORT_RING, VIZ_IMPORT_TEXT_RING_CROSSES);
}

/* Remembers the largest part, for the error about a plant that is too large. */
static void note_size(struct import_job *job, double size)
{
	if (size <= job->largest_size)
		return;
	job->largest_size = size;
	job->largest = job->where;
}

void viz_import_plant_polygon_end(struct import_job *job)
{
	struct viz_geometry *plant = &job->out->plant;
	const struct viz_box *box;
	struct viz_geometry one;
	enum viz_geometry_fault why;
	size_t ring, from, n = 0;
	uint32_t *touched = NULL;
	struct viz_municipality m;

	if (plant->polygons_n == 0 || job->report->errors_n > 0)
		return;
	box = &plant->boxes[plant->polygons_n - 1];
	note_size(job, ((double)box->north_udeg - box->south_udeg) *
			   ((double)box->east_udeg - box->west_udeg));
	ring = plant->polygons_n > 1 ? plant->polygon_end[plant->polygons_n - 2] : 0;
	from = ring ? plant->ring_end[ring - 1] : 0;
	for (size_t i = from; i < plant->ring_end[ring] && i < from + 16; i++)
		if (viz_gazetteer_at(job->opt->gazetteer, &m, plant->points[i]) == 0)
			return;
	viz_geometry_init(&one);
	if (viz_geometry_add_ring(&one, &why, plant->points + from, plant->ring_end[ring] - from,
				  false) ||
	    viz_gazetteer_near_touched(job->opt->gazetteer, &touched, &n, &one)) {
		job->fatal = VIZ_ERR_NOMEM;
	} else if (n == 0 && !job->opt->allow_abroad) {
		viz_import_error(job, VIZ_IMPORT_ABROAD, VIZ_IMPORT_TEXT_POLYGON_ABROAD);
	}
	free(touched);
	viz_geometry_free(&one);
}

void viz_import_plant_circle(struct import_job *job, struct viz_point center, uint32_t radius_m)
{
	enum viz_geometry_fault why;
	struct viz_municipality m;
	uint32_t metres = 0;

	if (!check_points(job, &center, 1))
		return;
	if (!job->opt->allow_abroad &&
	    viz_gazetteer_near(job->opt->gazetteer, &m, &metres, center, OFFSHORE_M) != 0) {
		viz_import_error(job, VIZ_IMPORT_ABROAD, VIZ_IMPORT_TEXT_POINT_AT_SEA,
				 center.lat_udeg / 1e6, center.lon_udeg / 1e6);
		return;
	}
	if (metres > VIZ_GAZETTEER_GAP_M)
		viz_import_warning(job, VIZ_IMPORT_ABROAD, VIZ_IMPORT_TEXT_NEAR_TOWN, metres,
				   m.name);
	radius_m = radius_m ? radius_m : job->radius_m;
	if (viz_geometry_add_circle(&job->out->plant, &why,
				    (struct viz_circle){center, radius_m}) != 0) {
		geometry_error(job, why);
		return;
	}
	note_size(job, (double)radius_m * radius_m * 330.0); /* in microdegrees, squared */
	job->report->points++;
	job->used++;
}
