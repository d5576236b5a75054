/* PROTESTs of our node: what it says of an origin that does not hear it. */
#include "tests/hostile/one_node.h"

#include <jansson.h>

#include "crypto/crypto.h"
#include "node/audit/protest.h"
#include "node/audit/suspicion.h"
#include "node/gossip/protest.h"
#include "node/inbox/inbox.h"
#include "node/inbox/protest.h"
#include "node/link/link.h"
#include "node/node.h"
#include "proto/base.h"
#include "proto/limits.h"
#include "proto/message.h"
#include "proto/protest.h"
#include "proto/record.h"
#include "proto/writer.h"
#include "store/store.h"
#include "tests/hostile/one_offer.h"
#include "tests/hostile/one_protest.h"

/* How often our node has said this kind of the false origin; `total` gets all kinds. */
static uint32_t said(struct one_node *b, enum viz_protest_kind kind, uint32_t *total)
{
	struct viz_audit_protester p = protests_by(b, &b->evil.author, viz_node_author(b->node));

	*total = 0;
	for (unsigned i = 1; i <= VIZ_PROTEST_KIND_MAX; i++)
		*total += p.said[i];
	return p.said[kind];
}

/* Gives an offer to our node, which asks for the location. */
static void offer(struct one_node *b, struct false_offer *o, unsigned number)
{
	false_offer_to_us(b, o, number);
	false_offer_sign(b, o);
	give(b, &o->offer);
}

static void close_offer(struct one_node *b, struct false_offer *o, bool answered)
{
	false_offer_sign_close(b, o, answered);
	give(b, &o->close);
	assert_int_equal(b->closed, 0);
}

/* The false origin acknowledges all mail, whatever it does with it. */
static void take_mail(struct one_node *b)
{
	const struct viz_link *link = viz_link_find(&b->node->net, LINK_EVIL);
	uint8_t body[32];
	struct viz_writer w;

	assert_non_null(link);
	if (link->mail_open == 0)
		return;
	viz_writer_init(&w, body, sizeof body);
	viz_message_mail_ack_write(&w, &(struct viz_message_mail_ack){link->mail_sent});
	message(b, &w);
	assert_int_equal(b->closed, 0);
}

static void a_pledge_that_was_not_heard(void **state)
{
	struct one_node *b = *state;
	struct false_offer *o = calloc(1, sizeof *o);
	struct viz_inbox *in = calloc(1, sizeof *in);
	uint32_t total;

	offer(b, o, 0);
	answer_yes(b, o, in);
	tick(b, 29000); /* nearly all of the window */
	close_offer(b, o, false);
	assert_int_equal(said(b, VIZ_PROTEST_PLEDGE, &total), 1);
	assert_int_equal(total, 1);
	assert_int_equal(findings(b, VIZ_SUSPICION_UNHEARD), 1);
	free(in);
	free(o);
}

/* Lists of PROTESTs are charged by what we have to look at: our own answer ends. */
static void lists_cost(void **state)
{
	struct one_node *b = *state;
	struct false_offer *o = calloc(1, sizeof *o);
	struct viz_inbox *in = calloc(1, sizeof *in);
	struct viz_message_protests *m = calloc(1, sizeof *m);
	uint8_t body[128];
	struct viz_writer w;
	size_t answers = 0;

	assert_non_null(m);
	offer(b, o, 0);
	answer_yes(b, o, in);
	tick(b, 29000);
	close_offer(b, o, false);
	m->origin = b->evil.author;
	m->day = (uint32_t)(b->now.ms / VIZ_DAY_MS);
	m->ask = true;
	m->count = 1;
	m->id[0] = 1; /* none of ours: we answer with our list and the PROTEST */
	viz_writer_init(&w, body, sizeof body);
	viz_message_protests_write(&w, m);
	for (unsigned i = 0; i < 4000; i++) {
		message(b, &w);
		answers += b->sent_on[LINK_EVIL] > 0;
	}
	print_message("# %zu answers at once\n", answers);
	assert_true(answers > 100 && answers < 2900);
	assert_int_equal(b->closed, 0);
	free(m);
	free(in);
	free(o);
}

