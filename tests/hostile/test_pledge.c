/* What partners answer to an offer of ours: which PLEDGE counts, and what each gets in return. */
#include "tests/hostile/one_pledge.h"

#include "crypto/crypto.h"
#include "node/core/place.h"
#include "node/link/mail.h"
#include "node/self/statement.h"
#include "proto/base.h"
#include "store/stat.h"

/* Whether we hold a record of ours; `rec` is parsed into static bytes. */
static bool ours(struct one_node *b, struct viz_record *rec, uint8_t type, uint64_t slot)
{
	static uint8_t bytes[VIZ_SIGNED_RECORD_MAX];
	struct viz_held held;
	bool there;

	assert_int_equal(viz_store_begin(b->store), VIZ_OK);
	there = viz_place_get(&b->node->core, &held, NULL, viz_node_author(b->node), type, slot);
	if (there) {
		memcpy(bytes, held.a, held.a_len);
		assert_int_equal(viz_record_parse(rec, bytes, held.a_len), VIZ_OK);
	}
	viz_store_abort(b->store);
	return there;
}

/* How many PLEDGEs of the false peer for this offer are kept. */
static size_t kept(struct one_node *b, uint64_t slot)
{
	struct viz_slice v;
	size_t n = 0;

	assert_int_equal(viz_store_begin(b->store), VIZ_OK);
	for (uint64_t number = 1; number < 4; number++)
		n += viz_statement_get(&b->node->core, &v, viz_node_author(b->node), slot,
				       VIZ_TYPE_PLEDGE, &b->evil.author, number);
	viz_store_abort(b->store);
	return n;
}

static uint64_t all_findings(struct one_node *b)
{
	return viz_store_stat_entries(b->store, VIZ_TABLE_FINDING);
}

/* A repetition gets the same acknowledgement. Another PLEDGE gets it too, and is kept as the proof
 * that its author signed two. */
static void the_first_pledge_counts(void **state)
{
	struct one_node *b = *state;
	struct viz_lead *lead = calloc(1, sizeof *lead);
	struct viz_lead_peer *peer;
	struct forge other;
	struct viz_id first;
	uint64_t slot = offer_to_two(b, &other);
	size_t mails;

	get(b, lead, slot);
	assert_int_equal(lead->peer_count, 2);
	pledge(b, lead, VIZ_ANSWER_ANALYSIS);
	mails = b->mails;
	get(b, lead, slot);
	peer = viz_lead_find_peer(lead, &b->evil.author);
	assert_int_equal(peer->answer, VIZ_ANSWER_ANALYSIS);
	first = b->scratch.id;
	assert_true(viz_id_eq(&peer->pledge, &first));
	mail_pledge(b, VIZ_NO_NONE);
	assert_int_equal(b->mails, mails + 1);
	assert_int_equal(all_findings(b), 0);
	b->now.ms++;
	pledge(b, lead, VIZ_ANSWER_NO);
	assert_int_equal(b->closed, 0);
	assert_int_equal(b->mails, mails + 2);
	get(b, lead, slot);
	peer = viz_lead_find_peer(lead, &b->evil.author);
	assert_int_equal(lead->state, VIZ_LEAD_OPEN);
	assert_true(viz_id_eq(&peer->pledge, &first));
	assert_int_equal(kept(b, slot), 2);
	assert_int_equal(all_findings(b), 1);
	free(lead);
}

/* After CLOSE there is no acknowledgement: whoever pledges gets CLOSE. */
static void late_pledges_get_close(void **state)
{
	struct one_node *b = *state;
	struct viz_lead *lead = calloc(1, sizeof *lead);
	struct forge other;
	uint64_t slot = offer_to_two(b, &other);
	size_t mails, records;

	tick(b, 31000);
	get(b, lead, slot);
	assert_false(viz_id_is_zero(&lead->close));
	mails = b->mails;
	records = b->records;
	pledge(b, lead, VIZ_ANSWER_YES);
	assert_int_equal(b->closed, 0);
	assert_int_equal(b->mails, mails);
	assert_int_equal(b->records, records + 1);
	get(b, lead, slot);
	assert_false(lead->peer[0].answered || lead->peer[1].answered);
	free(lead);
}

