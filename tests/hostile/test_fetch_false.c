/* What false announcements can do, what they cost, and what is no delivery. */
#include "tests/hostile/one_fetch.h"

#include "node/gossip/gossip.h"
#include "node/link/remote.h"
#include "node/trust/member.h"
#include "proto/limits.h"
#include "proto/message.h"
#include "proto/record.h"

#define MINUTE 60000

/* All have announced it, and nobody gives it: each is asked once, and charged. */
static void all_announcers_lie(void **state)
{
	struct one_node *b = *state;
	struct forge *f = friends(b);
	struct forged *x = lacking(b, &f[1], 5);
	uint64_t before = fetch(b)->unserved;

	for (uint64_t link = LINK_EVIL; link < LINK_EVIL + 3; link++)
		announce(b, link, x);
	tick(b, 150);
	assert_int_equal(b->asked_on[8], 1);
	tick(b, 150);
	assert_int_equal(b->asked_on[9], 1);
	tick(b, 150);
	assert_int_equal(fetch(b)->count, 0);
	assert_true(is_last(b, &f[0]) && is_last(b, &f[1]) && is_last(b, &b->evil));
	tick(b, 9549);
	assert_int_equal(fetch(b)->unserved, before);
	set_budget(b, 1000);
	tick(b, 1);
	assert_int_equal(fetch(b)->unserved, before + 1);
	assert_int_equal(budget(b), 1000 + A_MS - VIZ_FETCH_COST);
	tick(b, 300);
	assert_int_equal(fetch(b)->unserved, before + 3);
	/* once on a link */
	announce(b, LINK_EVIL, x);
	tick(b, 1000);
	assert_int_equal(b->asked_on[LINK_EVIL], 0);
	assert_int_equal(fetch(b)->count, 0);
	/* late, and welcome */
	give(b, x);
	assert_true(holds(b, x));
	assert_int_equal(b->closed, 0);
	free(x);
	free(f);
}

/* A link that charges more than is left has nothing left. */
static void a_budget_does_not_fall_below_nothing(void **state)
{
	struct one_node *b = *state;
	struct forge *f = friends(b);
	struct forged *x = lacking(b, &f[1], 5);

	announce(b, LINK_EVIL, x);
	tick(b, 9999);
	set_budget(b, 3);
	tick(b, 1);
	assert_int_equal(evil(b)->remote->tokens, 0);
	free(x);
	free(f);
}

static void what_is_held_is_not_asked_for(void **state)
{
	struct one_node *b = *state;
	struct forge *f = friends(b);
	struct forged *x = lacking(b, &f[1], 5);

	give_on(b, 9, x);
	assert_true(holds(b, x));
	for (int i = 0; i < 100; i++) {
		announce(b, LINK_EVIL, x);
		assert_int_equal(b->sent_on[LINK_EVIL], 0);
	}
	assert_int_equal(fetch(b)->count, 0);
	assert_int_equal(link_of(b, LINK_EVIL)->owed_count, 0);
	free(x);
	free(f);
}

/* The announcer has something newer by now: it is as good, and nobody is charged. */
static void one_that_was_replaced_is_not_charged(void **state)
{
	struct one_node *b = *state;
	struct forge *f = friends(b);
	struct forged *x = lacking(b, &f[1], 5), *y = lacking(b, &f[1], 5);

	announce(b, LINK_EVIL, x);
	assert_int_equal(b->asked_on[LINK_EVIL], 1);
	give(b, y);
	assert_true(holds(b, y));
	tick(b, 11000);
	assert_int_equal(fetch(b)->unserved, 0);
	assert_int_equal(fetch(b)->count, 0);
	assert_false(is_last(b, &b->evil));
	free(x);
	free(y);
	free(f);
}

/* It answers by what is held already, to keep the true one back. */
static void an_old_record_is_no_answer(void **state)
{
	struct one_node *b = *state;
	struct forge *f = friends(b);
	struct forged *old = lacking(b, &f[1], 5), *x = lacking(b, &f[1], 5);

	give_on(b, 9, old);
	announce(b, LINK_EVIL, x);
	announce(b, 8, x);
	assert_int_equal(b->asked_on[8], 0);
	give(b, old);
	assert_int_equal(b->asked_on[8], 1);
	assert_true(is_last(b, &b->evil));
	give_on(b, 8, x);
	assert_true(holds(b, x));
	free(old);
	free(x);
	free(f);
}

/* An author signs two records, and gives us the newer one itself while we ask for the older one:
 * who answers with the newer one is not to blame. */
static void an_author_blames_nobody(void **state)
{
	struct one_node *b = *state;
	struct forge *f = friends(b);
	struct forged *x = lacking(b, &b->evil, 5), *newer = lacking(b, &b->evil, 5);

	announce(b, 8, x);
	assert_int_equal(b->asked_on[8], 1);
	tick(b, 20);
	give(b, newer);
	assert_true(holds(b, newer));
	tick(b, 20);
	give_on(b, 8, newer);
	assert_int_equal(link_of(b, 8)->owed_count, 0);
	assert_false(is_last(b, &f[0]));
	free(newer);
	free(x);
	free(f);
}

