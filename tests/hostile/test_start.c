/* What others bring of our own: LAST, and records that we never signed. Like test_core.c: the core
 * alone, forged records. */
#include "tests/hostile/one_node.h"

#include "crypto/crypto.h"
#include "node/core/place.h"
#include "node/gossip/chain.h"
#include "node/link/mail.h"
#include "node/self/statement.h"
#include "proto/base.h"
#include "proto/coverage.h"
#include "proto/limits.h"
#include "proto/record.h"
#include "proto/statement.h"
#include "proto/trust.h"
#include "proto/writer.h"

static const char *status(struct one_node *b)
{
	return request(b, "{\"op\":\"status\"}");
}

static bool quarantined(struct one_node *b)
{
	return strstr(status(b), "\"quarantine\":true") != NULL;
}

/* Signs a record with the node's own key, as a copy of it would. */
static void copy_signs(struct one_node *b, uint8_t type, uint64_t slot, uint64_t seq,
		       struct viz_time time, const uint8_t *body, size_t body_len)
{
	const struct viz_self *self = &b->node->trust.self;
	struct viz_record rec = {.type = type,
				 .author = self->author,
				 .key = self->key_number,
				 .slot = slot,
				 .seq = seq ? seq : (uint64_t)time.ms,
				 .time = time,
				 .body = body,
				 .body_len = body_len};

	assert_int_equal(viz_identity_sign(b->scratch.bytes, &b->scratch.len,
					   sizeof b->scratch.bytes, &b->scratch.id, &rec,
					   &self->signer, &b->node->core.federation_id),
			 VIZ_OK);
}

/* The node's own NODE, with another date and seq; 0: that of its date. `changed` changes its body.
 */
static void copy_node(struct one_node *b, struct viz_time time, uint64_t seq, bool changed)
{
	struct viz_node_body node;
	uint8_t body[2048];
	struct viz_writer w;

	assert_int_equal(viz_store_begin(b->store), VIZ_OK);
	assert_true(viz_member_node(&b->node->core, &node, viz_member_self(&b->node->trust)));
	viz_store_abort(b->store);
	node.asn += changed;
	viz_writer_init(&w, body, sizeof body);
	viz_node_body_write(&w, &node);
	copy_signs(b, VIZ_TYPE_NODE, 0, seq, time, body, viz_writer_done(&w).len);
}

static void give_last(struct one_node *b, const struct forged *rec)
{
	static uint8_t buffer[VIZ_SIGNED_RECORD_MAX + 16];
	struct viz_writer w;

	viz_writer_init(&w, buffer, sizeof buffer);
	viz_message_last_write(
	    &w, &(struct viz_message_last){rec ? rec->bytes : NULL, rec ? rec->len : 0});
	message(b, &w);
}

static void come_again(struct one_node *b)
{
	cut(b, LINK_EVIL);
	tick(b, 1000);
	come_in(b, NULL);
}

static int64_t node_time(struct one_node *b)
{
	return viz_member_self(&b->node->trust)->node_time.ms;
}

static uint64_t node_seq(struct one_node *b)
{
	struct viz_held held;
	struct viz_record own;

	assert_int_equal(viz_store_begin(b->store), VIZ_OK);
	assert_true(
	    viz_place_get(&b->node->core, &held, &own, viz_node_author(b->node), VIZ_TYPE_NODE, 0));
	viz_store_abort(b->store);
	return own.seq;
}

/* LAST of something that we signed, or of nothing, changes nothing. A false one closes the link. */
static void last_of_what_we_signed(void **state)
{
	struct one_node *b = *state;

	come_again(b);
	assert_false(viz_link_find(&b->node->net, LINK_EVIL)->last);
	give_last(b, NULL);
	assert_true(viz_link_find(&b->node->net, LINK_EVIL)->last);
	come_again(b);
	copy_node(b, viz_after(b->node->trust.self.signed_at, -1), 0, true);
	give_last(b, &b->scratch);
	assert_true(viz_link_find(&b->node->net, LINK_EVIL)->last);
	assert_false(quarantined(b));
	come_again(b);
	copy_node(b, viz_after(b->now, 10), 0, true);
	b->scratch.bytes[5] ^= 1;
	give_last(b, &b->scratch);
	assert_int_equal(b->closed, 1);
	tick(b, 1000);
	come_in(b, NULL);
	forge_node(&b->scratch, &b->evil, b->now);
	give_last(b, &b->scratch);
	assert_int_equal(b->closed, 1);
	assert_false(quarantined(b));
}

/* A key that we do not know: somebody lies, or our store is older than a change of keys. Such a
 * LAST does not count. */
