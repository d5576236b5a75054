/* A lead at a partner: records that come out of order, how long its contact shows and how long it
 * is kept. */
#include "tests/hostile/one_node.h"

#include "crypto/crypto.h"
#include "node/audit/finding.h"
#include "node/control/request.h"
#include "node/core/core.h"
#include "node/core/due.h"
#include "node/core/secrets.h"
#include "node/inbox/inbox.h"
#include "node/node.h"
#include "node/offer/circle.h"
#include "node/offer/commitment.h"
#include "node/self/statement.h"
#include "node/state.h"
#include "node/trust/live.h"
#include "node/trust/member.h"
#include "proto/base.h"
#include "proto/limits.h"
#include "proto/mail.h"
#include "proto/message.h"
#include "proto/receipt.h"
#include "proto/record.h"
#include "proto/statement.h"
#include "proto/writer.h"
#include "store/stat.h"
#include "store/store.h"
#include "store/tables.h"
#include "tests/hostile/one_offer.h"

/* Sets a lead of the false peer that has chosen us. */
static void award(struct one_node *b, struct viz_inbox *in, enum viz_inbox_state state)
{
	const struct viz_contact contact = {.name = "N", .phone = "+5527999990000", .address = "R"};
	struct viz_lead_secrets s;
	uint8_t bytes[256];
	struct viz_writer w;
	size_t len = 0;

	*in = (struct viz_inbox){.origin = b->evil.author,
				 .slot = viz_record_slot_make(b->now, 0),
				 .state = state,
				 .award_n = 1,
				 .awarded_at = b->now,
				 .award_latest = viz_after(b->now, b->federation.undelivered_ms)};
	memset(in->offer.b, 1, sizeof in->offer.b);
	memset(in->award.b, 2, sizeof in->award.b);
	viz_writer_init(&w, bytes, sizeof bytes);
	viz_contact_write(&w, &contact);
	assert_int_equal(viz_writer_finish(&w, &len), VIZ_OK);
	assert_int_equal(viz_store_begin(b->store), VIZ_OK);
	viz_secrets_create(&b->node->core, &s, &in->vault);
	assert_int_equal(viz_secrets_seal(&b->node->core, in->contact, &in->contact_len,
					  sizeof in->contact, &s, bytes, len),
			 VIZ_OK);
	viz_inbox_put(&b->node->core, in);
	viz_due_set(&b->node->core, in->award_latest, VIZ_DUE_INBOX, &in->origin, in->slot);
	viz_due_set(&b->node->core, viz_after(b->now, b->federation.contact_holder_ms),
		    VIZ_DUE_INBOX, &in->origin, in->slot);
	assert_int_equal(viz_store_commit(b->store), VIZ_OK);
}

static void get(struct one_node *b, struct viz_inbox *in)
{
	const struct viz_id origin = in->origin;
	uint64_t slot = in->slot;

	assert_int_equal(viz_store_begin(b->store), VIZ_OK);
	assert_true(viz_inbox_get(&b->node->core, in, &origin, slot));
	viz_store_abort(b->store);
}

static bool shows(struct one_node *b, const struct viz_inbox *in)
{
	char hex[9], slot[VIZ_SLOT_TEXT_MAX], json[200];

	viz_hex(hex, in->origin.b, 4);
	viz_request_slot_text(slot, in->slot);
	snprintf(json, sizeof json, "{\"op\":\"inbox.show\",\"args\":{\"id\":\"%s-%s\"}}", hex,
		 slot);
	return strstr(request(b, json), "\"contact\"") != NULL;
}

static void lease(struct one_node *b, const struct viz_inbox *in, struct viz_time asked,
		  bool extended)
{
	uint8_t body[64];
	struct viz_writer w;

	viz_writer_init(&w, body, sizeof body);
	viz_lease_write(
	    &w, &(struct viz_lease){
		    .award = in->award, .asked = asked, .granted = true, .extended = extended});
	forge_statement(&b->scratch, &b->evil, VIZ_TYPE_LEASE, in->slot, 1, b->now, &w);
	mail_statement(b, 9, &b->scratch);
	assert_int_equal(b->closed, 0);
}

static void restart(struct one_node *b, int64_t step)
{
	close_node(b);
	b->now.ms += step;
	open_node(b);
	tick(b, 0);
	come_in(b, NULL);
}

