/* A lead at a partner: records that come out of order, pledges, hand-offs. */
#include "tests/hostile/one_node.h"

#include "crypto/crypto.h"
#include "node/audit/finding.h"
#include "node/control/request.h"
#include "node/core/account.h"
#include "node/core/core.h"
#include "node/core/due.h"
#include "node/core/event.h"
#include "node/core/place.h"
#include "node/core/secrets.h"
#include "node/inbox/inbox.h"
#include "node/node.h"
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
#include "proto/reader.h"
#include "proto/record.h"
#include "proto/statement.h"
#include "proto/writer.h"
#include "store/stat.h"
#include "store/store.h"
#include "store/tables.h"
#include "tests/hostile/one_award.h"
#include "tests/hostile/one_lead.h"
#include "tests/hostile/one_offer.h"

/* A CLOSE that comes before its OFFER is dropped, and the OFFER is asked for: once in a minute.
 * When both have come it counts. This one closes before `closes` although we have not answered. */
static void close_before_its_offer_is_asked_for(void **state)
{
	struct one_node *b = *state;
	struct false_offer *o = calloc(1, sizeof *o);
	struct viz_inbox *in = calloc(1, sizeof *in);
	uint64_t held = viz_store_stat_entries(b->store, VIZ_TABLE_RECORD);

	false_offer_to_us(b, o, 0);
	false_offer_sign(b, o);
	false_offer_sign_close(b, o, false);
	give(b, &o->close);
	assert_int_equal(b->offer_asks, 1);
	give(b, &o->close);
	assert_int_equal(b->offer_asks, 1);
	assert_int_equal(viz_store_stat_entries(b->store, VIZ_TABLE_RECORD), held);
	assert_int_equal(b->closed, 0);
	give(b, &o->offer);
	give(b, &o->close);
	assert_int_equal(b->offer_asks, 1);
	assert_true(inbox_row(b, in, o->slot));
	assert_int_equal(in->state, VIZ_INBOX_LISTED);
	assert_true(viz_id_eq(&in->close, &o->close.id));
	assert_int_equal(findings(b, VIZ_RULE_CLOSED_EARLY), 1);
	assert_true(exports(b, VIZ_RULE_CLOSED_EARLY));
	free(in);
	free(o);
}

/* Likewise a RESULT before its CLOSE. The salt of this one does not open the OFFER's commitment. */
static void result_before_its_close_is_asked_for(void **state)
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
	give(b, &o->offer);
	give(b, &o->result);
	assert_int_equal(b->offer_asks, 1);
	give(b, &o->close);
	assert_true(inbox_row(b, in, o->slot));
	assert_true(viz_id_is_zero(&in->result));
	give(b, &o->result);
	assert_true(inbox_row(b, in, o->slot));
	assert_int_equal(in->state, VIZ_INBOX_OVER);
	assert_true(viz_id_eq(&in->close, &o->close.id));
	assert_true(viz_id_eq(&in->result, &o->result.id));
	assert_int_equal(findings(b, VIZ_RULE_SALT), 1);
	assert_true(exports(b, VIZ_RULE_SALT));
	free(in);
	free(o);
}

/* Without RESULT a hand-off gets no answer, and its repetition is taken. An award that does not
 * open its CHOICE is refused. A later CHOICE ends the award. */
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
	sign_choice(b, o, 2, NULL, NULL);
	give(b, &b->scratch);
	assert_true(inbox_row(b, in, o->slot));
	assert_int_equal(in->state, VIZ_INBOX_RELEASED);
	assert_int_equal(in->contact_len, 0);
	assert_int_equal(in->vault, 0);
	/* and a CHOICE behind it is found */
	assert_int_equal(findings(b, VIZ_RULE_CHOICE_ORDER), 0);
	sign_choice(b, o, 3, &right, NULL);
	give(b, &b->scratch);
	assert_int_equal(findings(b, VIZ_RULE_CHOICE_ORDER), 1);
	assert_true(exports(b, VIZ_RULE_CHOICE_ORDER));
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
		false_offer_sign(b, &o[closed]);
		tick(b, 40000);
		give(b, &o[closed].offer);
		if (closed) {
			false_offer_sign_close(b, &o[closed], false);
			give(b, &o[closed].close);
		}
		tick(b, 24000);
		assert_true(inbox_row(b, in, o[closed].slot));
		assert_int_equal(in->state, closed ? VIZ_INBOX_LISTED : VIZ_INBOX_PLEDGED);
	}
	free(in);
	free(o);
}

