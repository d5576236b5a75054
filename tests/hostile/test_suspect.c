/* What a partner owes and does not send is a suspicion in time, and ends when it comes. Nothing is
 * suspected of a partner that could not be asked. */
#include "crypto/crypto.h"
#include "node/audit/owed.h"
#include "node/audit/suspicion.h"
#include "node/core/core.h"
#include "node/core/ids.h"
#include "node/gossip/chain.h"
#include "proto/base.h"
#include "proto/mail.h"
#include "proto/message.h"
#include "proto/record.h"
#include "proto/statement.h"
#include "store/stat.h"
#include "store/store.h"
#include "tests/hostile/one_node.h"
#include "tests/hostile/one_offer.h"

static const struct viz_id zero = {{9}}; /* the value of the false log at 0 */

/* How many PROTESTs are held: each of these suspicions says one. */
static size_t protests(struct one_node *b)
{
	return viz_store_stat_entries(b->store, VIZ_TABLE_PROTEST);
}

/* Gives a NODE, and opens it with HEAD unless `number` is UINT32_MAX. */
static void give_node(struct one_node *b, uint32_t number, const struct viz_id *value, bool open)
{
	uint8_t body[256];
	struct viz_writer w;

	held_partners(b, &b->evil.names);
	b->now.ms += 1000;
	viz_ids_head(&b->evil.head, (uint64_t)b->now.ms, b->evil.log, number, value);
	forge_node(&b->scratch, &b->evil, b->now);
	give(b, &b->scratch);
	if (open) {
		viz_writer_init(&w, body, sizeof body);
		viz_message_head_write(&w,
				       &(struct viz_message_head){.origin = b->evil.author,
								  .node_seq = (uint64_t)b->now.ms,
								  .log = b->evil.log,
								  .held = number,
								  .number = number,
								  .value = *value});
		message(b, &w);
	}
	assert_int_equal(b->closed, 0);
}

/* A NODE in whose circle we are must be opened. A newer one does not make it new. */
static void head_unopened(void **state)
{
	struct one_node *b = *state;

	give_node(b, 0, &zero, true);
	hours(b, 60);
	assert_int_equal(findings(b, VIZ_SUSPICION_HEAD_UNOPENED), 0);
	give_node(b, 0, &zero, false);
	hours(b, 30);
	give_node(b, 0, &zero, false);
	hours(b, 17);
	assert_int_equal(findings(b, VIZ_SUSPICION_HEAD_UNOPENED), 0);
	assert_int_equal(protests(b), 0);
	hours(b, 2);
	assert_int_equal(findings(b, VIZ_SUSPICION_HEAD_UNOPENED), 1);
	assert_int_equal(protests(b), 1);
	give_node(b, 0, &zero, true);
	hours(b, 1);
	assert_int_equal(findings(b, VIZ_SUSPICION_HEAD_UNOPENED), 0);
}

/* An opened head with a number that is never served: OFFER 1 of the log. Gives the OFFER. */
static void open_one_offer(struct one_node *b, struct false_offer *o)
{
	struct viz_stub stub = {.offer = 1, .type = VIZ_TYPE_OFFER};
	struct viz_position at = FORGE_OFFER_AT;
	struct viz_id value;

	at.before = zero;
	give_node(b, 0, &zero, true);
	false_offer_to_us(b, o, 0);
	o->at = at;
	false_offer_sign(b, o);
	stub.slot = o->slot;
	stub.id = o->offer.id;
	viz_ids_log(&value, &at, stub.type, stub.slot, &stub.id);
	give_node(b, 1, &value, true);
}

static void withheld(void **state)
{
	struct one_node *b = *state;
	struct false_offer *o = calloc(1, sizeof *o);
	size_t asked;

	open_one_offer(b, o);
	asked = b->sent_on[LINK_EVIL];
	hours(b, 47);
	assert_int_equal(findings(b, VIZ_SUSPICION_WITHHELD), 0);
	assert_true(asked > 0 && b->sent_on[LINK_EVIL] > 0); /* it is asked again and again */
	assert_int_equal(protests(b), 0);
	hours(b, 2);
	assert_int_equal(findings(b, VIZ_SUSPICION_WITHHELD), 1);
	assert_int_equal(protests(b), 1);
	give(b, &o->offer);
	hours(b, 1);
	assert_int_equal(findings(b, VIZ_SUSPICION_WITHHELD), 0);
	free(o);
}

