#include "node/lead/offer.h"

#include "crypto/rng.h"
#include "crypto/secret.h"
#include "node/core/core.h"
#include "node/core/due.h"
#include "node/core/ids.h"
#include "node/core/journal.h"
#include "node/core/place.h"
#include "node/core/secrets.h"
#include "node/lead/begin.h"
#include "node/lead/eligible.h"
#include "node/lead/lead.h"
#include "node/lead/personal.h"
#include "node/lead/records.h"
#include "node/lead/waiting.h"
#include "node/link/net.h"
#include "node/offer/circle.h"
#include "node/offer/commitment.h"
#include "node/offer/seal.h"
#include "node/offer/view.h"
#include "node/self/log.h"
#include "node/self/node_record.h"
#include "node/self/publish.h"
#include "node/trust/member.h"
#include "node/trust/named.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/limits.h"
#include "proto/offer.h"
#include "proto/receipt.h"
#include "proto/record.h"
#include "proto/writer.h"

/* People who answer by hand need hours: the window is the shortest one times this. */
#define BY_HAND_FACTOR 720

static bool any_by_hand(struct viz_trust *trust, const struct viz_offer_secret *s)
{
	for (size_t i = 0; i < s->eligible_count; i++) {
		const struct viz_member *m = viz_member_find(trust, &s->eligible[i]);

		if (m && m->node.by_hand)
			return true;
	}
	return false;
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

/* Writes, seals and publishes OFFER; sets lead->offer, and where it stands in our log. */
static int publish_offer(struct viz_net *net, struct viz_lead *lead,
			 const struct viz_offer_secret *secret, const struct viz_lead_secrets *s,
			 const struct viz_id *location_commit, const struct viz_id *receipt)
{
	struct viz_offer o = {.epoch = lead->epoch,
			      .location_commit = *location_commit,
			      .view = lead->view,
			      .closes = lead->closes};
	uint8_t *sealed = viz_core_alloc(VIZ_OFFER_SEALED_MAX);
	size_t max = VIZ_OFFER_SEALED_MAX + 512;
	uint8_t *body = viz_core_alloc(max);
	struct viz_secret key;
	struct viz_writer w;
	int err = name_node(net->trust, &o, &lead->view_partners);

	if (err != VIZ_OK)
		goto done;
	err = VIZ_ERR_STATE;
	viz_self_log_next(&o.at, net->trust, 0);
	viz_commitment(&o.receipt_commit, "vizinho/receipt", &s->receipt_blinding, receipt->b, 32);
	viz_commitment(&o.order_commit, "vizinho/order-salt", &lead->salt, NULL, 0);
	if (viz_circle_offer_key(net->core, &key, &net->trust->self.author, lead->epoch,
				 lead->slot)) {
		viz_commitment_offer_key(&o.key_hash, &key);
		err = viz_offer_seal(&net->core->rng, sealed, &o.sealed_len, &key, secret,
				     &net->trust->self.author, lead->slot);
		viz_secret_wipe(&key, sizeof key);
	}
	if (err == VIZ_OK) {
		o.sealed = sealed;
		viz_writer_init(&w, body, max);
		viz_offer_write(&w, &o);
		err = viz_self_publish_body(net, &lead->offer, VIZ_TYPE_OFFER, lead->slot, &w);
	}
	if (err == VIZ_OK) {
		lead->log = o.at.log;
		lead->number = o.at.number;
	}
done:
	free(sealed);
	free(body);
	return err;
}

/* Fills the row, makes secrets, receipt and view, publishes. On an error the keys are erased. */
static int make_offer(struct viz_net *net, struct viz_lead *lead,
		      const struct viz_offer_secret *secret, const struct viz_lead_request *req)
{
	struct viz_id location_commit, receipt;
	struct viz_lead_secrets s;
	int64_t window = net->core->federation.window_min_ms;
	int err;

	lead->state = VIZ_LEAD_OPEN;
	lead->epoch = viz_circle_epoch(net->trust);
	if (lead->epoch == 0)
		return VIZ_ERR_STATE;
	if (any_by_hand(net->trust, secret))
		window *= BY_HAND_FACTOR;
	lead->closes = viz_after(net->core->now, window);
	viz_rng_bytes(&net->core->rng, lead->salt.b, sizeof lead->salt.b);
	for (size_t i = 0; i < secret->eligible_count; i++)
		lead->peer[lead->peer_count++].id = secret->eligible[i];
	for (size_t i = 0; i < secret->excluded_count; i++) {
		lead->struck += secret->excluded[i].reason == VIZ_EXCLUDED_STRUCK;
		lead->blocked += secret->excluded[i].reason == VIZ_EXCLUDED_BLOCKED;
	}
	viz_secrets_create(net->core, &s, &lead->vault);
	err =
	    viz_lead_personal_seal_location(net->core, lead, &location_commit, &s, &req->location);
	if (err == VIZ_OK && req->single)
		err = viz_lead_personal_seal_contact(net->core, lead, &req->contact);
	if (err == VIZ_OK)
		err = viz_lead_records_sign_consent(net, &receipt, lead, VIZ_PURPOSE_LOCATION, 1,
						    secret->eligible, secret->eligible_count,
						    VIZ_CONSENT_GIVEN);
	if (err == VIZ_OK)
		err = viz_view_build(net->trust, &lead->view, &lead->view_partners);
	if (err == VIZ_OK)
		err = publish_offer(net, lead, secret, &s, &location_commit, &receipt);
	viz_secret_wipe(&s, sizeof s);
	if (err != VIZ_OK) {
		viz_secrets_erase(net->core, &lead->vault);
		viz_secrets_erase(net->core, &lead->contact_vault);
		return err;
	}
	viz_due_set(net->core, lead->closes, VIZ_DUE_LEAD, &net->trust->self.author, lead->slot);
	viz_journal_add(net->core, "offer", &lead->offer);
	return VIZ_OK;
}

int viz_lead_offer(struct viz_net *net, struct viz_lead *lead, const struct viz_lead_request *req)
{
	struct viz_offer_secret *secret = viz_core_alloc(sizeof *secret);
	int err;

	memset(secret, 0, sizeof *secret);
	secret->area = req->area;
	secret->previous = req->previous;
	viz_lead_waiting_partners_refresh(net);
	viz_node_record_refresh(net);
	err = net->trust->self.revoked ? VIZ_ERR_STATE : viz_lead_begin(net->trust, lead, req);
	if (err == VIZ_OK && viz_core_nearly_full(net->core))
		err = VIZ_ERR_LIMIT; /* the view alone may need more than the reserve */
	if (err == VIZ_OK)
		err = viz_lead_eligible_lists(net, secret, &req->area, req->struck,
					      req->struck_count);
	if (err == VIZ_OK && req->single && secret->eligible_count != 1)
		err = VIZ_ERR_INPUT;
	if (err == VIZ_OK && secret->eligible_count == 0)
		err = VIZ_ERR_ABSENT;
	else if (err == VIZ_OK)
		err = make_offer(net, lead, secret, req);
	if (err == VIZ_OK)
		viz_lead_put(net->core, lead);
	free(secret);
	return err;
}
