/* Circle records and who is outside of their circle: what such a peer sends, and what it asks for.
 * The false peer is an origin, and a second one is sometimes its partner and sometimes not. */
#include "tests/hostile/one_node.h"
#include "node/core/core.h"
#include "node/core/event.h"
#include "node/gossip/gossip.h"
#include "node/trust/live.h"
#include "proto/base.h"
#include "proto/mail.h"
#include "proto/message.h"
#include "proto/protest.h"
#include "proto/record.h"
#include "proto/trust.h"
#include "store/stat.h"
#include "store/store.h"
#include "store/tables.h"
#include "tests/hostile/one_circle.h"
#include "tests/hostile/one_lead.h"
#include "tests/hostile/one_offer.h"

#define LINK_OTHER 8

/* The scene of each test. */
struct scene {
	struct forge other;
	struct false_offer o;
	struct viz_id us;
};

static struct scene *begin(struct one_node *b)
{
	struct scene *s = calloc(1, sizeof *s);

	assert_non_null(s);
	s->us = *viz_node_author(b->node);
	befriend(b, &s->other, LINK_OTHER);
	give_partners(b, &s->other, LINK_OTHER,
		      (struct entry[]){{&s->us, LONG_AGO, 0}, {&b->evil.author, LONG_AGO, 0}}, 2);
	return s;
}

/* The origin has us, and the other with these dates, as partners. */
static void origin_lists(struct one_node *b, const struct scene *s, int64_t added, int64_t removed)
{
	give_partners(b, &b->evil, LINK_EVIL,
		      (struct entry[]){{&s->us, LONG_AGO, 0}, {&s->other.author, added, removed}},
		      2);
}

static void origin_lists_us_alone(struct one_node *b, const struct scene *s)
{
	give_partners(b, &b->evil, LINK_EVIL, (struct entry[]){{&s->us, LONG_AGO, 0}}, 1);
}

/* The origin makes an offer; gives how many records went to the other. */
static size_t make_offer(struct one_node *b, struct scene *s, unsigned number)
{
	false_offer_init(b, &s->o, number);
	false_offer_sign(b, &s->o);
	give(b, &s->o.offer);
	assert_int_equal(b->closed, 0);
	return b->records_on[LINK_OTHER];
}

static bool is_held(struct one_node *b, const struct scene *s)
{
	struct viz_inbox *in = calloc(1, sizeof *in);
	bool there = inbox_row(b, in, s->o.slot);

	free(in);
	return there;
}

/* The other asks for the offer and the log in each way; gives how many records it got. */
static size_t ask_all(struct one_node *b, const struct scene *s, size_t *answers)
{
	const struct viz_id *origin = &b->evil.author;
	struct viz_message_log_want want = {.origin = *origin, .log = 1, .number = {1}, .count = 1};
	struct viz_message_head head = {.origin = *origin, .log = 1};
	uint8_t body[256];
	struct viz_writer w;
	size_t records = 0;

	*answers = 0;
	for (int i = 0; i < 4; i++) {
		viz_writer_init(&w, body, sizeof body);
		if (i == 0)
			viz_message_offer_ask_write(
			    &w, &(struct viz_message_offer_ask){{s->o.offer.id}, 1});
		else if (i == 1)
			viz_message_log_ask_write(&w,
						  &(struct viz_message_log_ask){*origin, 1, 1, 5});
		else if (i == 2)
			viz_message_log_want_write(&w, &want);
		else
			viz_message_head_write(&w, &head);
		message_on(b, LINK_OTHER, &w);
		assert_int_equal(b->closed, 0);
		*answers += b->sent_on[LINK_OTHER];
		records += b->records_on[LINK_OTHER];
	}
	return records;
}

/* The other asks by EVIDENCE_ASK for a record of the origin; gives the bytes of the answer. */
static size_t ask_evidence(struct one_node *b, uint64_t number, const struct viz_id *id)
{
	struct viz_mail_evidence_ask ask = {.id = {*id}, .count = 1, .named = true};
	uint8_t body[256];
	struct viz_writer w;

	viz_writer_init(&w, body, sizeof body);
	viz_message_mail_write(&w, &(struct viz_message_mail){number, VIZ_MAIL_EVIDENCE_ASK});
	viz_mail_evidence_ask_write(&w, &ask);
	message_on(b, LINK_OTHER, &w);
	assert_int_equal(b->closed, 0);
	return b->bytes_on[LINK_OTHER];
}

