/* The receipts of a person's consents: given, and how each of them ended. */
#include "node/core.h"
#include "node/lead.h"
#include "node/record_id.h"
#include "node/secret.h"
#include "node/statements.h"

int viz_lead_consent(struct viz_node *node, struct viz_id *id, struct viz_lead *lead,
		     enum viz_purpose purpose, uint64_t number, const struct viz_id *recipients,
		     size_t count, enum viz_consent_state state)
{
	struct viz_receipt *c = viz_core_alloc(sizeof *c);
	struct viz_lead_secrets s = {0};
	uint8_t body[8192];
	struct viz_writer w;
	int err;

	memset(c, 0, sizeof *c);
	viz_rng_bytes(&node->rng, c->receipt_id, sizeof c->receipt_id);
	c->offer_slot = lead->slot;
	c->purpose = purpose;
	c->state = state;
	c->fields = purpose == VIZ_PURPOSE_LOCATION
			? VIZ_FIELD_LOCATION
			: VIZ_FIELD_NAME | VIZ_FIELD_PHONE | VIZ_FIELD_ADDRESS | VIZ_FIELD_DATE |
			      VIZ_FIELD_PLAN;
	if (viz_secrets_read(node, &s, lead->vault)) {
		struct viz_hash h;

		viz_hash_init(&h, "vizinho/subject");
		viz_hash_part(&h, s.subject_salt.b, sizeof s.subject_salt.b);
		viz_hash_part(&h, c->receipt_id, sizeof c->receipt_id);
		viz_hash_final(&h, &c->subject);
	}
	viz_wipe(&s, sizeof s);
	snprintf(c->language, sizeof c->language, "%s", lead->language);
	snprintf(c->controller_cnpj, sizeof c->controller_cnpj, "%s", node->profile.cnpj);
	snprintf(c->withdrawal, sizeof c->withdrawal, "%s", node->profile.privacy);
	for (size_t i = 0; i < count; i++) {
		const struct viz_member *m = viz_member_find(node, &recipients[i]);

		c->recipient[i].id = recipients[i];
		if (m && m->has_node)
			snprintf(c->recipient[i].cnpj, sizeof c->recipient[i].cnpj, "%s",
				 m->node.cnpj);
	}
	c->recipient_count = count;
	snprintf(c->text_version, sizeof c->text_version, "%s", lead->text_version);
	c->text_hash = lead->text_hash;
	snprintf(c->channel, sizeof c->channel, "%s", lead->channel);
	snprintf(c->evidence, sizeof c->evidence, "%s", lead->evidence);
	snprintf(c->agent, sizeof c->agent, "%s", lead->agent);
	c->given = state == VIZ_CONSENT_GIVEN ? node->now : lead->created;
	c->expires = viz_after(c->given, node->federation.undelivered_ms);
	viz_writer_init(&w, body, sizeof body);
	viz_receipt_write(&w, c);
	err = viz_statement_issue(node, id, VIZ_TYPE_RECEIPT, &node->self.author, lead->slot,
				  number, &w, NULL);
	free(c);
	return err;
}

void viz_lead_end_consent(struct viz_node *node, const struct viz_lead *lead, uint64_t given,
			  uint64_t number, enum viz_consent_state state)
{
	const struct viz_id *self = &node->self.author;
	struct viz_receipt *c;
	uint8_t *body;
	struct viz_record rec;
	struct viz_reader r;
	struct viz_writer w;
	struct viz_slice v;

	if (!viz_statement_get(node, &v, self, lead->slot, VIZ_TYPE_RECEIPT, self, given) ||
	    viz_record_parse(&rec, v.p, v.len) != VIZ_OK)
		return;
	c = viz_core_alloc(sizeof *c);
	body = viz_core_alloc(8192);
	viz_reader_init(&r, rec.body, rec.body_len);
	viz_receipt_read(&r, c);
	VIZ_REQUIRE(viz_reader_finish(&r) == VIZ_OK);
	viz_record_id(&c->previous, &node->federation_id, &rec);
	c->state = state;
	viz_writer_init(&w, body, 8192);
	viz_receipt_write(&w, c);
	viz_statement_issue(node, NULL, VIZ_TYPE_RECEIPT, self, lead->slot, number, &w, NULL);
	free(body);
	free(c);
}

void viz_lead_end_second(struct viz_node *node, struct viz_lead *lead, enum viz_consent_state state)
{
	const struct viz_id *self = &node->self.author;
	const uint64_t number = VIZ_RECEIPT_SECOND_ENDED;
	struct viz_id first = lead->text_hash, id;
	struct viz_slice v;

	if (viz_statement_get(node, &v, self, lead->slot, VIZ_TYPE_RECEIPT, self, number))
		return;
	lead->text_hash = lead->contact_text_hash;
	viz_lead_consent(node, &id, lead, VIZ_PURPOSE_CONTACT, number, &lead->peer[0].id, 1, state);
	lead->text_hash = first;
}