static void last_of_an_unknown_key(void **state)
{
	struct one_node *b = *state;

	come_again(b);
	b->node->trust.self.key_number = 1;
	copy_node(b, viz_after(b->now, 10), 0, true);
	b->node->trust.self.key_number = 0;
	give_last(b, &b->scratch);
	assert_int_equal(b->closed, 0);
	assert_false(viz_link_find(&b->node->net, LINK_EVIL)->last);
	assert_false(quarantined(b));
}

/* Later than all that the store has: the store was rolled back. Quarantine outlasts a start, and
 * signs nothing but what ends something. */
static void a_later_last_begins_quarantine(void **state)
{
	struct one_node *b = *state;
	int64_t before;

	come_again(b);
	copy_node(b, viz_after(b->now, 10), 0, true);
	give_last(b, &b->scratch);
	assert_int_equal(b->closed, 0);
	assert_true(quarantined(b));
	assert_non_null(strstr(b->logs, "quarantine: "));
	assert_int_equal(b->node->trust.self.signed_at.ms, b->now.ms + 10);
	for (int start = 0; start < 2; start++) {
		before = node_time(b);
		for (int i = 0; i < 10; i++) {
			tick(b, b->federation.heartbeat_ms);
			assert_true(viz_node_deadline(b->node).ms > b->now.ms);
		}
		assert_int_equal(node_time(b), before);
		before = (int64_t)viz_mail_waiting(&b->node->trust, &b->evil.author);
		mail_withdrawal(b, 1,
				viz_record_slot_make(b->now, 3 + (unsigned)start)); /* ERASED */
		assert_true((int64_t)viz_mail_waiting(&b->node->trust, &b->evil.author) > before);
		close_node(b);
		open_node(b);
		tick(b, 1000);
		assert_true(quarantined(b));
		come_in(b, NULL);
	}
}

/* The operator ends quarantine: NODE and PARTNERS stand in a new log, later than what the copy
 * signed. */
static void the_operator_ends_quarantine(void **state)
{
	struct one_node *b = *state;
	uint64_t log = b->node->trust.self.log;
	struct viz_time latest;

	assert_non_null(strstr(request(b, "{\"op\":\"key.resume\"}"), "no-quarantine"));
	latest = viz_after(b->now, 60000);
	copy_node(b, latest, 0, false);
	give(b, &b->scratch);
	assert_true(quarantined(b));
	assert_non_null(strstr(request(b, "{\"op\":\"key.resume\"}"), "\"ok\":true"));
	assert_false(quarantined(b));
	assert_int_equal(node_time(b), latest.ms);
	tick(b, 60001);
	assert_true(node_time(b) > latest.ms);
	assert_true(viz_member_self(&b->node->trust)->node.log == b->node->trust.self.log);
	assert_true(viz_member_self(&b->node->trust)->partners->log == b->node->trust.self.log);
	assert_true(b->node->trust.self.log != log);
}

/* A copy of ours floods a NODE. */
static void a_record_of_a_copy_is_noticed(void **state)
{
	struct one_node *b = *state;

	copy_node(b, viz_after(b->now, 10), 0, false);
	give(b, &b->scratch);
	assert_true(quarantined(b));
}

/* A copy tells of itself while we sign on: its VOUCH is older than what we signed last, and stands
 * at a place that we have not used yet. */
static void the_start_of_a_copy_is_noticed(void **state)
{
	const struct viz_vouch v = {.withdrawn = true};
	struct one_node *b = *state;
	struct viz_writer w;
	uint8_t body[64];

	viz_writer_init(&w, body, sizeof body);
	viz_vouch_write(&w, &v);
	copy_signs(b, VIZ_TYPE_VOUCH, VIZ_VOUCH_SLOT_START, 0, viz_after(b->now, 1), body,
		   viz_writer_done(&w).len);
	tick(b, b->federation.heartbeat_ms);
	assert_true(node_time(b) > (int64_t)b->now.ms - 1000);
	give(b, &b->scratch);
	assert_true(quarantined(b));
}

/* HEAD names the NODE to which its head belongs: one that is false would close the link. */
static void the_node_of_a_copy_is_not_opened(void **state)
{
	struct one_node *b = *state;
	const struct viz_id *self = viz_node_author(b->node);
	uint64_t seq = (uint64_t)b->now.ms + 10;
	struct viz_chain c = {0};

	copy_node(b, viz_after(b->now, 10), seq, false);
	give(b, &b->scratch);
	assert_true(quarantined(b));
	assert_int_equal(viz_store_begin(b->store), VIZ_OK);
	assert_true(viz_chain_get(&b->node->core, &c, self));
	viz_store_abort(b->store);
	assert_int_not_equal(c.node_seq, seq);
	assert_int_not_equal(c.node_seq, 0);
}

