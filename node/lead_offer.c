/* Making an offer: who is eligible, the first consent, the sealed OFFER. */
#include "node/circle.h"
#include "node/core.h"
#include "node/due.h"
#include "node/journal.h"
#include "node/lead.h"
#include "node/place.h"
#include "node/secret.h"
#include "node/statements.h"
#include "node/view.h"

/* While people answer by hand the window is hours: the least window times this. */
#define BY_HAND_FACTOR 720

void viz_commitment(struct viz_id *out, const char *domain, const struct viz_id *a,
		    const uint8_t *b, size_t len)
{
	struct viz_hash h;

	viz_hash_init(&h, domain);
	viz_hash_id(&h, a);
	viz_hash_part(&h, b, len);
	viz_hash_final(&h, out);
}

bool viz_covers(struct viz_node *node, const struct viz_id *author, const struct viz_area *area)
{
	struct viz_coverage *c = viz_core_alloc(sizeof *c);
	bool meets = false;

	for (uint64_t slot = 0; slot < VIZ_COVERAGE_SLOTS && !meets; slot++) {
		struct viz_record rec;
		struct viz_reader r;

		if (!viz_place_live_get(node, &rec, author, VIZ_TYPE_COVERAGE, slot))
			continue;
		viz_reader_init(&r, rec.body, rec.body_len);
		viz_coverage_read(&r, c);
		meets = viz_reader_finish(&r) == VIZ_OK && viz_coverage_meets(c, area);
	}
	free(c);
	return meets;
}

static bool contains(const struct viz_id *ids, size_t count, const struct viz_id *id)
{
	for (size_t i = 0; i < count; i++)
		if (viz_id_eq(&ids[i], id))
			return true;
	return false;
}

bool viz_lead_removed(struct viz_node *node, const struct viz_id *id)
{
	const struct viz_partner_entry *e = viz_partners_find(viz_member_self(node)->partners, id);

	return e && e->removed.ms != 0;
}

