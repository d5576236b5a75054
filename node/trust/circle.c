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

/* Whether the newest PARTNERS of `author` that is held lists `id` at `at`. False too when none is
 * held, or its author has contradicted itself. */
static bool newest_lists(struct viz_trust *trust, const struct viz_id *author,
			 const struct viz_id *id, struct viz_time at)
{
	const struct viz_member *m = viz_member_find(trust, author);

	return m && m->partners && lists(trust->core, m->partners, id, at);
}

/* Whether the origin lists `who`. */
static enum viz_circle_answer origin_lists(struct viz_core *core, const struct viz_circle *circle,
					   const struct viz_id *who)
{
	struct viz_partners *named = read_named(core, circle);
	bool in = named && lists(core, named, who, circle->at);
	bool known = named != NULL;

	free(named);
	if (!known)
		return VIZ_CIRCLE_UNKNOWN;
	return in ? VIZ_CIRCLE_IN : VIZ_CIRCLE_OUT;
}

enum viz_circle_answer viz_circle_has(struct viz_trust *trust, const struct viz_circle *circle,
				      const struct viz_id *who)
{
	if (viz_id_eq(who, &circle->origin))
		return VIZ_CIRCLE_IN;
	if (!newest_lists(trust, who, &circle->origin, circle->at))
		return VIZ_CIRCLE_OUT;
	return origin_lists(trust->core, circle, who);
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

bool viz_circle_author(struct viz_core *core, struct viz_id *who, const struct viz_circle *circle,
		       uint8_t index)
{
	struct viz_partners *named = read_named(core, circle);
	bool found = named && index < named->count;

	if (found)
		*who = named->entry[index].id;
	free(named);
	return found;
}
