/* PROTESTs of others: what false partners say of our node. */
#include "tests/hostile/one_node.h"

#include "crypto/crypto.h"
#include "node/audit/protest.h"
#include "node/node.h"
#include "proto/base.h"
#include "proto/limits.h"
#include "proto/message.h"
#include "proto/protest.h"
#include "proto/record.h"
#include "proto/writer.h"
#include "store/stat.h"
#include "store/store.h"
#include "store/tables.h"
#include "tests/hostile/one_offer.h"
#include "tests/hostile/one_protest.h"

#define LINK_OTHER 8

static size_t held(struct one_node *b)
{
	return viz_store_stat_entries(b->store, VIZ_TABLE_PROTEST);
}

/* However often a partner says it, it counts once, and each has a reply of ours beside it. */
static void a_flood_counts_once(void **state)
{
	struct one_node *b = *state;
	const struct viz_id *self = viz_node_author(b->node);
	struct viz_protest p = protest_about_us(b);
	struct viz_audit_protester c;

	for (unsigned n = 0; n < VIZ_PROTESTS_PER_DAY; n++) {
		sign_protest(b, &b->scratch, &b->evil, &p, n);
		give(b, &b->scratch);
		assert_int_equal(b->closed, 0);
		b->now.ms++;
	}
	assert_int_equal(held(b), VIZ_PROTESTS_PER_DAY);
	tick(b, 5000);
	assert_int_equal(held(b), VIZ_PROTESTS_PER_DAY + 2); /* 16 in each reply */
	c = protests_by(b, self, &b->evil.author);
	assert_int_equal(c.said[VIZ_PROTEST_HEAD], 1);
	assert_int_equal(c.answered[VIZ_PROTEST_SERVED], 1);
	assert_int_equal(c.answered[0], 0);
	tick(b, 60000);
	assert_int_equal(held(b), VIZ_PROTESTS_PER_DAY + 2);
	/* a finding against nobody */
	assert_non_null(strstr(request(b, "{\"op\":\"audit.show\"}"), "\"findings\":[]"));
	assert_non_null(strstr(b->reply, "\"replies\":[{\"count\":1,\"of\":1,"));
	assert_non_null(strstr(b->reply, "\"ours\":true"));
	/* the slots behind are the origin's */
	sign_protest(b, &b->scratch, &b->evil, &p, VIZ_PROTESTS_PER_DAY);
	give(b, &b->scratch);
	assert_int_equal(b->closed, 1);
	assert_string_equal(b->reason, "bad-body");
}

static void what_we_did_not_make_is_dropped(void **state)
{
	struct one_node *b = *state;
	struct viz_protest p = protest_about_us(b), q;

	q = p; /* an offer that we did not make */
	q.kind = VIZ_PROTEST_LOCATION;
	q.has_offer = true;
	memset(q.offer, 9, sizeof q.offer);
	sign_protest(b, &b->scratch, &b->evil, &q, 0);
	give(b, &b->scratch);
	q = p; /* our NODE, with another time */
	q.node_time.ms--;
	sign_protest(b, &b->scratch, &b->evil, &q, 1);
	give(b, &b->scratch);
	q = p; /* or other PARTNERS: nobody's circle */
	q.partners.b[0] ^= 1;
	sign_protest(b, &b->scratch, &b->evil, &q, 2);
	give(b, &b->scratch);
	q = p; /* of a time at which it was no partner */
	q.node = (struct viz_id){{5}};
	q.node_time.ms = START_MS;
	sign_protest(b, &b->scratch, &b->evil, &q, 3);
	give(b, &b->scratch);
	assert_int_equal(b->closed, 0);
	tick(b, 5000);
	assert_int_equal(held(b), 0);
}

/* A member that is no partner at the time of the NODE: it says nothing, and nothing is sent to it.
 */
