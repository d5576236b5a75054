#include "node/lead/answers.h"

#include "node/core/core.h"
#include "node/core/due.h"
#include "node/core/place.h"
#include "node/gossip/spread.h"
#include "node/lead/award.h"
#include "node/lead/lead.h"
#include "node/lead/personal.h"
#include "node/lead/records.h"
#include "node/lead/restart.h"
#include "node/link/budget.h"
#include "node/link/link.h"
#include "node/link/mail.h"
#include "node/link/net.h"
#include "node/offer/commitment.h"
#include "node/offer/probing.h"
#include "node/self/log.h"
#include "node/self/statement.h"
#include "node/trust/identity.h"
#include "node/trust/member.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/limits.h"
#include "proto/mail.h"
#include "proto/offer.h"
#include "proto/reader.h"
#include "proto/receipt.h"
#include "proto/record.h"
#include "proto/statement.h"
#include "proto/writer.h"

/* The customer has consented to both steps on one screen. The contact goes to the only
 * partner that was asked if that has answered `yes`. Else the second consent ends and we erase the
 * contact. */
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
	/* RESULT fixes the order before anybody sees a proposal */
	viz_lead_records_publish_result(net, lead, VIZ_RESULT_ORDER);
	if (lead->order_len == 0) {
		viz_lead_records_publish_none(net, lead);
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
		missing |= lead->peer[i].answered && viz_pledge_promises(lead->peer[i].answer) &&
			   !lead->peer[i].revealed;
	if (!missing || (lead->reveal_until.ms <= net->core->now.ms &&
			 viz_lead_restart_may_result(net->trust, lead)))
		viz_lead_answers_begin_choice(net, lead);
}

struct viz_time viz_lead_answers_close_at(const struct viz_core *core, const struct viz_lead *lead)
{
	struct viz_time at = lead->closes;

	for (size_t i = 0; i < lead->peer_count; i++) {
		const struct viz_lead_peer *peer = &lead->peer[i];
		struct viz_time until = viz_after(peer->located_at, core->federation.window_min_ms);

		if (!peer->answered && peer->located_at.ms != 0 && until.ms > at.ms)
			at = until;
	}
	return at;
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

/* Signs and mails PLEDGE_ACK or REVEAL_ACK to `peer`. */
static void acknowledge(struct viz_net *net, const struct viz_lead *lead, uint8_t type,
			const struct viz_lead_peer *peer)
{
	struct viz_offer_ack ack = {.offer = lead->offer, .pledge = peer->pledge};
	VIZ_WRITER(w, 128);

	/* there is one acknowledgement a partner: its position in the list numbers it */
	viz_offer_ack_write(&w, &ack);
	viz_statement_issue(net, NULL, type, &net->trust->self.author, lead->slot,
			    (uint64_t)(peer - lead->peer), &w, &peer->id);
}

/* Mails the acknowledgement of `peer` again, unless it takes no answers. */
static void acknowledge_again(struct viz_net *net, const struct viz_lead *lead, uint8_t type,
			      const struct viz_lead_peer *peer)
{
	if (!viz_mail_full(net->trust, &peer->id))
		viz_statement_mail(net, &peer->id, &net->trust->self.author, lead->slot, type,
				   (uint64_t)(peer - lead->peer));
}

/* Sends our CLOSE or RESULT to somebody who does not seem to have it, within its budget for what it
 * asks. */
static void show(struct viz_net *net, const struct viz_lead *lead, uint8_t type,
		 const struct viz_id *to)
{
	struct viz_link *link = viz_link_of(net, to);
	struct viz_held held;

	if (link &&
	    viz_place_get(net->core, &held, NULL, &net->trust->self.author, type, lead->slot) &&
	    viz_budget_repair(net, link, held.a_len))
		viz_spread_send_record(net->core, link, held.a, held.a_len);
}

/* Takes a PLEDGE for this offer, of one that was asked. */
static void take_pledge(struct viz_net *net, struct viz_lead *lead, struct viz_lead_peer *peer,
			const struct viz_record *rec, const struct viz_id *id,
			const struct viz_pledge *p, enum viz_no_reason reason)
{
	bool all = true;

	if (!viz_id_is_zero(&lead->close)) {
		show(net, lead, VIZ_TYPE_CLOSE, &peer->id);
		return;
	}
	/* what we cannot acknowledge does not count: our key is revoked, or our clock is behind */
	if (!viz_identity_may_sign(net->trust))
		return;
	if (peer->answered) {
		acknowledge_again(net, lead, VIZ_TYPE_PLEDGE_ACK, peer);
		return;
	}
	/* our store may have lost the CLOSE */
	if (viz_lead_is_over(net->trust, lead))
		return;
	peer->answered = true;
	peer->answer = p->answer;
	peer->reason = reason;
	peer->pledge = *id;
	peer->commitment = p->commitment;
	if (peer->located_at.ms != 0)
		viz_probing_count(net->trust, VIZ_PROBE_GIVER, &peer->id,
				  viz_probe_answer(p->answer), viz_record_slot_begins(lead->slot));
	viz_statement_keep(net->core, &net->trust->self.author, rec, 1);
	/* in the transaction in which the pledge joins the list: neither is on disk alone */
	acknowledge(net, lead, VIZ_TYPE_PLEDGE_ACK, peer);
	for (size_t i = 0; i < lead->peer_count; i++)
		all &= lead->peer[i].answered;
	if (all && lead->state == VIZ_LEAD_OPEN &&
	    viz_self_log_is_free(net)) /* or its timer closes it */
		viz_lead_answers_close(net, lead);
	viz_lead_put(net->core, lead);
}

void viz_lead_answers_pledge_received(struct viz_net *net, const struct viz_id *from,
				      struct viz_reader *r)
{
	struct viz_mail_pledge mail;
	struct viz_lead_peer *peer;
	struct viz_lead *lead;
	struct viz_record rec;
	struct viz_pledge p;
	struct viz_id id;
	int err;

