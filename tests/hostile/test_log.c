/* A partner whose log is false: heads that its NODE does not give, stubs that do not chain, a fork,
 * answers to nothing. */
#include "node/audit/suspicion.h"
#include "node/core/ids.h"
#include "node/core/place.h"
#include "node/gossip/chain.h"
#include "node/node.h"
#include "node/state.h"
#include "node/trust/named.h"
#include "proto/base.h"
#include "proto/message.h"
#include "store/stat.h"
#include "store/store.h"
#include "store/tables.h"
#include "tests/hostile/one_circle.h"
#include "tests/hostile/one_log.h"
#include "tests/hostile/one_node.h"
#include "tests/hostile/one_offer.h"

static struct viz_stub stub_of(uint8_t i)
{
	return (struct viz_stub){.offer = i,
				 .type = VIZ_TYPE_OFFER,
				 .slot = (uint64_t)(START_MS / VIZ_DAY_MS) << 32 | (uint64_t)i << 8,
				 .id = {{i}}};
}

static struct viz_id value_after(struct viz_id value, uint32_t number, const struct viz_stub *stub)
{
	struct viz_position at = {LOG, number, value, stub->offer};
	struct viz_id out;

	viz_ids_log(&out, &at, stub->type, stub->slot, &stub->id);
	return out;
}

static const struct viz_id first = {{9}};

/* HEAD must give what NODE commits to: the number, the value and the log. */
static void false_heads(void **state)
{
	struct one_node *b = *state;
	uint64_t seq = commit_to(b, 3, &first);
	struct viz_chain c;

	assert_int_equal(b->closed, 0);
	send_head(b, seq - 1, 3, &first); /* an older NODE: ignored */
	assert_int_equal(b->closed, 0);
	assert_false(chain(b, &c));
	send_head(b, seq, 4, &first);
	assert_int_equal(b->closed, 1);
	assert_string_equal(b->reason, "false-head");
	assert_false(chain(b, &c));
}

/* A HEAD that comes before its NODE waits for it. */
static void head_before_node(void **state)
{
	struct one_node *b = *state;
	struct viz_chain c;

	send_head(b, (uint64_t)b->now.ms + 1000, 3, &first);
	assert_int_equal(b->closed, 0);
	assert_false(chain(b, &c));
	commit_to(b, 3, &first);
	assert_true(chain(b, &c));
	assert_int_equal(c.first, 3);
	assert_int_equal(c.last, 3);
	send_head(b, (uint64_t)b->now.ms + 1000, 4, &first);
	commit_to(b, 5, &first);
	assert_int_equal(b->closed, 1);
	assert_string_equal(b->reason, "false-head");
}

/* Stubs are taken when they chain to the opened head. */
static void stubs_chain(void **state)
{
	struct one_node *b = *state;
	struct viz_stub stub[2] = {stub_of(1), stub_of(2)};
	struct viz_id second = value_after(first, 1, &stub[0]),
		      third = value_after(second, 2, &stub[1]);
	struct viz_chain c;

	open_head(b, 0, &first);
	open_head(b, 2, &third);
	assert_true(b->sent_on[LINK_EVIL] >= 1); /* LOG_ASK */
	send_log(b, 1, stub, 2);
	assert_int_equal(b->sent_on[LINK_EVIL], 1); /* LOG_WANT */
	assert_true(chain(b, &c));
	assert_int_equal(c.met, 2);
	assert_int_equal(c.held, 2);
	assert_memory_equal(c.met_value.b, third.b, sizeof third.b);
}

/* Stubs that do not are dropped, and the question is asked again at the next HEAD. */
static void stubs_do_not_chain(void **state)
{
	struct one_node *b = *state;
	struct viz_stub stub[2] = {stub_of(1), stub_of(2)};
	struct viz_id second = value_after(first, 1, &stub[0]),
		      third = value_after(second, 2, &stub[1]);
	struct viz_chain c;

	open_head(b, 0, &first);
	open_head(b, 2, &third);
	stub[0].id.b[1] = 1;
	send_log(b, 1, stub, 2);
	assert_int_equal(b->closed, 0);
	assert_true(chain(b, &c));
	assert_int_equal(c.met, 0);
	assert_int_equal(c.held, 0);
	assert_false(has_stub(b, 1));
	assert_false(has_stub(b, 2));
	stub[0].id.b[1] = 0;
	send_log(b, 1, stub, 2); /* nobody has asked */
	assert_false(has_stub(b, 1));
	open_head(b, 2, &third);
	send_log(b, 1, stub, 2);
	assert_true(chain(b, &c));
	assert_int_equal(c.met, 2);
}