/* Who repeats a PLEDGE and takes no answer fills neither our outbox nor its link. */
static void repetitions_are_bounded(void **state)
{
	struct one_node *b = *state;
	struct viz_lead *lead = calloc(1, sizeof *lead);
	struct forge other;
	uint64_t slot = offer_to_two(b, &other), waiting;
	size_t records;

	get(b, lead, slot);
	pledge(b, lead, VIZ_ANSWER_ANALYSIS);
	for (size_t i = 0; i < VIZ_OUTBOX_PER_PEER + 50; i++) {
		b->now.ms++;
		mail_pledge(b, VIZ_NO_NONE);
	}
	waiting = viz_mail_waiting(&b->node->trust, &b->evil.author);
	assert_true(waiting > VIZ_OUTBOX_PER_PEER / 2 && waiting <= VIZ_OUTBOX_PER_PEER);
	tick(b, 31000);
	records = b->records;
	for (size_t i = 0; i < 50000; i++)
		mail_pledge(b, VIZ_NO_NONE);
	assert_int_equal(b->closed, 0);
	assert_true(b->records > records + 100 && b->records < records + 20000);
	free(lead);
}

static void repeated_reveals_fill_no_outbox(void **state)
{
	struct one_node *b = *state;
	struct viz_lead *lead = calloc(1, sizeof *lead);
	uint64_t slot = offer(b);

	get(b, lead, slot);
	pledge(b, lead, VIZ_ANSWER_YES);
	get(b, lead, slot);
	assert_int_equal(lead->state, VIZ_LEAD_CLOSED);
	for (unsigned i = 0; i < VIZ_OUTBOX_PER_PEER + 1000; i++) {
		b->now.ms += 2;
		reveal(b, lead);
		assert_int_equal(b->closed, 0);
	}
	assert_true(viz_mail_waiting(&b->node->trust, &b->evil.author) <= VIZ_OUTBOX_PER_PEER + 64);
	free(lead);
}

/* The link is closed when we may sign again, and the mail comes again on the next one. */
static void catch_up(struct one_node *b)
{
	tick(b, viz_identity_ahead_ms(&b->node->trust));
	assert_int_equal(b->closed, 1);
	assert_string_equal(b->reason, "signs-again");
	tick(b, 1000);
	come_in(b, NULL);
}

/* A pledge that we cannot acknowledge, because our clock is behind what we have signed, is not
 * acknowledged as mail either: it comes again. Its sender has done no wrong, and its link stays. */
static void a_slow_clock_loses_no_pledge(void **state)
{
	struct one_node *b = *state;
	struct viz_lead *lead = calloc(1, sizeof *lead);
	uint64_t slot = offer(b);
	size_t acks;

	restart(b, -20000);
	get(b, lead, slot);
	acks = b->acks;
	pledge(b, lead, VIZ_ANSWER_YES);
	assert_int_equal(b->closed, 0);
	mail_withdrawal(b, 30, viz_record_slot_make(b->now, 9)); /* nor what comes behind it */
	tick(b, 1000);
	assert_int_equal(b->closed, 0);
	assert_int_equal(b->acks, acks);
	get(b, lead, slot);
	assert_false(lead->peer[0].answered);
	catch_up(b);
	pledge(b, lead, VIZ_ANSWER_YES);
	assert_int_equal(b->closed, 0);
	assert_int_equal(b->acks, acks + 1);
	get(b, lead, slot);
	assert_true(lead->peer[0].answered);
	free(lead);
}

static void a_slow_clock_loses_no_reveal(void **state)
{
	struct one_node *b = *state;
	struct viz_lead *lead = calloc(1, sizeof *lead);
	struct forge other;
	uint64_t slot = offer_to_two(b, &other);
	size_t acks;

	get(b, lead, slot);
	pledge(b, lead, VIZ_ANSWER_YES);
	tick(b, lead->closes.ms - b->now.ms);
	get(b, lead, slot);
	assert_int_equal(lead->state, VIZ_LEAD_CLOSED);
	restart(b, -20000);
	acks = b->acks;
	reveal(b, lead);
	assert_int_equal(b->acks, acks);
	get(b, lead, slot);
	assert_false(viz_lead_find_peer(lead, &b->evil.author)->revealed);
	catch_up(b);
	reveal(b, lead);
	assert_int_equal(b->acks, acks + 1);
	get(b, lead, slot);
	assert_true(viz_lead_find_peer(lead, &b->evil.author)->revealed);
	free(lead);
}

