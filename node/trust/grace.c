#include "node/trust/grace.h"

#include "node/core/core.h"
#include "node/trust/member.h"
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

/* Adds `m`, once. */
static void look_at(struct list *look, struct viz_member *m)
{
	if (m->in || m->fallen)
		return;
	m->fallen = true;
	m->reached = false;
	add(look, m);
}

static bool names(const struct viz_member *a, const struct viz_member *b)
{
	for (size_t i = 0; i < a->vouch_count; i++)
		if (a->vouch[i].to == b->as && !a->vouch[i].withdrawn)
			return true;
	return false;
}

/* Whom this VOUCH joins with `a`, be the keys of both ended. NULL: nobody. */
static struct viz_member *joined(const struct viz_member *a, const struct viz_vouch_row *row)
{
	struct viz_member *b = row->to->member;

	return b && !row->withdrawn && names(b, a) ? b : NULL;
}

void viz_grace_find(struct viz_trust *trust, struct viz_member *const *gone, size_t count)
{
	const struct viz_directory *d = &trust->directory;
	struct list look = {0}, reached = {0};

	for (size_t i = 0; i < count; i++)
		look_at(&look, gone[i]);
	for (size_t i = 0; i < d->lost_count; i++)
		look_at(&look, d->lost[i]);
	for (size_t i = 0; i < look.count; i++) {
		struct viz_member *m = look.m[i], *b;

		for (size_t k = 0; k < m->vouch_count; k++)
			if ((b = joined(m, &m->vouch[k]))) {
				m->reached |= b->in;
				look_at(&look, b);
			}
		if (m->reached)
			add(&reached, m);
	}
	for (size_t i = 0; i < reached.count; i++) {
		const struct viz_member *m = reached.m[i];

		for (size_t k = 0; k < m->vouch_count; k++) {
			struct viz_member *b = joined(m, &m->vouch[k]);

			if (b && !b->in && !b->reached) {
				b->reached = true;
				add(&reached, b);
			}
		}
	}
	for (size_t i = 0; i < look.count; i++)
		look.m[i]->fallen = false;
	free(look.m);
	free(reached.m);
}
