/* Draws at the origin: what becomes of one that serves no offer. */
#include "tests/hostile/one_node.h"

#include "crypto/crypto.h"
#include "node/state.h"
#include "proto/base.h"
#include "store/stat.h"
#include "store/tables.h"
#include "tests/hostile/one_lead.h"

/* The number after "burnt" in the reply of lead.refuse; -1: it refused. */
static long refuse(struct one_node *b, uint32_t draw)
{
	char json[128];
	const char *at;

	snprintf(json, sizeof json, "{\"op\":\"lead.refuse\",\"args\":{\"draw\":%u}}", draw);
	at = strstr(request(b, json), "\"burnt\":");
	return at ? strtol(at + strlen("\"burnt\":"), NULL, 10) : -1;
}

static uint64_t open_draws(struct one_node *b)
{
	return viz_store_stat_entries(b->store, VIZ_TABLE_DRAW);
}

/* A draw serves one offer, or is burnt: refused, or too old. It is never made again. */
static void a_draw_serves_one_offer_or_none(void **state)
{
	struct one_node *b = *state;
	char first[4096];

	cover(b);
	snprintf(first, sizeof first, "%s", heard(b, "text"));
	assert_int_equal(b->draw, 1);
	assert_int_equal(open_draws(b), 1);
	close_node(b); /* it is durable */
	open_node(b);
	come_in(b, NULL);
	say_last(b, LINK_EVIL);
	tick(b, b->federation.start_ms + 1000);
	assert_int_equal(open_draws(b), 1);
	assert_int_equal(refuse(b, 1), 1);
	assert_int_equal(open_draws(b), 0);
	assert_int_equal(refuse(b, 1), -1);
	assert_non_null(strstr(ask_offer(b, "lead.offer", first), "no-such-draw"));
	heard(b, "text");
	assert_int_equal(b->draw, 2);
	assert_true(ok(ask_offer(b, "lead.offer", first)));
	assert_non_null(strstr(ask_offer(b, "lead.offer", first), "no-such-draw"));
	heard(b, "text");
	assert_int_equal(b->draw, 3);
	tick(b, b->federation.draw_ms + 1000);
	assert_int_equal(open_draws(b), 0);
	assert_non_null(strstr(ask_offer(b, "lead.offer", first), "no-such-draw"));
	heard(b, "text");
	assert_int_equal(b->draw, 4);
	assert_int_equal(refuse(b, 4), 3);
}

/* A draw was made for one place, and only who was drawn can be struck. */
static void a_draw_is_for_its_place(void **state)
{
	struct one_node *b = *state;
	char json[4096], id[65];
	const char *consent;

	cover(b);
	consent = heard(b, "text");
	snprintf(json, sizeof json,
		 "{\"op\":\"lead.offer\",\"args\":{\"draw\":1,\"protocol\":\"P\","
		 "\"place\":{\"municipality\":3205309},%s}}",
		 consent);
	assert_non_null(strstr(request(b, json), "other-place"));
	viz_hex(id, b->evil.author.b, 32);
	snprintf(json, sizeof json, "\"strike\":[\"%s\"],%s", id, "\"consent\":{\"given\":true}");
	assert_non_null(strstr(ask_offer(b, "lead.offer", json), "draw-over"));
	assert_int_equal(open_draws(b), 0);
}

/* No names are read to a customer and no offer is made while we do not say where consent is
 * withdrawn. */
static void no_offer_without_a_way_to_withdraw(void **state)
{
	struct one_node *b = *state;
	struct viz_profile *profile = &b->node->trust.profile;
	char said[4096];

	cover(b);
	snprintf(said, sizeof said, "%s", heard(b, "text"));
	profile->privacy[0] = '\0';
	assert_non_null(strstr(ask_offer(b, "lead.offer", said), "no-withdrawal"));
	assert_non_null(strstr(
	    request(b, "{\"op\":\"lead.draw\",\"args\":{\"place\":{\"municipality\":3201209}}}"),
	    "no-withdrawal"));
	assert_int_equal(open_draws(b), 1);
	snprintf(profile->privacy, sizeof profile->privacy, "dpo@example.com");
	profile->withdrawal[0] = '\0';
	assert_non_null(strstr(ask_offer(b, "lead.offer", said), "no-withdrawal"));
	assert_non_null(strstr(ask_offer(b, "lead.later", said), "no-withdrawal"));
	snprintf(profile->withdrawal, sizeof profile->withdrawal, "0800 123 4567");
	assert_true(ok(ask_offer(b, "lead.offer", said)));
}

/* Our clock was ahead when a draw was made, so a partner had a turn before its entry was effective.
 * The draws after the clock is set back contradict that turn: it is given anew. */
static void a_turn_of_a_fast_clock_is_dropped(void **state)
{
	struct one_node *b = *state;
	struct forge *other = calloc(1, sizeof *other);

	assert_non_null(other);
	befriend(b, other, 8);
	free(other);
	cover(b);
	heard(b, "text");
	assert_int_equal(viz_store_stat_entries(b->store, VIZ_TABLE_TURN), 2);
	b->now.ms -= PARTNER_DELAY_MS / 2;
	/* as after a start, in a new log */
	b->node->core.now = b->node->trust.self.signed_at = b->now;
	heard(b, "text");
	assert_int_equal(b->draw, 2);
	assert_int_equal(viz_store_stat_entries(b->store, VIZ_TABLE_TURN), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	    T(a_draw_serves_one_offer_or_none),
	    T(a_draw_is_for_its_place),
	    T(no_offer_without_a_way_to_withdraw),
	    T(a_turn_of_a_fast_clock_is_dropped),
	};

	VIZ_REQUIRE(viz_crypto_init() == VIZ_OK);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
