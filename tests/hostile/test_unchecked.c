/* What a node could not check of an offer is not in order, and it says why. */
#include "crypto/crypto.h"
#include "node/audit/finding.h"
#include "node/audit/pledge_keys.h"
#include "node/audit/rules.h"
#include "node/audit/suspicion.h"
#include "node/audit/verdict.h"
#include "node/core/core.h"
#include "node/core/place.h"
#include "node/state.h"
#include "proto/base.h"
#include "proto/record.h"
#include "proto/statement.h"
#include "store/store.h"
#include "tests/hostile/one_award.h"
#include "tests/hostile/one_log.h"
#include "tests/hostile/one_node.h"
#include "tests/hostile/one_offer.h"

#include <jansson.h>

#define LINK_OTHER 8

static const struct viz_id zero = {{9}}; /* the value of the false log at 0 */

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

	open_head(b, 0, &zero);
	false_offer_to_us(b, o, 0);
	o->at = FORGE_OFFER_AT;
	o->at.before = zero;
	o->view = (struct viz_id){{5}};
	false_offer_sign(b, o);
	give(b, &o->offer);
	tick(b, 1000);
	says(b, "\"verdict\":\"unchecked\",\"offer_count\":1,\"in_order_count\":0,\"unchecked_"
		"count\":1");
	says(b, "\"unchecked_reasons\":[{\"reason\":\"view\",\"count\":1},{\"reason\":\"records\","
		"\"count\":1}]");
	hours(b, 50);
	says(b, "\"verdict\":\"suspicion\",\"offer_count\":1,\"in_order_count\":0,\"unchecked_"
		"count\":0,"
		"\"suspicion_count\":1");
	says(b, "\"rule\":\"view-unserved\"");
	b->now.ms += 1000;
	false_offer_to_us(b, o, 1);
	o->at = forge_at(&b->evil, 0);
	false_offer_sign(b, o);
	give(b, &o->offer);
	b->evil.log = 2;
	open_head(b, 0, &zero);
	tick(b, 1000);
	says(b, "{\"reason\":\"restored\",\"count\":1}");
	free(o);
}

/* A CLOSE with this PLEDGE as its only entry. */
static void sign_close_with(struct one_node *b, struct false_offer *o, const struct forged *pledge)
{
	struct viz_close *c = calloc(1, sizeof *c);
	uint8_t body[512];
	struct viz_writer w;

	assert_non_null(c);
	*c = (struct viz_close){
	    .at = forge_at(&b->evil, o->number), .offer = o->offer.id, .count = 1};
	c->entry[0].answered = true;
	assert_int_equal(pledge->len, VIZ_PLEDGE_SIGNED);
	memcpy(c->entry[0].pledge, pledge->bytes, VIZ_PLEDGE_SIGNED);
	viz_writer_init(&w, body, sizeof body);
	viz_close_write(&w, c);
	forge_logged(&o->close, &b->evil, VIZ_TYPE_CLOSE, o->slot, b->now, &w);
	free(c);
}

/* The offer ends by records that come over this link, after its CLOSE. Its view is as if it had
 * been judged. */
static void end_closed(struct one_node *b, struct false_offer *o, uint64_t link)
{
	struct viz_inbox *in = calloc(1, sizeof *in);

	assert_non_null(in);
	give_on(b, link, &o->close);
	b->now.ms += b->federation.reveal_ms;
	false_offer_sign_result(b, o, NULL);
	give_on(b, link, &o->result);
	sign_choice(b, o, 1, NULL, NULL);
	give_on(b, link, &b->scratch);
	assert_true(inbox_row(b, in, o->slot));
	in->view_judged = true;
	in->unchecked = VIZ_UNCHECKED_NOT;
	assert_int_equal(viz_store_begin(b->store), VIZ_OK);
	viz_inbox_put(&b->node->core, in);
	assert_int_equal(viz_store_commit(b->store), VIZ_OK);
	free(in);
}

/* `pledge`: the entry of CLOSE; NULL: nil. */
static void end_over(struct one_node *b, struct false_offer *o, uint64_t link,
		     const struct forged *pledge)
{
	b->now.ms += 31000;
	if (pledge)
		sign_close_with(b, o, pledge);
	else
		false_offer_sign_close(b, o, false);
	end_closed(b, o, link);
}

