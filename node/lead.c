/* An offer's way from open to the proposals: locations, pledges, CLOSE, reveals, order. */
#include "node/lead.h"

#include "node/audit.h"
#include "node/circle.h"
#include "node/core.h"
#include "node/ctl.h"
#include "node/due.h"
#include "node/journal.h"
#include "node/mail.h"
#include "node/secret.h"
#include "node/statements.h"

static struct viz_lead *fetch(struct viz_node *node, uint64_t slot)
{
	struct viz_lead *lead = viz_core_alloc(sizeof *lead);

	if (viz_lead_get(node, lead, slot))
		return lead;
	free(lead);
	return NULL;
}

bool viz_lead_party(struct viz_node *node, const struct viz_lead *lead, const struct viz_id *id)
{
	const struct viz_member *m = viz_member_find(node, id);

	return viz_partner_now(node, id) &&
	       viz_mutual_partner(node, viz_member_self(node), m, lead->created);
}

static bool promises(const struct viz_lead_peer *p)
{
	return p->answered && (p->answer == VIZ_ANSWER_YES || p->answer == VIZ_ANSWER_ANALYSIS);
}

void viz_lead_location_asked(struct viz_node *node, const struct viz_id *from, struct viz_reader *r)
{
	struct viz_lead_peer *peer;
	struct viz_lead *lead;
	uint64_t slot;

	viz_reader_tuple(r, 1);
	slot = viz_reader_uint(r, UINT64_MAX >> 16);
	if (viz_reader_finish(r) != VIZ_OK)
		return;
	lead = fetch(node, slot);
	peer = lead ? viz_lead_find_peer(lead, from) : NULL;
	/* Only those whom the first receipt names, and only while the offer is open. */
	if (!peer || lead->state != VIZ_LEAD_OPEN || lead->vault == 0) {
		viz_mail_slot(node, from, VIZ_MAIL_LOCATION_REFUSED, slot);
	} else {
		peer->located = true;
		viz_lead_put(node, lead);
		viz_mail_slot(node, from, VIZ_MAIL_LOCATION, slot);
	}
	free(lead);
}

