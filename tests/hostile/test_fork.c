/* An origin has shown us and a co-member different records while we were not linked. Now the
 * co-member's HEAD shows another value: we find the fork, and a partner that lies about it convicts
 * nobody and makes us ask for little. */
#include "node/core/ids.h"
#include "node/gossip/chain.h"
#include "proto/base.h"
#include "proto/message.h"
#include "proto/offer.h"
#include "store/stat.h"
#include "store/store.h"
#include "store/tables.h"
#include "tests/hostile/one_circle.h"
#include "tests/hostile/one_log.h"
#include "tests/hostile/one_offer.h"

#define LINK_OTHER 8
#define LOG_MAX    48 /* numbers of a branch */
#define SEARCHED   16 /* the numbers up to that of a HEAD that are compared */

/* What the origin has shown to one of us: the first record has number 1. */
struct branch {
	struct forged offer[LOG_MAX];
	struct viz_stub stub[LOG_MAX];
	struct viz_id value[LOG_MAX];
	uint32_t count;
};

struct scene {
	struct forge other;
	struct viz_id start; /* the value of the log at 0 */
	struct branch ours, theirs;
};

/* The origin's circle has us and the other, and it has opened its log at 0. */
static struct scene *begin(struct one_node *b)
{
	struct scene *s = calloc(1, sizeof *s);
	struct viz_id us = *viz_node_author(b->node);

	assert_non_null(s);
	befriend(b, &s->other, LINK_OTHER);
	give_partners(b, &s->other, LINK_OTHER,
		      (struct entry[]){{&us, LONG_AGO, 0}, {&b->evil.author, LONG_AGO, 0}}, 2);
	give_partners(b, &b->evil, LINK_EVIL,
		      (struct entry[]){{&us, LONG_AGO, 0}, {&s->other.author, LONG_AGO, 0}}, 2);
	s->start = b->evil.value;
	open_head(b, 0, &s->start);
	return s;
}

/* Signs the offer of this number of the day as the next record of a branch. */
static void add(struct one_node *b, const struct scene *s, struct branch *to, unsigned number)
{
	struct false_offer *o = calloc(1, sizeof *o);
	uint32_t n = to->count++;

	assert_non_null(o);
	b->now.ms += 10;
	b->evil.number = n;
	b->evil.value = n > 0 ? to->value[n - 1] : s->start;
	false_offer_init(b, o, number);
	false_offer_sign(b, o);
	to->offer[n] = o->offer;
	to->value[n] = b->evil.value;
	to->stub[n] = (struct viz_stub){n + 1, VIZ_TYPE_OFFER, o->slot, o->offer.id};
	free(o);
}

/* The log forks behind number `same`; we and the other have these records more. */
static void fork_log(struct one_node *b, struct scene *s, uint32_t same, uint32_t we, uint32_t they)
{
	for (uint32_t i = 0; i < same; i++)
		add(b, s, &s->ours, i);
	s->theirs = s->ours;
	for (uint32_t i = 0; i < we; i++)
		add(b, s, &s->ours, same + i);
	for (uint32_t i = 0; i < they; i++)
		add(b, s, &s->theirs, same + we + i);
	for (uint32_t i = 0; i < s->ours.count; i++)
		give(b, &s->ours.offer[i]);
	assert_int_equal(b->closed, 0);
	assert_int_equal(findings(b, VIZ_RULE_LOG_FORK), 0);
}

static void other_heads(struct one_node *b, uint64_t log, uint32_t number,
			const struct viz_id *value)
{
	uint8_t body[256];
	struct viz_writer w;

	viz_writer_init(&w, body, sizeof body);
	viz_message_head_write(&w, &(struct viz_message_head){.origin = b->evil.author,
							      .log = log,
							      .held = number,
							      .number = number,
							      .value = *value});
	message_on(b, LINK_OTHER, &w);
	assert_int_equal(b->closed, 0);
}

/* The other shows how far it has the log. */
static void meet(struct one_node *b, const struct scene *s)
{
	other_heads(b, LOG, s->theirs.count, &s->theirs.value[s->theirs.count - 1]);
}