/* Gives an offer to others, which ends. */
static void ended_offer(struct one_node *b, struct false_offer *o, unsigned number,
			const struct forged *pledge)
{
	b->now.ms += 1000;
	if (o->offer.len == 0) {
		false_offer_init(b, o, number);
		false_offer_sign(b, o);
	}
	give(b, &o->offer);
	end_over(b, o, LINK_EVIL, pledge);
}

/* An offer to us, in a log that another partner sees too. */
static void offer_beside(struct one_node *b, struct false_offer *o, struct forge *other)
{
	befriend(b, other, LINK_OTHER);
	b->evil.value = zero;
	open_head(b, 0, &zero);
	b->now.ms += 1000;
	false_offer_to_us(b, o, 0);
	false_offer_sign(b, o);
	give(b, &o->offer);
}

/* The origin ends the link before it takes our PLEDGE, or our REVEAL, and goes on without it. There
 * is no PROTEST, as a link may break. But it is not in order. */
static void ends_link(struct one_node *b, bool pledged)
{
	struct false_offer *o = calloc(1, sizeof *o);
	struct viz_inbox *in = calloc(1, sizeof *in);
	struct forge *other = calloc(1, sizeof *other);

	assert_non_null(in);
	assert_non_null(other);
	offer_beside(b, o, other);
	answer_yes(b, o, in);
	if (pledged) {
		assert_true(inbox_row(b, in, o->slot));
		false_offer_mail_ack(b, o, VIZ_TYPE_PLEDGE_ACK, &in->pledge);
	}
	cut(b, LINK_EVIL);
	if (pledged) {
		b->now.ms += 31000;
		false_offer_sign_close(b, o, true);
		end_closed(b, o, LINK_OTHER);
	} else {
		end_over(b, o, LINK_OTHER, NULL);
	}
	says(b, "\"offer_count\":1,\"in_order_count\":0,\"unchecked_count\":1");
	says(b, "\"unchecked_reasons\":[{\"reason\":\"no-link\",\"count\":1}]");
	free(other);
	free(in);
	free(o);
}

static void link_that_ends_in_time(void **state)
{
	ends_link(*state, false);
}

static void link_that_ends_before_the_reveal(void **state)
{
	ends_link(*state, true);
}

/* Or before it has served the location: our PLEDGE says that we have none. */
static void link_that_ends_before_the_location(void **state)
{
	struct one_node *b = *state;
	struct false_offer *o = calloc(1, sizeof *o);
	struct viz_inbox *in = calloc(1, sizeof *in);
	struct forge *other = calloc(1, sizeof *other);

	assert_non_null(in);
	assert_non_null(other);
	offer_beside(b, o, other);
	cut(b, LINK_EVIL);
	tick(b, 29000);
	assert_true(inbox_row(b, in, o->slot));
	assert_int_equal(in->answer, VIZ_ANSWER_NO_CONTENT);
	tick(b, 2000);
	false_offer_sign_close(b, o, true);
	end_closed(b, o, LINK_OTHER);
	says(b, "\"offer_count\":1,\"in_order_count\":0,\"unchecked_count\":1");
	says(b, "\"unchecked_reasons\":[{\"reason\":\"no-link\",\"count\":1}]");
	free(other);
	free(in);
	free(o);
}

/* The numbers before an offer are looked for in its own log, also when that is over. */
static void gap_in_an_old_log(void **state)
{
	struct one_node *b = *state;
	struct false_offer *o = calloc(3, sizeof *o);

	b->evil.value = zero;
	open_head(b, 0, &zero);
	ended_offer(b, &o[0], 0, NULL);
	false_offer_init(b, &o[1], 1);
	false_offer_sign(b, &o[1]); /* and is not given */
	ended_offer(b, &o[2], 2, NULL);
	says(b, "\"offer_count\":2,\"in_order_count\":1,\"unchecked_count\":1");
	b->evil.log = 2;
	open_head(b, 0, &zero);
	tick(b, 1000);
	says(b, "\"offer_count\":2,\"in_order_count\":1,\"unchecked_count\":1");
	says(b, "\"unchecked_reasons\":[{\"reason\":\"chain\",\"count\":1}]");
	free(o);
}

