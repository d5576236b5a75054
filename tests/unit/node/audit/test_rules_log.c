/* The rules about the log of an origin, without a node: an honest log, and one breach in each
 * case. */
#include "tests/unit/node/audit/made.h"

#include "crypto/crypto.h"
#include "proto/offer.h"

static const struct viz_id partners_id = {{30}};
static struct viz_id node_id;

/* A record of the log. The value behind it is in `value`. */
struct logged {
	struct made *m;
	struct viz_id value;
};

static struct viz_id start(void)
{
	struct viz_id value;

	viz_ids_log_start(&value, LOG, 0, 0, &(struct viz_id){{0}});
	return value;
}

static struct logged logged(struct made *m, const struct viz_position *at)
{
	struct logged l = {.m = m};

	viz_ids_log(&l.value, at, m->rec.type, m->rec.slot, &m->id);
	return l;
}

/* An OFFER of the slot `n`, that names a NODE of a second before it. */
static struct logged offer(const struct viz_id *before, uint64_t log, uint32_t number, int64_t time,
			   uint64_t n)
{
	struct viz_offer o = {.at = {log, number, *before, number},
			      .node = node_id,
			      .node_time = {time - 1000},
			      .partners = partners_id,
			      .draw = number,
			      .drawn = {time - 1000},
			      .closes = {time + 30000},
			      .area = {.municipality = 3201209},
			      .asked[0].newcomer = true,
			      .asked_count = 1};
	BODY(body);

	viz_offer_write(&body, &o);
	return logged(make(&origin, VIZ_TYPE_OFFER, n << 8, time, &body), &o.at);
}

static struct logged close_of(const struct logged *of, uint64_t log, uint32_t number,
			      uint32_t offer_number, int64_t time, bool nil)
{
	static struct viz_close c;
	BODY(body);

	c = (struct viz_close){
	    .at = {log, number, of->value, offer_number}, .offer = of->m->id, .count = nil ? 1 : 2};
	viz_close_write(&body, &c);
	return logged(make(&origin, VIZ_TYPE_CLOSE, 0, time, &body), &c.at);
}

/* What the two records show; 0: nothing. */
static unsigned records(const struct logged *x, const struct logged *y)
{
	struct report r = {0}, back = {0};

	viz_rules_log_records(&federation, &x->m->rec, &y->m->rec, found, &r);
	viz_rules_log_records(&federation, &y->m->rec, &x->m->rec, found, &back);
	assert_int_equal(r.count, back.count); /* in any order */
	assert_memory_equal(&r.about, &back.about, sizeof r.about);
	assert_true(r.count <= 1);
	return r.rule;
}

static void a_log_has_one_history(void **state)
{
	struct viz_id before = start(), other = {{1}};
	struct logged first, second, x;

	(void)state;
	made_count = 0;
	first = offer(&before, LOG, 1, OFFERED, 0);
	second = offer(&first.value, LOG, 2, OFFERED + 1, 1);
	assert_int_equal(records(&first, &second), 0);
	assert_int_equal(records(&first, &first), 0);
	x = offer(&first.value, LOG, 2, OFFERED, 1); /* at the same time */
	assert_int_equal(records(&first, &x), 0);
	x = offer(&other, LOG, 2, OFFERED + 1, 1);
	assert_int_equal(records(&first, &x), VIZ_RULE_LOG_FORK);
	x = offer(&other, LOG, 3, OFFERED + 1, 1); /* what is between is not known */
	assert_int_equal(records(&first, &x), 0);
	x = offer(&before, LOG, 1, OFFERED, 1);
	assert_int_equal(records(&first, &x), VIZ_RULE_LOG_FORK);
	x = offer(&first.value, LOG, 2, OFFERED - 1, 1);
	assert_int_equal(records(&first, &x), VIZ_RULE_LOG_ORDER);
	x = offer(&first.value, LOG + 1, 2, OFFERED - 1, 1); /* another log */
	assert_int_equal(records(&first, &x), 0);
	x = offer(&other, LOG, 4, OFFERED + 1, 0); /* the place stands in the log twice */
	assert_int_equal(records(&first, &x), VIZ_RULE_EQUIVOCATION);
}

