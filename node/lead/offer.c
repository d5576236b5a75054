#include "node/lead/offer.h"

#include "crypto/rng.h"
#include "crypto/secret.h"
#include "node/core/core.h"
#include "node/core/due.h"
#include "node/core/ids.h"
#include "node/core/journal.h"
#include "node/core/place.h"
#include "node/core/secrets.h"
#include "node/lead/draft.h"
#include "node/lead/begin.h"
#include "node/lead/draw.h"
#include "node/lead/lead.h"
#include "node/lead/personal.h"
#include "node/lead/previous.h"
#include "node/lead/records.h"
#include "node/lead/waiting.h"
#include "node/link/net.h"
#include "node/offer/commitment.h"
#include "node/offer/view.h"
#include "node/self/log.h"
#include "node/self/node_record.h"
#include "node/self/publish.h"
#include "node/trust/identity.h"
#include "node/trust/member.h"
#include "node/trust/named.h"
#include "node/trust/notice.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/limits.h"
#include "proto/offer.h"
#include "proto/receipt.h"
#include "proto/record.h"
#include "proto/writer.h"

/* People who answer by hand need hours: the window is the shortest one times this. */
#define BY_HAND_FACTOR 720

static bool any_by_hand(struct viz_trust *trust, const struct viz_lead *lead)
{
	for (size_t i = 0; i < lead->peer_count; i++) {
		const struct viz_member *m = viz_member_find(trust, &lead->peer[i].id);

		if (m && m->node.by_hand)
			return true;
	}
	return false;
}

static int64_t window_ms(const struct viz_core *core, bool by_hand)
{
	return core->federation.window_min_ms * (by_hand ? BY_HAND_FACTOR : 1);
}

int64_t viz_lead_offer_kept_ms(const struct viz_core *core, bool by_hand)
{
	const struct viz_federation *f = &core->federation;
	int64_t there = f->location_erase_ms + f->suspicion_ms, here = f->reveal_ms + f->choice_ms;

	return window_ms(core, by_hand) + (there > here ? there : here);
}

/* Names our newest NODE, and the PARTNERS that it names. Both are kept as evidence. VIZ_ERR_STATE:
 * it is not the one by which the view has its authors. VIZ_ERR_LIMIT: too many are kept. */
static int name_node(struct viz_trust *trust, struct viz_offer *o,
		     const struct viz_id *view_partners)
{
	const struct viz_member *self = viz_member_self(trust);
	struct viz_record rec;
	struct viz_held held;

	if (!viz_place_get(trust->core, &held, &rec, &trust->self.author, VIZ_TYPE_NODE, 0) ||
	    !viz_id_eq(&self->node.partners, view_partners))
		return VIZ_ERR_STATE;
	viz_ids_record(&o->node, &trust->core->federation_id, &rec);
	o->node_time = rec.time;
	o->partners = self->node.partners;
	return viz_named_keep(trust->core, &trust->self.author, VIZ_TYPE_NODE) &&
		       viz_named_keep(trust->core, &trust->self.author, VIZ_TYPE_PARTNERS)
		   ? VIZ_OK
		   : VIZ_ERR_LIMIT;
}

/* Completes, writes and publishes OFFER; sets lead->offer, and where it stands in our log. */
static int publish_offer(struct viz_net *net, struct viz_lead *lead, struct viz_offer *o,
			 const struct viz_lead_secrets *s, const struct viz_id *receipt)
{
	VIZ_WRITER(w, VIZ_OFFER_MAX);
	int err = name_node(net->trust, o, &lead->view_partners);

	if (err != VIZ_OK)
		return err;
	o->closes = lead->closes;
	o->view = lead->view;
	viz_lead_previous_name(net->trust, o, lead->previous);
	viz_self_log_next(&o->at, net->trust, 0);
	viz_commitment(&o->receipt_commit, "vizinho/receipt", &s->receipt_blinding, receipt->b, 32);
	viz_commitment(&o->order_commit, "vizinho/order-salt", &lead->salt, NULL, 0);
	viz_offer_write(&w, o);
	err = viz_self_publish_body(net, &lead->offer, VIZ_TYPE_OFFER, lead->slot, &w);
	if (err == VIZ_OK) {
		lead->log = o->at.log;
		lead->number = o->at.number;
	}
	return err;
}

/* Takes over who is asked, and counts the others. */
static void fill_peers(struct viz_lead *lead, const struct viz_lead_draw *d,
		       const struct viz_offer *o, const struct viz_lead_request *req)
{
	for (size_t i = 0; i < d->drawn_count; i++)
		if (!viz_ids_contain(req->struck, req->struck_count, &d->drawn[i].id))
			lead->peer[lead->peer_count++].id = d->drawn[i].id;
	lead->draw = d->number;
	lead->drawn = d->time;
	lead->view = d->view;
	lead->struck = o->struck_count;
	lead->blocked = o->blocked_len;
	lead->not_drawn = o->not_drawn_count;
}

