#include "proto/geo/geometry.h"

#include "proto/geo/fixed.h"

#define CROSSING_CHECKS_MAX 50000000u

void viz_geometry_init(struct viz_geometry *g)
{
	*g = (struct viz_geometry){0};
}

void viz_geometry_free(struct viz_geometry *g)
{
	free(g->points);
	free(g->ring_end);
	free(g->polygon_end);
	free(g->boxes);
	free(g->circles);
	viz_geometry_init(g);
}

bool viz_geometry_is_empty(const struct viz_geometry *g)
{
	return g->polygons_n == 0 && g->circles_n == 0;
}

/* Lets *array hold `need` items of `size` bytes, by doubling it. */
static int grow(void **array, size_t *max, size_t need, size_t size)
{
	size_t grown = *max ? *max : 16;
	void *more;

	if (need <= *max)
		return 0;
	while (grown < need)
		grown *= 2;
	more = realloc(*array, grown * size);
	if (!more)
		return VIZ_ERR_NOMEM;
	*array = more;
	*max = grown;
	return 0;
}

static int grow_ring(struct viz_geometry *g, size_t points)
{
	void *p = g->points, *r = g->ring_end, *q = g->polygon_end, *b = g->boxes;
	size_t boxes_max = g->polygons_max;
	int err = grow(&p, &g->points_max, g->points_n + points, sizeof *g->points);

	g->points = p;
	if (!err)
		err = grow(&r, &g->rings_max, g->rings_n + 1, sizeof *g->ring_end);
	g->ring_end = r;
	/* Two arrays share polygons_max, so the boxes grow first, by a copy of it. */
	if (!err)
		err = grow(&b, &boxes_max, g->polygons_n + 1, sizeof *g->boxes);
	g->boxes = b;
	if (!err)
		err = grow(&q, &g->polygons_max, g->polygons_n + 1, sizeof *g->polygon_end);
	g->polygon_end = q;
	return err;
}

static bool same(struct viz_point a, struct viz_point b)
{
	return a.lat_udeg == b.lat_udeg && a.lon_udeg == b.lon_udeg;
}

static void box_add(struct viz_box *box, struct viz_point p)
{
	if (p.lat_udeg < box->south_udeg)
		box->south_udeg = p.lat_udeg;
	if (p.lat_udeg > box->north_udeg)
		box->north_udeg = p.lat_udeg;
	if (p.lon_udeg < box->west_udeg)
		box->west_udeg = p.lon_udeg;
	if (p.lon_udeg > box->east_udeg)
		box->east_udeg = p.lon_udeg;
}

static bool box_holds(const struct viz_box *box, struct viz_point p)
{
	return p.lat_udeg >= box->south_udeg && p.lat_udeg <= box->north_udeg &&
	       p.lon_udeg >= box->west_udeg && p.lon_udeg <= box->east_udeg;
}

static int refuse(enum viz_geometry_fault *why, enum viz_geometry_fault fault)
{
	*why = fault;
	if (fault == VIZ_GEOMETRY_TOO_MANY)
		return VIZ_ERR_LIMIT;
	return fault == VIZ_GEOMETRY_NO_MEMORY ? VIZ_ERR_NOMEM : VIZ_ERR_MEANING;
}

/* Copies the points without equal neighbours, and returns how many are left. */
static size_t copy_ring(struct viz_point *out, const struct viz_point *points, size_t n)
{
	size_t k = 0;

	for (size_t i = 0; i < n; i++)
		if (k == 0 || !same(out[k - 1], points[i]))
			out[k++] = points[i];
	while (k > 1 && same(out[k - 1], out[0]))
		k--;
	return k;
}

static enum viz_geometry_fault check_ring(const struct viz_point *ring, size_t n)
{
	size_t i = 2;

	if (n < 3)
		return VIZ_GEOMETRY_TOO_FEW;
	while (i < n && (same(ring[i], ring[0]) || same(ring[i], ring[1])))
		i++;
	if (i == n)
		return VIZ_GEOMETRY_TOO_FEW; /* a line there and back between two points */
	for (i = 0; i < n; i++) {
		int64_t step = (int64_t)ring[i].lon_udeg - ring[(i + 1) % n].lon_udeg;

		if (step > 180000000 || step < -180000000)
			return VIZ_GEOMETRY_ANTIMERIDIAN;
	}
	return VIZ_GEOMETRY_SOUND;
}

