#include "node/trust/part.h"

#include "node/core/core.h"
#include "node/trust/branch.h"
#include "node/trust/member.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/limits.h"

#define OTHER_VOUCHERS 3 /* that are tried for one that is held up; so a check costs more */

/* From ourselves to an author. */
struct way {
	enum viz_part_kind kind;
	struct viz_part *at[VIZ_PART_DEPTH + 3];
	uint32_t parts[VIZ_PART_DEPTH + 3]; /* into how many what it has is divided */
	size_t count;
};

/* Sets by whom `m` is counted, from whom it is held by. False: nothing has changed. */
static bool place(struct viz_member *m)
{
	struct viz_member *by = m->held_by;

	while (by->distance >= VIZ_PART_DEPTH)
		by = by->by;
	if (m->by == by && m->distance == by->distance + 1)
		return false;
	if (m->by)
		m->by->brought--;
	m->by = by;
	m->distance = by->distance + 1;
	by->brought++;
	return true;
}

/* Likewise for all behind `first`, whose place has changed. */
static void place_behind(struct viz_member *first)
{
	struct viz_member **list = viz_core_alloc(sizeof *list);
	size_t capacity = 1, count = 0;

	list[count++] = first;
	while (count > 0) {
		const struct viz_member *m = list[--count];

		for (size_t i = 0; i < m->vouch_count; i++) {
			struct viz_member *b = m->vouch[i].to->member;

			if (!b || b->held_by != m || !place(b))
				continue;
			if (count == capacity) {
				capacity *= 2;
				list = viz_core_grow(list, capacity, sizeof *list);
			}
			list[count++] = b;
		}
	}
	free(list);
}

void viz_part_enter(struct viz_member *m, struct viz_member *by)
{
	bool was_in = m->by;

	m->held_by = by;
	if (place(m) && was_in)
		place_behind(m);
}

void viz_part_leave(struct viz_member *m)
{
	if (m->by)
		m->by->brought--;
	m->held_by = m->by = NULL;
	m->distance = 0;
}

void viz_part_begin(struct viz_trust *trust)
{
	const struct viz_directory *d = &trust->directory;

	for (size_t i = 0; i < d->count; i++) {
		d->list[i]->held_by = d->list[i]->by = NULL;
		d->list[i]->distance = d->list[i]->brought = 0;
	}
}

/* ---- counts ---- */

static void forget(const struct viz_core *core, struct viz_part *r)
{
	uint64_t half = (uint64_t)core->now.ms / VIZ_PART_HALF_MS;

	r->count = half - r->half < 32 ? r->count >> (half - r->half) : 0;
	r->half = half;
}

/* ---- ways ---- */

static void add(const struct viz_core *core, struct way *w, struct viz_part *at, uint32_t parts)
{
	forget(core, at);
	w->at[w->count] = at;
	w->parts[w->count++] = parts;
}

/* The way to `m` by this voucher; NULL: it is not in the closure. All who are not have one part of
 * ours together. One part is left for each voucher's own. */
static void find_way(struct viz_trust *trust, struct way *w, struct viz_member *m,
		     struct viz_member *by)
{
	struct viz_member *self = viz_member_self(trust), *step[VIZ_PART_DEPTH + 1];
	size_t n = 0;

	w->count = 0;
	add(trust->core, w, &self->part[w->kind], self->brought + 2);
	if (!by)
		add(trust->core, w, &trust->directory.outside[w->kind], 2);
	for (; by && by != self; by = by->by)
		step[n++] = by;
	while (n-- > 0)
		add(trust->core, w, &step[n]->part[w->kind], step[n]->brought + 1);
	add(trust->core, w, &m->part[w->kind], 1);
}

/* Whether each on the way has less than it may have. */
static bool has_room(const struct way *w)
{
	static const uint32_t all[VIZ_PART_KINDS] = {
	    [VIZ_PART_RENEWALS] = VIZ_RENEWALS, [VIZ_PART_NEWS] = VIZ_NEWS};
	uint32_t limit = all[w->kind], part, unused;

	for (size_t i = 1; i < w->count; i++) {
		const struct viz_part *up = w->at[i - 1];

		part = limit / w->parts[i - 1];
		unused = limit > up->count ? limit - up->count : 0;
		limit = part > unused ? part : unused;
		if (w->at[i]->count >= (limit > 0 ? limit : 1))
			return false;
	}
	return true;
}

/* A way with room. */
static bool find_room(struct viz_trust *trust, struct way *w, struct viz_member *m)
{
	size_t others = 0;

	find_way(trust, w, m, m->by);
	if (has_room(w))
		return true;
	for (size_t i = 0; m->by && i < m->vouch_count && others < OTHER_VOUCHERS; i++) {
		struct viz_member *b = m->vouch[i].to->member;

		if (!m->vouch[i].counted || b == m || b == m->by || !viz_branch_holds(b) ||
		    !viz_branch_vouches(b, m))
			continue;
		others++;
		find_way(trust, w, m, b);
		if (has_room(w))
			return true;
	}
	return false;
}

bool viz_part_may(struct viz_trust *trust, enum viz_part_kind kind, struct viz_member *m)
{
	struct way w = {.kind = kind};

	return find_room(trust, &w, m);
}

bool viz_part_take(struct viz_trust *trust, enum viz_part_kind kind, struct viz_member *m)
{
	struct way w = {.kind = kind};

	if (!find_room(trust, &w, m))
		return false;
	for (size_t i = 0; i < w.count; i++)
		w.at[i]->count++;
	return true;
}

void viz_part_give_back(struct viz_trust *trust, enum viz_part_kind kind, struct viz_member *m)
{
	struct way w = {.kind = kind};

	find_way(trust, &w, m, m->by);
	for (size_t i = 0; i < w.count; i++)
		w.at[i]->count -= w.at[i]->count > 0;
}
