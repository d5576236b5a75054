#include "node/trust/circle.h"

#include "node/core/core.h"
#include "node/trust/member.h"
#include "node/trust/named.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/federation.h"
#include "proto/limits.h"
#include "proto/record.h"
#include "proto/trust.h"

/* PARTNERS that circles have named, so that each question does not read and hash them again. A
 * record never changes, so nothing here becomes wrong. */
struct viz_circle_cache {
	struct {
		struct viz_id author, id;      /* of the record */
		struct viz_partners *partners; /* owned; NULL: free */
	} entry[16];
	size_t next; /* to be replaced */
};

_Static_assert(VIZ_PARTNERS_MAX <= UINT8_MAX + 1, "an index is one byte");

/* Reads the PARTNERS that the circle names; the caller frees it. NULL: it is not held. */
static struct viz_partners *read_named(struct viz_core *core, const struct viz_circle *circle)
{
	struct viz_partners *p;
	struct viz_record rec;

	if (!viz_named_get(core, &rec, &circle->origin, &circle->partners))
		return NULL;
	p = viz_core_alloc(sizeof *p);
	if (rec.type == VIZ_TYPE_PARTNERS && viz_partners_parse(p, &rec) == VIZ_OK)
		return p;
	free(p);
	return NULL;
}

static bool lists(struct viz_core *core, const struct viz_partners *p, const struct viz_id *id,
		  struct viz_time at)
{
	return viz_partners_effective(p, id, at, core->federation.partner_delay_ms) != NULL;
}

/* The PARTNERS that the circle names; NULL: it is not held. Borrowed until the next call. */
static const struct viz_partners *named(struct viz_trust *trust, const struct viz_circle *circle)
{
	struct viz_circle_cache *c = trust->circles;
	size_t n = sizeof c->entry / sizeof *c->entry;
	struct viz_partners *p;

	if (!c) {
		c = trust->circles = viz_core_alloc(sizeof *c);
		memset(c, 0, sizeof *c);
	}
	for (size_t i = 0; i < n; i++)
		if (c->entry[i].partners && viz_id_eq(&c->entry[i].id, &circle->partners) &&
		    viz_id_eq(&c->entry[i].author, &circle->origin))
			return c->entry[i].partners;
	p = read_named(trust->core, circle);
	if (p) {
		free(c->entry[c->next].partners);
		c->entry[c->next].partners = p;
		c->entry[c->next].author = circle->origin;
		c->entry[c->next].id = circle->partners;
		c->next = (c->next + 1) % n;
	}
	return p;
}

/* The newest PARTNERS of `m`. Borrowed likewise. */
static const struct viz_partners *newest(struct viz_trust *trust, const struct viz_member *m)
{
	return m->partners ? m->partners
			   : named(trust, &(struct viz_circle){.origin = m->id,
							       .partners = m->partners_id});
}

/* Whether the newest PARTNERS of `author` that is held lists `id` at `at`. False too when none is
 * held, or its author has contradicted itself. */
static bool newest_lists(struct viz_trust *trust, const struct viz_id *author,
			 const struct viz_id *id, struct viz_time at)
{
	const struct viz_member *m = viz_member_find(trust, author);

	const struct viz_partners *p;

	if (!m || !m->has_partners)
		return false;
	if (viz_id_eq(id, &trust->self.author) && !m->partners)
		return viz_member_lists_us(trust->core, m, at) != NULL;
	p = newest(trust, m);
	return p && lists(trust->core, p, id, at);
}

bool viz_circle_had(struct viz_trust *trust, const struct viz_id *author, const struct viz_id *id)
{
	const struct viz_member *m = viz_member_find(trust, author);
	const struct viz_partners *p = m && m->has_partners ? newest(trust, m) : NULL;

	return p && viz_partners_find(p, id);
}

void viz_circle_forget(struct viz_trust *trust)
{
	struct viz_circle_cache *c = trust->circles;

	for (size_t i = 0; c && i < sizeof c->entry / sizeof *c->entry; i++)
		free(c->entry[i].partners);
	free(c);
	trust->circles = NULL;
}

/* Whether the origin lists `who`. */
static enum viz_circle_answer origin_lists(struct viz_trust *trust, const struct viz_circle *circle,
					   const struct viz_id *who)
{
	const struct viz_partners *p = named(trust, circle);

	if (!p)
		return VIZ_CIRCLE_UNKNOWN;
	return lists(trust->core, p, who, circle->at) ? VIZ_CIRCLE_IN : VIZ_CIRCLE_OUT;
}

enum viz_circle_answer viz_circle_has(struct viz_trust *trust, const struct viz_circle *circle,
				      const struct viz_id *who)
{
	if (viz_id_eq(who, &circle->origin))
		return VIZ_CIRCLE_IN;
	if (!newest_lists(trust, who, &circle->origin, circle->at))
		return VIZ_CIRCLE_OUT;
	return origin_lists(trust, circle, who);
}

/* Whether one entry of `p` for `id` was effective from `from` to `to`. */
static bool lists_since(struct viz_core *core, const struct viz_partners *p,
			const struct viz_id *id, struct viz_time from, struct viz_time to)
{
	int64_t delay = core->federation.partner_delay_ms;
	const struct viz_partner_entry *e = p ? viz_partners_effective(p, id, from, delay) : NULL;

	return e && viz_partner_entry_effective(e, to, delay);
}

bool viz_circle_has_since(struct viz_trust *trust, const struct viz_circle *circle,
			  const struct viz_id *who, struct viz_time from)
{
	const struct viz_member *m = viz_member_find(trust, who);

	if (viz_id_eq(who, &circle->origin))
		return true;
	return m && m->has_partners &&
	       lists_since(trust->core, newest(trust, m), &circle->origin, from, circle->at) &&
	       lists_since(trust->core, named(trust, circle), who, from, circle->at);
}

size_t viz_circle_listed(struct viz_trust *trust, struct viz_id out[VIZ_CIRCLE_LISTED_MAX],
			 const struct viz_circle *circle)
{
	const struct viz_partners *p = named(trust, circle);
	int64_t delay = trust->core->federation.partner_delay_ms;
	size_t n = 0;

	out[n++] = circle->origin;
	for (size_t i = 0; p && i < p->count; i++)
		if (viz_partner_entry_effective(&p->entry[i], circle->at, delay))
			out[n++] = p->entry[i].id;
	return n;
}

static void add_near(struct viz_id *out, size_t *n, const struct viz_id *id)
{
	if (*n == 0 || !viz_id_eq(&out[*n - 1], id))
		out[(*n)++] = *id;
}

size_t viz_circle_near(struct viz_trust *trust, struct viz_id out[VIZ_CIRCLE_NEAR_MAX])
{
	const struct viz_member *self = viz_member_self(trust);
	const struct viz_partners *p = self->partners;
	size_t n = 0, i = 0;

	for (; p && i < p->count && viz_id_cmp(&p->entry[i].id, &self->id) < 0; i++)
		add_near(out, &n, &p->entry[i].id);
	add_near(out, &n, &self->id);
	for (; p && i < p->count; i++)
		add_near(out, &n, &p->entry[i].id);
	return n;
}

bool viz_circle_index(struct viz_core *core, uint8_t *index, const struct viz_circle *circle,
		      const struct viz_id *who, struct viz_time when)
{
	struct viz_partners *named = read_named(core, circle);
	const struct viz_partner_entry *e =
	    named ? viz_partners_effective(named, who, when, core->federation.partner_delay_ms)
		  : NULL;

	if (e)
		*index = (uint8_t)(e - named->entry);
	free(named);
	return e != NULL;
}
