#include "proto/geo/geometry.h"

#include "proto/geo/region.h"

/* What an edge does in one row of cells: the columns that it touches, and the column in which it
 * crosses the row's southern line (NONE when it does not). */
struct mark {
	uint32_t row;
	uint32_t west;
	uint32_t east;
	uint32_t crossing;
};

#define NONE UINT32_MAX

struct cover {
	unsigned level;
	uint32_t top; /* the first (northernmost) row */
	uint32_t rows_n;
	int32_t *souths; /* of row top + i; one more stands at the end for no row */
	struct mark *marks;
	size_t marks_n, marks_max;
	uint64_t *cells;
	size_t cells_n, cells_max;
};

static int more_cells(struct cover *c, size_t add)
{
	size_t grown = c->cells_max ? c->cells_max : 256;
	uint64_t *more;

	if (add > VIZ_REGION_COVER_MAX - c->cells_n)
		return VIZ_ERR_LIMIT;
	if (c->cells_n + add <= c->cells_max)
		return 0;
	while (grown < c->cells_n + add)
		grown *= 2;
	more = realloc(c->cells, grown * sizeof *more);
	if (!more)
		return VIZ_ERR_NOMEM;
	c->cells = more;
	c->cells_max = grown;
	return 0;
}

static int put_run(struct cover *c, uint32_t row, uint32_t west, uint32_t east)
{
	int err = more_cells(c, (size_t)(east - west) + 1);

	if (err)
		return err;
	for (uint32_t x = west;; x++) {
		c->cells[c->cells_n++] = viz_cell_from_xy(x, row, c->level);
		if (x == east)
			return 0;
	}
}

static int put_mark(struct cover *c, struct mark m)
{
	if (c->marks_n == c->marks_max) {
		size_t grown = c->marks_max ? c->marks_max * 2 : 256;
		struct mark *more;

		if (grown > 2 * (size_t)(VIZ_REGION_COVER_MAX + VIZ_GEOMETRY_VERTICES_MAX))
			return VIZ_ERR_LIMIT;
		more = realloc(c->marks, grown * sizeof *more);
		if (!more)
			return VIZ_ERR_NOMEM;
		c->marks = more;
		c->marks_max = grown;
	}
	c->marks[c->marks_n++] = m;
	return 0;
}

static int64_t floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b != 0 && (a < 0) != (b < 0));
}

/* The whole longitude at or west of the edge at a latitude; *exact when the edge is right there. */
static int64_t edge_lon(bool *exact, struct viz_point low, struct viz_point high, int64_t lat)
{
	int64_t num = (lat - low.lat_udeg) * ((int64_t)high.lon_udeg - low.lon_udeg);
	int64_t den = (int64_t)high.lat_udeg - low.lat_udeg;

	*exact = num % den == 0;
	return low.lon_udeg + floor_div(num, den);
}

static uint32_t column(int64_t lon, unsigned level)
{
	return viz_cell_column(lon < -180000000 ? -180000000 : (int32_t)lon, level);
}

/* The part of an edge (low to high, not level) from latitude `from` up to, and without, `until`. */
static struct mark edge_mark(const struct cover *c, struct viz_point low, struct viz_point high,
			     int64_t from, int64_t until)
{
	bool open = high.lat_udeg >= until, exact;
	int64_t start = edge_lon(&exact, low, high, from);
	int64_t end = edge_lon(&exact, low, high, open ? until : high.lat_udeg);
	struct mark m = {.crossing = NONE};

	/* The open end is not reached: eastwards, the last place is just west of it. */
	if (open && exact && end > start)
		end--;
	m.west = column(start < end ? start : end, c->level);
	m.east = column(start < end ? end : start, c->level);
	return m;
}

static int mark_edge(struct cover *c, struct viz_point a, struct viz_point b)
{
	struct viz_point low = a.lat_udeg <= b.lat_udeg ? a : b;
	struct viz_point high = a.lat_udeg <= b.lat_udeg ? b : a;
	uint32_t row = viz_cell_row(low.lat_udeg, c->level);
	uint32_t last = viz_cell_row(high.lat_udeg, c->level);
	int err = 0;

	if (low.lat_udeg == high.lat_udeg) {
		uint32_t x = column(a.lon_udeg, c->level), y = column(b.lon_udeg, c->level);

		return put_mark(c, (struct mark){row, x < y ? x : y, x < y ? y : x, NONE});
	}
	for (;; row--) {
		int64_t south = c->souths[row - c->top];
		int64_t until = row == c->top ? INT64_C(90000001) : c->souths[row - c->top - 1];
		int64_t from = low.lat_udeg > south ? low.lat_udeg : south;
		struct mark m = edge_mark(c, low, high, from, until);

		m.row = row;
		/* half open: two edges that meet on the line cross it once */
		if (low.lat_udeg <= south && high.lat_udeg > south) {
			bool exact;

			m.crossing = column(edge_lon(&exact, low, high, south), c->level);
		}
		err = put_mark(c, m);
		if (err || row == last)
			return err;
	}
}

static int by_place(const void *a, const void *b)
{
	const struct mark *x = a, *y = b;

	if (x->row != y->row)
		return x->row < y->row ? -1 : 1;
	return (x->west > y->west) - (x->west < y->west);
}

/* Adds the cells of the sorted marks, and of the gaps between them those that are inside. No edge
 * touches a cell of a gap. So all of the gap is inside when an odd number of edges cross the line
 * of the row to the west of it. */
