#include "node/lead/serve.h"

#include "crypto/secret.h"
#include "crypto/sign.h"
#include "node/core/core.h"
#include "node/core/place.h"
#include "node/core/secrets.h"
#include "node/gossip/wanted.h"
#include "node/lead/eligible.h"
#include "node/lead/lead.h"
#include "node/lead/records.h"
#include "node/link/mail.h"
#include "node/link/net.h"
#include "node/offer/probing.h"
#include "node/offer/view.h"
#include "node/self/statement.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/limits.h"
#include "proto/mail.h"
#include "proto/reader.h"
#include "proto/record.h"
#include "proto/trust.h"
#include "proto/writer.h"

/* Whether the location may go to those asked: the list is open, and the first receipt not over. In
 * quarantine we do not know that: what closed the list, or withdrew consent, may be lost. */
static bool is_served(const struct viz_trust *trust, const struct viz_lead *lead)
{
	return lead->state == VIZ_LEAD_OPEN && trust->self.quarantine.ms == 0 &&
	       !viz_lead_is_over(trust, lead) &&
	       lead->created.ms + trust->core->federation.undelivered_ms > trust->core->now.ms;
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
	/* the first receipt names those asked; it allows the location to them alone */
	if (!peer || !is_served(net->trust, lead) || lead->vault == 0) {
		viz_mail_slot(net, from, VIZ_MAIL_LOCATION_REFUSED, slot);
	} else {
		if (peer->located_at.ms == 0) {
			viz_probing_count(net->trust, VIZ_PROBE_GIVER, from, VIZ_PROBE_LOCATION,
					  viz_record_slot_begins(slot));
			peer->located_at = net->core->now;
		}
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

	ok = lead && viz_lead_find_peer(lead, to) && is_served(net->trust, lead) &&
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

/* Whether this partner may see the view of the lead's OFFER; reads the lead. */
static bool may_see(struct viz_trust *trust, struct viz_lead *lead, uint64_t slot,
		    const struct viz_id *from)
{
	return viz_lead_get(trust->core, lead, slot) &&
	       viz_lead_eligible_may_ask(trust, lead, from);
}

void viz_lead_serve_view(struct viz_net *net, const struct viz_id *from, struct viz_reader *r)
{
	struct viz_lead *lead = viz_core_alloc(sizeof *lead);
	struct viz_mail_view mail = {.slot = viz_mail_slot_read(r)};
	uint8_t hashes[VIZ_PARTNERS_MAX * sizeof(struct viz_id)];
	VIZ_WRITER(w, sizeof hashes + 32);
	struct viz_slice v;

	if (viz_reader_finish(r) == VIZ_OK) {
		if (may_see(net->trust, lead, mail.slot, from) &&
		    viz_view_evidence_get(net->core, &v, &lead->view) && v.len <= sizeof hashes) {
			memcpy(hashes, v.p, v.len);
			mail.hashes = hashes;
			mail.hashes_len = v.len;
		}
		viz_mail_view_write(&w, &mail);
		viz_mail_send(net, from, VIZ_MAIL_VIEW, &w);
	}
	free(lead);
}

/* The kept items of `author` in the lead's view. False: it has none. */
static bool find_items(struct viz_core *core, struct viz_slice *out, const struct viz_lead *lead,
		       const struct viz_id *author)
{
	const struct viz_federation *f = &core->federation;
	struct viz_id authors[VIZ_PARTNERS_MAX], hash;
	struct viz_partners *p = viz_core_alloc(sizeof *p);
	struct viz_record rec;
	struct viz_slice v;
	size_t n = 0, at = 0;

	if (viz_view_evidence_get(core, &v, &lead->view_partners) &&
	    viz_record_parse(&rec, v.p, v.len) == VIZ_OK && viz_partners_parse(p, &rec) == VIZ_OK)
		n = viz_partners_in_force(authors, p, lead->drawn, f->partner_delay_ms);
	free(p);
	while (at < n && !viz_id_eq(&authors[at], author))
		at++;
	if (at == n || !viz_view_evidence_get(core, &v, &lead->view) || v.len != n * sizeof hash)
		return false;
	memcpy(hash.b, v.p + at * sizeof hash, sizeof hash);
	return viz_view_evidence_get(core, out, &hash);
}

void viz_lead_serve_view_items(struct viz_net *net, const struct viz_id *from, struct viz_reader *r)
{
	enum { MAX = 64 + VIZ_VIEW_ITEMS_MAX * 64 };
	struct viz_mail_view_items *mail = viz_core_alloc(sizeof *mail);
	struct viz_lead *lead = viz_core_alloc(sizeof *lead);
	struct viz_mail_view_items_ask ask;
	VIZ_WRITER(w, MAX);
	struct viz_reader items;
	struct viz_slice v;

	viz_mail_view_items_ask_read(r, &ask);
	memset(mail, 0, sizeof *mail);
	mail->slot = ask.slot;
	mail->author = ask.author;
	if (viz_reader_finish(r) == VIZ_OK) {
		if (may_see(net->trust, lead, ask.slot, from) &&
		    find_items(net->core, &v, lead, &ask.author)) {
			viz_reader_init(&items, v.p, v.len);
			viz_view_items_read(&items, &mail->list);
			mail->served = viz_reader_finish(&items) == VIZ_OK;
		}
		viz_mail_view_items_write(&w, mail);
		viz_mail_send(net, from, VIZ_MAIL_VIEW_ITEMS, &w);
	}
	free(lead);
	free(mail);
}

/* Mails the record `record`, which answers the question for `id`. NULL: it is not served. */
static void mail_evidence(struct viz_net *net, const struct viz_id *to, uint64_t slot,
			  const struct viz_id *id, const struct viz_id *record)
{
	struct viz_mail_evidence mail = {.slot = slot, .id = *id};
	uint8_t *payload = viz_core_alloc(VIZ_SIGNED_RECORD_MAX + 64);
	struct viz_record rec;
	struct viz_slice v;
	struct viz_writer w;

	if (record && viz_view_evidence_get(net->core, &v, record) &&
	    viz_record_parse(&rec, v.p, v.len) == VIZ_OK) {
		mail.record = v.p;
		mail.record_len = v.len;
	}
	viz_writer_init(&w, payload, VIZ_SIGNED_RECORD_MAX + 64);
	viz_mail_evidence_write(&w, &mail);
	viz_mail_send(net, to, VIZ_MAIL_EVIDENCE, &w);
	free(payload);
}

void viz_lead_serve_evidence(struct viz_net *net, const struct viz_id *from, struct viz_reader *r)
{
	struct viz_lead *lead = viz_core_alloc(sizeof *lead);
	struct viz_mail_evidence_ask ask;
	struct viz_id half[2];
	struct viz_slice v;
	bool may;

	viz_mail_evidence_ask_read(r, &ask);
	if (viz_reader_finish(r) == VIZ_OK && ask.named) {
		viz_wanted_named_asked(net, from, &ask);
	} else if (r->err == VIZ_OK) {
		may = may_see(net->trust, lead, ask.slot, from);
		for (size_t i = 0; i < ask.count; i++) {
			if (may && viz_view_evidence_get(net->core, &v, &ask.id[i]) &&
			    v.len == sizeof half) {
				memcpy(half, v.p, sizeof half);
				mail_evidence(net, from, ask.slot, &ask.id[i], &half[0]);
				mail_evidence(net, from, ask.slot, &ask.id[i], &half[1]);
			} else {
				mail_evidence(net, from, ask.slot, &ask.id[i],
					      may ? &ask.id[i] : NULL);
			}
		}
	}
	free(lead);
}
