/* A record of a log that we know by its stub, and that has not come: we ask for it until it comes,
 * also after our process died, when a new log has begun, and when the circle is closed to us. */
#include "node/audit/suspicion.h"
#include "node/core/core.h"
#include "node/core/ids.h"
#include "node/core/place.h"
#include "proto/base.h"
#include "proto/message.h"
#include "proto/offer.h"
#include "proto/record.h"
#include "tests/hostile/one_circle.h"
#include "tests/hostile/one_log.h"
#include "tests/hostile/one_offer.h"

#define LINK_OTHER 8

struct scene {
	struct forge other;
	struct false_offer o;
	struct viz_id us;
};

static void origin_lists(struct one_node *b, const struct scene *s, int64_t removed)
{
	give_partners(
	    b, &b->evil, LINK_EVIL,
	    (struct entry[]){{&s->us, LONG_AGO, removed}, {&s->other.author, LONG_AGO, 0}}, 2);
}

/* Number 1 of the origin's log is an OFFER. We have been told so, and it has not come. */
static struct scene *begin(struct one_node *b)
{
	struct scene *s = calloc(1, sizeof *s);
	struct viz_stub stub;

	assert_non_null(s);
	s->us = *viz_node_author(b->node);
	befriend(b, &s->other, LINK_OTHER);
	give_partners(b, &s->other, LINK_OTHER,
		      (struct entry[]){{&s->us, LONG_AGO, 0}, {&b->evil.author, LONG_AGO, 0}}, 2);
	origin_lists(b, s, 0);
	open_head(b, 0, &b->evil.value);
	false_offer_init(b, &s->o, 0);
	false_offer_sign(b, &s->o);
	open_head(b, 1, &b->evil.value);
	assert_int_equal(b->log_ask.from, 1);
	stub = (struct viz_stub){1, VIZ_TYPE_OFFER, s->o.slot, s->o.offer.id};
	send_log(b, 1, &stub, 1);
	assert_int_equal(b->log_want.count, 1);
	return s;
}

static bool is_wanted(const struct one_node *b)
{
	return b->log_want.count == 1 && b->log_want.log == LOG && b->log_want.number[0] == 1;
}

static bool is_held(struct one_node *b, const struct scene *s)
{
	struct viz_held held;
	bool is;

	assert_int_equal(viz_store_begin(b->store), VIZ_OK);
	is = viz_place_get(&b->node->core, &held, NULL, &b->evil.author, VIZ_TYPE_OFFER, s->o.slot);
	viz_store_abort(b->store);
	return is;
}

/* The co-member says that it holds number 1 of this log. */
static void other_says_head(struct one_node *b, uint64_t log)
{
	uint8_t body[256];
	struct viz_writer w;

	viz_writer_init(&w, body, sizeof body);
	viz_message_head_write(&w, &(struct viz_message_head){.origin = b->evil.author,
							      .log = log,
							      .held = 1,
							      .number = 1,
							      .value = b->evil.value});
	message_on(b, LINK_OTHER, &w);
	assert_int_equal(b->closed, 0);
}

/* The origin opens its log again and again, and each link dies before the answer: it is asked on
 * the next one, as is a co-member. */
static void no_question_too_many(void **state)
{
	struct one_node *b = *state;
	struct scene *s = begin(b);

	for (unsigned i = 0; i < 20; i++) {
		open_head(b, 1, &b->evil.value);
		assert_true(is_wanted(b));
		open_head(b, 1, &b->evil.value);
		restart(b, 60000);
	}
	come_in_as(b, &s->other, LINK_OTHER, NULL);
	other_says_head(b, LOG);
	assert_true(is_wanted(b));
	give_on(b, LINK_OTHER, &s->o.offer);
	assert_true(is_held(b, s));
	open_head(b, 1, &b->evil.value);
	assert_int_equal(b->log_want.count, 0);
	free(s);
}

/* What the origin has not sent, although its link stood and it was asked eight times, is not for
 * us. */
static void not_for_us(void **state)
{
	struct one_node *b = *state;
	struct scene *s = begin(b);
	unsigned asked = 0;

	for (unsigned i = 0; i < 20; i++) {
		open_head(b, 1, &b->evil.value);
		asked += is_wanted(b);
		tick(b, 10000);
	}
	assert_int_equal(asked, 8);
	free(s);
}

/* The audit goes on to ask, as the record is owed to us. What comes then is taken, also when it is
 * an OFFER of days ago. */