int viz_geometry_add_ring(struct viz_geometry *g, enum viz_geometry_fault *why,
			  const struct viz_point *points, size_t n, bool hole)
{
	struct viz_point *ring;
	struct viz_box *box;
	enum viz_geometry_fault fault;

	if (hole && g->polygons_n == 0)
		return refuse(why, VIZ_GEOMETRY_NO_POLYGON);
	if (n < 3)
		return refuse(why, VIZ_GEOMETRY_TOO_FEW);
	for (size_t i = 0; i < n; i++)
		if (!viz_point_valid(points[i]))
			return refuse(why, VIZ_GEOMETRY_BAD_POINT);
	if (n > VIZ_GEOMETRY_VERTICES_MAX - g->points_n || g->rings_n == VIZ_GEOMETRY_RINGS_MAX ||
	    (!hole && g->polygons_n == VIZ_GEOMETRY_POLYGONS_MAX))
		return refuse(why, VIZ_GEOMETRY_TOO_MANY);
	if (grow_ring(g, n) != 0)
		return refuse(why, VIZ_GEOMETRY_NO_MEMORY);
	ring = g->points + g->points_n;
	n = copy_ring(ring, points, n);
	fault = check_ring(ring, n);
	if (fault)
		return refuse(why, fault);
	if (!hole) {
		g->polygons_n++;
		box = &g->boxes[g->polygons_n - 1];
		*box = (struct viz_box){ring->lat_udeg, ring->lon_udeg, ring->lat_udeg,
					ring->lon_udeg};
	} else {
		box = &g->boxes[g->polygons_n - 1];
	}
	for (size_t i = 0; i < n; i++)
		box_add(box, ring[i]);
	g->points_n += n;
	g->ring_end[g->rings_n++] = (uint32_t)g->points_n;
	g->polygon_end[g->polygons_n - 1] = (uint32_t)g->rings_n;
	*why = VIZ_GEOMETRY_SOUND;
	return 0;
}

void viz_geometry_drop_hole(struct viz_geometry *g)
{
	size_t first = g->polygons_n > 1 ? g->polygon_end[g->polygons_n - 2] : 0;

	VIZ_REQUIRE(g->polygons_n > 0 && g->rings_n > first + 1);
	g->rings_n--;
	g->points_n = g->ring_end[g->rings_n - 1];
	g->polygon_end[g->polygons_n - 1] = (uint32_t)g->rings_n;
}

/* A box that surely holds the circle, for a quick no. False when the circle leaves the map. */
static bool circle_box(struct viz_box *box, const struct viz_circle *c)
{
	int64_t sine, cosine, up, side;

	viz_fixed_sine_cosine(&sine, &cosine, c->center.lat_udeg);
	up = (int64_t)c->radius_m * 1000000 / 110000 + 2; /* a degree is 110,574 m or more */
	if (cosine <= 0)
		return false;
	/* 3 % over the 110,000 m, for the parallels nearer to the pole */
	side = ((up * 103 / 100) << 30) / cosine + 2;
	if (c->center.lat_udeg - up < -85000000 || c->center.lat_udeg + up > 85000000 ||
	    c->center.lon_udeg - side < -180000000 || c->center.lon_udeg + side > 180000000)
		return false;
	*box = (struct viz_box){
	    .south_udeg = (int32_t)(c->center.lat_udeg - up),
	    .west_udeg = (int32_t)(c->center.lon_udeg - side),
	    .north_udeg = (int32_t)(c->center.lat_udeg + up),
	    .east_udeg = (int32_t)(c->center.lon_udeg + side),
	};
	return true;
}

int viz_geometry_add_circle(struct viz_geometry *g, enum viz_geometry_fault *why,
			    struct viz_circle circle)
{
	struct viz_box box;
	void *circles = g->circles;

	if (!viz_point_valid(circle.center))
		return refuse(why, VIZ_GEOMETRY_BAD_POINT);
	if (circle.radius_m == 0 || circle.radius_m > VIZ_GEOMETRY_RADIUS_MAX_M)
		return refuse(why, VIZ_GEOMETRY_BAD_RADIUS);
	if (!circle_box(&box, &circle))
		return refuse(why, VIZ_GEOMETRY_ANTIMERIDIAN);
	if (g->circles_n == VIZ_GEOMETRY_CIRCLES_MAX)
		return refuse(why, VIZ_GEOMETRY_TOO_MANY);
	if (grow(&circles, &g->circles_max, g->circles_n + 1, sizeof circle) != 0)
		return refuse(why, VIZ_GEOMETRY_NO_MEMORY);
	g->circles = circles;
	g->circles[g->circles_n++] = circle;
	*why = VIZ_GEOMETRY_SOUND;
	return 0;
}

