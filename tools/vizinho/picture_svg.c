#include "tools/vizinho/picture.h"

#include <fcntl.h>
#include <math.h>
#include <unistd.h>

#include "proto/geo/cell.h"

#define WIDTH  1000u /* units of the drawing */
#define TALL   1.2   /* height to width at most */
#define DETAIL 0.3   /* units: points nearer than this to the one before are left out */

struct drawing {
	FILE *out;
	const struct viz_picture *p;
	const struct viz_gazetteer *g;
	enum viz_lang lang;
	struct viz_box frame;
	double height;
};

static int32_t clamp(double v, int32_t lo, int32_t hi)
{
	return v < lo ? lo : v > hi ? hi : (int32_t)v;
}

static void grow(struct viz_box *all, const struct viz_box *b)
{
	all->south_udeg = b->south_udeg < all->south_udeg ? b->south_udeg : all->south_udeg;
	all->west_udeg = b->west_udeg < all->west_udeg ? b->west_udeg : all->west_udeg;
	all->north_udeg = b->north_udeg > all->north_udeg ? b->north_udeg : all->north_udeg;
	all->east_udeg = b->east_udeg > all->east_udeg ? b->east_udeg : all->east_udeg;
}

static void spot(double *x, double *y, const struct drawing *d, struct viz_point p)
{
	double height;

	viz_gazetteer_outline_svg_point(x, y, &height, p, d->frame, WIDTH);
}

/* Around the cells and the plant, else around the municipalities, with a margin. */
static bool choose_frame(struct drawing *d)
{
	struct viz_box all = {INT32_MAX, INT32_MAX, INT32_MIN, INT32_MIN}, b;
	struct viz_municipality m;
	double x, y, margin, more;

	for (size_t i = 0; i < d->p->cells_n; i++) {
		b = viz_cell_bounds(d->p->cells[i]);
		grow(&all, &b);
	}
	if (viz_geometry_box(d->p->plant, &b) == 0)
		grow(&all, &b);
	for (size_t i = 0; i < d->p->ibge_n && d->p->cells_n == 0; i++)
		if (viz_gazetteer_by_code(d->g, &m, d->p->ibge[i]) == 0)
			grow(&all, &m.box);
	if (all.south_udeg > all.north_udeg)
		return false;
	margin = ((double)all.north_udeg - all.south_udeg + all.east_udeg - all.west_udeg) / 16;
	d->frame = (struct viz_box){clamp(all.south_udeg - margin, -85000000, 85000000),
				    clamp(all.west_udeg - margin, -180000000, 180000000),
				    clamp(all.north_udeg + margin, -85000000, 85000000),
				    clamp(all.east_udeg + margin, -180000000, 180000000)};
	viz_gazetteer_outline_svg_point(&x, &y, &d->height, (struct viz_point){0, 0}, d->frame,
					WIDTH);
	more = d->height / (WIDTH * TALL) - 1;
	if (more > 0) {
		more *= ((double)d->frame.east_udeg - d->frame.west_udeg) / 2;
		d->frame.west_udeg = clamp(d->frame.west_udeg - more, -180000000, 180000000);
		d->frame.east_udeg = clamp(d->frame.east_udeg + more, -180000000, 180000000);
		viz_gazetteer_outline_svg_point(&x, &y, &d->height, (struct viz_point){0, 0},
						d->frame, WIDTH);
	}
	return true;
}

static bool is_ours(const struct drawing *d, uint32_t ibge)
{
	for (size_t i = 0; i < d->p->ibge_n; i++)
		if (d->p->ibge[i] == ibge)
			return true;
	return false;
}

static bool meets(const struct viz_box *a, const struct viz_box *b)
{
	return a->south_udeg <= b->north_udeg && b->south_udeg <= a->north_udeg &&
	       a->west_udeg <= b->east_udeg && b->west_udeg <= a->east_udeg;
}

static int draw_towns(struct drawing *d)
{
	for (size_t i = 0; i < viz_gazetteer_count(d->g); i++) {
		struct viz_municipality m = viz_gazetteer_get(d->g, i);
		char *path;
		int err;

		if (!m.has_outline || !meets(&m.box, &d->frame))
			continue;
		err = viz_gazetteer_outline_svg_path(d->g, &path, m.ibge, d->frame, WIDTH);
		if (err)
			return err;
		fprintf(d->out, "<path class=\"%s\" d=\"%s\"><title>%s/%s</title></path>\n",
			is_ours(d, m.ibge) ? "ours" : "town", path, m.name, m.uf);
		free(path);
	}
	return 0;
}

static void draw_cells(const struct drawing *d)
{
	fprintf(d->out, "<path class=\"cell\" d=\"");
	for (size_t i = 0; i < d->p->cells_n; i++) {
		struct viz_box b = viz_cell_bounds(d->p->cells[i]);
		double x, y, to_x, to_y;

		spot(&x, &y, d, (struct viz_point){b.north_udeg + 1, b.west_udeg});
		spot(&to_x, &to_y, d, (struct viz_point){b.south_udeg, b.east_udeg + 1});
		fprintf(d->out, "M%.1f %.1fH%.1fV%.1fH%.1fz", x, y, to_x, to_y, x);
	}
	fprintf(d->out, "\"/>\n");
}

