/* What is suspected at once, as it shows in what a partner sends. */
#include "crypto/crypto.h"
#include "node/audit/suspicion.h"
#include "node/core/core.h"
#include "node/core/ids.h"
#include "proto/base.h"
#include "proto/message.h"
#include "proto/record.h"
#include "tests/hostile/one_log.h"
#include "tests/hostile/one_node.h"
#include "tests/hostile/one_offer.h"

static const struct viz_id zero = {{9}}; /* the value of the false log at 0 */

/* An offer in the old log, dated after the NODE that opened the new one. */
static void old_log(void **state)
{
	struct one_node *b = *state;
	struct false_offer *o = calloc(1, sizeof *o);

	b->evil.log = 2;
	open_head(b, 0, &zero);
	b->now.ms += 1000;
	false_offer_to_us(b, o, 0);
	o->at = FORGE_OFFER_AT;
	false_offer_sign(b, o);
	give(b, &o->offer);
	hours(b, 1);
	assert_int_equal(findings(b, VIZ_SUSPICION_OLD_LOG), 1);
	free(o);
}

/* A log begins, and its OFFER comes by another partner before the head is opened to us, or even
 * before the NODE. */
static void new_log(void **state)
{
	struct one_node *b = *state;
	struct false_offer *o = calloc(1, sizeof *o);

	open_head(b, 0, &zero);
	b->evil.log = 2;
	b->now.ms += 1000;
	false_offer_to_us(b, o, 0);
	o->at = FORGE_OFFER_AT;
	o->at.log = 2;
	o->node_time = viz_after(b->now, -1);
	o->node = (struct viz_id){{7}};
	false_offer_sign(b, o);
	give(b, &o->offer);
	tick(b, PASS);
	assert_int_equal(findings(b, VIZ_SUSPICION_OLD_LOG), 0);
	commit_to(b, 0, &zero);
	tick(b, PASS);
	assert_int_equal(findings(b, VIZ_SUSPICION_OLD_LOG), 0);
	free(o);
}

/* The tenth start on a day, and the third new log. */
static void starts_and_logs(void **state)
{
	struct one_node *b = *state;

	tick(b, VIZ_DAY_MS - b->now.ms % VIZ_DAY_MS);
	for (unsigned i = 0; i < 4; i++) {
		assert_int_equal(findings(b, VIZ_SUSPICION_LOG_OFTEN), 0);
		b->evil.log = i + 1;
		open_head(b, 0, &zero);
	}
	assert_int_equal(findings(b, VIZ_SUSPICION_LOG_OFTEN), 1);
	assert_int_equal(findings(b, VIZ_SUSPICION_START_OFTEN), 0);
	for (unsigned i = 0; i < 9; i++) { /* the first NODEs had one start */
		assert_int_equal(findings(b, VIZ_SUSPICION_START_OFTEN), 0);
		b->evil.start = b->now;
		open_head(b, 0, &zero);
	}
	assert_int_equal(findings(b, VIZ_SUSPICION_START_OFTEN), 1);
}

/* Offers in which we are always struck, and our turns are those of burnt draws; another has its own
 * of draws that served offers. */
static void struck_and_burnt(void **state)
{
	struct one_node *b = *state;
	struct false_offer *o = calloc(1, sizeof *o);

	b->now.ms += 1000;
	give_partners_with_another(b);
	for (unsigned i = 0; i < 21; i++) {
		assert_int_equal(findings(b, VIZ_SUSPICION_BURNT_AIMED), 0);
		assert_int_equal(findings(b, VIZ_SUSPICION_STRUCK_OFTEN), i > 20);
		b->now.ms += 1000;
		false_offer_init(b, o, i);
		o->lists.draw = 2 * i + 2;
		o->lists.asked[0].newcomer = false;
		o->lists.asked[0].index = 1;
		o->lists.asked[0].turn = 2 * i;
		o->lists.struck_count = 1;
		o->lists.struck[0] = (struct viz_list_entry){.index = 0, .turn = 2 * i + 1};
		false_offer_sign(b, o);
		give(b, &o->offer);
		if (i >= 19)
			hours(b, 1);
		if (i == 18)
			assert_int_equal(findings(b, VIZ_SUSPICION_STRUCK_OFTEN), 0);
		if (i == 19) {
			assert_int_equal(findings(b, VIZ_SUSPICION_STRUCK_OFTEN), 1);
			break;
		}
	}
	b->now.ms += 1000;
	false_offer_init(b, o, 20);
	o->lists.draw = 42;
	o->lists.asked[0] = (struct viz_list_entry){.index = 1, .turn = 40};
	o->lists.struck_count = 1;
	o->lists.struck[0] = (struct viz_list_entry){.index = 0, .turn = 41};
	false_offer_sign(b, o);
	give(b, &o->offer);
	hours(b, 1);
	assert_int_equal(findings(b, VIZ_SUSPICION_BURNT_AIMED), 1);
	free(o);
}