/* Another record at a place and seq of ours, even an old one. Records that the store has dropped
 * are no such ones. */
static void another_record_at_our_place_is_noticed(void **state)
{
	struct one_node *b = *state;
	static const struct viz_coverage nowhere = {.technology = 1};
	uint8_t body[64];
	struct viz_writer w;

	viz_writer_init(&w, body, sizeof body);
	viz_coverage_write(&w, &nowhere);
	copy_signs(b, VIZ_TYPE_COVERAGE, 60, 0, viz_after(b->now, -5000), body,
		   viz_writer_done(&w).len);
	give(b, &b->scratch);
	assert_int_equal(b->closed, 0);
	assert_false(quarantined(b));
	copy_node(b, viz_after(b->now, -5), node_seq(b), true);
	give(b, &b->scratch);
	assert_true(quarantined(b));
}

/* A copy signs a NODE in the very millisecond of our own last signature. */
static void a_copy_in_the_same_millisecond_is_noticed(void **state)
{
	struct one_node *b = *state;

	tick(b, b->federation.heartbeat_ms); /* we sign a NODE */
	assert_int_equal(b->node->trust.self.signed_at.ms, b->now.ms);
	copy_node(b, b->now, node_seq(b) + 1, true);
	give(b, &b->scratch);
	assert_int_equal(b->closed, 0);
	assert_true(quarantined(b));
}

/* With the date of what the store had when the process began, or an older one, it may be one of
 * ours that the store has lost. */
static void a_higher_seq_of_before_the_start_is_no_copy(void **state)
{
	struct one_node *b = *state;
	struct viz_time last;

	tick(b, b->federation.heartbeat_ms);
	last = b->node->trust.self.signed_at;
	restart(b, 1000);
	assert_int_equal(b->node->trust.self.known_to.ms, last.ms);
	for (int i = 0; i < 2; i++) {
		uint64_t seq = node_seq(b) + 1;

		copy_node(b, viz_after(last, -i), seq, true);
		give(b, &b->scratch);
		assert_int_equal(b->closed, 0);
		assert_int_equal(node_seq(b), seq);
		assert_false(quarantined(b));
	}
}

/* What our own clock dated ahead when it was fast is no sign of a copy. */
static void a_fast_clock_is_no_copy(void **state)
{
	struct one_node *b = *state;
	struct viz_time right = viz_after(b->now, 1000);
	struct forged *ahead = calloc(1, sizeof *ahead);

	assert_non_null(ahead);
	tick(b, b->federation.heartbeat_ms + 90000);
	assert_int_equal(node_time(b), b->now.ms);
	copy_node(b, viz_after(b->now, -10), 0, false);
	*ahead = b->scratch;
	close_node(b);
	b->now = right;
	open_node(b);
	tick(b, 1000);
	assert_int_equal(viz_identity_ahead_ms(&b->node->trust), 0);
	come_in(b, NULL);
	give_last(b, ahead);
	assert_int_equal(b->closed, 0);
	assert_false(quarantined(b));
	free(ahead);
}

/* LAST shows the newest of all that the peer signed, statements too. */
static void we_show_the_newest(void **state)
{
	struct one_node *b = *state;
	struct forged *node = calloc(1, sizeof *node), *st = calloc(1, sizeof *st);
	struct viz_record rec;
	uint8_t body[64];
	struct viz_writer w;

	assert_true(node && st);
	b->now.ms += 20;
	forge_node(node, &b->evil, b->now);
	give(b, node);
	come_again(b); /* its hello brings nothing, as we know its key */
	assert_int_equal(b->last_len, node->len);
	assert_memory_equal(b->last, node->bytes, node->len);
	viz_writer_init(&w, body, sizeof body);
	viz_withdrawal_write(&w, &(struct viz_withdrawal){.scope = VIZ_WITHDRAW_ALL});
	forge_statement(st, &b->evil, VIZ_TYPE_WITHDRAWAL, viz_record_slot_make(b->now, 3), 1,
			b->now, &w);
	assert_int_equal(viz_record_parse(&rec, st->bytes, st->len), VIZ_OK);
	assert_int_equal(viz_store_begin(b->store), VIZ_OK);
	viz_statement_keep(&b->node->core, &b->evil.author, &rec, 1);
	assert_int_equal(viz_store_commit(b->store), VIZ_OK);
	come_again(b);
	assert_int_equal(b->last_len, st->len);
	assert_memory_equal(b->last, st->bytes, st->len);
	free(node);
	free(st);
}