/* What nobody has asked for is ignored: another range, or more than was asked for. */
static void unasked(void **state)
{
	struct one_node *b = *state;
	struct viz_stub stub[3] = {stub_of(1), stub_of(2), stub_of(3)};
	struct viz_id second = value_after(first, 1, &stub[0]);

	send_log(b, 1, stub, 3);
	assert_false(has_stub(b, 1));
	open_head(b, 0, &first);
	send_log(b, 1, stub, 1);
	assert_false(has_stub(b, 1));
	open_head(b, 1, &second);
	send_log(b, 1, stub, 3);
	send_log(b, 2, stub, 1);
	assert_false(has_stub(b, 1));
	assert_false(has_stub(b, 2));
	assert_int_equal(b->closed, 0);
	send_log(b, 1, stub, 1);
	assert_true(has_stub(b, 1));
}

/* Whose logs have too many stubs without records is asked for no more. */
static void too_many_stubs(void **state)
{
	struct one_node *b = *state;
	struct viz_stub stub = stub_of(1);
	struct viz_id second = value_after(first, 1, &stub);
	struct viz_chain c;

	open_head(b, 0, &first);
	assert_true(chain(b, &c));
	c.told = VIZ_STUBS_PER_ORIGIN;
	assert_int_equal(viz_store_begin(b->store), VIZ_OK);
	viz_chain_put(&b->node->core, &b->evil.author, &c);
	assert_int_equal(viz_store_commit(b->store), VIZ_OK);
	open_head(b, 1, &second);
	send_log(b, 1, &stub, 1);
	assert_false(has_stub(b, 1));
	assert_true(chain(b, &c));
	assert_int_equal(c.last, 1);
	assert_int_equal(c.met, 0);
}

/* The highest number that a log can have, then another log: what was told of the first one goes.
 * No number may be the last one of its type, or a loop up to it would not end. */
static void the_highest_number(void **state)
{
	struct one_node *b = *state;
	struct viz_chain c;

	open_head(b, VIZ_LOG_NUMBER_MAX, &first);
	hours(b, 1);
	assert_int_equal(findings(b, VIZ_SUSPICION_WITHHELD), 0);
	b->evil.log = 2;
	open_head(b, 3, &first);
	assert_true(chain(b, &c));
	assert_int_equal(c.log, 2);
	assert_int_equal(c.last, 3);
	send_head(b, commit_to(b, VIZ_LOG_NUMBER_MAX + 1u, &first), VIZ_LOG_NUMBER_MAX + 1u,
		  &first);
	assert_int_equal(b->closed, 1);
}

/* Two offers with one number: the first stub stays, both records are held. */
static void fork_of_numbers(void **state)
{
	struct one_node *b = *state;
	struct false_offer *o = calloc(2, sizeof *o);
	struct viz_stub stub;

	assert_non_null(o);
	for (unsigned i = 0; i < 2; i++) {
		b->evil.number = 0;
		false_offer_to_us(b, &o[i], i);
		false_offer_sign(b, &o[i]);
		give(b, &o[i].offer);
		assert_int_equal(b->closed, 0);
	}
	assert_non_null(strstr(b->logs, "number 1 stands in it twice"));
	assert_int_equal(viz_store_begin(b->store), VIZ_OK);
	assert_true(viz_chain_stub_get(&b->node->core, &stub, &b->evil.author, LOG, 1));
	assert_memory_equal(stub.id.b, o[0].offer.id.b, sizeof stub.id.b);
	viz_store_abort(b->store);
	assert_int_equal(findings(b, VIZ_RULE_LOG_FORK), 1);
	assert_true(exports(b, VIZ_RULE_LOG_FORK));
	free(o);
}

/* A place is dead, and one of its halves has the number of a record that comes before or after it:
 * the half is judged by its number too. */
static void fork_at_a_dead_place(void **state)
{
	static const unsigned order[2][3] = {{0, 1, 2}, {1, 2, 0}}; /* in which they come */
	struct false_offer *o = calloc(3, sizeof *o);

	assert_non_null(o);
	for (unsigned run = 0; run < 2; run++) {
		struct one_node *b = *state;

		for (unsigned i = 0; i < 3; i++) {
			if (i == 2) /* the second place again, with the number of the first */
				b->evil.number = 0;
			b->now.ms += 1000;
			false_offer_to_us(b, &o[i], i > 0);
			false_offer_sign(b, &o[i]);
		}
		for (unsigned i = 0; i < 3; i++) {
			assert_int_equal(findings(b, VIZ_RULE_LOG_FORK), 0);
			give(b, &o[order[run][i]].offer);
			assert_int_equal(b->closed, 0);
		}
		assert_int_equal(findings(b, VIZ_RULE_EQUIVOCATION), 1);
		assert_int_equal(findings(b, VIZ_RULE_LOG_FORK), 1);
		assert_true(exports(b, VIZ_RULE_LOG_FORK));
		teardown(state);
		setup_named(state);
	}
	free(o);
}