/* Who is no partner of the origin gets nothing of it, neither unasked nor asked. */
static void outsider_gets_nothing(void **state)
{
	struct one_node *b = *state;
	struct scene *s = begin(b);
	size_t answers;

	origin_lists_us_alone(b, s);
	assert_int_equal(make_offer(b, s, 0), 0);
	assert_true(is_held(b, s));
	assert_int_equal(ask_all(b, s, &answers), 0);
	assert_int_equal(answers, 0);
	assert_true(ask_evidence(b, 1, &s->o.partners) < 250); /* two mails: ack, and nil */
	free(s);
}

/* A co-member gets it, once; and when it asks. */
static void co_member_gets_it(void **state)
{
	struct one_node *b = *state;
	struct scene *s = begin(b);
	size_t answers;

	origin_lists(b, s, LONG_AGO, 0);
	assert_int_equal(make_offer(b, s, 0), 1);
	give(b, &s->o.offer);
	assert_int_equal(b->records_on[LINK_OTHER], 0);
	assert_int_equal(ask_all(b, s, &answers), 2); /* OFFER_ASK and LOG_WANT */
	assert_int_equal(answers, 3);                 /* and LOG */
	assert_true(ask_evidence(b, 1, &s->o.partners) > 250);
	assert_true(ask_evidence(b, 2, &s->o.node) > 250);
	free(s);
}

/* A removal takes effect after the delay. What began before stays open to who is removed. */
static void removal(void **state)
{
	struct one_node *b = *state;
	struct scene *s = begin(b);
	size_t answers;

	origin_lists(b, s, LONG_AGO, -PARTNER_DELAY_MS / 2);
	assert_int_equal(make_offer(b, s, 0), 1);
	origin_lists(b, s, LONG_AGO, -2 * PARTNER_DELAY_MS);
	assert_int_equal(ask_all(b, s, &answers), 1); /* by OFFER_ASK, not by the log */
	assert_int_equal(answers, 1);
	false_offer_sign_close(b, &s->o, false);
	give(b, &s->o.close);
	assert_int_equal(b->records_on[LINK_OTHER], 1);
	assert_int_equal(make_offer(b, s, 1), 0);
	assert_int_equal(ask_all(b, s, &answers), 0);
	free(s);
}

/* Who comes back is in the circle of what begins after the delay, and not of what began between. */
static void come_back(void **state)
{
	struct one_node *b = *state;
	struct scene *s = begin(b);
	size_t answers;

	origin_lists(b, s, LONG_AGO, -2 * PARTNER_DELAY_MS);
	assert_int_equal(make_offer(b, s, 0), 0);
	origin_lists(b, s, -PARTNER_DELAY_MS / 2, 0);
	assert_int_equal(make_offer(b, s, 1), 0);
	origin_lists(b, s, -PARTNER_DELAY_MS, 0);
	assert_int_equal(ask_all(b, s, &answers), 0); /* offer 1 stays closed to it */
	assert_int_equal(make_offer(b, s, 2), 1);
	free(s);
}

/* The other's own PARTNERS counts too; and while its NODE names one that has not come, it may have
 * taken the origin out, so that it gets nothing. */
static void disagreement(void **state)
{
	struct one_node *b = *state;
	struct scene *s = begin(b);
	struct forged *record = calloc(2, sizeof *record);
	size_t answers;

	origin_lists(b, s, LONG_AGO, 0);
	sign_partners(b, &s->other, &record[0], &record[1],
		      (struct entry[]){{&s->us, LONG_AGO, 0},
				       {&b->evil.author, LONG_AGO, -2 * PARTNER_DELAY_MS}},
		      2);
	give_on(b, LINK_OTHER, &record[1]); /* NODE alone */
	assert_int_equal(make_offer(b, s, 0), 0);
	assert_int_equal(ask_all(b, s, &answers), 0);
	give_on(b, LINK_OTHER, &record[0]); /* it has taken the origin out */
	assert_int_equal(ask_all(b, s, &answers), 0);
	sign_partners(b, &s->other, &record[0], &record[1],
		      (struct entry[]){{&s->us, LONG_AGO, 0}, {&b->evil.author, LONG_AGO, 0}}, 2);
	give_on(b, LINK_OTHER, &record[0]);
	give_on(b, LINK_OTHER, &record[1]);
	assert_true(ask_all(b, s, &answers) > 0);
	free(record);
	free(s);
}

