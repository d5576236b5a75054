/* Takes polygons. All rings of one are kept until its end: only then is it known which ring is a
 * hole of which. In GeoJSON every ring after the first is a hole (RFC 7946, section 3.1.6), but the
 * outlines of municipalities that are around write their islands so, sometimes before the mainland.
 * A ring outside the others is therefore an island. */
#include "tools/import/import_internal.h"

#define TINY_UDEG2 200 /* twice some 1.2 square metres: such an area is looked at closely */

struct import_ring {
	enum import_ring_kind kind;
	bool dropped;
	size_t outer; /* the ring around this one; itself for an outer one */
};

void viz_import_polygon_free(struct import_polygon *polygon)
{
	viz_geometry_free(&polygon->rings);
	free(polygon->as);
	*polygon = (struct import_polygon){0};
}

void viz_import_polygon_begin(struct import_job *job)
{
	viz_geometry_free(&job->polygon.rings);
	job->polygon.left_out = false;
}

static size_t ring_from(const struct viz_geometry *g, size_t ring)
{
	return ring ? g->ring_end[ring - 1] : 0;
}

/* Twice the area by the order of the points, in microdegrees, squared. Lobes may cancel out. */
static double ring_area2(const struct viz_geometry *g, size_t ring)
{
	size_t from = ring_from(g, ring), n = g->ring_end[ring] - from;
	const struct viz_point *p = g->points + from;
	double sum = 0;

	for (size_t i = 0, j = n - 1; i < n; j = i++)
		sum += ((double)p[j].lon_udeg - p[0].lon_udeg) *
			   ((double)p[i].lat_udeg - p[0].lat_udeg) -
		       ((double)p[i].lon_udeg - p[0].lon_udeg) *
			   ((double)p[j].lat_udeg - p[0].lat_udeg);
	return sum < 0 ? -sum : sum;
}

/* What is left of a strip when its coordinates are rounded has no area, and neither has a ring that
 * goes there and back. By the even-odd rule a ring that is walked twice has none either. */
static bool has_area(struct import_job *job, size_t ring, bool crosses)
{
	const struct viz_geometry *g = &job->polygon.rings;
	size_t from = ring_from(g, ring);
	struct viz_geometry one;
	enum viz_geometry_fault why;
	uint64_t m2 = 0;

	if (!crosses && ring_area2(g, ring) > TINY_UDEG2)
		return true;
	viz_geometry_init(&one);
	if (viz_geometry_add_ring(&one, &why, g->points + from, g->ring_end[ring] - from, false) ||
	    viz_geometry_area_m2(&m2, &one))
		job->fatal = VIZ_ERR_NOMEM;
	viz_geometry_free(&one);
	return m2 > 0;
}

/* A hole without area takes nothing away. A polygon without area is none. */
static void no_area(struct import_job *job, size_t ring, enum import_ring_kind kind)
{
	if (ring < job->polygon.as_max)
		job->polygon.as[ring].dropped = true;
	if (kind != IMPORT_RING_OUTER) {
		viz_import_report_ignore(job, VIZ_IMPORT_IGNORED_HOLES);
		return;
	}
	job->polygon.left_out = true;
	viz_import_leave_out(job, VIZ_IMPORT_RING, VIZ_IMPORT_TEXT_RING_NO_AREA);
}

static bool more_rings(struct import_polygon *polygon)
{
	size_t max = polygon->as_max ? polygon->as_max * 2 : 16;
	struct import_ring *more;

	if (polygon->rings.rings_n < polygon->as_max)
		return true;
	more = realloc(polygon->as, max * sizeof *more);
	if (!more)
		return false;
	polygon->as = more;
	polygon->as_max = max;
	return true;
}

void viz_import_polygon_ring(struct import_job *job, const struct viz_point *points, size_t n,
			     enum import_ring_kind kind)
{
	struct import_polygon *polygon = &job->polygon;
	size_t ring = polygon->rings.rings_n;
	enum viz_geometry_fault why;
	bool crosses;

