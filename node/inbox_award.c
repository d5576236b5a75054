/* The hand-off at the chosen one: contact data, lease, reports, revocation, erasure. */
#include "node/core.h"
#include "node/due.h"
#include "node/inbox.h"
#include "node/journal.h"
#include "node/lead.h"
#include "node/mail.h"
#include "node/place.h"
#include "node/secret.h"
#include "node/statements.h"

#define LEASE_ASK_MS 1000 /* between two asks for a lease */

static struct viz_inbox *fetch(struct viz_node *node, const struct viz_id *origin, uint64_t slot)
{
	struct viz_inbox *in = viz_core_alloc(sizeof *in);

	if (viz_inbox_get(node, in, origin, slot))
		return in;
	free(in);
	return NULL;
}

static void note(struct viz_node *node, const struct viz_inbox *in, uint8_t type,
		 const struct viz_id *award, uint32_t n, bool accepted)
{
	struct viz_award_note nt = {.award = *award, .accepted = accepted};
	uint8_t body[64];
	struct viz_writer w;

	viz_writer_init(&w, body, sizeof body);
	viz_award_note_write(&w, &nt);
	viz_statement_issue(node, NULL, type, &in->origin, in->slot, n, &w, &in->origin);
}

/* Said again each time that it comes, but not to one who never takes what we say. */
static void refuse(struct viz_node *node, const struct viz_inbox *in, const struct viz_id *award,
		   uint32_t n)
{
	if (!viz_mail_full(node, &in->origin))
		note(node, in, VIZ_TYPE_HANDOFF_ACK, award, n, false);
}

/* The second receipt: the origin's, naming us and the fields, for this award. */
static bool receipt_good(struct viz_node *node, const struct viz_inbox *in, const uint8_t *bytes,
			 size_t len, const struct viz_award *award)
{
	struct viz_receipt *c = viz_core_alloc(sizeof *c);
	struct viz_record rec;
	struct viz_reader r;
	struct viz_id id;
	bool good = false;

	if (viz_statement_check(node, &rec, &id, bytes, len, VIZ_TYPE_RECEIPT, &in->origin) ==
	    VIZ_OK) {
		viz_reader_init(&r, rec.body, rec.body_len);
		viz_receipt_read(&r, c);
		good = viz_reader_finish(&r) == VIZ_OK && viz_id_eq(&id, &award->receipt) &&
		       c->offer_slot == in->slot && c->purpose == VIZ_PURPOSE_CONTACT &&
		       c->state == VIZ_CONSENT_GIVEN && c->recipient_count == 1 &&
		       viz_receipt_names(c, &node->self.author);
		if (good)
			viz_statement_keep(node, &in->origin, &rec, 1 + (uint64_t)award->n);
	}
	free(c);
	return good;
}

/* For n = 1 the award must open the choice that RESULT committed to, once RESULT is here. */
static bool choice_good(struct viz_node *node, const struct viz_inbox *in,
			const struct viz_award *award)
{
	struct viz_result *res;
	struct viz_record rec;
	struct viz_reader r;
	struct viz_id commit, blinding;
	bool good;

	if (award->n != 1 ||
	    !viz_place_live_get(node, &rec, &in->origin, VIZ_TYPE_RESULT, in->slot))
		return true;
	res = viz_core_alloc(sizeof *res);
	viz_reader_init(&r, rec.body, rec.body_len);
	viz_result_read(&r, res);
	memcpy(blinding.b, award->choice_blinding.b, 32);
	viz_commitment(&commit, "vizinho/choice", &blinding, award->pledge.b, 32);
	good = viz_reader_finish(&r) == VIZ_OK && viz_id_eq(&commit, &res->choice);
	free(res);
	return good;
}

static void keep_contact(struct viz_node *node, struct viz_inbox *in, const uint8_t *contact,
			 size_t len)
{
	struct viz_lead_secrets s;

	if (in->vault == 0 || !viz_secrets_read(node, &s, in->vault))
		viz_secrets_create(node, &s, &in->vault);
	if (viz_secrets_seal(node, in->contact, &in->contact_len, sizeof in->contact, &s, contact,
			     len) != VIZ_OK)
		in->contact_len = 0;
	viz_wipe(&s, sizeof s);
}