/* After a start the place of a PROTEST may have been taken by one that the store has lost. */
static void nothing_is_said_at_once_after_a_start(void **state)
{
	struct one_node *b = *state;
	struct false_offer *o = calloc(1, sizeof *o);
	struct viz_inbox *in = calloc(1, sizeof *in);
	uint32_t total;

	offer(b, o, 0);
	answer_yes(b, o, in);
	tick(b, 29000);
	restart(b, 0);
	close_offer(b, o, false);
	assert_int_equal(said(b, VIZ_PROTEST_PLEDGE, &total), 0);
	say_last(b, LINK_EVIL);
	for (unsigned i = 0; i < 40; i++)
		tick(b, 1000);
	assert_int_equal(said(b, VIZ_PROTEST_PLEDGE, &total), 1);
	free(in);
	free(o);
}

/* What was acknowledged is a contradiction, and no PROTEST. */
static void an_acknowledged_pledge_was_heard(void **state)
{
	struct one_node *b = *state;
	struct false_offer *o = calloc(1, sizeof *o);
	struct viz_inbox *in = calloc(1, sizeof *in);
	uint32_t total;

	offer(b, o, 0);
	answer_yes(b, o, in);
	assert_true(inbox_row(b, in, o->slot));
	false_offer_mail_ack(b, o, VIZ_TYPE_PLEDGE_ACK, &in->pledge);
	tick(b, 29000);
	close_offer(b, o, false);
	assert_int_equal(said(b, VIZ_PROTEST_PLEDGE, &total), 0);
	assert_int_equal(total, 0);
	assert_int_equal(findings(b, VIZ_RULE_PLEDGE_DROPPED), 1);
	free(in);
	free(o);
}

/* An honest origin may not have heard us: the link was another one. */
static void a_link_that_ended_says_nothing(void **state)
{
	struct one_node *b = *state;
	struct false_offer *o = calloc(1, sizeof *o);
	struct viz_inbox *in = calloc(1, sizeof *in);
	uint32_t total;

	offer(b, o, 0);
	answer_yes(b, o, in);
	take_mail(b);
	cut(b, LINK_EVIL);
	b->now.ms += 100;
	come_in(b, NULL);
	tick(b, 26000);
	close_offer(b, o, false);
	assert_int_equal(said(b, VIZ_PROTEST_PLEDGE, &total), 0);
	assert_int_equal(total, 0);
	/* it is sent again on a new link while it was not taken, and that one stays up */
	offer(b, o, 1);
	answer_yes(b, o, in);
	cut(b, LINK_EVIL);
	restart(b, 100);
	say_last(b, LINK_EVIL);
	tick(b, 29000);
	close_offer(b, o, false);
	assert_int_equal(said(b, VIZ_PROTEST_PLEDGE, &total), 1);
	assert_int_equal(total, 1);
	free(in);
	free(o);
}

static void a_reveal_that_was_not_heard(void **state)
{
	struct one_node *b = *state;
	struct false_offer *o = calloc(1, sizeof *o);
	struct viz_inbox *in = calloc(1, sizeof *in);
	uint32_t total;

	offer(b, o, 0);
	answer_yes(b, o, in);
	tick(b, 29000);
	close_offer(b, o, true);
	assert_true(inbox_row(b, in, o->slot));
	assert_int_equal(in->state, VIZ_INBOX_REVEALED);
	tick(b, 1000);
	false_offer_sign_result(b, o, NULL);
	give(b, &o->result);
	assert_int_equal(said(b, VIZ_PROTEST_REVEAL, &total), 1);
	assert_int_equal(total, 1);
	free(in);
	free(o);
}

static void a_location_that_did_not_come(void **state)
{
	struct one_node *b = *state;
	struct false_offer *o = calloc(1, sizeof *o);
	uint32_t total;

	offer(b, o, 0);
	tick(b, 22000);
	assert_int_equal(said(b, VIZ_PROTEST_LOCATION, &total), 0);
	tick(b, 1000); /* three quarters of 30 s are over */
	assert_int_equal(said(b, VIZ_PROTEST_LOCATION, &total), 1);
	assert_int_equal(total, 1);
	assert_int_equal(findings(b, VIZ_SUSPICION_UNHEARD), 1);
	free(o);
}

/* Gives the day's `number`-th offer as if it had waited somewhere for 30 s, all of its window. */
static void offer_after_its_window(struct one_node *b, struct false_offer *o, unsigned number)
{
	tick(b, 150000); /* by its date it is of this process */
	b->now.ms -= 30000;
	false_offer_to_us(b, o, number);
	false_offer_sign(b, o);
	b->now.ms += 30000;
	give(b, &o->offer);
}

