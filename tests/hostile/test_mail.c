/* Mail that a false peer sends, and mail that waits for it. */
#include "tests/hostile/one_node.h"

#include "crypto/crypto.h"
#include "node/link/mail.h"
#include "node/link/remote.h"
#include "proto/base.h"
#include "proto/message.h"
#include "proto/receipt.h"
#include "proto/record.h"
#include "proto/statement.h"
#include "proto/writer.h"
#include "store/stat.h"
#include "store/store.h"
#include "store/tables.h"

static void mail_of(struct one_node *b, uint64_t number, uint64_t kind)
{
	uint8_t body[64];
	struct viz_writer w;

	viz_writer_init(&w, body, sizeof body);
	viz_writer_array(&w, 4);
	viz_writer_uint(&w, VIZ_MESSAGE_MAIL);
	viz_writer_uint(&w, number);
	viz_writer_uint(&w, kind);
	viz_writer_array(&w, 1);
	viz_writer_bool(&w, true); /* no form of any kind of mail has this */
	message(b, &w);
}

/* A refused mail is acknowledged too. Otherwise its sender would send it again on each new link. */
static void bad_mail_is_acknowledged(void **state)
{
	struct one_node *b = *state;

	for (uint64_t kind = VIZ_MAIL_STATEMENT; kind <= VIZ_MAIL_KIND_MAX + 1; kind++) {
		b->acks = 0;
		mail_of(b, kind, kind);
		assert_int_equal(b->acks, 1);
		assert_int_equal(b->closed, 1);
		tick(b, 1000);
		come_in(b, NULL);
	}
	/* mail beyond the budget is not acknowledged */
	evil(b)->remote->tokens = 0;
	evil(b)->remote->tokens_at = b->now;
	b->acks = 0;
	mail_of(b, 99, VIZ_MAIL_LOCATION_ASK);
	assert_int_equal(b->acks, 0);
	assert_int_equal(b->closed, 1);
}

/* Waiting mail is kept until it is acknowledged, however often the link ends. */
static void mail_is_kept_however_links_end(void **state)
{
	struct one_node *b = *state;
	uint64_t waiting;

	assert_int_equal(viz_store_begin(b->store), VIZ_OK);
	viz_mail_slot(&b->node->net, &b->evil.author, VIZ_MAIL_LOCATION_REFUSED, 1);
	assert_int_equal(viz_store_commit(b->store), VIZ_OK);
	waiting = viz_mail_waiting(&b->node->trust, &b->evil.author);
	assert_true(waiting > 0);
	tick(b, 0);
	for (int i = 0; i < 70; i++) {
		cut(b, LINK_EVIL);
		tick(b, 60000);
		come_in(b, NULL);
	}
	assert_int_equal(viz_mail_waiting(&b->node->trust, &b->evil.author), waiting);
}

/* A statement whose key has no SUCCESSION here yet is not acknowledged and not lost. */
static void mail_of_a_key_on_its_way_comes_again(void **state)
{
	struct one_node *b = *state;
	struct viz_withdrawal wd = {.scope = VIZ_WITHDRAW_ALL};
	uint64_t slot = viz_record_slot_make(b->now, 3);
	struct viz_id next = {{3}};
	uint8_t body[64];
	struct viz_writer w;
	struct forged st;

	b->evil.key = 1;
	viz_writer_init(&w, body, sizeof body);
	viz_withdrawal_write(&w, &wd);
	forge_statement(&st, &b->evil, VIZ_TYPE_WITHDRAWAL, slot, 1, b->now, &w);
	b->acks = 0;
	mail_statement(b, 1, &st);
	assert_int_equal(b->closed, 1);
	assert_int_equal(b->acks, 0);
	b->evil.key = 0;
	tick(b, 1000);
	come_in(b, NULL);
	b->evil.key = 1;
	forge_succession(&b->scratch, &b->evil, 1, b->now, &next);
	give(b, &b->scratch);
	mail_statement(b, 2, &st);
	assert_int_equal(b->closed, 0);
	assert_int_equal(b->acks, 1);
}

/* RECEIPT and AWARD come inside LOCATION and HANDOFF. No honest peer sends them alone: the link is
 * closed, and nothing changes. */
static void what_travels_inside_is_refused_alone(void **state)
{
	struct one_node *b = *state;
	struct viz_receipt *receipt = calloc(1, sizeof *receipt);
	const struct viz_award award = {.n = 1, .recipient = *viz_node_author(b->node)};
	uint64_t slot = viz_record_slot_make(b->now, 0), statements, inbox;
	uint8_t body[2048];
	struct viz_writer w;

	statements = viz_store_stat_entries(b->store, VIZ_TABLE_STATEMENT);
	inbox = viz_store_stat_entries(b->store, VIZ_TABLE_INBOX);
	for (int i = 0; i < 2; i++) {
		viz_writer_init(&w, body, sizeof body);
		if (i == 0)
			viz_receipt_write(&w, receipt);
		else
			viz_award_write(&w, &award);
		forge_statement(&b->scratch, &b->evil, i == 0 ? VIZ_TYPE_RECEIPT : VIZ_TYPE_AWARD,
				slot, 1, b->now, &w);
		mail_statement(b, 1, &b->scratch);
		assert_int_equal(b->closed, 1);
		assert_string_equal(b->reason, "bad-message: MAIL: meaning");
		tick(b, 1000);
		come_in(b, NULL);
	}
	assert_int_equal(viz_store_stat_entries(b->store, VIZ_TABLE_STATEMENT), statements);
	assert_int_equal(viz_store_stat_entries(b->store, VIZ_TABLE_INBOX), inbox);
	free(receipt);
}

/* After a day without a link, the mail to the peer still waits and is still counted. */
static void mail_of_a_peer_that_is_away_counts(void **state)
{
	struct one_node *b = *state;
	uint64_t waiting;

	cut(b, LINK_EVIL);
	assert_int_equal(viz_store_begin(b->store), VIZ_OK);
	viz_mail_slot(&b->node->net, &b->evil.author, VIZ_MAIL_LOCATION_REFUSED, 1);
	assert_int_equal(viz_store_commit(b->store), VIZ_OK);
	waiting = viz_mail_waiting(&b->node->trust, &b->evil.author);
	assert_true(waiting > 0);
	for (int hour = 0; hour < 24; hour++)
		tick(b, 3600000);
	assert_int_equal(viz_mail_waiting(&b->node->trust, &b->evil.author), waiting);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	    T(bad_mail_is_acknowledged),
	    T(mail_is_kept_however_links_end),
	    T(mail_of_a_key_on_its_way_comes_again),
	    T(what_travels_inside_is_refused_alone),
	    T(mail_of_a_peer_that_is_away_counts),
	};

	VIZ_REQUIRE(viz_crypto_init() == VIZ_OK);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
