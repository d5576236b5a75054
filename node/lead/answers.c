#include "node/lead/answers.h"

#include "crypto/seal.h"
#include "crypto/secret.h"
#include "node/core/core.h"
#include "node/core/due.h"
#include "node/core/ids.h"
#include "node/lead/award.h"
#include "node/lead/lead.h"
#include "node/lead/personal.h"
#include "node/lead/records.h"
#include "node/lead/waiting.h"
#include "node/link/net.h"
#include "node/offer/circle.h"
#include "node/offer/commitment.h"
#include "node/offer/seal.h"
#include "node/self/statement.h"
#include "node/trust/identity.h"
#include "node/trust/live.h"
#include "node/trust/member.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/limits.h"
#include "proto/offer.h"
#include "proto/reader.h"
#include "proto/receipt.h"
#include "proto/record.h"
#include "proto/statement.h"
#include "proto/writer.h"

static bool promises(const struct viz_lead_peer *p)
{
	return p->answered && (p->answer == VIZ_ANSWER_YES || p->answer == VIZ_ANSWER_ANALYSIS);
}

/* The customer has consented to both steps on one screen. The contact goes to the only eligible
 * partner if that has answered `yes`. Else the second consent ends and we erase the contact. */
static void award_single(struct viz_net *net, struct viz_lead *lead)
{
	struct viz_lead_peer *peer = &lead->peer[0];
	struct viz_id first = lead->text_hash;

	if (lead->state == VIZ_LEAD_CHOOSING && peer->revealed && peer->answer == VIZ_ANSWER_YES) {
		lead->text_hash = lead->contact_text_hash;
		if (viz_lead_award(net, lead, peer) == VIZ_OK)
			return;
		lead->text_hash = first;
	}
	viz_lead_records_end_contact_consent(net, lead, VIZ_CONSENT_TERMINATED);
	viz_lead_personal_erase_contact(net->core, lead);
}

void viz_lead_answers_begin_choice(struct viz_net *net, struct viz_lead *lead)
{
	viz_lead_records_set_order(lead);
	if (lead->order_count == 0) {
		viz_lead_records_publish_result(net, lead, VIZ_RESULT_NONE, NULL, NULL);
		lead->state = VIZ_LEAD_NO_NEIGHBOUR;
		if (lead->single && lead->contact_len > 0)
			award_single(net, lead);
		viz_lead_personal_erase(net->core, lead);
		return;
	}
	lead->state = VIZ_LEAD_CHOOSING;
	lead->choose_until = viz_after(net->core->now, net->core->federation.choice_ms);
	viz_due_set(net->core, lead->choose_until, VIZ_DUE_LEAD, &net->trust->self.author,
		    lead->slot);
	if (lead->single && lead->contact_len > 0)
		award_single(net, lead);
}

static void begin_choice_if_revealed(struct viz_net *net, struct viz_lead *lead)
{
	bool missing = false;

	for (size_t i = 0; i < lead->peer_count; i++)
		missing |= promises(&lead->peer[i]) && !lead->peer[i].revealed;
	if (!missing || lead->reveal_until.ms <= net->core->now.ms)
		viz_lead_answers_begin_choice(net, lead);
}

void viz_lead_answers_close(struct viz_net *net, struct viz_lead *lead)
{
	viz_lead_records_publish_close(net, lead);
	lead->state = VIZ_LEAD_CLOSED;
	lead->reveal_until = viz_after(net->core->now, net->core->federation.reveal_ms);
	viz_due_set(net->core, lead->reveal_until, VIZ_DUE_LEAD, &net->trust->self.author,
		    lead->slot);
	begin_choice_if_revealed(net, lead);
}

/* Opens the sealed part of a pledge. VIZ_ERR_ABSENT: we have no key of that epoch. */
static int open_pledge(struct viz_trust *trust, struct viz_pledge_secret *out,
		       const struct viz_lead *lead, const struct viz_pledge *p,
		       const struct viz_id *author)
{
	struct viz_secret key;
	int err;

	if (!viz_circle_offer_key(trust->core, &key, &trust->self.author, lead->epoch, lead->slot))
		return VIZ_ERR_ABSENT;
	err = viz_offer_seal_open_pledge(out, p, &key, author);
	viz_secret_wipe(&key, sizeof key);
	return err;
}