/* The location has come, and a person will answer. */
static void located(struct one_node *b, const struct false_offer *o)
{
	struct viz_inbox *in = calloc(1, sizeof *in);

	assert_true(inbox_row(b, in, o->slot));
	in->state = VIZ_INBOX_LOCATED;
	in->located_at = b->now;
	assert_int_equal(viz_store_begin(b->store), VIZ_OK);
	viz_inbox_put(&b->node->core, in);
	assert_int_equal(viz_store_commit(b->store), VIZ_OK);
	free(in);
}

/* The origin has given the location, and does not wait for the answer. By its dates the window was
 * over. */
static void an_offer_that_closes_on_us(void **state)
{
	struct one_node *b = *state;
	struct false_offer *o = calloc(1, sizeof *o);
	uint32_t total;

	offer_after_its_window(b, o, 0);
	located(b, o);
	tick(b, 200);
	close_offer(b, o, false);
	assert_int_equal(said(b, VIZ_PROTEST_LATE, &total), 1);
	assert_int_equal(total, 1);
	assert_int_equal(findings(b, VIZ_RULE_CLOSED_EARLY), 0);
	/* nor is it one when the origin waits for the least window, though a clock was set */
	offer_after_its_window(b, o, 1);
	located(b, o);
	tick(b, b->federation.window_min_ms / 2);
	close_offer(b, o, false);
	assert_int_equal(said(b, VIZ_PROTEST_LATE, &total), 1);
	free(o);
}

/* An honest origin may not have been able to send OFFER before: its link was full, or it lacked our
 * PARTNERS. CLOSE was on time. */
static void an_offer_that_came_after_its_window(void **state)
{
	struct one_node *b = *state;
	struct false_offer *o = calloc(1, sizeof *o);
	uint32_t total;

	offer_after_its_window(b, o, 0);
	tick(b, 200);
	close_offer(b, o, false);
	assert_int_equal(said(b, VIZ_PROTEST_LATE, &total), 0);
	assert_int_equal(total, 0);
	assert_int_equal(findings(b, VIZ_SUSPICION_UNHEARD), 0);
	free(o);
}

/* What our store had lost was asked for, and given, before this process began. */
static void an_offer_from_before_our_start(void **state)
{
	struct one_node *b = *state;
	struct false_offer *o = calloc(1, sizeof *o);
	uint32_t total;

	tick(b, 150000);
	false_offer_to_us(b, o, 0);
	false_offer_sign(b, o);
	restart(b, 20000);
	say_last(b, LINK_EVIL);
	tick(b, 10000);
	give(b, &o->offer);
	located(b, o);
	tick(b, 200);
	close_offer(b, o, false);
	for (unsigned i = 0; i < 40; i++)
		tick(b, 1000);
	assert_int_equal(said(b, VIZ_PROTEST_LATE, &total), 0);
	free(o);
}

static void a_view_that_was_not_served(void **state)
{
	struct one_node *b = *state;
	struct false_offer *o = calloc(1, sizeof *o);
	uint32_t total;

	tick(b, 1000);
	false_offer_init(b, o, 0); /* of zeros as view */
	false_offer_sign(b, o);
	give(b, &o->offer);
	for (int64_t at = 0; at < b->federation.suspicion_ms + 1800000; at += 600000) {
		tick(b, 600000);
		assert_int_equal(said(b, VIZ_PROTEST_VIEW, &total),
				 findings(b, VIZ_SUSPICION_VIEW_UNSERVED));
	}
	assert_int_equal(said(b, VIZ_PROTEST_VIEW, &total), 1);
	assert_int_equal(findings(b, VIZ_SUSPICION_UNHEARD), 0);
	free(o);
}

/* The log is no offer's: one of a kind for each NODE. */
static void a_log_that_was_not_shown(void **state)
{
	struct one_node *b = *state;
	uint32_t total;

	tick(b, 1000);
	held_partners(b, &b->evil.names);
	forge_node(&b->scratch, &b->evil, b->now);
	give(b, &b->scratch);
	for (int i = 0; i < 2; i++) {
		struct viz_event ev = {.kind = VIZ_EVENT_TICK};
		struct viz_effects fx;

		viz_effects_init(&fx);
		assert_int_equal(viz_store_begin(b->store), VIZ_OK);
		b->node->core.fx = &fx;
		viz_inbox_protest_log(&b->node->net, &b->evil.author, 0);
		viz_inbox_protest_log(&b->node->net, &b->evil.author, 7);
		b->node->core.fx = NULL;
		assert_int_equal(viz_store_commit(b->store), VIZ_OK);
		viz_effects_clear(&fx);
		run(b, &ev, 1);
	}
	assert_int_equal(said(b, VIZ_PROTEST_HEAD, &total), 1);
	assert_int_equal(said(b, VIZ_PROTEST_NUMBER, &total), 1);
	assert_int_equal(total, 2);
	assert_int_equal(findings(b, VIZ_SUSPICION_UNHEARD), 0);
}

