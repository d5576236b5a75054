#include "tools/geo/gazetteer_map.h"

#include <math.h>

/* The points of one ring. Each arc is followed in the ring's direction, without its last point,
 * which the next arc has too. */
static int ring_points(const struct viz_gazetteer *g, struct viz_point **points, size_t *n,
		       const struct gaz_ring *ring)
{
	size_t most = 0, k = 0;
	struct viz_point *p;

	for (uint32_t i = 0; i < ring->n; i++)
		most += g->arcs[g->refs[ring->first + i] / 2].n;
	p = malloc((most + 1) * sizeof *p);
	if (!p)
		return VIZ_ERR_NOMEM;
	for (uint32_t i = 0; i < ring->n; i++) {
		uint32_t ref = g->refs[ring->first + i];
		const struct gaz_arc *arc = &g->arcs[ref / 2];

		for (uint32_t j = 0; j + 1 < arc->n; j++)
			p[k++] = g->points[arc->first + (ref & 1 ? arc->n - 1 - j : j)];
	}
	*points = p;
	*n = k;
	return 0;
}

int viz_gazetteer_outline(const struct viz_gazetteer *g, struct viz_geometry *out, uint32_t ibge)
{
	uint16_t index = viz_gazetteer_map_index(g, ibge);
	const struct gaz_municipality *m;

	if (index == GAZ_NONE || g->municipalities[index].rings_n == 0)
		return VIZ_ERR_ABSENT;
	m = &g->municipalities[index];
	/* Islands and enclaves are rings of one polygon: the even-odd rule keeps them apart. */
	for (uint32_t r = 0; r < m->rings_n; r++) {
		struct viz_point *points;
		enum viz_geometry_fault why;
		size_t n;
		int err = ring_points(g, &points, &n, &g->rings[m->first_ring + r]);

		if (err)
			return err;
		err = viz_geometry_add_ring(out, &why, points, n, r > 0);
		free(points);
		if (err)
			return err;
	}
	return 0;
}

static double mercator(double lat_udeg)
{
	return asinh(tan(lat_udeg * M_PI / 180e6));
}

static double scale_of(struct viz_box frame, uint32_t width)
{
	double span = ((double)frame.east_udeg - frame.west_udeg) * M_PI / 180e6;

	return width / (span > 0 ? span : 1e-6);
}

void viz_gazetteer_outline_svg_point(double *x, double *y, double *height, struct viz_point p,
				     struct viz_box frame, uint32_t width)
{
	double scale = scale_of(frame, width), top = mercator(frame.north_udeg);

	*x = ((double)p.lon_udeg - frame.west_udeg) * M_PI / 180e6 * scale;
	*y = (top - mercator(p.lat_udeg)) * scale;
	*height = (top - mercator(frame.south_udeg)) * scale;
}

struct pixel {
	int32_t x, y;
};

struct drawing {
	const struct viz_gazetteer *g;
	struct viz_box frame;
	uint32_t width;
	struct pixel *line;
	size_t line_n, line_max;
	FILE *out;
};

static struct pixel pixel_of(const struct drawing *d, struct viz_point p)
{
	double x, y, height;

	viz_gazetteer_outline_svg_point(&x, &y, &height, p, d->frame, d->width);
	x = fmin(fmax(x, -1e6), 1e6);
	y = fmin(fmax(y, -1e6), 1e6);
	return (struct pixel){(int32_t)lround(x), (int32_t)lround(y)};
}

/* Adds the pixels of an arc in the arc's own direction, so that both neighbours leave out the same
 * points. When the ring goes the other way they are reversed afterwards. */