/* We are called silent, though we were linked; and not, when we were not. */
static void silent_false(void **state)
{
	struct one_node *b = *state;
	struct false_offer *o = calloc(1, sizeof *o);

	for (unsigned i = 0; i < 2; i++) {
		tick(b, 120000);
		false_offer_init(b, o, i);
		o->lists.silent[0] = 0;
		o->lists.silent_len = 1;
		if (i == 1) { /* a draw of before our link */
			o->lists.draw = 1;
			cut(b, LINK_EVIL);
			restart(b, HOUR);
			o->lists.drawn = b->now;
			o->slot = viz_record_slot_make(b->now, i);
			tick(b, 1000);
		}
		false_offer_sign(b, o);
		give(b, &o->offer);
		hours(b, 1);
		assert_int_equal(findings(b, VIZ_SUSPICION_SILENT_FALSE), 1);
	}
	free(o);
}

/* An OFFER of a draw at that instant, in which we are silent. */
static void called_silent(struct one_node *b, struct viz_time drawn)
{
	struct false_offer *o = calloc(1, sizeof *o);

	false_offer_init(b, o, 0);
	o->lists.drawn = drawn;
	o->lists.silent[0] = 0;
	o->lists.silent_len = 1;
	false_offer_sign(b, o);
	give(b, &o->offer);
	hours(b, 1);
	free(o);
}

/* The origin refuses the link for a night, draws, and takes the link again. Our NODE, which it had,
 * was alive all the time. */
static void silent_after_a_night(void **state)
{
	struct one_node *b = *state;
	struct viz_time drawn;

	tick(b, 120000);
	cut(b, LINK_EVIL);
	tick(b, 10 * HOUR);
	drawn = b->now;
	tick(b, 1000);
	come_in(b, NULL);
	tick(b, 120000);
	called_silent(b, drawn);
	assert_int_equal(findings(b, VIZ_SUSPICION_SILENT_FALSE), 1);
}

/* Many links after the draw do not make us forget the one before. */
static void silent_before_many_links(void **state)
{
	struct one_node *b = *state;
	struct viz_time drawn;

	tick(b, 120000);
	drawn = b->now;
	for (unsigned i = 0; i < 30; i++) {
		cut(b, LINK_EVIL);
		tick(b, 1000);
		come_in(b, NULL);
		tick(b, 61000);
	}
	called_silent(b, drawn);
	assert_int_equal(findings(b, VIZ_SUSPICION_SILENT_FALSE), 1);
}

/* Our turn goes back with a new log. */
static void turn_reset(void **state)
{
	struct one_node *b = *state;
	struct false_offer *o = calloc(1, sizeof *o);

	for (unsigned i = 0; i < 2; i++) {
		b->now.ms += 1000;
		false_offer_to_us(b, o, i);
		o->lists.draw = 10;
		o->lists.asked[0].newcomer = false;
		o->lists.asked[0].turn = i == 0 ? 8 : 3;
		o->at = FORGE_OFFER_AT;
		o->at.log = i + 1;
		false_offer_sign(b, o);
		give(b, &o->offer);
		hours(b, 1);
		assert_int_equal(findings(b, VIZ_SUSPICION_TURN_RESET), i);
	}
	free(o);
}

/* A PARTNERS of a new log, dated long before a NODE of the old one. */
static void log_backdated(void **state)
{
	struct one_node *b = *state;
	struct viz_time then = viz_after(b->now, 1000);
	struct viz_id us = *viz_node_author(b->node);

	tick(b, b->federation.skew_ms + 2000);
	open_head(b, 0, &zero);
	held_partners(b, &b->evil.names);
	b->evil.log = 2;
	forge_partners(&b->scratch, &b->evil, then, &us, then);
	give(b, &b->scratch);
	assert_int_equal(findings(b, VIZ_SUSPICION_LOG_BACKDATED), 1);
}

/* The same, when a NODE of the new log comes first. */
static void log_backdated_behind_its_node(void **state)
{
	struct one_node *b = *state;
	struct forged *partners = calloc(1, sizeof *partners);
	struct viz_time then = viz_after(b->now, 1000);
	struct viz_id us = *viz_node_author(b->node);

	assert_non_null(partners);
	tick(b, b->federation.skew_ms + 2000);
	open_head(b, 0, &zero);
	b->evil.log = 2;
	forge_partners(partners, &b->evil, then, &us, then);
	b->now.ms += 1000;
	b->evil.names = partners->id;
	viz_ids_head(&b->evil.head, (uint64_t)b->now.ms, 2, 0, &zero);
	forge_node(&b->scratch, &b->evil, b->now);
	give(b, &b->scratch);
	assert_int_equal(findings(b, VIZ_SUSPICION_LOG_BACKDATED), 0);
	give(b, partners);
	assert_int_equal(findings(b, VIZ_SUSPICION_LOG_BACKDATED), 1);
	/* the next one is dated well */
	b->evil.names = partners->id;
	b->now.ms += 1000;
	forge_partners(partners, &b->evil, b->now, &us, then);
	give(b, partners);
	assert_int_equal(findings(b, VIZ_SUSPICION_LOG_BACKDATED), 1);
	free(partners);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, setup_named, teardown)
	    T(old_log),
	    T(new_log),
	    T(starts_and_logs),
	    T(struck_and_burnt),
	    T(silent_after_a_night),
	    T(silent_before_many_links),
	    T(silent_false),
	    T(turn_reset),
	    T(log_backdated),
	    T(log_backdated_behind_its_node),
	};

	VIZ_REQUIRE(viz_crypto_init() == VIZ_OK);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