static void take_award(struct viz_node *node, struct viz_inbox *in, const struct viz_record *rec,
		       const struct viz_id *id, const struct viz_award *award,
		       const uint8_t *contact, size_t len)
{
	keep_contact(node, in, contact, len);
	viz_statement_keep(node, &in->origin, rec, award->n);
	in->award = *id;
	in->award_n = award->n;
	in->award_latest = award->latest;
	in->awarded_at = node->now;
	in->lease_asked = in->lease_until = in->contacted_at = (struct viz_time){0};
	in->lease_answered = false;
	in->state = VIZ_INBOX_AWARDED;
	viz_due_set(node, award->latest, VIZ_DUE_INBOX, &in->origin, in->slot);
	viz_due_set(node, viz_after(node->now, node->federation.contact_holder_ms), VIZ_DUE_INBOX,
		    &in->origin, in->slot);
	viz_journal_add(node, "handoff", id);
	viz_core_log(node, 5, "a customer has chosen us: see `vizinho inbox list`");
}

void viz_inbox_handoff(struct viz_node *node, const struct viz_id *from, struct viz_reader *r)
{
	const uint8_t *award_bytes, *receipt, *contact_bytes;
	size_t award_len = 0, receipt_len = 0, contact_len = 0;
	struct viz_contact contact;
	struct viz_award award;
	struct viz_inbox *in;
	struct viz_record rec;
	struct viz_reader ar;
	struct viz_id id;
	bool good;
	int err;

	viz_reader_tuple(r, 3);
	award_bytes = viz_reader_bin(r, &award_len, 65, VIZ_SIGNED_RECORD_MAX);
	receipt = viz_reader_bin(r, &receipt_len, 65, VIZ_SIGNED_RECORD_MAX);
	contact_bytes = viz_reader_bin(r, &contact_len, 1, VIZ_CONTACT_MAX - VIZ_SEAL_OVERHEAD);
	if (viz_reader_finish(r) != VIZ_OK)
		return;
	err = viz_statement_check(node, &rec, &id, receipt, receipt_len, VIZ_TYPE_RECEIPT, from);
	if (err != VIZ_ERR_ABSENT)
		err = viz_statement_check(node, &rec, &id, award_bytes, award_len, VIZ_TYPE_AWARD,
					  from);
	if (err != VIZ_OK) {
		viz_reader_fail(r, err);
		return;
	}
	viz_reader_init(&ar, rec.body, rec.body_len);
	viz_award_read(&ar, &award);
	good = viz_reader_finish(&ar) == VIZ_OK;
	viz_reader_init(&ar, contact_bytes, contact_len);
	viz_contact_read(&ar, &contact);
	good = good && viz_reader_finish(&ar) == VIZ_OK;
	viz_wipe(&contact, sizeof contact);
	if (!good) {
		viz_reader_fail(r, VIZ_ERR_FORM);
		return;
	}
	in = fetch(node, from, rec.slot);
	if (!in || !viz_id_eq(&award.offer, &in->offer) || in->award_n >= award.n) {
		/* not ours to hold, or a repetition of what we have acknowledged */
		if (in && in->award_n == award.n && viz_id_eq(&in->award, &id) &&
		    !viz_mail_full(node, from))
			note(node, in, VIZ_TYPE_HANDOFF_ACK, &id, award.n, true);
		free(in);
		return;
	}
	if (in->withdrawn || award.n <= in->tombstone_n || award.latest.ms <= node->now.ms) {
		refuse(node, in, &id, award.n);
	} else if (!viz_id_eq(&award.recipient, &node->self.author) ||
		   viz_id_is_zero(&in->pledge) || !viz_id_eq(&award.pledge, &in->pledge) ||
		   !receipt_good(node, in, receipt, receipt_len, &award) ||
		   !choice_good(node, in, &award)) {
		viz_core_log(node, 4, "a hand-off from %s contradicts its offer",
			     viz_member_name(viz_member_find(node, from)));
		refuse(node, in, &id, award.n);
	} else {
		take_award(node, in, &rec, &id, &award, contact_bytes, contact_len);
		note(node, in, VIZ_TYPE_HANDOFF_ACK, &id, award.n, true);
		viz_inbox_put(node, in);
	}
	free(in);
}

