/* The rules of neutrality without a node. Each case is an honest offer with one breach planted
 * in it. This program is linked with the rules, proto and crypto alone. */
#include "tests/unit/node/audit/offered.h"

static struct report judge(const struct viz_case *c)
{
	struct report r = {0};

	viz_rules_lists(c, found, &r);
	viz_rules_result(c, found, &r);
	viz_rules_choice(c, found, &r);
	return r;
}

static const struct {
	enum breach breach;
	enum viz_rule rule;
	enum viz_verdict verdict;
	const struct viz_id *about; /* NULL: `record` names it */
	enum { NO_RECORD, PLEDGE_A, PLEDGE_B, CLOSE, RESULT, CHOICE_1, CHOICE_2, NEXT } record;
} cases[] = {
#define PROVED VIZ_VERDICT_CONTRADICTION
    {OMIT_B, VIZ_RULE_OMITTED, PROVED, &b, NO_RECORD},
    {LIST_STRANGER, VIZ_RULE_UNFOUNDED, PROVED, &named_id, NO_RECORD},
    {DRAW_FEWER, VIZ_RULE_DRAW_SHORT, PROVED, &view_digest, NO_RECORD},
    {SKIP_TURN, VIZ_RULE_DRAW_TURN, PROVED, &view_digest, NO_RECORD},
    {UNMARK_A, VIZ_RULE_NEWCOMER_FALSE, PROVED, &view_digest, NO_RECORD},
    {ASK_B_OUTSIDE, VIZ_RULE_ASKED_OUTSIDE, PROVED, &b, NO_RECORD},
    {ASK_B_UNKNOWN_TO_NODE, VIZ_RULE_UNFOUNDED, PROVED, &b, NO_RECORD},
    {CALL_B_BLOCKED, VIZ_RULE_FALSE_REASON, PROVED, &b, NO_RECORD},
    {OLD_NODE_NAMED, VIZ_RULE_NODE_STALE, PROVED, &named_id, NO_RECORD},
    {OMIT_ACKNOWLEDGED, VIZ_RULE_OMITTED_ACKNOWLEDGED, PROVED, &a, NO_RECORD},
    {OMIT_ACKNOWLEDGED_LONG_AGO, VIZ_RULE_UNSEEN, VIZ_VERDICT_SUSPICION, &a, NO_RECORD},
    {OMIT_ACKNOWLEDGED_BEFORE_START, VIZ_RULE_UNSEEN, VIZ_VERDICT_SUSPICION, &a, NO_RECORD},
    {OMIT_ACKNOWLEDGED_IN_OTHER_LOG, VIZ_RULE_UNSEEN, VIZ_VERDICT_SUSPICION, &a, NO_RECORD},
    {OMIT_UNSEEN, VIZ_RULE_UNSEEN, VIZ_VERDICT_SUSPICION, &a, NO_RECORD},
    {CLOSE_EARLY, VIZ_RULE_CLOSED_EARLY, PROVED, NULL, CLOSE},
    {DROP_PLEDGE, VIZ_RULE_PLEDGE_DROPPED, PROVED, NULL, PLEDGE_A},
    {FORGE_PLEDGE, VIZ_RULE_PLEDGE_FORGED, PROVED, NULL, PLEDGE_A},
    {FORGE_LATER, VIZ_RULE_PLEDGE_FORGED, PROVED, NULL, PLEDGE_A},
    {OTHER_SIGNER, VIZ_RULE_PLEDGE_FORGED, PROVED, NULL, PLEDGE_B},
    {OTHER_OFFER, VIZ_RULE_CLOSE_ENTRIES, PROVED, NULL, PLEDGE_B},
    {ONE_ENTRY_LESS, VIZ_RULE_CLOSE_ENTRIES, PROVED, NULL, CLOSE},
    {OTHER_SALT, VIZ_RULE_SALT, PROVED, NULL, RESULT},
    {OTHER_CLOSE, VIZ_RULE_RESULT_FALSE, PROVED, NULL, RESULT},
    {REVEAL_OF_NO, VIZ_RULE_RESULT_FALSE, PROVED, NULL, RESULT},
    {TWICE_IN_ORDER, VIZ_RULE_RESULT_FALSE, PROVED, NULL, RESULT},
    {WITHDRAWN_WITH_ORDER, VIZ_RULE_RESULT_FALSE, PROVED, NULL, RESULT},
    {EARLY_RESULT, VIZ_RULE_RESULT_EARLY, PROVED, NULL, RESULT},
    {CHOICE_AFTER_WITHDRAWAL, VIZ_RULE_CHOICE_ORDER, PROVED, NULL, CHOICE_1},
    {CHOICE_AFTER_NONE, VIZ_RULE_CHOICE_ORDER, PROVED, NULL, CHOICE_2},
    {CHOICE_BEFORE_RESULT, VIZ_RULE_CHOICE_ORDER, PROVED, NULL, CHOICE_1},
    {NONE_BEFORE_CHOICE, VIZ_RULE_CHOICE_ORDER, PROVED, NULL, CHOICE_2},
    {LEASE_RUNS, VIZ_RULE_LEASE_OUTLASTED, PROVED, NULL, CHOICE_2},
    {LEASE_OPENED_FALSELY, VIZ_RULE_LEASE_OUTLASTED, PROVED, NULL, CHOICE_2},
    {NEXT_RUNS, VIZ_RULE_LEASE_OUTLASTED, PROVED, NULL, NEXT},
    {NEXT_AFTER_NONE, VIZ_RULE_LEASE_OUTLASTED, PROVED, NULL, NEXT},
    {NEXT_OPENED_FALSELY, VIZ_RULE_LEASE_OUTLASTED, PROVED, NULL, NEXT},
    {FALSE_REVEAL, VIZ_RULE_REVEAL_FALSE, PROVED, NULL, PLEDGE_B},
    {DROP_REVEAL, VIZ_RULE_REVEAL_DROPPED, PROVED, NULL, PLEDGE_A},
    {OTHER_ORDER, VIZ_RULE_ORDER, PROVED, NULL, RESULT},
};

