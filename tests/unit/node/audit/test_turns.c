/* The turns that two OFFERs of one origin show. This program is linked with the rules, proto and
 * crypto alone. */
#include "tests/unit/unit.h"

#include "node/audit/rules.h"
#include "proto/base.h"
#include "proto/federation.h"
#include "proto/offer.h"
#include "proto/trust.h"

#define OFFERED ((int64_t)20000 * VIZ_DAY_MS)
#define LOG     5

enum { A, B, C }; /* indices of the origin's partners */

static struct viz_federation federation;

struct report {
	size_t count;
	enum viz_rule rule;
};

static void found(void *arg, enum viz_rule rule, enum viz_verdict verdict,
		  const struct viz_id *about)
{
	struct report *r = arg;

	(void)verdict;
	(void)about;
	*r = (struct report){r->count + 1, rule};
}

/* Two OFFERs of the origin: draw 5, and a later one. */
struct turns_case {
	const char *name;
	struct viz_list_entry before, after; /* of a */
	enum { OF_DRAWN, OF_NOT_DRAWN, OF_NONE } was;
	uint32_t draw;   /* of the later one */
	uint64_t log;    /* likewise */
	int64_t earlier; /* by how much the earlier OFFER is before a's entry is effective; 0: it is
			    after that */
	bool again;      /* a has another entry in the later one */
	enum viz_rule rule; /* 0: no breach */
};

static const struct turns_case turns_cases[] = {
    {"drawn, and its turn is that draw", {A, 2, false}, {A, 5, false}, OF_DRAWN, 6, LOG, 0, 0, 0},
    {"drawn again in a burnt draw", {A, 2, false}, {A, 6, false}, OF_DRAWN, 7, LOG, 0, 0, 0},
    {"its turn stays", {A, 2, false}, {A, 2, false}, OF_DRAWN, 6, LOG, 0, 0, VIZ_RULE_TURN_FALSE},
    {"not drawn", {A, 2, true}, {A, 2, true}, OF_NOT_DRAWN, 6, LOG, 0, 0, 0},
    {"not drawn, and loses its turn",
     {A, 2, false},
     {A, 5, false},
     OF_NOT_DRAWN,
     6,
     LOG,
     0,
     0,
     VIZ_RULE_TURN_FALSE},
    {"not listed, and loses its turn",
     {A, 2, false},
     {A, 5, false},
     OF_NONE,
     6,
     LOG,
     0,
     0,
     VIZ_RULE_TURN_FALSE},
    {"a newcomer since", {A, 2, false}, {A, 5, true}, OF_NONE, 6, LOG, 0, 0, 0},
    {"drawn, in another log", {A, 2, false}, {A, 2, false}, OF_DRAWN, 6, LOG + 1, 0, 0, 0},
    {"drawn, under another entry", {A, 2, false}, {A, 5, true}, OF_DRAWN, 6, LOG, 0, true, 0},
    {"marked again", {A, 2, false}, {A, 5, true}, OF_DRAWN, 6, LOG, 0, 0, VIZ_RULE_NEWCOMER_FALSE},
    {"marked with another turn",
     {A, 2, true},
     {A, 3, true},
     OF_NOT_DRAWN,
     6,
     LOG,
     0,
     0,
     VIZ_RULE_NEWCOMER_FALSE},
    {"marked, and too early",
     {A, 2, true},
     {A, 4, true},
     OF_NONE,
     6,
     LOG,
     1,
     0,
     VIZ_RULE_NEWCOMER_FALSE},
    {"marked, in time", {A, 2, true}, {A, 5, true}, OF_NONE, 6, LOG, 1, 0, 0},
    {"one draw for two",
     {A, 2, false},
     {A, 2, false},
     OF_DRAWN,
     5,
     LOG,
     0,
     0,
     VIZ_RULE_DRAW_DOUBLE},
};

static void fill_draw(struct viz_offer *s, const struct viz_list_entry *e, int list,
		      uint32_t turn_of_b)
{
	s->asked[s->asked_count++] = (struct viz_list_entry){B, turn_of_b, false};
	if (list == OF_DRAWN)
		s->asked[s->asked_count++] = *e;
	s->not_drawn[s->not_drawn_count++] =
	    list == OF_NOT_DRAWN ? *e : (struct viz_list_entry){C, 4, false};
}

/* A turn is the number of the last draw in which the partner was drawn while somebody was not. */
static void turns_follow_from_the_draws_before(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof turns_cases / sizeof *turns_cases; i++) {
		const struct turns_case *t = &turns_cases[i];
		int64_t added = OFFERED - federation.partner_delay_ms + t->earlier;
		struct viz_partner_entry all[] = {
		    {.id = {{2}}, .added = {added}}, {.id = {{3}}}, {.id = {{4}}}};
		static struct viz_partners of[2];
		static struct viz_offer lists[2];
		struct viz_rules_draw draw[2] = {{{{31}}, {OFFERED}, &lists[0], &of[0]},
						 {{{32}}, {OFFERED + 9}, &lists[1], &of[1]}};
		struct report r = {0}, swapped = {0};

		for (int k = 0; k < 2; k++) {
			all[0].added.ms += k == 1 && t->again;
			of[k] = (struct viz_partners){.log = k == 1 ? t->log : LOG, .count = 3};
			memcpy(of[k].entry, all, sizeof all);
			lists[k] = (struct viz_offer){.draw = k == 1 ? t->draw : 5,
						      .drawn = {OFFERED - 60 + k}};
			fill_draw(&lists[k], k == 1 ? &t->after : &t->before,
				  k == 1 ? (int)OF_NOT_DRAWN : (int)t->was, k == 1 ? 5 : 1);
		}
		viz_rules_turns(&federation, &draw[0], &draw[1], found, &r);
		viz_rules_turns(&federation, &draw[1], &draw[0], found, &swapped);
		print_message("# %s\n", t->name);
		assert_int_equal(r.count, t->rule != 0);
		assert_int_equal(r.rule, t->rule);
		assert_int_equal(swapped.count, r.count);
		viz_rules_turns(&federation, &draw[0], &draw[0], found, &r);
		assert_int_equal(r.count, t->rule != 0); /* with itself */
	}
}

/* A later draw has a later instant. */
static void draws_go_on_in_time(void **state)
{
	static struct viz_partners of = {.log = LOG};
	static struct viz_offer lists[2] = {{.draw = 5, .drawn = {OFFERED}},
					    {.draw = 6, .drawn = {OFFERED - 1}}};
	const struct viz_rules_draw draw[2] = {{{{31}}, {OFFERED}, &lists[0], &of},
					       {{{32}}, {OFFERED}, &lists[1], &of}};
	struct report r = {0};

	(void)state;
	viz_rules_turns(&federation, &draw[0], &draw[1], found, &r);
	assert_int_equal(r.count, 1);
	assert_int_equal(r.rule, VIZ_RULE_DRAW_DOUBLE);
	lists[1].drawn.ms = OFFERED;
	viz_rules_turns(&federation, &draw[0], &draw[1], found, &r);
	assert_int_equal(r.count, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(turns_follow_from_the_draws_before),
	    cmocka_unit_test(draws_go_on_in_time),
	};

	viz_federation_default(&federation, "teste");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
