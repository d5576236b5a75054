/* A node signs in its log only while a partner is linked: a copy of it may have come in elsewhere.
 * PROTOCOL.md section 9. */
#include "tests/hostile/one_lead.h"
#include "tests/hostile/one_offer.h"

#include "crypto/crypto.h"
#include "node/control/request.h"
#include "node/core/event.h"
#include "node/core/place.h"
#include "node/lead/lead.h"
#include "node/link/mail.h"
#include "node/self/log.h"
#include "node/state.h"
#include "node/trust/identity.h"
#include "node/trust/member.h"
#include "proto/base.h"
#include "proto/protest.h"
#include "proto/record.h"
#include "store/store.h"
#include "store/tables.h"

static void lose_link(struct one_node *b)
{
	struct viz_event closed = {.kind = VIZ_EVENT_CLOSED, .link = LINK_EVIL};

	run(b, &closed, 1);
}

static bool is_free(struct one_node *b)
{
	bool free;

	assert_int_equal(viz_store_begin(b->store), VIZ_OK);
	free = viz_self_log_is_free(&b->node->net);
	viz_store_abort(b->store);
	return free;
}

static bool alone(struct one_node *b)
{
	return strstr(request(b, "{\"op\":\"status\"}"), "\"alone\":true") != NULL;
}

static bool refused(const char *reply)
{
	return strstr(reply, "\"code\":\"alone\"") != NULL;
}

/* How many records of this type we have signed. */
static size_t own(struct one_node *b, uint8_t type)
{
	struct viz_slice key, value;
	struct viz_walk walk;
	size_t n = 0;

	assert_int_equal(viz_store_begin(b->store), VIZ_OK);
	viz_walk_init(&walk, b->store, VIZ_TABLE_RECORD, viz_node_author(b->node)->b,
		      sizeof(struct viz_id));
	while (viz_walk_next(&walk, &key, &value))
		n += key.p[32] == type;
	viz_store_abort(b->store);
	return n;
}

/* CLOSE, RESULT and CHOICE that are due wait for LAST, and come in the second after it: also when
 * the same peer has sent it before. */
static void what_is_due_waits_for_last(void **state)
{
	struct one_node *b = *state;

	for (size_t i = 0; i < 2; i++) {
		uint32_t number;

		offer(b);
		assert_true(is_free(b) && !alone(b));
		number = b->node->trust.self.log_number;
		lose_link(b);
		assert_true(!is_free(b) && alone(b));
		tick(b, b->federation.window_min_ms + 1000);
		come_in(b, NULL); /* full, and nothing shows yet what the peer holds of us */
		tick(b, 61000);
		assert_int_equal(own(b, VIZ_TYPE_CLOSE), i);
		assert_int_equal(b->node->trust.self.log_number, number);
		say_last(b, LINK_EVIL);
		assert_true(is_free(b) && !alone(b));
		tick(b, 1000);
		assert_int_equal(own(b, VIZ_TYPE_CLOSE), i + 1);
		assert_int_equal(own(b, VIZ_TYPE_RESULT), i + 1);
		assert_int_equal(own(b, VIZ_TYPE_CHOICE), i + 1);
	}
}

/* What a person asks for is refused, by a name of its own. */
static void requests_are_refused(void **state)
{
	struct one_node *b = *state;
	const char *consent;

	cover(b);
	consent = heard(b, "text");
	lose_link(b);
	assert_true(refused(request(b, "{\"op\":\"lead.draw\",\"args\":{" PLACE "}}")));
	assert_true(refused(ask_offer(b, "lead.offer", consent)));
	assert_true(ok(request(b, "{\"op\":\"lead.lookup\",\"args\":{" PLACE "}}")));
	assert_int_equal(own(b, VIZ_TYPE_OFFER), 0);
	come_in(b, NULL);
	assert_true(refused(ask_offer(b, "lead.offer", consent)));
	say_last(b, LINK_EVIL);
	assert_true(ok(ask_offer(b, "lead.offer", consent))); /* the draw has waited */
	assert_int_equal(own(b, VIZ_TYPE_OFFER), 1);
}