/* It comes in time. */
static void served_late_but_in_time(void **state)
{
	struct one_node *b = *state;
	struct false_offer *o = calloc(1, sizeof *o);

	open_one_offer(b, o);
	hours(b, 47);
	give(b, &o->offer);
	hours(b, 100);
	assert_int_equal(findings(b, VIZ_SUSPICION_WITHHELD), 0);
	free(o);
}

/* Time without a link, and time in which our process does not run, does not count; what was counted
 * before does. */
static void only_linked_time_counts(void **state)
{
	struct one_node *b = *state;
	struct false_offer *o = calloc(1, sizeof *o);

	open_one_offer(b, o);
	hours(b, 24);
	cut(b, LINK_EVIL);
	hours(b, 60);
	assert_int_equal(findings(b, VIZ_SUSPICION_WITHHELD), 0);
	assert_int_equal(findings(b, VIZ_SUSPICION_NO_LINK), 1);
	restart(b, INT64_C(60) * HOUR);
	hours(b, 22);
	assert_int_equal(findings(b, VIZ_SUSPICION_WITHHELD), 0);
	assert_int_equal(findings(b, VIZ_SUSPICION_NO_LINK), 0); /* it has come */
	hours(b, 4);
	assert_int_equal(findings(b, VIZ_SUSPICION_WITHHELD), 1);
	free(o);
}

/* A full link ends it, without a pass. */
static void a_full_link_is_one(void **state)
{
	struct one_node *b = *state;

	cut(b, LINK_EVIL);
	hours(b, 60);
	assert_int_equal(findings(b, VIZ_SUSPICION_NO_LINK), 1);
	come_in(b, NULL);
	assert_int_equal(findings(b, VIZ_SUSPICION_NO_LINK), 0);
}

/* A link that comes and goes counts too. */
static void short_links_count(void **state)
{
	struct one_node *b = *state;
	struct false_offer *o = calloc(1, sizeof *o);

	open_one_offer(b, o);
	for (unsigned i = 0; i < 60; i++) {
		tick(b, HOUR);
		cut(b, LINK_EVIL);
		come_in(b, NULL);
	}
	assert_int_equal(findings(b, VIZ_SUSPICION_WITHHELD), 1);
	free(o);
}

/* In quarantine we may have lost what came. */
static void not_in_quarantine(void **state)
{
	struct one_node *b = *state;
	struct false_offer *o = calloc(1, sizeof *o);

	open_one_offer(b, o);
	b->node->trust.self.quarantine = b->now;
	hours(b, 100);
	assert_int_equal(findings(b, VIZ_SUSPICION_WITHHELD), 0);
	free(o);
}

/* An origin with a new log signs nothing more in the old one. */
static void not_of_an_old_log(void **state)
{
	struct one_node *b = *state;
	struct false_offer *o = calloc(1, sizeof *o);

	open_one_offer(b, o);
	give(b, &o->offer);
	b->evil.log = 2;
	give_node(b, 0, &zero, true);
	hours(b, 100);
	assert_int_equal(findings(b, VIZ_SUSPICION_WITHHELD), 0);
	assert_int_equal(findings(b, VIZ_SUSPICION_UNENDED), 0);
	assert_int_equal(findings(b, VIZ_SUSPICION_OLD_LOG), 0);
	free(o);
}

/* An offer in the old log, dated after the NODE that opened the new one. */
static void old_log(void **state)
{
	struct one_node *b = *state;
	struct false_offer *o = calloc(1, sizeof *o);

	b->evil.log = 2;
	give_node(b, 0, &zero, true);
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

	give_node(b, 0, &zero, true);
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
	give_node(b, 0, &zero, false);
	tick(b, PASS);
	assert_int_equal(findings(b, VIZ_SUSPICION_OLD_LOG), 0);
	free(o);
}