/* The request was dated by a clock an hour ahead, and the answer comes after the clock was set
 * right. Such a lease would last an hour longer than the origin counts. */
static void lease_of_another_clock_is_none(void **state)
{
	struct one_node *b = *state;
	struct viz_inbox *in = calloc(1, sizeof *in);
	struct viz_time asked;

	award(b, in, VIZ_INBOX_AWARDED);
	tick(b, 3600000);
	assert_false(shows(b, in));
	asked = b->now;
	restart(b, -3600000 + 2000);
	lease(b, in, asked, false);
	assert_false(shows(b, in));
	tick(b, 1800000);
	assert_false(shows(b, in));
	lease(b, in, asked, false);
	assert_false(shows(b, in));
	/* the answer to the new request came: the lease counts from that request */
	get(b, in);
	lease(b, in, in->lease_asked, false);
	assert_true(shows(b, in));
	tick(b, b->federation.lease_ms);
	assert_false(shows(b, in));
	free(in);
}

/* After a start no lease counts, even one that runs to the latest date. The node asks for it
 * again. */
static void lease_ends_with_the_process(void **state)
{
	struct one_node *b = *state;
	struct viz_inbox *in = calloc(1, sizeof *in);

	award(b, in, VIZ_INBOX_CONTACTED);
	lease(b, in, (struct viz_time){0}, true);
	assert_true(shows(b, in));
	restart(b, 1000);
	assert_false(shows(b, in));
	get(b, in);
	assert_int_not_equal(in->lease_asked.ms, 0);
	lease(b, in, in->lease_asked, true);
	assert_true(shows(b, in));
	free(in);
}

/* At the award's latest date the contact is erased, whatever was reported. */
static void contact_goes_at_the_latest_date(void **state)
{
	static const enum viz_inbox_state states[] = {VIZ_INBOX_AWARDED, VIZ_INBOX_CONTACTED};
	struct one_node *b = *state;
	struct viz_inbox *in = calloc(1, sizeof *in);

	for (size_t i = 0; i < 2; i++) {
		award(b, in, states[i]);
		tick(b, b->federation.undelivered_ms - 1000);
		get(b, in);
		assert_int_not_equal(in->vault, 0);
		tick(b, 2000);
		get(b, in);
		assert_int_equal(in->vault, 0);
	}
	free(in);
}

/* A short id that fits two origins is refused, and the refusal names both. The long id is
 * accepted. */
static void ids_are_not_guessed(void **state)
{
	struct one_node *b = *state;
	struct viz_inbox *in = calloc(1, sizeof *in);
	char full[65], slot[VIZ_SLOT_TEXT_MAX], json[300];

	award(b, in, VIZ_INBOX_AWARDED);
	viz_hex(full, in->origin.b, 32);
	viz_request_slot_text(slot, in->slot);
	assert_int_equal(viz_store_begin(b->store), VIZ_OK);
	in->origin.b[20] ^= 1;
	in->vault = 0;
	viz_inbox_put(&b->node->core, in);
	assert_int_equal(viz_store_commit(b->store), VIZ_OK);
	snprintf(json, sizeof json, "{\"op\":\"inbox.show\",\"args\":{\"id\":\"%.8s-%s\"}}", full,
		 slot);
	assert_non_null(strstr(request(b, json), "ambiguous"));
	assert_non_null(strstr(request(b, json), full));
	snprintf(json, sizeof json, "{\"op\":\"inbox.show\",\"args\":{\"id\":\"%s-%s\"}}", full,
		 slot);
	assert_non_null(strstr(request(b, json), "\"ok\":true"));
	free(in);
}

/* When a lead is over and its records have expired, no table has a row of it. */
static void rows_go_with_their_records(void **state)
{
	struct one_node *b = *state;
	struct viz_inbox *in = calloc(1, sizeof *in);
	const struct viz_id about = {{1}};

	award(b, in, VIZ_INBOX_CONTACTED);
	assert_int_equal(viz_store_begin(b->store), VIZ_OK);
	viz_finding_keep(&b->node->trust, &in->origin, in->slot, VIZ_RULE_SALT,
			 VIZ_VERDICT_CONTRADICTION, &about);
	assert_int_equal(viz_store_commit(b->store), VIZ_OK);
	for (unsigned day = 0; day < 88; day++)
		tick(b, VIZ_DAY_MS);
	assert_int_equal(viz_store_stat_entries(b->store, VIZ_TABLE_INBOX), 1);
	assert_int_equal(viz_store_stat_entries(b->store, VIZ_TABLE_FINDING), 1);
	for (unsigned day = 0; day < 5; day++)
		tick(b, VIZ_DAY_MS);
	assert_int_equal(viz_store_stat_entries(b->store, VIZ_TABLE_INBOX), 0);
	assert_int_equal(viz_store_stat_entries(b->store, VIZ_TABLE_FINDING), 0);
	free(in);
}

