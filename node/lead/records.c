#include "node/lead/records.h"

#include "crypto/hash.h"
#include "crypto/rng.h"
#include "crypto/secret.h"
#include "node/core/core.h"
#include "node/core/ids.h"
#include "node/core/journal.h"
#include "node/core/place.h"
#include "node/core/profile.h"
#include "node/core/secrets.h"
#include "node/lead/consent.h"
#include "node/lead/lead.h"
#include "node/lead/proof.h"
#include "node/link/net.h"
#include "node/offer/commitment.h"
#include "node/self/log.h"
#include "node/self/publish.h"
#include "node/self/statement.h"
#include "node/trust/member.h"
#include "node/trust/notice.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/federation.h"
#include "proto/fields.h"
#include "proto/limits.h"
#include "proto/offer.h"
#include "proto/reader.h"
#include "proto/receipt.h"
#include "proto/record.h"
#include "proto/statement.h"
#include "proto/writer.h"
#include "store/tables.h"

void viz_lead_records_publish_close(struct viz_net *net, struct viz_lead *lead)
{
	const struct viz_id *self = &net->trust->self.author;
	struct viz_close *c = viz_core_alloc(sizeof *c);
	VIZ_WRITER(w, VIZ_CLOSE_MAX);
	struct viz_slice v;

	memset(c, 0, sizeof *c);
	viz_self_log_next(&c->at, net->trust, lead->number);
	c->offer = lead->offer;
	c->count = lead->peer_count;
	for (size_t i = 0; i < lead->peer_count; i++) {
		if (!lead->peer[i].answered)
			continue;
		/* it goes when the OFFER has expired */
		c->entry[i].answered = viz_statement_get(net->core, &v, self, lead->slot,
							 VIZ_TYPE_PLEDGE, &lead->peer[i].id, 1);
		if (c->entry[i].answered)
			memcpy(c->entry[i].pledge, v.p, sizeof c->entry[i].pledge);
	}
	viz_close_write(&w, c);
	if (viz_self_publish_body(net, &lead->close, VIZ_TYPE_CLOSE, lead->slot, &w) == VIZ_OK)
		viz_notice_add(net->trust, VIZ_NOTICE_CLOSE, &lead->close, NULL, lead->slot);
	free(c);
}

static void set_order(struct viz_lead *lead)
{
	struct viz_commitment_item item[VIZ_ASKED_MAX];

	for (size_t i = 0; i < lead->peer_count; i++)
		item[i] = (struct viz_commitment_item){lead->peer[i].revealed, lead->peer[i].pledge,
						       lead->peer[i].nonce};
	lead->order_len = viz_commitment_order(lead->order, &lead->offer, &lead->close, &lead->salt,
					       item, lead->peer_count);
}

void viz_lead_records_publish_result(struct viz_net *net, struct viz_lead *lead,
				     enum viz_result_kind kind)
{
	struct viz_result *res = viz_core_alloc(sizeof *res);
	VIZ_WRITER(w, VIZ_RESULT_MAX);

	if (kind == VIZ_RESULT_ORDER)
		set_order(lead);
	memset(res, 0, sizeof *res);
	viz_self_log_next(&res->at, net->trust, lead->number);
	res->offer = lead->offer;
	res->close = lead->close;
	res->kind = kind;
	res->salt = lead->salt;
	res->count = lead->peer_count;
	for (size_t i = 0; i < lead->peer_count; i++)
		res->entry[i] = (struct viz_result_entry){
		    lead->peer[i].revealed, lead->peer[i].nonce, lead->peer[i].blinded};
	if (kind == VIZ_RESULT_ORDER) {
		memcpy(res->order, lead->order, lead->order_len);
		res->order_len = lead->order_len;
	}
	viz_result_write(&w, res);
	if (viz_self_publish_body(net, &lead->result, VIZ_TYPE_RESULT, lead->slot, &w) == VIZ_OK) {
		lead->result_kind = kind;
		viz_notice_add(net->trust, VIZ_NOTICE_RESULT, &lead->result, NULL, lead->slot);
		viz_lead_proof_sign(net, lead, 0, NULL, NULL);
	}
	free(res);
}

static int publish_choice(struct viz_net *net, struct viz_id *id, struct viz_lead *lead,
			  struct viz_choice *choice)
{
	uint64_t slot = viz_record_slot_choice(lead->slot, lead->award_n + 1);
	VIZ_WRITER(w, 256);
	int err;

