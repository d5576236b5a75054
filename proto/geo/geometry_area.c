/* The area that a geometry covers. What lies in several parts counts once. What the even-odd rule
 * leaves out (holes, self-crossing rings) does not count. The area is summed over lines of equal
 * latitude. Each line lies between two whole microdegrees, so it meets no vertex. On a line the
 * covered stretches are joined and measured on the ellipsoid. Latitudes where nothing lies have no
 * lines. */
#include "proto/geo/geometry.h"

#include "proto/geo/fixed.h"

#define LINES_MAX  2048u /* of all runs, in proportion to their heights */
#define LINES_MIN  96u   /* of one run of latitudes without a gap, at least */
#define LINES_RING 512   /* for a comparison of two rings */

typedef __int128 i128;

struct edge {
	struct viz_point low, high;
	uint32_t polygon;
};

struct stretch {
	int64_t west, east;
	uint32_t polygon;
};

/* A part, or a run of latitudes that parts cover without a gap; north is beyond its last. */
struct run {
	int32_t south, north;
	uint32_t part; /* a circle's index */
};

struct area {
	const struct viz_geometry *g;
	struct edge *edges; /* by their southern ends */
	struct run *circles;
	struct run *runs;
	size_t edges_n, runs_n;
	size_t *edges_on, *circles_on; /* those that a line may meet */
	size_t edges_on_n, circles_on_n, edges_next, circles_next;
	struct stretch *stretches;
};

static int by_south(const void *a, const void *b)
{
	const struct run *x = a, *y = b;

	return (x->south > y->south) - (x->south < y->south);
}

static int edge_by_south(const void *a, const void *b)
{
	const struct edge *x = a, *y = b;

	return (x->low.lat_udeg > y->low.lat_udeg) - (x->low.lat_udeg < y->low.lat_udeg);
}

static int by_polygon(const void *a, const void *b)
{
	const struct stretch *x = a, *y = b;

	if (x->polygon != y->polygon)
		return x->polygon < y->polygon ? -1 : 1;
	return (x->west > y->west) - (x->west < y->west);
}

static int by_west(const void *a, const void *b)
{
	const struct stretch *x = a, *y = b;

	return (x->west > y->west) - (x->west < y->west);
}

/* Adds the edges of a ring to polygon `p`: those that are not level and reach the latitudes. */
static void list_ring(struct area *a, size_t ring, uint32_t p, const struct run *within)
{
	const struct viz_geometry *g = a->g;
	size_t from = ring ? g->ring_end[ring - 1] : 0, end = g->ring_end[ring];

	for (size_t i = from, j = end - 1; i < end; j = i++) {
		bool up = g->points[j].lat_udeg < g->points[i].lat_udeg;
		struct viz_point low = g->points[up ? j : i], high = g->points[up ? i : j];

		if (low.lat_udeg < high.lat_udeg && low.lat_udeg < within->north &&
		    high.lat_udeg > within->south)
			a->edges[a->edges_n++] = (struct edge){low, high, p};
	}
}

static void list_edges(struct area *a)
{
	static const struct run all = {INT32_MIN, INT32_MAX, 0};
	const struct viz_geometry *g = a->g;
	size_t ring = 0;

	for (size_t p = 0; p < g->polygons_n; p++)
		for (; ring < g->polygon_end[p]; ring++)
			list_ring(a, ring, (uint32_t)p, &all);
	qsort(a->edges, a->edges_n, sizeof *a->edges, edge_by_south);
}

/* The parts by their latitudes, joined where they overlap. */
static void list_runs(struct area *a)
{
	const struct viz_geometry *g = a->g;
	size_t n = 0, out = 0;

	for (size_t i = 0; i < g->circles_n; i++) {
		int64_t north, east, reach;

		viz_point_scales(&north, &east, g->circles[i].center.lat_udeg);
		reach = (((int64_t)g->circles[i].radius_m * 100) << 24) / north + 1;
		a->circles[i] =
		    (struct run){(int32_t)(g->circles[i].center.lat_udeg - reach),
				 (int32_t)(g->circles[i].center.lat_udeg + reach), (uint32_t)i};
		a->runs[n++] = a->circles[i];
	}
	for (size_t i = 0; i < g->polygons_n; i++)
		a->runs[n++] = (struct run){g->boxes[i].south_udeg, g->boxes[i].north_udeg, 0};
	qsort(a->circles, g->circles_n, sizeof *a->circles, by_south);
	qsort(a->runs, n, sizeof *a->runs, by_south);
	for (size_t i = 0; i < n; i++) {
		struct run *last = out > 0 ? &a->runs[out - 1] : NULL;

		if (last && a->runs[i].south <= last->north)
			last->north =
			    a->runs[i].north > last->north ? a->runs[i].north : last->north;
		else
			a->runs[out++] = a->runs[i];
	}
	a->runs_n = out;
}

