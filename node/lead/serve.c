#include "node/lead/serve.h"

#include "crypto/secret.h"
#include "crypto/sign.h"
#include "node/core/core.h"
#include "node/core/ids.h"
#include "node/core/place.h"
#include "node/core/secrets.h"
#include "node/lead/eligible.h"
#include "node/lead/lead.h"
#include "node/lead/records.h"
#include "node/link/mail.h"
#include "node/link/net.h"
#include "node/offer/circle.h"
#include "node/offer/view.h"
#include "node/self/statement.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/limits.h"
#include "proto/mail.h"
#include "proto/reader.h"
#include "proto/record.h"
#include "proto/writer.h"

void viz_lead_serve_offer_key(struct viz_net *net, const struct viz_id *from, struct viz_reader *r)
{
	struct viz_lead *lead = viz_core_alloc(sizeof *lead);
	struct viz_mail_offer_key mail = {.slot = viz_mail_slot_read(r)};

	if (viz_reader_finish(r) == VIZ_OK && viz_lead_get(net->core, lead, mail.slot) &&
	    viz_lead_eligible_may_ask(net->trust, lead, from) && lead->epoch != 0 &&
	    viz_circle_offer_key(net->core, &mail.key, &net->trust->self.author, lead->epoch,
				 mail.slot)) {
		VIZ_WRITER(w, 64);

		viz_mail_offer_key_write(&w, &mail);
		viz_mail_send(net, from, VIZ_MAIL_OFFER_KEY, &w);
		viz_secret_wipe(&mail, sizeof mail);
		viz_secret_wipe(w.start, w.max);
	}
	free(lead);
}

void viz_lead_serve_location(struct viz_net *net, const struct viz_id *from, struct viz_reader *r)
{
	uint64_t slot = viz_mail_slot_read(r);
	struct viz_lead_peer *peer;
	struct viz_lead *lead;

	if (viz_reader_finish(r) != VIZ_OK)
		return;
	lead = viz_lead_fetch(net->core, slot);
	peer = lead ? viz_lead_find_peer(lead, from) : NULL;
	/* the first receipt names the eligible partners; it allows the location to them alone */
	if (!peer || lead->state != VIZ_LEAD_OPEN || lead->vault == 0) {
		viz_mail_slot(net, from, VIZ_MAIL_LOCATION_REFUSED, slot);
	} else {
		peer->located = true;
		viz_lead_put(net->core, lead);
		viz_mail_slot(net, from, VIZ_MAIL_LOCATION, slot);
	}
	free(lead);
}

bool viz_lead_serve_compose_location(struct viz_net *net, struct viz_writer *w, uint64_t slot,
				     const struct viz_id *to)
{
	struct viz_lead *lead = viz_lead_fetch(net->core, slot);
	uint8_t bytes[VIZ_LOCATION_MAX];
	struct viz_mail_location mail = {.slot = slot, .location = bytes};
	struct viz_lead_secrets s = {0};
	struct viz_slice receipt;
	bool ok;

	ok = lead && viz_lead_find_peer(lead, to) && lead->state == VIZ_LEAD_OPEN &&
	     viz_secrets_read(net->core, &s, lead->vault) &&
	     viz_secrets_open(bytes, &mail.location_len, &s, lead->location, lead->location_len) ==
		 VIZ_OK &&
	     viz_statement_get(net->core, &receipt, &net->trust->self.author, slot,
			       VIZ_TYPE_RECEIPT, &net->trust->self.author, 1);
	if (ok) {
		mail.blinding = s.location_blinding;
		mail.receipt = receipt.p;
		mail.receipt_len = receipt.len;
		mail.receipt_blinding = s.receipt_blinding;
		viz_mail_location_write(w, &mail);
	}
	viz_secret_wipe(bytes, sizeof bytes);
	viz_secret_wipe(&mail, sizeof mail);
	viz_secret_wipe(&s, sizeof s);
	free(lead);
	return ok;
}

