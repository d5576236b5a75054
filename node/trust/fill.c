#include "node/trust/fill.h"

#include "node/core/core.h"
#include "node/trust/branch.h"
#include "node/trust/member.h"
#include "node/trust/trust.h"
#include "proto/base.h"

#define NONE VIZ_FILL_NONE

#define ROUNDS 64
#define ROUND  (UINT32_C(1) << 16) /* of viz_fill_point.when */

/* ---- edges ---- */

/* Whom this VOUCH of one in the closure leads to; NULL: nobody of whom anything can be held. */
static const struct viz_member *leads_to(const struct viz_member *a, size_t k, bool left_out,
					 bool *passes)
{
	const struct viz_vouch_row *row = &a->vouch[k];
	const struct viz_member *b = row->to->member;

	if (!row->counted || !b || b == a || (b->items.left_out && !left_out))
		return NULL;
	*passes = viz_branch_holds(b);
	return !*passes || viz_branch_vouches(b, a) ? b : NULL;
}

/* Puts those who pass on at the begin of the part of `a`, and the others at its end. */
static void add_edges(struct viz_fill *f, const struct viz_member *a, bool left_out)
{
	struct viz_fill_point *p = &f->p[a->at];
	bool passes;

	for (size_t k = 0; k < a->vouch_count; k++) {
		const struct viz_member *b = leads_to(a, k, left_out, &passes);

		if (!b)
			continue;
		if (passes)
			f->edge[p->edge + p->edges++] = b->at;
		else
			f->edge[--p->ends] = b->at;
	}
}

void viz_fill_init(struct viz_fill *f, struct viz_trust *trust, bool left_out)
{
	const struct viz_directory *d = &trust->directory;
	size_t all = 1;
	uint32_t n = 0;

	*f = (struct viz_fill){.size = (uint32_t)d->count};
	f->p = viz_core_alloc(d->count * sizeof *f->p);
	f->order = viz_core_alloc(d->count * sizeof *f->order);
	f->comes = viz_core_alloc(d->count * sizeof *f->comes);
	for (uint32_t i = 0; i < f->size; i++) {
		d->list[i]->at = i;
		all += d->list[i]->vouch_count;
	}
	f->edge = viz_core_alloc(all * sizeof *f->edge);
	for (uint32_t i = 0; i < f->size; i++) {
		const struct viz_member *a = d->list[i];

		f->p[i] = (struct viz_fill_point){
		    .edge = n, .ends = n + (uint32_t)a->vouch_count, .when = NONE, .above = NONE};
		n = f->p[i].stop = f->p[i].ends;
		f->comes[i] = 0;
		if (viz_branch_holds(a))
			add_edges(f, a, left_out);
	}
	f->root = viz_member_self(trust)->at;
}

void viz_fill_free(struct viz_fill *f)
{
	free(f->p);
	free(f->edge);
	free(f->order);
	free(f->comes);
	*f = (struct viz_fill){.count = 0};
}

/* ---- rounds ---- */

/* What one that does not pass on lacks yet. */
static uint64_t room(const struct viz_fill *f, uint32_t x)
{
	return f->p[x].full ? 0 : f->p[x].needs - f->p[x].has - f->comes[x];
}

static void give(struct viz_fill *f, struct viz_fill_point *p, uint32_t to, uint64_t part)
{
	f->comes[to] += part;
	p->has -= part;
}

static void pass_on(struct viz_fill *f, struct viz_fill_point *p)
{
	const uint32_t *edge = f->edge;
	uint64_t parts = p->edges, part;

	for (uint32_t i = p->ends; i < p->stop; i++)
		parts += room(f, edge[i]) > 0;
	part = parts > 0 ? p->has / parts : 0;
	if (part == 0)
		return;
	for (uint32_t i = p->edge; i < p->edge + p->edges; i++)
		give(f, p, edge[i], part);
	for (uint32_t i = p->ends; i < p->stop; i++)
		give(f, p, edge[i], room(f, edge[i]) < part ? room(f, edge[i]) : part);
}

/* Takes what has come. Whoever passed it on was full in a round before, so earlier. */
static void take_in(struct viz_fill_point *p, uint64_t comes, uint32_t round)
{
	uint64_t lacks = p->needs - p->has;

	if (p->full) {
		p->has += comes;
	} else if (comes < lacks) {
		p->has += comes;
		lacks -= comes;
		p->when = ROUNDS * ROUND + (uint32_t)(lacks * (ROUND - 1) / p->needs);
	} else {
		p->full = true;
		p->has = comes - lacks;
		p->when = round * ROUND + 1 + (uint32_t)(lacks * (ROUND - 2) / comes);
	}
}

static void play_rounds(struct viz_fill *f)
{
	for (uint32_t round = 0; round < ROUNDS; round++) {
		for (uint32_t i = 0; i < f->size; i++)
			if (f->p[i].full && f->p[i].has > 0)
				pass_on(f, &f->p[i]);
		for (uint32_t i = 0; i < f->size; i++) {
			if (f->comes[i] > 0)
				take_in(&f->p[i], f->comes[i], round);
			f->comes[i] = 0;
		}
	}
}

/* ---- the order ---- */

static int compare(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

/* Those to whom something came. Of two alike the higher id is before the lower one. */
static void sort(struct viz_fill *f)
{
	uint64_t *key = viz_core_alloc(f->size * sizeof *key);

	for (uint32_t i = 0; i < f->size; i++)
		if (f->p[i].when != NONE)
			key[f->count++] = (uint64_t)f->p[i].when << 32 | (NONE - i);
	qsort(key, f->count, sizeof *key, compare);
	for (uint32_t i = 0; i < f->count; i++)
		f->order[i] = NONE - (uint32_t)key[i];
	free(key);
}

static void find_above(struct viz_fill *f, uint32_t x, uint32_t from, uint32_t to)
{
	for (uint32_t i = from; i < to; i++) {
		uint32_t y = f->edge[i];

		if (y == f->root || f->p[y].above != NONE)
			continue;
		f->p[y].above = x;
		if (f->p[y].when == NONE)
			f->order[f->count++] = y;
	}
}

/* Puts the others behind these, by the ways to them, and finds who is above whom. */
static void follow(struct viz_fill *f)
{
	for (uint32_t i = 0; i < f->count; i++) {
		uint32_t x = f->order[i];
		const struct viz_fill_point *p = &f->p[x];

		find_above(f, x, p->edge, p->edge + p->edges);
		find_above(f, x, p->ends, p->stop);
	}
}

void viz_fill_pour(struct viz_fill *f, uint64_t amount)
{
	struct viz_fill_point *us = &f->p[f->root];

	us->full = true;
	us->when = 0;
	us->has = amount;
	play_rounds(f);
	sort(f);
	follow(f);
}
