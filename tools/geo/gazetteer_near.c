#include "tools/geo/gazetteer_map.h"

#define SPACING_UDEG 2250    /* the distance between points within an area: some 250 m */
#define NARROW_UDEG  100     /* some 10 m: such a narrow stretch is the border itself */
#define SAMPLES_MAX  2000000 /* points of one geometry, about */

static int64_t clamp(int64_t v, int64_t lo, int64_t hi)
{
	return v < lo ? lo : v > hi ? hi : v;
}

int viz_gazetteer_near(const struct viz_gazetteer *g, struct viz_municipality *m,
		       uint32_t *distance_m, struct viz_point p, uint32_t max_m)
{
	/* in the south of Brazil (34 degrees) a degree of longitude is 0.82 as long as at the
	 * equator */
	int64_t reach = (int64_t)max_m * 12 + GAZ_STEP;
	int64_t last_row = (int64_t)g->head->rows - 1, last_col = (int64_t)g->head->columns - 1;
	int64_t y0 = clamp((p.lat_udeg - g->head->south - reach) / GAZ_STEP, 0, last_row);
	int64_t y1 = clamp((p.lat_udeg - g->head->south + reach) / GAZ_STEP, 0, last_row);
	int64_t x0 = clamp(((int64_t)p.lon_udeg - g->head->west - reach) / GAZ_STEP, 0, last_col);
	int64_t x1 = clamp(((int64_t)p.lon_udeg - g->head->west + reach) / GAZ_STEP, 0, last_col);
	uint32_t best = UINT32_MAX;
	uint16_t index = viz_gazetteer_map_at(g, p);

	if (index != GAZ_NONE)
		best = 0;
	for (int64_t y = y0; y <= y1 && best > 0; y++)
		for (int64_t x = x0; x <= x1; x++) {
			uint32_t square = g->grid[y * g->head->columns + x];
			const struct gaz_run *run = g->runs + (square & ~GAZ_MIXED);

			for (bool more = square & GAZ_MIXED; more; run++) {
				const struct gaz_arc *arc = &g->arcs[run->arc];

				for (uint32_t i = run->first;
				     i < run->first + (run->n_last & 0x7fffu); i++) {
					uint32_t d = viz_point_edge_distance_cm(p, g->points[i],
										g->points[i + 1]);

					if (d < best) {
						best = d;
						index =
						    arc->left != GAZ_NONE ? arc->left : arc->right;
					}
				}
				more = !(run->n_last & 0x8000u);
			}
		}
	if (index == GAZ_NONE || best / 100 > max_m)
		return VIZ_ERR_ABSENT;
	*m = viz_gazetteer_map_view(g, index);
	*distance_m = best / 100;
	return 0;
}

/* Which municipalities the points are in: a flag for each. */
struct samples {
	const struct viz_gazetteer *g;
	uint8_t *met;
	int64_t *crossings; /* where one line crosses one polygon */
	size_t crossings_n, crossings_max;
	int64_t spacing;
};

static void meet(struct samples *s, int64_t lat, int64_t lon)
{
	uint16_t index = viz_gazetteer_map_at(s->g, (struct viz_point){(int32_t)lat, (int32_t)lon});

	if (index != GAZ_NONE)
		s->met[index] = 1;
}

