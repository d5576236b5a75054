#include "node/trust/branch.h"

#include "node/core/core.h"
#include "node/trust/member.h"
#include "node/trust/trust.h"
#include "proto/base.h"

#define NONE VIZ_BRANCH_NONE

/* ---- edges ---- */

bool viz_branch_holds(const struct viz_member *m)
{
	return m && m->in && !m->items.left_out;
}

bool viz_branch_vouches(const struct viz_member *a, const struct viz_member *b)
{
	for (size_t i = 0; i < a->vouch_count; i++)
		if (a->vouch[i].counted && a->vouch[i].to == b->as)
			return true;
	return false;
}

/* Whether a VOUCH of `a` before this one names the same author. */
static bool is_repeated(const struct viz_member *a, size_t k)
{
	for (size_t i = 0; i < k; i++)
		if (a->vouch[i].counted && a->vouch[i].to == a->vouch[k].to)
			return true;
	return false;
}

/* Whom this VOUCH joins with `a` in the closure; NULL: nobody. */
static const struct viz_member *joined(const struct viz_member *a, size_t k)
{
	const struct viz_vouch_row *row = &a->vouch[k];
	const struct viz_member *b = row->to->member;

	return row->counted && b != a && viz_branch_holds(a) && viz_branch_holds(b) &&
		       viz_branch_vouches(b, a) && !is_repeated(a, k)
		   ? b
		   : NULL;
}

static void make_edges(struct viz_branch *b, const struct viz_directory *d)
{
	size_t all = 1, n = 0;

	for (uint32_t i = 0; i < d->count; i++) {
		d->list[i]->at = i;
		b->p[i] = (struct viz_branch_point){.from = NONE, .above = NONE};
		all += d->list[i]->vouch_count;
	}
	b->edge = viz_core_alloc(all * sizeof *b->edge);
	for (uint32_t i = 0; i < d->count; i++) {
		const struct viz_member *a = d->list[i], *other;

		b->p[i].edge = (uint32_t)n;
		for (size_t k = 0; k < a->vouch_count; k++)
			if ((other = joined(a, k)))
				b->edge[n++] = other->at;
		b->p[i].edges = (uint32_t)n - b->p[i].edge;
	}
}

/* ---- branches ---- */

/* Puts `x` behind those who are reached. */
static void add(struct viz_branch *b, uint32_t x, uint32_t from)
{
	b->order[b->count++] = x;
	b->p[x].seen = b->p[x].low = b->count;
	b->p[x].from = from;
}

/* All through `x` is searched: who cannot be reached but through the one before it is in that
 * one's branch. `top` counts the stack of those who are in no branch yet. */
static void leave_point(struct viz_branch *b, uint32_t x, size_t *top)
{
	uint32_t from = b->p[x].from, y;

	if (from == NONE)
		return;
	if (b->p[x].low < b->p[from].low)
		b->p[from].low = b->p[x].low;
	if (b->p[x].low < b->p[from].seen)
		return;
	do {
		y = b->stack[--*top];
		b->p[y].above = from;
	} while (y != x);
}

/* Source: R. Tarjan, Depth-first search and linear graph algorithms, 1972 (biconnected components).
 */
static void search(struct viz_branch *b)
{
	uint32_t x = b->root;
	size_t top = 0;

	add(b, x, NONE);
	while (x != NONE) {
		struct viz_branch_point *p = &b->p[x];
		uint32_t y;

		if (p->next == p->edges) {
			leave_point(b, x, &top);
			x = p->from;
			continue;
		}
		y = b->edge[p->edge + p->next++];
		if (b->p[y].seen == 0) {
			add(b, y, x);
			b->stack[top++] = y;
			x = y;
		} else if (y != p->from && b->p[y].seen < p->low) {
			p->low = b->p[y].seen;
		}
	}
}

void viz_branch_init(struct viz_branch *b, struct viz_trust *trust)
{
	const struct viz_directory *d = &trust->directory;
	const struct viz_member *self = viz_member_self(trust);

	*b = (struct viz_branch){.count = 0};
	b->p = viz_core_alloc(d->count * sizeof *b->p);
	b->order = viz_core_alloc(d->count * sizeof *b->order);
	b->stack = viz_core_alloc(d->count * sizeof *b->stack);
	make_edges(b, d);
	b->root = self->at;
	search(b);
}

void viz_branch_free(struct viz_branch *b)
{
	free(b->p);
	free(b->edge);
	free(b->order);
	free(b->stack);
	*b = (struct viz_branch){.count = 0};
}

bool viz_branch_by_one(const struct viz_branch *b, uint32_t x)
{
	const struct viz_branch_point *p = &b->p[x];

	return p->from != NONE && p->from == p->above && p->low > b->p[p->from].seen;
}
