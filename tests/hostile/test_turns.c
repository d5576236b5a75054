/* The turns in an OFFER are compared with those of the same log, however old and many they are. */
#include "node/audit/rules.h"
#include "proto/base.h"
#include "proto/limits.h"
#include "store/stat.h"
#include "store/tables.h"
#include "tests/hostile/one_log.h"
#include "tests/hostile/one_node.h"
#include "tests/hostile/one_offer.h"

#define US   0   /* our index in the PARTNERS of the false peer */
#define MANY 250 /* as many open offers as the share of the false peer has room for */

/* A draw in which we are asked, with this turn, or not drawn; 0: in no list. Somebody else is not
 * drawn either, so that who is asked has a new turn. */
static void make_draw(struct one_node *b, struct false_offer *o, unsigned number, uint32_t draw,
		      uint32_t turn, bool asked)
{
	b->now.ms += 1000;
	false_offer_init(b, o, number);
	o->lists.draw = draw;
	o->lists.not_drawn[0] = (struct viz_list_entry){.index = 9, .turn = turn};
	o->lists.not_drawn_count = 1;
	if (turn != 0 && asked)
		o->lists.asked[0] = (struct viz_list_entry){.index = US, .turn = turn};
	if (turn != 0 && !asked) {
		o->lists.not_drawn[1] = o->lists.not_drawn[0];
		o->lists.not_drawn[0] = (struct viz_list_entry){.index = US, .turn = turn};
		o->lists.not_drawn_count = 2;
	}
	false_offer_sign(b, o);
}

static void give_draw(struct one_node *b, unsigned number, uint32_t draw, uint32_t turn, bool asked)
{
	struct false_offer *o = calloc(1, sizeof *o);

	make_draw(b, o, number, draw, turn, asked);
	give(b, &o->offer);
	tick(b, 0);
	free(o);
}

/* We are drawn, and then there are many draws of which we are no part, for days. */
static void drawn_long_ago(struct one_node *b)
{
	give_draw(b, 0, 10, 2, true);
	for (unsigned i = 0; i < MANY; i++) {
		if (i % 50 == 0)
			b->now.ms += VIZ_DAY_MS;
		give_draw(b, i + 1, 11 + i, 0, false);
	}
}

static void an_old_turn_comes_back(void **state)
{
	struct one_node *b = *state;

	drawn_long_ago(b);
	give_draw(b, MANY + 1, 400, 10, false);
	assert_int_equal(findings(b, VIZ_RULE_TURN_FALSE), 0);
	give_draw(b, MANY + 2, 401, 2, true);
	assert_int_equal(findings(b, VIZ_RULE_TURN_FALSE), 1);
}

/* The turn is the number of a draw that did not give it. */
static void a_turn_that_no_draw_gave(void **state)
{
	struct one_node *b = *state;

	drawn_long_ago(b);
	give_draw(b, MANY + 1, 400, 20, false);
	assert_int_equal(findings(b, VIZ_RULE_TURN_FALSE), 1);
	give_draw(b, MANY + 2, 401, 399, false); /* a draw from which no OFFER was made */
	assert_int_equal(findings(b, VIZ_RULE_TURN_FALSE), 1);
}

/* The OFFER in which we were drawn comes behind the one that hides it. */
static void the_draw_comes_later(void **state)
{
	struct one_node *b = *state;
	struct false_offer *o = calloc(1, sizeof *o);

	drawn_long_ago(b);
	make_draw(b, o, MANY + 1, 390, 10, true);
	give_draw(b, MANY + 2, 400, 10, false);
	assert_int_equal(findings(b, VIZ_RULE_TURN_FALSE), 0);
	give(b, &o->offer);
	tick(b, 0);
	assert_int_equal(findings(b, VIZ_RULE_TURN_FALSE), 1);
	free(o);
}