/* An offer that we do not know may have been made before our store was restored. */
static void unknown_offers_are_forgotten(void **state)
{
	struct one_node *b = *state;
	struct viz_lead *lead = calloc(1, sizeof *lead);
	size_t acks = b->acks;

	lead->offer = (struct viz_id){{9}};
	lead->slot = viz_record_slot_make(b->now, 7);
	pledge(b, lead, VIZ_ANSWER_YES);
	get(b, lead, offer(b));
	lead->offer.b[0] ^= 1;
	pledge(b, lead, VIZ_ANSWER_YES);
	assert_int_equal(b->closed, 0);
	assert_int_equal(b->acks, acks + 2);
	assert_int_equal(kept(b, lead->slot), 0);
	free(lead);
}

static void who_was_not_asked_is_cut_off(void **state)
{
	struct one_node *b = *state;
	struct viz_lead *lead = calloc(1, sizeof *lead);
	struct forge other, evil;
	uint64_t slot;

	befriend(b, &other, 8);
	evil = b->evil;
	b->evil = other;
	slot = offer(b);
	b->evil = evil;
	get(b, lead, slot);
	assert_int_equal(lead->peer_count, 1);
	pledge(b, lead, VIZ_ANSWER_YES);
	assert_int_equal(b->closed, 1);
	assert_non_null(strstr(b->logs, "for which it was not asked"));
	assert_int_equal(kept(b, slot), 0);
	free(lead);
}

/* A reason without a `no`, a `no` without a reason, and a signature of somebody else. */
static void false_pledges_close_the_link(void **state)
{
	struct one_node *b = *state;
	struct viz_lead *lead = calloc(1, sizeof *lead);
	uint64_t slot = offer(b);

	get(b, lead, slot);
	for (unsigned i = 0; i < 3; i++) {
		sign_pledge(b, lead, i == 1 ? VIZ_ANSWER_NO : VIZ_ANSWER_YES);
		b->scratch.bytes[0] ^= i == 2;
		mail_pledge(b, i == 0 ? VIZ_NO_PLANT : VIZ_NO_NONE);
		assert_int_equal(b->closed, 1);
		assert_int_equal(kept(b, slot), 0);
		come_in(b, NULL);
	}
	free(lead);
}

/* RESULT fixes the order before anybody sees a proposal. The choice has a record of its own. */
static void result_comes_before_the_choice(void **state)
{
	struct one_node *b = *state;
	struct viz_lead *lead = calloc(1, sizeof *lead);
	struct viz_result *res = calloc(1, sizeof *res);
	uint64_t slot = offer(b);
	struct viz_choice choice;
	struct viz_record rec;

	get(b, lead, slot);
	pledge(b, lead, VIZ_ANSWER_YES);
	get(b, lead, slot);
	assert_int_equal(lead->state, VIZ_LEAD_CLOSED);
	assert_false(ours(b, &rec, VIZ_TYPE_RESULT, slot));
	reveal(b, lead);
	assert_true(ours(b, &rec, VIZ_TYPE_RESULT, slot));
	assert_int_equal(viz_result_parse(res, &rec), VIZ_OK);
	assert_int_equal(res->kind, VIZ_RESULT_ORDER);
	assert_int_equal(res->order_len, 1);
	assert_true(res->entry[0].revealed);
	assert_non_null(strstr(lead_op(b, "lead.proposals", slot), "\"position\":1"));
	assert_false(ours(b, &rec, VIZ_TYPE_CHOICE, slot | 1));
	tick(b, b->federation.choice_ms + 1000);
	assert_true(ours(b, &rec, VIZ_TYPE_CHOICE, slot | 1));
	assert_int_equal(viz_choice_parse(&choice, &rec), VIZ_OK);
	assert_int_equal(choice.what, VIZ_CHOICE_NONE);
	get(b, lead, slot);
	assert_int_equal(lead->state, VIZ_LEAD_EXPIRED);
	free(res);
	free(lead);
}

/* A repetition gets the same acknowledgement, also of a proposal that nobody can read: it is shown
 * as one without plans. */