/* The other answers the question with these stubs of its log. */
static void answer_with(struct one_node *b, const struct viz_stub *stub, size_t count)
{
	struct viz_message_log *m = calloc(1, sizeof *m);
	uint8_t *body = malloc(VIZ_BODY_MAX);
	struct viz_writer w;

	assert_true(m && body && b->log_ask.from > 0);
	m->origin = b->log_ask.origin;
	m->log = b->log_ask.log;
	m->from = b->log_ask.from;
	m->count = count;
	memcpy(m->stub, stub, count * sizeof *stub);
	viz_writer_init(&w, body, VIZ_BODY_MAX);
	viz_message_log_write(&w, m);
	message_on(b, LINK_OTHER, &w);
	assert_int_equal(b->closed, 0);
	free(body);
	free(m);
}

/* The other holds the stubs of its branch from this number on. */
static void answer(struct one_node *b, const struct scene *s, uint32_t first)
{
	uint32_t from = b->log_ask.from;

	assert_true(b->log_ask.to <= s->theirs.count);
	answer_with(b, &s->theirs.stub[from - 1],
		    from < first ? 0 : (size_t)(b->log_ask.to - from + 1));
}

/* The other sends the records that are asked for. */
static void serve(struct one_node *b, const struct scene *s)
{
	struct viz_message_log_want want = b->log_want;

	for (size_t i = 0; i < want.count; i++)
		if (want.number[i] <= s->theirs.count)
			give_on(b, LINK_OTHER, &s->theirs.offer[want.number[i] - 1]);
	assert_int_equal(b->closed, 0);
}

/* Forks at the first number, in the middle and at the last, with as many records at the other or
 * fewer. */
static void finds(void **state)
{
	static const struct {
		uint32_t same, we, they;
	} logs[] = {{0, 1, 1}, {2, 3, 3}, {4, 1, 1}, {0, 5, 2}, {3, 4, 1}, {40, 5, 3}, {1, 21, 19}};

	for (size_t i = 0; i < sizeof logs / sizeof *logs; i++) {
		struct one_node *b = *state;
		struct scene *s = begin(b);
		uint32_t to, first;

		print_message("# %u same, then %u and %u\n", logs[i].same, logs[i].we,
			      logs[i].they);
		fork_log(b, s, logs[i].same, logs[i].we, logs[i].they);
		to = s->theirs.count;
		first = to > SEARCHED ? to - SEARCHED + 1 : 1;
		meet(b, s);
		assert_int_equal(b->log_ask.from, first);
		assert_int_equal(b->log_ask.to, to);
		answer(b, s, 1);
		if (first <= logs[i].same)
			first = logs[i].same + 1;
		assert_int_equal(b->log_want.count, to - first + 1); /* those that differ */
		assert_int_equal(b->log_want.number[0], first);
		serve(b, s);
		assert_true(findings(b, VIZ_RULE_LOG_FORK) > 0);
		if (findings(b, VIZ_RULE_LOG_FORK) <= 8) /* as many fit into a reply of the test */
			assert_true(exports(b, VIZ_RULE_LOG_FORK));
		/* The two logs still differ, and nothing is lacking. */
		meet(b, s);
		answer(b, s, 1);
		assert_int_equal(b->log_want.count, 0);
		/* now it is known, and holds no question back that another fork needs */
		b->log_ask.from = 0;
		meet(b, s);
		assert_int_equal(b->log_ask.from, 0);
		free(s);
		teardown(state);
		setup_named(state);
	}
}

/* The other's log is longer: we ask for what follows, and that does not follow on what we hold. */
static void finds_behind(void **state)
{
	struct one_node *b = *state;
	struct scene *s = begin(b);

	fork_log(b, s, 2, 1, 4);
	meet(b, s);
	assert_int_equal(b->log_ask.from, 0);
	assert_int_equal(b->log_want.number[0], 4);
	serve(b, s);
	assert_true(findings(b, VIZ_RULE_LOG_FORK) > 0);
	assert_true(exports(b, VIZ_RULE_LOG_FORK));
	free(s);
}