/* A new key changes nothing; a revoked one ends the link. */
static void rotation_and_revocation(void **state)
{
	struct one_node *b = *state;
	struct scene *s = begin(b);
	const struct viz_id next = {{3}};
	uint8_t body[8];
	struct viz_writer w;

	origin_lists(b, s, LONG_AGO, 0);
	s->other.key = 1;
	forge_succession(&b->scratch, &s->other, 1, b->now, &next);
	give_on(b, LINK_OTHER, &b->scratch);
	b->now.ms += 5;
	forge_vouch(&b->scratch, &s->other, 0, b->now, &s->us, false);
	give_on(b, LINK_OTHER, &b->scratch);
	give_partners(b, &s->other, LINK_OTHER,
		      (struct entry[]){{&s->us, LONG_AGO, 0}, {&b->evil.author, LONG_AGO, 0}}, 2);
	assert_int_equal(make_offer(b, s, 0), 1);
	viz_writer_init(&w, body, sizeof body);
	viz_writer_array(&w, 0);
	forge_any(&b->scratch, &s->other, VIZ_TYPE_REVOCATION, 1, 1, b->now, (struct viz_time){0},
		  body, 1);
	give_on(b, LINK_OTHER, &b->scratch);
	assert_int_equal(b->closed, 1);
	b->closed = 0;
	false_offer_init(b, &s->o, 1);
	false_offer_sign(b, &s->o);
	give(b, &s->o.offer);
	assert_int_equal(b->sent_on[LINK_OTHER], 0);
	free(s);
}

/* What comes to a node outside is dropped without a word: nothing is stored, asked or said, and no
 * link closes, whoever sends it. */
static void we_are_outside(void **state)
{
	struct one_node *b = *state;
	struct scene *s = begin(b);
	uint64_t held, outside;
	size_t mails;

	give_partners(b, &b->evil, LINK_EVIL, (struct entry[]){{&s->other.author, LONG_AGO, 0}}, 1);
	held = viz_store_stat_entries(b->store, VIZ_TABLE_RECORD);
	outside = b->node->gossip.intake.outside;
	mails = b->mails;
	false_offer_init(b, &s->o, 0);
	false_offer_sign(b, &s->o);
	give(b, &s->o.offer);
	give_on(b, LINK_OTHER, &s->o.offer);
	assert_int_equal(b->closed, 0);
	assert_int_equal(b->sent, 0);
	assert_int_equal(b->mails, mails);
	assert_int_equal(b->node->gossip.intake.outside, outside + 2);
	assert_int_equal(viz_store_stat_entries(b->store, VIZ_TABLE_RECORD), held);
	assert_int_equal(viz_store_stat_entries(b->store, VIZ_TABLE_OFFER), 0);
	assert_false(is_held(b, s));
	free(s);
}

/* An OFFER whose PARTNERS is not held is dropped, and that is asked for, once in ten minutes, also
 * when a peer invents many. */
static void unknown_partners(void **state)
{
	struct one_node *b = *state;
	struct scene *s = begin(b);
	size_t mails = b->mails;

	for (unsigned i = 0; i < 100; i++) {
		false_offer_init(b, &s->o, i);
		s->o.partners = (struct viz_id){{(uint8_t)i, 1}};
		false_offer_sign(b, &s->o);
		give(b, &s->o.offer);
		give(b, &s->o.offer);
		assert_false(is_held(b, s));
		assert_int_equal(b->closed, 0);
	}
	assert_int_equal(b->mails, mails + 16);
	free(s);
}

/* Signs a PROTEST of the other: that the origin did not open this NODE. */
static void sign_protest(struct one_node *b, struct scene *s, const struct forged *partners,
			 const struct forged *node, unsigned n)
{
	struct viz_protest p = {.origin = b->evil.author,
				.node = node->id,
				.node_time = b->now,
				.partners = partners->id,
				.kind = VIZ_PROTEST_HEAD};
	uint8_t body[256];
	struct viz_writer w;

	viz_writer_init(&w, body, sizeof body);
	viz_protest_write(&w, &p);
	forge_record(&b->scratch, &s->other, VIZ_TYPE_PROTEST, viz_record_slot_make(b->now, n),
		     b->now, &w);
}

/* A PROTEST names its circle itself. The PARTNERS that it names is asked for once; when it has
 * come, the link is compared, and the PROTEST is taken. */