/* An OFFER, the head after it, another one, and the head after that: nothing is found. */
static void honest_heads(void **state)
{
	struct one_node *b = *state;
	struct false_offer *o = calloc(1, sizeof *o);

	assert_non_null(o);
	open_head(b, 0, &b->evil.value);
	for (unsigned i = 0; i < 2; i++) {
		false_offer_to_us(b, o, i);
		false_offer_sign(b, o);
		give(b, &o->offer);
		open_head(b, b->evil.number, &b->evil.value);
	}
	assert_int_equal(viz_store_stat_entries(b->store, VIZ_TABLE_FINDING), 0);
	free(o);
}

/* Breaks the log around one OFFER in the way `how`. */
static void broken_log(struct one_node *b, unsigned how)
{
	struct false_offer *o = calloc(1, sizeof *o);
	struct viz_id value = b->evil.value;

	assert_non_null(o);
	if (how == 0) /* its NODE opens to another value than the one before it */
		open_head(b, 0, &first);
	if (how == 1) { /* a NODE is newer than the one that it names */
		open_head(b, 0, &value);
		b->now.ms += 1000;
	}
	false_offer_to_us(b, o, 0);
	if (how == 1)
		o->node_time.ms = b->now.ms - 1001;
	false_offer_sign(b, o);
	if (how == 2) { /* a NODE that was signed before it, and has it already */
		open_head(b, 1, &b->evil.value);
		b->now.ms += 1000;
		b->evil.number = 0;
		b->evil.value = value;
		false_offer_to_us(b, o, 0);
		false_offer_sign(b, o);
	}
	give(b, &o->offer);
	if (how == 3) /* the NODE after it does not have it */
		open_head(b, 0, &value);
	if (how == 4) /* or has another record there */
		open_head(b, 1, &first);
	if (how == 5) { /* CLOSE says that it is of another OFFER's number */
		b->now.ms += 1000;
		o->number++;
		false_offer_sign_close(b, o, false);
		give(b, &o->close);
	}
	assert_int_equal(b->closed, 0);
	free(o);
}

static void forks_and_order(void **state)
{
	static const enum viz_rule rules[] = {VIZ_RULE_LOG_FORK,  VIZ_RULE_NODE_STALE,
					      VIZ_RULE_LOG_ORDER, VIZ_RULE_LOG_ORDER,
					      VIZ_RULE_LOG_FORK,  VIZ_RULE_LOG_MIXED};

	for (unsigned how = 0; how < sizeof rules / sizeof *rules; how++) {
		print_message("# %u\n", how);
		broken_log(*state, how);
		assert_int_equal(findings(*state, rules[how]), 1);
		assert_true(exports(*state, rules[how]));
		teardown(state);
		setup_named(state);
	}
}

/* One place stands in the log twice, as the origin opened it: nobody has served the records. */
static void a_place_twice(void **state)
{
	struct one_node *b = *state;
	struct viz_stub stub[2] = {stub_of(1), stub_of(2)};
	struct viz_id value;

	stub[1].slot = stub[0].slot;
	open_head(b, 0, &first);
	value = value_after(first, 1, &stub[0]);
	value = value_after(value, 2, &stub[1]);
	open_head(b, 2, &value);
	assert_int_equal(findings(b, VIZ_RULE_EQUIVOCATION), 0);
	send_log(b, 1, stub, 2);
	assert_int_equal(findings(b, VIZ_RULE_EQUIVOCATION), 1);
}

static void want(struct one_node *b, uint32_t first_number, size_t count)
{
	struct viz_message_log_want m = {.origin = b->evil.author, .log = LOG, .count = count};
	uint8_t body[1024];
	struct viz_writer w;

	for (size_t i = 0; i < count; i++)
		m.number[i] = first_number + (uint32_t)i;
	viz_writer_init(&w, body, sizeof body);
	viz_message_log_want_write(&w, &m);
	message(b, &w);
}

