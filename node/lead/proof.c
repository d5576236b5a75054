#include "node/lead/proof.h"

#include "node/core/core.h"
#include "node/core/place.h"
#include "node/lead/lead.h"
#include "node/lead/records.h"
#include "node/link/net.h"
#include "node/offer/proof.h"
#include "node/self/statement.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/limits.h"
#include "proto/reader.h"
#include "proto/receipt.h"
#include "proto/record.h"
#include "proto/writer.h"

/* Sets the version and the hash of the text of the first consent. */
static bool set_text(struct viz_trust *trust, struct viz_proof *p, uint64_t slot)
{
	const struct viz_id *self = &trust->self.author;
	struct viz_receipt *c = viz_core_alloc(sizeof *c);
	struct viz_record rec;
	struct viz_slice v;
	bool set;

	set = viz_statement_get(trust->core, &v, self, slot, VIZ_TYPE_RECEIPT, self,
				VIZ_RECEIPT_FIRST) &&
	      viz_record_parse(&rec, v.p, v.len) == VIZ_OK && viz_receipt_parse(c, &rec) == VIZ_OK;
	if (set) {
		memcpy(p->text_version, c->text_version, sizeof p->text_version);
		p->text_hash = c->text_hash;
	}
	free(c);
	return set;
}

void viz_lead_proof_sign(struct viz_net *net, const struct viz_lead *lead, uint32_t k,
			 const struct viz_id *chosen, const struct viz_secret *blinding)
{
	struct viz_proof p = {.offer = lead->offer, .k = k, .asked_count = lead->peer_count};
	VIZ_WRITER(w, 1024);

	if (!set_text(net->trust, &p, lead->slot))
		return;
	for (size_t i = 0; i < lead->peer_count; i++)
		p.asked[i] = lead->peer[i].id;
	memcpy(p.order, lead->order, lead->order_len);
	p.order_len = lead->order_len;
	if (chosen) {
		p.chosen = *chosen;
		p.has_blinding = true;
		p.blinding = *blinding;
	}
	viz_proof_write(&w, &p);
	viz_statement_issue(net, NULL, VIZ_TYPE_PROOF, &net->trust->self.author, lead->slot, k, &w,
			    NULL);
}

/* Our SUCCESSIONs up to this key; none when they are more than a line takes. */
static void add_keys(struct viz_trust *trust, struct viz_proof_line *line, uint32_t key)
{
	struct viz_held held;

	for (uint32_t n = 1; n <= key && key <= VIZ_PROOF_SUCCESSIONS; n++) {
		struct viz_proof_key *k = &line->succession[line->succession_count];

		if (!viz_place_get(trust->core, &held, NULL, &trust->self.author,
				   VIZ_TYPE_SUCCESSION, n))
			break;
		k->bytes = held.a;
		k->bytes_len = held.a_len;
		line->succession_count++;
	}
}

int viz_lead_proof(struct viz_trust *trust, char *text, struct viz_proof *out,
		   const struct viz_lead *lead)
{
	const struct viz_id *self = &trust->self.author;
	struct viz_proof_line line = {.federation = trust->core->federation_id,
				      .first_key = trust->self.birth.first_key,
				      .next_hash = trust->self.birth.next_hash};
	struct viz_record rec;
	struct viz_slice v;
	uint32_t k = VIZ_CHOICES_MAX;

	while (!viz_statement_get(trust->core, &v, self, lead->slot, VIZ_TYPE_PROOF, self, k))
		if (k-- == 0)
			return VIZ_ERR_ABSENT;
	if (viz_record_parse(&rec, v.p, v.len) != VIZ_OK || viz_proof_parse(out, &rec) != VIZ_OK)
		return VIZ_ERR_STORE;
	line.proof = v.p;
	line.proof_len = v.len;
	memcpy(line.nonce, trust->self.birth.nonce, sizeof line.nonce);
	add_keys(trust, &line, rec.key);
	return viz_offer_proof_text(text, &line);
}