static void draw_ring(const struct drawing *d, size_t ring)
{
	const struct viz_geometry *g = d->p->plant;
	size_t from = ring ? g->ring_end[ring - 1] : 0;
	double at_x = 0, at_y = 0;

	for (size_t i = from; i < g->ring_end[ring]; i++) {
		double x, y;

		spot(&x, &y, d, g->points[i]);
		if (i > from && fabs(x - at_x) < DETAIL && fabs(y - at_y) < DETAIL)
			continue;
		fprintf(d->out, "%s%.1f %.1f", i > from ? "L" : "M", x, y);
		at_x = x;
		at_y = y;
	}
	fputc('z', d->out);
}

static void draw_plant(const struct drawing *d)
{
	const struct viz_geometry *g = d->p->plant;
	size_t ring = 0;

	for (size_t p = 0; p < g->polygons_n; p++) {
		fprintf(d->out, "<path class=\"plant\" d=\"");
		for (; ring < g->polygon_end[p]; ring++)
			draw_ring(d, ring);
		fprintf(d->out, "\"/>\n");
	}
	for (size_t i = 0; i < g->circles_n; i++) {
		const struct viz_circle *c = &g->circles[i];
		struct viz_point up = {c->center.lat_udeg + 1000, c->center.lon_udeg};
		double x, y, up_x, up_y, per_m = viz_point_distance_cm(c->center, up) / 100.0;

		spot(&x, &y, d, c->center);
		spot(&up_x, &up_y, d, up);
		fprintf(d->out, "<circle class=\"plant\" cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\"/>\n", x,
			y, fmax((y - up_y) / per_m * c->radius_m, 0.6));
	}
}

static void draw_words(const struct drawing *d)
{
	struct viz_point west = {d->frame.south_udeg, d->frame.west_udeg};
	struct viz_point east = {d->frame.south_udeg, d->frame.west_udeg};
	double wide_m, unit_m;
	uint32_t metres;
	char text[24];

	/* A tenth of the frame: only a short distance is exact. */
	east.lon_udeg += (d->frame.east_udeg - d->frame.west_udeg) / 10;
	wide_m = viz_point_distance_cm(west, east) / 10.0;
	unit_m = wide_m / WIDTH;
	metres = viz_picture_scale_m(wide_m / 4);
	viz_picture_scale_text(text, sizeof text, metres);
	for (size_t i = 0; i < d->p->ibge_n; i++) {
		struct viz_municipality m;
		double x, y;

		if (viz_gazetteer_by_code(d->g, &m, d->p->ibge[i]) != 0)
			continue;
		spot(&x, &y, d, m.seat);
		if (x > 0 && x < WIDTH && y > 0 && y < d->height)
			fprintf(d->out, "<text class=\"name\" x=\"%.0f\" y=\"%.0f\">%s/%s</text>\n",
				x, y, m.name, m.uf);
	}
	fprintf(d->out, "<path class=\"bar\" d=\"M20 %.0fv8h%.1fv-8\"/>\n", d->height + 12,
		metres / unit_m);
	fprintf(d->out, "<text x=\"20\" y=\"%.0f\">%s &#160; N &#8593;</text>\n", d->height + 40,
		text);
	fprintf(d->out, "<text x=\"330\" y=\"%.0f\">%s</text>\n", d->height + 40,
		viz_msg(d->lang, VIZ_MSG_PICTURE_LEGEND));
}

static int draw(struct drawing *d)
{
	int err;

	fprintf(d->out,
		"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %u %.0f\" "
		"font-family=\"sans-serif\" font-size=\"18\">\n"
		"<style>.town{fill:#f6f4ee;stroke:#b9b3a4}.ours{fill:#fdf0c4;stroke:#8a8371}"
		".cell{fill:#1a73c8;fill-opacity:.35;stroke:#1a73c8;stroke-width:.4}"
		".plant{fill:#c2410c;fill-opacity:.25;fill-rule:evenodd;stroke:#c2410c}"
		".bar{fill:none;stroke:#222;stroke-width:2}"
		".name{text-anchor:middle;paint-order:stroke;stroke:#fff;stroke-width:4}</style>\n"
		"<rect width=\"%u\" height=\"%.0f\" fill=\"#e6eef3\"/>\n"
		"<svg width=\"%u\" height=\"%.0f\">\n",
		WIDTH, d->height + 56, WIDTH, d->height, WIDTH, d->height);
	err = draw_towns(d);
	draw_cells(d);
	draw_plant(d);
	fprintf(d->out, "</svg>\n<rect y=\"%.0f\" width=\"%u\" height=\"56\" fill=\"#fff\"/>\n",
		d->height, WIDTH);
	draw_words(d);
	fprintf(d->out, "</svg>\n");
	return err;
}

int viz_picture_svg(const char *path, const struct viz_picture *picture,
		    const struct viz_gazetteer *gazetteer, enum viz_lang lang)
{
	struct drawing d = {.p = picture, .g = gazetteer, .lang = lang};
	int err, fd;

	if (!choose_frame(&d))
		return VIZ_ERR_ABSENT;
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600); /* it shows the plant */
	if (fd < 0)
		return VIZ_ERR_STORE;
	d.out = fdopen(fd, "w");
	if (!d.out) {
		close(fd);
		return VIZ_ERR_NOMEM;
	}
	err = draw(&d);
	if (ferror(d.out))
		err = VIZ_ERR_STORE;
	if (fclose(d.out) != 0)
		err = VIZ_ERR_STORE;
	return err;
}
