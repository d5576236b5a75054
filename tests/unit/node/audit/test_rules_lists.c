/* What convicts nobody, and what is suspected, by the lists of an OFFER: a region that does not
 * unpack, and an old PARTNERS of the one who is left out. */
#include "tests/unit/node/audit/offered.h"

#include "proto/geo/cell.h"

#include <zlib.h>

enum fault { RIGHT, BYTE_BEHIND, OTHER_LEVEL, BAD_STREAM, FAULTS };

static struct report judge(const struct viz_case *c)
{
	struct report r = {0};

	viz_rules_lists(c, found, &r);
	return r;
}

/* A region of one cell. Another program may read each, but for the bad checksum, as that cell. */
static size_t pack(uint8_t *out, size_t max, enum fault fault)
{
	const struct viz_point point = {-19394600, -40064300};
	unsigned level = fault == OTHER_LEVEL ? 17 : 16;
	uint64_t v = viz_cell_from_point(point, 16) >> (2 * (VIZ_CELL_LEVEL_MAX - level));
	uint8_t varint[10];
	uLongf len = max - 3;
	size_t n = 0;

	for (; v >= 0x80; v >>= 7)
		varint[n++] = (uint8_t)(v | 0x80);
	varint[n++] = (uint8_t)v;
	out[0] = 1;
	out[1] = (uint8_t)level;
	assert_int_equal(compress(out + 2, &len, varint, n), Z_OK);
	out[2 + len] = 0;
	out[1 + len] = (uint8_t)(out[1 + len] + (fault == BAD_STREAM));
	return 2 + len + (fault == BYTE_BEHIND);
}

/* The author's item of this type in the view. */
static struct viz_rules_item *item(const struct viz_case *c, const struct viz_id *author,
				   uint8_t type)
{
	for (size_t i = 0; i < c->view_count; i++)
		if (viz_id_eq(&view[i].author, author) && view[i].type == type)
			return &view[i];
	fail_msg("no item of type %u", type);
	return NULL;
}

/* An offer in which b's only COVERAGE has such a region. */
static struct viz_case with_region(enum breach how, uint32_t city, enum fault fault)
{
	struct viz_case c = make_case(how);
	static struct viz_coverage body;
	uint8_t region[64];
	BODY(w);

	body = (struct viz_coverage){.technology = VIZ_TECH_FIBER,
				     .municipality = {city},
				     .municipality_count = 1,
				     .region = region,
				     .region_len = pack(region, sizeof region, fault)};
	viz_coverage_write(&w, &body);
	item(&c, &b, VIZ_TYPE_COVERAGE)->rec =
	    make(&b, VIZ_TYPE_COVERAGE, 0, OFFERED - VIZ_DAY_MS, &w)->rec;
	return c;
}

static void a_region_that_does_not_unpack_convicts_nobody(void **state)
{
	struct viz_case c;

	(void)state;
	for (enum fault fault = RIGHT; fault < FAULTS; fault++) {
		c = with_region(NONE, CITY, fault);
		assert_int_equal(judge(&c).count, 0);
		/* left out: only by one that unpacks */
		c = with_region(OMIT_B, CITY, fault);
		assert_int_equal(judge(&c).count, fault == RIGHT);
		/* not even the municipality */
		c = with_region(NONE, 3200136, fault);
		assert_int_equal(judge(&c).count, 1);
		assert_int_equal(judge(&c).rule, VIZ_RULE_UNFOUNDED);
	}
}

/* a is in no list, and its COVERAGE stands in the view. Its own PARTNERS lists the origin since
 * `added`; that of the view lists nobody. */
static struct viz_case by_old_partners(int64_t added)
{
	struct viz_case c = make_case(OMIT_UNSEEN);
	static struct viz_partners own;

	own = (struct viz_partners){.log = LOG, .count = 1, .entry = {since(&origin, added)}};
	c.partners = &own;
	item(&c, &a, VIZ_TYPE_PARTNERS)->rec =
	    partners(&a, OFFERED - 20 * VIZ_DAY_MS, 0, own.entry)->rec;
	memmove(&view[2], &view[1], (c.view_count - 1) * sizeof *view);
	view[1] = (struct viz_rules_item){a, VIZ_TYPE_COVERAGE, 0, false, *c.coverage};
	c.view_count++;
	return c;
}