/* The NODE that an OFFER names may show that it is false. */
static void node_missing(void **state)
{
	struct one_node *b = *state;
	struct false_offer *o = calloc(1, sizeof *o);

	b->evil.value = zero;
	open_head(b, 0, &zero);
	b->now.ms += 1000;
	false_offer_init(b, o, 0);
	o->node = (struct viz_id){{7}};
	false_offer_sign(b, o);
	ended_offer(b, o, 0, NULL);
	says(b, "\"offer_count\":1,\"in_order_count\":0,\"unchecked_count\":1");
	says(b, "\"unchecked_reasons\":[{\"reason\":\"records\",\"count\":1}]");
	free(o);
}

/* A PLEDGE of the false peer for its own offer, by its newest key. */
static void sign_pledge(struct one_node *b, struct forged *pledge, const struct false_offer *o)
{
	struct viz_pledge body = {.offer = o->offer.id, .answer = VIZ_ANSWER_NO};
	uint8_t bytes[128];
	struct viz_writer w;

	viz_writer_init(&w, bytes, sizeof bytes);
	viz_pledge_write(&w, &body);
	forge_statement(pledge, &b->evil, VIZ_TYPE_PLEDGE, o->slot, 1, b->now, &w);
}

/* Sets what is known of the PLEDGEs in the CLOSE of an offer, after giving what it was. */
static uint32_t set_pledges(struct one_node *b, const struct false_offer *o, uint32_t pledges)
{
	struct viz_inbox *in = calloc(1, sizeof *in);
	uint32_t was;

	assert_true(inbox_row(b, in, o->slot));
	was = in->pledges;
	in->pledges = pledges;
	assert_int_equal(viz_store_begin(b->store), VIZ_OK);
	viz_inbox_put(&b->node->core, in);
	assert_int_equal(viz_store_commit(b->store), VIZ_OK);
	free(in);
	return was;
}

/* A PLEDGE by a key that its signer has begun since the view: it counts when it verifies. A pass of
 * the audit tries that once: who asks, and later passes, verify nothing, however many there are. */
static void pledge_of_a_later_key(void **state)
{
	struct one_node *b = *state;
	struct false_offer *o = calloc(2, sizeof *o);
	struct forged *pledge = calloc(1, sizeof *pledge);

	assert_non_null(pledge);
	b->evil.value = zero;
	open_head(b, 0, &zero);
	change_key(b);
	open_head(b, 0, &zero);
	for (unsigned i = 0; i < 2; i++) {
		b->now.ms += 1000;
		false_offer_init(b, &o[i], i);
		false_offer_sign(b, &o[i]);
		sign_pledge(b, pledge, &o[i]);
		pledge->bytes[40] ^= (uint8_t)i; /* in the signature */
		ended_offer(b, &o[i], i, pledge);
	}
	says(b, "\"offer_count\":2,\"in_order_count\":0,\"unchecked_count\":2");
	says(b, "\"unchecked_reasons\":[{\"reason\":\"key\",\"count\":2}]");
	tick(b, PASS);
	says(b, "\"offer_count\":2,\"in_order_count\":1,\"unchecked_count\":1");
	says(b, "\"unchecked_reasons\":[{\"reason\":\"key\",\"count\":1}]");
	assert_int_equal(set_pledges(b, &o[1], 1), 2);
	says(b, "\"in_order_count\":2");
	set_pledges(b, &o[1], 2);
	hours(b, 47);
	assert_int_equal(findings(b, VIZ_SUSPICION_PLEDGE_KEY), 0);
	hours(b, 3);
	assert_int_equal(findings(b, VIZ_SUSPICION_PLEDGE_KEY), 1);
	free(pledge);
	free(o);
}

