#include "node/lead/eligible.h"

#include "node/core/core.h"
#include "node/core/ids.h"
#include "node/core/place.h"
#include "node/coverage/who.h"
#include "node/lead/lead.h"
#include "node/link/net.h"
#include "node/trust/author.h"
#include "node/trust/live.h"
#include "node/trust/member.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/coverage.h"
#include "proto/limits.h"
#include "proto/offer.h"
#include "proto/record.h"
#include "proto/trust.h"

bool viz_lead_eligible_may_ask(struct viz_trust *trust, const struct viz_lead *lead,
			       const struct viz_id *id)
{
	const struct viz_member *m = viz_member_find(trust, id);

	return viz_live_partner(trust, id) &&
	       viz_live_mutual(trust->core, viz_member_self(trust), m, lead->created);
}

bool viz_lead_eligible_removed(struct viz_trust *trust, const struct viz_id *id)
{
	const struct viz_partners *own = viz_member_self(trust)->partners;
	const struct viz_partner_entry *e =
	    own ? viz_partners_effective(own, id, trust->core->now,
					 trust->core->federation.partner_delay_ms)
		: NULL;

	return e && e->removed.ms != 0;
}

/* Whether `id` must be in a list although nothing has been heard of it: its PARTNERS and a COVERAGE
 * that meets the area still stand in the view. */
static bool silent_covers(struct viz_trust *trust, const struct viz_id *id,
			  const struct viz_area *area)
{
	const struct viz_member *m = viz_member_find(trust, id);
	const struct viz_partner_entry *e =
	    m && m->partners ? viz_partners_find(m->partners, &trust->self.author) : NULL;
	struct viz_coverage *c;
	bool found = false;

	if (!e || viz_author_key_ended(m, m->partners_key) ||
	    !viz_partner_entry_effective(e, trust->core->now,
					 trust->core->federation.partner_delay_ms))
		return false;
	c = viz_core_alloc(sizeof *c);
	for (uint64_t slot = 0; slot < VIZ_COVERAGE_SLOTS && !found; slot++) {
		struct viz_record rec;
		struct viz_held held;

		found = viz_place_get(trust->core, &held, &rec, id, VIZ_TYPE_COVERAGE, slot) &&
			!held.dead && !viz_author_key_ended(m, rec.key) &&
			viz_coverage_parse(c, &rec) == VIZ_OK && viz_coverage_meets(c, area);
	}
	free(c);
	return found;
}

static int compare_excluded(const void *a, const void *b)
{
	const struct viz_excluded *x = a, *y = b;

	return viz_id_cmp(&x->id, &y->id);
}

/* Adds the partners that are silent or no members. */
static int add_silent(struct viz_trust *trust, struct viz_offer_secret *out,
		      const struct viz_area *area)
{
	const struct viz_partners *ours = viz_member_self(trust)->partners;

	for (size_t i = 0; ours && i < ours->count; i++) {
		const struct viz_partner_entry *e = &ours->entry[i];

		if (viz_live_partner(trust, &e->id) ||
		    !viz_partner_entry_effective(e, trust->core->now,
						 trust->core->federation.partner_delay_ms) ||
		    !silent_covers(trust, &e->id, area))
			continue;
		if (out->excluded_count == VIZ_EXCLUDED_MAX)
			return VIZ_ERR_LIMIT;
		out->excluded[out->excluded_count++] = (struct viz_excluded){
		    e->id, e->removed.ms != 0 ? VIZ_EXCLUDED_BLOCKED : VIZ_EXCLUDED_SILENT};
	}
	qsort(out->excluded, out->excluded_count, sizeof *out->excluded, compare_excluded);
	return VIZ_OK;
}

int viz_lead_eligible_lists(struct viz_net *net, struct viz_offer_secret *out,
			    const struct viz_area *area, const struct viz_id *struck,
			    size_t struck_count)
{
	struct viz_id *who;
	size_t count = viz_coverage_who(net, &who, area);
	int err = VIZ_OK;

	out->eligible_count = out->excluded_count = 0;
	for (size_t i = 0; i < count && err == VIZ_OK; i++) {
		bool removed = viz_lead_eligible_removed(net->trust, &who[i]);

		if (!viz_live_partner(net->trust, &who[i]))
			continue;
		if (removed || viz_ids_contain(struck, struck_count, &who[i])) {
			if (out->excluded_count == VIZ_EXCLUDED_MAX)
				err = VIZ_ERR_LIMIT;
			else
				out->excluded[out->excluded_count++] = (struct viz_excluded){
				    who[i], removed ? VIZ_EXCLUDED_BLOCKED : VIZ_EXCLUDED_STRUCK};
		} else if (out->eligible_count == VIZ_ELIGIBLE_MAX) {
			err = VIZ_ERR_LIMIT;
		} else {
			out->eligible[out->eligible_count++] = who[i];
		}
	}
	free(who);
	if (err == VIZ_OK)
		err = add_silent(net->trust, out, area);
	return err;
}
