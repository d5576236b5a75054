#include "node/audit/rules.h"

#include "node/core/ids.h"
#include "proto/base.h"
#include "proto/federation.h"
#include "proto/offer.h"
#include "proto/record.h"
#include "proto/trust.h"

/* Whether `e`, an entry of a record of `time`, may follow from the record before it, whose entry of
 * the same partner and date is `was` (NULL: it has none). Only the record's own time is a new date.
 */
static bool follows(const struct viz_partner_entry *e, const struct viz_partner_entry *was,
		    struct viz_time time)
{
	bool removed_now = e->removed.ms == 0 || e->removed.ms == time.ms;

	if (!was)
		return e->added.ms == time.ms && removed_now;
	return e->removed.ms == was->removed.ms || (was->removed.ms == 0 && removed_now);
}

static bool same_entry(const struct viz_partner_entry *a, const struct viz_partner_entry *b)
{
	return viz_id_eq(&a->id, &b->id) && a->added.ms == b->added.ms;
}

/* The entry of `p` of the same partner and date; NULL: none. */
static const struct viz_partner_entry *find_entry(const struct viz_partners *p,
						  const struct viz_partner_entry *e)
{
	for (size_t i = 0; i < p->count; i++)
		if (same_entry(&p->entry[i], e))
			return &p->entry[i];
	return NULL;
}

/* Whether an entry may be left out of a record of `time`. */
static bool may_go(const struct viz_federation *f, const struct viz_partner_entry *e,
		   struct viz_time time)
{
	return e->removed.ms != 0 && e->removed.ms + f->partner_keep_ms <= time.ms;
}

/* The partner of the first entry of `new` that does not follow from `old`, or that is missing in
 * it; NULL: none. Both are sorted by id and date. */
static const struct viz_id *contradiction(const struct viz_federation *f,
					  const struct viz_partners *old,
					  const struct viz_partners *new, struct viz_time time)
{
	size_t o = 0;

	for (size_t n = 0; n < new->count; n++) {
		const struct viz_partner_entry *e = &new->entry[n];

		while (o < old->count && !same_entry(&old->entry[o], e) &&
		       viz_id_cmp(&old->entry[o].id, &e->id) <= 0 &&
		       (!viz_id_eq(&old->entry[o].id, &e->id) ||
			old->entry[o].added.ms <= e->added.ms)) {
			if (!may_go(f, &old->entry[o], time))
				return &old->entry[o].id;
			o++;
		}
		if (o < old->count && same_entry(&old->entry[o], e)) {
			if (!follows(e, &old->entry[o++], time))
				return &e->id;
		} else if (!follows(e, NULL, time)) {
			return &e->id;
		}
	}
	for (; o < old->count; o++)
		if (!may_go(f, &old->entry[o], time))
			return &old->entry[o].id;
	return NULL;
}

/* The partner of the first entry of `new` with a date that `old` does not have and that is not
 * after the time of `old`, or that is left out too soon; NULL: none. Records between the two may be
 * missing here, but each of them dates by its own time. */
static const struct viz_id *date_before(const struct viz_federation *f,
					const struct viz_partners *old,
					const struct viz_partners *new, struct viz_time was_at,
					struct viz_time time)
{
	for (size_t n = 0; n < new->count; n++) {
		const struct viz_partner_entry *e = &new->entry[n], *was = find_entry(old, e);

		if (was ? e->removed.ms != was->removed.ms &&
			      (was->removed.ms != 0 || e->removed.ms <= was_at.ms)
			: e->added.ms <= was_at.ms)
			return &e->id;
	}
	for (size_t o = 0; o < old->count; o++) {
		struct viz_partner_entry e = old->entry[o];

		if (e.removed.ms == 0) /* it was removed after `old` */
			e.removed.ms = was_at.ms + 1;
		if (!find_entry(new, &e) && !may_go(f, &e, time))
			return &old->entry[o].id;
	}
	return NULL;
}

static void id_of(struct viz_id *out, const struct viz_federation *f, const struct viz_record *rec)
{
	struct viz_id federation;

	viz_ids_federation(&federation, f);
	viz_ids_record(out, &federation, rec);
}

void viz_rules_records_partners(const struct viz_federation *f, const struct viz_record *older,
				const struct viz_record *newer, viz_rules_found found, void *arg)
{
	struct viz_partners old, new;
	const struct viz_id *about;
	struct viz_id id;

	if (viz_partners_parse(&old, older) != VIZ_OK || viz_partners_parse(&new, newer) != VIZ_OK)
		return;
	id_of(&id, f, older);
	if (!viz_id_eq(&older->author, &newer->author))
		return;
	if (!viz_id_eq(&new.previous, &id)) {
		/* A new log may follow from a record that a fast clock dated, and that we hold. */
		about = new.log == old.log && newer->time.ms > older->time.ms
			    ? date_before(f, &old, &new, older->time, newer->time)
			    : NULL;
		if (about)
			found(arg, VIZ_RULE_PARTNER_DATES, VIZ_VERDICT_CONTRADICTION, about);
		return;
	}
	about = newer->time.ms <= older->time.ms ? &new.previous
						 : contradiction(f, &old, &new, newer->time);
	if (about)
		found(arg, VIZ_RULE_PARTNER_DATES, VIZ_VERDICT_CONTRADICTION, about);
}

void viz_rules_records_node(const struct viz_record *partners, const struct viz_record *node,
			    viz_rules_found found, void *arg)
{
	struct viz_partners p;
	struct viz_node_body n;

	if (viz_partners_parse(&p, partners) != VIZ_OK || viz_node_body_parse(&n, node) != VIZ_OK)
		return;
	if (viz_id_eq(&partners->author, &node->author) && p.log == n.log &&
	    node->time.ms > partners->time.ms && viz_id_eq(&n.partners, &p.previous))
		found(arg, VIZ_RULE_PARTNER_BACKDATED, VIZ_VERDICT_CONTRADICTION, &n.partners);
}

/* Whether `new` has a date of before `time` that `old` does not have. */
static bool has_date_before(const struct viz_partners *old, const struct viz_partners *new,
			    struct viz_time time)
{
	for (size_t n = 0; n < new->count; n++) {
		const struct viz_partner_entry *e = &new->entry[n], *was = find_entry(old, e);

		if (was ? was->removed.ms == 0 && e->removed.ms != 0 && e->removed.ms < time.ms
			: e->added.ms < time.ms)
			return true;
	}
	return false;
}

void viz_rules_records_named(const struct viz_federation *f, const struct viz_record *named,
			     const struct viz_record *partners, const struct viz_record *node,
			     viz_rules_found found, void *arg)
{
	struct viz_partners old, new;
	struct viz_node_body n;
	struct viz_id id;

	if (viz_partners_parse(&old, named) != VIZ_OK ||
	    viz_partners_parse(&new, partners) != VIZ_OK ||
	    viz_node_body_parse(&n, node) != VIZ_OK || !viz_id_eq(&named->author, &node->author) ||
	    !viz_id_eq(&partners->author, &node->author) || new.log != n.log ||
	    named->time.ms >= partners->time.ms)
		return;
	id_of(&id, f, named);
	if (viz_id_eq(&id, &n.partners) &&
	    (node->time.ms > partners->time.ms || has_date_before(&old, &new, node->time)))
		found(arg, VIZ_RULE_PARTNER_BACKDATED, VIZ_VERDICT_CONTRADICTION, &n.partners);
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
