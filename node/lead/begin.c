#include "node/lead/begin.h"

#include "node/core/core.h"
#include "node/lead/draft.h"
#include "node/lead/lead.h"
#include "node/self/publish.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/coverage.h"
#include "proto/record.h"
#include "store/store.h"
#include "store/tables.h"

/* A slot of today that no OFFER has used, and no lead without an OFFER. */
static int next_lead_slot(struct viz_trust *trust, uint64_t *slot)
{
	struct viz_slice key, value;
	uint8_t day[8];
	int err = viz_self_publish_next_slot(trust, slot);

	if (err != VIZ_OK)
		return err;
	viz_be_put_u64(day, *slot);
	if (viz_walk_last(trust->core->store, &key, &value, VIZ_TABLE_LEAD, day,
			  sizeof day - VIZ_SLOT_IN_DAY_LEN) == VIZ_OK) {
		uint64_t last = viz_be_get_u64(key.p);

		if (last >= *slot && viz_record_slot_number(last) + 1 >= VIZ_OFFERS_PER_DAY)
			return VIZ_ERR_LIMIT;
		if (last >= *slot)
			*slot = viz_record_slot_make(trust->core->now,
						     viz_record_slot_number(last) + 1);
	}
	return VIZ_OK;
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
	lead->given = trust->core->now;
	lead->contact_text_hash = req->contact_text_hash;
	return next_lead_slot(trust, &lead->slot);
}

int viz_lead_begin_kept(struct viz_trust *trust, struct viz_lead *lead, const char *protocol,
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
		viz_draft_take(trust->core, lead->protocol);
	}
	free(req);
	return err;
}