	viz_mail_pledge_read(r, &mail);
	if (viz_reader_finish(r) != VIZ_OK)
		return;
	err = viz_statement_check(net->trust, &rec, &id, mail.pledge, sizeof mail.pledge,
				  VIZ_TYPE_PLEDGE, from);
	if (err == VIZ_OK)
		err = viz_pledge_parse(&p, &rec);
	if (err == VIZ_OK && (p.answer == VIZ_ANSWER_NO) != (mail.reason != VIZ_NO_NONE))
		err = VIZ_ERR_MEANING;
	if (err != VIZ_OK) {
		viz_reader_fail(r, err);
		return;
	}
	lead = viz_lead_fetch(net->core, rec.slot);
	/* an offer that we do not know may have been made before our store was restored */
	if (!lead || viz_id_is_zero(&lead->offer) || !viz_id_eq(&lead->offer, &p.offer)) {
		free(lead);
		return;
	}
	peer = viz_lead_find_peer(lead, from);
	if (peer && viz_id_is_zero(&lead->close) && viz_mail_answer_waits(net->trust)) {
		viz_reader_fail(r, VIZ_ERR_STATE);
	} else if (peer) {
		take_pledge(net, lead, peer, &rec, &id, &p, mail.reason);
	} else {
		viz_core_log(net->core, 4, "%s answers an offer for which it was not asked",
			     viz_member_name(viz_member_find(net->trust, from)));
		viz_reader_fail(r, VIZ_ERR_MEANING);
	}
	free(lead);
}

/* Whether the REVEAL opens the pledge's commitment. `blinded` gets that of its proposal, which may
 * have any form: the customer is shown what can be read. */
static bool opens(struct viz_id *blinded, const struct viz_lead *lead,
		  const struct viz_lead_peer *peer, const struct viz_reveal *rv)
{
	struct viz_id commitment;

	viz_commitment(blinded, "vizinho/proposal", &rv->blinding, rv->proposal, rv->proposal_len);
	viz_commitment_pledge(&commitment, &lead->offer, &peer->id, blinded, rv->nonce.b);
	return viz_id_eq(&commitment, &peer->commitment);
}

/* Takes a REVEAL that opens the pledge of `peer`. */
static void take_reveal(struct viz_net *net, struct viz_lead *lead, struct viz_lead_peer *peer,
			const struct viz_record *rec, const struct viz_reveal *rv,
			const struct viz_id *blinded)
{
	if (peer->revealed) {
		acknowledge_again(net, lead, VIZ_TYPE_REVEAL_ACK, peer);
		return;
	}
	if (lead->result_kind != 0) {
		show(net, lead, VIZ_TYPE_RESULT, &peer->id);
		return;
	}
	if (viz_lead_is_over(net->trust, lead)) /* likewise */
		return;
	peer->revealed = true;
	memcpy(peer->nonce.b, rv->nonce.b, sizeof peer->nonce.b);
	peer->blinded = *blinded;
	viz_statement_keep(net->core, &net->trust->self.author, rec, 1);
	acknowledge(net, lead, VIZ_TYPE_REVEAL_ACK, peer);
	if (lead->state == VIZ_LEAD_CLOSED &&
	    viz_self_log_is_free(net)) /* or its timer begins it */
		begin_choice_if_revealed(net, lead);
	viz_lead_put(net->core, lead);
}

void viz_lead_answers_reveal_received(struct viz_net *net, const struct viz_record *rec,
				      struct viz_reader *body)
{
	struct viz_lead_peer *peer;
	struct viz_lead *lead;
	struct viz_id blinded;
	struct viz_reveal rv;

	viz_reveal_read(body, &rv);
	if (viz_reader_finish(body) != VIZ_OK)
		return;
	lead = viz_lead_fetch(net->core, rec->slot);
	peer = lead ? viz_lead_find_peer(lead, &rec->author) : NULL;
	if (peer && viz_mail_answer_waits(net->trust))
		viz_reader_fail(body, VIZ_ERR_STATE);
	else if (peer && peer->answered && viz_pledge_promises(peer->answer) &&
		 viz_identity_may_sign(net->trust) && !viz_id_is_zero(&lead->close) &&
		 viz_id_eq(&rv.close, &lead->close) && viz_id_eq(&rv.pledge, &peer->pledge)) {
		if (opens(&blinded, lead, peer, &rv))
			take_reveal(net, lead, peer, rec, &rv, &blinded);
		else
			viz_reader_fail(body, VIZ_ERR_AUTH);
	}
	free(lead);
}
