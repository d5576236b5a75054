#include "node/audit/rules.h"

#include "proto/base.h"
#include "proto/federation.h"
#include "proto/offer.h"
#include "proto/record.h"
#include "proto/trust.h"

/* Whether the dates of an entry reach back behind an older record that says otherwise. */
static bool contradicts(const struct viz_partners *old, struct viz_time old_time,
			const struct viz_partner_entry *e)
{
	const struct viz_partner_entry *was = viz_partners_find(old, &e->id);

	if (!was)
		return e->added.ms < old_time.ms;
	/* The entry was removed and added again. The record that listed the removal may have been
	 * replaced before it came here. */
	if (was->added.ms != e->added.ms)
		return e->added.ms < old_time.ms;
	if (was->removed.ms == 0)
		return e->removed.ms != 0 && e->removed.ms < old_time.ms;
	return e->removed.ms != was->removed.ms;
}

/* The first entry that contradicts the older record; NULL: none. `soon`: the newer record is so
 * close to the older one that each removal in between must still be listed. */
static const struct viz_id *contradiction(const struct viz_partners *old, struct viz_time old_time,
					  const struct viz_partners *new, bool soon)
{
	for (size_t i = 0; i < new->count; i++)
		if (contradicts(old, old_time, &new->entry[i]))
			return &new->entry[i].id;
	for (size_t i = 0; i < old->count && soon; i++)
		if (old->entry[i].removed.ms == 0 && !viz_partners_find(new, &old->entry[i].id))
			return &old->entry[i].id;
	return NULL;
}

void viz_rules_records_partners(const struct viz_federation *f, const struct viz_record *older,
				const struct viz_record *newer, viz_rules_found found, void *arg)
{
	struct viz_partners old, new;
	const struct viz_id *about;

	if (viz_partners_parse(&old, older) != VIZ_OK || viz_partners_parse(&new, newer) != VIZ_OK)
		return;
	about = contradiction(&old, older->time, &new,
			      newer->time.ms < older->time.ms + f->partner_keep_ms);
	if (about)
		found(arg, VIZ_RULE_PARTNER_DATES, VIZ_VERDICT_CONTRADICTION, about);
}

void viz_rules_records_pledges(const struct viz_record *first, const struct viz_record *second,
			       viz_rules_found found, void *arg)
{
	bool same =
	    first->len == second->len && memcmp(first->bytes, second->bytes, first->len) == 0;
	struct viz_pledge a, b;

	if (same || viz_pledge_parse(&a, first) != VIZ_OK || viz_pledge_parse(&b, second) != VIZ_OK)
		return;
	if (viz_id_eq(&first->author, &second->author) && viz_id_eq(&a.offer, &b.offer))
		found(arg, VIZ_RULE_TWO_PLEDGES, VIZ_VERDICT_CONTRADICTION, &b.offer);
}
