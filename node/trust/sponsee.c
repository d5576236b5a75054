#include "node/trust/sponsee.h"

#include "node/core/core.h"
#include "node/trust/member.h"
#include "proto/base.h"
#include "proto/limits.h"

static size_t position(const struct viz_strangers *s, const struct viz_id *id)
{
	size_t lo = 0, hi = s->count;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (viz_id_cmp(&s->list[mid]->id, id) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

static bool stands_at(const struct viz_strangers *s, size_t at, const struct viz_id *id)
{
	return at < s->count && viz_id_eq(&s->list[at]->id, id);
}

struct viz_sponsee *viz_sponsee_find(const struct viz_strangers *s, const struct viz_id *id)
{
	size_t at = position(s, id);

	return stands_at(s, at, id) ? s->list[at] : NULL;
}

static void insert(struct viz_strangers *s, size_t at, struct viz_sponsee *x)
{
	if (s->count == s->capacity) {
		s->capacity = s->capacity ? s->capacity * 2 : 64;
		s->list = viz_core_grow(s->list, s->capacity, sizeof *s->list);
	}
	memmove(&s->list[at + 1], &s->list[at], (s->count - at) * sizeof *s->list);
	s->list[at] = x;
	s->count++;
}

static void drop(struct viz_strangers *s, size_t at)
{
	s->count--;
	memmove(&s->list[at], &s->list[at + 1], (s->count - at) * sizeof *s->list);
}

static struct viz_sponsee *make(const struct viz_id *id)
{
	struct viz_sponsee *x = viz_core_alloc(sizeof *x);

	*x = (struct viz_sponsee){.id = *id};
	return x;
}

static bool has_place(const struct viz_strangers *s, size_t own)
{
	if (s->count < VIZ_STRANGERS_MAX / 2)
		return true;
	return s->count < VIZ_STRANGERS_MAX && own < VIZ_STRANGERS_EACH;
}

struct viz_sponsee *viz_sponsee_ensure(struct viz_strangers *s, const struct viz_id *id, size_t own)
{
	size_t at = position(s, id);

	if (stands_at(s, at, id))
		return s->list[at];
	if (!has_place(s, own))
		return &s->nobody;
	insert(s, at, make(id));
	return s->list[at];
}

struct viz_sponsee *viz_sponsee_take(struct viz_strangers *s, struct viz_member *m)
{
	size_t at = position(s, &m->id);
	struct viz_sponsee *x;

	if (stands_at(s, at, &m->id)) {
		x = s->list[at];
		drop(s, at);
	} else {
		x = make(&m->id);
	}
	x->member = m;
	return x;
}

void viz_sponsee_release(struct viz_strangers *s, struct viz_sponsee *x)
{
	size_t at;

	if (x->member || x == &s->nobody)
		return;
	at = position(s, &x->id);
	if (x->named > 0) {
		if (!stands_at(s, at, &x->id))
			insert(s, at, x);
		return;
	}
	if (stands_at(s, at, &x->id))
		drop(s, at);
	free(x);
}

void viz_sponsee_free_all(struct viz_strangers *s)
{
	for (size_t i = 0; i < s->count; i++)
		free(s->list[i]);
	free(s->list);
	*s = (struct viz_strangers){0};
}
