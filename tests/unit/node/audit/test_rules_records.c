/* The rules about the PARTNERS of one author, without a node. */
#include "crypto/crypto.h"
#include "tests/unit/node/audit/made.h"

/* Makes a PARTNERS of the origin that names `before`. */
static struct made *next_partners(const struct made *before, int64_t time, size_t count,
				  const struct viz_partner_entry *entry)
{
	previous = before->id;
	return partners(&origin, time, count, entry);
}

static size_t partner_dates(const struct made *older, const struct made *newer)
{
	struct report r = {0};

	viz_rules_records_partners(&federation, &older->rec, &newer->rec, found, &r);
	if (r.count > 0)
		assert_int_equal(r.rule, VIZ_RULE_PARTNER_DATES);
	return r.count;
}

/* A date is the time of the record that brings it, and stays. Nothing goes before its time. */
static void dates_follow_from_the_record_before(void **state)
{
	const int64_t next = OFFERED + 7, end = next + federation.partner_keep_ms;
	struct viz_partner_entry e[3] = {since(&a, 1000), since(&b, next), since(&b, next)};
	struct made *older, *newer, *last;

	(void)state;
	made_count = 0;
	previous = (struct viz_id){{0}};
	older = partners(&origin, OFFERED, 1, e);
	assert_int_equal(partner_dates(older, next_partners(older, next, 2, e)), 0);
	e[1].added.ms = next - 1; /* b, dated back */
	assert_int_equal(partner_dates(older, next_partners(older, next, 2, e)), 1);
	e[1].added.ms = next;
	e[0].added.ms = 999; /* a, with another date */
	assert_int_equal(partner_dates(older, next_partners(older, next, 1, e)), 1);
	e[0].added.ms = 1000;
	assert_int_equal(partner_dates(older, next_partners(older, next, 0, e)), 1); /* a is gone */
	e[0].removed.ms = next - 1;
	assert_int_equal(partner_dates(older, next_partners(older, next, 1, e)), 1);
	e[0].removed.ms = next;
	newer = next_partners(older, next, 1, e);
	assert_int_equal(partner_dates(older, newer), 0);
	e[0].removed.ms = next - 1; /* the date of a removal changes */
	assert_int_equal(partner_dates(newer, next_partners(newer, next + 1, 1, e)), 1);
	e[0].removed.ms = 0; /* the removal never was */
	assert_int_equal(partner_dates(newer, next_partners(newer, next + 1, 1, e)), 1);
	e[0].removed.ms = next;
	assert_int_equal(partner_dates(newer, next_partners(newer, end - 1, 0, e)), 1);
	assert_int_equal(partner_dates(newer, next_partners(newer, end, 0, e)), 0);
	assert_int_equal(partner_dates(newer, next_partners(newer, next - 1, 1, e)), 1);
	/* a comes back */
	e[1] = since(&a, next + 5);
	last = next_partners(newer, next + 5, 2, e);
	assert_int_equal(partner_dates(newer, last), 0);
	assert_int_equal(partner_dates(last, next_partners(last, next + 6, 1, e)), 1);
	/* Of a record that it does not name only that counts which no records between explain. */
	assert_int_equal(partner_dates(older, next_partners(newer, next + 1, 0, e)), 1);
	assert_int_equal(partner_dates(older, next_partners(newer, end + 1, 0, e)), 0);
}

static size_t backdated(const struct made *p, const struct made *node)
{
	struct report r = {0};

	viz_rules_records_node(&p->rec, &node->rec, found, &r);
	if (r.count > 0)
		assert_int_equal(r.rule, VIZ_RULE_PARTNER_BACKDATED);
	return r.count;
}

static struct made *node_of(const struct viz_id *author, int64_t time, const struct viz_id *names,
			    uint64_t log)
{
	struct viz_node_body n = {.name = "N", .version = "1", .partners = *names, .log = log};
	BODY(body);

	viz_node_body_write(&body, &n);
	return make(author, VIZ_TYPE_NODE, 0, time, &body);
}