static void reveals_count_when_they_open(void **state)
{
	struct one_node *b = *state;
	struct viz_lead *lead = calloc(1, sizeof *lead);
	uint64_t slot = offer(b);
	size_t mails;

	get(b, lead, slot);
	set_proposal((const uint8_t *)"\xc1"); /* also in the tests below */
	pledge(b, lead, VIZ_ANSWER_YES);
	get(b, lead, slot);
	reveal(b, lead);
	get(b, lead, slot);
	assert_int_equal(lead->state, VIZ_LEAD_CHOOSING);
	assert_non_null(strstr(lead_op(b, "lead.proposals", slot), "\"plans\":[]"));
	mails = b->mails;
	reveal(b, lead);
	assert_int_equal(b->mails, mails + 1);
	free(lead);
}

/* Who reveals after RESULT gets RESULT. */
static void late_reveals_get_the_result(void **state)
{
	struct one_node *b = *state;
	struct viz_lead *lead = calloc(1, sizeof *lead);
	uint64_t slot = offer(b);
	size_t mails, records;

	get(b, lead, slot);
	pledge(b, lead, VIZ_ANSWER_YES);
	tick(b, b->federation.reveal_ms + 1000);
	get(b, lead, slot);
	assert_int_equal(lead->state, VIZ_LEAD_NO_NEIGHBOUR);
	mails = b->mails;
	records = b->records;
	reveal(b, lead);
	assert_int_equal(b->mails, mails);
	assert_int_equal(b->records, records + 1);
	free(lead);
}

/* Nobody answers, or a revocation while the list is open: CLOSE and RESULT come all the same. */
static void each_offer_ends_with_its_records(void **state)
{
	struct one_node *b = *state;
	struct viz_lead *lead = calloc(1, sizeof *lead);
	struct viz_result *res = calloc(1, sizeof *res);
	struct viz_record rec;

	for (unsigned revoked = 0; revoked < 2; revoked++) {
		uint64_t slot = offer(b) + (revoked << 8);

		if (revoked)
			assert_true(ok(lead_op(b, "lead.revoke", slot)));
		tick(b, 31000);
		assert_true(ours(b, &rec, VIZ_TYPE_CLOSE, slot));
		assert_true(ours(b, &rec, VIZ_TYPE_RESULT, slot));
		assert_int_equal(viz_result_parse(res, &rec), VIZ_OK);
		assert_int_equal(res->kind, revoked ? VIZ_RESULT_WITHDRAWN : VIZ_RESULT_ORDER);
		assert_int_equal(ours(b, &rec, VIZ_TYPE_CHOICE, slot | 1), !revoked);
		get(b, lead, slot);
		assert_int_equal(lead->vault, 0);
	}
	free(res);
	free(lead);
}

/* The last CHOICE waits until nobody can show the contact. */
static void none_waits_for_the_lease(void **state)
{
	struct one_node *b = *state;
	struct viz_lead *lead = calloc(1, sizeof *lead);
	uint64_t slot = awarded(b, lead, VIZ_LEAD_DELIVERED);
	struct viz_record rec;

	lead->close = lead->result = (struct viz_id){{1}};
	lead->result_kind = VIZ_RESULT_ORDER;
	put(b, lead);
	lease_ask(b, lead);
	assert_true(ok(lead_op(b, "lead.revoke", slot)));
	assert_false(ours(b, &rec, VIZ_TYPE_CHOICE, slot | 2));
	tick(b, b->federation.lease_ms);
	assert_false(ours(b, &rec, VIZ_TYPE_CHOICE, slot | 2));
	tick(b, b->federation.lease_margin_ms + 1000);
	assert_true(ours(b, &rec, VIZ_TYPE_CHOICE, slot | 2));
	free(lead);
}

/* The time to reveal went by while the process was away. It counts again from when the log is free.
 */
static void result_waits_until_reveals_could_come(void **state)
{
	struct one_node *b = *state;
	struct viz_lead *lead = calloc(1, sizeof *lead);
	uint64_t slot = offer(b);

	get(b, lead, slot);
	pledge(b, lead, VIZ_ANSWER_YES);
	get(b, lead, slot);
	assert_int_equal(lead->state, VIZ_LEAD_CLOSED);
	restart(b, b->federation.reveal_ms + 1000);
	say_last(b, LINK_EVIL);
	tick(b, b->federation.start_ms);
	assert_true(viz_identity_has_started(&b->node->trust));
	tick(b, b->federation.reveal_ms - 1000);
	get(b, lead, slot);
	assert_int_equal(lead->result_kind, 0);
	tick(b, 1000);
	tick(b, 1000);
	get(b, lead, slot);
	assert_int_equal(lead->result_kind, VIZ_RESULT_ORDER);
	free(lead);
}

