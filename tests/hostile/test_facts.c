/* What the offers of a partner show in numbers, as `vizinho audit PARTNER` gets them. */
#include "crypto/crypto.h"
#include "node/audit/facts.h"
#include "node/offer/chance.h"
#include "node/node.h"
#include "proto/geo/cell.h"
#include "proto/limits.h"
#include "proto/record.h"
#include "proto/trust.h"
#include "store/store.h"
#include "tests/hostile/one_node.h"
#include "tests/hostile/one_offer.h"

#include <jansson.h>

/* What is shown of the false partner; the caller releases it. */
static json_t *of_partner(struct one_node *b)
{
	const char *reply =
	    request(b, "{\"op\":\"audit.show\",\"args\":{\"what\":\"Provedor Hostil\"}}");
	json_t *json = json_loads(reply, 0, NULL);
	json_t *result = json_incref(json_object_get(json, "result"));

	json_decref(json);
	return result;
}

/* Its page likewise. */
static json_t *page(struct one_node *b)
{
	json_t *result = of_partner(b), *origin = json_incref(json_object_get(result, "origin"));

	json_decref(result);
	assert_non_null(origin);
	return origin;
}

/* A share must be {count, of} with the interval of Wilson. */
static void is_share(const json_t *o, uint32_t k, uint32_t n)
{
	struct viz_interval is = viz_chance_wilson(n, k);

	assert_int_equal(json_integer_value(json_object_get(o, "count")), k);
	assert_int_equal(json_integer_value(json_object_get(o, "of")), n);
	assert_true(json_number_value(json_object_get(o, "low")) == is.low);
	assert_true(json_number_value(json_object_get(o, "high")) == is.high);
}

static void share(const json_t *of, const char *key, uint32_t k, uint32_t n)
{
	print_message("# %s\n", key);
	is_share(json_object_get(of, key), k, n);
}

/* What is counted of our node, the only one that its PARTNERS has. */
static const json_t *ours(const json_t *facts)
{
	const json_t *list = json_object_get(facts, "partners");

	assert_int_equal(json_array_size(list), 1);
	return json_array_get(list, 0);
}

/* An offer that asks us, closed without our answer. */
static void unanswered(struct one_node *b, struct false_offer *o)
{
	const struct viz_point place = {-19394600, -40064300};

	false_offer_to_us(b, o, 0);
	o->lists.area.cell = viz_cell_from_point(place, VIZ_AREA_LEVEL);
	false_offer_sign(b, o);
	give(b, &o->offer);
	tick(b, 31000);
	false_offer_sign_close(b, o, false);
	give(b, &o->close);
}

/* One that strikes us, in draw 3: draw 2 was burnt. */
static void struck(struct one_node *b, struct false_offer *o)
{
	false_offer_init(b, o, 1);
	o->lists.draw = 3;
	o->lists.struck_count = 1;
	o->lists.struck[0] = (struct viz_list_entry){.index = 0, .turn = 0, .newcomer = true};
	false_offer_sign(b, o);
	give(b, &o->offer);
}

/* One to which we say yes; RESULT does not show our proposal. */
static void unrevealed(struct one_node *b, struct false_offer *o)
{
	struct viz_inbox *in = calloc(1, sizeof *in);

	false_offer_to_us(b, o, 2);
	o->lists.draw = 4;
	false_offer_sign(b, o);
	give(b, &o->offer);
	answer_yes(b, o, in);
	tick(b, 31000);
	false_offer_sign_close(b, o, true);
	give(b, &o->close);
	tick(b, b->federation.reveal_ms);
	false_offer_sign_result(b, o, NULL);
	give(b, &o->result);
	free(in);
}