/* The other's record stands at a place of ours. */
static void finds_a_place_twice(void **state)
{
	struct one_node *b = *state;
	struct scene *s = begin(b);

	add(b, s, &s->ours, 0);
	add(b, s, &s->theirs, 0);
	give(b, &s->ours.offer[0]);
	meet(b, s);
	answer(b, s, 1);
	serve(b, s);
	assert_int_equal(findings(b, VIZ_RULE_EQUIVOCATION), 1);
	assert_true(exports(b, VIZ_RULE_EQUIVOCATION));
	free(s);
}

/* The other has only a part of the log, and begins behind the fork. */
static void finds_in_a_part(void **state)
{
	struct one_node *b = *state;
	struct scene *s = begin(b);
	unsigned rounds = 0;

	fork_log(b, s, 1, 30, 30);
	meet(b, s);
	for (; b->log_ask.from > 0 && b->log_want.count == 0; rounds++)
		answer(b, s, 30);
	assert_in_range(rounds, 2, 5);
	assert_true(b->log_want.count > 0);
	serve(b, s);
	assert_true(findings(b, VIZ_RULE_LOG_FORK) > 0);
	free(s);
}

/* We hold the stub alone, as the origin told and opened it. */
static void finds_without_our_record(void **state)
{
	struct one_node *b = *state;
	struct scene *s = begin(b);

	add(b, s, &s->ours, 0);
	add(b, s, &s->theirs, 1);
	open_head(b, 1, &s->ours.value[0]);
	send_log(b, 1, s->ours.stub, 1);
	assert_true(has_stub(b, 1));
	meet(b, s);
	answer(b, s, 1);
	serve(b, s);
	assert_int_equal(findings(b, VIZ_RULE_LOG_FORK), 1);
	free(s);
}

/* It is days later: an OFFER is taken only when it was asked for by its id. */
static void finds_late(void **state)
{
	struct one_node *b = *state;
	struct scene *s = begin(b);
	size_t asks;

	fork_log(b, s, 1, 1, 1);
	b->now.ms += 4 * VIZ_DAY_MS;
	forge_node(&b->scratch, &b->evil, b->now);
	give(b, &b->scratch);
	forge_node(&b->scratch, &s->other, b->now);
	give_on(b, LINK_OTHER, &b->scratch);
	asks = b->offer_asks;
	meet(b, s);
	answer(b, s, 1);
	assert_int_equal(b->offer_asks, asks + 1);
	give_on(b, LINK_OTHER, &s->theirs.offer[1]);
	assert_int_equal(findings(b, VIZ_RULE_LOG_FORK), 1);
	free(s);
}

/* The log that forks is over at us: the origin has begun another one. We show what we hold of it,
 * and compare what the other shows. */
static void finds_in_an_old_log(void **state)
{
	struct one_node *b = *state;
	struct scene *s = begin(b);
	struct viz_id start = {{3}}, head;
	size_t shown;
	uint64_t seq;
	uint8_t body[256];
	struct viz_writer w;

	fork_log(b, s, 1, 2, 2);
	add(b, s, &s->ours, 10);
	add(b, s, &s->ours, 11); /* it comes alone: a gap is before it */
	give(b, &s->ours.offer[4]);
	tick(b, b->federation.repair_ms * 2);
	shown = b->heads;
	b->now.ms += 1000;
	b->evil.log = 2;
	seq = (uint64_t)b->now.ms;
	viz_ids_head(&head, seq, 2, 0, &start);
	b->evil.head = head;
	forge_node(&b->scratch, &b->evil, b->now);
	give(b, &b->scratch);
	viz_writer_init(&w, body, sizeof body);
	viz_message_head_write(&w, &(struct viz_message_head){.origin = b->evil.author,
							      .node_seq = seq,
							      .log = 2,
							      .value = start,
							      .has_old = true,
							      .old = {1, 3, s->ours.value[2]}});
	message(b, &w);
	assert_int_equal(b->closed, 0);
	tick(b, b->federation.repair_ms * 2);
	assert_int_equal(b->heads, shown + 2); /* to the other, of both parts of log 1 too */
	meet(b, s);
	answer(b, s, 1);
	serve(b, s);
	assert_true(findings(b, VIZ_RULE_LOG_FORK) > 0);
	free(s);
}