static int add_arc(struct drawing *d, uint32_t ref)
{
	const struct gaz_arc *arc = &d->g->arcs[ref / 2];
	size_t start = d->line_n;

	if (d->line_n + arc->n > d->line_max) {
		size_t max = (d->line_n + arc->n) * 2;
		struct pixel *more = realloc(d->line, max * sizeof *more);

		if (!more)
			return VIZ_ERR_NOMEM;
		d->line = more;
		d->line_max = max;
	}
	for (uint32_t i = 0; i < arc->n; i++) {
		struct pixel p = pixel_of(d, d->g->points[arc->first + i]);
		const struct pixel *last = d->line_n > start ? &d->line[d->line_n - 1] : NULL;

		if (!last || last->x != p.x || last->y != p.y)
			d->line[d->line_n++] = p;
	}
	for (size_t i = start, j = d->line_n - 1; (ref & 1) && i < j; i++, j--) {
		struct pixel swap = d->line[i];

		d->line[i] = d->line[j];
		d->line[j] = swap;
	}
	return 0;
}

static void write_ring(struct drawing *d)
{
	struct pixel at = d->line[0];

	if (d->line_n < 3)
		return; /* smaller than a unit */
	fprintf(d->out, "M%d %d", at.x, at.y);
	for (size_t i = 1; i < d->line_n; i++) {
		struct pixel p = d->line[i];

		if (p.x != at.x || p.y != at.y)
			fprintf(d->out, "l%d %d", p.x - at.x, p.y - at.y);
		at = p;
	}
	fputc('z', d->out);
}

int viz_gazetteer_outline_svg_path(const struct viz_gazetteer *g, char **svg, uint32_t ibge,
				   struct viz_box frame, uint32_t width)
{
	uint16_t index = viz_gazetteer_map_index(g, ibge);
	struct drawing d = {.g = g, .frame = frame, .width = width};
	const struct gaz_municipality *m;
	char *text = NULL;
	size_t len;
	int err = 0;

	if (index == GAZ_NONE || g->municipalities[index].rings_n == 0)
		return VIZ_ERR_ABSENT;
	m = &g->municipalities[index];
	d.out = open_memstream(&text, &len);
	if (!d.out)
		return VIZ_ERR_NOMEM;
	for (uint32_t r = 0; !err && r < m->rings_n; r++) {
		const struct gaz_ring *ring = &g->rings[m->first_ring + r];

		d.line_n = 0;
		for (uint32_t i = 0; !err && i < ring->n; i++)
			err = add_arc(&d, g->refs[ring->first + i]);
		if (!err)
			write_ring(&d);
	}
	free(d.line);
	if (fclose(d.out) != 0)
		err = VIZ_ERR_NOMEM;
	if (err) {
		free(text);
		return err;
	}
	*svg = text;
	return 0;
}

static int by_number(const void *a, const void *b)
{
	const uint32_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

int viz_gazetteer_outline_neighbours(const struct viz_gazetteer *g, uint32_t *ibge, size_t *n,
				     size_t max, uint32_t of)
{
	uint16_t index = viz_gazetteer_map_index(g, of);
	uint32_t found[256];
	size_t count = 0;
	const struct gaz_municipality *m;

	if (index == GAZ_NONE || g->municipalities[index].rings_n == 0)
		return VIZ_ERR_ABSENT;
	m = &g->municipalities[index];
	for (uint32_t r = m->first_ring; r < m->first_ring + m->rings_n; r++)
		for (uint32_t i = 0; i < g->rings[r].n; i++) {
			const struct gaz_arc *arc = &g->arcs[g->refs[g->rings[r].first + i] / 2];
			uint16_t other = arc->left == index ? arc->right : arc->left;
			bool had = other == GAZ_NONE || other == index;

			for (size_t k = 0; k < count && !had; k++)
				had = found[k] == g->municipalities[other].ibge;
			if (!had && count < sizeof found / sizeof *found)
				found[count++] = g->municipalities[other].ibge;
		}
	qsort(found, count, sizeof *found, by_number);
	memcpy(ibge, found, (count < max ? count : max) * sizeof *ibge);
	*n = count;
	return 0;
}