static void outsiders_have_no_part(void **state)
{
	struct one_node *b = *state;
	struct forge *other = calloc(1, sizeof *other);
	struct viz_protest p = protest_about_us(b);
	struct viz_message_protests *m = calloc(1, sizeof *m);
	uint8_t body[256];
	struct viz_writer w;
	size_t records;

	befriend(b, other, LINK_OTHER); /* behind this NODE */
	sign_protest(b, &b->scratch, other, &p, 0);
	give_on(b, LINK_OTHER, &b->scratch);
	assert_int_equal(b->closed, 0);
	assert_int_equal(held(b), 0);
	sign_protest(b, &b->scratch, &b->evil, &p, 0);
	give(b, &b->scratch);
	assert_int_equal(held(b), 1);
	assert_int_equal(b->sent_on[LINK_OTHER], 0);
	tick(b, 5000);
	assert_int_equal(held(b), 2); /* with our reply */
	/* nor when it asks */
	m->origin = p.origin;
	m->day = (uint32_t)(b->now.ms / VIZ_DAY_MS);
	m->ask = true;
	viz_writer_init(&w, body, sizeof body);
	viz_message_protests_write(&w, m);
	records = b->records;
	message_on(b, LINK_OTHER, &w);
	assert_int_equal(b->records, records);
	/* a co-member gets both */
	message(b, &w);
	assert_int_equal(b->records, records + 2);
	/* and one that it lists no more */
	m->id[m->count++] = viz_be_get_u64(b->scratch.id.b);
	viz_writer_init(&w, body, sizeof body);
	viz_message_protests_write(&w, m);
	message(b, &w);
	assert_int_equal(b->records, records + 3);
	/* by place there is none, and nobody asks so */
	viz_writer_init(&w, body, sizeof body);
	viz_writer_array(&w, 2);
	viz_writer_uint(&w, VIZ_MESSAGE_WANT);
	viz_writer_array(&w, 1);
	viz_writer_array(&w, 3);
	viz_writer_id(&w, &b->evil.author);
	viz_writer_uint(&w, VIZ_TYPE_PROTEST);
	viz_writer_uint(&w, viz_record_slot_make(b->now, 0));
	message(b, &w);
	assert_int_equal(b->records, records + 3);
	assert_int_equal(b->closed, 1);
	free(m);
	free(other);
}

/* A new circle has the new partner too, which is told at once. */
static void co_members_are_told(void **state)
{
	struct one_node *b = *state;
	struct forge *other = calloc(1, sizeof *other);
	struct viz_protest p;

	befriend(b, other, LINK_OTHER);
	tick(b, b->federation.heartbeat_ms);
	forge_partners(&b->scratch, other, b->now, viz_node_author(b->node), b->now);
	p = protest_about_us(b);
	sign_protest(b, &b->scratch, &b->evil, &p, 0);
	give(b, &b->scratch);
	assert_int_equal(held(b), 1);
	assert_int_equal(b->sent_on[LINK_EVIL], 0);
	free(other);
}

/* Two different ones in one slot count for nothing, and both are kept. */
static void a_split_place_counts_for_nothing(void **state)
{
	struct one_node *b = *state;
	struct viz_protest p = protest_about_us(b);
	struct viz_audit_protester c;

	sign_protest(b, &b->scratch, &b->evil, &p, 0);
	give(b, &b->scratch);
	p.kind = VIZ_PROTEST_NUMBER;
	p.number = 3;
	sign_protest(b, &b->scratch, &b->evil, &p, 0);
	give(b, &b->scratch);
	assert_int_equal(held(b), 1);
	c = protests_by(b, viz_node_author(b->node), &b->evil.author);
	assert_int_equal(c.said[VIZ_PROTEST_HEAD] + c.said[VIZ_PROTEST_NUMBER], 0);
	assert_int_equal(findings(b, VIZ_RULE_EQUIVOCATION), 1);
}

/* All goes when it has expired, with what is charged to the author. */
static void what_has_expired_goes(void **state)
{
	struct one_node *b = *state;
	struct viz_protest p = protest_about_us(b);

	sign_protest(b, &b->scratch, &b->evil, &p, 0);
	give(b, &b->scratch);
	tick(b, 5000);
	assert_int_equal(held(b), 2);
	tick(b, b->federation.write_once_ms + 2 * VIZ_DAY_MS);
	tick(b, 2000);
	assert_int_equal(held(b), 0);
}

/* What comes while our key is revoked has its reply when we have another key. */
static void a_reply_waits_for_our_key(void **state)
{
	struct one_node *b = *state;
	struct viz_protest p = protest_about_us(b);

	revoke_own_key(b);
	sign_protest(b, &b->scratch, &b->evil, &p, 0);
	give(b, &b->scratch);
	tick(b, 5000);
	assert_int_equal(held(b), 1);
	rotate_own_key(b);
	tick(b, 5000);
	assert_int_equal(held(b), 2);
	assert_int_equal(protests_by(b, viz_node_author(b->node), &b->evil.author).answered[0], 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	    T(a_flood_counts_once),
	    T(what_we_did_not_make_is_dropped),
	    T(outsiders_have_no_part),
	    T(co_members_are_told),
	    T(a_split_place_counts_for_nothing),
	    T(what_has_expired_goes),
	    T(a_reply_waits_for_our_key),
	};

	VIZ_REQUIRE(viz_crypto_init() == VIZ_OK);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
