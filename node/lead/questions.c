#include "node/lead/questions.h"

#include "crypto/sign.h"
#include "node/core/core.h"
#include "node/core/secrets.h"
#include "node/lead/begin.h"
#include "node/lead/records.h"
#include "node/lead/row.h"
#include "node/link/mail.h"
#include "node/link/net.h"
#include "node/offer/circle.h"
#include "node/offer/view.h"
#include "node/self/statement.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/limits.h"
#include "proto/message.h"
#include "proto/reader.h"
#include "proto/record.h"
#include "proto/writer.h"

void viz_lead_offer_key_asked(struct viz_net *net, const struct viz_id *from, struct viz_reader *r)
{
	struct viz_lead *lead = viz_core_alloc(sizeof *lead);
	struct viz_secret key;
	uint64_t slot;

	viz_reader_tuple(r, 1);
	slot = viz_reader_uint(r, UINT64_MAX >> 16);
	if (viz_reader_finish(r) == VIZ_OK && viz_lead_get(net->core, lead, slot) &&
	    viz_lead_party(net->trust, lead, from) && lead->epoch != 0 &&
	    viz_circle_offer_key(net->core, &key, &net->trust->self.author, lead->epoch, slot)) {
		uint8_t payload[64];
		struct viz_writer w;
		size_t len = 0;

		viz_writer_init(&w, payload, sizeof payload);
		viz_writer_array(&w, 2);
		viz_writer_uint(&w, slot);
		viz_writer_bin(&w, key.b, sizeof key.b);
		VIZ_REQUIRE(viz_writer_finish(&w, &len) == VIZ_OK);
		viz_mail_send(net, from, VIZ_MAIL_OFFER_KEY, payload, len);
		viz_wipe(&key, sizeof key);
		viz_wipe(payload, sizeof payload);
	}
	free(lead);
}

void viz_lead_location_asked(struct viz_net *net, const struct viz_id *from, struct viz_reader *r)
{
	struct viz_lead_peer *peer;
	struct viz_lead *lead;
	uint64_t slot;

	viz_reader_tuple(r, 1);
	slot = viz_reader_uint(r, UINT64_MAX >> 16);
	if (viz_reader_finish(r) != VIZ_OK)
		return;
	lead = viz_lead_fetch(net->core, slot);
	peer = lead ? viz_lead_find_peer(lead, from) : NULL;
	/* Only those whom the first receipt names, and only while the offer is open. */
	if (!peer || lead->state != VIZ_LEAD_OPEN || lead->vault == 0) {
		viz_mail_slot(net, from, VIZ_MAIL_LOCATION_REFUSED, slot);
	} else {
		peer->located = true;
		viz_lead_put(net->core, lead);
		viz_mail_slot(net, from, VIZ_MAIL_LOCATION, slot);
	}
	free(lead);
}

bool viz_lead_compose_location(struct viz_net *net, struct viz_writer *w, uint64_t slot,
			       const struct viz_id *to)
{
	struct viz_lead *lead = viz_lead_fetch(net->core, slot);
	uint8_t bytes[VIZ_LOCATION_MAX];
	struct viz_lead_secrets s = {0};
	struct viz_slice receipt;
	size_t len = 0;
	bool ok;

	ok = lead && viz_lead_find_peer(lead, to) && lead->state == VIZ_LEAD_OPEN &&
	     viz_secrets_read(net->core, &s, lead->vault) &&
	     viz_secrets_open(bytes, &len, &s, lead->location, lead->location_len) == VIZ_OK &&
	     viz_statement_get(net->core, &receipt, &net->trust->self.author, slot,
			       VIZ_TYPE_RECEIPT, &net->trust->self.author, 1);
	if (ok) {
		viz_writer_array(w, 5);
		viz_writer_uint(w, slot);
		viz_writer_bin(w, bytes, len);
		viz_writer_bin(w, s.location_blinding.b, sizeof s.location_blinding.b);
		viz_writer_bin(w, receipt.p, receipt.len);
		viz_writer_bin(w, s.receipt_blinding.b, sizeof s.receipt_blinding.b);
	}
	viz_wipe(bytes, sizeof bytes);
	viz_wipe(&s, sizeof s);
	free(lead);
	return ok;
}