/* Questions for numbers that nobody has are charged too. */
static void questions_cost(void **state)
{
	struct one_node *b = *state;
	struct false_offer *o = calloc(1, sizeof *o);
	size_t records;

	assert_non_null(o);
	false_offer_to_us(b, o, 0);
	false_offer_sign(b, o);
	give(b, &o->offer);
	commit_to(b, 0, &first);
	records = b->records;
	want(b, 1, 1);
	assert_int_equal(b->records, records + 1);
	for (unsigned i = 0; i < 200; i++)
		want(b, 1000, VIZ_WANT_PER_MESSAGE);
	for (unsigned i = 0; i < VIZ_WANT_PER_MESSAGE; i++)
		want(b, 1000, 1); /* what is left */
	want(b, 1, 1);
	assert_int_equal(b->records, records + 1);
	tick(b, 1000);
	records = b->records;
	want(b, 1, 1);
	assert_int_equal(b->records, records + 1);
	assert_int_equal(b->closed, 0);
	free(o);
}

static size_t openings(struct one_node *b)
{
	return viz_store_stat_entries(b->store, VIZ_TABLE_OPENING);
}

/* An origin signs NODE after NODE, and opens each. What shows nothing new does not stay; of what
 * does, only so much, and it is told that there was more. */
static void many_heads(void **state)
{
	struct one_node *b = *state;
	uint64_t seq, named = viz_store_stat_entries(b->store, VIZ_TABLE_NAMED);

	for (unsigned i = 0; i < 20; i++)
		open_head(b, 3, &first);
	assert_int_equal(openings(b), 2); /* the first and the last with this number and value */
	assert_true(viz_store_stat_entries(b->store, VIZ_TABLE_NAMED) < named + 4);
	assert_int_equal(findings(b, VIZ_SUSPICION_SHARE_FULL), 0);
	for (uint32_t i = 0; i < VIZ_OPENINGS_PER_AUTHOR + 20; i++)
		open_head(b, 4 + i, &first);
	assert_int_equal(openings(b), VIZ_OPENINGS_PER_AUTHOR);
	assert_int_equal(findings(b, VIZ_SUSPICION_SHARE_FULL), 1);
	seq = commit_to(b, 3, &first); /* the newest is kept, and found false */
	send_head(b, seq, 3, &first);
	assert_true(findings(b, VIZ_RULE_LOG_ORDER) > 0);
}

/* The last NODE that names an older PARTNERS stays: it is the proof against one that is dated back.
 */
static void the_last_that_names(void **state)
{
	struct one_node *b = *state;
	struct viz_id us = *viz_node_author(b->node), was = b->evil.names;

	open_head(b, 3, &first);
	open_head(b, 3, &first);
	give_partners(b, &b->evil, LINK_EVIL, (struct entry[]){{&us, LONG_AGO, 0}}, 1);
	assert_false(viz_id_eq(&was, &b->evil.names));
	for (unsigned i = 0; i < 4; i++)
		open_head(b, 3, &first);
	assert_int_equal(openings(b), 3);
}

/* What proves a finding stays, though NODEs before it and behind it open to the same head. */
static void a_proof_stays(void **state)
{
	struct one_node *b = *state;
	struct viz_core *core = &b->node->core;
	struct viz_record rec;
	struct viz_held held;
	struct viz_id id;

	open_head(b, 3, &first);
	open_head(b, 3, &first);
	assert_int_equal(viz_store_begin(b->store), VIZ_OK);
	assert_true(viz_place_get(core, &held, &rec, &b->evil.author, VIZ_TYPE_NODE, 0));
	viz_ids_record(&id, &core->federation_id, &rec);
	viz_named_put_proof(core, &rec, &id);
	assert_int_equal(viz_store_commit(b->store), VIZ_OK);
	for (unsigned i = 0; i < 4; i++)
		open_head(b, 3, &first);
	assert_int_equal(viz_store_begin(b->store), VIZ_OK);
	assert_true(viz_named_kept(core, &rec, &b->evil.author, &id));
	assert_int_equal(viz_store_commit(b->store), VIZ_OK);
}

static size_t lines(const struct one_node *b, const char *text)
{
	size_t n = 0;

	for (const char *at = strstr(b->logs, text); at; at = strstr(at + 1, text))
		n++;
	return n;
}

/* An origin whose log contradicts itself can sign NODE after NODE, and a pair after the other: the
 * operator is told once. */