/* The edges and circles that the line half a microdegree north of `lat` may meet. */
static void move_to(struct area *a, int32_t lat)
{
	size_t n = 0;

	for (; a->edges_next < a->edges_n && a->edges[a->edges_next].low.lat_udeg <= lat;
	     a->edges_next++)
		a->edges_on[a->edges_on_n++] = a->edges_next;
	for (size_t i = 0; i < a->edges_on_n; i++)
		if (a->edges[a->edges_on[i]].high.lat_udeg > lat)
			a->edges_on[n++] = a->edges_on[i];
	a->edges_on_n = n;
	n = 0;
	for (; a->circles_next < a->g->circles_n && a->circles[a->circles_next].south <= lat;
	     a->circles_next++)
		a->circles_on[a->circles_on_n++] = a->circles_next;
	for (size_t i = 0; i < a->circles_on_n; i++)
		if (a->circles[a->circles_on[i]].north > lat)
			a->circles_on[n++] = a->circles_on[i];
	a->circles_on_n = n;
}

/* The crossings of a polygon come in pairs: between an odd one and the next it is inside. */
static size_t polygon_stretches(struct area *a, int32_t lat)
{
	struct stretch *s = a->stretches;
	size_t n = 0;

	for (size_t i = 0; i < a->edges_on_n; i++) {
		const struct edge *e = &a->edges[a->edges_on[i]];
		int64_t up = 2 * ((int64_t)lat - e->low.lat_udeg) + 1;
		int64_t tall = 2 * ((int64_t)e->high.lat_udeg - e->low.lat_udeg);
		int64_t lon =
		    e->low.lon_udeg + ((int64_t)e->high.lon_udeg - e->low.lon_udeg) * up / tall;

		s[n++] = (struct stretch){lon, lon, e->polygon};
	}
	qsort(s, n, sizeof *s, by_polygon);
	for (size_t i = 0; i + 1 < n; i += 2)
		s[i / 2] = (struct stretch){s[i].west, s[i + 1].west, s[i].polygon};
	return n / 2;
}

/* The length of the first n stretches together, which are put in order. */
static int64_t joined(struct stretch *s, size_t n)
{
	int64_t sum = 0, end = INT64_MIN;

	qsort(s, n, sizeof *s, by_west);
	for (size_t i = 0; i < n; i++) {
		int64_t west = s[i].west > end ? s[i].west : end;

		if (s[i].east <= west)
			continue;
		sum += s[i].east - west;
		end = s[i].east;
	}
	return sum;
}

/* The covered microdegrees of the line half a microdegree north of `lat`. */
static int64_t covered(struct area *a, int32_t lat, int64_t north, int64_t east)
{
	struct stretch *s = a->stretches;
	size_t n;

	move_to(a, lat);
	n = polygon_stretches(a, lat);
	for (size_t i = 0; i < a->circles_on_n; i++) {
		const struct viz_circle *c = &a->g->circles[a->circles[a->circles_on[i]].part];
		int64_t up = (llabs((int64_t)lat - c->center.lat_udeg) * north) >> 24;
		int64_t r = (int64_t)c->radius_m * 100, half;

		if (up > r)
			continue;
		half = ((int64_t)viz_fixed_sqrt((uint64_t)(r * r - up * up)) << 24) / east;
		s[n++] = (struct stretch){c->center.lon_udeg - half, c->center.lon_udeg + half, 0};
	}
	return joined(s, n);
}

static bool reserve(struct area *a)
{
	const struct viz_geometry *g = a->g;

	a->edges = calloc(g->points_n + 1, sizeof *a->edges);
	a->edges_on = calloc(g->points_n + 1, sizeof *a->edges_on);
	a->circles = calloc(g->circles_n + 1, sizeof *a->circles);
	a->circles_on = calloc(g->circles_n + 1, sizeof *a->circles_on);
	a->runs = calloc(g->polygons_n + g->circles_n + 1, sizeof *a->runs);
	a->stretches = calloc(g->points_n + g->circles_n + 1, sizeof *a->stretches);
	return a->edges && a->edges_on && a->circles && a->circles_on && a->runs && a->stretches;
}