static void ask_lease(struct viz_node *node, struct viz_inbox *in)
{
	/* an answer that comes later than that is worth nothing */
	int64_t wait = in->lease_answered ? LEASE_ASK_MS : node->federation.lease_ms;
	uint8_t payload[64];
	struct viz_writer w;
	size_t len = 0;

	if (in->lease_asked.ms + wait > node->now.ms)
		return;
	in->lease_asked = node->now;
	in->lease_answered = false;
	viz_writer_init(&w, payload, sizeof payload);
	viz_writer_array(&w, 3);
	viz_writer_uint(&w, in->slot);
	viz_writer_id(&w, &in->award);
	viz_writer_time(&w, node->now);
	VIZ_REQUIRE(viz_writer_finish(&w, &len) == VIZ_OK);
	viz_mail_send(node, &in->origin, VIZ_MAIL_LEASE_ASK, payload, len);
	viz_inbox_put(node, in);
}

bool viz_inbox_may_show(struct viz_node *node, struct viz_inbox *in)
{
	if (in->contact_len == 0 || in->vault == 0 || in->withdrawn ||
	    in->award_latest.ms <= node->now.ms)
		return false;
	/* Having called changes nothing until the origin has said that it knows: then the lease
	 * lasts. */
	if (in->state != VIZ_INBOX_AWARDED && in->state != VIZ_INBOX_CONTACTED)
		return false;
	if (node->now.ms < in->lease_until.ms)
		return true;
	ask_lease(node, in);
	return false;
}

/* Only an answer to what we asked last, in this run of the process, and counted from our own
 * asking: what was asked by a clock that has been set since would count wrongly. An extended one is
 * not counted. */
static void take_lease(struct viz_node *node, struct viz_inbox *in, const struct viz_record *rec,
		       const struct viz_lease *lease)
{
	bool answer =
	    lease->asked.ms > 0 && !in->lease_answered && lease->asked.ms == in->lease_asked.ms;
	struct viz_time until =
	    lease->extended ? in->award_latest : viz_after(lease->asked, node->federation.lease_ms);

	if (!answer && !lease->extended)
		return;
	in->lease_answered |= answer;
	if (lease->granted) {
		if (until.ms > in->lease_until.ms)
			in->lease_until = until;
		viz_statement_keep(node, &rec->author, rec, in->award_n);
	}
	viz_inbox_put(node, in);
}

void viz_inbox_lease(struct viz_node *node, const struct viz_record *rec, struct viz_reader *body)
{
	struct viz_lease lease;
	struct viz_inbox *in;

	viz_lease_read(body, &lease);
	if (viz_reader_finish(body) != VIZ_OK)
		return;
	in = fetch(node, &rec->author, rec->slot);
	if (in && viz_id_eq(&lease.award, &in->award) &&
	    (in->state == VIZ_INBOX_AWARDED || in->state == VIZ_INBOX_CONTACTED))
		take_lease(node, in, rec, &lease);
	free(in);
}

int viz_inbox_contact(struct viz_node *node, struct viz_contact *out, const struct viz_inbox *in)
{
	return viz_sealed_contact(node, out, in->vault, in->contact, in->contact_len);
}

int viz_inbox_location_get(struct viz_node *node, struct viz_location *out,
			   const struct viz_inbox *in)
{
	return viz_sealed_location(node, out, in->vault, in->location, in->location_len);
}