/* The peer dials while another link of it is up, and says MEMBER. Returns the new link. */
static uint64_t comes_beside(struct one_node *b, uint64_t link)
{
	static uint8_t hello[VIZ_HELLO_MAX];
	struct viz_event ev = {.kind = VIZ_EVENT_HELLO,
			       .link = link + 1,
			       .bytes = hello,
			       .remote = b->evil.transport_pub};

	forge_node(&b->scratch, &b->evil, b->now);
	ev.len = forge_hello(hello, sizeof hello, &b->evil, &b->scratch, NULL);
	run(b, &ev, 1);
	assert_string_equal(b->reason, "replaced");
	say_member(b, link + 1);
	return link + 1;
}

/* Two processes with one key answer in turn. We tell our operator and them. A peer that dials now
 * and then, or before its link is full, is none. */
static void two_with_one_key_are_noticed(void **state)
{
	struct one_node *b = *state;
	uint64_t link = LINK_EVIL;
	const char *said;
	uint8_t body[8];
	struct viz_event ev = {.kind = VIZ_EVENT_MESSAGE, .bytes = body};
	struct viz_writer w;

	for (int i = 0; i < 5; i++) {
		tick(b, 35000);
		link = comes_beside(b, link);
	}
	tick(b, 61000);
	for (int i = 0; i < 5; i++) {
		viz_link_find(&b->node->net, link)->guest = true;
		link = comes_beside(b, link);
	}
	b->clones = 0;
	for (int i = 0; i < 3; i++) {
		assert_null(strstr(b->logs, "answers at two places"));
		tick(b, 5000);
		link = comes_beside(b, link);
	}
	assert_non_null(strstr(b->logs, "answers at two places"));
	assert_int_equal(b->clones, 1);
	viz_writer_init(&w, body, sizeof body);
	viz_message_clone_write(&w);
	ev.link = link;
	ev.len = viz_writer_done(&w).len;
	for (int i = 0; i < 100; i++)
		run(b, &ev, 1);
	said = strstr(b->logs, "says that this node answers at two places");
	assert_non_null(said);
	/* one link says it once: its peer cannot fill the log */
	assert_null(strstr(said + 1, "says that this node answers at two places"));
	assert_false(quarantined(b)); /* nobody can stop us by saying so */
}

/* A statement that we sign before LAST comes does not hide that LAST is later than all that the
 * store had when the process began. */
static void what_we_sign_hides_no_rollback(void **state)
{
	struct one_node *b = *state;
	struct viz_time lost;

	close_node(b);
	lost = viz_after(b->now, 5000); /* signed after the state that is restored now */
	b->now = viz_after(b->now, 10000);
	open_node(b);
	come_in(b, NULL);
	forge_coverage(&b->scratch, &b->evil, 3, b->now, 1, 0);
	give(b, &b->scratch);
	assert_true(b->node->trust.self.signed_at.ms > lost.ms); /* an acknowledgement */
	assert_false(quarantined(b));
	copy_node(b, lost, 0, true);
	give_last(b, &b->scratch);
	assert_int_equal(b->closed, 0);
	assert_true(quarantined(b));
}

/* Nor does one that an earlier process signed, which ended before LAST came. */
static void a_start_in_between_hides_no_rollback(void **state)
{
	struct one_node *b = *state;
	struct viz_time lost;

	close_node(b);
	lost = viz_after(b->now, 5000);
	b->now = viz_after(b->now, 10000);
	for (unsigned i = 0; i < 2; i++) {
		open_node(b);
		come_in(b, NULL);
		forge_coverage(&b->scratch, &b->evil, 3 + i, b->now, 1, 0);
		give(b, &b->scratch);
		assert_true(b->node->trust.self.signed_at.ms >= b->now.ms);
		close_node(b);
		b->now = viz_after(b->now, 10000);
	}
	open_node(b);
	come_in(b, NULL);
	assert_false(quarantined(b));
	copy_node(b, lost, 0, true);
	give_last(b, &b->scratch);
	assert_int_equal(b->closed, 0);
	assert_true(quarantined(b));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	    T(last_of_what_we_signed),
	    T(last_of_an_unknown_key),
	    T(a_later_last_begins_quarantine),
	    T(a_start_in_between_hides_no_rollback),
	    T(what_we_sign_hides_no_rollback),
	    T(the_operator_ends_quarantine),
	    T(a_record_of_a_copy_is_noticed),
	    T(the_start_of_a_copy_is_noticed),
	    T(the_node_of_a_copy_is_not_opened),
	    T(another_record_at_our_place_is_noticed),
	    T(a_copy_in_the_same_millisecond_is_noticed),
	    T(a_higher_seq_of_before_the_start_is_no_copy),
	    T(a_fast_clock_is_no_copy),
	    T(we_show_the_newest),
	    T(two_with_one_key_are_noticed),
	};

	VIZ_REQUIRE(viz_crypto_init() == VIZ_OK);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
