/* A partner that floods: with the largest offers, each with all that may follow one, until its
 * share of the store is full. */
#include "node/audit/suspicion.h"
#include "node/core/account.h"
#include "node/core/core.h"
#include "node/core/ids.h"
#include "node/core/place.h"
#include "node/node.h"
#include "node/offer/view.h"
#include "node/trust/member.h"
#include "node/trust/share.h"
#include "proto/base.h"
#include "proto/limits.h"
#include "proto/record.h"
#include "store/stat.h"
#include "store/store.h"
#include "store/tables.h"
#include "tests/hostile/one_award.h"
#include "tests/hostile/one_log.h"
#include "tests/hostile/one_node.h"
#include "tests/hostile/one_offer.h"
#include "tests/recount.h"

#define LINK_OTHER 8

/* The false peer's account, which is what the store has. */
static uint64_t used(struct one_node *b)
{
	struct viz_core *core = &b->node->core;
	struct viz_account a;
	struct recount c;
	uint64_t sum;

	assert_int_equal(viz_store_begin(b->store), VIZ_OK);
	c = recount_of(core, &b->evil.author);
	viz_account_get(core, &a, &b->evil.author);
	sum = viz_account_used(core, &b->evil.author);
	viz_store_abort(b->store);
	assert_int_equal(a.bytes, c.bytes);
	assert_int_equal(a.evidence, c.evidence);
	assert_int_equal(sum, c.used);
	return sum;
}

static bool holds(struct one_node *b, const struct viz_id *author, uint8_t type, uint64_t slot)
{
	struct viz_held held;
	bool there;

	assert_int_equal(viz_store_begin(b->store), VIZ_OK);
	there = viz_place_get(&b->node->core, &held, NULL, author, type, slot);
	viz_store_abort(b->store);
	return there;
}

/* An OFFER that lists 255 partners. It asks us, as whose turn it is. */
static void largest(struct one_node *b, struct false_offer *o, unsigned number, uint32_t draw)
{
	struct viz_offer *l = &o->lists;
	size_t drawn = (size_t)b->federation.ask_max;

	false_offer_to_us(b, o, number);
	l->draw = draw;
	l->struck_count = drawn - 1;
	l->not_drawn_count = 255 - drawn;
	l->asked[0] = (struct viz_list_entry){0, draw - 1, draw == 1};
	for (size_t i = 1; i < drawn; i++)
		l->struck[i - 1] = (struct viz_list_entry){(uint8_t)i, draw - 1, draw == 1};
	for (size_t i = drawn; i < 255; i++)
		l->not_drawn[i - drawn] = (struct viz_list_entry){(uint8_t)i, draw - 1, draw == 1};
	false_offer_sign(b, o);
}

/* All that may follow an OFFER. */
static void follow(struct one_node *b, struct false_offer *o)
{
	static const uint8_t opening[32] = {7};
	struct viz_secret opens = {{9}};

	false_offer_sign_close(b, o, false);
	give(b, &o->close);
	false_offer_sign_result(b, o, NULL);
	give(b, &o->result);
	for (unsigned k = 1; k <= VIZ_CHOICES_MAX; k++) {
		sign_choice(b, o, k, k < VIZ_CHOICES_MAX ? &opens : NULL, k > 1 ? opening : NULL);
		give(b, &b->scratch);
		assert_true(
		    holds(b, &b->evil.author, VIZ_TYPE_CHOICE, viz_record_slot_choice(o->slot, k)));
	}
}

/* The false peer forgets that it has signed the last OFFER, which was not taken. */
static void unsign(struct one_node *b, const struct forge *before)
{
	b->evil.number = before->number;
	b->evil.value = before->value;
}

/* Floods, from the day's offer `first` on, until an OFFER is not taken. Gives how many were, the
 * last one in `o`, and the false peer as it was before that one. */