static void who_is_left_out_by_an_old_partners_suspects_that(void **state)
{
	struct viz_case c = by_old_partners(OFFERED - 5 * VIZ_DAY_MS);
	struct viz_rules_item key = {.author = a, .type = VIZ_TYPE_SUCCESSION, .slot = 1};

	(void)state;
	assert_int_equal(judge(&c).count, 1);
	assert_int_equal(judge(&c).rule, VIZ_RULE_UNSEEN);
	assert_int_equal(judge(&c).verdict, VIZ_VERDICT_SUSPICION);
	/* it does not list the origin, or only since the origin may not have seen it yet */
	c.partners = NULL;
	assert_int_equal(judge(&c).count, 0);
	c = by_old_partners(OFFERED - 30 * VIZ_HOUR_MS);
	assert_int_equal(judge(&c).count, 0);
	/* the halves of a dead place are served, or that is suspicion 43 */
	c = by_old_partners(OFFERED - 5 * VIZ_DAY_MS);
	view[0].dead = true;
	assert_int_equal(judge(&c).count, 0);
	/* none at all */
	c = by_old_partners(OFFERED - 5 * VIZ_DAY_MS);
	c.view = &view[1];
	c.view_count--;
	assert_int_equal(judge(&c).count, 1);
	/* a new key has begun lately: its PARTNERS may be on its way, its COVERAGE has come */
	c = by_old_partners(OFFERED - 5 * VIZ_DAY_MS);
	view[1].rec.key = 1;
	memmove(&view[1], &view[0], c.view_count * sizeof *view);
	view[0] = key;
	c.view_count++;
	view[0].rec.time.ms = OFFERED - VIZ_HOUR_MS;
	assert_int_equal(judge(&c).count, 0);
	view[0].rec.time.ms = OFFERED - 4 * VIZ_DAY_MS;
	assert_int_equal(judge(&c).count, 1);
}

/* Its COVERAGE is not in the view, and the origin has acknowledged it. But it has signed two
 * SUCCESSIONs of one number, or two REVOCATIONs, which ends a key: an honest origin has left it
 * out. */
static void a_key_that_two_records_end_convicts_no_origin(void **state)
{
	struct viz_case c = make_case(OMIT_ACKNOWLEDGED);
	struct viz_record by_the_second;

	(void)state;
	assert_int_equal(judge(&c).count, 1);
	assert_int_equal(judge(&c).rule, VIZ_RULE_OMITTED_ACKNOWLEDGED);
	view[0] = (struct viz_rules_item){
	    .author = a, .type = VIZ_TYPE_REVOCATION, .slot = 0, .dead = true};
	assert_int_equal(judge(&c).count, 0);
	view[0] = (struct viz_rules_item){
	    .author = a, .type = VIZ_TYPE_SUCCESSION, .slot = 1, .dead = true};
	assert_int_equal(judge(&c).count, 0);
	/* nor when the COVERAGE is signed by one of the two */
	by_the_second = *c.coverage;
	by_the_second.key = 1;
	c.coverage = &by_the_second;
	assert_int_equal(judge(&c).count, 0);
	view[0].dead = false;
	assert_int_equal(judge(&c).count, 1);
}

/* An acknowledgement of the instant of the draw may have been signed after it. */
static void an_acknowledgement_counts_before_the_draw(void **state)
{
	struct viz_case c = make_case(OMIT_ACKNOWLEDGED);
	struct viz_offer offer;

	(void)state;
	assert_int_equal(viz_offer_parse(&offer, c.offer), VIZ_OK);
	statement[0].time.ms = offer.drawn.ms - 1;
	assert_int_equal(judge(&c).count, 1);
	assert_int_equal(judge(&c).rule, VIZ_RULE_OMITTED_ACKNOWLEDGED);
	statement[0].time = offer.drawn;
	assert_int_equal(judge(&c).count, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_region_that_does_not_unpack_convicts_nobody),
	    cmocka_unit_test(who_is_left_out_by_an_old_partners_suspects_that),
	    cmocka_unit_test(a_key_that_two_records_end_convicts_no_origin),
	    cmocka_unit_test(an_acknowledgement_counts_before_the_draw),
	};

	VIZ_REQUIRE(viz_crypto_init() == VIZ_OK);
	viz_federation_default(&federation, "teste");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