int viz_lead_lists(struct viz_node *node, struct viz_offer_secret *out, const struct viz_area *area,
		   const struct viz_id *struck, size_t struck_count)
{
	struct viz_id *who;
	size_t count = viz_coverage_who(node, &who, area);
	int err = VIZ_OK;

	out->eligible_count = out->excluded_count = 0;
	for (size_t i = 0; i < count && err == VIZ_OK; i++) {
		bool removed = viz_lead_removed(node, &who[i]);

		if (!viz_partner_now(node, &who[i]))
			continue;
		if (removed || contains(struck, struck_count, &who[i])) {
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

/* A slot that neither an OFFER nor a lead without one has used. */
static int next_lead_slot(struct viz_node *node, uint64_t *slot)
{
	struct viz_slice key, value;
	uint8_t day[8];
	int err = viz_self_next_slot(node, slot, VIZ_TYPE_OFFER);

	if (err != VIZ_OK)
		return err;
	viz_put_u64be(day, *slot);
	if (viz_store_last(node->store, &key, &value, VIZ_TABLE_LEAD, day, 6) == VIZ_OK) {
		uint64_t last = viz_get_u64be(key.p);

		if (last >= *slot)
			*slot = last + 1;
	}
	return viz_slot_number(*slot) < VIZ_OFFERS_PER_DAY ? VIZ_OK : VIZ_ERR_LIMIT;
}

int viz_lead_begin(struct viz_node *node, struct viz_lead *lead, const struct viz_lead_request *req)
{
	memset(lead, 0, sizeof *lead);
	lead->created = node->now;
	lead->cancelled_at = req->cancelled_at;
	snprintf(lead->protocol, sizeof lead->protocol, "%s", req->protocol);
	lead->municipality = req->location.municipality;
	lead->area = req->area;
	lead->service = req->service;
	lead->month = req->month;
	lead->previous = req->previous;
	lead->single = req->single;
	snprintf(lead->language, sizeof lead->language, "%s", req->language);
	snprintf(lead->channel, sizeof lead->channel, "%s", req->channel);
	snprintf(lead->evidence, sizeof lead->evidence, "%s", req->evidence);
	snprintf(lead->agent, sizeof lead->agent, "%s", req->agent);
	snprintf(lead->text_version, sizeof lead->text_version, "%s", req->text_version);
	lead->text_hash = req->text_hash;
	lead->contact_text_hash = req->contact_text_hash;
	return next_lead_slot(node, &lead->slot);
}

int viz_lead_seal_location(struct viz_node *node, struct viz_lead *lead, struct viz_id *commit,
			   const struct viz_lead_secrets *s, const struct viz_location *location)
{
	uint8_t bytes[VIZ_LOCATION_MAX];
	struct viz_id blinding;
	struct viz_writer w;
	size_t len = 0;
	int err;

	viz_writer_init(&w, bytes, sizeof bytes);
	viz_location_write(&w, location);
	err = viz_writer_finish(&w, &len);
	if (err != VIZ_OK)
		return err;
	memcpy(blinding.b, s->location_blinding.b, 32);
	viz_commitment(commit, "vizinho/location", &blinding, bytes, len);
	err = viz_secrets_seal(node, lead->location, &lead->location_len, sizeof lead->location, s,
			       bytes, len);
	viz_wipe(bytes, sizeof bytes);
	viz_wipe(&blinding, sizeof blinding);
	return err;
}

static int seal_offer(struct viz_node *node, uint8_t *out, size_t *out_len,
		      const struct viz_secret *key, const struct viz_offer_secret *secret,
		      uint64_t slot)
{
	uint8_t *plain = viz_core_alloc(VIZ_OFFER_SEALED_MAX);
	uint8_t aad[VIZ_ID_SLOT_LEN], nonce[24];
	struct viz_writer w;
	size_t len = 0, size;
	int err;

	viz_writer_init(&w, plain + 2, VIZ_OFFER_SEALED_MAX - 2 - VIZ_SEAL_OVERHEAD);
	viz_offer_secret_write(&w, secret);
	err = viz_writer_finish(&w, &len);
	size = (len + 2 + VIZ_OFFER_PAD - 1) / VIZ_OFFER_PAD * VIZ_OFFER_PAD;
	if (err == VIZ_OK && size + VIZ_SEAL_OVERHEAD > VIZ_OFFER_SEALED_MAX)
		err = VIZ_ERR_LIMIT;
	if (err == VIZ_OK) {
		viz_pad(plain, len, size);
		viz_id_slot_key(aad, &node->self.author, slot);
		viz_rng_bytes(&node->rng, nonce, sizeof nonce);
		viz_seal(out, key, nonce, aad, sizeof aad, plain, size);
		*out_len = size + VIZ_SEAL_OVERHEAD;
	}
	free(plain);
	return err;
}

static bool any_by_hand(struct viz_node *node, const struct viz_offer_secret *s)
{
	for (size_t i = 0; i < s->eligible_count; i++) {
		const struct viz_member *m = viz_member_find(node, &s->eligible[i]);

		if (m && m->node.by_hand)
			return true;
	}
	return false;
}

static int publish_offer(struct viz_node *node, struct viz_lead *lead,
			 const struct viz_offer_secret *secret, const struct viz_lead_secrets *s,
			 const struct viz_id *location_commit, const struct viz_id *receipt)
{
	struct viz_offer o = {.epoch = lead->epoch,
			      .location_commit = *location_commit,
			      .view = lead->view,
			      .closes = lead->closes};
	uint8_t *sealed = viz_core_alloc(VIZ_OFFER_SEALED_MAX);
	size_t max = VIZ_OFFER_SEALED_MAX + 512, len = 0;
	uint8_t *body = viz_core_alloc(max);
	struct viz_id blinding, salt;
	struct viz_secret key;
	struct viz_writer w;
	int err = VIZ_ERR_STATE;

	memcpy(blinding.b, s->receipt_blinding.b, 32);
	viz_commitment(&o.receipt_commit, "vizinho/receipt", &blinding, receipt->b, 32);
	memcpy(salt.b, lead->salt.b, 32);
	viz_commitment(&o.order_commit, "vizinho/order-salt", &salt, NULL, 0);
	if (viz_circle_offer_key(node, &key, &node->self.author, lead->epoch, lead->slot)) {
		viz_offer_key_hash(&o.key_hash, &key);
		err = seal_offer(node, sealed, &o.sealed_len, &key, secret, lead->slot);
		viz_wipe(&key, sizeof key);
	}
	if (err == VIZ_OK) {
		o.sealed = sealed;
		viz_writer_init(&w, body, max);
		viz_offer_write(&w, &o);
		err = viz_writer_finish(&w, &len);
	}
	if (err == VIZ_OK)
		err = viz_self_publish(node, &lead->offer, VIZ_TYPE_OFFER, lead->slot, body, len);
	free(sealed);
	free(body);
	return err;
}

static int make_offer(struct viz_node *node, struct viz_lead *lead,
		      const struct viz_offer_secret *secret, const struct viz_lead_request *req)
{
	struct viz_id location_commit, receipt;
	struct viz_lead_secrets s;
	int64_t window = node->federation.window_min_ms;
	int err;

	lead->state = VIZ_LEAD_OPEN;
	lead->epoch = viz_circle_epoch(node);
	if (lead->epoch == 0)
		return VIZ_ERR_STATE;
	if (any_by_hand(node, secret))
		window *= BY_HAND_FACTOR;
	lead->closes = viz_after(node->now, window);
	viz_rng_bytes(&node->rng, lead->salt.b, sizeof lead->salt.b);
	for (size_t i = 0; i < secret->eligible_count; i++)
		lead->peer[lead->peer_count++].id = secret->eligible[i];
	for (size_t i = 0; i < secret->excluded_count; i++) {
		lead->struck += secret->excluded[i].reason == VIZ_EXCLUDED_STRUCK;
		lead->blocked += secret->excluded[i].reason == VIZ_EXCLUDED_BLOCKED;
	}
	viz_secrets_create(node, &s, &lead->vault);
	err = viz_lead_seal_location(node, lead, &location_commit, &s, &req->location);
	if (err == VIZ_OK && req->single)
		err = viz_lead_seal_contact(node, lead, &req->contact);
	if (err == VIZ_OK)
		err = viz_lead_consent(node, &receipt, lead, VIZ_PURPOSE_LOCATION, 1,
				       secret->eligible, secret->eligible_count, VIZ_CONSENT_GIVEN);
	if (err == VIZ_OK)
		err = viz_view_build(node, &lead->view);
	if (err == VIZ_OK)
		err = publish_offer(node, lead, secret, &s, &location_commit, &receipt);
	viz_wipe(&s, sizeof s);
	if (err != VIZ_OK) {
		viz_secrets_erase(node, &lead->vault);
		viz_secrets_erase(node, &lead->contact_vault);
		return err;
	}
	viz_due_set(node, lead->closes, VIZ_DUE_LEAD, &node->self.author, lead->slot);
	viz_journal_add(node, "offer", &lead->offer);
	return VIZ_OK;
}

int viz_lead_offer(struct viz_node *node, struct viz_lead *lead, const struct viz_lead_request *req)
{
	struct viz_offer_secret *secret = viz_core_alloc(sizeof *secret);
	int err;

	memset(secret, 0, sizeof *secret);
	secret->area = req->area;
	secret->service = req->service;
	secret->month = req->month;
	secret->previous = req->previous;
	viz_circle_refresh(node);
	err = node->self.revoked ? VIZ_ERR_STATE : viz_lead_begin(node, lead, req);
	if (err == VIZ_OK && viz_core_nearly_full(node))
		err = VIZ_ERR_LIMIT; /* a view alone may take more than the reserve */
	if (err == VIZ_OK)
		err = viz_lead_lists(node, secret, &req->area, req->struck, req->struck_count);
	if (err == VIZ_OK && req->single && secret->eligible_count != 1)
		err = VIZ_ERR_INPUT;
	if (err == VIZ_OK && secret->eligible_count == 0)
		err = VIZ_ERR_ABSENT;
	else if (err == VIZ_OK)
		err = make_offer(node, lead, secret, req);
	if (err == VIZ_OK)
		viz_lead_put(node, lead);
	free(secret);
	return err;
}

int viz_lead_keep(struct viz_node *node, struct viz_lead *lead, const char *protocol,
		  struct viz_time cancelled_at, uint32_t municipality)
{
	struct viz_lead_request *req = viz_core_alloc(sizeof *req);
	int err;

	memset(req, 0, sizeof *req);
	snprintf(req->protocol, sizeof req->protocol, "%s", protocol);
	req->cancelled_at = cancelled_at;
	req->location.municipality = municipality;
	req->area = (struct viz_area){.kind = VIZ_AREA_MUNICIPALITY, .municipality = municipality};
	req->service = VIZ_SERVICE_INTERNET;
	err = viz_lead_begin(node, lead, req);
	if (err == VIZ_OK) {
		lead->state = VIZ_LEAD_KEPT;
		viz_lead_put(node, lead);
	}
	free(req);
	return err;
}