bool viz_lead_compose_handoff(struct viz_net *net, struct viz_writer *w, uint64_t slot,
			      const struct viz_id *to)
{
	struct viz_lead *lead = viz_core_alloc(sizeof *lead);
	uint8_t contact[VIZ_CONTACT_MAX];
	struct viz_slice v;
	size_t len = 0;
	bool ok;

	ok = viz_lead_get(net->core, lead, slot) && lead->award_n > 0 &&
	     viz_id_eq(&lead->award_to, to) && !lead->recalled &&
	     (lead->state == VIZ_LEAD_AWARDED || lead->state == VIZ_LEAD_DELIVERED) &&
	     viz_secrets_unseal(net->core, contact, &len, lead->contact_vault, lead->contact,
				lead->contact_len) == VIZ_OK;
	if (ok) {
		viz_writer_array(w, 3);
		ok = viz_statement_get(net->core, &v, &net->trust->self.author, slot,
				       VIZ_TYPE_AWARD, &net->trust->self.author, lead->award_n);
		if (ok)
			viz_writer_bin(w, v.p, v.len);
	}
	if (ok) {
		ok = viz_statement_get(net->core, &v, &net->trust->self.author, slot,
				       VIZ_TYPE_RECEIPT, &net->trust->self.author,
				       VIZ_RECEIPT_AWARD + (uint64_t)lead->award_n);
		if (ok)
			viz_writer_bin(w, v.p, v.len);
	}
	if (ok)
		viz_writer_bin(w, contact, len);
	viz_wipe(contact, sizeof contact);
	free(lead);
	return ok;
}

static void mail_part(struct viz_net *net, const struct viz_id *to, uint64_t slot,
		      const uint8_t *view, size_t len, size_t offset)
{
	size_t part = len - offset < VIZ_VIEW_PART_BYTES ? len - offset : VIZ_VIEW_PART_BYTES;
	uint8_t *payload = viz_core_alloc(part + 64);
	struct viz_writer w;
	size_t n = 0;

	viz_writer_init(&w, payload, part + 64);
	viz_writer_array(&w, 4);
	viz_writer_uint(&w, slot);
	viz_writer_uint(&w, offset);
	viz_writer_uint(&w, len);
	viz_writer_bin(&w, view + offset, part);
	VIZ_REQUIRE(viz_writer_finish(&w, &n) == VIZ_OK);
	viz_mail_send(net, to, VIZ_MAIL_VIEW, payload, n);
	free(payload);
}

void viz_lead_view_asked(struct viz_net *net, const struct viz_id *from, struct viz_reader *r)
{
	struct viz_lead *lead = viz_core_alloc(sizeof *lead);
	struct viz_slice v;
	uint64_t slot;

	viz_reader_tuple(r, 1);
	slot = viz_reader_uint(r, UINT64_MAX >> 16);
	if (viz_reader_finish(r) == VIZ_OK && viz_lead_get(net->core, lead, slot) &&
	    viz_lead_party(net->trust, lead, from) &&
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

static void mail_evidence(struct viz_net *net, const struct viz_id *to, uint64_t slot,
			  const struct viz_id *id)
{
	struct viz_slice v;
	struct viz_writer w;
	uint8_t *payload;
	size_t len = 0;

	if (!viz_view_evidence_get(net->core, &v, id) || v.len > VIZ_SIGNED_RECORD_MAX)
		return;
	payload = viz_core_alloc(v.len + 32);
	viz_writer_init(&w, payload, v.len + 32);
	viz_writer_array(&w, 2);
	viz_writer_uint(&w, slot);
	viz_writer_bin(&w, v.p, v.len);
	VIZ_REQUIRE(viz_writer_finish(&w, &len) == VIZ_OK);
	viz_mail_send(net, to, VIZ_MAIL_EVIDENCE, payload, len);
	free(payload);
}

void viz_lead_evidence_asked(struct viz_net *net, const struct viz_id *from, struct viz_reader *r)
{
	struct viz_lead *lead;
	struct viz_id ids[VIZ_ELIGIBLE_MAX];
	struct viz_slice view;
	uint64_t slot;
	size_t n;

	viz_reader_tuple(r, 2);
	slot = viz_reader_uint(r, UINT64_MAX >> 16);
	n = viz_reader_array(r, 0, VIZ_ELIGIBLE_MAX);
	for (size_t i = 0; i < n; i++)
		ids[i] = viz_reader_id(r);
	if (viz_reader_finish(r) != VIZ_OK)
		return;
	lead = viz_core_alloc(sizeof *lead);
	if (viz_lead_get(net->core, lead, slot) && viz_lead_party(net->trust, lead, from)) {
		/* of this offer's view, and nothing else */
		for (size_t i = 0; i < n; i++)
			if (viz_view_evidence_get(net->core, &view, &lead->view) &&
			    bsearch(&ids[i], view.p, view.len / sizeof *ids, sizeof *ids,
				    viz_view_compare))
				mail_evidence(net, from, slot, &ids[i]);
	}
	free(lead);
}