	if (polygon->left_out || job->fatal)
		return;
	if (!viz_import_plant_points(job, points, n)) {
		polygon->left_out = true;
		return;
	}
	if (n > 3 && (points[0].lat_udeg != points[n - 1].lat_udeg ||
		      points[0].lon_udeg != points[n - 1].lon_udeg))
		viz_import_warning(job, VIZ_IMPORT_RING, VIZ_IMPORT_TEXT_RING_OPEN);
	if (!more_rings(polygon)) {
		job->fatal = VIZ_ERR_NOMEM;
		return;
	}
	if (viz_geometry_add_ring(&polygon->rings, &why, points, n, false) != 0) {
		if (why == VIZ_GEOMETRY_TOO_FEW && kind != IMPORT_RING_OUTER) {
			viz_import_report_ignore(job, VIZ_IMPORT_IGNORED_HOLES);
			return;
		}
		polygon->left_out = true;
		viz_import_plant_fault(job, why);
		return;
	}
	polygon->as[ring] = (struct import_ring){.kind = kind, .outer = ring};
	crosses = viz_geometry_ring_crosses(&polygon->rings, ring);
	if (!has_area(job, ring, crosses))
		no_area(job, ring, kind);
	else if (crosses)
		viz_import_warning(job, VIZ_IMPORT_RING, VIZ_IMPORT_TEXT_RING_CROSSES);
}

/* How much of a ring lies in another one. On a border that both share, differences of rounding do
 * not count. */
enum share {
	NOTHING,
	SOME,
	ALL,
};

static bool boxes_meet(const struct viz_box *a, const struct viz_box *b)
{
	return a->south_udeg <= b->north_udeg && b->south_udeg <= a->north_udeg &&
	       a->west_udeg <= b->east_udeg && b->west_udeg <= a->east_udeg;
}

static enum share share_of(struct import_job *job, size_t ring, size_t other)
{
	const struct viz_geometry *g = &job->polygon.rings;
	struct viz_ring_overlap o;
	uint64_t rounding;

	if (!boxes_meet(&g->boxes[ring], &g->boxes[other]))
		return NOTHING;
	if (viz_geometry_area_overlap(&o, g, ring, other) != 0) {
		job->fatal = VIZ_ERR_NOMEM;
		return ALL;
	}
	rounding = (o.both_m2 + o.only_m2) / 50;
	rounding = rounding < o.edge_m2 ? rounding : o.edge_m2;
	if (o.only_m2 <= rounding)
		return ALL;
	return o.both_m2 <= rounding ? NOTHING : SOME;
}

static void leave_out(struct import_job *job, enum viz_import_code code, enum viz_import_text text)
{
	job->polygon.left_out = true;
	viz_import_report_leave_out(job, code, text);
}

/* Finds the outer ring that is around this one, among those before it. False when the polygon is
 * left out. */
static bool find_outer(struct import_job *job, size_t ring)
{
	struct import_ring *as = job->polygon.as;
	bool any = false;

	for (size_t o = 0; o < ring && !job->fatal; o++) {
		enum share share;

		if (as[o].dropped || as[o].outer != o)
			continue;
		any = true;
		share = share_of(job, ring, o);
		if (share == SOME) {
			leave_out(job, VIZ_IMPORT_RING, VIZ_IMPORT_TEXT_HOLE_LEAVES);
			return false;
		}
		if (share == ALL) {
			as[ring].outer = o;
			return true;
		}
	}
	if (!any && as[ring].kind == IMPORT_RING_HOLE) {
		leave_out(job, VIZ_IMPORT_EXPECTED, VIZ_IMPORT_TEXT_HOLE_ALONE);
		return false;
	}
	if (as[ring].kind == IMPORT_RING_HOLE) {
		viz_import_report_ignore(job, VIZ_IMPORT_IGNORED_HOLES);
		as[ring].dropped = true;
	}
	return true;
}

