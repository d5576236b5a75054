#include "node/trust/heavy.h"

#include "node/core/core.h"
#include "node/trust/member.h"
#include "node/trust/peer.h"
#include "node/trust/share.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/limits.h"
#include "proto/trust.h"

#define NONE UINT32_MAX

/* An author, by its position in the directory. */
struct point {
	uint32_t edge, edges; /* its part of graph.edge */
	uint32_t seen, low;   /* order of the search, from 1; 0: not reached. The lowest that it or
				 who was found through it vouches for */
	uint32_t from, next;  /* through whom it was found; the next edge to look at */
	uint32_t above;       /* in whose branch it is, directly; NONE: nobody's */
	uint32_t child, sibling;
	uint64_t own, branch; /* what may be left out of it, and of its branch */
	bool keep;            /* somebody in its branch must stay */
	bool out;             /* chosen */
};

struct graph {
	struct viz_trust *trust;
	const struct viz_directory *d;
	struct point *p;
	uint32_t *edge;  /* mutual VOUCHes in the closure */
	uint32_t *order; /* those who are reached, as they were found, and then whom they sponsor */
	uint32_t *stack;
	uint32_t count, root;
};

/* ---- authors ---- */

bool viz_heavy_keeps(struct viz_trust *trust, const struct viz_member *m)
{
	const struct viz_member *self = viz_member_self(trust);

	return m == self || viz_peer_is_kept(m) ||
	       (self->partners && viz_partners_find(self->partners, &m->id));
}

uint64_t viz_heavy_least(const struct viz_core *core)
{
	return viz_share_federation(core) / (VIZ_MEMBERS_MAX / 2);
}

uint64_t viz_heavy_counts(const struct viz_core *core, const struct viz_member *m)
{
	uint64_t least = viz_heavy_least(core);

	if (m->weight == 0 || m->items.left_out)
		return 0;
	return m->weight > least ? m->weight : least;
}

/* Whether `m` is in the closure, and stays there: who is left out leaves it as soon as its VOUCHes
 * are dropped. */
static bool is_in(const struct viz_member *m)
{
	return m && m->in && !m->items.left_out;
}

/* How many ids its VOUCHes name that are not in the closure. */
static uint64_t count_others(const struct viz_member *m)
{
	uint64_t n = 0;

	for (size_t i = 0; i < m->vouch_count; i++)
		n += !is_in(m->vouch[i].to->member);
	return n;
}

/* ---- edges ---- */

static bool counts_for(const struct viz_member *a, const struct viz_member *b)
{
	for (size_t i = 0; i < a->vouch_count; i++)
		if (a->vouch[i].counted && a->vouch[i].to == b->as)
			return true;
	return false;
}

/* Whom this VOUCH joins with `a` in the closure; NULL: nobody. */
static const struct viz_member *joined(const struct viz_member *a, const struct viz_vouch_row *row)
{
	const struct viz_member *b = row->to->member;

	return row->counted && b != a && is_in(a) && is_in(b) && counts_for(b, a) ? b : NULL;
}

static void make_edges(struct graph *g)
{
	size_t all = 1, n = 0;

	for (uint32_t i = 0; i < g->d->count; i++) {
		g->d->list[i]->at = i;
		g->p[i] =
		    (struct point){.from = NONE, .above = NONE, .child = NONE, .sibling = NONE};
		all += g->d->list[i]->vouch_count;
	}
	g->edge = viz_core_alloc(all * sizeof *g->edge);
	for (uint32_t i = 0; i < g->d->count; i++) {
		const struct viz_member *a = g->d->list[i], *b;

		g->p[i].edge = (uint32_t)n;
		for (size_t k = 0; k < a->vouch_count; k++)
			if ((b = joined(a, &a->vouch[k])))
				g->edge[n++] = b->at;
		g->p[i].edges = (uint32_t)n - g->p[i].edge;
	}
}

/* ---- branches ---- */

static void found(struct graph *g, uint32_t x, uint32_t from)
{
	g->order[g->count++] = x;
	g->p[x].seen = g->p[x].low = g->count;
	g->p[x].from = from;
}

/* All through `x` is searched: who cannot be reached but through the one before it is in that
 * one's branch. `top` counts the stack of those who are in no branch yet. */
static void leave_point(struct graph *g, uint32_t x, size_t *top)
{
	uint32_t from = g->p[x].from, y;

	if (from == NONE)
		return;
	if (g->p[x].low < g->p[from].low)
		g->p[from].low = g->p[x].low;
	if (g->p[x].low < g->p[from].seen)
		return;
	do {
		y = g->stack[--*top];
		g->p[y].above = from;
	} while (y != x);
}

/* Finds the branches of those in the closure: a search in depth. Source: R. Tarjan, Depth-first
 * search and linear graph algorithms, 1972 (biconnected components). */
static void search(struct graph *g)
{
	uint32_t x = g->root;
	size_t top = 0;

	found(g, x, NONE);
	while (x != NONE) {
		struct point *p = &g->p[x];
		uint32_t y;

		if (p->next == p->edges) {
			leave_point(g, x, &top);
			x = p->from;
			continue;
		}
		y = g->edge[p->edge + p->next++];
		if (g->p[y].seen == 0) {
			found(g, y, x);
			g->stack[top++] = y;
			x = y;
		} else if (g->p[y].seen < p->low) {
			p->low = g->p[y].seen;
		}
	}
}

/* In whose branch both are. */
static uint32_t common(const struct graph *g, uint32_t a, uint32_t b)
{
	while (a != b) {
		if (g->p[a].seen > g->p[b].seen)
			a = g->p[a].above;
		else
			b = g->p[b].above;
	}
	return a;
}