/* Mails the false peer's circle key, so that the node can open the OFFER when it comes. */
static void share_circle_key(struct one_node *b, struct false_offer *o)
{
	static const uint8_t circle[32] = {9};
	uint8_t payload[64];
	struct viz_writer w;

	viz_writer_init(&w, payload, sizeof payload);
	viz_writer_array(&w, 2);
	viz_writer_uint(&w, o->epoch);
	viz_writer_bin(&w, circle, sizeof circle);
	mail(b, 1, VIZ_MAIL_CIRCLE_KEY, &w);
	assert_int_equal(viz_store_begin(b->store), VIZ_OK);
	assert_true(
	    viz_circle_offer_key(&b->node->core, &o->key, &b->evil.author, o->epoch, o->slot));
	viz_store_abort(b->store);
}

/* A CLOSE that comes before its OFFER counts when the OFFER comes, and is judged then. This one
 * closes before `closes` although we have not answered. */
static void close_before_its_offer_counts(void **state)
{
	struct one_node *b = *state;
	struct false_offer *o = calloc(1, sizeof *o);
	struct viz_inbox *in = calloc(1, sizeof *in);

	false_offer_to_us(b, o, 0);
	share_circle_key(b, o);
	false_offer_sign(b, o);
	false_offer_sign_close(b, o, false);
	give(b, &o->close);
	assert_false(inbox_row(b, in, o->slot));
	give(b, &o->offer);
	assert_true(inbox_row(b, in, o->slot));
	assert_true(in->has_key);
	assert_true(viz_id_eq(&in->close, &o->close.id));
	assert_int_equal(findings(b, VIZ_RULE_CLOSED_EARLY), 1);
	free(in);
	free(o);
}

/* Likewise a RESULT: then the offer is over as soon as it comes. The salt of this one does not open
 * the OFFER's commitment. */
static void result_before_its_offer_counts(void **state)
{
	struct one_node *b = *state;
	struct false_offer *o = calloc(1, sizeof *o);
	struct viz_inbox *in = calloc(1, sizeof *in);

	false_offer_to_us(b, o, 0);
	false_offer_sign(b, o);
	tick(b, 40000);
	false_offer_sign_close(b, o, false);
	o->salt.b[0] ^= 1;
	false_offer_sign_result(b, o, NULL);
	give(b, &o->result);
	give(b, &o->close);
	assert_false(inbox_row(b, in, o->slot));
	give(b, &o->offer);
	assert_true(inbox_row(b, in, o->slot));
	assert_int_equal(in->state, VIZ_INBOX_OVER);
	assert_true(viz_id_eq(&in->close, &o->close.id));
	assert_true(viz_id_eq(&in->result, &o->result.id));
	assert_int_equal(findings(b, VIZ_RULE_SALT), 1);
	free(in);
	free(o);
}

/* Our node has answered yes, CLOSE has come, and it has revealed. RESULT is signed, not given. */
static void proposed(struct one_node *b, struct false_offer *o, struct viz_inbox *in)
{
	char hex[9], slot[VIZ_SLOT_TEXT_MAX], json[200];

	false_offer_to_us(b, o, 0);
	share_circle_key(b, o);
	false_offer_sign(b, o);
	give(b, &o->offer);
	assert_true(inbox_row(b, in, o->slot));
	in->state = VIZ_INBOX_LOCATED;
	assert_int_equal(viz_store_begin(b->store), VIZ_OK);
	viz_inbox_put(&b->node->core, in);
	assert_int_equal(viz_store_commit(b->store), VIZ_OK);
	viz_hex(hex, b->evil.author.b, 4);
	viz_request_slot_text(slot, o->slot);
	snprintf(json, sizeof json,
		 "{\"op\":\"inbox.answer\",\"args\":{\"id\":\"%s-%s\",\"answer\":\"yes\"}}", hex,
		 slot);
	assert_non_null(strstr(request(b, json), "\"ok\":true"));
	false_offer_sign_close(b, o, true);
	give(b, &o->close);
	assert_true(inbox_row(b, in, o->slot));
	assert_int_equal(in->state, VIZ_INBOX_REVEALED);
	false_offer_sign_result(b, o, &(struct viz_result_entry){.revealed = true});
}