static void a_forker_is_told_of_once(void **state)
{
	struct one_node *b = *state;
	struct viz_id value = {{1}};

	for (uint32_t number = 30; number > 20; number--) {
		value.b[1] = (uint8_t)number;
		open_head(b, number, &value);
	}
	assert_int_equal(lines(b, "contradicts its log"), 1);
	for (unsigned i = 0; i < 20; i++) {
		b->now.ms += i % 2 ? 0 : 1000;
		forge_coverage(&b->scratch, &b->evil, 0, b->now, 1, i);
		give(b, &b->scratch);
	}
	assert_int_equal(lines(b, "records at slot"), 1);
	assert_int_equal(b->closed, 0);
}

/* A HEAD that shows nothing new costs no judgement. */
static void the_same_head(void **state)
{
	struct one_node *b = *state;
	struct viz_id value = {{4}};
	struct viz_slice key, row;
	struct viz_walk walk;
	uint8_t copy[256];
	uint64_t seq;

	open_head(b, 3, &first);
	seq = commit_to(b, 2, &value);
	send_head(b, seq, 2, &value);
	assert_int_equal(findings(b, VIZ_RULE_LOG_ORDER), 1);
	assert_int_equal(viz_store_begin(b->store), VIZ_OK);
	viz_walk_init(&walk, b->store, VIZ_TABLE_FINDING, NULL, 0);
	while (viz_walk_next(&walk, &key, &row)) {
		assert_true(key.len <= sizeof copy);
		memcpy(copy, key.p, key.len);
		viz_store_del(b->store, VIZ_TABLE_FINDING, copy, key.len);
	}
	assert_int_equal(viz_store_commit(b->store), VIZ_OK);
	assert_int_equal(findings(b, VIZ_RULE_LOG_ORDER), 0);
	send_head(b, seq, 2, &value);
	assert_int_equal(findings(b, VIZ_RULE_LOG_ORDER), 0);
}

/* LOG_ASK brings the stubs that are held, LOG_WANT their records. */
static void answers(void **state)
{
	struct one_node *b = *state;
	struct false_offer *o = calloc(1, sizeof *o);
	uint8_t body[256];
	struct viz_writer w;
	size_t records;

	assert_non_null(o);
	false_offer_to_us(b, o, 0);
	false_offer_sign(b, o);
	give(b, &o->offer);
	commit_to(b, 0, &first);
	viz_writer_init(&w, body, sizeof body);
	viz_message_log_ask_write(&w, &(struct viz_message_log_ask){b->evil.author, LOG, 1, 512});
	message(b, &w);
	assert_int_equal(b->sent_on[LINK_EVIL], 1);
	assert_true(b->bytes_on[LINK_EVIL] > 80); /* one stub */
	records = b->records;
	viz_writer_init(&w, body, sizeof body);
	viz_message_log_want_write(
	    &w, &(struct viz_message_log_want){
		    .origin = b->evil.author, .log = LOG, .number = {1, 2, 3}, .count = 3});
	message(b, &w);
	assert_int_equal(b->sent_on[LINK_EVIL], 1);
	assert_int_equal(b->records, records + 1);
	free(o);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(false_heads, setup_named, teardown),
	    cmocka_unit_test_setup_teardown(head_before_node, setup_named, teardown),
	    cmocka_unit_test_setup_teardown(honest_heads, setup_named, teardown),
	    cmocka_unit_test_setup_teardown(forks_and_order, setup_named, teardown),
	    cmocka_unit_test_setup_teardown(a_place_twice, setup_named, teardown),
	    cmocka_unit_test_setup_teardown(stubs_chain, setup_named, teardown),
	    cmocka_unit_test_setup_teardown(stubs_do_not_chain, setup_named, teardown),
	    cmocka_unit_test_setup_teardown(unasked, setup_named, teardown),
	    cmocka_unit_test_setup_teardown(the_highest_number, setup_named, teardown),
	    cmocka_unit_test_setup_teardown(too_many_stubs, setup_named, teardown),
	    cmocka_unit_test_setup_teardown(fork_of_numbers, setup_named, teardown),
	    cmocka_unit_test_setup_teardown(fork_at_a_dead_place, setup_named, teardown),
	    cmocka_unit_test_setup_teardown(answers, setup_named, teardown),
	    cmocka_unit_test_setup_teardown(many_heads, setup_named, teardown),
	    cmocka_unit_test_setup_teardown(questions_cost, setup_named, teardown),
	    cmocka_unit_test_setup_teardown(the_last_that_names, setup_named, teardown),
	    cmocka_unit_test_setup_teardown(a_proof_stays, setup_named, teardown),
	    cmocka_unit_test_setup_teardown(a_forker_is_told_of_once, setup_named, teardown),
	    cmocka_unit_test_setup_teardown(the_same_head, setup_named, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