static struct viz_rules_head head(int64_t time, uint32_t number, const struct viz_id *value)
{
	return (struct viz_rules_head){
	    .node = {{40}}, .time = {time}, .log = LOG, .number = number, .value = *value};
}

/* What the record and the head show; 0: nothing. */
static unsigned by_head(const struct logged *l, const struct viz_rules_head *h)
{
	struct report r = {0};

	viz_rules_log_head(&federation, &l->m->rec, h, found, &r);
	assert_true(r.count <= 1);
	return r.rule;
}

static void heads_fit_the_records(void **state)
{
	struct viz_id before = start(), other = {{1}};
	struct viz_rules_head h;
	struct logged l;

	(void)state;
	made_count = 0;
	l = offer(&before, LOG, 1, OFFERED, 0);
	h = head(OFFERED - 1000, 0, &before); /* before it, of the NODE that it names */
	assert_int_equal(by_head(&l, &h), 0);
	h = head(OFFERED, 0, &before); /* signed with it */
	assert_int_equal(by_head(&l, &h), 0);
	h = head(OFFERED, 1, &l.value);
	assert_int_equal(by_head(&l, &h), 0);
	h = head(OFFERED + 1, 1, &l.value);
	assert_int_equal(by_head(&l, &h), 0);
	h = head(OFFERED + 1, 9, &other); /* the numbers between are not known */
	assert_int_equal(by_head(&l, &h), 0);
	h = head(OFFERED + 1, 1, &other);
	assert_int_equal(by_head(&l, &h), VIZ_RULE_LOG_FORK);
	h = head(OFFERED - 1000, 0, &other);
	assert_int_equal(by_head(&l, &h), VIZ_RULE_LOG_FORK);
	h = head(OFFERED + 1, 0, &before); /* below a record that is dated before it */
	assert_int_equal(by_head(&l, &h), VIZ_RULE_LOG_ORDER);
	h = head(OFFERED - 1000, 1, &l.value); /* at a record that is dated after it */
	assert_int_equal(by_head(&l, &h), VIZ_RULE_LOG_ORDER);
	h = head(OFFERED - 999, 0, &before); /* newer than the NODE that the OFFER names */
	assert_int_equal(by_head(&l, &h), VIZ_RULE_NODE_STALE);
	h.log++;
	assert_int_equal(by_head(&l, &h), 0);
}

static unsigned heads(const struct viz_rules_head *x, const struct viz_rules_head *y)
{
	struct report r = {0};

	viz_rules_log_heads(x, y, found, &r);
	assert_true(r.count <= 1);
	return r.rule;
}

static void heads_fit_each_other(void **state)
{
	struct viz_id value = {{1}}, other = {{2}};
	struct viz_rules_head x = head(OFFERED, 4, &value), y;

	(void)state;
	y = head(OFFERED + 1, 4, &value);
	assert_int_equal(heads(&x, &y), 0);
	y = head(OFFERED + 1, 5, &other);
	assert_int_equal(heads(&x, &y), 0);
	y = head(OFFERED + 1, 4, &other);
	assert_int_equal(heads(&x, &y), VIZ_RULE_LOG_FORK);
	y = head(OFFERED + 1, 3, &other);
	assert_int_equal(heads(&x, &y), VIZ_RULE_LOG_ORDER);
	assert_int_equal(heads(&y, &x), VIZ_RULE_LOG_ORDER);
	y.time.ms = OFFERED;
	assert_int_equal(heads(&x, &y), 0);
	y = head(OFFERED + 1, 3, &other);
	y.log++;
	assert_int_equal(heads(&x, &y), 0);
}

