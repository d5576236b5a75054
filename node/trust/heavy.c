#include "node/trust/heavy.h"

#include "node/core/core.h"
#include "node/trust/branch.h"
#include "node/trust/fill.h"
#include "node/trust/member.h"
#include "node/trust/peer.h"
#include "node/trust/share.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/limits.h"
#include "proto/trust.h"

#define NONE VIZ_FILL_NONE

/* What is weighed of an author. */
struct load {
	uint32_t child, sibling;
	uint64_t own;    /* what may be left out of it */
	uint64_t branch; /* likewise of those below it, and of it, that are not full */
	bool keep;       /* it must stay, or somebody below it */
};

struct graph {
	struct viz_trust *trust;
	const struct viz_directory *d;
	struct viz_fill f;
	struct load *w;  /* by the position in the directory, like f.p */
	uint64_t total;  /* of `own` */
	uint32_t behind; /* in f.order: whoever is behind is chosen, or must stay */
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

static uint64_t own(const struct graph *g, const struct viz_member *m)
{
	uint64_t counts = viz_heavy_counts(g->trust->core, m);

	return counts > 0 ? counts + count_others(m) * viz_heavy_least(g->trust->core) : 0;
}

static void pour(struct graph *g, uint64_t share)
{
	for (uint32_t i = 0; i < g->f.size; i++) {
		g->w[i] = (struct load){.child = NONE, .sibling = NONE};
		g->w[i].keep = viz_heavy_keeps(g->trust, g->d->list[i]);
		g->w[i].own = g->w[i].keep ? 0 : own(g, g->d->list[i]);
		g->f.p[i].needs = g->w[i].own;
	}
	viz_fill_pour(&g->f, share);
}

/* The branches: each below the one that leads to it. */
static void weigh(struct graph *g)
{
	for (uint32_t i = g->behind = g->f.count; i-- > 0;) {
		uint32_t x = g->f.order[i], up = g->f.p[x].above;
		struct load *w = &g->w[x];

		if (w->keep)
			w->own = 0;
		g->total += w->own;
		w->branch += g->f.p[x].full ? 0 : w->own;
		if (up == NONE)
			continue;
		g->w[up].keep |= w->keep;
		g->w[up].branch += w->branch;
		w->sibling = g->w[up].child;
		g->w[up].child = x;
	}
}

/* ---- the choice ---- */

/* From the root into the heaviest branch, down to who has none. NONE: all are full. */
static uint32_t heaviest(const struct graph *g)
{
	uint32_t x = g->f.root;

	for (;;) {
		uint32_t best = NONE;

		for (uint32_t y = g->w[x].child; y != NONE; y = g->w[y].sibling)
			if (g->w[y].branch > 0 &&
			    (best == NONE || g->w[y].branch > g->w[best].branch ||
			     (g->w[y].branch == g->w[best].branch && y < best)))
				best = y;
		if (best == NONE)
			return x == g->f.root ? NONE : x;
		x = best;
	}
}

/* The one that was full last. NONE: nobody is left to choose. */
static uint32_t last(struct graph *g)
{
	while (g->behind > 0) {
		uint32_t x = g->f.order[--g->behind];

		if (g->w[x].own > 0)
			return x;
	}
	return NONE;
}

static void take(struct graph *g, uint32_t x)
{
	uint64_t gone = g->w[x].own;

	g->total -= gone;
	g->w[x].own = 0;
	for (uint32_t up = x; up != NONE && !g->f.p[x].full; up = g->f.p[up].above)
		g->w[up].branch -= gone;
}

size_t viz_heavy_choose(struct viz_trust *trust, struct viz_member **out, size_t max,
			uint64_t share, uint64_t down_to)
{
	struct graph g = {.trust = trust, .d = &trust->directory};
	size_t n = 0;

	viz_fill_init(&g.f, trust, false);
	g.w = viz_core_alloc(g.f.size * sizeof *g.w);
	pour(&g, share);
	weigh(&g);
	if (g.total > share)
		while (n < max && g.total > down_to) {
			uint32_t x = heaviest(&g);

			if (x == NONE)
				x = last(&g);
			if (x == NONE)
				break;
			take(&g, x);
			out[n++] = g.d->list[x];
		}
	viz_fill_free(&g.f);
	free(g.w);
	return n;
}

size_t viz_heavy_back(struct viz_trust *trust, struct viz_member **out, size_t max, uint64_t share)
{
	struct graph g = {.trust = trust, .d = &trust->directory};
	uint64_t least = viz_heavy_least(trust->core);
	size_t n = 0;

	viz_fill_init(&g.f, trust, true);
	for (uint32_t i = 0; i < g.f.size; i++) {
		const struct viz_member *m = g.d->list[i];

		if (m->items.left_out)
			g.f.p[i].needs = m->weighed > least ? m->weighed : least;
		else if (!viz_heavy_keeps(trust, m))
			g.f.p[i].needs = own(&g, m);
	}
	viz_fill_pour(&g.f, share);
	for (uint32_t i = 0; i < g.f.count && n < max; i++) {
		uint32_t x = g.f.order[i];

		if (g.d->list[x]->items.left_out)
			out[n++] = g.d->list[x];
	}
	viz_fill_free(&g.f);
	return n;
}
