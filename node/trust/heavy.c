#include "node/trust/heavy.h"

#include "node/core/core.h"
#include "node/trust/branch.h"
#include "node/trust/member.h"
#include "node/trust/peer.h"
#include "node/trust/share.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/limits.h"
#include "proto/trust.h"

#define NONE VIZ_BRANCH_NONE

/* What is weighed of an author. */
struct load {
	uint32_t child, sibling;
	uint64_t own, branch; /* what may be left out of it, and of its branch */
	bool keep;            /* somebody in its branch must stay */
	bool out;             /* chosen */
};

struct graph {
	struct viz_trust *trust;
	const struct viz_directory *d;
	struct viz_branch b;
	struct load *w; /* by the position in the directory, like b.p */
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

/* How many ids its VOUCHes name that are not in the closure. */
static uint64_t count_others(const struct viz_member *m)
{
	uint64_t n = 0;

	for (size_t i = 0; i < m->vouch_count; i++)
		n += !viz_branch_holds(m->vouch[i].to->member);
	return n;
}

/* ---- branches ---- */

/* Those who are sponsored and not in the closure hang on all of their sponsors. */
static void add_sponsored(struct graph *g)
{
	struct viz_branch *h = &g->b;
	uint32_t reached = h->count;

	for (uint32_t i = 0; i < reached; i++) {
		const struct viz_member *a = g->d->list[h->order[i]];

		for (size_t k = 0; k < a->vouch_count; k++) {
			const struct viz_member *b = a->vouch[k].to->member;
			struct viz_branch_point *p;

			if (!b || !a->vouch[k].counted || viz_branch_holds(b))
				continue;
			p = &h->p[b->at];
			p->above = p->seen ? viz_branch_common(h, p->above, a->at) : a->at;
			if (p->seen == 0)
				viz_branch_add(h, b->at, NONE);
		}
	}
}

/* What each weighs that may be left out, and its branch. */
static void weigh(struct graph *g)
{
	uint64_t least = viz_heavy_least(g->trust->core);
	const uint32_t *order = g->b.order;

	for (uint32_t i = 0; i < g->b.count; i++)
		g->w[order[i]].keep = viz_heavy_keeps(g->trust, g->d->list[order[i]]);
	for (uint32_t i = g->b.count; i-- > 0;) {
		uint32_t x = order[i], up = g->b.p[x].above;
		struct load *w = &g->w[x], *above = up != NONE ? &g->w[up] : NULL;

		w->own = w->keep ? 0 : viz_heavy_counts(g->trust->core, g->d->list[x]);
		if (w->own > 0)
			w->own += count_others(g->d->list[x]) * least;
		w->branch += w->own;
		if (!above)
			continue;
		above->keep |= w->keep;
		above->branch += w->branch;
		w->sibling = above->child;
		above->child = x;
	}
}

/* ---- the choice ---- */

/* From the root into the heaviest branch, down to who has none. NONE: nobody is left to choose. */
static uint32_t heaviest(const struct graph *g)
{
	uint32_t x = g->b.root;

	for (;;) {
		uint32_t best = NONE;

		for (uint32_t y = g->w[x].child; y != NONE; y = g->w[y].sibling)
			if (g->w[y].branch > 0 &&
			    (best == NONE || g->w[y].branch > g->w[best].branch ||
			     (g->w[y].branch == g->w[best].branch && y < best)))
				best = y;
		if (best == NONE)
			return x == g->b.root ? NONE : x;
		x = best;
	}
}

static void take(struct graph *g, uint32_t x)
{
	uint64_t own = g->w[x].own;

	g->w[x].out = true;
	g->w[x].own = 0;
	for (; x != NONE; x = g->b.p[x].above)
		g->w[x].branch -= own;
}

static size_t choose(struct graph *g, uint32_t *out, size_t max, uint64_t down_to)
{
	size_t n = 0;

	while (n < max && g->w[g->b.root].branch > down_to) {
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
	return !g->w[x].out && viz_heavy_counts(g->trust->core, g->d->list[x]) > 0;
}

/* Whether nobody but the first `n` chosen ones leaves the closure with them, and nobody loses its
 * last sponsor. */
static bool is_safe(struct graph *g, const uint32_t *out, size_t n)
{
	struct viz_branch *h = &g->b;
	size_t top = 0, reached = 0, wanted = 0;

	for (uint32_t i = 0; i < h->count; i++) {
		g->w[h->order[i]].out = false;
		h->p[h->order[i]].seen = 0;
	}
	for (size_t i = 0; i < n; i++)
		g->w[out[i]].out = true;
	for (uint32_t i = 0; i < h->count; i++)
		wanted += is_wanted(g, h->order[i]);
	h->p[h->root].seen = 1;
	h->stack[top++] = h->root;
	while (top > 0) {
		const struct viz_member *a = g->d->list[h->stack[--top]];

		reached += is_wanted(g, a->at);
		for (size_t k = 0; k < a->vouch_count; k++) {
			const struct viz_member *b = a->vouch[k].to->member;

			if (!b || !a->vouch[k].counted || h->p[b->at].seen || g->w[b->at].out ||
			    (viz_branch_holds(b) && !viz_branch_vouches(b, a)))
				continue;
			h->p[b->at].seen = 1;
			if (viz_branch_holds(b))
				h->stack[top++] = b->at;
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

	viz_branch_init(&g.b, trust);
	g.w = viz_core_alloc(d->count * sizeof *g.w);
	for (size_t i = 0; i < d->count; i++)
		g.w[i] = (struct load){.child = NONE, .sibling = NONE};
	add_sponsored(&g);
	weigh(&g);
	if (g.w[g.b.root].branch > share)
		n = choose(&g, chosen, max, down_to);
	/* One alone is safe: nobody hangs on it. Of several that hang on each other some must do
	 * for now. */
	while (n > 1 && !is_safe(&g, chosen, n))
		n /= 2;
	for (size_t i = 0; i < n; i++)
		out[i] = d->list[chosen[i]];
	viz_branch_free(&g.b);
	free(g.w);
	free(chosen);
	return n;
}
