#include "node/trust/cut.h"

#include "node/core/core.h"
#include "node/trust/member.h"
#include "node/trust/mutual.h"
#include "node/trust/trust.h"
#include "proto/base.h"

/* Those whom a search has found. The VOUCHes of those before `head` are looked at. */
struct side {
	struct viz_member **list;
	size_t head, count, capacity;
};

static void add(struct side *s, struct viz_member *m, enum viz_member_side side)
{
	if (s->count == s->capacity) {
		s->capacity = s->capacity ? s->capacity * 2 : 64;
		s->list = viz_core_grow(s->list, s->capacity, sizeof *s->list);
	}
	s->list[s->count++] = m;
	m->side = side;
}

/* Looks at the VOUCHes of one. True: the searches have met. */
static bool step(struct side *s, enum viz_member_side own)
{
	const struct viz_member *a = s->list[s->head];

	for (size_t i = 0; i < a->vouch_count; i++) {
		struct viz_member *b = viz_mutual_member(a, &a->vouch[i]);

		if (!b || !b->in || b->side == own)
			continue;
		if (b->side != VIZ_MEMBER_NO_SIDE)
			return true;
		add(s, b, own);
	}
	s->head++;
	return false;
}

/* Searches from `x`, which is in the closure so far. Who is found goes to `us` or to `gone`. */
static void search(struct side *us, struct side *gone, struct viz_member *x)
{
	struct side its = {0};
	bool met = false;

	add(&its, x, VIZ_MEMBER_DOUBTED);
	while (!met && its.head < its.count)
		met = step(&its, VIZ_MEMBER_DOUBTED) ||
		      (us->head < us->count && step(us, VIZ_MEMBER_OURS));
	for (size_t i = 0; i < its.count; i++) {
		its.list[i]->in = met;
		if (met)
			add(us, its.list[i], VIZ_MEMBER_OURS);
		else
			add(gone, its.list[i], VIZ_MEMBER_NO_SIDE);
	}
	free(its.list);
}

size_t viz_cut_find(struct viz_trust *trust, struct viz_member ***out)
{
	const struct viz_directory *d = &trust->directory;
	struct side us = {0}, gone = {0};

	add(&us, viz_member_self(trust), VIZ_MEMBER_OURS);
	for (size_t i = 0; i < d->doubted_count; i++)
		if (d->doubted[i]->in && d->doubted[i]->side == VIZ_MEMBER_NO_SIDE)
			search(&us, &gone, d->doubted[i]);
	for (size_t i = 0; i < us.count; i++)
		us.list[i]->side = VIZ_MEMBER_NO_SIDE;
	free(us.list);
	*out = gone.list;
	return gone.count;
}