static void an_old_draw_is_used_again(void **state)
{
	struct one_node *b = *state;

	drawn_long_ago(b);
	give_draw(b, MANY + 1, 15, 0, false);
	assert_true(findings(b, VIZ_RULE_DRAW_DOUBLE) > 0);
}

/* Marked as a newcomer, long after it was listed as one that is none. */
static void marked_again(void **state)
{
	struct one_node *b = *state;
	struct false_offer *o = calloc(1, sizeof *o);

	give_draw(b, 0, 10, 2, false);
	for (unsigned i = 0; i < MANY; i++)
		give_draw(b, i + 1, 11 + i, 0, false);
	make_draw(b, o, MANY + 1, 400, 0, false);
	o->lists.asked[0] = (struct viz_list_entry){.index = US, .turn = 5, .newcomer = true};
	false_offer_sign(b, o);
	give(b, &o->offer);
	tick(b, 0);
	assert_int_equal(findings(b, VIZ_RULE_NEWCOMER_FALSE), 1);
	free(o);
}

/* Between two OFFERs of one log the origin signs its PARTNERS as of another log. */
static void another_log_of_partners_hides_no_turn(void **state)
{
	struct one_node *b = *state;
	struct false_offer *o = calloc(1, sizeof *o);
	struct viz_id held;

	give_draw(b, 0, 10, 2, true);
	b->now.ms += 1000;
	held_partners(b, &held);
	give_partners_again(b, 77, &held, (struct viz_time){0});
	make_draw(b, o, 1, 11, 3, true);
	give(b, &o->offer);
	tick(b, 0);
	assert_int_equal(findings(b, VIZ_RULE_TURN_FALSE), 0); /* turns are compared in one log */
	assert_int_equal(findings(b, VIZ_RULE_NODE_FALSE), 1);
	assert_true(exports(b, VIZ_RULE_NODE_FALSE));
	free(o);
}

/* Or names a NODE of another log. */
static void a_node_of_another_log(void **state)
{
	struct one_node *b = *state;
	struct false_offer *o = calloc(1, sizeof *o);

	b->evil.log = 77;
	b->now.ms += 1000;
	forge_node(&b->scratch, &b->evil, b->now);
	give(b, &b->scratch);
	b->evil.log = LOG;
	make_draw(b, o, 0, 11, 3, true);
	give(b, &o->offer);
	tick(b, 0);
	assert_int_equal(findings(b, VIZ_RULE_NODE_FALSE), 1);
	assert_true(exports(b, VIZ_RULE_NODE_FALSE));
	free(o);
}

/* However often the origin does it: each offer has a finding of its own, and none seems in order.
 */
static void each_offer_has_its_finding(void **state)
{
	struct one_node *b = *state;

	give_draw(b, 0, 10, 2, true);
	for (unsigned i = 0; i < 2 * VIZ_FINDINGS_PER_RULE; i++)
		give_draw(b, i + 1, 11 + i, 2, false);
	assert_int_equal(findings(b, VIZ_RULE_TURN_FALSE), 2 * VIZ_FINDINGS_PER_RULE);
}

static void rows_end_with_their_offers(void **state)
{
	struct one_node *b = *state;

	give_draw(b, 0, 10, 2, true);
	give_draw(b, 1, 11, 10, false);
	assert_int_equal(viz_store_stat_entries(b->store, VIZ_TABLE_DRAWN), 3);
	for (int i = 0; i < 93; i++)
		tick(b, VIZ_DAY_MS);
	assert_int_equal(viz_store_stat_entries(b->store, VIZ_TABLE_DRAWN), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, setup_named, teardown)
	    T(each_offer_has_its_finding), T(an_old_turn_comes_back),
	    T(a_turn_that_no_draw_gave),   T(the_draw_comes_later),
	    T(an_old_draw_is_used_again),  T(marked_again),
	    T(rows_end_with_their_offers), T(another_log_of_partners_hides_no_turn),
	    T(a_node_of_another_log),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