static void each_fact_is_counted(void **state)
{
	struct one_node *b = *state;
	struct false_offer *o = calloc(1, sizeof *o);
	json_t *origin, *facts, *windows;
	const json_t *us;

	unanswered(b, o);
	tick(b, 1000);
	struck(b, o);
	tick(b, 1000);
	unrevealed(b, o);
	origin = page(b);
	facts = json_object_get(origin, "facts");
	assert_int_equal(json_integer_value(json_object_get(facts, "offer_count")), 3);
	assert_int_equal(json_integer_value(json_object_get(facts, "log_count")), 1);
	share(facts, "cell_share", 1, 3);
	share(facts, "burnt_draw_share", 1, 4);
	share(facts, "nil_answer_share", 1, 2);
	share(facts, "nil_reveal_share", 1, 1);
	share(facts, "withdrawn_share", 0, 3);
	share(facts, "again_share", 0, 0);
	windows = json_object_get(facts, "window_times");
	assert_int_equal(json_integer_value(json_object_get(windows, "count")), 3);
	assert_int_equal(json_integer_value(json_object_get(windows, "median_ms")), 30000);
	us = ours(facts);
	share(us, "struck_share", 1, 3);
	share(us, "struck_beside_share", 0, 1); /* whom the second one asked beside us */
	share(us, "nil_answer_share", 1, 2);
	share(us, "nil_reveal_share", 1, 1);
	share(us, "first_share", 0, 0); /* an order of one is none */
	share(us, "burnt_turn_share", 0, 0);
	json_decref(origin);
	free(o);
}

/* An offer that was withdrawn, and one that names it as previous. */
static void withdrawn_and_again(struct one_node *b, struct false_offer *o)
{
	struct viz_id before;

	unanswered(b, o);
	o->lists.area.cell = 0;
	tick(b, 1000);
	false_offer_sign_withdrawn(b, o);
	give(b, &o->result);
	before = o->offer.id;
	for (unsigned i = 1; i < 3; i++) {
		false_offer_init(b, o, i);
		o->lists.draw = 1 + i;
		o->lists.has_previous = i == 2; /* the first one is of another customer */
		o->lists.previous = before;
		false_offer_sign(b, o);
		give(b, &o->offer);
		tick(b, 1000);
	}
	assert_int_equal(b->closed, 0);
}

static void who_is_offered_again_is_counted(void **state)
{
	struct one_node *b = *state;
	struct false_offer *o = calloc(1, sizeof *o);
	json_t *origin;

	withdrawn_and_again(b, o);
	origin = page(b);
	share(json_object_get(origin, "facts"), "withdrawn_share", 1, 3);
	share(json_object_get(origin, "facts"), "again_share", 1, 1);
	json_decref(origin);
	free(o);
}

/* What an ended key signed and no log reaches may be a thief's: it is no fact about the owner. */
static void what_a_thief_may_have_signed_is_no_fact(void **state)
{
	struct one_node *b = *state;
	struct false_offer *o = calloc(1, sizeof *o);
	json_t *origin;

	unanswered(b, o);
	origin = page(b);
	share(json_object_get(origin, "facts"), "nil_answer_share", 1, 1);
	json_decref(origin);
	change_key(b);
	origin = page(b);
	share(json_object_get(origin, "facts"), "nil_answer_share", 0, 0);
	assert_int_equal(json_integer_value(json_object_get(origin, "offer_count")), 1);
	json_decref(origin);
	free(o);
}

/* Our PROTEST is a share of the offers that asked us. */
static void protests_are_shares(void **state)
{
	struct one_node *b = *state;
	struct false_offer *o = calloc(1, sizeof *o);
	json_t *json, *p, *one, *replies;

	unanswered(b, o);
	tick(b, 1000);
	unrevealed(b, o);
	json = json_loads(request(b, "{\"op\":\"audit.show\"}"), 0, NULL);
	p = json_array_get(json_object_get(json_object_get(json, "result"), "protests"), 0);
	assert_true(json_is_false(json_object_get(p, "ours"))); /* about the partner's offers */
	one = json_array_get(json_object_get(p, "kinds"), 0);
	assert_string_equal(json_string_value(json_object_get(one, "kind")), "reveal");
	is_share(one, 1, 2);
	replies = json_object_get(p, "replies");
	assert_int_equal(json_array_size(replies), 1);
	one = json_array_get(replies, 0);
	assert_string_equal(json_string_value(json_object_get(one, "reply")), "none");
	is_share(one, 2, 2);
	one = of_partner(b); /* the same, and nothing about others */
	assert_true(json_equal(json_object_get(one, "protests"),
			       json_object_get(json_object_get(json, "result"), "protests")));
	assert_int_equal(json_array_size(json_object_get(one, "probing")), 1);
	json_decref(one);
	json_decref(json);
	free(o);
}

