/* What the audit finds when a partner leaves us out of an offer, although we cover the place, and
 * has acknowledged our COVERAGE before. */
#include "tests/hostile/one_node.h"

#include "crypto/crypto.h"
#include "node/audit/finding.h"
#include "node/audit/suspicion.h"
#include "node/core/ids.h"
#include "node/core/place.h"
#include "node/trust/items.h"
#include "node/trust/live.h"
#include "proto/base.h"
#include "proto/limits.h"
#include "proto/mail.h"
#include "proto/record.h"
#include "proto/statement.h"
#include "proto/writer.h"
#include "store/stat.h"
#include "store/store.h"
#include "store/tables.h"
#include "tests/hostile/one_award.h"
#include "tests/hostile/one_offer.h"

/* An offer to nobody that its PARTNERS has, in a place that we cover. Its view has no item of ours,
 * so it leaves out our COVERAGE. `partners` is the id of the origin's PARTNERS. */
static void offer_without_us(struct one_node *b, struct false_offer *o, unsigned number,
			     const struct viz_id *partners)
{
	struct viz_id hash;

	false_offer_init(b, o, number);
	o->partners = *partners;
	viz_ids_author_items(&hash, viz_node_author(b->node), VIZ_ITEMS_VIEW, NULL, 0);
	viz_ids_view(&o->view, b->now, hash.b, 1);
	false_offer_sign(b, o);
	give(b, &o->offer);
	tick(b, 1000);
}

static void mail_view(struct one_node *b, const struct false_offer *o)
{
	static struct viz_mail_view_items items;
	struct viz_inbox *in = calloc(1, sizeof *in);
	struct viz_id hash;
	struct viz_mail_view view = {o->slot, hash.b, sizeof hash};
	VIZ_WRITER(w, 128);
	VIZ_WRITER(w2, 128);

	viz_ids_author_items(&hash, viz_node_author(b->node), VIZ_ITEMS_VIEW, NULL, 0);
	viz_mail_view_write(&w, &view);
	mail(b, 3, VIZ_MAIL_VIEW, &w);
	items = (struct viz_mail_view_items){
	    .slot = o->slot, .author = *viz_node_author(b->node), .served = true};
	viz_mail_view_items_write(&w2, &items);
	mail(b, 4, VIZ_MAIL_VIEW_ITEMS, &w2);
	assert_int_equal(b->closed, 0);
	assert_true(inbox_row(b, in, o->slot));
	assert_true(in->view_judged);
	assert_int_equal(in->unchecked, VIZ_UNCHECKED_NOT);
	free(in);
}

static void block_evil(struct one_node *b)
{
	char json[200], id[65];

	viz_hex(id, b->evil.author.b, 32);
	snprintf(json, sizeof json, "{\"op\":\"peer.block\",\"args\":{\"peer\":\"%s\"}}", id);
	assert_non_null(strstr(request(b, json), "\"ok\":true"));
	tick(b, PARTNER_DELAY_MS);
	assert_false(viz_live_partner(&b->node->trust, &b->evil.author));
}

static void import_coverage(struct one_node *b)
{
	assert_non_null(strstr(request(b, "{\"op\":\"coverage.import\",\"args\":{\"name\":\"a\","
					  "\"municipalities\":[{\"code\":3201209}]}}"),
			       "\"ok\":true"));
}

static void import_other_coverage(struct one_node *b)
{
	assert_non_null(strstr(request(b, "{\"op\":\"coverage.import\",\"args\":{\"name\":\"a\","
					  "\"municipalities\":[{\"code\":3205309}]}}"),
			       "\"ok\":true"));
}

/* A partner that leaves us out although we cover the place is suspected. An origin that is no
 * partner any more when its view comes is not: it may have had a reason. */
static void only_partners_are_suspected_of_leaving_us_out(void **state)
{
	struct one_node *b = *state;
	struct false_offer *o = calloc(1, sizeof *o);
	const struct viz_id partners = b->scratch.id; /* PARTNERS is what setup() has given last */

	import_coverage(b);
	tick(b, b->federation.suspicion_ms + 1000);
	offer_without_us(b, o, 0, &partners);
	mail_view(b, o);
	assert_int_equal(findings(b, VIZ_RULE_UNSEEN), 1);
	offer_without_us(b, o, 1, &partners);
	block_evil(b);
	mail_view(b, o);
	assert_int_equal(findings(b, VIZ_RULE_UNSEEN), 1);
	assert_int_equal(findings(b, VIZ_RULE_UNFOUNDED), 2);
	assert_true(exports(b, VIZ_RULE_UNFOUNDED));
	assert_int_equal(viz_store_stat_entries(b->store, VIZ_TABLE_FINDING), 3);
	free(o);
}

/* COVERAGE_ACK of the false peer for the first coverage that we publish, dated `time`. */
static void mail_coverage_ack(struct one_node *b, struct viz_time time)
{
	struct viz_coverage_ack ack = {.publisher = *viz_node_author(b->node)};
	struct viz_record rec;
	struct viz_held held;
	VIZ_WRITER(w, 128);
	VIZ_WRITER(m, 1024);

	assert_int_equal(viz_store_begin(b->store), VIZ_OK);
	assert_true(
	    viz_place_get(&b->node->core, &held, &rec, &ack.publisher, VIZ_TYPE_COVERAGE, 0));
	viz_ids_record(&ack.coverage, &b->node->core.federation_id, &rec);
	viz_store_abort(b->store);
	viz_coverage_ack_write(&w, &ack);
	forge_statement(&b->scratch, &b->evil, VIZ_TYPE_COVERAGE_ACK, 0, 1, time, &w);
	viz_writer_array(&m, 1);
	viz_writer_bin(&m, b->scratch.bytes, b->scratch.len);
	mail(b, 9, VIZ_MAIL_STATEMENT, &m);
	assert_int_equal(b->closed, 0);
}