/* Those who are sponsored and not in the closure hang on all of their sponsors. */
static void add_sponsored(struct graph *g)
{
	uint32_t reached = g->count;

	for (uint32_t i = 0; i < reached; i++) {
		const struct viz_member *a = g->d->list[g->order[i]];

		for (size_t k = 0; k < a->vouch_count; k++) {
			const struct viz_member *b = a->vouch[k].to->member;
			struct point *p;

			if (!b || !a->vouch[k].counted || is_in(b))
				continue;
			p = &g->p[b->at];
			p->above = p->seen ? common(g, p->above, a->at) : a->at;
			if (p->seen == 0)
				found(g, b->at, NONE);
		}
	}
}

/* What each weighs that may be left out, and its branch. */
static void weigh(struct graph *g)
{
	uint64_t least = viz_heavy_least(g->trust->core);

	for (uint32_t i = 0; i < g->count; i++)
		g->p[g->order[i]].keep = viz_heavy_keeps(g->trust, g->d->list[g->order[i]]);
	for (uint32_t i = g->count; i-- > 0;) {
		uint32_t x = g->order[i];
		struct point *p = &g->p[x], *above = p->above != NONE ? &g->p[p->above] : NULL;
		const struct viz_member *m = g->d->list[x];

		p->own = p->keep ? 0 : viz_heavy_counts(g->trust->core, m);
		if (p->own > 0)
			p->own += count_others(m) * least;
		p->branch += p->own;
		if (!above)
			continue;
		above->keep |= p->keep;
		above->branch += p->branch;
		p->sibling = above->child;
		above->child = x;
	}
}

/* ---- the choice ---- */

/* From the root into the heaviest branch, down to who has none. NONE: nobody is left to choose. */
static uint32_t heaviest(const struct graph *g)
{
	uint32_t x = g->root;

	for (;;) {
		uint32_t best = NONE;

		for (uint32_t y = g->p[x].child; y != NONE; y = g->p[y].sibling)
			if (g->p[y].branch > 0 &&
			    (best == NONE || g->p[y].branch > g->p[best].branch ||
			     (g->p[y].branch == g->p[best].branch && y < best)))
				best = y;
		if (best == NONE)
			return x == g->root ? NONE : x;
		x = best;
	}
}

static void take(struct graph *g, uint32_t x)
{
	uint64_t own = g->p[x].own;

	g->p[x].out = true;
	g->p[x].own = 0;
	for (; x != NONE; x = g->p[x].above)
		g->p[x].branch -= own;
}

static size_t choose(struct graph *g, uint32_t *out, size_t max, uint64_t down_to)
{
	size_t n = 0;

	while (n < max && g->p[g->root].branch > down_to) {
		uint32_t x = heaviest(g);

		if (x == NONE)
			break;
		take(g, x);
		out[n++] = x;
	}
	return n;
}

/* Whether anybody minds that it leaves with others: not those of whom nothing is held. */
static bool is_wanted(const struct graph *g, uint32_t x)
{
	return !g->p[x].out && viz_heavy_counts(g->trust->core, g->d->list[x]) > 0;
}

/* Whether nobody but the first `n` chosen ones leaves the closure with them, and nobody loses its
 * last sponsor. */
static bool is_safe(struct graph *g, const uint32_t *out, size_t n)
{
	size_t top = 0, reached = 0, wanted = 0;

	for (uint32_t i = 0; i < g->count; i++) {
		g->p[g->order[i]].out = false;
		g->p[g->order[i]].seen = 0;
	}
	for (size_t i = 0; i < n; i++)
		g->p[out[i]].out = true;
	for (uint32_t i = 0; i < g->count; i++)
		wanted += is_wanted(g, g->order[i]);
	g->p[g->root].seen = 1;
	g->stack[top++] = g->root;
	while (top > 0) {
		const struct viz_member *a = g->d->list[g->stack[--top]];

		reached += is_wanted(g, a->at);
		for (size_t k = 0; k < a->vouch_count; k++) {
			const struct viz_member *b = a->vouch[k].to->member;

			if (!b || !a->vouch[k].counted || g->p[b->at].seen || g->p[b->at].out ||
			    (is_in(b) && !counts_for(b, a)))
				continue;
			g->p[b->at].seen = 1;
			if (is_in(b))
				g->stack[top++] = b->at;
			else
				reached += is_wanted(g, b->at);
		}
	}
	return reached == wanted;
}

size_t viz_heavy_choose(struct viz_trust *trust, struct viz_member **out, size_t max,
			uint64_t share, uint64_t down_to)
{
	const struct viz_directory *d = &trust->directory;
	struct graph g = {.trust = trust, .d = d};
	uint32_t *chosen = viz_core_alloc(max * sizeof *chosen);
	size_t n = 0;

	g.p = viz_core_alloc(d->count * sizeof *g.p);
	g.order = viz_core_alloc(d->count * sizeof *g.order);
	g.stack = viz_core_alloc(d->count * sizeof *g.stack);
	make_edges(&g);
	g.root = viz_member_self(trust)->at;
	search(&g);
	add_sponsored(&g);
	weigh(&g);
	if (g.p[g.root].branch > share)
		n = choose(&g, chosen, max, down_to);
	/* One alone is safe: nobody hangs on it. Of several that hang on each other some must do
	 * for now. */
	while (n > 1 && !is_safe(&g, chosen, n))
		n /= 2;
	for (size_t i = 0; i < n; i++)
		out[i] = d->list[chosen[i]];
	free(g.p);
	free(g.edge);
	free(g.order);
	free(g.stack);
	free(chosen);
	return n;
}