/* Signs the first receipt, which names those asked. */
static int sign_consent(struct viz_net *net, struct viz_id *receipt, struct viz_lead *lead)
{
	struct viz_id asked[VIZ_ASKED_MAX];

	for (size_t i = 0; i < lead->peer_count; i++)
		asked[i] = lead->peer[i].id;
	qsort(asked, lead->peer_count, sizeof *asked, viz_ids_compare);
	return viz_lead_records_sign_consent(net, receipt, lead, VIZ_PURPOSE_LOCATION, 1, asked,
					     lead->peer_count, VIZ_CONSENT_GIVEN);
}

/* Makes secrets and receipt, publishes. On an error the keys are erased. */
static int make_offer(struct viz_net *net, struct viz_lead *lead, struct viz_offer *o,
		      const struct viz_lead_request *req)
{
	struct viz_id receipt;
	struct viz_lead_secrets s;
	bool by_hand = any_by_hand(net->trust, lead);
	int err;

	lead->state = VIZ_LEAD_OPEN;
	lead->closes = viz_after(net->core->now, window_ms(net->core, by_hand));
	lead->location_over = viz_after(lead->given, viz_lead_offer_kept_ms(net->core, by_hand));
	viz_rng_bytes(&net->core->rng, lead->salt.b, sizeof lead->salt.b);
	viz_secrets_create(net->core, &s, &lead->vault);
	err = viz_lead_personal_seal_location(net->core, lead, &o->location_commit, &s,
					      &req->location);
	if (err == VIZ_OK && req->single)
		err = viz_lead_personal_seal_contact(net->core, lead, &req->contact);
	if (err == VIZ_OK)
		err = sign_consent(net, &receipt, lead);
	if (err == VIZ_OK)
		err = viz_view_keep_partners(net->trust, &lead->view_partners);
	if (err == VIZ_OK)
		err = publish_offer(net, lead, o, &s, &receipt);
	viz_secret_wipe(&s, sizeof s);
	if (err != VIZ_OK) {
		viz_secrets_erase(net->core, &lead->vault);
		viz_secrets_erase(net->core, &lead->contact_vault);
		return err;
	}
	viz_due_set(net->core, lead->closes, VIZ_DUE_LEAD, &net->trust->self.author, lead->slot);
	viz_due_set(net->core, lead->location_over, VIZ_DUE_LEAD, &net->trust->self.author,
		    lead->slot);
	viz_due_set(net->core, viz_after(lead->created, net->core->federation.undelivered_ms),
		    VIZ_DUE_LEAD, &net->trust->self.author, lead->slot);
	viz_notice_add(net->trust, VIZ_NOTICE_OFFER, &lead->offer, NULL, lead->slot);
	return VIZ_OK;
}

/* Makes the offer that the draw serves. */
static int offer_drawn(struct viz_net *net, struct viz_lead *lead, const struct viz_lead_draw *d,
		       const struct viz_lead_request *req)
{
	struct viz_offer *o = viz_core_alloc(sizeof *o);
	int err;

	memset(o, 0, sizeof *o);
	err = viz_lead_draw_lists(net->trust, o, d, req->struck, req->struck_count);
	if (err == VIZ_OK && req->single && o->asked_count != 1)
		err = VIZ_ERR_INPUT;
	if (err == VIZ_OK) {
		fill_peers(lead, d, o, req);
		err = make_offer(net, lead, o, req);
	}
	free(o);
	return err;
}

/* OFFER names a NODE that is at most heartbeat_ms old. */
static void refresh_node(struct viz_net *net)
{
	const struct viz_member *self = viz_member_self(net->trust);

	viz_lead_waiting_partners_refresh(net);
	viz_node_record_refresh(net);
	if (self->node_time.ms + net->core->federation.heartbeat_ms <
	    viz_identity_time(net->trust).ms)
		viz_self_node_record_publish(net);
}

int viz_lead_offer(struct viz_net *net, struct viz_lead *lead, const struct viz_lead_request *req)
{
	struct viz_lead_draw *d = viz_core_alloc(sizeof *d);
	int err;

	refresh_node(net);
	err = viz_self_log_is_free(net) ? viz_lead_begin(net->trust, lead, req) : VIZ_ERR_STATE;
	if (err == VIZ_OK && viz_core_nearly_full(net->core))
		err = VIZ_ERR_LIMIT; /* the view alone may need more than the reserve */
	if (err == VIZ_OK && (!viz_lead_draw_get(net->core, d, req->draw) ||
			      !viz_lead_draw_holds(net->trust, d, req->struck, req->struck_count)))
		err = VIZ_ERR_ABSENT;
	if (err == VIZ_OK &&
	    viz_lead_previous_wait(net->trust, req->previous) != VIZ_LEAD_WAIT_NOT) {
		viz_lead_previous_recall(net, req->previous);
		err = VIZ_ERR_STATE;
	}
	if (err == VIZ_OK)
		err = offer_drawn(net, lead, d, req);
	if (err == VIZ_OK) {
		viz_lead_previous_end(net, req->previous, lead->slot);
		viz_lead_draw_used(net->core, d->number);
		viz_lead_put(net->core, lead);
		viz_draft_take(net->core, lead->protocol);
	}
	free(d);
	return err;
}