static void release(struct area *a)
{
	free(a->edges);
	free(a->edges_on);
	free(a->circles);
	free(a->circles_on);
	free(a->runs);
	free(a->stretches);
}

/* In square centimetres: the lines share the run's height evenly. */
static i128 run_area(struct area *a, const struct run *run, int64_t all)
{
	int64_t tall = (int64_t)run->north - run->south;
	int64_t lines = all > 0 ? tall * LINES_MAX / all : 0;
	i128 sum = 0;

	lines = lines < LINES_MIN ? LINES_MIN : lines;
	for (int64_t i = 0; i < lines; i++) {
		int32_t lat = (int32_t)(run->south + (2 * i + 1) * tall / (2 * lines));
		int64_t north, east;

		viz_point_scales(&north, &east, lat);
		east = east > 0 ? east : 1;
		sum += (((i128)covered(a, lat, north, east) * east) >> 24) * north;
	}
	return ((sum / lines) * tall) >> 24;
}

int viz_geometry_area_m2(uint64_t *m2, const struct viz_geometry *g)
{
	struct area a = {.g = g};
	int err = reserve(&a) ? 0 : VIZ_ERR_NOMEM;
	int64_t all = 0;
	i128 sum = 0;

	if (!err) {
		list_edges(&a);
		list_runs(&a);
		for (size_t i = 0; i < a.runs_n; i++)
			all += (int64_t)a.runs[i].north - a.runs[i].south;
		for (size_t i = 0; i < a.runs_n; i++)
			sum += run_area(&a, &a.runs[i], all);
		*m2 = (uint64_t)(sum / 10000);
	}
	release(&a);
	return err;
}

static struct run ring_run(const struct viz_geometry *g, size_t ring)
{
	size_t from = ring ? g->ring_end[ring - 1] : 0;
	struct run run = {g->points[from].lat_udeg, g->points[from].lat_udeg, 0};

	for (size_t i = from; i < g->ring_end[ring]; i++) {
		int32_t lat = g->points[i].lat_udeg;

		run.south = lat < run.south ? lat : run.south;
		run.north = lat > run.north ? lat : run.north;
	}
	return run;
}

static uint64_t around_m(const struct viz_geometry *g, size_t ring)
{
	size_t from = ring ? g->ring_end[ring - 1] : 0, end = g->ring_end[ring];
	uint64_t cm = 0;

	for (size_t i = from, j = end - 1; i < end; j = i++)
		cm += viz_point_distance_cm(g->points[j], g->points[i]);
	return cm / 100;
}

int viz_geometry_area_overlap(struct viz_ring_overlap *out, const struct viz_geometry *g, size_t a,
			      size_t b)
{
	struct run run = ring_run(g, a);
	struct area s = {.g = g};
	int64_t tall = (int64_t)run.north - run.south;
	i128 all = 0, only = 0;

	VIZ_REQUIRE(a != b); /* `edges` holds each edge once */
	if (!reserve(&s)) {
		release(&s);
		return VIZ_ERR_NOMEM;
	}
	list_ring(&s, a, 0, &run);
	list_ring(&s, b, 1, &run);
	qsort(s.edges, s.edges_n, sizeof *s.edges, edge_by_south);
	for (int64_t i = 0; i < LINES_RING && tall > 0; i++) {
		int32_t lat = (int32_t)(run.south + (2 * i + 1) * tall / (2 * LINES_RING));
		int64_t north, east, of_a, of_b;
		size_t n, of_a_n = 0;

		viz_point_scales(&north, &east, lat);
		move_to(&s, lat);
		n = polygon_stretches(&s, lat);
		while (of_a_n < n && s.stretches[of_a_n].polygon == 0)
			of_a_n++;
		of_a = joined(s.stretches, of_a_n);
		of_b = joined(s.stretches + of_a_n, n - of_a_n);
		all += (((i128)of_a * east) >> 24) * north;
		only += (((i128)(joined(s.stretches, n) - of_b) * east) >> 24) * north;
	}
	all = ((all / LINES_RING) * tall) >> 24;
	only = ((only / LINES_RING) * tall) >> 24;
	*out = (struct viz_ring_overlap){.both_m2 = (uint64_t)((all - only) / 10000),
					 .only_m2 = (uint64_t)(only / 10000),
					 .edge_m2 = around_m(g, a)};
	release(&s);
	return 0;
}