/* Even-odd over one ring: toggles *inside for each edge to the east of p; true when p is on it. */
static bool ring_scan(bool *inside, const struct viz_point *ring, size_t n, struct viz_point p)
{
	for (size_t i = 0, j = n - 1; i < n; j = i++) {
		struct viz_point a = ring[j], b = ring[i];
		int64_t cross;

		if ((a.lat_udeg < p.lat_udeg && b.lat_udeg < p.lat_udeg) ||
		    (a.lat_udeg > p.lat_udeg && b.lat_udeg > p.lat_udeg) ||
		    (a.lon_udeg < p.lon_udeg && b.lon_udeg < p.lon_udeg))
			continue;
		/* at most 3.6e8 * 1.8e8 on each side: far from the end of 64 bits */
		cross = (int64_t)(b.lon_udeg - a.lon_udeg) * (p.lat_udeg - a.lat_udeg) -
			(int64_t)(b.lat_udeg - a.lat_udeg) * ((int64_t)p.lon_udeg - a.lon_udeg);
		if (cross == 0 && (a.lon_udeg >= p.lon_udeg || b.lon_udeg >= p.lon_udeg) &&
		    (a.lon_udeg <= p.lon_udeg || b.lon_udeg <= p.lon_udeg))
			return true;
		if ((a.lat_udeg > p.lat_udeg) == (b.lat_udeg > p.lat_udeg))
			continue;
		if ((b.lat_udeg > a.lat_udeg) == (cross > 0))
			*inside = !*inside;
	}
	return false;
}

static size_t first_ring(const struct viz_geometry *g, size_t polygon)
{
	return polygon ? g->polygon_end[polygon - 1] : 0;
}

static size_t first_point(const struct viz_geometry *g, size_t ring)
{
	return ring ? g->ring_end[ring - 1] : 0;
}

static bool polygon_holds(const struct viz_geometry *g, size_t polygon, struct viz_point p)
{
	bool inside = false;

	if (!box_holds(&g->boxes[polygon], p))
		return false;
	for (size_t r = first_ring(g, polygon); r < g->polygon_end[polygon]; r++) {
		size_t from = first_point(g, r);

		if (ring_scan(&inside, g->points + from, g->ring_end[r] - from, p))
			return true;
	}
	return inside;
}

static bool circle_holds(const struct viz_circle *c, struct viz_point p)
{
	int64_t dlat = (int64_t)p.lat_udeg - c->center.lat_udeg;

	if ((dlat < 0 ? -dlat : dlat) > (int64_t)c->radius_m * 10 + 10) /* 0.11 m each */
		return false;
	return viz_point_distance_cm(c->center, p) <= c->radius_m * 100;
}

bool viz_geometry_contains(const struct viz_geometry *g, struct viz_point p)
{
	for (size_t i = 0; i < g->polygons_n; i++)
		if (polygon_holds(g, i, p))
			return true;
	for (size_t i = 0; i < g->circles_n; i++)
		if (circle_holds(&g->circles[i], p))
			return true;
	return false;
}

uint32_t viz_geometry_distance_cm(const struct viz_geometry *g, struct viz_point p)
{
	uint32_t best = UINT32_MAX;
	int64_t north, east;

	if (viz_geometry_contains(g, p))
		return 0;
	viz_point_scales(&north, &east, p.lat_udeg);
	for (size_t r = 0; r < g->rings_n; r++) {
		size_t from = first_point(g, r), n = g->ring_end[r] - from;
		const struct viz_point *ring = g->points + from;

		for (size_t i = 0, j = n - 1; i < n; j = i++) {
			uint32_t d = viz_point_edge_scaled_cm(p, ring[j], ring[i], north, east);

			if (d < best)
				best = d;
		}
	}
	for (size_t i = 0; i < g->circles_n; i++) {
		uint32_t d = viz_point_distance_cm(g->circles[i].center, p);
		uint32_t radius = g->circles[i].radius_m * 100;

		if (d - radius < best) /* d > radius, as p is not inside */
			best = d - radius;
	}
	return best;
}