/* At most 32 a day. */
static void no_more_than_its_slots(void **state)
{
	struct one_node *b = *state;
	struct false_offer *o = calloc(1, sizeof *o);
	uint32_t total;

	for (unsigned i = 0; i < VIZ_PROTESTS_PER_DAY + 2; i++) {
		offer(b, o, i);
		take_mail(b);
		tick(b, 10);
	}
	tick(b, 23000);
	said(b, VIZ_PROTEST_LOCATION, &total);
	assert_int_equal(total, VIZ_PROTESTS_PER_DAY);
	assert_non_null(strstr(b->logs, "no more is published"));
	/* who has none left was not heard all the same: no offer is in order for that */
	assert_int_equal(findings(b, VIZ_SUSPICION_UNHEARD), VIZ_PROTESTS_PER_DAY + 2);
	take_mail(b);
	tick(b, VIZ_DAY_MS); /* a new day has new slots */
	take_mail(b);
	offer(b, o, 0);
	tick(b, 23000);
	said(b, VIZ_PROTEST_LOCATION, &total);
	assert_int_equal(total, VIZ_PROTESTS_PER_DAY + 1);
	free(o);
}

/* How many records stand in this list of the reply. */
static size_t listed(const char *reply, const char *list)
{
	json_t *json = json_loads(reply, 0, NULL);
	size_t n = json_array_size(json_object_get(json_object_get(json, "result"), list));

	json_decref(json);
	return n;
}

/* What we said of an offer, and what its origin replied, go along with evidence about the offer. */
static void the_reply_is_in_the_evidence(void **state)
{
	struct one_node *b = *state;
	struct false_offer *o = calloc(1, sizeof *o);
	struct viz_inbox *in = calloc(1, sizeof *in);
	struct viz_gossip_protest_found *f = calloc(1, sizeof *f);
	struct viz_gossip_protest_walk walk;
	struct viz_protest p = {.origin = b->evil.author, .reply_count = 1};
	uint32_t total;

	offer(b, o, 0);
	answer_yes(b, o, in);
	tick(b, 29000);
	close_offer(b, o, false);
	assert_int_equal(said(b, VIZ_PROTEST_PLEDGE, &total), 1);
	assert_true(exports(b, VIZ_RULE_CLOSED_EARLY));
	assert_int_equal(listed(b->reply, "reply_records"), 1);
	/* what was not heard has no record */
	assert_non_null(
	    strstr(export_finding(b, VIZ_SUSPICION_UNHEARD, ""), "\"code\":\"suspicion-only\""));
	assert_int_equal(viz_store_begin(b->store), VIZ_OK);
	viz_gossip_protest_walk_init(&walk, &b->node->core, &b->evil.author, 0);
	assert_true(viz_gossip_protest_walk_next(&walk, f));
	p.reply[0] = (struct viz_protest_reply){f->id, VIZ_PROTEST_TOO_LATE};
	viz_store_abort(b->store);
	p.node = o->node;
	p.node_time = o->node_time;
	p.partners = o->partners;
	sign_protest(b, &b->scratch, &b->evil, &p, VIZ_PROTESTS_PER_DAY);
	give(b, &b->scratch);
	assert_int_equal(b->closed, 0);
	assert_true(exports(b, VIZ_RULE_CLOSED_EARLY));
	assert_int_equal(listed(b->reply, "reply_records"), 2);
	free(f);
	free(in);
	free(o);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	    T(a_pledge_that_was_not_heard),      T(lists_cost),
	    T(the_reply_is_in_the_evidence),     T(nothing_is_said_at_once_after_a_start),
	    T(an_acknowledged_pledge_was_heard), T(a_link_that_ended_says_nothing),
	    T(a_reveal_that_was_not_heard),      T(a_location_that_did_not_come),
	    T(an_offer_that_closes_on_us),       T(an_offer_that_came_after_its_window),
	    T(an_offer_from_before_our_start),   T(a_view_that_was_not_served),
	    T(a_log_that_was_not_shown),         T(no_more_than_its_slots),
	};

	VIZ_REQUIRE(viz_crypto_init() == VIZ_OK);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