/* By the even-odd rule the overlap of two holes would count as covered. A hole within another one
 * is dropped. Where only a part overlaps, the owner must mend it. */
static void compare_holes(struct import_job *job, size_t ring)
{
	struct import_ring *as = job->polygon.as;

	for (size_t h = 0; h < ring && !job->fatal; h++) {
		enum share share;

		if (as[h].dropped || as[h].outer == h || as[h].outer != as[ring].outer)
			continue;
		share = share_of(job, ring, h);
		if (share == SOME) {
			leave_out(job, VIZ_IMPORT_RING, VIZ_IMPORT_TEXT_HOLES_OVERLAP);
			return;
		}
		if (share == ALL) {
			viz_import_report_ignore(job, VIZ_IMPORT_IGNORED_HOLES);
			as[ring].dropped = true;
			return;
		}
	}
}

static bool sort_rings(struct import_job *job)
{
	struct import_polygon *polygon = &job->polygon;
	struct import_ring *as = polygon->as;

	for (size_t i = 0; i < polygon->rings.rings_n && !polygon->left_out && !job->fatal; i++) {
		if (as[i].dropped || as[i].kind == IMPORT_RING_OUTER)
			continue;
		if (find_outer(job, i) && as[i].outer != i)
			compare_holes(job, i);
	}
	return !polygon->left_out && !job->fatal;
}

/* Whether the ring lies in a municipality, or a little outside of one. */
static bool check_place(struct import_job *job, size_t ring)
{
	const struct viz_geometry *g = &job->polygon.rings;
	size_t from = ring_from(g, ring), n = 0;
	uint32_t *touched = NULL;
	struct viz_municipality m;
	struct viz_geometry one;
	enum viz_geometry_fault why;

	for (size_t i = from; i < g->ring_end[ring] && i < from + 16; i++)
		if (viz_gazetteer_at(job->opt->gazetteer, &m, g->points[i]) == 0)
			return true;
	viz_geometry_init(&one);
	if (viz_geometry_add_ring(&one, &why, g->points + from, g->ring_end[ring] - from, false) ||
	    viz_gazetteer_near_touched(job->opt->gazetteer, &touched, &n, &one))
		job->fatal = VIZ_ERR_NOMEM;
	free(touched);
	viz_geometry_free(&one);
	if (n > 0 || job->fatal || job->opt->allow_abroad ||
	    viz_import_plant_beside(job, g->points + from, g->ring_end[ring] - from))
		return true;
	viz_import_leave_out(job, VIZ_IMPORT_ABROAD, VIZ_IMPORT_TEXT_POLYGON_ABROAD);
	return false;
}

static bool put_ring(struct import_job *job, size_t ring, bool hole)
{
	const struct viz_geometry *g = &job->polygon.rings;
	size_t from = ring_from(g, ring);
	enum viz_geometry_fault why;

	if (viz_geometry_add_ring(&job->out->plant, &why, g->points + from,
				  g->ring_end[ring] - from, hole) != 0) {
		viz_import_plant_fault(job, why);
		return false;
	}
	job->used++;
	return true;
}

void viz_import_polygon_end(struct import_job *job)
{
	const struct viz_geometry *g = &job->polygon.rings;
	const struct import_ring *as = job->polygon.as;

	if (job->polygon.left_out || job->fatal || !sort_rings(job))
		return;
	for (size_t o = 0; o < g->rings_n && !job->fatal; o++) {
		const struct viz_box *box = &g->boxes[o];

		if (as[o].dropped || as[o].outer != o || !check_place(job, o))
			continue;
		viz_import_plant_size(job, ((double)box->north_udeg - box->south_udeg) *
					       ((double)box->east_udeg - box->west_udeg));
		if (!put_ring(job, o, false))
			return;
		job->report->polygons++;
		for (size_t i = o + 1; i < g->rings_n; i++)
			if (!as[i].dropped && as[i].outer == o && !put_ring(job, i, true))
				return;
	}
}