static unsigned flood(struct one_node *b, struct false_offer *o, struct forge *before,
		      unsigned first)
{
	uint64_t share = viz_share_bytes(&b->node->trust);
	unsigned n = 0;

	for (;; n++) {
		*before = b->evil;
		largest(b, o, first + n, first + n + 1);
		give(b, &o->offer);
		assert_int_equal(b->closed, 0);
		if (!holds(b, &b->evil.author, VIZ_TYPE_OFFER, o->slot))
			return n;
		if (n % 32 != 0)
			continue;
		assert_true(used(b) <= share);
		follow(b, o);
		assert_true(used(b) <= share);
	}
}

/* An OFFER of another partner is taken. */
static void other_goes_on(struct one_node *b, struct forge *other, unsigned number)
{
	struct false_offer *o = calloc(1, sizeof *o);
	struct forge evil = b->evil;

	assert_non_null(o);
	b->evil = *other;
	false_offer_to_us(b, o, number);
	false_offer_sign(b, o);
	give_on(b, LINK_OTHER, &o->offer);
	assert_true(holds(b, &other->author, VIZ_TYPE_OFFER, o->slot));
	*other = b->evil;
	b->evil = evil;
	free(o);
}

static void a_flood_fills_its_share_alone(void **state)
{
	struct one_node *b = *state;
	struct false_offer *o = calloc(1, sizeof *o);
	uint64_t share = viz_share_bytes(&b->node->trust), map = 0, grown = 0, empty = 0;
	struct forge before;
	struct forge *other = calloc(1, sizeof *other);
	const char *audit;
	unsigned n;

	assert_true(o && other);
	befriend(b, other, LINK_OTHER);
	assert_int_equal(share, (UINT64_C(64) << 20) / 8);
	viz_store_stat_usage(b->store, &empty, &map);
	n = flood(b, o, &before, 0);
	assert_true(n > 100 && n < 1000);
	assert_true(used(b) + 2 * VIZ_ACCOUNT_RESERVE > share);
	viz_store_stat_usage(b->store, &grown, &map);
	/* what it cost us: the account is no less than half of that, as the share is half of the
	 * map */
	assert_true((grown - empty) / 2 < share);
	assert_int_equal(findings(b, VIZ_SUSPICION_SHARE_FULL), 1);
	audit = request(b, "{\"op\": \"audit.show\"}");
	assert_non_null(strstr(audit, "\"reason\":\"share\""));
	assert_non_null(strstr(audit, "\"share-full\""));
	other_goes_on(b, other, 0);
	/* again, and again: it is dropped, and nobody is charged */
	give(b, &o->offer);
	assert_false(holds(b, &b->evil.author, VIZ_TYPE_OFFER, o->slot));
	assert_int_equal(b->closed, 0);
	assert_int_equal(findings(b, VIZ_SUSPICION_SHARE_FULL), 1);
	free(other);
	free(o);
}

/* Days pass. The false peer lives, and its NODEs commit to its log. */
static void days(struct one_node *b, int n)
{
	for (int i = 0; i < n; i++) {
		tick(b, VIZ_DAY_MS);
		open_head(b, b->evil.number, &b->evil.value);
	}
}

/* How many records of the log are held, and how many stubs. */
static size_t rows(struct one_node *b, enum viz_table table)
{
	struct viz_slice key, value;
	struct viz_walk walk;
	size_t n = 0;

	assert_int_equal(viz_store_begin(b->store), VIZ_OK);
	viz_walk_init(&walk, b->store, table, b->evil.author.b, 32);
	while (viz_walk_next(&walk, &key, &value))
		n += table == VIZ_TABLE_RECORD
			 ? viz_record_is_of_log(key.p[32])
			 : table != VIZ_TABLE_LOG || viz_be_get_u64(key.p + 32) != 0;
	viz_store_abort(b->store);
	return n;
}

