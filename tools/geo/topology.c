#include "tools/geo/topology.h"

void *viz_topology_grow(void *array, size_t *max, size_t n, size_t size)
{
	void *more;

	if (n < *max)
		return array;
	*max = *max ? *max * 2 : 1024;
	more = realloc(array, *max * size);
	VIZ_REQUIRE(more != NULL);
	return more;
}

static uint64_t mix(uint64_t v)
{
	v ^= v >> 31;
	v *= UINT64_C(0x9e3779b97f4a7c15);
	v ^= v >> 29;
	v *= UINT64_C(0xbf58476d1ce4e5b9);
	return v ^ (v >> 32);
}

static uint64_t vertex_key(struct viz_point p)
{
	return mix((uint64_t)(uint32_t)p.lat_udeg << 32 | (uint32_t)p.lon_udeg);
}

static uint64_t edge_key(uint32_t a, uint32_t b)
{
	return mix((uint64_t)a << 32 | b);
}

/* Doubles a hash table of indices + 1 when it is half full. */
static void rehash(uint32_t **table, size_t *len, size_t n)
{
	free(*table);
	*len = 1 << 12;
	while (*len < 2 * n)
		*len *= 2;
	*len *= 2;
	*table = calloc(*len, sizeof **table);
	VIZ_REQUIRE(*table != NULL);
}

static void place(uint32_t *table, size_t len, uint64_t key, uint32_t index)
{
	size_t at = key & (len - 1);

	while (table[at])
		at = (at + 1) & (len - 1);
	table[at] = index + 1;
}

static uint32_t vertex(struct topology *t, struct viz_point p)
{
	size_t at;

	if (2 * t->vertices_n >= t->vertex_hash_len) {
		rehash(&t->vertex_hash, &t->vertex_hash_len, t->vertices_n);
		for (size_t i = 0; i < t->vertices_n; i++)
			place(t->vertex_hash, t->vertex_hash_len, vertex_key(t->vertices[i]),
			      (uint32_t)i);
	}
	for (at = vertex_key(p) & (t->vertex_hash_len - 1); t->vertex_hash[at];
	     at = (at + 1) & (t->vertex_hash_len - 1)) {
		const struct viz_point *v = &t->vertices[t->vertex_hash[at] - 1];

		if (v->lat_udeg == p.lat_udeg && v->lon_udeg == p.lon_udeg)
			return t->vertex_hash[at] - 1;
	}
	t->vertices = viz_topology_grow(t->vertices, &t->vertices_max, t->vertices_n, sizeof p);
	t->vertices[t->vertices_n] = p;
	t->vertex_hash[at] = (uint32_t)++t->vertices_n;
	return (uint32_t)t->vertices_n - 1;
}

static struct topo_edge *edge(struct topology *t, uint32_t from, uint32_t to)
{
	uint32_t a = from < to ? from : to, b = from < to ? to : from;
	size_t at;

	if (2 * t->edges_n >= t->edge_hash_len) {
		rehash(&t->edge_hash, &t->edge_hash_len, t->edges_n);
		for (size_t i = 0; i < t->edges_n; i++)
			place(t->edge_hash, t->edge_hash_len,
			      edge_key(t->edges[i].a, t->edges[i].b), (uint32_t)i);
	}
	for (at = edge_key(a, b) & (t->edge_hash_len - 1); t->edge_hash[at];
	     at = (at + 1) & (t->edge_hash_len - 1)) {
		struct topo_edge *e = &t->edges[t->edge_hash[at] - 1];

		if (e->a == a && e->b == b)
			return e;
	}
	t->edges = viz_topology_grow(t->edges, &t->edges_max, t->edges_n, sizeof *t->edges);
	t->edges[t->edges_n] = (struct topo_edge){a, b, GAZ_NONE, GAZ_NONE, 0};
	t->edge_hash[at] = (uint32_t)++t->edges_n;
	return &t->edges[t->edges_n - 1];
}