	/* the holder of the award before it can no longer show the contact: here is its word */
	choice->has_opening = lead->opened;
	if (lead->opened)
		memcpy(choice->opening, lead->release, sizeof choice->opening);
	viz_self_log_next(&choice->at, net->trust, lead->number);
	viz_choice_write(&w, choice);
	err = viz_self_publish_body(net, id, VIZ_TYPE_CHOICE, slot, &w);
	if (err == VIZ_OK)
		viz_notice_add(net->trust, VIZ_NOTICE_CHOICE, id, NULL, slot);
	return err;
}

int viz_lead_records_publish_choice(struct viz_net *net, struct viz_id *id, struct viz_lead *lead,
				    const struct viz_id *recipient,
				    const struct viz_secret *blinding)
{
	struct viz_choice c = {.offer = lead->offer, .what = VIZ_CHOICE_AWARD};

	int err;

	viz_commitment_choice(&c.commitment, blinding, &lead->offer, lead->award_n + 1, recipient);
	err = publish_choice(net, id, lead, &c);
	if (err == VIZ_OK)
		viz_lead_proof_sign(net, lead, lead->award_n + 1, recipient, blinding);
	return err;
}

void viz_lead_records_publish_none(struct viz_net *net, struct viz_lead *lead)
{
	struct viz_choice c = {.offer = lead->offer, .what = VIZ_CHOICE_NONE};
	struct viz_id id;

	if (publish_choice(net, &id, lead, &c) == VIZ_OK) {
		lead->none_chosen = true;
		viz_lead_proof_sign(net, lead, lead->award_n + 1, NULL, NULL);
	}
}

/* Commits to how the consent was recorded, and keeps what opens that here. */
static void set_reference(struct viz_trust *trust, struct viz_receipt *c,
			  const struct viz_lead *lead, uint64_t number)
{
	struct viz_lead_reference ref;

	viz_rng_bytes(&trust->core->rng, ref.blinding.b, sizeof ref.blinding.b);
	snprintf(ref.evidence, sizeof ref.evidence, "%s", lead->evidence);
	snprintf(ref.agent, sizeof ref.agent, "%s", lead->agent);
	viz_commitment_reference(&c->reference, &ref.blinding, ref.evidence, ref.agent);
	viz_lead_consent_keep_reference(trust, lead->slot, number, &ref);
}

static void set_subject(struct viz_core *core, struct viz_receipt *c, const struct viz_lead *lead)
{
	struct viz_lead_secrets s = {0};
	struct viz_hash h;

	if (viz_secrets_read(core, &s, lead->vault)) {
		viz_hash_init(&h, "vizinho/subject");
		viz_hash_part(&h, s.subject_salt.b, sizeof s.subject_salt.b);
		viz_hash_part(&h, c->receipt_id, sizeof c->receipt_id);
		viz_hash_final(&h, &c->subject);
	}
	viz_secret_wipe(&s, sizeof s);
}

static void set_recipients(struct viz_trust *trust, struct viz_receipt *c,
			   const struct viz_id *recipients, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct viz_member *m = viz_member_find(trust, &recipients[i]);

		c->recipient[i].id = recipients[i];
		if (m && m->has_node)
			snprintf(c->recipient[i].cnpj, sizeof c->recipient[i].cnpj, "%s",
				 m->node.cnpj);
	}
	c->recipient_count = count;
}

/* When the consent was given, when it ends, and until when a recipient may keep the data. */
static void set_times(const struct viz_core *core, struct viz_receipt *c,
		      const struct viz_lead *lead)
{
	const struct viz_federation *f = &core->federation;

	c->given = lead->given;
	c->expires = viz_after(c->given, f->undelivered_ms);
	c->erase = c->purpose == VIZ_PURPOSE_LOCATION
		       ? viz_after(lead->closes, f->location_erase_ms + f->suspicion_ms)
		       : viz_after(c->given, f->contact_holder_ms);
}

int viz_lead_records_sign_consent(struct viz_net *net, struct viz_id *id, struct viz_lead *lead,
				  enum viz_purpose purpose, uint64_t number,
				  const struct viz_id *recipients, size_t count,
				  enum viz_consent_state state)
{
	const struct viz_profile *profile = &net->trust->profile;
	struct viz_receipt *c;
	VIZ_WRITER(w, VIZ_RECEIPT_MAX);
	int err;