bool viz_lead_serve_compose_handoff(struct viz_net *net, struct viz_writer *w, uint64_t slot,
				    const struct viz_id *to)
{
	struct viz_lead *lead = viz_core_alloc(sizeof *lead);
	const struct viz_id *self = &net->trust->self.author;
	uint8_t contact[VIZ_CONTACT_MAX];
	struct viz_mail_handoff mail = {.contact = contact};
	struct viz_slice award, receipt;
	struct viz_held choice;
	bool ok;

	ok =
	    viz_lead_get(net->core, lead, slot) && lead->award_n > 0 &&
	    viz_id_eq(&lead->award_to, to) && !lead->recalled &&
	    (lead->state == VIZ_LEAD_AWARDED || lead->state == VIZ_LEAD_DELIVERED) &&
	    viz_secrets_unseal(net->core, contact, &mail.contact_len, lead->contact_vault,
			       lead->contact, lead->contact_len) == VIZ_OK &&
	    viz_statement_get(net->core, &award, self, slot, VIZ_TYPE_AWARD, self, lead->award_n) &&
	    viz_statement_get(net->core, &receipt, self, slot, VIZ_TYPE_RECEIPT, self,
			      VIZ_RECEIPT_AWARD + (uint64_t)lead->award_n) &&
	    viz_place_get(net->core, &choice, NULL, self, VIZ_TYPE_CHOICE,
			  viz_record_slot_choice(slot, lead->award_n));
	if (ok) {
		mail.choice = choice.a;
		mail.choice_len = choice.a_len;
		mail.award = award.p;
		mail.award_len = award.len;
		mail.receipt = receipt.p;
		mail.receipt_len = receipt.len;
		viz_mail_handoff_write(w, &mail);
	}
	viz_secret_wipe(contact, sizeof contact);
	free(lead);
	return ok;
}

/* Mails a part of the view: [slot, offset, length of the view, bytes]. */
static void mail_part(struct viz_net *net, const struct viz_id *to, uint64_t slot,
		      const uint8_t *view, size_t len, size_t offset)
{
	size_t part = len - offset < VIZ_VIEW_PART_BYTES ? len - offset : VIZ_VIEW_PART_BYTES;
	struct viz_mail_view mail = {slot, offset, len, view + offset, part};
	uint8_t *payload = viz_core_alloc(part + 64);
	struct viz_writer w;

	viz_writer_init(&w, payload, part + 64);
	viz_mail_view_write(&w, &mail);
	viz_mail_send(net, to, VIZ_MAIL_VIEW, &w);
	free(payload);
}

void viz_lead_serve_view(struct viz_net *net, const struct viz_id *from, struct viz_reader *r)
{
	struct viz_lead *lead = viz_core_alloc(sizeof *lead);
	uint64_t slot = viz_mail_slot_read(r);
	struct viz_slice v;

	if (viz_reader_finish(r) == VIZ_OK && viz_lead_get(net->core, lead, slot) &&
	    viz_lead_eligible_may_ask(net->trust, lead, from) &&
	    viz_view_evidence_get(net->core, &v, &lead->view)) {
		uint8_t *copy = viz_core_alloc(v.len);
		size_t len = v.len;

		memcpy(copy, v.p, len);
		for (size_t offset = 0; offset < len; offset += VIZ_VIEW_PART_BYTES)
			mail_part(net, from, slot, copy, len, offset);
		free(copy);
	}
	free(lead);
}

/* Mails [slot, record], if we keep the record. */
static void mail_evidence(struct viz_net *net, const struct viz_id *to, uint64_t slot,
			  const struct viz_id *id)
{
	struct viz_mail_evidence mail;
	struct viz_slice v;
	struct viz_writer w;
	uint8_t *payload;

	if (!viz_view_evidence_get(net->core, &v, id) || v.len > VIZ_SIGNED_RECORD_MAX)
		return;
	payload = viz_core_alloc(v.len + 32);
	mail = (struct viz_mail_evidence){slot, v.p, v.len};
	viz_writer_init(&w, payload, v.len + 32);
	viz_mail_evidence_write(&w, &mail);
	viz_mail_send(net, to, VIZ_MAIL_EVIDENCE, &w);
	free(payload);
}

void viz_lead_serve_evidence(struct viz_net *net, const struct viz_id *from, struct viz_reader *r)
{
	struct viz_mail_evidence_ask ask;
	struct viz_lead *lead;
	struct viz_slice view;

	viz_mail_evidence_ask_read(r, &ask);
	if (viz_reader_finish(r) != VIZ_OK)
		return;
	lead = viz_core_alloc(sizeof *lead);
	if (viz_lead_get(net->core, lead, ask.slot) &&
	    viz_lead_eligible_may_ask(net->trust, lead, from)) {
		/* a partner may see the records of this offer's view and no others */
		for (size_t i = 0; i < ask.count; i++)
			if (viz_view_evidence_get(net->core, &view, &lead->view) &&
			    bsearch(&ask.id[i], view.p, view.len / sizeof *ask.id, sizeof *ask.id,
				    viz_ids_compare))
				mail_evidence(net, from, ask.slot, &ask.id[i]);
	}
	free(lead);
}
