/* Draws at the origin: what becomes of one that serves no offer. */
#include "tests/hostile/one_node.h"

#include "crypto/crypto.h"
#include "node/lead/draw.h"
#include "node/state.h"
#include "node/trust/items.h"
#include "node/trust/member.h"
#include "proto/base.h"
#include "proto/mail.h"
#include "proto/offer.h"
#include "store/stat.h"
#include "store/store.h"
#include "store/tables.h"
#include "tests/hostile/one_lead.h"

/* The number after "burnt" in the reply of lead.refuse; -1: it refused. */
static long refuse(struct one_node *b, uint32_t draw)
{
	char json[128];
	const char *at;

	snprintf(json, sizeof json, "{\"op\":\"lead.refuse\",\"args\":{\"draw\":%u}}", draw);
	at = strstr(request(b, json), "\"burnt_draw_count\":");
	return at ? strtol(at + strlen("\"burnt_draw_count\":"), NULL, 10) : -1;
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
		 "\"place\":{\"municipality\":{\"code\":3205309}},%s}}",
		 consent);
	assert_non_null(strstr(request(b, json), "other-place"));
	viz_hex(id, b->evil.author.b, 32);
	snprintf(json, sizeof json, "\"strike\":[\"%s\"],%s", id, "\"consent\":{\"given\":true}");
	assert_non_null(strstr(ask_offer(b, "lead.offer", json), "draw-over"));
	assert_int_equal(open_draws(b), 0);
}

/* Where the partner is named in the text that is read to the customer. */
static size_t place_in(const char *text, const struct forge *f)
{
	char id[9];
	const char *at;

	viz_hex(id, f->author.b, 4);
	at = strstr(text, id);
	assert_non_null(at);
	return (size_t)(at - text);
}

/* All are drawn, so the turns never change. Each draw names another one first. */
static void nobody_is_always_named_first(void **state)
{
	struct one_node *b = *state;
	struct forge *other = calloc(1, sizeof *other);
	unsigned first = 0;

	assert_non_null(other);
	cover_two(b, other);
	for (unsigned i = 0; i < 4; i++) {
		const char *text = heard(b, "text");

		first += place_in(text, other) < place_in(text, &b->evil);
	}
	assert_int_equal(first, 2);
	free(other);
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
	assert_non_null(strstr(request(b, "{\"op\":\"lead.draw\",\"args\":{\"place\":{"
					  "\"municipality\":{\"code\":3201209}}}}"),
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

/* How many items the partner has in our views. */
static size_t in_view(struct one_node *b)
{
	struct viz_view_items *list = calloc(1, sizeof *list);
	size_t n;

	assert_non_null(list);
	assert_int_equal(viz_store_begin(b->store), VIZ_OK);
	viz_items_list(&b->node->trust, list, &b->evil.author, VIZ_ITEMS_VIEW, b->now);
	n = list->count;
	viz_store_abort(b->store);
	free(list);
	return n;
}

/* A partner whose coverage we have acknowledged signs two NODEs at once, or one that is dated
 * before its `seq`. What that does to its coverage no view shows: so it stays in ours, and the
 * partner in our lists, or it could prove that we left it out. */
static void a_nodes_faults_leave_no_view(void **state)
{
	struct one_node *b = *state;
	int64_t in_view_ms = b->federation.silence_ms + b->federation.grace_ms;
	struct viz_lead_draw *d = calloc(1, sizeof *d);
	static const struct viz_area area = {.municipality = 3201209};
	struct forge two = b->evil;
	struct viz_time seq;

	assert_non_null(d);
	cover(b);
	assert_int_equal(in_view(b), 2);
	b->now.ms += 1000;
	seq = b->now;
	for (unsigned i = 0; i < 2; i++) {
		snprintf(two.name, sizeof two.name, "Provedor %u", i);
		forge_node(&b->scratch, &two, b->now);
		give(b, &b->scratch);
	}
	assert_false(evil(b)->has_node);
	assert_int_equal(in_view(b), 2);
	assert_int_equal(viz_store_begin(b->store), VIZ_OK);
	viz_lead_draw_preview(&b->node->net, d, &area);
	viz_store_abort(b->store);
	assert_int_equal(d->drawn_count, 0);
	assert_int_equal(d->silent_count, 1);
	close_node(b);
	open_node(b);
	assert_int_equal(in_view(b), 2);
	b->now = viz_after(seq, in_view_ms - 1);
	assert_int_equal(in_view(b), 2);
	b->now = viz_after(seq, in_view_ms);
	assert_int_equal(in_view(b), 0);
	free(d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	    T(a_draw_serves_one_offer_or_none),   T(a_draw_is_for_its_place),
	    T(nobody_is_always_named_first),      T(no_offer_without_a_way_to_withdraw),
	    T(a_turn_of_a_fast_clock_is_dropped), T(a_nodes_faults_leave_no_view),
	};

	VIZ_REQUIRE(viz_crypto_init() == VIZ_OK);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