/* Records that are held already are no sign of life: they keep no other announcer waiting. */
static void chatter_is_no_delivery(void **state)
{
	struct one_node *b = *state;
	struct forge *f = friends(b);
	struct forged *old = lacking(b, &f[1], 5), *x = lacking(b, &f[1], 6);

	give_on(b, 9, old);
	announce(b, LINK_EVIL, x);
	announce(b, 8, x);
	for (int i = 0; i < 3; i++) {
		tick(b, 50);
		if (i < 2)
			give(b, old);
	}
	assert_int_equal(b->asked_on[8], 1);
	free(old);
	free(x);
	free(f);
}

/* It gives new records of its own, one after the other, and never what it has announced: that keeps
 * the next announcer waiting for a while, and not for ever. */
static void other_news_is_no_delivery_for_long(void **state)
{
	struct one_node *b = *state;
	struct forge *f = friends(b);
	struct forged *x = lacking(b, &f[1], 5), *own;
	size_t asked = 0;

	announce(b, LINK_EVIL, x);
	assert_int_equal(b->asked_on[LINK_EVIL], 1);
	announce(b, 8, x);
	for (uint64_t i = 0; i < 23; i++) {
		tick(b, 99);
		asked += b->asked_on[8];
		own = lacking(b, &b->evil, i);
		give(b, own);
		asked += b->asked_on[8];
		assert_true(holds(b, own));
		free(own);
	}
	assert_int_equal(asked, 1);
	assert_true(is_last(b, &b->evil));
	give_on(b, 8, x);
	assert_true(holds(b, x));
	free(x);
	free(f);
}

/* It answers, with something newer, what it was asked for after that: so it has passed it over. */
static void newer_answers_are_no_delivery_of_others(void **state)
{
	struct one_node *b = *state;
	struct forge *f = friends(b);
	struct forged *x = lacking(b, &f[1], 5), *own, *newer;

	announce(b, LINK_EVIL, x);
	announce(b, 8, x);
	own = lacking(b, &b->evil, 1);
	announce(b, LINK_EVIL, own);
	assert_int_equal(b->asked_on[LINK_EVIL], 1);
	newer = lacking(b, &b->evil, 1);
	give(b, newer);
	assert_true(holds(b, newer));
	assert_int_equal(b->asked_on[8], 1);
	free(newer);
	free(own);
	free(x);
	free(f);
}

/* `f` becomes a member by the false peer, with a link of its own. */
static void puppet(struct one_node *b, struct forge *f, uint64_t slot, uint64_t link)
{
	forge_author(f, &b->federation, &b->rng);
	b->now.ms++;
	forge_vouch(&b->scratch, &b->evil, slot, b->now, &f->author, false);
	give(b, &b->scratch);
	forge_node(&b->scratch, f, b->now);
	give(b, &b->scratch);
	forge_vouch(&b->scratch, f, 0, b->now, &b->evil.author, false);
	give(b, &b->scratch);
	come_in_as(b, f, link, NULL);
	assert_false(link_of(b, link)->guest);
}

/* So many as are remembered are quick to announce, and give nothing: a partner that announces it
 * later is remembered too. */
static void many_first_announcers_do_not_hide_the_others(void **state)
{
	struct one_node *b = *state;
	struct forge *f = friends(b), *p = calloc(VIZ_FETCH_FROM + 2, sizeof *p);
	struct forged *x;

	assert_non_null(p);
	for (unsigned i = 0; i < VIZ_FETCH_FROM + 2; i++)
		puppet(b, &p[i], i + 1, 20 + i);
	tick(b, 5000);
	x = lacking(b, &f[1], 5);
	for (unsigned i = 0; i < VIZ_FETCH_FROM + 2; i++)
		announce(b, 20 + i, x);
	announce(b, 8, x);
	for (int i = 0; i < 20 && b->asked_on[8] == 0; i++)
		tick(b, 100);
	assert_int_equal(b->asked_on[8], 1);
	give_on(b, 8, x);
	assert_true(holds(b, x));
	free(x);
	free(p);
	free(f);
}

/* So many puppets announce it and give nothing, `ms` later one like them, on link 10, announces it
 * and gives it. */
static void the_last_one_gives(struct one_node *b, unsigned puppets, int64_t ms)
{
	struct forge *f = friends(b), *p = calloc(puppets + 1, sizeof *p);
	struct forged *x;

	assert_non_null(p);
	for (unsigned i = 0; i < puppets; i++)
		puppet(b, &p[i], i + 1, 20 + i);
	puppet(b, &p[puppets], puppets + 1, 10);
	tick(b, 5000);
	x = lacking(b, &f[1], 5);
	for (unsigned i = 0; i < puppets; i++)
		announce(b, 20 + i, x);
	tick(b, ms);
	announce(b, 10, x);
	for (unsigned i = 0; i < puppets && b->asked_on[10] == 0; i++)
		tick(b, 150);
	assert_int_equal(b->asked_on[10], 1);
	give_on(b, 10, x);
	assert_true(holds(b, x));
	free(x);
	free(p);
	free(f);
}