/* An OFFER whose CLOSE does not come, then its RESULT. */
static void unended(void **state)
{
	struct one_node *b = *state;
	struct false_offer *o = calloc(1, sizeof *o);

	false_offer_to_us(b, o, 0);
	false_offer_sign(b, o);
	give_node(b, 0, &zero, true);
	give(b, &o->offer);
	hours(b, 47);
	assert_int_equal(findings(b, VIZ_SUSPICION_UNENDED), 0);
	hours(b, 2);
	assert_int_equal(findings(b, VIZ_SUSPICION_UNENDED), 1);
	false_offer_sign_close(b, o, false);
	give(b, &o->close);
	hours(b, 1);
	assert_int_equal(findings(b, VIZ_SUSPICION_UNENDED), 0);
	hours(b, 47);
	assert_int_equal(findings(b, VIZ_SUSPICION_UNENDED), 0);
	hours(b, 2);
	assert_int_equal(findings(b, VIZ_SUSPICION_UNENDED), 1);
	false_offer_sign_result(b, o, NULL);
	give(b, &o->result);
	hours(b, 1);
	assert_int_equal(findings(b, VIZ_SUSPICION_UNENDED), 0);
	/* CHOICE 1 has choice_ms */
	hours(b, 72 + 45);
	assert_int_equal(findings(b, VIZ_SUSPICION_UNENDED), 0);
	hours(b, 5);
	assert_int_equal(findings(b, VIZ_SUSPICION_UNENDED), 1);
	free(o);
}

/* Our coverage, and a partner that never acknowledges it. */
static void unacknowledged(void **state)
{
	struct one_node *b = *state;

	assert_non_null(strstr(request(b, "{\"op\":\"coverage.import\",\"args\":{\"name\":\"a\","
					  "\"municipalities\":[3201209]}}"),
			       "\"ok\":true"));
	hours(b, 47);
	assert_int_equal(findings(b, VIZ_SUSPICION_UNACKNOWLEDGED), 0);
	hours(b, 3);
	assert_int_equal(findings(b, VIZ_SUSPICION_UNACKNOWLEDGED), 1);
}

/* The tenth start on a day, and the third new log. */
static void starts_and_logs(void **state)
{
	struct one_node *b = *state;

	tick(b, VIZ_DAY_MS - b->now.ms % VIZ_DAY_MS);
	for (unsigned i = 0; i < 4; i++) {
		assert_int_equal(findings(b, VIZ_SUSPICION_LOG_OFTEN), 0);
		b->evil.log = i + 1;
		give_node(b, 0, &zero, true);
	}
	assert_int_equal(findings(b, VIZ_SUSPICION_LOG_OFTEN), 1);
	assert_int_equal(findings(b, VIZ_SUSPICION_START_OFTEN), 0);
	for (unsigned i = 0; i < 9; i++) { /* the first NODEs had one start */
		assert_int_equal(findings(b, VIZ_SUSPICION_START_OFTEN), 0);
		b->evil.start = b->now;
		give_node(b, 0, &zero, true);
	}
	assert_int_equal(findings(b, VIZ_SUSPICION_START_OFTEN), 1);
}

