/* The choice, the hand-off and what follows at the origin: awards, leases, revocation, erasure. */
#include "node/circle.h"
#include "node/core.h"
#include "node/due.h"
#include "node/journal.h"
#include "node/lead.h"
#include "node/mail.h"
#include "node/secret.h"
#include "node/statements.h"

int viz_lead_seal_contact(struct viz_node *node, struct viz_lead *lead,
			  const struct viz_contact *contact)
{
	uint8_t bytes[VIZ_CONTACT_MAX - VIZ_SEAL_OVERHEAD];
	struct viz_lead_secrets s;
	struct viz_writer w;
	size_t len = 0;
	int err;

	if (lead->vault == 0)
		return VIZ_ERR_ABSENT;
	if (!viz_secrets_read(node, &s, lead->contact_vault))
		viz_secrets_create(node, &s, &lead->contact_vault);
	viz_writer_init(&w, bytes, sizeof bytes);
	viz_contact_write(&w, contact);
	err = viz_writer_finish(&w, &len);
	if (err == VIZ_OK)
		err = viz_secrets_seal(node, lead->contact, &lead->contact_len,
				       sizeof lead->contact, &s, bytes, len);
	viz_wipe(bytes, sizeof bytes);
	viz_wipe(&s, sizeof s);
	return err;
}

int viz_lead_contact(struct viz_node *node, struct viz_contact *out, const struct viz_lead *lead)
{
	return viz_sealed_contact(node, out, lead->contact_vault, lead->contact, lead->contact_len);
}

int viz_lead_location(struct viz_node *node, struct viz_location *out, const struct viz_lead *lead)
{
	return viz_sealed_location(node, out, lead->vault, lead->location, lead->location_len);
}

void viz_lead_erase_contact(struct viz_node *node, struct viz_lead *lead)
{
	viz_secrets_erase(node, &lead->contact_vault);
	viz_wipe(lead->contact, sizeof lead->contact);
	lead->contact_len = 0;
}

void viz_lead_erase(struct viz_node *node, struct viz_lead *lead)
{
	if (lead->vault != 0)
		viz_journal_add(node, "erase", &lead->offer);
	viz_lead_erase_contact(node, lead);
	viz_secrets_erase(node, &lead->vault);
	viz_wipe(lead->location, sizeof lead->location);
	lead->location_len = 0;
}

/* Signs the award and queues the hand-off; for the first one RESULT goes out too. */
int viz_lead_award(struct viz_node *node, struct viz_lead *lead, struct viz_lead_peer *peer)
{
	struct viz_award award = {.offer = lead->offer,
				  .recipient = peer->id,
				  .pledge = peer->pledge,
				  .n = lead->award_n + 1,
				  .latest = viz_after(node->now, node->federation.undelivered_ms)};
	uint8_t body[512];
	struct viz_writer w;
	int err;

	if (award.n > VIZ_AWARDS_MAX)
		return VIZ_ERR_LIMIT;
	err = viz_lead_consent(node, &award.receipt, lead, VIZ_PURPOSE_CONTACT,
			       VIZ_RECEIPT_AWARD + (uint64_t)award.n, &peer->id, 1,
			       VIZ_CONSENT_GIVEN);
	if (err != VIZ_OK)
		return err;
	if (award.n == 1) {
		viz_rng_bytes(&node->rng, award.choice_blinding.b, 32);
		viz_lead_publish_result(node, lead, VIZ_RESULT_CHOSEN, &peer->pledge,
					&award.choice_blinding);
	} else {
		viz_lead_end_consent(node, lead, VIZ_RECEIPT_AWARD + (uint64_t)lead->award_n,
				     VIZ_RECEIPT_AWARD_ENDED + (uint64_t)lead->award_n,
				     VIZ_CONSENT_TERMINATED);
		if (!lead->recalled)
			viz_lead_withdraw(node, lead, VIZ_WITHDRAW_AWARD, lead->award_n,
					  viz_lead_find_peer(lead, &lead->award_to));
	}
	viz_writer_init(&w, body, sizeof body);
	viz_award_write(&w, &award);
	err = viz_statement_issue(node, &lead->award, VIZ_TYPE_AWARD, &node->self.author,
				  lead->slot, award.n, &w, NULL);
	if (err != VIZ_OK)
		return err;
	lead->award_n = award.n;
	lead->award_to = peer->id;
	lead->award_at = node->now;
	lead->award_latest = award.latest;
	lead->lease_until = lead->contacted_at = lead->delivered_at = (struct viz_time){0};
	lead->released = lead->recalled = false;
	lead->state = VIZ_LEAD_AWARDED;
	peer->awarded = true;
	peer->erased = false;
	viz_mail_slot(node, &peer->id, VIZ_MAIL_HANDOFF, lead->slot);
	viz_due_set(node, award.latest, VIZ_DUE_LEAD, &node->self.author, lead->slot);
	viz_journal_add(node, "award", &lead->award);
	return VIZ_OK;
}