/* Whoever dates PARTNERS back has signed a NODE since then that names the one before. */
static void no_partners_is_dated_back(void **state)
{
	struct viz_partner_entry e = since(&a, OFFERED);
	struct made *older, *newer;

	(void)state;
	made_count = 0;
	previous = (struct viz_id){{0}};
	older = partners(&origin, OFFERED - 1000, 0, &e);
	newer = next_partners(older, OFFERED, 1, &e);
	assert_int_equal(backdated(newer, node_of(&origin, OFFERED + 1, &older->id, LOG)), 1);
	assert_int_equal(backdated(newer, node_of(&origin, OFFERED, &older->id, LOG)), 0);
	assert_int_equal(backdated(newer, node_of(&origin, OFFERED + 1, &newer->id, LOG)), 0);
	assert_int_equal(backdated(newer, node_of(&b, OFFERED + 1, &older->id, LOG)), 0);
	/* A fast clock dated this NODE. Its author has begun another log since. */
	assert_int_equal(backdated(newer, node_of(&origin, OFFERED + 1, &older->id, LOG + 1)), 0);
	assert_int_equal(backdated(older, node_of(&origin, OFFERED, &(struct viz_id){{0}}, LOG)),
			 1);
}

static size_t hidden(const struct made *named, const struct made *p, const struct made *node)
{
	struct report r = {0};

	viz_rules_records_named(&federation, &named->rec, &p->rec, &node->rec, found, &r);
	if (r.count > 0)
		assert_int_equal(r.rule, VIZ_RULE_PARTNER_BACKDATED);
	return r.count;
}

/* A date that is not the record's own is of a PARTNERS between, which a NODE since then would name.
 */
static void no_date_was_hidden(void **state)
{
	const int64_t date = OFFERED + 100;
	struct viz_partner_entry e[2] = {since(&a, 1000), since(&b, date)};
	struct made *older, *newer;

	(void)state;
	made_count = 0;
	previous = (struct viz_id){{0}};
	older = partners(&origin, OFFERED, 1, e);
	previous = (struct viz_id){{7}}; /* nobody has it */
	newer = partners(&origin, OFFERED + 1000, 2, e);
	assert_int_equal(hidden(older, newer, node_of(&origin, date + 1, &older->id, LOG)), 1);
	assert_int_equal(hidden(older, newer, node_of(&origin, date, &older->id, LOG)), 0);
	assert_int_equal(hidden(older, newer, node_of(&origin, date + 1, &older->id, LOG + 1)), 0);
	assert_int_equal(hidden(older, newer, node_of(&origin, date + 1, &newer->id, LOG)), 0);
	assert_int_equal(hidden(older, newer, node_of(&b, date + 1, &older->id, LOG)), 0);
	assert_int_equal(hidden(newer, older, node_of(&origin, date + 1, &newer->id, LOG)), 0);
	e[0].removed.ms = date; /* a removal */
	newer = partners(&origin, OFFERED + 1000, 1, e);
	assert_int_equal(hidden(older, newer, node_of(&origin, date + 1, &older->id, LOG)), 1);
	assert_int_equal(hidden(older, newer, node_of(&origin, date, &older->id, LOG)), 0);
	/* nothing is new in it but that it stands between */
	e[0].removed.ms = 0;
	newer = partners(&origin, OFFERED + 50, 1, e);
	assert_int_equal(hidden(older, newer, node_of(&origin, OFFERED + 50, &older->id, LOG)), 0);
	assert_int_equal(hidden(older, newer, node_of(&origin, OFFERED + 51, &older->id, LOG)), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(dates_follow_from_the_record_before),
	    cmocka_unit_test(no_partners_is_dated_back),
	    cmocka_unit_test(no_date_was_hidden),
	};

	VIZ_REQUIRE(viz_crypto_init() == VIZ_OK);
	viz_federation_default(&federation, "teste");
	made_begin();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