/* A node has 16 links or more, a third of them with who gives nothing. */
static void one_of_sixteen_gives(void **state)
{
	the_last_one_gives(*state, 15, 0);
}

/* Who was asked and gave nothing does not keep the place of who announces it later. */
static void one_that_gave_nothing_keeps_no_place(void **state)
{
	the_last_one_gives(*state, VIZ_FETCH_FROM, 150);
}

/* The right bytes with a wrong signature cost the link, and the next one is asked. */
static void a_false_signature_keeps_nothing_back(void **state)
{
	struct one_node *b = *state;
	struct forge *f = friends(b);
	struct forged *x = lacking(b, &f[1], 5);

	announce(b, LINK_EVIL, x);
	announce(b, 8, x);
	x->bytes[3] ^= 1;
	give(b, x);
	assert_int_equal(b->closed, 1);
	x->bytes[3] ^= 1;
	tick(b, 0);
	assert_int_equal(fetch(b)->list[0].link, 8);
	give_on(b, 8, x);
	assert_true(holds(b, x));
	free(x);
	free(f);
}

static void a_guest_announces_nothing(void **state)
{
	struct one_node *b = *state;
	struct forge *f = friends(b);
	struct forged *x = lacking(b, &f[1], 5);

	cut(b, LINK_EVIL);
	hello(b, &b->evil, LINK_EVIL, NULL);
	announce(b, LINK_EVIL, x);
	assert_int_equal(b->sent, 0);
	assert_int_equal(fetch(b)->count, 0);
	free(x);
	free(f);
}

/* 10,000 false ids a second, of honest authors: what an honest peer announces is asked for at once,
 * also where the false one was the first to announce it. All that it makes us keep is bounded. */
static void false_ids_without_end_block_nobody(void **state)
{
	struct one_node *b = *state;
	struct forge *f = friends(b);
	struct viz_announced all[VIZ_ANNOUNCE_MAX];
	size_t honest = 0, most = 0, at_once = 0;

	for (size_t i = 0; i < 781; i++) { /* messages, in ten seconds */
		struct forged *x = i % 16 == 0 ? lacking(b, &f[1], i / 16 % 64) : NULL;

		for (size_t k = 0; k < VIZ_ANNOUNCE_MAX; k++) {
			all[k].place = (struct viz_item){
			    .author = f[k % 2].author, .type = VIZ_TYPE_COVERAGE, .slot = k / 2};
			viz_rng_bytes(&b->rng, all[k].item, sizeof all[k].item);
		}
		if (x && i % 32 == 0)
			all[0] = named(x);
		announce_all(b, LINK_EVIL, all, VIZ_ANNOUNCE_MAX);
		most = fetch(b)->count > most ? fetch(b)->count : most;
		assert_true(link_of(b, LINK_EVIL)->owed_count <= 2 * VIZ_FETCH_OPEN);
		b->now.ms += 12;
		if (!x)
			continue;
		announce(b, 8, x);
		at_once += b->asked_on[8];
		if (b->asked_on[8] == 0)
			tick(b, 150);
		give_on(b, 8, x);
		assert_true(holds(b, x));
		honest++;
		free(x);
	}
	assert_int_equal(honest, 49);
	assert_true(at_once >= 48);
	assert_true(most <= 2 * VIZ_FETCH_NOTED + 1);
	assert_int_equal(b->closed, 0);
	assert_false(is_last(b, &f[0]));
	tick(b, 10000);
	tick(b, 10000);
	tick(b, 10000);
	assert_int_equal(fetch(b)->count, 0);
	assert_int_equal(link_of(b, LINK_EVIL)->owed_count, 0);
	free(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	    T(all_announcers_lie),
	    T(a_budget_does_not_fall_below_nothing),
	    T(what_is_held_is_not_asked_for),
	    T(one_that_was_replaced_is_not_charged),
	    T(an_old_record_is_no_answer),
	    T(an_author_blames_nobody),
	    T(chatter_is_no_delivery),
	    T(other_news_is_no_delivery_for_long),
	    T(newer_answers_are_no_delivery_of_others),
	    T(many_first_announcers_do_not_hide_the_others),
	    T(one_of_sixteen_gives),
	    T(one_that_gave_nothing_keeps_no_place),
	    T(a_false_signature_keeps_nothing_back),
	    T(a_guest_announces_nothing),
	    T(false_ids_without_end_block_nobody),
	};

	return cmocka_run_group_tests_name("fetch_false", tests, NULL, NULL);
}