static void sign_choice(struct one_node *b, const struct false_offer *o, unsigned k,
			const struct viz_secret *opens)
{
	struct viz_choice c = {.at = FORGE_LATER_AT, .offer = o->offer.id, .what = VIZ_CHOICE_NONE};
	uint8_t body[256];
	struct viz_writer w;

	if (opens) {
		c.what = VIZ_CHOICE_AWARD;
		viz_commitment_choice(&c.commitment, opens, &o->offer.id, k,
				      viz_node_author(b->node));
	}
	viz_writer_init(&w, body, sizeof body);
	viz_choice_write(&w, &c);
	forge_record(&b->scratch, &b->evil, VIZ_TYPE_CHOICE, viz_record_slot_choice(o->slot, k),
		     b->now, &w);
}

static void sign_second_receipt(struct one_node *b, const struct false_offer *o, struct forged *out)
{
	static struct viz_receipt c;
	uint8_t body[4096];
	struct viz_writer w;

	c = (struct viz_receipt){.offer_slot = o->slot,
				 .purpose = VIZ_PURPOSE_CONTACT,
				 .state = VIZ_CONSENT_GIVEN,
				 .recipient_count = 1,
				 .language = "pt-BR",
				 .text_version = "x",
				 .channel = "phone",
				 .given = b->now,
				 .expires = viz_after(b->now, VIZ_DAY_MS)};
	c.recipient[0].id = *viz_node_author(b->node);
	viz_writer_init(&w, body, sizeof body);
	viz_receipt_write(&w, &c);
	forge_statement(out, &b->evil, VIZ_TYPE_RECEIPT, o->slot, 2, b->now, &w);
}

/* Mails the hand-off of award k. `opens` is the blinding in AWARD, `made` the one in CHOICE. */
static void hand_off(struct one_node *b, const struct false_offer *o, const struct viz_inbox *in,
		     unsigned k, const struct viz_secret *made, const struct viz_secret *opens)
{
	const struct viz_contact contact = {.name = "N", .phone = "+5527999990000", .address = "R"};
	struct forged *choice = calloc(3, sizeof *choice), *receipt = choice + 1,
		      *award = choice + 2;
	struct viz_award a = {.offer = o->offer.id,
			      .n = k,
			      .recipient = *viz_node_author(b->node),
			      .pledge = in->pledge,
			      .blinding = *opens,
			      .latest = viz_after(b->now, VIZ_DAY_MS)};
	static uint8_t payload[16384];
	uint8_t body[512], plain[512];
	struct viz_mail_handoff m = {.contact = plain};
	struct viz_writer w;

	sign_choice(b, o, k, made);
	*choice = b->scratch;
	sign_second_receipt(b, o, receipt);
	a.choice = choice->id;
	a.receipt = receipt->id;
	viz_writer_init(&w, body, sizeof body);
	viz_award_write(&w, &a);
	forge_statement(award, &b->evil, VIZ_TYPE_AWARD, o->slot, k, b->now, &w);
	viz_writer_init(&w, plain, sizeof plain);
	viz_contact_write(&w, &contact);
	m.contact_len = w.len;
	m.choice = choice->bytes;
	m.choice_len = choice->len;
	m.award = award->bytes;
	m.award_len = award->len;
	m.receipt = receipt->bytes;
	m.receipt_len = receipt->len;
	viz_writer_init(&w, payload, sizeof payload);
	viz_mail_handoff_write(&w, &m);
	mail(b, 30 + k, VIZ_MAIL_HANDOFF, &w);
	assert_int_equal(b->closed, 0);
	free(choice);
}

/* Without RESULT a hand-off gets no answer, and its repetition is taken. An award that does not
 * open its CHOICE is refused, and found. A later CHOICE ends the award. */
