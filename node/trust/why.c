#include "node/trust/why.h"

#include "node/core/core.h"
#include "node/trust/branch.h"
#include "node/trust/member.h"
#include "node/trust/trust.h"
#include "proto/base.h"

#define NONE VIZ_BRANCH_NONE

/* A flow of whole units from us to one author, where each author passes on one unit, and each pair
 * of VOUCHes carries one. Single points, and pairs that stand alone, have no such limit. An author
 * has two sides: a unit comes to its front and leaves from its back. Source: K. Menger's theorem;
 * L. Ford and D. Fulkerson, Maximal flow through a network, 1956, by the shortest way each time. */
struct flow {
	const struct viz_branch *b;
	uint32_t goal;
	uint8_t *on;     /* units on an edge, by its place in b->edge */
	uint8_t *passed; /* units through an author */
	bool *single;    /* it is a single point of the goal, or the goal, or we */
	uint32_t *came;  /* from which side the search came to this one: 2 * author + side */
	uint32_t *queue;
};

enum side { FRONT = 0, BACK = 1 };

/* ---- single points ---- */

/* Counts who is in the branch of each author, by the order of the search: who is found later is
 * never above. */
static size_t *count_behind(const struct viz_branch *b, size_t count)
{
	size_t *behind = viz_core_alloc(count * sizeof *behind);

	memset(behind, 0, count * sizeof *behind);
	for (uint32_t i = b->count; i-- > 1;) {
		uint32_t x = b->order[i];

		behind[b->p[x].above] += behind[x] + 1;
	}
	return behind;
}

static void find_points(struct viz_why *out, struct viz_trust *trust, const struct viz_branch *b,
			uint32_t goal)
{
	const struct viz_directory *d = &trust->directory;
	size_t *behind = count_behind(b, d->count), n = 0;

	for (uint32_t x = goal; x != b->root; x = b->p[x].above)
		n++;
	out->point = viz_core_alloc(n * sizeof *out->point);
	out->point_count = n;
	for (uint32_t x = goal; x != b->root; x = b->p[x].above)
		out->point[--n] =
		    (struct viz_why_point){d->list[x], behind[x], viz_branch_by_one(b, x)};
	free(behind);
}

/* ---- ways ---- */

static bool is_lone(const struct flow *f, uint32_t x, uint32_t y)
{
	const struct viz_branch *b = f->b;

	return f->single[x] && f->single[y] &&
	       ((b->p[y].above == x && viz_branch_by_one(b, y)) ||
		(b->p[x].above == y && viz_branch_by_one(b, x)));
}

/* The edge from `x` to `y`. NONE: there is none. */
static uint32_t edge_of(const struct flow *f, uint32_t x, uint32_t y)
{
	const struct viz_branch_point *p = &f->b->p[x];

	for (uint32_t e = p->edge; e < p->edge + p->edges; e++)
		if (f->b->edge[e] == y)
			return e;
	return NONE;
}

static void visit(struct flow *f, size_t *end, uint32_t state, uint32_t from)
{
	if (f->came[state] != NONE)
		return;
	f->came[state] = from;
	f->queue[(*end)++] = state;
}

/* A unit can leave the author from here. */
static void leave_back(struct flow *f, size_t *end, uint32_t x)
{
	const struct viz_branch_point *p = &f->b->p[x];

	for (uint32_t e = p->edge; e < p->edge + p->edges; e++) {
		uint32_t y = f->b->edge[e];

		if (f->on[e] == 0 || is_lone(f, x, y))
			visit(f, end, 2 * y + FRONT, 2 * x + BACK);
	}
	if (f->passed[x] > 0)
		visit(f, end, 2 * x + FRONT, 2 * x + BACK);
}

/* A unit has come to the author. It goes through it, or takes the place of another one, which then
 * goes elsewhere from where it came from. */
static void leave_front(struct flow *f, size_t *end, uint32_t x)
{
	const struct viz_branch_point *p = &f->b->p[x];

	if (f->passed[x] == 0 || f->single[x])
		visit(f, end, 2 * x + BACK, 2 * x + FRONT);
	if (f->passed[x] == 0)
		return;
	for (uint32_t e = p->edge; e < p->edge + p->edges; e++) {
		uint32_t y = f->b->edge[e], back = edge_of(f, y, x);

		if (back != NONE && f->on[back] > 0)
			visit(f, end, 2 * y + BACK, 2 * x + FRONT);
	}
}