int viz_inbox_contacted(struct viz_node *node, struct viz_inbox *in)
{
	/* with a revoked key nothing can be told to the origin: then it has not happened either */
	if (in->state != VIZ_INBOX_AWARDED || node->now.ms >= in->lease_until.ms ||
	    node->self.revoked)
		return VIZ_ERR_STATE;
	in->state = VIZ_INBOX_CONTACTED;
	in->contacted_at = node->now;
	note(node, in, VIZ_TYPE_CONTACTED, &in->award, in->award_n, true);
	viz_inbox_put(node, in);
	return VIZ_OK;
}

int viz_inbox_release(struct viz_node *node, struct viz_inbox *in)
{
	if ((in->state != VIZ_INBOX_AWARDED && in->state != VIZ_INBOX_CONTACTED) ||
	    node->self.revoked)
		return VIZ_ERR_STATE;
	in->state = VIZ_INBOX_RELEASED;
	in->lease_until = (struct viz_time){0};
	note(node, in, VIZ_TYPE_RELEASE, &in->award, in->award_n, false);
	viz_inbox_erase(node, in, VIZ_ERASED_ALL);
	viz_inbox_put(node, in);
	return VIZ_OK;
}

int viz_inbox_outcome(struct viz_node *node, struct viz_inbox *in, enum viz_outcome_kind kind,
		      uint32_t days_offline)
{
	struct viz_outcome o = {.award = in->award, .kind = kind, .days_offline = days_offline};
	uint8_t body[64];
	struct viz_writer w;

	if (in->state != VIZ_INBOX_CONTACTED || node->self.revoked)
		return VIZ_ERR_STATE;
	in->state = kind == VIZ_OUTCOME_INSTALLED ? VIZ_INBOX_INSTALLED : VIZ_INBOX_LOST;
	in->days_offline = days_offline;
	viz_writer_init(&w, body, sizeof body);
	viz_outcome_write(&w, &o);
	viz_statement_issue(node, NULL, VIZ_TYPE_OUTCOME, &in->origin, in->slot, in->award_n, &w,
			    &in->origin);
	viz_inbox_erase(node, in,
			VIZ_ERASED_ALL); /* from here on it is their own customer, in the ERP */
	viz_inbox_put(node, in);
	return VIZ_OK;
}

/* An offer that can still live: of a day that is not over for write-once records, nor yet to come.
 */
static bool slot_plausible(const struct viz_node *node, uint64_t slot)
{
	int64_t begins = (int64_t)viz_slot_day(slot) * VIZ_DAY_MS;

	return viz_slot_number(slot) < VIZ_OFFERS_PER_DAY &&
	       begins <= node->now.ms + node->federation.skew_ms &&
	       viz_write_once_expires(slot, node->federation.write_once_ms).ms > node->now.ms;
}

void viz_inbox_withdrawal(struct viz_node *node, const struct viz_record *rec,
			  struct viz_reader *body)
{
	struct viz_withdrawal wd;
	struct viz_inbox *in;

	viz_withdrawal_read(body, &wd);
	if (viz_reader_finish(body) != VIZ_OK)
		return;
	in = fetch(node, &rec->author, rec->slot);
	if (!in) {
		/* ahead of its offer: a tombstone that refuses what comes later */
		if (!viz_partner_now(node, &rec->author) || !slot_plausible(node, rec->slot) ||
		    viz_core_nearly_full(node))
			return;
		in = viz_core_alloc(sizeof *in);
		memset(in, 0, sizeof *in);
		in->origin = rec->author;
		in->slot = rec->slot;
		in->offer = wd.offer;
		in->state = VIZ_INBOX_SEALED;
	}
	if (wd.scope == VIZ_WITHDRAW_ALL ? in->withdrawn : wd.award_n <= in->tombstone_n) {
		free(in);
		return; /* a repetition: erased, and said */
	}
	viz_statement_keep(node, &rec->author, rec, (uint64_t)wd.scope << 32 | wd.award_n);
	if (wd.scope == VIZ_WITHDRAW_ALL) {
		in->withdrawn = true;
		in->state = VIZ_INBOX_WITHDRAWN;
		in->lease_until = (struct viz_time){0};
		viz_inbox_erase(node, in, VIZ_ERASED_ALL);
	} else {
		in->tombstone_n = wd.award_n;
		if (in->award_n != 0 && in->award_n <= wd.award_n) {
			/* it shows nothing from here on: so the origin may award again at once */
			if (in->state == VIZ_INBOX_AWARDED || in->state == VIZ_INBOX_CONTACTED) {
				in->state = VIZ_INBOX_RELEASED;
				note(node, in, VIZ_TYPE_RELEASE, &in->award, in->award_n, false);
			}
			in->lease_until = (struct viz_time){0};
			viz_inbox_erase(node, in, VIZ_ERASED_ALL);
		}
	}
	viz_inbox_put(node, in);
	free(in);
}