/* Both OFFERs of a dead place are charged, the second like one that has no room kept for it. */
static void both_halves_count(void **state)
{
	struct one_node *b = *state;
	struct false_offer *o = calloc(1, sizeof *o);
	struct viz_held held;
	uint64_t before, len;

	assert_non_null(o);
	largest(b, o, 0, 1);
	give(b, &o->offer);
	before = used(b);
	o->view.b[0] ^= 1;
	o->at = (struct viz_position){.log = LOG, .number = 1, .offer = 1};
	false_offer_sign(b, o);
	give(b, &o->offer);
	assert_int_equal(viz_store_begin(b->store), VIZ_OK);
	assert_true(
	    viz_place_get(&b->node->core, &held, NULL, &b->evil.author, VIZ_TYPE_OFFER, o->slot));
	assert_true(held.dead);
	len = held.b_len;
	viz_store_abort(b->store);
	assert_int_equal(used(b), before + len + VIZ_ACCOUNT_OFFER);
	free(o);
}

/* A row of evidence that is renewed with more bytes, as the other half of a dead place has come, is
 * charged for them: what it gives back at its end is what it took. */
static void evidence_that_grows_is_charged(void **state)
{
	struct one_node *b = *state;
	const struct viz_id id = {{1}}, other = {{2}};
	const uint8_t halves[64] = {3};

	for (int day = 0; day < 2; day++) {
		assert_int_equal(viz_store_begin(b->store), VIZ_OK);
		assert_true(viz_view_evidence_put(&b->node->trust, &id, &b->evil.author, halves,
						  day == 0 ? 32 : sizeof halves));
		assert_true(
		    viz_view_evidence_put(&b->node->trust, &other, &b->evil.author, halves, 32));
		assert_int_equal(viz_store_commit(b->store), VIZ_OK);
		used(b);
		tick(b, VIZ_DAY_MS);
	}
	for (int i = 0; i < 100; i++)
		tick(b, VIZ_DAY_MS);
	assert_int_equal(viz_store_stat_entries(b->store, VIZ_TABLE_EVIDENCE), 0);
	used(b);
}

/* A store was damaged: an account has less than what is here. What goes from it goes. */
static void an_account_that_drifts_stops_nothing(void **state)
{
	struct one_node *b = *state;
	struct false_offer *o = calloc(1, sizeof *o);
	const struct viz_id id = {{1}};
	const uint8_t bytes[64] = {3};
	struct viz_account a;

	assert_non_null(o);
	false_offer_to_us(b, o, 0);
	false_offer_sign(b, o);
	give(b, &o->offer);
	assert_int_equal(viz_store_begin(b->store), VIZ_OK);
	assert_true(
	    viz_view_evidence_put(&b->node->trust, &id, &b->evil.author, bytes, sizeof bytes));
	viz_account_get(&b->node->core, &a, &b->evil.author);
	assert_true(a.bytes > 100 && a.evidence > 100);
	a.bytes = a.evidence = 100;
	viz_account_put(&b->node->core, &b->evil.author, &a);
	assert_int_equal(viz_store_commit(b->store), VIZ_OK);
	for (int i = 0; i < 100; i++)
		tick(b, VIZ_DAY_MS);
	assert_int_equal(viz_store_stat_entries(b->store, VIZ_TABLE_EVIDENCE), 0);
	assert_false(holds(b, &b->evil.author, VIZ_TYPE_OFFER, o->slot));
	assert_non_null(strstr(b->logs, "bytes go from an account"));
	assert_int_equal(viz_store_begin(b->store), VIZ_OK);
	viz_account_get(&b->node->core, &a, &b->evil.author);
	viz_store_abort(b->store);
	assert_int_equal(a.bytes, 0);
	assert_int_equal(a.evidence, 0);
	free(o);
}

/* The log tells the stub of the OFFER that had no room. The record comes again and has none. It is
 * neither withheld nor a gap. */