static bool is_breach(enum breach how)
{
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		if (cases[i].breach == how)
			return true;
	return false;
}

/* All that are in no row of the table are no breach. */
static void an_honest_offer_is_in_order(void **state)
{
	(void)state;
	for (enum breach how = NONE; how < BREACHES; how++) {
		struct viz_case c = make_case(how);

		if (is_breach(how))
			continue;
		print_message("# no breach: %d\n", (int)how);
		assert_int_equal(judge(&c).count, 0);
	}
}

static void each_breach_is_found_as_what_it_is(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct viz_case c = make_case(cases[i].breach);
		const struct viz_record *const records[] = {NULL,       &pledge[0], &pledge[1],
							    c.close,    c.result,   &choice[0],
							    &choice[1], c.next};
		struct viz_id about, id;
		struct report r = judge(&c);

		viz_ids_federation(&id, &federation);
		if (cases[i].about)
			about = *cases[i].about;
		else
			viz_ids_record(&about, &id, records[cases[i].record]);
		print_message("# breach %d\n", (int)cases[i].breach);
		assert_int_equal(r.count, 1);
		assert_int_equal(r.rule, cases[i].rule);
		assert_int_equal(r.verdict, cases[i].verdict);
		assert_memory_equal(&r.about, &about, sizeof about);
	}
}

/* A rule is not applied when the case lacks what it needs. */
static void nothing_is_found_of_what_is_unknown(void **state)
{
	static const enum breach breaches[] = {OMIT_B, OTHER_SIGNER};
	struct viz_case c;

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		c = make_case(breaches[i]);
		c.named = NULL;
		assert_int_equal(judge(&c).count, 0);
	}
	c = make_case(FORGE_PLEDGE);
	c.pledge_key_count = 0;
	assert_int_equal(judge(&c).count, 0);
	c = make_case(DROP_REVEAL);
	c.statement_count = 0;
	assert_int_equal(judge(&c).count, 0);
	c = make_case(OTHER_ORDER);
	c.result = NULL;
	assert_int_equal(judge(&c).count, 0);
}

static void one_author_pledges_once(void **state)
{
	const struct viz_id offer = {{20}};
	struct report r = {0};
	struct made *first, *second, *other;

	(void)state;
	breach = NONE;
	made_count = 0;
	first = make_pledge(&a, &offer, &proposal[0], VIZ_ANSWER_YES);
	second = make_pledge(&a, &offer, &proposal[1], VIZ_ANSWER_YES);
	other = make_pledge(&b, &offer, &proposal[1], VIZ_ANSWER_YES);
	viz_rules_records_pledges(&first->rec, &first->rec, found, &r);
	viz_rules_records_pledges(&first->rec, &other->rec, found, &r);
	assert_int_equal(r.count, 0);
	viz_rules_records_pledges(&first->rec, &second->rec, found, &r);
	assert_int_equal(r.count, 1);
	assert_int_equal(r.rule, VIZ_RULE_TWO_PLEDGES);
	assert_memory_equal(&r.about, &offer, sizeof offer);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(an_honest_offer_is_in_order),
	    cmocka_unit_test(each_breach_is_found_as_what_it_is),
	    cmocka_unit_test(nothing_is_found_of_what_is_unknown),
	    cmocka_unit_test(one_author_pledges_once),
	};

	VIZ_REQUIRE(viz_crypto_init() == VIZ_OK);
	viz_federation_default(&federation, "teste");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