/* A partner that shows a value that no log has: what it says convicts nobody, and after some
 * questions it is asked no more. */
static void liar(void **state)
{
	struct one_node *b = *state;
	struct scene *s = begin(b);
	struct viz_stub invented = {3, VIZ_TYPE_OFFER, 0, {{7}}};
	const struct viz_id value = {{6}};
	unsigned asked = 0, wanted = 0;
	size_t found;

	fork_log(b, s, 3, 0, 0);
	found = viz_store_stat_entries(b->store, VIZ_TABLE_FINDING);
	invented.slot = s->ours.stub[2].slot + 256;
	other_heads(b, LOG, 3, &value);
	answer(b, s, 1); /* its stubs are ours */
	assert_int_equal(b->log_want.count, 0);
	s->theirs.stub[2] = invented;
	for (unsigned i = 0; i < 40; i++) {
		other_heads(b, LOG, 3, &value);
		if (b->log_ask.from == 0)
			continue;
		asked++;
		answer(b, s, 1);
		assert_true(b->log_want.count <= 1);
		assert_true(b->bytes_on[LINK_OTHER] < 100);
		wanted += b->log_want.count > 0;
	}
	assert_int_equal(asked, 7); /* and once above */
	assert_int_equal(wanted, 7);
	assert_int_equal(viz_store_stat_entries(b->store, VIZ_TABLE_FINDING), found);
	assert_false(has_stub(b, 4));
	/* a record that it signed itself closes its link */
	b->evil.signer[0] = s->other.signer[0];
	add(b, s, &s->theirs, 9);
	give_on(b, LINK_OTHER, &s->theirs.offer[3]);
	assert_int_equal(b->closed, 1);
	assert_int_equal(viz_store_stat_entries(b->store, VIZ_TABLE_FINDING), found);
	free(s);
}

/* A partner that does not answer: one question is open at a time, and a late answer is ignored. */
static void silence(void **state)
{
	struct one_node *b = *state;
	struct scene *s = begin(b);
	struct viz_message_log_ask asked;

	fork_log(b, s, 1, 2, 2);
	meet(b, s);
	asked = b->log_ask;
	assert_int_equal(asked.from, 1);
	meet(b, s);
	assert_int_equal(b->log_ask.from, 0);
	b->now.ms += 10000;
	b->log_ask = asked;
	answer(b, s, 1);
	assert_int_equal(b->log_want.count, 0);
	meet(b, s);
	assert_int_equal(b->log_ask.from, 1);
	answer(b, s, 1);
	serve(b, s);
	assert_true(findings(b, VIZ_RULE_LOG_FORK) > 0);
	free(s);
}

/* The same log, as long or shorter at the other: there is nothing to ask. */
static void agreed(void **state)
{
	struct one_node *b = *state;
	struct scene *s = begin(b);

	fork_log(b, s, 5, 0, 0);
	for (uint32_t n = 1; n <= 5; n++) {
		other_heads(b, LOG, n, &s->ours.value[n - 1]);
		assert_int_equal(b->sent_on[LINK_OTHER], 0);
	}
	free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(finds, setup_named, teardown),
	    cmocka_unit_test_setup_teardown(finds_behind, setup_named, teardown),
	    cmocka_unit_test_setup_teardown(finds_a_place_twice, setup_named, teardown),
	    cmocka_unit_test_setup_teardown(finds_in_a_part, setup_named, teardown),
	    cmocka_unit_test_setup_teardown(finds_without_our_record, setup_named, teardown),
	    cmocka_unit_test_setup_teardown(finds_late, setup_named, teardown),
	    cmocka_unit_test_setup_teardown(finds_in_an_old_log, setup_named, teardown),
	    cmocka_unit_test_setup_teardown(liar, setup_named, teardown),
	    cmocka_unit_test_setup_teardown(silence, setup_named, teardown),
	    cmocka_unit_test_setup_teardown(agreed, setup_named, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