static void an_award_opens_its_choice(void **state)
{
	static const struct viz_secret right = {{5}}, wrong = {{6}};
	struct one_node *b = *state;
	struct false_offer *o = calloc(1, sizeof *o);
	struct viz_inbox *in = calloc(1, sizeof *in);
	size_t mails;

	proposed(b, o, in);
	mails = b->mails;
	hand_off(b, o, in, 1, &right, &right);
	assert_int_equal(b->mails, mails);
	give(b, &o->result);
	assert_true(inbox_row(b, in, o->slot));
	assert_int_equal(in->state, VIZ_INBOX_REVEALED);
	hand_off(b, o, in, 1, &right, &wrong);
	assert_int_equal(b->mails, mails + 1);
	assert_true(inbox_row(b, in, o->slot));
	assert_int_equal(in->award_n, 0);
	hand_off(b, o, in, 1, &right, &right);
	assert_int_equal(b->mails, mails + 2);
	assert_true(inbox_row(b, in, o->slot));
	assert_int_equal(in->state, VIZ_INBOX_AWARDED);
	assert_int_not_equal(in->contact_len, 0);
	sign_choice(b, o, 2, NULL);
	give(b, &b->scratch);
	assert_true(inbox_row(b, in, o->slot));
	assert_int_equal(in->state, VIZ_INBOX_RELEASED);
	assert_int_equal(in->contact_len, 0);
	assert_int_equal(in->vault, 0);
	/* and a CHOICE behind it is found */
	assert_int_equal(findings(b, VIZ_RULE_CHOICE_ORDER), 0);
	sign_choice(b, o, 3, &right);
	give(b, &b->scratch);
	assert_int_equal(findings(b, VIZ_RULE_CHOICE_ORDER), 1);
	free(in);
	free(o);
}

/* A PLEDGE is signed once. After a start the same bytes go out again. */
static void a_pledge_is_signed_once(void **state)
{
	struct one_node *b = *state;
	struct false_offer *o = calloc(1, sizeof *o);
	struct viz_inbox *in = calloc(1, sizeof *in);
	struct viz_id pledge;
	size_t mails;

	false_offer_to_us(b, o, 0);
	share_circle_key(b, o);
	false_offer_sign(b, o);
	give(b, &o->offer);
	tick(b, 24000);
	assert_true(inbox_row(b, in, o->slot));
	assert_int_equal(in->state, VIZ_INBOX_PLEDGED);
	pledge = in->pledge;
	mails = b->mails;
	restart(b, 1000);
	assert_true(b->mails > mails);
	assert_true(inbox_row(b, in, o->slot));
	assert_true(viz_id_eq(&pledge, &in->pledge));
	false_offer_sign_close(b, o, true);
	give(b, &o->close);
	assert_int_equal(findings(b, VIZ_RULE_CLOSE_ENTRIES), 0);
	free(in);
	free(o);
}

/* An answer is given until CLOSE has come, also when our clock says that the window is over. */
static void pledges_go_out_until_close(void **state)
{
	struct one_node *b = *state;
	struct false_offer *o = calloc(2, sizeof *o);
	struct viz_inbox *in = calloc(1, sizeof *in);

	for (unsigned closed = 0; closed < 2; closed++) {
		false_offer_to_us(b, &o[closed], closed);
		share_circle_key(b, &o[closed]);
		false_offer_sign(b, &o[closed]);
		tick(b, 40000);
		if (closed) {
			false_offer_sign_close(b, &o[closed], false);
			give(b, &o[closed].close);
		}
		give(b, &o[closed].offer);
		tick(b, 24000);
		assert_true(inbox_row(b, in, o[closed].slot));
		assert_int_equal(in->state, closed ? VIZ_INBOX_LISTED : VIZ_INBOX_PLEDGED);
	}
	free(in);
	free(o);
}

/* Changes the false peer's key to key 1. It signs its records again, and stays member and partner.
 */
static void change_key(struct one_node *b)
{
	const struct viz_id next = {{3}};

	b->evil.key = 1;
	forge_succession(&b->scratch, &b->evil, 1, b->now, &next);
	give(b, &b->scratch);
	b->now.ms += 5;
	forge_node(&b->scratch, &b->evil, b->now);
	give(b, &b->scratch);
	forge_vouch(&b->scratch, &b->evil, 0, b->now, viz_node_author(b->node), false);
	give(b, &b->scratch);
	forge_partners(&b->scratch, &b->evil, b->now, viz_node_author(b->node), b->now);
	give(b, &b->scratch);
	tick(b, PARTNER_DELAY_MS);
	assert_true(viz_live_partner(&b->node->trust, &b->evil.author));
}