static int fill_rows(struct cover *c)
{
	for (size_t i = 0; i < c->marks_n;) {
		uint32_t row = c->marks[i].row, west = c->marks[i].west, east = c->marks[i].east;
		bool odd = false;
		int err;

		for (; i < c->marks_n && c->marks[i].row == row; i++) {
			const struct mark *m = &c->marks[i];

			if (m->west > east + 1 || (m->west == east + 1 && !odd)) {
				err = put_run(c, row, west, odd ? m->west - 1 : east);
				if (err)
					return err;
				west = m->west;
				east = m->east;
			}
			if (m->east > east)
				east = m->east;
			odd = odd != (m->crossing != NONE);
		}
		err = put_run(c, row, west, east);
		if (err)
			return err;
	}
	return 0;
}

static int prepare_rows(struct cover *c, const struct viz_box *box)
{
	uint32_t bottom = viz_cell_row(box->south_udeg, c->level);
	int32_t *souths;

	c->top = viz_cell_row(box->north_udeg, c->level);
	c->rows_n = bottom - c->top + 1;
	if (c->rows_n > VIZ_REGION_COVER_MAX)
		return VIZ_ERR_LIMIT;
	souths = realloc(c->souths, c->rows_n * sizeof *souths);
	if (!souths)
		return VIZ_ERR_NOMEM;
	c->souths = souths;
	for (uint32_t i = 0; i < c->rows_n; i++)
		souths[i] = viz_cell_row_south(c->top + i, c->level);
	return 0;
}

static int cover_polygon(struct cover *c, const struct viz_geometry *g, size_t polygon)
{
	size_t ring = polygon ? g->polygon_end[polygon - 1] : 0;
	int err = prepare_rows(c, &g->boxes[polygon]);

	c->marks_n = 0;
	for (; !err && ring < g->polygon_end[polygon]; ring++) {
		size_t from = ring ? g->ring_end[ring - 1] : 0, end = g->ring_end[ring];

		for (size_t i = from, j = end - 1; !err && i < end; j = i++)
			err = mark_edge(c, g->points[j], g->points[i]);
	}
	if (err)
		return err;
	qsort(c->marks, c->marks_n, sizeof *c->marks, by_place);
	return fill_rows(c);
}

static int32_t clamp(int64_t v, int32_t lo, int32_t hi)
{
	return v < lo ? lo : v > hi ? hi : (int32_t)v;
}

/* Whether a circle reaches the box between two longitudes in a row. The nearest point of the box is
 * taken to be at the centre's own latitude, which is wrong by r^3 tan^2(lat) / 8 R^2 towards the
 * pole: the slack is that for tan = 1, which is 45 degrees, and twice as much further away. */
static bool reaches(const struct viz_circle *circle, int32_t south, int32_t north, int32_t west,
		    int32_t east)
{
	uint64_t r_km = circle->radius_m / 1000 + 1;
	uint64_t slack = llabs(circle->center.lat_udeg) > 45000000 ? r_km * r_km * r_km / 100
								   : r_km * r_km * r_km / 3000;
	struct viz_point near = {
	    clamp(circle->center.lat_udeg, south, north),
	    clamp(circle->center.lon_udeg, west, east),
	};

	return viz_point_distance_cm(circle->center, near) <= circle->radius_m * 100 + slack;
}

static int cover_circle(struct cover *c, const struct viz_circle *circle)
{
	int32_t up = (int32_t)((uint64_t)circle->radius_m * 1000000 / 110000 + 2);
	int32_t lat = circle->center.lat_udeg, lon = circle->center.lon_udeg;
	uint32_t top = viz_cell_row(lat + up, c->level), bottom = viz_cell_row(lat - up, c->level);
	uint32_t middle = viz_cell_column(lon, c->level), last = (1u << c->level) - 1;
	int32_t north = viz_cell_row_north(top, c->level);

	for (uint32_t row = top; row <= bottom; row++) {
		int32_t south = viz_cell_row_south(row, c->level);
		uint32_t west = middle, east = middle;
		int err = 0;

		/* in this row the circle is one run around the column of its centre, or nothing */
		if (reaches(circle, south, north, lon, lon)) {
			while (west > 0 && reaches(circle, south, north,
						   viz_cell_column_west(west, c->level) - 1,
						   viz_cell_column_west(west, c->level) - 1))
				west--;
			while (east < last && reaches(circle, south, north,
						      viz_cell_column_west(east + 1, c->level),
						      viz_cell_column_west(east + 1, c->level)))
				east++;
			err = put_run(c, row, west, east);
		}
		if (err)
			return err;
		north = south - 1;
	}
	return 0;
}

int viz_geometry_cover(uint64_t **cells, size_t *n, const struct viz_geometry *g, unsigned level)
{
	struct cover c = {.level = level};
	int err = level <= VIZ_CELL_LEVEL_MAX ? 0 : VIZ_ERR_LIMIT;

	for (size_t i = 0; !err && i < g->polygons_n; i++)
		err = cover_polygon(&c, g, i);
	for (size_t i = 0; !err && i < g->circles_n; i++)
		err = cover_circle(&c, &g->circles[i]);
	free(c.souths);
	free(c.marks);
	if (!err)
		err = viz_region_normalise(c.cells, &c.cells_n);
	if (err) {
		free(c.cells);
		return err;
	}
	*cells = c.cells;
	*n = c.cells_n;
	return 0;
}