static bool lease_over(const struct viz_node *node, const struct viz_lead *lead)
{
	return lead->lease_until.ms == 0 ||
	       (lead->lease_until.ms <= node->now.ms && node->lease_floor.ms <= node->now.ms);
}

/* A lease that has ended while we ran is noted as none: what is still noted at a start may run on.
 */
void viz_lead_lapse(struct viz_node *node, struct viz_lead *lead)
{
	struct viz_time at = lead->lease_until;

	if (at.ms == 0)
		return;
	if (lease_over(node, lead)) {
		lead->lease_until = (struct viz_time){0};
		return;
	}
	if (at.ms <= node->now.ms)
		at = node->lease_floor;
	viz_due_set(node, at, VIZ_DUE_LEAD, &node->self.author, lead->slot);
}

/* Whether there is an award after which the customer may pick again. */
static bool may_pick_again(const struct viz_lead *lead)
{
	if (lead->vault == 0)
		return false;
	return lead->state == VIZ_LEAD_LOST || lead->state == VIZ_LEAD_AWARDED ||
	       lead->state == VIZ_LEAD_DELIVERED || lead->state == VIZ_LEAD_CONTACTED;
}

/* Whether nobody may be showing the contact. */
static bool let_go(const struct viz_node *node, const struct viz_lead *lead)
{
	return lead->state == VIZ_LEAD_LOST || lead->released || lease_over(node, lead);
}

/* The chosen one may be silent, or has called in vain: the customer's word ends it. */
static void recall(struct viz_node *node, struct viz_lead *lead)
{
	if (lead->recalled)
		return;
	lead->recalled = true;
	viz_lead_withdraw(node, lead, VIZ_WITHDRAW_AWARD, lead->award_n,
			  viz_lead_find_peer(lead, &lead->award_to));
	viz_journal_add(node, "recall", &lead->award);
	viz_lead_put(node, lead);
}

int viz_lead_choose(struct viz_node *node, struct viz_lead *lead, const struct viz_id *who,
		    const struct viz_contact *contact)
{
	struct viz_lead_peer *peer = who ? viz_lead_find_peer(lead, who) : NULL;
	int err;

	if (node->self.revoked || (lead->state != VIZ_LEAD_CHOOSING && !may_pick_again(lead)))
		return VIZ_ERR_STATE;
	if (!who) {
		if (lead->state != VIZ_LEAD_CHOOSING)
			return VIZ_ERR_STATE;
		viz_lead_publish_result(node, lead, VIZ_RESULT_NONE, NULL, NULL);
		lead->state = VIZ_LEAD_NONE_CHOSEN;
		viz_lead_erase(node, lead);
		viz_lead_put(node, lead);
		return VIZ_OK;
	}
	if (!peer || !peer->revealed)
		return VIZ_ERR_ABSENT;
	if (!viz_partner_now(node, who) || (peer->awarded && viz_id_eq(who, &lead->award_to)))
		return VIZ_ERR_STATE;
	if (lead->state != VIZ_LEAD_CHOOSING && !let_go(node, lead)) {
		recall(node, lead);
		return VIZ_ERR_STATE;
	}
	if (!viz_core_has_room(node)) /* what is above takes back */
		return VIZ_ERR_LIMIT;
	err = viz_lead_seal_contact(node, lead, contact);
	if (err == VIZ_OK)
		err = viz_lead_award(node, lead, peer);
	if (err == VIZ_OK)
		viz_lead_put(node, lead);
	return err;
}