static void what_had_no_room_is_not_withheld(void **state)
{
	struct one_node *b = *state;
	struct false_offer *o = calloc(1, sizeof *o);
	struct forge before;
	struct viz_stub stub = {.type = VIZ_TYPE_OFFER};
	const char *audit;
	uint32_t lost;

	assert_non_null(o);
	open_head(b, 0, &b->evil.value);
	flood(b, o, &before, 0);
	lost = b->evil.number;
	open_head(b, lost, &b->evil.value);
	assert_false(has_stub(b, lost));
	stub.offer = lost;
	stub.slot = o->slot;
	stub.id = o->offer.id;
	send_log(b, lost, &stub, 1);
	assert_true(has_stub(b, lost));
	give(b, &o->offer);
	assert_int_equal(viz_store_stat_entries(b->store, VIZ_TABLE_LACKS), 0);
	for (int64_t ms = 0; ms < 2 * b->federation.suspicion_ms; ms += 300000) {
		tick(b, 300000);
		open_head(b, lost, &b->evil.value);
	}
	assert_int_equal(findings(b, VIZ_SUSPICION_WITHHELD), 0);
	audit = request(b, "{\"op\": \"audit.show\"}");
	assert_null(strstr(audit, "\"reason\":\"chain\""));
	assert_non_null(strstr(audit, "\"reason\":\"share\""));
	used(b);
	free(o);
}

/* The last offer that had no room, and what follows it: the false peer sends what it is asked for.
 */
struct refused {
	struct forged rec[4]; /* OFFER, CLOSE, RESULT, CHOICE; from `first` on in the log */
	uint32_t first;
	size_t asks;    /* OFFER_ASKs that were answered */
	size_t sent[4]; /* how often each record was sent */
};

static void send_refused(struct one_node *b, struct refused *r, size_t i)
{
	r->sent[i]++;
	give(b, &r->rec[i]);
	assert_int_equal(b->closed, 0);
}

/* Sends what the node has asked for with its last run. */
static void serve(struct one_node *b, struct refused *r)
{
	const struct viz_message_log_want want = b->log_want;

	for (size_t i = 0; i < want.count; i++)
		if (want.number[i] >= r->first && want.number[i] < r->first + 4)
			send_refused(b, r, want.number[i] - r->first);
	for (; r->asks < b->offer_asks; r->asks++)
		for (size_t i = 0; i < 4; i++)
			send_refused(b, r, i);
}

/* What has no room comes once as it is new, and once as the log tells that it is there. */
static void what_is_refused_is_sent_twice(void **state)
{
	struct one_node *b = *state;
	struct false_offer *o = calloc(1, sizeof *o);
	struct refused *r = calloc(1, sizeof *r);
	static const uint8_t types[] = {VIZ_TYPE_OFFER, VIZ_TYPE_CLOSE, VIZ_TYPE_RESULT,
					VIZ_TYPE_CHOICE};
	struct viz_stub stub[4];
	struct forge before;

	assert_true(o && r);
	open_head(b, 0, &b->evil.value);
	flood(b, o, &before, 0);
	r->first = b->evil.number;
	r->asks = b->offer_asks;
	r->rec[0] = o->offer;
	r->sent[0] = 1; /* by flood() */
	false_offer_sign_close(b, o, false);
	r->rec[1] = o->close;
	false_offer_sign_result(b, o, NULL);
	r->rec[2] = o->result;
	sign_choice(b, o, 1, NULL, NULL);
	r->rec[3] = b->scratch;
	for (size_t i = 1; i < 4; i++)
		send_refused(b, r, i);
	for (size_t i = 0; i < 4; i++)
		stub[i] =
		    (struct viz_stub){.offer = r->first,
				      .type = types[i],
				      .slot = i < 3 ? o->slot : viz_record_slot_choice(o->slot, 1),
				      .id = r->rec[i].id};
	for (unsigned i = 0; i < 60; i++) {
		open_head(b, r->first + 3, &b->evil.value);
		if (b->log_ask.from != 0)
			send_log(b, r->first, stub, 4);
		serve(b, r);
		tick(b, 20000);
		serve(b, r);
	}
	print_message("# sent: %zu %zu %zu %zu\n", r->sent[0], r->sent[1], r->sent[2], r->sent[3]);
	for (size_t i = 0; i < 4; i++)
		assert_true(r->sent[i] <= 2);
	assert_int_equal(findings(b, VIZ_SUSPICION_WITHHELD), 0);
	free(r);
	free(o);
}