/* Offers in which we are always struck, and our turns are those of burnt draws. */
static void struck_and_burnt(void **state)
{
	struct one_node *b = *state;
	struct false_offer *o = calloc(1, sizeof *o);

	for (unsigned i = 0; i < 21; i++) {
		assert_int_equal(findings(b, VIZ_SUSPICION_BURNT_AIMED), 0);
		assert_int_equal(findings(b, VIZ_SUSPICION_STRUCK_OFTEN), i > 20);
		b->now.ms += 1000;
		false_offer_init(b, o, i);
		o->lists.draw = 2 * i + 2;
		o->lists.asked[0].newcomer = false;
		o->lists.asked[0].turn = 1;
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
	o->lists.struck_count = 1;
	o->lists.struck[0] = (struct viz_list_entry){.index = 0, .turn = 41};
	false_offer_sign(b, o);
	give(b, &o->offer);
	hours(b, 1);
	assert_int_equal(findings(b, VIZ_SUSPICION_BURNT_AIMED), 1);
	free(o);
}

/* A view that is refused is asked for again, and is suspected in time; when it is served it ends.
 */
static void view_unserved(void **state)
{
	struct one_node *b = *state;
	struct false_offer *o = calloc(1, sizeof *o);
	struct viz_inbox *in = calloc(1, sizeof *in);
	struct viz_mail_view view;
	VIZ_WRITER(w, 64);

	give_node(b, 0, &zero, true);
	false_offer_to_us(b, o, 0);
	o->view = (struct viz_id){{5}};
	false_offer_sign(b, o);
	give(b, &o->offer);
	tick(b, 1000);
	view = (struct viz_mail_view){.slot = o->slot};
	viz_mail_view_write(&w, &view);
	mail(b, 3, VIZ_MAIL_VIEW, &w);
	hours(b, 47);
	assert_int_equal(findings(b, VIZ_SUSPICION_VIEW_UNSERVED), 0);
	hours(b, 2);
	assert_int_equal(findings(b, VIZ_SUSPICION_VIEW_UNSERVED), 1);
	assert_true(inbox_row(b, in, o->slot));
	assert_false(in->view_judged);
	/* what is served no more stays suspected */
	hours(b, 14 * 24);
	assert_true(inbox_row(b, in, o->slot));
	assert_true(in->view_judged);
	assert_int_equal(findings(b, VIZ_SUSPICION_VIEW_UNSERVED), 1);
	free(in);
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
	give_node(b, 0, &zero, true);
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
	give_node(b, 0, &zero, true);
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

/* An OFFER that names a NODE that nobody has. Its NODE is another in truth, and shows that the
 * OFFER gives it another time. */
static void node_unserved(void **state)
{
	struct one_node *b = *state;
	struct false_offer *o = calloc(1, sizeof *o);
	struct forged *node = calloc(1, sizeof *node);
	uint8_t payload[4096];
	struct viz_mail_evidence m = {.named = true};
	struct viz_writer w;

	assert_non_null(node);
	give_node(b, 0, &zero, true);
	forge_node(node, &b->evil, viz_after(b->now, -500));
	false_offer_to_us(b, o, 0);
	o->node = node->id;
	false_offer_sign(b, o);
	give(b, &o->offer);
	hours(b, 47);
	assert_int_equal(findings(b, VIZ_SUSPICION_NAMED_UNSERVED), 0);
	hours(b, 2);
	assert_int_equal(findings(b, VIZ_SUSPICION_NAMED_UNSERVED), 1);
	assert_int_equal(findings(b, VIZ_RULE_NODE_FALSE), 0);
	m.id = node->id;
	m.record = node->bytes;
	m.record_len = node->len;
	viz_writer_init(&w, payload, sizeof payload);
	viz_mail_evidence_write(&w, &m);
	mail(b, 2, VIZ_MAIL_EVIDENCE, &w);
	hours(b, 1);
	assert_int_equal(findings(b, VIZ_SUSPICION_NAMED_UNSERVED), 0);
	assert_int_equal(findings(b, VIZ_RULE_NODE_FALSE), 1);
	free(node);
	free(o);
}

static void says(struct one_node *b, const char *what)
{
	const char *reply = request(b, "{\"op\":\"audit.show\"}");

	if (!strstr(reply, what))
		fail_msg("no %s in %s", what, reply);
}

/* What cannot be checked yet is not in order, and says why; a suspicion is above it. */
static void unchecked(void **state)
{
	struct one_node *b = *state;
	struct false_offer *o = calloc(1, sizeof *o);

	give_node(b, 0, &zero, true);
	false_offer_to_us(b, o, 0);
	o->at = FORGE_OFFER_AT;
	o->at.before = zero;
	o->view = (struct viz_id){{5}};
	false_offer_sign(b, o);
	give(b, &o->offer);
	tick(b, 1000);
	says(b, "\"verdict\":\"unchecked\",\"offers\":1,\"in-order\":0,\"unchecked\":1");
	says(b, "\"reasons\":{\"view\":1,\"records\":1}");
	hours(b, 50);
	says(b, "\"verdict\":\"suspicion\",\"offers\":1,\"in-order\":0,\"unchecked\":0,"
		"\"suspicion\":1");
	says(b, "\"rule\":\"view-unserved\"");
	b->evil.log = 2;
	give_node(b, 0, &zero, true);
	b->now.ms += 1000;
	false_offer_to_us(b, o, 1);
	o->at = forge_at(&b->evil, 0);
	o->at.log = 1;
	false_offer_sign(b, o);
	give(b, &o->offer);
	tick(b, 1000);
	says(b, "\"restored\":1");
	free(o);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	    T(head_unopened),
	    T(withheld),
	    T(served_late_but_in_time),
	    T(only_linked_time_counts),
	    T(a_full_link_is_one),
	    T(short_links_count),
	    T(not_in_quarantine),
	    T(not_of_an_old_log),
	    T(old_log),
	    T(new_log),
	    T(unended),
	    T(unacknowledged),
	    T(starts_and_logs),
	    T(struck_and_burnt),
	    T(view_unserved),
	    T(silent_false),
	    T(turn_reset),
	    T(log_backdated),
	    T(log_backdated_behind_its_node),
	    T(node_unserved),
	    T(unchecked),
	};

	VIZ_REQUIRE(viz_crypto_init() == VIZ_OK);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
