#include "node/lead/begin.h"

#include "node/core/core.h"
#include "node/core/ids.h"
#include "node/coverage/who.h"
#include "node/lead/row.h"
#include "node/link/net.h"
#include "node/self/publish.h"
#include "node/trust/live.h"
#include "node/trust/member.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/coverage.h"
#include "proto/limits.h"
#include "proto/offer.h"
#include "proto/record.h"
#include "proto/trust.h"
#include "store/store.h"
#include "store/tables.h"

bool viz_lead_may_ask(struct viz_trust *trust, const struct viz_lead *lead, const struct viz_id *id)
{
	const struct viz_member *m = viz_member_find(trust, id);

	return viz_live_partner(trust, id) &&
	       viz_live_mutual(trust->core, viz_member_self(trust), m, lead->created);
}

bool viz_lead_removed(struct viz_trust *trust, const struct viz_id *id)
{
	const struct viz_partner_entry *e = viz_partners_find(viz_member_self(trust)->partners, id);

	return e && e->removed.ms != 0;
}

int viz_lead_lists(struct viz_net *net, struct viz_offer_secret *out, const struct viz_area *area,
		   const struct viz_id *struck, size_t struck_count)
{
	struct viz_id *who;
	size_t count = viz_coverage_who(net, &who, area);
	int err = VIZ_OK;

	out->eligible_count = out->excluded_count = 0;
	for (size_t i = 0; i < count && err == VIZ_OK; i++) {
		bool removed = viz_lead_removed(net->trust, &who[i]);

		if (!viz_live_partner(net->trust, &who[i]))
			continue;
		if (removed || viz_core_ids_contain(struck, struck_count, &who[i])) {
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
	return err;
}

/* A slot of today that no OFFER has used, and no lead without an OFFER. */
static int next_lead_slot(struct viz_trust *trust, uint64_t *slot)
{
	struct viz_slice key, value;
	uint8_t day[8];
	int err = viz_self_next_slot(trust, slot, VIZ_TYPE_OFFER);

	if (err != VIZ_OK)
		return err;
	viz_put_u64be(day, *slot);
	if (viz_store_last(trust->core->store, &key, &value, VIZ_TABLE_LEAD, day, 6) == VIZ_OK) {
		uint64_t last = viz_get_u64be(key.p);

		if (last >= *slot)
			*slot = last + 1;
	}
	return viz_slot_number(*slot) < VIZ_OFFERS_PER_DAY ? VIZ_OK : VIZ_ERR_LIMIT;
}

int viz_lead_begin(struct viz_trust *trust, struct viz_lead *lead,
		   const struct viz_lead_request *req)
{
	memset(lead, 0, sizeof *lead);
	lead->created = trust->core->now;
	lead->cancelled_at = req->cancelled_at;
	snprintf(lead->protocol, sizeof lead->protocol, "%s", req->protocol);
	lead->municipality = req->location.municipality;
	lead->area = req->area;
	lead->previous = req->previous;
	lead->single = req->single;
	snprintf(lead->language, sizeof lead->language, "%s", req->language);
	snprintf(lead->channel, sizeof lead->channel, "%s", req->channel);
	snprintf(lead->evidence, sizeof lead->evidence, "%s", req->evidence);
	snprintf(lead->agent, sizeof lead->agent, "%s", req->agent);
	snprintf(lead->text_version, sizeof lead->text_version, "%s", req->text_version);
	lead->text_hash = req->text_hash;
	lead->contact_text_hash = req->contact_text_hash;
	return next_lead_slot(trust, &lead->slot);
}

int viz_lead_keep(struct viz_trust *trust, struct viz_lead *lead, const char *protocol,
		  struct viz_time cancelled_at, uint32_t municipality)
{
	struct viz_lead_request *req = viz_core_alloc(sizeof *req);
	int err;

	memset(req, 0, sizeof *req);
	snprintf(req->protocol, sizeof req->protocol, "%s", protocol);
	req->cancelled_at = cancelled_at;
	req->location.municipality = municipality;
	req->area = (struct viz_area){.municipality = municipality};
	err = viz_lead_begin(trust, lead, req);
	if (err == VIZ_OK) {
		lead->state = VIZ_LEAD_KEPT;
		viz_lead_put(trust->core, lead);
	}
	free(req);
	return err;
}