/* One more unit over the step from one side to the next one, or one less in the other direction. */
static void step(struct flow *f, uint32_t from, uint32_t to)
{
	uint32_t x = from / 2, y = to / 2;

	if (from % 2 == FRONT && x == y)
		f->passed[x]++;
	else if (x == y)
		f->passed[x]--;
	else if (from % 2 == BACK)
		f->on[edge_of(f, x, y)]++;
	else
		f->on[edge_of(f, y, x)]--;
}

/* One more unit from us to the goal. False: there is no way for it. */
static bool push_unit(struct flow *f)
{
	uint32_t root = 2 * f->b->root + BACK, goal = 2 * f->goal + FRONT;
	size_t end = 0;

	for (uint32_t i = 0; i < f->b->count; i++)
		f->came[2 * f->b->order[i]] = f->came[2 * f->b->order[i] + 1] = NONE;
	visit(f, &end, root, root);
	for (size_t at = 0; at < end && f->came[goal] == NONE; at++) {
		if (f->queue[at] % 2 == BACK)
			leave_back(f, &end, f->queue[at] / 2);
		else
			leave_front(f, &end, f->queue[at] / 2);
	}
	if (f->came[goal] == NONE)
		return false;
	for (uint32_t s = goal; s != root; s = f->came[s])
		step(f, f->came[s], s);
	return true;
}

/* Takes one unit out of the flow, as a way. A round that leads back to an author is left out. */
static void take_way(struct viz_why_way *out, struct flow *f, const struct viz_directory *d)
{
	uint32_t *at = f->came; /* the place of an author on the way, from 1; 0: it has none */
	uint32_t x = f->b->root;

	for (uint32_t i = 0; i < f->b->count; i++)
		at[f->b->order[i]] = 0;
	out->step = viz_core_alloc(f->b->count * sizeof *out->step);
	out->step[0] = d->list[x];
	out->count = at[x] = 1;
	while (x != f->goal) {
		const struct viz_branch_point *p = &f->b->p[x];
		uint32_t e = p->edge;

		while (e < p->edge + p->edges && f->on[e] == 0)
			e++;
		VIZ_REQUIRE(e < p->edge + p->edges);
		f->on[e]--;
		x = f->b->edge[e];
		while (at[x] != 0 && out->count >= at[x])
			at[out->step[--out->count]->at] = 0;
		out->step[out->count++] = d->list[x];
		at[x] = (uint32_t)out->count;
	}
}

static void find_ways(struct viz_why *out, struct viz_trust *trust, const struct viz_branch *b,
		      uint32_t goal)
{
	const struct viz_directory *d = &trust->directory;
	struct flow f = {.b = b, .goal = goal};
	size_t n = d->count, edges = 0, most = 1, units = 0;

	for (uint32_t i = 0; i < n; i++)
		edges += b->p[i].edges;
	f.on = viz_core_alloc(edges + 1);
	f.passed = viz_core_alloc(n);
	f.single = viz_core_alloc(n * sizeof *f.single);
	f.came = viz_core_alloc(2 * n * sizeof *f.came);
	f.queue = viz_core_alloc(2 * n * sizeof *f.queue);
	memset(f.on, 0, edges + 1);
	memset(f.passed, 0, n);
	memset(f.single, 0, n * sizeof *f.single);
	f.single[b->root] = true;
	for (size_t i = 0; i < out->point_count; i++) {
		f.single[out->point[i].member->at] = true;
		if (!out->point[i].by_one)
			most = VIZ_WHY_WAYS; /* else there is one way, whatever the flow is */
	}
	while (units < most && push_unit(&f))
		units++;
	out->more = most > 1 && units == most;
	while (out->way_count < units)
		take_way(&out->way[out->way_count++], &f, d);
	free(f.on);
	free(f.passed);
	free(f.single);
	free(f.came);
	free(f.queue);
}

static int by_length(const void *a, const void *b)
{
	size_t x = ((const struct viz_why_way *)a)->count,
	       y = ((const struct viz_why_way *)b)->count;

	return x < y ? -1 : x > y;
}

void viz_why_find(struct viz_why *out, struct viz_trust *trust, const struct viz_member *m)
{
	struct viz_branch b;

	*out = (struct viz_why){.point = NULL};
	viz_branch_init(&b, trust);
	if (m->in && b.p[m->at].seen != 0 && m->at != b.root) {
		find_points(out, trust, &b, m->at);
		find_ways(out, trust, &b, m->at);
		qsort(out->way, out->way_count, sizeof *out->way, by_length);
	}
	viz_branch_free(&b);
}

void viz_why_free(struct viz_why *why)
{
	for (size_t i = 0; i < why->way_count; i++)
		free(why->way[i].step);
	free(why->point);
	*why = (struct viz_why){.point = NULL};
}