int viz_geometry_box(const struct viz_geometry *g, struct viz_box *box)
{
	bool any = false;
	struct viz_box all = {0};

	for (size_t i = 0; i < g->polygons_n + g->circles_n; i++) {
		struct viz_box b;

		if (i < g->polygons_n)
			b = g->boxes[i];
		else
			VIZ_REQUIRE(circle_box(&b, &g->circles[i - g->polygons_n]));
		if (!any)
			all = b;
		any = true;
		box_add(&all, (struct viz_point){b.south_udeg, b.west_udeg});
		box_add(&all, (struct viz_point){b.north_udeg, b.east_udeg});
	}
	if (!any)
		return VIZ_ERR_ABSENT;
	*box = all;
	return 0;
}

static int side_of(struct viz_point a, struct viz_point b, struct viz_point p)
{
	int64_t cross = (int64_t)(b.lon_udeg - a.lon_udeg) * (p.lat_udeg - a.lat_udeg) -
			(int64_t)(b.lat_udeg - a.lat_udeg) * ((int64_t)p.lon_udeg - a.lon_udeg);

	return (cross > 0) - (cross < 0);
}

/* Whether the edges ab and cd have a point in common. */
static bool edges_meet(struct viz_point a, struct viz_point b, struct viz_point c,
		       struct viz_point d)
{
	struct viz_box x = {a.lat_udeg, a.lon_udeg, a.lat_udeg, a.lon_udeg};
	struct viz_box y = {c.lat_udeg, c.lon_udeg, c.lat_udeg, c.lon_udeg};

	box_add(&x, b);
	box_add(&y, d);
	if (x.east_udeg < y.west_udeg || y.east_udeg < x.west_udeg || x.north_udeg < y.south_udeg ||
	    y.north_udeg < x.south_udeg)
		return false;
	return side_of(a, b, c) * side_of(a, b, d) <= 0 && side_of(c, d, a) * side_of(c, d, b) <= 0;
}

/* Whether the neighbouring edges ab and bc lie on each other. */
static bool folds_back(struct viz_point a, struct viz_point b, struct viz_point c)
{
	int64_t along = (int64_t)(a.lon_udeg - b.lon_udeg) * (c.lon_udeg - b.lon_udeg) +
			(int64_t)(a.lat_udeg - b.lat_udeg) * (c.lat_udeg - b.lat_udeg);

	return side_of(a, b, c) == 0 && along > 0;
}

struct edge {
	int32_t south;
	uint32_t at; /* the index of its first point in the ring */
};

static int by_south(const void *a, const void *b)
{
	const struct edge *x = a, *y = b;

	if (x->south != y->south)
		return x->south < y->south ? -1 : 1;
	return (x->at > y->at) - (x->at < y->at);
}

static int32_t lower(int32_t a, int32_t b)
{
	return a < b ? a : b;
}

static int32_t upper(int32_t a, int32_t b)
{
	return a > b ? a : b;
}

bool viz_geometry_ring_crosses(const struct viz_geometry *g, size_t r)
{
	size_t from = first_point(g, r), n = g->ring_end[r] - from, checks = 0;
	const struct viz_point *ring = g->points + from;
	struct edge *edges = malloc(n * sizeof *edges);
	bool found = false;

	if (!edges)
		return false;
	for (size_t i = 0; i < n; i++)
		edges[i] =
		    (struct edge){lower(ring[i].lat_udeg, ring[(i + 1) % n].lat_udeg), (uint32_t)i};
	qsort(edges, n, sizeof *edges, by_south);
	for (size_t i = 0; i < n && !found && checks < CROSSING_CHECKS_MAX; i++) {
		size_t a = edges[i].at, b = (a + 1) % n;
		int32_t north = upper(ring[a].lat_udeg, ring[b].lat_udeg);

		for (size_t k = i + 1; k < n && edges[k].south <= north && !found; k++) {
			size_t c = edges[k].at, d = (c + 1) % n;

			checks++;
			if (b == c)
				found = folds_back(ring[a], ring[b], ring[d]);
			else if (d == a)
				found = folds_back(ring[c], ring[a], ring[b]);
			else
				found = edges_meet(ring[a], ring[b], ring[c], ring[d]);
		}
	}
	free(edges);
	return found;
}