void viz_topology_add(struct topology *t, uint16_t owner, const struct viz_point *ring, size_t n)
{
	struct topo_ring r = {.first = (uint32_t)t->corners_n, .owner = owner};

	for (size_t i = 0; i < n; i++) {
		uint32_t v = vertex(t, ring[i]);

		if (t->corners_n > r.first && t->corners[t->corners_n - 1] == v)
			continue;
		t->corners = viz_topology_grow(t->corners, &t->corners_max, t->corners_n,
					       sizeof *t->corners);
		t->corners[t->corners_n++] = v;
	}
	while (t->corners_n > r.first + 1 && t->corners[t->corners_n - 1] == t->corners[r.first])
		t->corners_n--;
	r.n = (uint32_t)t->corners_n - r.first;
	if (r.n < 3) {
		t->corners_n = r.first;
		return;
	}
	t->rings = viz_topology_grow(t->rings, &t->rings_max, t->rings_n, sizeof r);
	t->rings[t->rings_n++] = r;
}

static struct viz_point corner(const struct topology *t, const struct topo_ring *r, size_t i)
{
	return t->vertices[t->corners[r->first + i % r->n]];
}

static bool counter_clockwise(const struct topology *t, const struct topo_ring *r)
{
	__int128 sum = 0;

	for (size_t i = 0; i < r->n; i++) {
		struct viz_point a = corner(t, r, i), b = corner(t, r, i + 1);

		sum += (__int128)a.lon_udeg * b.lat_udeg - (__int128)b.lon_udeg * a.lat_udeg;
	}
	return sum > 0;
}

/* Whether the middle of ring a's first edge lies in ring b. Coordinates are doubled to keep the
 * middle whole. */
static bool nested(const struct topology *t, const struct topo_ring *a, const struct topo_ring *b)
{
	struct viz_point p = corner(t, a, 0), q = corner(t, a, 1);
	int64_t lat = (int64_t)p.lat_udeg + q.lat_udeg, lon = (int64_t)p.lon_udeg + q.lon_udeg;
	bool in = false;

	for (size_t i = 0; i < b->n; i++) {
		struct viz_point u = corner(t, b, i), v = corner(t, b, i + 1);
		int64_t uy = 2 * (int64_t)u.lat_udeg - lat, vy = 2 * (int64_t)v.lat_udeg - lat;
		int64_t ux = 2 * (int64_t)u.lon_udeg - lon, vx = 2 * (int64_t)v.lon_udeg - lon;

		if ((uy <= 0) != (vy <= 0) && (vy > uy) == (ux * vy - vx * uy > 0))
			in = !in;
	}
	return in;
}

static void claim(struct topology *t, uint16_t *side, uint16_t owner)
{
	if (*side != GAZ_NONE && *side != owner)
		t->conflicts++;
	else
		*side = owner;
}

static void take_sides(struct topology *t, size_t ring)
{
	const struct topo_ring *r = &t->rings[ring];
	bool left = counter_clockwise(t, r);

	for (size_t i = 0; i < t->rings_n; i++)
		if (i != ring && t->rings[i].owner == r->owner && nested(t, r, &t->rings[i]))
			left = !left;
	for (size_t i = 0; i < r->n; i++) {
		uint32_t u = t->corners[r->first + i], v = t->corners[r->first + (i + 1) % r->n];
		struct topo_edge *e = edge(t, u, v);

		claim(t, (e->a == u) == left ? &e->left : &e->right, r->owner);
	}
}

/* The municipalities left and right of the edge from corner i to the next, in the ring's direction.
 */
static uint32_t sides(struct topology *t, const struct topo_ring *r, size_t i)
{
	uint32_t u = t->corners[r->first + i % r->n], v = t->corners[r->first + (i + 1) % r->n];
	const struct topo_edge *e = edge(t, u, v);
	uint32_t left = e->a == u ? e->left : e->right, right = e->a == u ? e->right : e->left;

	return left << 16 | right;
}

static bool is_cut(struct topology *t, const struct topo_ring *r, size_t i)
{
	uint32_t v = t->corners[r->first + i % r->n];

	return t->degree[v] != 2 || sides(t, r, i + r->n - 1) != sides(t, r, i);
}