/* One pass verifies so many signatures. What it leaves the next one does. */
static void few_checks_in_a_pass(void **state)
{
	struct one_node *b = *state;
	struct false_offer *o = calloc(1, sizeof *o);
	struct viz_inbox *in = calloc(1, sizeof *in);
	struct forged *pledge = calloc(1, sizeof *pledge);
	struct viz_record close;
	size_t checks = 0;

	assert_true(o && in && pledge);
	b->evil.value = zero;
	open_head(b, 0, &zero);
	change_key(b);
	open_head(b, 0, &zero);
	b->now.ms += 1000;
	false_offer_init(b, o, 0);
	false_offer_sign(b, o);
	sign_pledge(b, pledge, o);
	ended_offer(b, o, 0, pledge);
	assert_true(inbox_row(b, in, o->slot));
	assert_int_equal(viz_record_parse(&close, o->close.bytes, o->close.len), VIZ_OK);
	assert_int_equal(viz_store_begin(b->store), VIZ_OK);
	assert_int_equal(viz_pledge_keys_verify(&b->node->trust, &checks, in, &close), 0);
	checks = 2;
	assert_int_equal(viz_pledge_keys_verify(&b->node->trust, &checks, in, &close), 1);
	assert_int_equal(checks, 1);
	viz_store_abort(b->store);
	free(pledge);
	free(in);
	free(o);
}

/* How many keys judge the PLEDGE in this CLOSE when the view has this SUCCESSION. */
static size_t keys_by_view(struct one_node *b, const struct viz_inbox *in,
			   const struct viz_record *close, const struct viz_record *succession)
{
	struct viz_rules_item item = {succession->author, VIZ_TYPE_SUCCESSION, 1, false,
				      *succession};
	struct viz_partners *named = calloc(1, sizeof *named);
	struct viz_rules_key key[VIZ_ASKED_MAX];
	size_t n;

	assert_non_null(named);
	named->count = 1;
	named->entry[0].id = succession->author;
	viz_pledge_keys_keep(&b->node->trust, in, named, &item, 1);
	n = viz_pledge_keys_list(&b->node->trust, key, VIZ_ASKED_MAX, in, named, close);
	free(named);
	return n;
}

/* A partner signs two SUCCESSIONs. The origin shows one in the view, and has a PLEDGE by its key:
 * who holds the other one does not find it forged. */
static void another_key_of_its_number(void **state)
{
	struct one_node *b = *state;
	struct false_offer *o = calloc(1, sizeof *o);
	struct viz_inbox *in = calloc(1, sizeof *in);
	struct forged *pledge = calloc(1, sizeof *pledge);
	struct viz_record close, succession;
	static uint8_t copy[1024];
	struct viz_held held;

	assert_true(o && in && pledge);
	b->evil.value = zero;
	open_head(b, 0, &zero);
	change_key(b);
	open_head(b, 0, &zero);
	b->now.ms += 1000;
	false_offer_init(b, o, 0);
	false_offer_sign(b, o);
	sign_pledge(b, pledge, o);
	ended_offer(b, o, 0, pledge);
	assert_true(inbox_row(b, in, o->slot));
	assert_int_equal(viz_record_parse(&close, o->close.bytes, o->close.len), VIZ_OK);
	assert_int_equal(viz_store_begin(b->store), VIZ_OK);
	assert_true(
	    viz_place_get(&b->node->core, &held, NULL, &b->evil.author, VIZ_TYPE_SUCCESSION, 1));
	assert_true(held.a_len <= sizeof copy);
	memcpy(copy, held.a, held.a_len);
	assert_int_equal(viz_record_parse(&succession, copy, held.a_len), VIZ_OK);
	assert_int_equal(keys_by_view(b, in, &close, &succession), 1);
	copy[succession.body - copy + 5] ^= 1; /* of the key */
	assert_int_equal(keys_by_view(b, in, &close, &succession), 0);
	viz_store_abort(b->store);
	free(pledge);
	free(in);
	free(o);
}

/* An origin that uses two logs in turn makes nobody read each of them anew for each offer. */
static void logs_in_turn(void **state)
{
	struct one_node *b = *state;
	struct false_offer *o = calloc(2, sizeof *o);
	struct viz_inbox *in = calloc(1, sizeof *in);
	struct viz_verdict_seen seen = {0};
	struct viz_offer_verdict v;

	assert_true(o && in);
	b->evil.value = zero;
	for (unsigned i = 0; i < 2; i++) {
		b->evil.log = 1 + i;
		b->evil.number = 0;
		b->evil.value = zero;
		open_head(b, 0, &zero);
		ended_offer(b, &o[i], i, NULL);
	}
	for (unsigned i = 0; i < 4; i++) {
		assert_true(inbox_row(b, in, o[i % 2].slot));
		assert_int_equal(viz_store_begin(b->store), VIZ_OK);
		viz_verdict_read(&b->node->net, &v, &seen, in);
		viz_store_abort(b->store);
	}
	assert_int_equal(seen.of[0].log, 1);
	assert_int_equal(seen.of[1].log, 2);
	assert_int_equal(seen.of[2].log, 0);
	free(in);
	free(o);
}