/* How many notes of our own belong to this offer. */
static size_t notes(struct one_node *b, uint64_t slot)
{
	uint8_t prefix[VIZ_ID_SLOT_LEN];
	struct viz_slice key, value;
	struct viz_walk walk;
	size_t n = 0;

	assert_int_equal(viz_store_begin(b->store), VIZ_OK);
	viz_id_slot_key(prefix, &b->evil.author, slot);
	viz_walk_init(&walk, b->store, VIZ_TABLE_STATEMENT, prefix, sizeof prefix);
	while (viz_walk_next(&walk, &key, &value))
		n += key.p[VIZ_ID_SLOT_LEN] < VIZ_TYPE_STATEMENT_MIN;
	viz_store_abort(b->store);
	return n;
}

/* How many of the first `n` offers of the day of this slot are held. Of the others the row and our
 * notes are gone too. */
static unsigned held_of(struct one_node *b, uint64_t slot, unsigned n)
{
	struct viz_inbox in;
	unsigned held = 0;

	for (unsigned i = 0; i < n; i++) {
		uint64_t at = (slot >> 32 << 32) | i << 8;
		bool is = holds(b, &b->evil.author, VIZ_TYPE_OFFER, at);

		assert_int_equal(inbox_row(b, &in, at), is);
		assert_int_equal(notes(b, at) > 0, is);
		held += is;
	}
	return held;
}

/* Each offer about which something was found is held. Gives how many there are. */
static unsigned found_offers_are_held(struct one_node *b)
{
	struct viz_slice key, value;
	uint64_t slot[4096];
	struct viz_walk walk;
	unsigned n = 0;

	assert_int_equal(viz_store_begin(b->store), VIZ_OK);
	viz_walk_init(&walk, b->store, VIZ_TABLE_FINDING, b->evil.author.b, 32);
	while (n < 4096 && viz_walk_next(&walk, &key, &value)) {
		slot[n] = viz_be_get_u64(key.p + 32);
		n += slot[n] != 0;
	}
	viz_store_abort(b->store);
	for (unsigned i = 0; i < n; i++)
		assert_true(holds(b, &b->evil.author, VIZ_TYPE_OFFER, slot[i]));
	return n;
}

/* Offers that have ended make room, the oldest first; not one about which something was found.
 * Their stubs stay, and nothing but that is suspected of the origin. At the end all is given back.
 */
static void ended_offers_make_room(void **state)
{
	struct one_node *b = *state;
	struct false_offer *o = calloc(1, sizeof *o);
	uint64_t day, share = viz_share_bytes(&b->node->trust);
	struct forge before;
	unsigned n, more;
	size_t stubs;

	assert_non_null(o);
	open_head(b, 0, &b->evil.value);
	largest(b, o, 0, 1);
	give(b, &o->offer);
	day = o->slot;
	b->evil.number = 0; /* the log begins anew: a fork, which is found about number 1 */
	b->evil.value = (struct viz_id){{0}};
	n = flood(b, o, &before, 1);
	unsign(b, &before);
	assert_true(findings(b, VIZ_RULE_LOG_FORK) > 0);
	stubs = rows(b, VIZ_TABLE_LOG);
	days(b, 5); /* choice_ms and two days */
	assert_true(used(b) > share / 2);
	before = b->evil;
	largest(b, o, 0, 2000);
	give(b, &o->offer);
	unsign(b, &before);
	assert_int_equal(held_of(b, day, n + 1), n + 1);
	days(b, 1); /* they are over: their true size is much less */
	assert_true(used(b) < share / 2);
	assert_int_equal(held_of(b, day, n + 1), n + 1);
	more = flood(b, o, &before, 1);
	assert_true(used(b) <= share);
	print_message("# %u offers, %u more, %u left, %zu stubs, %zu\n", n, more,
		      held_of(b, day, n + 1), stubs, rows(b, VIZ_TABLE_LOG));
	assert_true(held_of(b, day, n + 1) < n / 2);
	assert_true(found_offers_are_held(b) > 0);
	assert_true(rows(b, VIZ_TABLE_LOG) >= stubs + more);
	assert_int_equal(findings(b, VIZ_SUSPICION_SHARE_FULL), 1);
	assert_int_equal(findings(b, VIZ_SUSPICION_WITHHELD), 0);
	for (int i = 0; i < 100; i++)
		tick(b, VIZ_DAY_MS);
	assert_int_equal(rows(b, VIZ_TABLE_RECORD), 0);
	assert_true(used(b) > 0);
	for (int i = 0; i < 200; i++)
		tick(b, VIZ_DAY_MS);
	assert_int_equal(rows(b, VIZ_TABLE_LOG), 0);
	assert_int_equal(used(b), 0);
	free(o);
}