/* Where the arcs of a ring start: at a cut. A ring without one starts at its lowest vertex, so that
 * all rings over the same edges start at the same. */
static size_t start_of(struct topology *t, const struct topo_ring *r, bool *cuts)
{
	size_t lowest = 0;

	for (size_t i = 0; i < r->n; i++) {
		if (is_cut(t, r, i)) {
			*cuts = true;
			return i;
		}
		if (t->corners[r->first + i] < t->corners[r->first + lowest])
			lowest = i;
	}
	*cuts = false;
	return lowest;
}

static void put_point(struct topology *t, uint32_t v)
{
	t->points = viz_topology_grow(t->points, &t->points_max, t->points_n, sizeof *t->points);
	t->points[t->points_n++] = t->vertices[v];
}

static void new_arc(struct topology *t, const struct topo_ring *r, size_t from, size_t edges)
{
	uint32_t both = sides(t, r, from);
	struct gaz_arc arc = {
	    .first = (uint32_t)t->points_n,
	    .n = (uint32_t)edges + 1,
	    .left = (uint16_t)(both >> 16),
	    .right = (uint16_t)both,
	};

	for (size_t i = 0; i <= edges; i++) {
		uint32_t u = t->corners[r->first + (from + i) % r->n];

		put_point(t, u);
		if (i < edges)
			edge(t, u, t->corners[r->first + (from + i + 1) % r->n])->arc =
			    (uint32_t)t->arcs_n + 1;
	}
	t->arcs = viz_topology_grow(t->arcs, &t->arcs_max, t->arcs_n, sizeof arc);
	t->arcs[t->arcs_n++] = arc;
	VIZ_REQUIRE(t->arcs_n < GAZ_NONE);
}

static bool at(const struct topology *t, uint32_t point, uint32_t v)
{
	return t->points[point].lat_udeg == t->vertices[v].lat_udeg &&
	       t->points[point].lon_udeg == t->vertices[v].lon_udeg;
}

static void put_refs(struct topology *t, const struct topo_ring *r)
{
	bool cuts;
	size_t start = start_of(t, r, &cuts);

	for (size_t done = 0; done < r->n;) {
		size_t from = start + done, edges = 1;
		uint32_t u = t->corners[r->first + from % r->n];
		uint32_t v = t->corners[r->first + (from + 1) % r->n];
		uint32_t known = edge(t, u, v)->arc;
		const struct gaz_arc *arc;
		bool forward;

		while (done + edges < r->n && !(cuts && is_cut(t, r, from + edges)))
			edges++;
		if (!known) {
			new_arc(t, r, from, edges);
			known = (uint32_t)t->arcs_n;
		}
		arc = &t->arcs[known - 1];
		VIZ_REQUIRE(arc->n == edges + 1);
		forward = at(t, arc->first, u) && at(t, arc->first + 1, v);
		VIZ_REQUIRE(forward || (at(t, arc->first + arc->n - 1, u) &&
					at(t, arc->first + arc->n - 2, v)));
		t->refs = viz_topology_grow(t->refs, &t->refs_max, t->refs_n, sizeof *t->refs);
		t->refs[t->refs_n++] = (known - 1) * 2 + !forward;
		done += edges;
	}
}

void viz_topology_build(struct topology *t)
{
	/* An arc ends where the sides change, so all sides must be known first. */
	for (size_t i = 0; i < t->rings_n; i++)
		take_sides(t, i);
	t->degree = calloc(t->vertices_n + 1, sizeof *t->degree);
	t->out_rings = calloc(t->rings_n + 1, sizeof *t->out_rings);
	VIZ_REQUIRE(t->degree && t->out_rings);
	for (size_t i = 0; i < t->edges_n; i++) {
		t->degree[t->edges[i].a]++;
		t->degree[t->edges[i].b]++;
	}
	for (size_t i = 0; i < t->rings_n; i++) {
		t->out_rings[i].first = (uint32_t)t->refs_n;
		put_refs(t, &t->rings[i]);
		t->out_rings[i].n = (uint32_t)t->refs_n - t->out_rings[i].first;
	}
}