static void the_audit_asks_on(void **state)
{
	struct one_node *b = *state;
	struct scene *s = begin(b);

	for (unsigned i = 0; i < 20; i++) {
		open_head(b, 1, &b->evil.value);
		tick(b, 10000);
	}
	hours(b, 4 * 24);
	assert_int_equal(findings(b, VIZ_SUSPICION_WITHHELD), 1);
	give(b, &s->o.offer);
	assert_true(is_held(b, s));
	hours(b, 1);
	assert_int_equal(findings(b, VIZ_SUSPICION_WITHHELD), 0);
	free(s);
}

/* The origin has begun a new log: it is asked for what we lack of the old one, and so is who says
 * that it holds that. */
static void of_an_older_log(void **state)
{
	struct one_node *b = *state;
	struct scene *s = begin(b);

	b->evil.log++;
	open_head(b, 0, &(struct viz_id){{5}});
	assert_true(is_wanted(b));
	restart(b, 1000);
	open_head(b, 0, &(struct viz_id){{5}});
	assert_true(is_wanted(b));
	come_in_as(b, &s->other, LINK_OTHER, NULL);
	other_says_head(b, LOG);
	assert_true(is_wanted(b));
	free(s);
}

static bool is_asked_for(struct one_node *b, const struct scene *s, uint64_t link)
{
	bool is = b->offer_ask.count == 1 && b->offer_asked == link &&
		  viz_id_eq(&b->offer_ask.offer[0], &s->o.offer.id);

	b->offer_ask.count = 0;
	return is;
}

/* The origin has taken us out of its circle, and our process died: we ask it by OFFER_ASK, and who
 * was in its circle for long; nobody who may be outside of the offer's circle. */
static void of_a_closed_circle(void **state)
{
	struct one_node *b = *state;
	struct scene *s = begin(b);

	origin_lists(b, s, -2 * PARTNER_DELAY_MS);
	b->offer_ask.count = 0;
	restart(b, 1000);
	assert_true(is_asked_for(b, s, LINK_EVIL));
	come_in_as(b, &s->other, LINK_OTHER, NULL);
	assert_int_equal(b->offer_ask.count, 0);
	assert_int_equal(b->log_want.count, 0);
	for (unsigned i = 0; i < 2; i++) {
		int64_t since = i ? -4 * VIZ_DAY_MS : -VIZ_DAY_MS;

		give_partners(b, &s->other, LINK_OTHER,
			      (struct entry[]){{&s->us, LONG_AGO, 0}, {&b->evil.author, since, 0}},
			      2);
		give_partners(b, &b->evil, LINK_EVIL,
			      (struct entry[]){{&s->us, LONG_AGO, -2 * PARTNER_DELAY_MS},
					       {&s->other.author, since, 0}},
			      2);
		cut(b, LINK_OTHER);
		b->offer_ask.count = 0;
		come_in_as(b, &s->other, LINK_OTHER, NULL);
		assert_int_equal(is_asked_for(b, s, LINK_OTHER), i);
	}
	give_on(b, LINK_OTHER, &s->o.offer);
	assert_int_equal(b->closed, 0);
	assert_true(is_held(b, s));
	free(s);
}

/* An OFFER of days ago is taken, as it was asked for. */
static void of_a_late_offer(void **state)
{
	struct one_node *b = *state;
	struct scene *s = begin(b);

	origin_lists(b, s, -2 * PARTNER_DELAY_MS);
	restart(b, 3 * VIZ_DAY_MS);
	give(b, &s->o.offer);
	assert_true(is_held(b, s));
	free(s);
}

/* A co-member is quick with CLOSE, and does not give its OFFER when it is asked. Another one brings
 * the same CLOSE in the same moment: it is asked too. */
static void each_that_brings_a_close_is_asked(void **state)
{
	struct one_node *b = *state;
	struct scene *s = begin(b);
	struct viz_event *ev = calloc(3, sizeof *ev);
	size_t asks = b->offer_asks, n = 0;

	assert_non_null(ev);
	/* CLOSE waits while something of its author is checked, as that may be the OFFER */
	b->now.ms++;
	forge_coverage(&b->scratch, &b->evil, 3, b->now, 1, 0);
	add_event(ev, &n, LINK_EVIL, &b->scratch);
	false_offer_sign_close(b, &s->o, false);
	add_event(ev, &n, LINK_OTHER, &s->o.close);
	add_event(ev, &n, LINK_EVIL, &s->o.close);
	run(b, ev, n);
	assert_int_equal(b->offer_asks, asks + 2);
	free_events(ev, n);
	free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, setup_named, teardown)
	    T(no_question_too_many),
	    T(not_for_us),
	    T(the_audit_asks_on),
	    T(of_an_older_log),
	    T(of_a_closed_circle),
	    T(of_a_late_offer),
	    T(each_that_brings_a_close_is_asked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