static void unknown_partners_of_a_protest(void **state)
{
	struct one_node *b = *state;
	struct scene *s = begin(b);
	struct forged *of = calloc(2, sizeof *of);
	struct viz_mail_evidence evidence = {.named = true};
	size_t mails = b->mails, trees;
	uint8_t body[2048];
	struct viz_writer w;

	sign_partners(b, &b->evil, &of[0], &of[1],
		      (struct entry[]){{&s->us, LONG_AGO, 0}, {&s->other.author, LONG_AGO, 0}}, 2);
	sign_protest(b, s, &of[0], &of[1], 0);
	give(b, &b->scratch);
	give(b, &b->scratch);
	assert_int_equal(b->mails, mails + 1);
	assert_int_equal(viz_store_stat_entries(b->store, VIZ_TABLE_PROTEST), 0);
	evidence.id = of[0].id;
	evidence.record = of[0].bytes;
	evidence.record_len = of[0].len;
	viz_writer_init(&w, body, sizeof body);
	viz_mail_evidence_write(&w, &evidence);
	trees = b->trees;
	mail(b, 1, VIZ_MAIL_EVIDENCE, &w);
	tick(b, 2000);
	assert_int_equal(b->trees, trees + 1);
	give(b, &b->scratch);
	assert_int_equal(b->closed, 0);
	assert_int_equal(viz_store_stat_entries(b->store, VIZ_TABLE_PROTEST), 1);
	free(of);
	free(s);
}

/* When we, or who says it, are outside of the circle that it names, it is dropped without a word.
 */
static void a_protest_from_outside(void **state)
{
	struct one_node *b = *state;
	struct scene *s = begin(b);
	struct forged *of = calloc(2, sizeof *of);
	uint64_t outside = b->node->gossip.intake.outside;
	size_t mails = b->mails;

	for (unsigned i = 0; i < 2; i++) {
		const struct entry e = {i == 0 ? &s->us : &s->other.author, LONG_AGO, 0};

		sign_partners(b, &b->evil, &of[0], &of[1], &e, 1);
		give(b, &of[0]);
		give(b, &of[1]);
		sign_protest(b, s, &of[0], &of[1], i);
		give_on(b, LINK_OTHER, &b->scratch);
		assert_int_equal(b->sent, 0);
		assert_int_equal(b->node->gossip.intake.outside, outside + i);
	}
	assert_int_equal(b->closed, 0);
	assert_int_equal(b->mails, mails);
	assert_int_equal(viz_store_stat_entries(b->store, VIZ_TABLE_PROTEST), 0);
	free(of);
	free(s);
}

/* An OFFER of three days ago is taken only when it was asked for. */
static void late_offers(void **state)
{
	struct one_node *b = *state;
	struct scene *s = begin(b);

	false_offer_to_us(b, &s->o, 0);
	false_offer_sign(b, &s->o);
	false_offer_sign_close(b, &s->o, false);
	tick(b, 3 * VIZ_DAY_MS);
	give(b, &s->o.offer);
	assert_false(is_held(b, s));
	assert_int_equal(b->offer_asks, 0);
	give(b, &s->o.close);
	assert_int_equal(b->offer_asks, 1);
	tick(b, 601000);
	give(b, &s->o.offer); /* asked for too long ago */
	assert_false(is_held(b, s));
	give(b, &s->o.close);
	assert_int_equal(b->offer_asks, 2);
	give(b, &s->o.offer);
	assert_true(is_held(b, s));
	assert_int_equal(b->closed, 0);
	free(s);
}

/* A partner that says how far it has our log gets what came after our NODE, and the other nothing.
 */
static void our_log_goes_to_our_circle(void **state)
{
	struct one_node *b = *state;
	struct viz_message_head head = {.origin = *viz_node_author(b->node)};
	uint8_t body[256];
	struct viz_writer w;

	held_partners(b, &b->evil.names);
	cover(b);
	offer(b);
	viz_writer_init(&w, body, sizeof body);
	viz_message_head_write(&w, &head);
	message_on(b, LINK_EVIL, &w);
	assert_int_equal(b->records_on[LINK_EVIL], 1);
	give_partners(b, &b->evil, LINK_EVIL,
		      (struct entry[]){{&head.origin, LONG_AGO, -2 * PARTNER_DELAY_MS}}, 1);
	message_on(b, LINK_EVIL, &w);
	assert_int_equal(b->sent_on[LINK_EVIL], 0);
	assert_int_equal(b->closed, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	    T(outsider_gets_nothing),
	    T(co_member_gets_it),
	    T(removal),
	    T(come_back),
	    T(disagreement),
	    T(rotation_and_revocation),
	    T(we_are_outside),
	    T(unknown_partners),
	    T(unknown_partners_of_a_protest),
	    T(a_protest_from_outside),
	    T(late_offers),
	    T(our_log_goes_to_our_circle),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