static void a_choice_is_refused(void **state)
{
	struct one_node *b = *state;
	struct viz_lead *lead = calloc(1, sizeof *lead);
	char json[256], text[VIZ_SLOT_TEXT_MAX];
	uint64_t slot = offer(b);

	assert_non_null(lead);
	get(b, lead, slot);
	lead->state = VIZ_LEAD_CHOOSING;
	lead->result_kind = VIZ_RESULT_ORDER;
	lead->choose_until = viz_after(b->now, b->federation.choice_ms);
	put(b, lead);
	viz_request_slot_text(text, slot);
	snprintf(json, sizeof json,
		 "{\"op\":\"lead.choose\",\"args\":{\"lead\":\"%s\",\"none\":true}}", text);
	lose_link(b);
	assert_true(refused(request(b, json)));
	get(b, lead, slot);
	assert_int_equal(lead->state, VIZ_LEAD_CHOOSING);
	come_in(b, NULL);
	say_last(b, LINK_EVIL);
	assert_true(ok(request(b, json)));
	assert_int_equal(own(b, VIZ_TYPE_CHOICE), 1);
	free(lead);
}

/* A heartbeat opens the log: it waits for LAST, but not until we count as silent. */
static void a_heartbeat_waits(void **state)
{
	struct one_node *b = *state;
	const struct viz_member *self = viz_member_self(&b->node->trust);
	struct viz_time last;

	tick(b, b->federation.heartbeat_ms);
	lose_link(b);
	last = self->node_time;
	tick(b, 2 * b->federation.heartbeat_ms);
	assert_int_equal(self->node_time.ms, last.ms);
	come_in(b, NULL);
	say_last(b, LINK_EVIL);
	tick(b, b->federation.heartbeat_ms / 8);
	assert_true(self->node_time.ms > last.ms);
	lose_link(b);
	last = self->node_time;
	for (unsigned i = 0; i < 8; i++)
		tick(b, b->federation.silence_ms / 16 + b->federation.heartbeat_ms / 8);
	assert_true(self->node_time.ms > last.ms);
}

/* Statements and PROTESTs stand in no log. */
static void other_things_do_not_wait(void **state)
{
	struct one_node *b = *state;
	struct false_offer *o = calloc(1, sizeof *o);
	uint64_t slot = offer(b);
	size_t mails;

	assert_non_null(o);
	lose_link(b);
	mails = (size_t)viz_mail_waiting(&b->node->trust, &b->evil.author);
	assert_true(ok(lead_op(b, "lead.revoke", slot))); /* WITHDRAWAL */
	assert_true((size_t)viz_mail_waiting(&b->node->trust, &b->evil.author) > mails);
	come_in(b, NULL);
	false_offer_to_us(b, o, 0);
	false_offer_sign(b, o);
	give(b, &o->offer);
	tick(b, 23000); /* its location has not come in three quarters of the window */
	assert_true(!is_free(b));
	assert_int_equal(own(b, VIZ_TYPE_PROTEST), 1);
	free(o);
}

/* Only a partner counts, and only while one is in force. */
static void without_a_partner_nothing_waits(void **state)
{
	struct one_node *b = *state;
	struct forge *other = calloc(1, sizeof *other);

	assert_non_null(other);
	befriend(b, other, 8);
	lose_link(b);
	assert_true(is_free(b)); /* the other one is linked */
	run(b, &(struct viz_event){.kind = VIZ_EVENT_CLOSED, .link = 8}, 1);
	assert_false(is_free(b));
	tick(b, b->federation.silence_ms);
	assert_true(is_free(b) && !alone(b)); /* both are silent */
	free(other);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	    T(what_is_due_waits_for_last), T(requests_are_refused),
	    T(a_choice_is_refused),        T(a_heartbeat_waits),
	    T(other_things_do_not_wait),   T(without_a_partner_nothing_waits),
	};

	VIZ_REQUIRE(viz_crypto_init() == VIZ_OK);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