/* Where there is no offer nothing is in order yet. */
static void nothing_is_no_order(void **state)
{
	struct one_node *b = *state;
	json_t *json =
	    json_loads(request(b, "{\"op\":\"audit.show\",\"args\":{\"details\":true}}"), 0, NULL);
	json_t *result = json_object_get(json, "result"), *origin;
	size_t i;

	assert_string_equal(json_string_value(json_object_get(result, "verdict")), "none");
	assert_true(json_array_size(json_object_get(result, "origins")) > 0);
	json_array_foreach(json_object_get(result, "origins"), i, origin)
	    assert_string_equal(json_string_value(json_object_get(origin, "verdict")), "none");
	json_decref(json);
}

/* The false peer gives a PARTNERS of us and as many others as there is room for, all new. */
static void give_new_partners(struct one_node *b, uint8_t round)
{
	struct viz_partners *p = calloc(1, sizeof *p);
	uint8_t *body = malloc(VIZ_RECORD_MAX);
	struct viz_writer w;

	assert_true(p && body);
	b->now.ms += 1000;
	p->log = b->evil.log;
	p->previous.b[0] = 1;
	for (unsigned i = 0; i < VIZ_PARTNERS_MAX; i++)
		p->entry[i] = (struct viz_partner_entry){
		    {{(uint8_t)i, round}}, viz_after(b->now, -VIZ_DAY_MS), {0}};
	p->count = VIZ_PARTNERS_MAX;
	p->entry[viz_node_author(b->node)->b[0]].id = *viz_node_author(b->node);
	viz_writer_init(&w, body, VIZ_RECORD_MAX);
	viz_partners_write(&w, p);
	forge_record(&b->scratch, &b->evil, VIZ_TYPE_PARTNERS, 0, b->now, &w);
	b->evil.names = b->scratch.id;
	give(b, &b->scratch);
	assert_int_equal(b->closed, 0);
	free(body);
	free(p);
}

/* An origin whose PARTNERS have ever new entries: each is looked for among the others, so as many
 * are counted as an honest one can have. */
static void too_many_partners(void **state)
{
	struct one_node *b = *state;
	struct false_offer *o = calloc(1, sizeof *o);
	struct viz_facts_count *count;
	size_t rows = 64;
	struct viz_facts f;

	assert_non_null(o);
	for (unsigned round = 0; round < 4; round++) {
		give_new_partners(b, (uint8_t)(round + 1));
		false_offer_init(b, o, round);
		o->lists.asked[0].index = 0;
		o->lists.not_drawn_count = VIZ_PARTNERS_MAX - 1;
		for (unsigned i = 1; i < VIZ_PARTNERS_MAX; i++)
			o->lists.not_drawn[i - 1] =
			    (struct viz_list_entry){.index = (uint8_t)i, .newcomer = true};
		false_offer_sign(b, o);
		give(b, &o->offer);
		assert_int_equal(b->closed, 0);
	}
	assert_int_equal(viz_store_begin(b->store), VIZ_OK);
	count = viz_facts_begin(&b->node->trust, &b->evil.author);
	assert_true(viz_facts_step(count, &rows));
	viz_facts_end(count, &f);
	viz_store_abort(b->store);
	assert_int_equal(f.offers, 4);
	assert_int_equal(f.partner_count, 2 * VIZ_PARTNERS_MAX);
	viz_facts_free(&f);
	free(o);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	    T(each_fact_is_counted),
	    T(what_a_thief_may_have_signed_is_no_fact),
	    T(who_is_offered_again_is_counted),
	    T(protests_are_shares),
	    T(nothing_is_no_order),
	    T(too_many_partners),
	};

	VIZ_REQUIRE(viz_crypto_init() == VIZ_OK);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
