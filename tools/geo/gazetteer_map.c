#include "tools/geo/gazetteer_map.h"

/* Where an edge crosses a parallel: the longitude as a floor and a remainder. The slope decides
 * which of two crossings in one point is the eastern one. */
struct crossing {
	int64_t lon;
	int64_t rest, height; /* the fraction rest / height */
	int64_t run;          /* slope is run / height */
	uint32_t edge; /* its first point, which decides between edges that lie on each other */
	uint16_t west, east; /* the municipalities on its two sides */
};

static bool further_east(const struct crossing *a, const struct crossing *b)
{
	int64_t x = a->rest * b->height, y = b->rest * a->height;

	if (a->lon != b->lon)
		return a->lon > b->lon;
	if (x != y)
		return x > y;
	x = a->run * b->height;
	y = b->run * a->height;
	return x != y ? x > y : a->edge > b->edge;
}

/* An edge has its lower end and not its upper one, so that a vertex is counted once. */
static bool cross(struct crossing *c, const struct viz_gazetteer *g, uint32_t edge, uint16_t arc,
		  int32_t lat)
{
	struct viz_point a = g->points[edge], b = g->points[edge + 1], low, high;
	int64_t num;

	if ((a.lat_udeg <= lat) == (b.lat_udeg <= lat))
		return false;
	low = a.lat_udeg < b.lat_udeg ? a : b;
	high = a.lat_udeg < b.lat_udeg ? b : a;
	c->height = (int64_t)high.lat_udeg - low.lat_udeg;
	c->run = (int64_t)high.lon_udeg - low.lon_udeg;
	num = ((int64_t)lat - low.lat_udeg) * c->run;
	c->lon = num / c->height - (num % c->height < 0);
	c->rest = num - c->lon * c->height;
	c->lon += low.lon_udeg;
	c->edge = edge;
	/* on an edge that goes north, east is on the right */
	c->east = b.lat_udeg > a.lat_udeg ? g->arcs[arc].right : g->arcs[arc].left;
	c->west = b.lat_udeg > a.lat_udeg ? g->arcs[arc].left : g->arcs[arc].right;
	return true;
}

/* The easternmost crossing in a mixed square that is not east of p. With `last` (or NULL) it must
 * also be west of that one. */
static bool next_crossing(struct crossing *best, const struct viz_gazetteer *g, uint32_t square,
			  struct viz_point p, int32_t west, const struct crossing *last)
{
	const struct gaz_run *run = g->runs + (square & ~GAZ_MIXED);
	bool found = false;

	for (;; run++) {
		for (uint32_t i = 0; i < (run->n_last & 0x7fffu); i++) {
			struct crossing c;

			if (!cross(&c, g, run->first + i, run->arc, p.lat_udeg) || c.lon < west ||
			    c.lon >= west + GAZ_STEP || c.lon > p.lon_udeg ||
			    (c.lon == p.lon_udeg && c.rest > 0))
				continue;
			if ((!last || further_east(last, &c)) &&
			    (!found || further_east(&c, best))) {
				*best = c;
				found = true;
			}
		}
		if (run->n_last & 0x8000u)
			return found;
	}
}

/* Municipalities whose eastern border lies between p and the square at hand, so that p is not in
 * them. There may be several, because the outlines of two states overlap in places. */
struct ended {
	uint16_t owner[8];
	size_t n;
};

static bool take_ended(struct ended *e, uint16_t owner)
{
	for (size_t i = 0; i < e->n; i++)
		if (e->owner[i] == owner) {
			e->owner[i] = e->owner[--e->n];
			return true;
		}
	return false;
}

uint16_t viz_gazetteer_map_west(const struct viz_gazetteer *g, struct viz_point p, int64_t column)
{
	int64_t y = ((int64_t)p.lat_udeg - g->head->south) / GAZ_STEP;
	const uint32_t *row = g->grid + (size_t)y * g->head->columns;
	struct ended ended = {.n = 0};

	for (; column >= 0; column--) {
		int32_t west = (int32_t)(g->head->west + column * GAZ_STEP);
		struct crossing c, last;
		bool more = false;

		if (!(row[column] & GAZ_MIXED)) {
			uint16_t owner = (uint16_t)row[column];

			return take_ended(&ended, owner) ? GAZ_NONE : owner;
		}
		while (next_crossing(&c, g, row[column], p, west, more ? &last : NULL)) {
			if (c.east != GAZ_NONE && !take_ended(&ended, c.east))
				return c.east;
			if (c.west != GAZ_NONE &&
			    ended.n < sizeof ended.owner / sizeof *ended.owner)
				ended.owner[ended.n++] = c.west;
			last = c;
			more = true;
		}
	}
	return GAZ_NONE;
}

uint16_t viz_gazetteer_map_at(const struct viz_gazetteer *g, struct viz_point p)
{
	int64_t y = (int64_t)p.lat_udeg - g->head->south, x = (int64_t)p.lon_udeg - g->head->west;

	if (y < 0 || x < 0 || y / GAZ_STEP >= g->head->rows || x / GAZ_STEP >= g->head->columns)
		return GAZ_NONE;
	return viz_gazetteer_map_west(g, p, x / GAZ_STEP);
}

uint16_t viz_gazetteer_map_index(const struct viz_gazetteer *g, uint32_t ibge)
{
	size_t lo = 0, hi = g->municipalities_n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (g->municipalities[mid].ibge < ibge)
			lo = mid + 1;
		else
			hi = mid;
	}
	if (lo < g->municipalities_n && g->municipalities[lo].ibge == ibge)
		return (uint16_t)lo;
	return GAZ_NONE;
}

struct viz_municipality viz_gazetteer_map_view(const struct viz_gazetteer *g, uint16_t index)
{
	const struct gaz_municipality *m = &g->municipalities[index];
	struct viz_municipality view = {
	    .ibge = m->ibge,
	    .name = g->text + m->name,
	    .seat = m->seat,
	    .ddd = m->ddd,
	    .has_outline = m->rings_n > 0,
	    .capital = m->capital != 0,
	    .box = m->box,
	};

	memcpy(view.uf, g->states[m->state].uf, sizeof view.uf);
	return view;
}