bool viz_lead_compose_location(struct viz_node *node, struct viz_writer *w, uint64_t slot,
			       const struct viz_id *to)
{
	struct viz_lead *lead = fetch(node, slot);
	uint8_t bytes[VIZ_LOCATION_MAX];
	struct viz_lead_secrets s = {0};
	struct viz_slice receipt;
	size_t len = 0;
	bool ok;

	ok = lead && viz_lead_find_peer(lead, to) && lead->state == VIZ_LEAD_OPEN &&
	     viz_secrets_read(node, &s, lead->vault) &&
	     viz_secrets_open(bytes, &len, &s, lead->location, lead->location_len) == VIZ_OK &&
	     viz_statement_get(node, &receipt, &node->self.author, slot, VIZ_TYPE_RECEIPT,
			       &node->self.author, 1);
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

/* Publishes CLOSE with the pledges that were acknowledged. */
void viz_lead_publish_close(struct viz_node *node, struct viz_lead *lead)
{
	struct viz_close c = {.offer = lead->offer};
	uint8_t body[4096];
	struct viz_writer w;
	size_t len = 0;

	for (size_t i = 0; i < lead->peer_count; i++) {
		size_t at = c.count;

		if (!lead->peer[i].answered)
			continue;
		for (; at > 0 && viz_id_cmp(&c.pledge[at - 1], &lead->peer[i].pledge) > 0; at--)
			c.pledge[at] = c.pledge[at - 1];
		c.pledge[at] = lead->peer[i].pledge;
		c.count++;
	}
	viz_writer_init(&w, body, sizeof body);
	viz_close_write(&w, &c);
	VIZ_REQUIRE(viz_writer_finish(&w, &len) == VIZ_OK);
	if (viz_self_publish(node, &lead->close, VIZ_TYPE_CLOSE, lead->slot, body, len) == VIZ_OK)
		viz_journal_add(node, "close", &lead->close);
}

/* One entry per pledge of CLOSE, ascending; returns how many. */
static size_t entries(const struct viz_lead *lead, struct viz_reveal_entry *out)
{
	size_t n = 0;

	for (size_t i = 0; i < lead->peer_count; i++) {
		const struct viz_lead_peer *p = &lead->peer[i];
		struct viz_reveal_entry e = {.pledge = p->pledge,
					     .revealed = p->revealed,
					     .nonce = p->nonce,
					     .blinded = p->blinded};
		size_t at = n;

		if (!p->answered)
			continue;
		for (; at > 0 && viz_id_cmp(&out[at - 1].pledge, &e.pledge) > 0; at--)
			out[at] = out[at - 1];
		out[at] = e;
		n++;
	}
	return n;
}

void viz_order(struct viz_id *out, const struct viz_id *offer, const struct viz_id *close,
	       const struct viz_secret *salt, const struct viz_reveal_entry *entry, size_t count)
{
	struct viz_id seed, rank[VIZ_ELIGIBLE_MAX];
	struct viz_hash h;
	size_t n = 0;

	viz_hash_init(&h, "vizinho/order");
	viz_hash_id(&h, offer);
	viz_hash_id(&h, close);
	viz_hash_part(&h, salt->b, sizeof salt->b);
	for (size_t i = 0; i < count; i++) {
		if (!entry[i].revealed)
			continue;
		viz_hash_id(&h, &entry[i].pledge);
		viz_hash_id(&h, &entry[i].nonce);
	}
	viz_hash_final(&h, &seed);
	for (size_t i = 0; i < count; i++) {
		struct viz_id own;
		size_t at = n;

		if (!entry[i].revealed)
			continue;
		viz_commitment(&own, "vizinho/order-item", &seed, entry[i].pledge.b, 32);
		for (; at > 0 && viz_id_cmp(&rank[at - 1], &own) > 0; at--) {
			rank[at] = rank[at - 1];
			out[at] = out[at - 1];
		}
		rank[at] = own;
		out[at] = entry[i].pledge;
		n++;
	}
}

void viz_lead_publish_result(struct viz_node *node, struct viz_lead *lead,
			     enum viz_result_outcome outcome, const struct viz_id *chosen_pledge,
			     struct viz_secret *choice_blinding)
{
	struct viz_result *res = viz_core_alloc(sizeof *res);
	size_t max = 12288, len = 0;
	uint8_t *body = viz_core_alloc(max);
	struct viz_writer w;

	memset(res, 0, sizeof *res);
	res->offer = lead->offer;
	res->close = lead->close;
	res->salt = lead->salt;
	res->outcome = outcome;
	res->count = entries(lead, res->entry);
	memcpy(res->order, lead->order, lead->order_count * sizeof *res->order);
	res->order_count = lead->order_count;
	if (outcome == VIZ_RESULT_CHOSEN) {
		struct viz_id blinding;

		memcpy(blinding.b, choice_blinding->b, 32);
		viz_commitment(&res->choice, "vizinho/choice", &blinding, chosen_pledge->b, 32);
	}
	viz_writer_init(&w, body, max);
	viz_result_write(&w, res);
	VIZ_REQUIRE(viz_writer_finish(&w, &len) == VIZ_OK);
	if (viz_self_publish(node, &lead->result, VIZ_TYPE_RESULT, lead->slot, body, len) == VIZ_OK)
		viz_journal_add(node, "result", &lead->result);
	free(res);
	free(body);
}

/* One screen, one yes: contact moves only after the only one's own `yes`. Without it the second
 * consent has ended, and the contact goes. */
static void award_single(struct viz_node *node, struct viz_lead *lead)
{
	struct viz_lead_peer *peer = &lead->peer[0];
	struct viz_id first = lead->text_hash;

	if (lead->state == VIZ_LEAD_CHOOSING && peer->revealed && peer->answer == VIZ_ANSWER_YES) {
		lead->text_hash = lead->contact_text_hash;
		if (viz_lead_award(node, lead, peer) == VIZ_OK)
			return;
		lead->text_hash = first;
	}
	viz_lead_end_second(node, lead, VIZ_CONSENT_TERMINATED);
	viz_lead_erase_contact(node, lead);
}

void viz_lead_set_order(struct viz_lead *lead)
{
	struct viz_reveal_entry entry[VIZ_ELIGIBLE_MAX];
	size_t n = entries(lead, entry);

	viz_order(lead->order, &lead->offer, &lead->close, &lead->salt, entry, n);
	lead->order_count = 0;
	for (size_t i = 0; i < n; i++)
		lead->order_count += entry[i].revealed;
}

/* All reveals are in, or their time is over. */
static void begin_choice(struct viz_node *node, struct viz_lead *lead)
{
	viz_lead_set_order(lead);
	if (lead->order_count == 0) {
		viz_lead_publish_result(node, lead, VIZ_RESULT_NONE, NULL, NULL);
		lead->state = VIZ_LEAD_NO_NEIGHBOUR;
		if (lead->single && lead->contact_len > 0)
			award_single(node, lead);
		viz_lead_erase(node, lead);
		return;
	}
	lead->state = VIZ_LEAD_CHOOSING;
	lead->choose_until = viz_after(node->now, node->federation.choice_ms);
	viz_due_set(node, lead->choose_until, VIZ_DUE_LEAD, &node->self.author, lead->slot);
	if (lead->single && lead->contact_len > 0)
		award_single(node, lead);
}

static void maybe_begin_choice(struct viz_node *node, struct viz_lead *lead)
{
	bool waiting = false;

	for (size_t i = 0; i < lead->peer_count; i++)
		waiting |= promises(&lead->peer[i]) && !lead->peer[i].revealed;
	if (!waiting || lead->reveal_until.ms <= node->now.ms)
		begin_choice(node, lead);
}

static void close_list(struct viz_node *node, struct viz_lead *lead)
{
	viz_lead_publish_close(node, lead);
	lead->state = VIZ_LEAD_CLOSED;
	lead->reveal_until = viz_after(node->now, node->federation.reveal_ms);
	viz_due_set(node, lead->reveal_until, VIZ_DUE_LEAD, &node->self.author, lead->slot);
	maybe_begin_choice(node, lead);
}

/* Opens a pledge with the offer key. */
static int open_pledge(struct viz_node *node, struct viz_pledge_secret *out,
		       const struct viz_lead *lead, const struct viz_pledge *p,
		       const struct viz_id *author)
{
	uint8_t plain[VIZ_PLEDGE_PLAIN];
	struct viz_secret key;
	struct viz_reader r;
	size_t len = 0;
	int err;

	if (!viz_circle_offer_key(node, &key, &node->self.author, lead->epoch, lead->slot))
		return VIZ_ERR_ABSENT;
	err = viz_open(plain, &key, author->b, sizeof author->b, p->sealed, p->sealed_len);
	viz_wipe(&key, sizeof key);
	if (err == VIZ_OK)
		err = viz_unpad(&len, plain, sizeof plain);
	if (err != VIZ_OK)
		return err;
	viz_reader_init(&r, plain + 2, len);
	viz_pledge_secret_read(&r, out);
	return viz_reader_finish(&r);
}

static void acknowledge(struct viz_node *node, const struct viz_lead *lead, uint8_t type,
			const struct viz_id *subject, const struct viz_id *to)
{
	struct viz_offer_ack ack = {.offer = lead->offer, .subject = *subject};
	uint8_t body[128];
	struct viz_writer w;
	uint64_t number = 0;

	/* one per partner: its place in the list */
	while (!viz_id_eq(&lead->peer[number].id, to))
		number++;
	viz_writer_init(&w, body, sizeof body);
	viz_offer_ack_write(&w, &ack);
	viz_statement_issue(node, NULL, type, &node->self.author, lead->slot, number, &w, to);
}

void viz_lead_pledge(struct viz_node *node, const struct viz_record *rec, const struct viz_id *id)
{
	struct viz_pledge_secret secret;
	struct viz_lead_peer *peer;
	struct viz_lead *lead;
	struct viz_pledge p;
	struct viz_reader r;
	bool all = true;

	viz_reader_init(&r, rec->body, rec->body_len);
	viz_pledge_read(&r, &p);
	if (viz_reader_finish(&r) != VIZ_OK || !viz_id_eq(&p.origin, &node->self.author))
		return;
	lead = fetch(node, p.offer_slot);
	peer = lead ? viz_lead_find_peer(lead, &rec->author) : NULL;
	/* without a key there is no acknowledgement, and what is not acknowledged is not in the
	 * list */
	if (!peer || peer->answered || lead->state != VIZ_LEAD_OPEN || node->self.revoked ||
	    !viz_id_eq(&lead->offer, &p.offer)) {
		free(lead);
		return;
	}
	if (open_pledge(node, &secret, lead, &p, &rec->author) != VIZ_OK) {
		viz_core_log(node, 4, "a pledge of %s does not open with the offer's key",
			     viz_member_name(viz_member_find(node, &rec->author)));
		free(lead);
		return;
	}
	peer->answered = true;
	peer->answer = secret.answer;
	peer->reason = secret.reason;
	peer->pledge = *id;
	peer->commitment = secret.commitment;
	/* the acknowledgement is made in the transaction in which the pledge joins the list */
	acknowledge(node, lead, VIZ_TYPE_PLEDGE_ACK, id, &rec->author);
	for (size_t i = 0; i < lead->peer_count; i++)
		all &= lead->peer[i].answered;
	if (all)
		close_list(node, lead);
	viz_lead_put(node, lead);
	free(lead);
}

void viz_lead_reveal(struct viz_node *node, const struct viz_record *rec, const struct viz_id *id,
		     struct viz_reader *body)
{
	struct viz_id blinded, commitment, key;
	struct viz_proposal *proposal;
	struct viz_lead_peer *peer;
	struct viz_lead *lead;
	struct viz_reveal rv;
	struct viz_reader r;

	viz_reveal_read(body, &rv);
	if (viz_reader_finish(body) != VIZ_OK)
		return;
	proposal = viz_core_alloc(sizeof *proposal);
	viz_reader_init(&r, rv.proposal, rv.proposal_len);
	viz_proposal_read(&r, proposal);
	free(proposal);
	if (viz_reader_finish(&r) != VIZ_OK) {
		viz_reader_fail(body, VIZ_ERR_FORM);
		return;
	}
	lead = fetch(node, rec->slot);
	peer = lead ? viz_lead_find_peer(lead, &rec->author) : NULL;
	if (!peer || lead->state != VIZ_LEAD_CLOSED || peer->revealed || !promises(peer) ||
	    node->self.revoked || !viz_id_eq(&rv.close, &lead->close) ||
	    !viz_id_eq(&rv.pledge, &peer->pledge)) {
		free(lead);
		return; /* late, or a repetition */
	}
	memcpy(key.b, rv.blinding.b, 32);
	viz_commitment(&blinded, "vizinho/proposal", &key, rv.proposal, rv.proposal_len);
	viz_commitment(&commitment, "vizinho/pledge", &blinded, rv.nonce.b, sizeof rv.nonce.b);
	if (!viz_id_eq(&commitment, &peer->commitment)) {
		viz_reader_fail(body, VIZ_ERR_AUTH);
		free(lead);
		return;
	}
	peer->revealed = true;
	memcpy(peer->nonce.b, rv.nonce.b, 32);
	peer->blinded = blinded;
	viz_statement_keep(node, &node->self.author, rec, 1);
	acknowledge(node, lead, VIZ_TYPE_REVEAL_ACK, id, &rec->author);
	maybe_begin_choice(node, lead);
	viz_lead_put(node, lead);
	free(lead);
}

static void expire(struct viz_node *node, struct viz_lead *lead)
{
	lead->state = VIZ_LEAD_EXPIRED;
	viz_lead_erase(node, lead);
}

/* The next step of an offer that is under way. */
static void advance(struct viz_node *node, struct viz_lead *lead)
{
	int64_t now = node->now.ms;

	if (lead->state == VIZ_LEAD_OPEN && lead->closes.ms <= now)
		close_list(node, lead);
	else if (lead->state == VIZ_LEAD_CLOSED && lead->reveal_until.ms <= now)
		begin_choice(node, lead);
	else if (lead->state == VIZ_LEAD_CHOOSING && lead->choose_until.ms <= now)
		expire(node, lead);
}

/* Our key is revoked: an offer under way waits for the next key, but not for ever. */
static void stall(struct viz_node *node, struct viz_lead *lead)
{
	struct viz_time end = lead->state == VIZ_LEAD_CHOOSING
				  ? lead->choose_until
				  : viz_after(lead->closes, node->federation.choice_ms);

	if (lead->state != VIZ_LEAD_OPEN && lead->state != VIZ_LEAD_CLOSED &&
	    lead->state != VIZ_LEAD_CHOOSING)
		return;
	if (end.ms <= node->now.ms)
		expire(node, lead);
	else
		viz_due_set(node, end, VIZ_DUE_LEAD, &node->self.author, lead->slot);
}

/* What is held here ends by its dates. */
static void run_out(struct viz_node *node, struct viz_lead *lead)
{
	int64_t now = node->now.ms;

	if (lead->state == VIZ_LEAD_NO_NEIGHBOUR && lead->award_latest.ms <= now) {
		viz_lead_erase(node, lead);
	} else if (lead->award_n > 0 && lead->award_latest.ms <= now) {
		if (lead->state == VIZ_LEAD_AWARDED || lead->state == VIZ_LEAD_DELIVERED ||
		    lead->state == VIZ_LEAD_CONTACTED)
			lead->state = VIZ_LEAD_EXPIRED;
		viz_lead_erase(node, lead);
	} else if (lead->delivered_at.ms != 0 &&
		   lead->delivered_at.ms + node->federation.contact_origin_ms <= now) {
		viz_lead_erase(node, lead);
	}
}

void viz_lead_due(struct viz_node *node, uint64_t slot)
{
	struct viz_lead *lead = fetch(node, slot);

	if (!lead)
		return;
	if (node->self.revoked)
		stall(node, lead);
	else
		advance(node, lead);
	run_out(node, lead);
	viz_lead_lapse(node, lead);
	viz_lead_settle(node, lead);
	viz_lead_put(node, lead);
	free(lead);
}

void viz_lead_coverage(struct viz_node *node, const struct viz_record *rec, const struct viz_id *id)
{
	viz_audit_acknowledge_coverage(node, rec, id);
	if (viz_partner_now(node, &rec->author))
		viz_lead_tell_arrivals(node);
}