/* It acknowledges the first coverage that we publish. Returns the id of its PARTNERS. */
static struct viz_id acknowledge(struct one_node *b)
{
	const struct viz_id partners = b->scratch.id; /* what setup() has given last */

	import_coverage(b);
	tick(b, 1000);
	mail_coverage_ack(b, b->now);
	return partners;
}

/* Who has acknowledged our coverage and leaves us out is found, although it acknowledges it again
 * after the draw, once or often, sends an old acknowledgement, or one that is dated ahead. */
static void an_acknowledgement_after_the_draw_hides_nothing(void **state)
{
	struct one_node *b = *state;
	struct false_offer *o = calloc(1, sizeof *o);
	const struct viz_id partners = b->scratch.id;
	struct viz_time first;

	import_coverage(b);
	tick(b, 1000);
	first = b->now;
	mail_coverage_ack(b, first);
	mail_coverage_ack(b, viz_after(b->now, VIZ_DAY_MS * 400));
	for (unsigned number = 0; number < 2; number++) {
		tick(b, 1000);
		offer_without_us(b, o, number, &partners);
		for (unsigned i = 0; i < 20; i++) {
			tick(b, 1000);
			if (i < 6)
				mail_coverage_ack(b, viz_after(b->now, VIZ_DAY_MS * 400));
			mail_coverage_ack(b, b->now);
		}
		if (number == 1)
			mail_coverage_ack(b, viz_after(first, -400 * VIZ_DAY_MS));
		mail_view(b, o);
		assert_int_equal(findings(b, VIZ_RULE_OMITTED_ACKNOWLEDGED), number + 1);
	}
	assert_true(exports(b, VIZ_RULE_OMITTED_ACKNOWLEDGED));
	free(o);
}

/* What proves it stays, when it has acknowledged our coverage often since, and we have other
 * coverage now. */
static void an_acknowledgement_proves_for_long(void **state)
{
	struct one_node *b = *state;
	struct false_offer *o = calloc(1, sizeof *o);
	const struct viz_id partners = acknowledge(b);

	tick(b, 1000);
	offer_without_us(b, o, 0, &partners);
	mail_view(b, o);
	assert_int_equal(findings(b, VIZ_RULE_OMITTED_ACKNOWLEDGED), 1);
	for (unsigned i = 0; i < 12; i++) {
		tick(b, b->federation.ack_ms / 3);
		mail_coverage_ack(b, b->now);
	}
	assert_true(exports(b, VIZ_RULE_OMITTED_ACKNOWLEDGED));
	import_other_coverage(b);
	tick(b, 1000);
	assert_true(exports(b, VIZ_RULE_OMITTED_ACKNOWLEDGED));
	free(o);
}

/* Likewise, when the later acknowledgement has the very instant of the draw. */
static void an_acknowledgement_at_the_draw_hides_nothing(void **state)
{
	struct one_node *b = *state;
	struct false_offer *o = calloc(1, sizeof *o);
	const struct viz_id partners = acknowledge(b);

	tick(b, 1000);
	offer_without_us(b, o, 0, &partners);
	mail_coverage_ack(b, viz_after(b->now, -1000));
	mail_view(b, o);
	assert_int_equal(findings(b, VIZ_RULE_OMITTED_ACKNOWLEDGED), 1);
	free(o);
}

/* Likewise, when a key that has ended signs the later one. */
static void an_old_key_acknowledges_nothing(void **state)
{
	struct one_node *b = *state;
	struct false_offer *o = calloc(1, sizeof *o);
	struct viz_id partners;

	import_coverage(b);
	change_key(b);
	partners = b->evil.names;
	tick(b, 1000);
	mail_coverage_ack(b, b->now);
	tick(b, 1000);
	b->evil.key = 0;
	mail_coverage_ack(b, b->now);
	b->evil.key = 1;
	tick(b, 1000);
	offer_without_us(b, o, 0, &partners);
	mail_view(b, o);
	assert_int_equal(findings(b, VIZ_RULE_OMITTED_ACKNOWLEDGED), 1);
	free(o);
}

/* What it acknowledged before it started is no proof: it may have lost that. But it is suspected,
 * and a new acknowledgement after the draw changes nothing. */
static void a_start_and_an_acknowledgement_after_the_draw_hide_nothing(void **state)
{
	struct one_node *b = *state;
	struct false_offer *o = calloc(1, sizeof *o);
	const struct viz_id partners = acknowledge(b);

	tick(b, b->federation.suspicion_ms + 1000);
	b->evil.names = partners;
	b->evil.start = b->now;
	forge_node(&b->scratch, &b->evil, b->now);
	give(b, &b->scratch);
	tick(b, 1000);
	offer_without_us(b, o, 0, &partners);
	mail_coverage_ack(b, b->now);
	mail_view(b, o);
	assert_int_equal(findings(b, VIZ_RULE_OMITTED_ACKNOWLEDGED), 0);
	assert_int_equal(findings(b, VIZ_RULE_UNSEEN), 1);
	free(o);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	    T(only_partners_are_suspected_of_leaving_us_out),
	    T(an_acknowledgement_after_the_draw_hides_nothing),
	    T(an_acknowledgement_proves_for_long),
	    T(an_acknowledgement_at_the_draw_hides_nothing),
	    T(an_old_key_acknowledges_nothing),
	    T(a_start_and_an_acknowledgement_after_the_draw_hide_nothing),
	};

	VIZ_REQUIRE(viz_crypto_init() == VIZ_OK);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