/* After a quarantine we ask those who revealed what became of their award. The answer of one that
 * was asked is kept, of our own offers, and the operator sees it. */
static void partners_say_what_became_of_their_award(void **state)
{
	struct one_node *b = *state;
	struct viz_lead *lead = calloc(1, sizeof *lead);
	uint64_t slot = offer(b);
	struct viz_mail_state m;
	const char *list;

	get(b, lead, slot);
	pledge(b, lead, VIZ_ANSWER_YES);
	get(b, lead, slot);
	reveal(b, lead);
	get(b, lead, slot);
	assert_int_equal(lead->state, VIZ_LEAD_CHOOSING);
	m = (struct viz_mail_state){
	    .offer = lead->offer, .k = 1, .state = VIZ_AWARD_INSTALLED, .award = {{3}}};
	mail_state(b, 22, &m); /* we do not ask yet */
	assert_non_null(strstr(request(b, "{\"op\":\"lead.list\"}"), "\"told\":[]"));
	assert_int_equal(viz_store_begin(b->store), VIZ_OK);
	viz_identity_quarantine(&b->node->trust, viz_after(b->now, 10));
	assert_int_equal(viz_store_commit(b->store), VIZ_OK);
	assert_true(ok(request(b, "{\"op\":\"key.resume\"}")));
	assert_true(mailed_state(b, &m));
	assert_int_equal(m.state, VIZ_AWARD_ASKED);
	assert_true(viz_id_eq(&m.offer, &lead->offer));
	m.state = VIZ_AWARD_UNKNOWN;
	mail_state(b, 23, &m);
	m.k = 1;
	m.state = VIZ_AWARD_INSTALLED;
	m.award.b[0] = 3;
	m.offer.b[0] ^= 1;
	mail_state(b, 24, &m);
	assert_non_null(strstr(request(b, "{\"op\":\"lead.list\"}"), "\"told\":[]"));
	m.offer.b[0] ^= 1;
	mail_state(b, 25, &m);
	assert_int_equal(b->closed, 0);
	list = strstr(request(b, "{\"op\":\"lead.list\"}"), "\"told\"");
	assert_non_null(list);
	assert_non_null(strstr(list, "\"state\":\"installed\""));
	assert_non_null(strstr(list, "\"award\":1"));
	free(lead);
}

/* After the end of a quarantine an offer of the old log may have a CLOSE that our store has lost.
 */
static void an_offer_of_an_old_log_takes_nothing(void **state)
{
	struct one_node *b = *state;
	struct viz_lead *lead = calloc(1, sizeof *lead);
	struct forge other;
	uint64_t slot = offer_to_two(b, &other), log;
	size_t mails;

	get(b, lead, slot);
	log = lead->log;
	lead->log = log + 1;
	put(b, lead);
	mails = b->mails;
	pledge(b, lead, VIZ_ANSWER_ANALYSIS);
	assert_int_equal(b->closed, 0);
	assert_int_equal(b->mails, mails);
	assert_int_equal(kept(b, slot), 0);
	/* what was acknowledged is acknowledged again */
	lead->log = log;
	put(b, lead);
	mail_pledge(b, VIZ_NO_NONE);
	assert_int_equal(b->mails, mails + 1);
	get(b, lead, slot);
	lead->log = log + 1;
	put(b, lead);
	mail_pledge(b, VIZ_NO_NONE);
	assert_int_equal(b->mails, mails + 2);
	free(lead);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	    T(the_first_pledge_counts),
	    T(late_pledges_get_close),
	    T(unknown_offers_are_forgotten),
	    T(who_was_not_asked_is_cut_off),
	    T(false_pledges_close_the_link),
	    T(result_comes_before_the_choice),
	    T(reveals_count_when_they_open),
	    T(late_reveals_get_the_result),
	    T(each_offer_ends_with_its_records),
	    T(none_waits_for_the_lease),
	    T(repetitions_are_bounded),
	    T(repeated_reveals_fill_no_outbox),
	    T(a_slow_clock_loses_no_pledge),
	    T(a_slow_clock_loses_no_reveal),
	    T(an_offer_of_an_old_log_takes_nothing),
	    T(partners_say_what_became_of_their_award),
	    T(result_waits_until_reveals_could_come),
	};

	VIZ_REQUIRE(viz_crypto_init() == VIZ_OK);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