/* A thief of a key that has ended can still sign an OFFER with it. The record is held and its view
 * is asked for, but the node does not act on it. A COVERAGE of that key is not even held. */
static void an_ended_key_makes_no_offers(void **state)
{
	struct one_node *b = *state;
	struct false_offer *o = calloc(1, sizeof *o);
	struct viz_inbox *in = calloc(1, sizeof *in);
	uint64_t held;

	change_key(b);
	assert_true(viz_live_partner(&b->node->trust, &b->evil.author));
	false_offer_to_us(b, o, 0);
	held = viz_store_stat_entries(b->store, VIZ_TABLE_RECORD);
	b->mails = 0;
	b->evil.key = 0;
	false_offer_sign(b, o);
	give(b, &o->offer);
	assert_int_equal(viz_store_stat_entries(b->store, VIZ_TABLE_RECORD), held + 1);
	assert_true(inbox_row(b, in, o->slot));
	assert_int_equal(in->state, VIZ_INBOX_BYSTANDER);
	forge_coverage(&b->scratch, &b->evil, 0, b->now, 1, 0);
	give(b, &b->scratch);
	assert_int_equal(viz_store_stat_entries(b->store, VIZ_TABLE_RECORD), held + 1);
	assert_int_equal(b->closed, 0);
	assert_int_equal(b->mails, 1);
	/* the time to answer goes by */
	tick(b, 31000);
	assert_true(inbox_row(b, in, o->slot));
	assert_int_equal(in->state, VIZ_INBOX_BYSTANDER);
	assert_int_equal(in->answer, 0);
	b->mails = 0;
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

/* A RESULT that its origin has contradicted counts for nothing, so no award is accepted by
 * it. */
static void dead_results_award_nobody(void **state)
{
	static const struct viz_secret right = {{5}};
	struct one_node *b = *state;
	struct false_offer *o = calloc(1, sizeof *o);
	struct viz_inbox *in = calloc(1, sizeof *in);

	proposed(b, o, in);
	give(b, &o->result);
	b->now.ms += 10;
	false_offer_sign_result(b, o, NULL); /* the other half says that we did not reveal */
	give(b, &o->result);
	assert_int_equal(findings(b, VIZ_RULE_EQUIVOCATION), 1);
	assert_true(exports(b, VIZ_RULE_EQUIVOCATION));
	assert_true(inbox_row(b, in, o->slot));
	hand_off(b, o, in, 1, &right, &right);
	assert_true(inbox_row(b, in, o->slot));
	assert_int_equal(in->award_n, 0);
	free(in);
	free(o);
}

/* After a RESULT of kind 2 there is no CHOICE: the customer has withdrawn. */
static void withdrawn_results_award_nobody(void **state)
{
	static const struct viz_secret right = {{5}};
	static struct viz_result r;
	struct one_node *b = *state;
	struct false_offer *o = calloc(1, sizeof *o);
	struct viz_inbox *in = calloc(1, sizeof *in);
	VIZ_WRITER(w, 512);

	proposed(b, o, in);
	r = (struct viz_result){.at = forge_at(&b->evil, o->number),
				.offer = o->offer.id,
				.close = o->close.id,
				.kind = VIZ_RESULT_WITHDRAWN,
				.salt = o->salt,
				.count = 1};
	r.entry[0].revealed = true;
	viz_result_write(&w, &r);
	forge_logged(&o->result, &b->evil, VIZ_TYPE_RESULT, o->slot, b->now, &w);
	give(b, &o->result);
	assert_int_equal(b->closed, 0);
	assert_true(inbox_row(b, in, o->slot));
	hand_off(b, o, in, 1, &right, &right);
	assert_true(inbox_row(b, in, o->slot));
	assert_int_equal(in->award_n, 0);
	free(in);
	free(o);
}

/* At which number of the outbox a statement of this type and number waits for the false peer; 0:
 * none. */
static uint64_t outbox_number(struct one_node *b, uint8_t type, uint64_t number)
{
	struct viz_slice key, value;
	struct viz_walk walk;
	uint64_t n = 0;

	assert_int_equal(viz_store_begin(b->store), VIZ_OK);
	viz_walk_init(&walk, b->store, VIZ_TABLE_OUTBOX, b->evil.author.b, 32);
	while (viz_walk_next(&walk, &key, &value)) {
		struct viz_record rec;
		struct viz_reader r;
		size_t len = 0;
		const uint8_t *bytes;

		viz_reader_init(&r, value.p, value.len);
		viz_reader_array(&r, 2, 2);
		if (viz_reader_uint(&r, VIZ_MAIL_KIND_MAX) != VIZ_MAIL_STATEMENT)
			continue;
		bytes = viz_mail_signed_read(&r, &len);
		if (bytes && viz_record_parse(&rec, bytes, len) == VIZ_OK && rec.type == type &&
		    rec.seq == number && n == 0)
			n = viz_be_get_u64(key.p + 32);
	}
	viz_store_abort(b->store);
	return n;
}

/* It was offline, and the WITHDRAWAL of its award 1 comes in one batch
 * with the hand-off of award 3. ERASED of award 1 goes out behind HANDOFF_ACK of award 3, and its
 * origin would have to tell them apart. */
#define ERASED_1 ((uint64_t)VIZ_ERASED_ALL << 32 | 1)

static void erased_is_said_before_the_next_award(void **state)
{
	static const struct viz_secret right = {{5}};
	static uint8_t wd_body[1024];
	struct one_node *b = *state;
	struct false_offer *o = calloc(1, sizeof *o);
	struct viz_inbox *in = calloc(1, sizeof *in);
	struct viz_withdrawal wd = {.scope = VIZ_WITHDRAW_AWARD, .award_n = 2};
	struct viz_event ev[2] = {{.kind = VIZ_EVENT_MESSAGE, .link = LINK_EVIL, .bytes = wd_body}};
	struct viz_writer h;
	VIZ_WRITER(w, 64);

	proposed(b, o, in);
	give(b, &o->result);
	hand_off(b, o, in, 1, &right, &right);
	assert_true(inbox_row(b, in, o->slot));
	assert_int_equal(in->state, VIZ_INBOX_AWARDED);
	b->now.ms += 1000;
	wd.offer = o->offer.id;
	viz_withdrawal_write(&w, &wd);
	forge_statement(&b->scratch, &b->evil, VIZ_TYPE_WITHDRAWAL, o->slot,
			(uint64_t)VIZ_WITHDRAW_AWARD << 32 | 2, b->now, &w);
	viz_writer_init(&h, wd_body, sizeof wd_body);
	viz_writer_array(&h, 4);
	viz_writer_uint(&h, VIZ_MESSAGE_MAIL);
	viz_writer_uint(&h, 32);
	viz_writer_uint(&h, VIZ_MAIL_STATEMENT);
	viz_writer_array(&h, 1);
	viz_writer_bin(&h, b->scratch.bytes, b->scratch.len);
	ev[0].len = h.len;
	hold_hand_off = true;
	hand_off(b, o, in, 3, &right, &right);
	hold_hand_off = false;
	ev[1] = held_hand_off();
	run(b, ev, 2);
	assert_int_equal(b->closed, 0);
	assert_true(inbox_row(b, in, o->slot));
	if (in->award_n != 3)
		hand_off(b, o, in, 3, &right, &right); /* it comes again */
	assert_true(inbox_row(b, in, o->slot));
	assert_int_equal(in->award_n, 3);
	print_message("# HANDOFF_ACK is mail %llu, ERASED is mail %llu\n",
		      (unsigned long long)outbox_number(b, VIZ_TYPE_HANDOFF_ACK, 3),
		      (unsigned long long)outbox_number(b, VIZ_TYPE_ERASED, ERASED_1));
	assert_int_not_equal(outbox_number(b, VIZ_TYPE_ERASED, ERASED_1), 0);
	assert_true(outbox_number(b, VIZ_TYPE_ERASED, ERASED_1) <
		    outbox_number(b, VIZ_TYPE_HANDOFF_ACK, 3));
	free(in);
	free(o);
}

/* The hand-off comes in the same moment as RESULT, when the customer does not think for long: it is
 * taken, and need not come again. */
static void a_hand_off_on_the_heels_of_result(void **state)
{
	static const struct viz_secret right = {{5}};
	struct one_node *b = *state;
	struct false_offer *o = calloc(1, sizeof *o);
	struct viz_inbox *in = calloc(1, sizeof *in);
	struct viz_event *ev = calloc(2, sizeof *ev), both[2];
	size_t n = 0;

	assert_true(o && in && ev);
	proposed(b, o, in);
	add_event(ev, &n, LINK_EVIL, &o->result);
	hold_hand_off = true;
	hand_off(b, o, in, 1, &right, &right);
	hold_hand_off = false;
	both[0] = ev[0];
	both[1] = held_hand_off();
	run(b, both, 2);
	assert_int_equal(b->closed, 0);
	assert_true(inbox_row(b, in, o->slot));
	assert_int_equal(in->state, VIZ_INBOX_AWARDED);
	free_events(ev, n);
	free(in);
	free(o);
}

/* A clock that is behind what we have signed delays an answer and does not cancel
 * it. */
static void a_slow_clock_delays_the_pledge(void **state)
{
	struct one_node *b = *state;
	struct false_offer *o = calloc(1, sizeof *o);
	struct viz_inbox *in = calloc(1, sizeof *in);

	tick(b, b->federation.heartbeat_ms); /* a NODE is signed now */
	restart(b, -50000);
	false_offer_to_us(b, o, 0);
	false_offer_sign(b, o);
	give(b, &o->offer);
	tick(b, 24000);
	assert_true(inbox_row(b, in, o->slot));
	for (unsigned i = 0; i < 60; i++)
		tick(b, 1000);
	assert_true(inbox_row(b, in, o->slot));
	assert_int_equal(in->state, VIZ_INBOX_PLEDGED);
	free(in);
	free(o);
}

/* CLOSE comes while our clock is behind what we have signed: we reveal when it has
 * caught up. */
static void a_slow_clock_delays_the_reveal(void **state)
{
	struct one_node *b = *state;
	struct false_offer *o = calloc(1, sizeof *o);
	struct viz_inbox *in = calloc(1, sizeof *in);

	false_offer_to_us(b, o, 0);
	false_offer_sign(b, o);
	give(b, &o->offer);
	answer_yes(b, o, in);
	restart(b, -3000);
	b->now.ms += 1000; /* still two seconds behind */
	false_offer_sign_close(b, o, true);
	give(b, &o->close);
	for (unsigned i = 0; i < 10; i++)
		tick(b, 1000);
	assert_true(inbox_row(b, in, o->slot));
	assert_int_equal(in->state, VIZ_INBOX_REVEALED);
	free(in);
	free(o);
}

/* We were away while the window went by. The location gets its time from when the link with the
 * origin is full, and not from when the OFFER came. */
static void the_window_counts_again_after_a_start(void **state)
{
	struct one_node *b = *state;
	struct false_offer *o = calloc(1, sizeof *o);
	struct viz_inbox *in = calloc(1, sizeof *in);
	int64_t window;

	false_offer_to_us(b, o, 1);
	false_offer_sign(b, o);
	give(b, &o->offer);
	assert_true(inbox_row(b, in, o->slot));
	window = in->closes.ms - in->time.ms;
	restart(b, window + 1000);
	say_last(b, LINK_EVIL);
	tick(b, window / 4 * 3 - 1000);
	assert_true(inbox_row(b, in, o->slot));
	assert_int_equal(in->state, VIZ_INBOX_LISTED);
	tick(b, 1000);
	assert_true(inbox_row(b, in, o->slot));
	assert_int_equal(in->state, VIZ_INBOX_PLEDGED);
	assert_int_equal(in->answer, VIZ_ANSWER_NO_CONTENT);
	free(in);
	free(o);
}

/* How many WITHDRAWALs of the false peer wait for their OFFERs. */
static uint64_t tombstones(struct one_node *b)
{
	struct viz_account a;

	assert_int_equal(viz_store_begin(b->store), VIZ_OK);
	viz_account_get(&b->node->core, &a, &b->evil.author);
	viz_store_abort(b->store);
	return a.tombstones;
}

static bool holds_offer(struct one_node *b, uint64_t slot)
{
	struct viz_held held;
	bool there;

	assert_int_equal(viz_store_begin(b->store), VIZ_OK);
	there = viz_place_get(&b->node->core, &held, NULL, &b->evil.author, VIZ_TYPE_OFFER, slot);
	viz_store_abort(b->store);
	return there;
}

/* The operator ends the partnership. Then an OFFER comes that names a NODE of just before, so that
 * we are in its circle. */
static void offer_after_parting(struct one_node *b, struct false_offer *o)
{
	assert_true(ok(peer_op(b, "peer.block")));
	tick(b, PARTNER_DELAY_MS - 1000);
	false_offer_to_us(b, o, 0);
	tick(b, 2000);
	assert_false(viz_live_partner(&b->node->trust, &b->evil.author));
	false_offer_sign(b, o);
	give(b, &o->offer);
	assert_true(holds_offer(b, o->slot));
}

/* It begins again. */

static void meet(struct one_node *b)
{
	assert_true(ok(peer_op(b, "peer.trust")));
	tick(b, PARTNER_DELAY_MS);
	forge_node(&b->scratch, &b->evil, b->now);
	give(b, &b->scratch);
	assert_true(viz_live_partner(&b->node->trust, &b->evil.author));
}

/* An OFFER of an origin that was no partner of ours is held without a row. Its WITHDRAWAL finds it:
 * nothing is waited for. */
static void a_withdrawal_finds_an_offer_without_a_row(void **state)
{
	struct one_node *b = *state;
	struct false_offer *o = calloc(1, sizeof *o);
	struct viz_inbox *in = calloc(1, sizeof *in);
	struct viz_time dated;

	offer_after_parting(b, o);
	dated = b->now;
	assert_false(inbox_row(b, in, o->slot));
	meet(b);
	mail_withdrawal(b, 2, o->slot);
	assert_true(inbox_row(b, in, o->slot));
	assert_int_equal(in->time.ms, dated.ms);
	assert_true(viz_id_eq(&in->offer, &o->offer.id));
	assert_true(in->withdrawn);
	assert_int_equal(tombstones(b), 0);
	free(in);
	free(o);
}

/* The other order: what is waited for has come, also when its origin is no partner any more. */
static void an_offer_ends_its_tombstone(void **state)
{
	struct one_node *b = *state;
	struct false_offer *o = calloc(1, sizeof *o);
	struct viz_inbox *in = calloc(1, sizeof *in);
	uint64_t slot = viz_record_slot_make(b->now, 0);

	mail_withdrawal(b, 2, slot);
	assert_true(inbox_row(b, in, slot));
	assert_int_equal(in->time.ms, 0);
	assert_int_equal(tombstones(b), 1);
	offer_after_parting(b, o);
	assert_true(inbox_row(b, in, slot));
	assert_int_equal(in->time.ms, b->now.ms);
	assert_true(viz_id_eq(&in->offer, &o->offer.id));
	assert_true(in->withdrawn);
	assert_int_equal(tombstones(b), 0);
	free(in);
	free(o);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	    T(a_hand_off_on_the_heels_of_result),
	    T(close_before_its_offer_is_asked_for),
	    T(result_before_its_close_is_asked_for),
	    T(an_award_opens_its_choice),
	    T(a_pledge_is_signed_once),
	    T(pledges_go_out_until_close),
	    T(an_ended_key_makes_no_offers),
	    T(dead_results_award_nobody),
	    T(withdrawn_results_award_nobody),
	    T(erased_is_said_before_the_next_award),
	    T(a_slow_clock_delays_the_pledge),
	    T(a_slow_clock_delays_the_reveal),
	    T(the_window_counts_again_after_a_start),
	    T(a_withdrawal_finds_an_offer_without_a_row),
	    T(an_offer_ends_its_tombstone),
	};

	VIZ_REQUIRE(viz_crypto_init() == VIZ_OK);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