/* WITHDRAWALs of offers that never come: so many are kept, and for so long. */
static void tombstones_have_a_bound(void **state)
{
	struct one_node *b = *state;
	struct false_offer *o = calloc(1, sizeof *o);
	uint64_t day = viz_record_slot_make(b->now, 0), mails = 1;
	struct viz_inbox in;

	assert_non_null(o);
	for (unsigned i = 0; i < VIZ_TOMBSTONES_MAX + 5; i++, mails++)
		mail_withdrawal(b, mails,
				day - ((uint64_t)(2 - i / VIZ_OFFERS_PER_DAY) << 32) +
				    ((i % VIZ_OFFERS_PER_DAY) << 8));
	assert_int_equal(b->closed, 0);
	assert_int_equal(viz_store_stat_entries(b->store, VIZ_TABLE_INBOX), VIZ_TOMBSTONES_MAX);
	assert_false(inbox_row(b, &in, day - (UINT64_C(2) << 32) + (4 << 8)));
	assert_true(inbox_row(b, &in, day - (UINT64_C(2) << 32) + (5 << 8)));
	/* one is none any more when its OFFER comes, and there is room for another */
	false_offer_to_us(b, o, 2);
	false_offer_sign(b, o);
	give(b, &o->offer);
	assert_true(inbox_row(b, &in, o->slot));
	assert_true(in.withdrawn && in.time.ms != 0);
	mail_withdrawal(b, mails++, day + (9 << 8));
	assert_true(inbox_row(b, &in, day - (UINT64_C(2) << 32) + (5 << 8)));
	mail_withdrawal(b, mails++, day + (10 << 8));
	assert_false(inbox_row(b, &in, day - (UINT64_C(2) << 32) + (5 << 8)));
	for (int64_t ms = 0; ms < b->federation.undelivered_ms; ms += VIZ_DAY_MS)
		tick(b, VIZ_DAY_MS);
	for (int i = 0; i < 100; i++)
		tick(b, 1000);
	assert_int_equal(viz_store_stat_entries(b->store, VIZ_TABLE_INBOX), 1);
	used(b);
	free(o);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(a_flood_fills_its_share_alone, setup, teardown),
	    cmocka_unit_test_setup_teardown(both_halves_count, setup, teardown),
	    cmocka_unit_test_setup_teardown(evidence_that_grows_is_charged, setup, teardown),
	    cmocka_unit_test_setup_teardown(an_account_that_drifts_stops_nothing, setup, teardown),
	    cmocka_unit_test_setup_teardown(what_had_no_room_is_not_withheld, setup_named,
					    teardown),
	    cmocka_unit_test_setup_teardown(what_is_refused_is_sent_twice, setup_named, teardown),
	    cmocka_unit_test_setup_teardown(ended_offers_make_room, setup_named, teardown),
	    cmocka_unit_test_setup_teardown(tombstones_have_a_bound, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