bool viz_lead_compose_handoff(struct viz_node *node, struct viz_writer *w, uint64_t slot,
			      const struct viz_id *to)
{
	struct viz_lead *lead = viz_core_alloc(sizeof *lead);
	uint8_t contact[VIZ_CONTACT_MAX];
	struct viz_slice v;
	size_t len = 0;
	bool ok;

	ok = viz_lead_get(node, lead, slot) && lead->award_n > 0 &&
	     viz_id_eq(&lead->award_to, to) && !lead->recalled &&
	     (lead->state == VIZ_LEAD_AWARDED || lead->state == VIZ_LEAD_DELIVERED) &&
	     viz_sealed_open(node, contact, &len, lead->contact_vault, lead->contact,
			     lead->contact_len) == VIZ_OK;
	if (ok) {
		viz_writer_array(w, 3);
		ok = viz_statement_get(node, &v, &node->self.author, slot, VIZ_TYPE_AWARD,
				       &node->self.author, lead->award_n);
		if (ok)
			viz_writer_bin(w, v.p, v.len);
	}
	if (ok) {
		ok = viz_statement_get(node, &v, &node->self.author, slot, VIZ_TYPE_RECEIPT,
				       &node->self.author,
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

/* One is kept per award: the last. */
static void issue_lease(struct viz_node *node, uint64_t slot, uint32_t award_n,
			const struct viz_lease *lease, const struct viz_id *to)
{
	struct viz_writer w;
	uint8_t body[64];

	viz_writer_init(&w, body, sizeof body);
	viz_lease_write(&w, lease);
	viz_statement_issue(node, NULL, VIZ_TYPE_LEASE, &node->self.author, slot, award_n, &w, to);
}

/* HANDOFF_ACK, CONTACTED, RELEASE: about the current award, by its holder. */
void viz_lead_note(struct viz_node *node, const struct viz_record *rec, struct viz_reader *body)
{
	struct viz_lead *lead = viz_core_alloc(sizeof *lead);
	struct viz_award_note note;

	viz_award_note_read(body, &note);
	if (viz_reader_finish(body) != VIZ_OK || !viz_lead_get(node, lead, rec->slot) ||
	    !viz_id_eq(&lead->award, &note.award) || !viz_id_eq(&lead->award_to, &rec->author)) {
		free(lead);
		return;
	}
	viz_statement_keep(node, &node->self.author, rec, lead->award_n);
	if (rec->type == VIZ_TYPE_HANDOFF_ACK) {
		if (note.accepted && lead->state == VIZ_LEAD_AWARDED) {
			lead->state = VIZ_LEAD_DELIVERED;
			lead->delivered_at = node->now;
			viz_due_set(node, viz_after(node->now, node->federation.contact_origin_ms),
				    VIZ_DUE_LEAD, &node->self.author, lead->slot);
		}
		if (!note.accepted)
			lead->released = true;
	} else if (rec->type == VIZ_TYPE_CONTACTED) {
		/* It showed the contact under a lease, and has called: the lead is its until the
		 * end. */
		if (!lead->recalled &&
		    (lead->state == VIZ_LEAD_DELIVERED || lead->state == VIZ_LEAD_AWARDED)) {
			struct viz_lease lease = {
			    .award = lead->award, .granted = true, .extended = true};

			lead->state = VIZ_LEAD_CONTACTED;
			lead->contacted_at = node->now;
			lead->lease_until = lead->award_latest;
			issue_lease(node, lead->slot, lead->award_n, &lease, &rec->author);
		}
	} else {
		const struct viz_member *m = viz_member_find(node, &rec->author);

		lead->released = true;
		lead->lease_until = (struct viz_time){0};
		viz_core_log(node, 5, "a lead was given back by %s: `vizinho lead list` shows it",
			     m ? viz_member_name(m) : "a member");
	}
	viz_lead_put(node, lead);
	free(lead);
}

void viz_lead_outcome(struct viz_node *node, const struct viz_record *rec, struct viz_reader *body)
{
	struct viz_lead *lead = viz_core_alloc(sizeof *lead);
	struct viz_outcome o;

	viz_outcome_read(body, &o);
	if (viz_reader_finish(body) == VIZ_OK && viz_lead_get(node, lead, rec->slot) &&
	    viz_id_eq(&lead->award, &o.award) && viz_id_eq(&lead->award_to, &rec->author) &&
	    lead->state != VIZ_LEAD_WITHDRAWN && lead->state != VIZ_LEAD_INSTALLED &&
	    !(lead->state == VIZ_LEAD_LOST && o.kind == VIZ_OUTCOME_LOST)) {
		viz_statement_keep(node, &node->self.author, rec, lead->award_n);
		lead->state = o.kind == VIZ_OUTCOME_INSTALLED ? VIZ_LEAD_INSTALLED : VIZ_LEAD_LOST;
		lead->days_offline = o.days_offline;
		lead->lease_until = (struct viz_time){0};
		if (lead->state == VIZ_LEAD_INSTALLED)
			viz_lead_erase(node, lead);
		viz_lead_put(node, lead);
		viz_journal_add(node, viz_lead_state_name(lead->state), &lead->award);
	}
	free(lead);
}

/* Byte for byte what it has said before: a mail that came twice says nothing new. */
static bool said_before(struct viz_node *node, const struct viz_record *rec, uint64_t number)
{
	size_t len = rec->len + sizeof rec->sig.b;
	struct viz_slice v;

	return viz_statement_get(node, &v, &node->self.author, rec->slot, rec->type, &rec->author,
				 number) &&
	       v.len == len && memcmp(v.p, rec->bytes - sizeof rec->sig.b, len) == 0;
}

/* It holds nothing of the current award any more: as good as a RELEASE, which one whose key was
 * revoked when it let go never says. Only after it has acknowledged that award: what it says comes
 * in order, so this is of no older one. */
static void let_go_by_erasing(struct viz_lead *lead, const struct viz_id *who)
{
	if ((lead->state != VIZ_LEAD_DELIVERED && lead->state != VIZ_LEAD_CONTACTED) ||
	    !viz_id_eq(&lead->award_to, who))
		return;
	lead->released = true;
	lead->lease_until = (struct viz_time){0};
}

void viz_lead_erased(struct viz_node *node, const struct viz_record *rec, struct viz_reader *body)
{
	struct viz_lead *lead = viz_core_alloc(sizeof *lead);
	struct viz_lead_peer *peer;
	struct viz_erased e;

	viz_erased_read(body, &e);
	if (viz_reader_finish(body) == VIZ_OK && viz_lead_get(node, lead, rec->slot) &&
	    viz_id_eq(&lead->offer, &e.offer) && !said_before(node, rec, (uint64_t)e.what)) {
		peer = viz_lead_find_peer(lead, &rec->author);
		if (peer) {
			viz_statement_keep(node, &node->self.author, rec, (uint64_t)e.what);
			/* that the location is gone says nothing of the contact, nor of a
			 * revocation */
			peer->erased |= e.what == VIZ_ERASED_ALL ||
					(!peer->awarded && lead->state != VIZ_LEAD_WITHDRAWN);
			if (e.what == VIZ_ERASED_ALL)
				let_go_by_erasing(lead, &rec->author);
			viz_lead_put(node, lead);
		}
	}
	free(lead);
}

void viz_lead_lease_asked(struct viz_node *node, const struct viz_id *from, struct viz_reader *r)
{
	struct viz_lead *lead = viz_core_alloc(sizeof *lead);
	struct viz_lease lease = {0};
	uint64_t slot;

	viz_reader_tuple(r, 3);
	slot = viz_reader_uint(r, UINT64_MAX >> 16);
	lease.award = viz_reader_id(r);
	lease.asked = viz_reader_time(r);
	if (viz_reader_finish(r) == VIZ_OK && !viz_mail_full(node, from) &&
	    viz_lead_get(node, lead, slot) && viz_lead_find_peer(lead, from)) {
		bool current = viz_id_eq(&lead->award, &lease.award) &&
			       viz_id_eq(&lead->award_to, from) && !lead->released &&
			       !lead->recalled;

		lease.granted = current && (lead->state == VIZ_LEAD_AWARDED ||
					    lead->state == VIZ_LEAD_DELIVERED ||
					    lead->state == VIZ_LEAD_CONTACTED);
		lease.extended = lead->state == VIZ_LEAD_CONTACTED;
		if (lease.granted && !lease.extended) {
			struct viz_time until =
			    viz_after(node->now,
				      node->federation.lease_ms + node->federation.lease_margin_ms);

			bool due = lead->lease_until.ms > node->now.ms; /* that one sets the next */

			if (until.ms > lead->lease_until.ms)
				lead->lease_until = until;
			if (!due)
				viz_lead_lapse(node, lead);
			viz_lead_put(node, lead);
		}
		issue_lease(node, slot, lead->award_n, &lease, from);
	}
	free(lead);
}