static unsigned mixed(const struct logged *o, const struct logged *l)
{
	struct report r = {0};

	viz_rules_log_mixed(&federation, &o->m->rec, &l->m->rec, found, &r);
	return r.rule;
}

static void an_offer_stays_in_its_log(void **state)
{
	struct viz_id before = start();
	struct logged o, other, l;

	(void)state;
	made_count = 0;
	o = offer(&before, LOG, 7, OFFERED, 0);
	other = offer(&before, LOG, 8, OFFERED, 1);
	l = close_of(&o, LOG, 9, 7, OFFERED + 1, true);
	assert_int_equal(mixed(&o, &l), 0);
	assert_int_equal(mixed(&other, &l), 0); /* it names another one */
	l = close_of(&o, LOG, 9, 8, OFFERED + 1, true);
	assert_int_equal(mixed(&o, &l), VIZ_RULE_LOG_MIXED);
	l = close_of(&o, LOG + 1, 9, 7, OFFERED + 1, true);
	assert_int_equal(mixed(&o, &l), VIZ_RULE_LOG_MIXED);
}

static struct made *node(int64_t time, const struct viz_id *names, uint64_t log)
{
	static struct viz_node_body body_of;
	BODY(body);

	body_of = (struct viz_node_body){.partners = *names, .log = log};
	snprintf(body_of.name, sizeof body_of.name, "a node");
	snprintf(body_of.version, sizeof body_of.version, "1");
	viz_node_body_write(&body, &body_of);
	return make(&origin, VIZ_TYPE_NODE, 0, time, &body);
}

static void an_offer_says_of_its_node_what_it_says(void **state)
{
	struct viz_id before = start(), other = {{1}};
	struct made *n;
	struct logged o;
	const struct {
		int64_t time;
		const struct viz_id *names;
		uint64_t log;
		bool false_one;
	} cases[] = {{OFFERED - 1000, &partners_id, LOG, false},
		     {OFFERED - 999, &partners_id, LOG, true},
		     {OFFERED - 1000, &other, LOG, true},
		     {OFFERED - 1000, &partners_id, LOG + 1, true}};

	(void)state;
	made_count = 0;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct report r = {0};

		n = node(cases[i].time, cases[i].names, cases[i].log);
		node_id = n->id;
		o = offer(&before, LOG, 1, OFFERED, 0);
		viz_rules_log_node(&federation, &o.m->rec, &n->rec, found, &r);
		assert_int_equal(r.rule, cases[i].false_one ? VIZ_RULE_NODE_FALSE : 0);
		node_id = other; /* the OFFER names another one */
		o = offer(&before, LOG, 1, OFFERED, 0);
		r = (struct report){0};
		viz_rules_log_node(&federation, &o.m->rec, &n->rec, found, &r);
		assert_int_equal(r.count, 0);
	}
}

static void an_offer_has_the_log_of_its_partners(void **state)
{
	struct viz_partners named = {.log = LOG};
	struct viz_id before = start();
	struct logged o;

	(void)state;
	made_count = 0;
	o = offer(&before, LOG, 1, OFFERED, 0);
	for (unsigned i = 0; i < 2; i++) {
		struct report r = {0};

		named.log = LOG + i;
		viz_rules_log_partners(&o.m->rec, &named, found, &r);
		assert_int_equal(r.rule, i > 0 ? VIZ_RULE_NODE_FALSE : 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_log_has_one_history),
	    cmocka_unit_test(heads_fit_the_records),
	    cmocka_unit_test(heads_fit_each_other),
	    cmocka_unit_test(an_offer_stays_in_its_log),
	    cmocka_unit_test(an_offer_says_of_its_node_what_it_says),
	    cmocka_unit_test(an_offer_has_the_log_of_its_partners),
	};

	VIZ_REQUIRE(viz_crypto_init() == VIZ_OK);
	viz_federation_default(&federation, "teste");
	made_begin();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