/* Signs and mails PLEDGE_ACK or REVEAL_ACK for the record `subject` of `to`. */
static void acknowledge(struct viz_net *net, const struct viz_lead *lead, uint8_t type,
			const struct viz_id *subject, const struct viz_id *to)
{
	struct viz_offer_ack ack = {.offer = lead->offer, .subject = *subject};
	VIZ_WRITER(w, 128);
	uint64_t number = 0;

	/* there is one acknowledgement a partner: its position in the list numbers it */
	while (!viz_id_eq(&lead->peer[number].id, to))
		number++;
	viz_offer_ack_write(&w, &ack);
	viz_statement_issue(net, NULL, type, &net->trust->self.author, lead->slot, number, &w, to);
}

void viz_lead_answers_pledge_received(struct viz_net *net, const struct viz_record *rec,
				      const struct viz_id *id)
{
	struct viz_pledge_secret secret;
	struct viz_lead_peer *peer;
	struct viz_lead *lead;
	struct viz_pledge p;
	bool all = true;

	if (viz_pledge_parse(&p, rec) != VIZ_OK || !viz_id_eq(&p.origin, &net->trust->self.author))
		return;
	lead = viz_lead_fetch(net->core, p.offer_slot);
	peer = lead ? viz_lead_find_peer(lead, &rec->author) : NULL;
	/* CLOSE lists only pledges that we have acknowledged, and neither a revoked key nor a clock
	 * that is behind can sign it */
	if (!peer || peer->answered || lead->state != VIZ_LEAD_OPEN ||
	    !viz_identity_may_sign(net->trust) || !viz_id_eq(&lead->offer, &p.offer)) {
		free(lead);
		return;
	}
	if (open_pledge(net->trust, &secret, lead, &p, &rec->author) != VIZ_OK) {
		viz_core_log(net->core, 4, "a pledge of %s does not open with the offer's key",
			     viz_member_name(viz_member_find(net->trust, &rec->author)));
		free(lead);
		return;
	}
	peer->answered = true;
	peer->answer = secret.answer;
	peer->reason = secret.reason;
	peer->pledge = *id;
	peer->commitment = secret.commitment;
	/* in the transaction in which the pledge joins the list: neither is on disk alone */
	acknowledge(net, lead, VIZ_TYPE_PLEDGE_ACK, id, &rec->author);
	for (size_t i = 0; i < lead->peer_count; i++)
		all &= lead->peer[i].answered;
	if (all && viz_identity_may_sign_log(net->trust)) /* or its timer closes it */
		viz_lead_answers_close(net, lead);
	viz_lead_put(net->core, lead);
	free(lead);
}

void viz_lead_answers_reveal_received(struct viz_net *net, const struct viz_record *rec,
				      struct viz_reader *body)
{
	struct viz_id blinded, commitment, id;
	struct viz_proposal *proposal;
	struct viz_lead_peer *peer;
	struct viz_lead *lead;
	struct viz_reveal rv;
	int err;

	viz_reveal_read(body, &rv);
	if (viz_reader_finish(body) != VIZ_OK)
		return;
	proposal = viz_core_alloc(sizeof *proposal);
	err = VIZ_PARSE(proposal, proposal, rv.proposal, rv.proposal_len);
	free(proposal);
	if (err != VIZ_OK) {
		viz_reader_fail(body, VIZ_ERR_FORM);
		return;
	}
	lead = viz_lead_fetch(net->core, rec->slot);
	peer = lead ? viz_lead_find_peer(lead, &rec->author) : NULL;
	if (!peer || lead->state != VIZ_LEAD_CLOSED || peer->revealed || !promises(peer) ||
	    !viz_identity_may_sign(net->trust) || !viz_id_eq(&rv.close, &lead->close) ||
	    !viz_id_eq(&rv.pledge, &peer->pledge)) {
		free(lead);
		return; /* late, or it came twice */
	}
	viz_commitment(&blinded, "vizinho/proposal", &rv.blinding, rv.proposal, rv.proposal_len);
	viz_commitment_pledge(&commitment, &blinded, rv.nonce.b);
	if (!viz_id_eq(&commitment, &peer->commitment)) {
		viz_reader_fail(body, VIZ_ERR_AUTH);
		free(lead);
		return;
	}
	peer->revealed = true;
	memcpy(peer->nonce.b, rv.nonce.b, 32);
	peer->blinded = blinded;
	viz_statement_keep(net->core, &net->trust->self.author, rec, 1);
	viz_ids_record(&id, &net->core->federation_id, rec);
	acknowledge(net, lead, VIZ_TYPE_REVEAL_ACK, &id, &rec->author);
	if (viz_identity_may_sign_log(net->trust)) /* or its timer begins it */
		begin_choice_if_revealed(net, lead);
	viz_lead_put(net->core, lead);
	free(lead);
}