	if (profile->privacy[0] == '\0' || profile->withdrawal[0] == '\0')
		return VIZ_ERR_STATE;
	c = viz_core_alloc(sizeof *c);
	memset(c, 0, sizeof *c);
	viz_rng_bytes(&net->core->rng, c->receipt_id, sizeof c->receipt_id);
	c->offer_slot = lead->slot;
	c->purpose = purpose;
	c->state = state;
	c->fields = purpose == VIZ_PURPOSE_LOCATION
			? VIZ_FIELD_LOCATION
			: VIZ_FIELD_NAME | VIZ_FIELD_PHONE | VIZ_FIELD_ADDRESS | VIZ_FIELD_DATE |
			      VIZ_FIELD_PLAN;
	set_subject(net->core, c, lead);
	set_recipients(net->trust, c, recipients, count);
	set_reference(net->trust, c, lead, number);
	set_times(net->core, c, lead);
	snprintf(c->language, sizeof c->language, "%s", lead->language);
	snprintf(c->controller_cnpj, sizeof c->controller_cnpj, "%s", profile->cnpj);
	snprintf(c->withdrawal, sizeof c->withdrawal, "%s", profile->withdrawal);
	snprintf(c->text_version, sizeof c->text_version, "%s", lead->text_version);
	c->text_hash = lead->text_hash;
	snprintf(c->channel, sizeof c->channel, "%s", lead->channel);
	viz_receipt_write(&w, c);
	err = viz_statement_issue(net, id, VIZ_TYPE_RECEIPT, &net->trust->self.author, lead->slot,
				  number, &w, NULL);
	free(c);
	return err;
}

void viz_lead_records_end_consent(struct viz_net *net, const struct viz_lead *lead, uint64_t given,
				  uint64_t number, enum viz_consent_state state)
{
	const struct viz_id *self = &net->trust->self.author;
	struct viz_receipt *c;
	struct viz_record rec;
	struct viz_slice v;
	VIZ_WRITER(w, VIZ_RECEIPT_MAX);

	if (viz_statement_get(net->core, &v, self, lead->slot, VIZ_TYPE_RECEIPT, self, number) ||
	    !viz_statement_get(net->core, &v, self, lead->slot, VIZ_TYPE_RECEIPT, self, given) ||
	    viz_record_parse(&rec, v.p, v.len) != VIZ_OK)
		return;
	c = viz_core_alloc(sizeof *c);
	VIZ_REQUIRE(viz_receipt_parse(c, &rec) == VIZ_OK);
	viz_ids_record(&c->previous, &net->core->federation_id, &rec);
	c->state = state;
	viz_receipt_write(&w, c);
	viz_statement_issue(net, NULL, VIZ_TYPE_RECEIPT, self, lead->slot, number, &w, NULL);
	free(c);
}

void viz_lead_records_end_contact_consent(struct viz_net *net, struct viz_lead *lead,
					  enum viz_consent_state state)
{
	const struct viz_id *self = &net->trust->self.author;
	const uint64_t number = VIZ_RECEIPT_SECOND_ENDED;
	struct viz_id first = lead->text_hash, id;
	struct viz_slice v;

	if (viz_statement_get(net->core, &v, self, lead->slot, VIZ_TYPE_RECEIPT, self, number))
		return;
	lead->text_hash = lead->contact_text_hash;
	viz_lead_records_sign_consent(net, &id, lead, VIZ_PURPOSE_CONTACT, number,
				      &lead->peer[0].id, 1, state);
	lead->text_hash = first;
}

void viz_lead_records_sign_withdrawal(struct viz_net *net, const struct viz_lead *lead,
				      enum viz_withdrawal_scope scope, uint32_t award_n,
				      const struct viz_lead_peer *peer)
{
	struct viz_withdrawal wd = {.offer = lead->offer, .scope = scope, .award_n = award_n};
	VIZ_WRITER(w, 128);

	viz_withdrawal_write(&w, &wd);
	viz_statement_issue(net, NULL, VIZ_TYPE_WITHDRAWAL, &net->trust->self.author, lead->slot,
			    (uint64_t)scope << 32 | award_n, &w, &peer->id);
}
