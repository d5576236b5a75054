#include "node/lead/waiting.h"

#include "crypto/secret.h"
#include "node/core/core.h"
#include "node/core/due.h"
#include "node/core/journal.h"
#include "node/core/secrets.h"
#include "node/coverage/ack.h"
#include "node/lead/draft.h"
#include "node/lead/begin.h"
#include "node/lead/draw.h"
#include "node/lead/lead.h"
#include "node/lead/personal.h"
#include "node/link/net.h"
#include "node/trust/circle.h"
#include "node/trust/live.h"
#include "node/trust/member.h"
#include "node/trust/notice.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "store/meta.h"
#include "store/store.h"
#include "store/tables.h"

int viz_lead_waiting_begin(struct viz_trust *trust, struct viz_lead *lead,
			   const struct viz_lead_request *req)
{
	struct viz_lead_secrets s;
	struct viz_id commit;
	int err =
	    viz_core_nearly_full(trust->core) ? VIZ_ERR_LIMIT : viz_lead_begin(trust, lead, req);

	if (err != VIZ_OK)
		return err;
	lead->state = VIZ_LEAD_NO_NEIGHBOUR;
	viz_secrets_create(trust->core, &s, &lead->vault);
	err = viz_lead_personal_seal_location(trust->core, lead, &commit, &s, &req->location);
	viz_secret_wipe(&s, sizeof s);
	if (err != VIZ_OK) {
		viz_secrets_erase(trust->core, &lead->vault);
		return err;
	}
	lead->award_latest = viz_after(trust->core->now, trust->core->federation.undelivered_ms);
	viz_due_set(trust->core, lead->award_latest, VIZ_DUE_LEAD, &trust->self.author, lead->slot);
	viz_notice_add(trust, VIZ_NOTICE_ASK_AGAIN, &lead->text_hash, NULL, lead->slot);
	viz_lead_put(trust->core, lead);
	viz_draft_take(trust->core, lead->protocol);
	return VIZ_OK;
}

bool viz_lead_waiting_neighbour_came(struct viz_net *net, const struct viz_lead *lead)
{
	struct viz_lead_draw *d;
	bool came;

	if (!viz_lead_waits(lead))
		return false;
	d = viz_core_alloc(sizeof *d);
	viz_lead_draw_preview(net, d, &lead->area);
	came = d->drawn_count > 0;
	free(d);
	return came;
}

void viz_lead_waiting_log_arrivals(struct viz_net *net)
{
	struct viz_lead *lead = NULL;
	struct viz_slice key, value;
	struct viz_walk walk;

	viz_walk_init(&walk, net->core->store, VIZ_TABLE_META, VIZ_META(VIZ_META_WAITING));
	while (viz_walk_next(&walk, &key, &value)) {
		uint8_t copy[VIZ_META_WAITING_LEN], logged = 1;

		if (key.len != sizeof copy || value.len != 1 || value.p[0] != 0)
			continue;
		memcpy(copy, key.p, sizeof copy);
		if (!lead)
			lead = viz_core_alloc(sizeof *lead);
		if (!viz_lead_get(net->core, lead, viz_be_get_u64(copy + 5)) ||
		    !viz_lead_waiting_neighbour_came(net, lead))
			continue;
		viz_core_put(net->core, VIZ_TABLE_META, copy, sizeof copy, &logged, sizeof logged);
		viz_notice_add(net->trust, VIZ_NOTICE_NEIGHBOUR_CAME, NULL, NULL, lead->slot);
	}
	free(lead);
}

/* Whether our effective partners are others than when we looked last. Notes who they are now. */
static bool partners_changed(struct viz_trust *trust)
{
	struct viz_id *now = viz_core_alloc(VIZ_CIRCLE_NEAR_MAX * sizeof *now);
	size_t near = viz_circle_near(trust, now), n = 0;
	struct viz_slice v;
	bool changed;

	for (size_t i = 0; i < near; i++)
		if (viz_live_partner(trust, &now[i]))
			now[n++] = now[i];
	changed = viz_core_get(trust->core, &v, VIZ_TABLE_META, VIZ_META(VIZ_META_PARTNERS))
		      ? v.len != n * sizeof *now || memcmp(v.p, now->b, v.len) != 0
		      : n > 0;
	if (changed)
		viz_core_put(trust->core, VIZ_TABLE_META, VIZ_META(VIZ_META_PARTNERS), now->b,
			     n * sizeof *now);
	free(now);
	return changed;
}

void viz_lead_waiting_partners_refresh(struct viz_net *net)
{
	if (net->trust->self.revoked || !viz_core_has_headroom(net->core) ||
	    !partners_changed(net->trust))
		return;
	viz_coverage_ack_send_all(net);
	viz_lead_waiting_log_arrivals(net);
}

void viz_lead_waiting_coverage_received(struct viz_net *net, const struct viz_record *rec,
					const struct viz_id *id)
{
	(void)id;
	if (viz_live_partner(net->trust, &rec->author))
		viz_lead_waiting_log_arrivals(net);
}