/* How many findings `o` lists, and of the rule `order` has besides. */
static void lists(const json_t *o, size_t listed, json_int_t besides)
{
	json_t *unlisted = json_object_get(o, "unlisted"), *first = json_array_get(unlisted, 0);

	assert_int_equal(json_array_size(json_object_get(o, "findings")), listed);
	assert_int_equal(json_array_size(unlisted), besides > 0);
	assert_int_equal(json_integer_value(json_object_get(first, "count")), besides);
	if (besides > 0)
		assert_string_equal(json_string_value(json_object_get(first, "rule")), "order");
}

/* Many findings of one rule do not hide that of another, and a page has a bound. */
static void many_findings(void **state)
{
	struct one_node *b = *state;
	struct viz_trust *trust = &b->node->trust;
	const struct viz_id *evil_id = &b->evil.author;
	json_t *json, *result;

	assert_int_equal(viz_store_begin(b->store), VIZ_OK);
	for (uint8_t i = 0; i < 160; i++)
		viz_finding_keep(trust, evil_id, viz_record_slot_make(b->now, i / 8),
				 VIZ_RULE_ORDER, VIZ_VERDICT_CONTRADICTION, &(struct viz_id){{i}});
	viz_finding_keep(trust, evil_id, viz_record_slot_make(b->now, 99), VIZ_RULE_SALT,
			 VIZ_VERDICT_CONTRADICTION, &zero);
	assert_int_equal(viz_store_commit(b->store), VIZ_OK);
	json = json_loads(request(b, "{\"op\":\"audit.show\"}"), 0, NULL);
	result = json_object_get(json, "result");
	lists(result, 64 + 1, 160 - 64);
	lists(json_array_get(json_object_get(result, "origins"), 0), 8 + 1, 160 - 8);
	json_decref(json);
	json = json_loads(
	    request(b, "{\"op\":\"audit.show\",\"args\":{\"what\":\"Provedor Hostil\"}}"), 0, NULL);
	lists(json_object_get(json_object_get(json, "result"), "origin"), 64 + 1, 160 - 64);
	json_decref(json);
}

/* The number by which people name a finding. */
static void name_of_finding(struct one_node *b, char out[16])
{
	const char *at = strstr(request(b, "{\"op\":\"audit.show\"}"), "\"id\":\"F");

	assert_non_null(at);
	snprintf(out, 16, "%.9s", at + strlen("\"id\":\""));
}

/* It does not follow from what was found: the accused could choose it. */
static void names_are_drawn(void **state)
{
	struct one_node *b = *state;
	struct viz_trust *trust = &b->node->trust;
	const struct viz_id *evil_id = &b->evil.author;
	uint64_t slot = viz_record_slot_make(b->now, 99);
	char names[2][16];

	for (unsigned i = 0; i < 2; i++) {
		assert_int_equal(viz_store_begin(b->store), VIZ_OK);
		viz_finding_drop(trust, evil_id, slot, VIZ_RULE_SALT, &zero);
		viz_finding_keep(trust, evil_id, slot, VIZ_RULE_SALT, VIZ_VERDICT_CONTRADICTION,
				 &zero);
		assert_int_equal(viz_store_commit(b->store), VIZ_OK);
		name_of_finding(b, names[i]);
	}
	assert_string_not_equal(names[0], names[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, setup_named, teardown)
	    T(unchecked),
	    T(link_that_ends_in_time),
	    T(link_that_ends_before_the_reveal),
	    T(link_that_ends_before_the_location),
	    T(gap_in_an_old_log),
	    T(node_missing),
	    T(pledge_of_a_later_key),
	    T(few_checks_in_a_pass),
	    T(another_key_of_its_number),
	    T(logs_in_turn),
	    T(many_findings),
	    T(names_are_drawn),
	};

	VIZ_REQUIRE(viz_crypto_init() == VIZ_OK);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