static int by_value(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static int put_crossing(struct samples *s, int64_t lon)
{
	if (s->crossings_n == s->crossings_max) {
		size_t max = s->crossings_max ? s->crossings_max * 2 : 64;
		int64_t *more = realloc(s->crossings, max * sizeof *more);

		if (!more)
			return VIZ_ERR_NOMEM;
		s->crossings = more;
		s->crossings_max = max;
	}
	s->crossings[s->crossings_n++] = lon;
	return 0;
}

static int cross_ring(struct samples *s, const struct viz_point *ring, size_t n, int64_t lat)
{
	for (size_t i = 0, j = n - 1; i < n; j = i++) {
		struct viz_point a = ring[j], b = ring[i];
		int64_t rise = (int64_t)b.lat_udeg - a.lat_udeg;

		if ((a.lat_udeg <= lat) == (b.lat_udeg <= lat))
			continue;
		if (put_crossing(s, a.lon_udeg + (lat - a.lat_udeg) *
						     ((int64_t)b.lon_udeg - a.lon_udeg) / rise))
			return VIZ_ERR_NOMEM;
	}
	return 0;
}

/* Looks at points along one line within a polygon: the middle of each stretch, and more in a long
 * one. */
static int sample_line(struct samples *s, const struct viz_geometry *geo, size_t polygon,
		       int64_t lat)
{
	s->crossings_n = 0;
	for (size_t r = polygon ? geo->polygon_end[polygon - 1] : 0; r < geo->polygon_end[polygon];
	     r++) {
		size_t from = r ? geo->ring_end[r - 1] : 0;

		if (cross_ring(s, geo->points + from, geo->ring_end[r] - from, lat) != 0)
			return VIZ_ERR_NOMEM;
	}
	if (s->crossings_n > 1)
		qsort(s->crossings, s->crossings_n, sizeof *s->crossings, by_value);
	for (size_t i = 0; i + 1 < s->crossings_n; i += 2) {
		int64_t west = s->crossings[i], east = s->crossings[i + 1], width = east - west;
		int64_t inset = width < s->spacing ? width / 2 : s->spacing / 5;

		for (int64_t lon = west + inset; lon < east - inset; lon += s->spacing)
			meet(s, lat, lon);
		if (width >= NARROW_UDEG)
			meet(s, lat, east - inset);
	}
	return 0;
}

static int sample_polygon(struct samples *s, const struct viz_geometry *geo, size_t polygon)
{
	const struct viz_box *box = &geo->boxes[polygon];
	int64_t height = (int64_t)box->north_udeg - box->south_udeg;
	int64_t width = (int64_t)box->east_udeg - box->west_udeg, inset;
	int err = 0;

	s->spacing = SPACING_UDEG;
	while ((height / s->spacing + 1) * (width / s->spacing + 1) > SAMPLES_MAX)
		s->spacing *= 2;
	inset = height < s->spacing ? height / 2 : s->spacing / 5;
	for (int64_t lat = box->south_udeg + inset; !err && lat < box->north_udeg - inset;
	     lat += s->spacing)
		err = sample_line(s, geo, polygon, lat);
	return err ? err : sample_line(s, geo, polygon, box->north_udeg - inset);
}

static void sample_circle(struct samples *s, const struct viz_circle *c)
{
	int64_t reach = (int64_t)c->radius_m * 12,
		step = reach / 16 > SPACING_UDEG ? reach / 16 : SPACING_UDEG;

	meet(s, c->center.lat_udeg, c->center.lon_udeg);
	if (step > reach / 2)
		step = reach / 2 > 0 ? reach / 2 : 1;
	for (int64_t lat = c->center.lat_udeg - reach; lat <= c->center.lat_udeg + reach;
	     lat += step)
		for (int64_t lon = c->center.lon_udeg - reach; lon <= c->center.lon_udeg + reach;
		     lon += step) {
			struct viz_point p = {(int32_t)clamp(lat, -90000000, 90000000),
					      (int32_t)clamp(lon, -180000000, 180000000)};

			if (viz_point_distance_cm(c->center, p) <= c->radius_m * 100)
				meet(s, p.lat_udeg, p.lon_udeg);
		}
}

int viz_gazetteer_near_touched(const struct viz_gazetteer *g, uint32_t **ibge, size_t *n,
			       const struct viz_geometry *geometry)
{
	struct samples s = {.g = g, .met = calloc(g->municipalities_n + 1, 1)};
	uint32_t *out = calloc(g->municipalities_n + 1, sizeof *out);
	size_t count = 0;
	int err = s.met && out ? 0 : VIZ_ERR_NOMEM;

	for (size_t i = 0; !err && i < geometry->polygons_n; i++)
		err = sample_polygon(&s, geometry, i);
	for (size_t i = 0; !err && i < geometry->circles_n; i++)
		sample_circle(&s, &geometry->circles[i]);
	for (size_t i = 0; !err && i < g->municipalities_n; i++)
		if (s.met[i] || (g->municipalities[i].rings_n == 0 &&
				 viz_geometry_contains(geometry, g->municipalities[i].seat)))
			out[count++] = g->municipalities[i].ibge;
	free(s.met);
	free(s.crossings);
	if (err) {
		free(out);
		return err;
	}
	*ibge = out;
	*n = count;
	return 0;
}