/* A thief of a key that has ended can still sign an OFFER with it. The record is held, but the node
 * does not act on it. A COVERAGE of that key is not held either. */
static void an_ended_key_makes_no_offers(void **state)
{
	struct one_node *b = *state;
	struct false_offer *o = calloc(1, sizeof *o);
	struct viz_inbox *in = calloc(1, sizeof *in);
	uint64_t held;

	change_key(b);
	held = viz_store_stat_entries(b->store, VIZ_TABLE_RECORD);
	b->mails = 0;
	b->evil.key = 0;
	false_offer_init(b, o, 0);
	false_offer_sign(b, o);
	give(b, &o->offer);
	assert_int_equal(viz_store_stat_entries(b->store, VIZ_TABLE_RECORD), held + 1);
	assert_false(inbox_row(b, in, o->slot));
	forge_coverage(&b->scratch, &b->evil, 0, b->now, 1, 0);
	give(b, &b->scratch);
	assert_int_equal(viz_store_stat_entries(b->store, VIZ_TABLE_RECORD), held + 1);
	assert_int_equal(b->closed, 0);
	assert_int_equal(b->mails, 0);
	/* the node acts on both when the current key signs them */
	b->evil.key = 1;
	false_offer_init(b, o, 1);
	false_offer_sign(b, o);
	give(b, &o->offer);
	assert_true(inbox_row(b, in, o->slot));
	assert_int_equal(b->mails, 1);
	forge_coverage(&b->scratch, &b->evil, 0, b->now, 1, 0);
	give(b, &b->scratch);
	assert_int_equal(b->mails, 2);
	free(in);
	free(o);
}

static const struct breach {
	const char *name;
	bool good;
	/* what the location says */
	uint32_t municipality;
	int32_t lat_udeg;
	uint32_t precision_m;
	bool no_point, broken, no_cell;
	/* what is wrong with the rest */
	bool other_commit, other_receipt, not_named, withdrawn, expired, other_slot;
} breaches[] = {
    {"good", .good = true, .municipality = 3201209, .lat_udeg = -20848912, .precision_m = 10},
    {"good, without cell", .good = true, .municipality = 3201209, .no_point = true,
     .no_cell = true},
    {"another municipality", .municipality = 3205309, .no_point = true, .no_cell = true},
    {"outside the cell", .municipality = 3201209, .lat_udeg = -20748912, .precision_m = 10},
    {"of a precision that leaves the cell", .municipality = 3201209, .lat_udeg = -20848912,
     .precision_m = 5000},
    {"without a point", .municipality = 3201209, .no_point = true},
    {"in no form", .broken = true},
    {"another than committed", .municipality = 3201209, .lat_udeg = -20848912,
     .other_commit = true},
    {"another receipt", .municipality = 3201209, .lat_udeg = -20848912, .other_receipt = true},
    {"a receipt of others", .municipality = 3201209, .lat_udeg = -20848912, .not_named = true},
    {"a withdrawn receipt", .municipality = 3201209, .lat_udeg = -20848912, .withdrawn = true},
    {"an expired receipt", .municipality = 3201209, .lat_udeg = -20848912, .expired = true},
    {"a receipt of another offer", .municipality = 3201209, .lat_udeg = -20848912,
     .other_slot = true},
};

/* Signs a receipt for the location of the offer in `slot`. */
static void sign_receipt(struct one_node *b, struct forged *out, uint64_t slot,
			 const struct breach *x)
{
	static struct viz_receipt c;
	uint8_t body[1024];
	struct viz_writer w;

	c = (struct viz_receipt){.offer_slot = x->other_slot ? slot + 1 : slot,
				 .purpose = VIZ_PURPOSE_LOCATION,
				 .state = x->withdrawn ? VIZ_CONSENT_WITHDRAWN : VIZ_CONSENT_GIVEN,
				 .recipient_count = 1,
				 .given = b->now,
				 .expires = viz_after(b->now, x->expired ? 0 : VIZ_DAY_MS),
				 .language = "pt-BR",
				 .text_version = "1",
				 .channel = "phone"};
	c.recipient[0].id = x->not_named ? b->evil.author : *viz_node_author(b->node);
	viz_writer_init(&w, body, sizeof body);
	viz_receipt_write(&w, &c);
	forge_statement(out, &b->evil, VIZ_TYPE_RECEIPT, slot, 1, b->now, &w);
}

