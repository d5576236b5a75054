#include "node/trust/cut.h"

#include "node/core/core.h"
#include "node/trust/member.h"
#include "node/trust/mutual.h"
#include "node/trust/part.h"
#include "node/trust/trust.h"
#include "proto/base.h"

struct list {
	struct viz_member **m;
	size_t count, capacity;
};

static void add(struct list *l, struct viz_member *m)
{
	if (l->count == l->capacity) {
		l->capacity = l->capacity ? l->capacity * 2 : 64;
		l->m = viz_core_grow(l->m, l->capacity, sizeof *l->m);
	}
	l->m[l->count++] = m;
}

/* Whom this VOUCH joins with `a` in the closure, unless that one has fallen. NULL: nobody. */
static struct viz_member *standing(const struct viz_member *a, const struct viz_vouch_row *row)
{
	struct viz_member *b = viz_mutual_member(a, row);

	return b && b->in && !b->fallen ? b : NULL;
}

/* Who has not fallen and has the lowest level of those who are joined with `m`. NULL: nobody. */
static struct viz_member *lowest(const struct viz_member *m)
{
	struct viz_member *best = NULL;

	for (size_t i = 0; i < m->vouch_count; i++) {
		struct viz_member *b = standing(m, &m->vouch[i]);

		if (b && (!best || b->level < best->level))
			best = b;
	}
	return best;
}

/* Who holds `m`: the same one as before, if it can. NULL: nobody. */
static struct viz_member *holder(const struct viz_member *m)
{
	struct viz_member *found = NULL;

	for (size_t i = 0; i < m->vouch_count && found != m->held_by; i++) {
		struct viz_member *b = standing(m, &m->vouch[i]);

		if (b && b->level < m->level && (!found || b == m->held_by))
			found = b;
	}
	return found;
}

/* Those fall whom nobody holds any more, and then those whom they alone have held. `look`: all who
 * were looked at. */
static void fall(const struct viz_directory *d, struct list *look, struct list *fallen)
{
	for (size_t i = 0; i < d->doubted_count; i++)
		add(look, d->doubted[i]);
	for (size_t i = 0; i < look->count; i++) {
		struct viz_member *m = look->m[i], *by;

		if (!m->in || m->fallen || m == d->root)
			continue;
		by = holder(m);
		if (by) {
			m->held_by = by;
			continue;
		}
		m->fallen = true;
		add(fallen, m);
		for (size_t k = 0; k < m->vouch_count; k++) {
			struct viz_member *b = standing(m, &m->vouch[k]);

			if (b && b->level > m->level)
				add(look, b);
		}
	}
}

static void hold(struct list *risen, struct viz_member *m, struct viz_member *by)
{
	m->fallen = false;
	m->held_by = by;
	m->level = by->level + 1;
	add(risen, m);
}

/* Who is joined with somebody that has not fallen is held by that one, and holds others. */
static void rise(const struct list *fallen)
{
	struct list risen = {0};

	for (size_t i = 0; i < fallen->count; i++) {
		struct viz_member *by = lowest(fallen->m[i]);

		if (by)
			hold(&risen, fallen->m[i], by);
	}
	for (size_t i = 0; i < risen.count; i++) {
		struct viz_member *a = risen.m[i];

		for (size_t k = 0; k < a->vouch_count; k++) {
			struct viz_member *b = viz_mutual_member(a, &a->vouch[k]);

			if (b && b->fallen)
				hold(&risen, b, a);
		}
	}
	free(risen.m);
}

/* Clears `in` of those who have not risen, and keeps them alone in the list. */
static void leave(struct list *fallen)
{
	size_t n = 0;

	for (size_t i = 0; i < fallen->count; i++) {
		struct viz_member *m = fallen->m[i];

		if (!m->fallen)
			continue;
		m->fallen = m->in = false;
		viz_part_leave(m);
		fallen->m[n++] = m;
	}
	fallen->count = n;
}

bool viz_cut_find(struct viz_trust *trust, struct viz_member ***out, size_t *count)
{
	struct list look = {0}, fallen = {0};
	bool ours;

	fall(&trust->directory, &look, &fallen);
	rise(&fallen);
	ours = !viz_member_self(trust)->fallen;
	for (size_t i = 0; i < fallen.count && !ours; i++)
		fallen.m[i]->fallen = false;
	if (ours) {
		leave(&fallen);
		for (size_t i = 0; i < look.count; i++)
			if (look.m[i]->held_by)
				viz_part_enter(look.m[i], look.m[i]->held_by);
	}
	free(look.m);
	*out = fallen.m;
	*count = fallen.count;
	if (!ours)
		free(fallen.m);
	return ours;
}