static void remember(struct viz_node *node, const struct viz_inbox *in)
{
	node->erased = viz_core_grow(node->erased, node->erased_count + 1, sizeof *node->erased);
	node->erased[node->erased_count++] =
	    (struct viz_erasure){.origin = in->origin, .slot = in->slot};
}

void viz_inbox_erase(struct viz_node *node, struct viz_inbox *in, enum viz_erased_what what)
{
	viz_secrets_erase(node, &in->vault);
	viz_wipe(in->location, sizeof in->location);
	viz_wipe(in->contact, sizeof in->contact);
	in->location_len = in->contact_len = 0;
	in->say_erased = what;
	remember(node, in);
}

void viz_inbox_say_erased(struct viz_node *node)
{
	for (size_t i = 0; i < node->erased_count; i++) {
		struct viz_inbox *in = fetch(node, &node->erased[i].origin, node->erased[i].slot);
		struct viz_erased e;
		uint8_t body[64];
		struct viz_writer w;

		if (in && in->say_erased != 0) {
			e = (struct viz_erased){.offer = in->offer, .what = in->say_erased};
			viz_writer_init(&w, body, sizeof body);
			viz_erased_write(&w, &e);
			/* with a revoked key it is said after the rotation */
			if (viz_statement_issue(node, NULL, VIZ_TYPE_ERASED, &in->origin, in->slot,
						(uint64_t)e.what, &w, &in->origin) == VIZ_OK) {
				viz_journal_add(node, "erased", &in->offer);
				in->say_erased = (enum viz_erased_what)0;
				viz_inbox_put(node, in);
			}
		}
		free(in);
	}
	node->erased_count = 0;
}

void viz_inbox_key_rotated(struct viz_node *node)
{
	struct viz_inbox *in = viz_core_alloc(sizeof *in);
	struct viz_slice key, value;
	struct viz_walk walk;

	viz_walk_init(&walk, node->store, VIZ_TABLE_INBOX, NULL, 0);
	while (viz_walk_next(&walk, &key, &value)) {
		struct viz_id origin;

		memcpy(origin.b, key.p, sizeof origin.b);
		if (viz_inbox_get(node, in, &origin, viz_get_u64be(key.p + 32)) &&
		    in->say_erased != 0)
			remember(node, in);
	}
	free(in);
}

void viz_inbox_resume(struct viz_node *node)
{
	struct viz_inbox *in = viz_core_alloc(sizeof *in);
	struct viz_slice key, value;
	struct viz_walk walk;

	viz_walk_init(&walk, node->store, VIZ_TABLE_INBOX, NULL, 0);
	while (viz_walk_next(&walk, &key, &value)) {
		struct viz_id origin;

		memcpy(origin.b, key.p, sizeof origin.b);
		if (!viz_inbox_get(node, in, &origin, viz_get_u64be(key.p + 32)))
			continue;
		if (in->say_erased != 0)
			remember(node, in);
		/* The clock may have been set since the lease was counted: ask anew. */
		if (in->lease_until.ms != 0 || in->lease_asked.ms != 0) {
			in->lease_until = in->lease_asked = (struct viz_time){0};
			in->lease_answered = false;
			viz_inbox_put(node, in);
		}
	}
	free(in);
	/* start-up has wiped what was marked before this batch began */
	viz_inbox_say_erased(node);
}