/* Makes an offer to us, and mails its location. */
static void mail_location(struct one_node *b, struct false_offer *o, unsigned number,
			  const struct breach *x)
{
	const struct viz_location l = {.has_point = !x->no_point,
				       .point = {x->lat_udeg, -41112901},
				       .precision_m = x->precision_m,
				       .municipality = x->municipality,
				       .service = VIZ_SERVICE_INTERNET};
	const struct viz_point point = {-20848912, -41112901};
	const struct viz_secret blinding = {{5}};
	uint8_t bytes[VIZ_LOCATION_MAX] = {0xc1}, payload[1024];
	struct viz_writer w;
	size_t len = 1;

	viz_writer_init(&w, bytes, sizeof bytes);
	if (!x->broken) {
		viz_location_write(&w, &l);
		assert_int_equal(viz_writer_finish(&w, &len), VIZ_OK);
	}
	false_offer_to_us(b, o, number);
	o->secret.area.cell = x->no_cell ? 0 : viz_cell_from_point(point, VIZ_AREA_LEVEL);
	viz_commitment(&o->location_commit, "vizinho/location", &blinding, bytes, len);
	o->location_commit.b[0] ^= x->other_commit;
	sign_receipt(b, &b->scratch, o->slot, x);
	viz_commitment(&o->receipt_commit, "vizinho/receipt", &blinding, b->scratch.id.b, 32);
	o->receipt_commit.b[0] ^= x->other_receipt;
	false_offer_sign(b, o);
	give(b, &o->offer);
	false_offer_mail_key(b, o);
	viz_writer_init(&w, payload, sizeof payload);
	viz_writer_array(&w, 5);
	viz_writer_uint(&w, o->slot);
	viz_writer_bin(&w, bytes, len);
	viz_writer_bin(&w, blinding.b, sizeof blinding.b);
	viz_writer_bin(&w, b->scratch.bytes, b->scratch.len);
	viz_writer_bin(&w, blinding.b, sizeof blinding.b);
	mail(b, 2, VIZ_MAIL_LOCATION, &w);
}

/* Of a location that does not fit commitment, receipt or area nothing is kept. The answer is
 * `no-content`, and the link stays. */
static void false_location_is_not_used(void **state)
{
	struct one_node *b = *state;
	struct false_offer *o = calloc(1, sizeof *o);
	struct viz_inbox *in = calloc(1, sizeof *in);

	for (unsigned i = 0; i < sizeof breaches / sizeof *breaches; i++) {
		const struct breach *x = &breaches[i];

		struct viz_slice kept;
		size_t acks;

		tick(b, 2000);
		acks = b->acks;
		print_message("# %s\n", x->name);
		mail_location(b, o, i, x);
		assert_int_equal(b->acks, acks + 2); /* the key, and the location */
		assert_int_equal(b->closed, 0);
		assert_true(inbox_row(b, in, o->slot));
		assert_int_equal(in->state, VIZ_INBOX_PLEDGED);
		assert_int_equal(in->answer, x->good ? VIZ_ANSWER_NO : VIZ_ANSWER_NO_CONTENT);
		assert_int_equal(in->location_len > 0, x->good);
		assert_int_equal(in->vault != 0, x->good);
		assert_int_equal(viz_store_begin(b->store), VIZ_OK);
		assert_int_equal(viz_statement_get(&b->node->core, &kept, &b->evil.author, o->slot,
						   VIZ_TYPE_RECEIPT, &b->evil.author, 1),
				 x->good);
		viz_store_abort(b->store);
	}
	free(in);
	free(o);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	    T(lease_of_another_clock_is_none),  T(lease_ends_with_the_process),
	    T(contact_goes_at_the_latest_date), T(ids_are_not_guessed),
	    T(rows_go_with_their_records),      T(close_before_its_offer_counts),
	    T(result_before_its_offer_counts),  T(an_ended_key_makes_no_offers),
	    T(an_award_opens_its_choice),       T(a_pledge_is_signed_once),
	    T(pledges_go_out_until_close),      T(false_location_is_not_used),
	};

	VIZ_REQUIRE(viz_crypto_init() == VIZ_OK);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
