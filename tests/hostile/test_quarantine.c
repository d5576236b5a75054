/* How quarantine ends, and what waits after a start for LAST of one partner. Like test_start.c. */
#include "tests/hostile/one_lead.h"

#include "crypto/crypto.h"
#include "node/core/place.h"
#include "node/lead/lead.h"
#include "node/link/link.h"
#include "node/state.h"
#include "node/trust/identity.h"
#include "node/trust/member.h"
#include "proto/base.h"
#include "proto/limits.h"
#include "proto/message.h"
#include "proto/protest.h"
#include "proto/record.h"
#include "proto/writer.h"
#include "store/stat.h"
#include "store/store.h"
#include "store/tables.h"
#include "store/vault.h"
#include "tests/hostile/one_offer.h"
#include "tests/hostile/one_protest.h"

#include <unistd.h>

static bool quarantined(struct one_node *b)
{
	return b->node->trust.self.quarantine.ms != 0;
}

/* Something of ours has come that we never signed. */
static void begin(struct one_node *b)
{
	assert_int_equal(viz_store_begin(b->store), VIZ_OK);
	viz_identity_quarantine(&b->node->trust, viz_after(b->now, 10));
	assert_int_equal(viz_store_commit(b->store), VIZ_OK);
}

static void lose_link(struct one_node *b)
{
	cut(b, LINK_EVIL);
}

static void next_day(struct one_node *b)
{
	tick(b, VIZ_DAY_MS - b->now.ms % VIZ_DAY_MS + 1000);
}

/* A comparison finds that both hold the same: the peer sends the digest that we would send. */
static void compare(struct one_node *b)
{
	viz_link_find(&b->node->net, LINK_EVIL)->told = true;
	tick(b, 0);
}

/* On the day on which it began nothing ends it, whatever the peers say. */
static void it_lasts_for_the_day(void **state)
{
	struct one_node *b = *state;

	begin(b);
	say_last(b, LINK_EVIL);
	compare(b);
	tick(b, 12 * b->federation.start_ms);
	assert_true(quarantined(b));
	/* who has no link with anybody stays in it on the next day too */
	lose_link(b);
	next_day(b);
	assert_true(quarantined(b));
}

/* It ends on the next day, when each has shown what it holds; in a new log behind the old one. */
static void it_ends_when_all_have_shown(void **state)
{
	struct one_node *b = *state;
	uint64_t log = b->node->trust.self.log;
	struct viz_time last;

	begin(b);
	last = b->node->trust.self.signed_at;
	lose_link(b);
	next_day(b);
	come_in(b, NULL);
	tick(b, 0);
	assert_true(quarantined(b));
	say_last(b, LINK_EVIL);
	assert_true(quarantined(b));
	compare(b);
	assert_false(quarantined(b));
	assert_true(b->node->trust.self.log != log);
	assert_true(b->node->trust.self.log_old.log == log);
	assert_true(b->node->trust.self.signed_at.ms > last.ms);
	assert_true(viz_member_self(&b->node->trust)->partners->log == b->node->trust.self.log);
	assert_true(viz_member_self(&b->node->trust)->node.log == b->node->trust.self.log);
	/* a copy hears of that NODE first */
	assert_false(viz_identity_has_started(&b->node->trust));
	tick(b, b->federation.start_ms);
	assert_true(viz_identity_has_started(&b->node->trust));
}

/* A peer whose clock shows the old day does not end it: our clock may be the fast one. */
static void one_clock_is_not_enough(void **state)
{
	struct one_node *b = *state;

	begin(b);
	say_last(b, LINK_EVIL);
	next_day(b);
	compare(b);
	assert_true(quarantined(b));
	say_member(b, LINK_EVIL);
	assert_false(quarantined(b));
}

/* A partner that shows nothing holds it up for 12 * start_ms; then the members must suffice. */
static void a_silent_partner_is_not_awaited_for_ever(void **state)
{
	struct one_node *b = *state;
	struct forge *other = calloc(1, sizeof *other);

	assert_non_null(other);
	befriend(b, other, 8);
	begin(b);
	lose_link(b);
	next_day(b);
	come_in(b, NULL);
	say_last(b, LINK_EVIL);
	compare(b);
	tick(b, 13 * b->federation.start_ms);
	assert_true(quarantined(b)); /* there are two members */
	assert_non_null(strstr(request(b, "{\"op\":\"key.resume\"}"), "\"ok\":true"));
	assert_false(quarantined(b));
	free(other);
}

/* The operator ends it before anybody has sent LAST since the start: it signs nevertheless. */
static void resumed_before_anybody_was_heard(void **state)
{
	struct one_node *b = *state;

	begin(b);
	b->node->trust.self.start.node_waits = true;
	b->node->trust.self.start.log_from = (struct viz_time){INT64_MAX};
	assert_non_null(strstr(request(b, "{\"op\":\"key.resume\"}"), "\"ok\":true"));
	tick(b, b->federation.start_ms);
	tick(b, 1);
	assert_true(viz_identity_has_started(&b->node->trust));
}

static size_t open_draws(struct one_node *b)
{
	return viz_store_stat_entries(b->store, VIZ_TABLE_DRAW);
}

/* A copy of us may have made an offer from a draw that our store has as open. */
static void it_burns_open_draws(void **state)
{
	struct one_node *b = *state;
	char said[4096];

	cover(b);
	snprintf(said, sizeof said, "%s", heard(b, "text"));
	assert_int_equal(open_draws(b), 1);
	begin(b);
	assert_non_null(strstr(request(b, "{\"op\":\"key.resume\"}"), "\"ok\":true"));
	assert_int_equal(open_draws(b), 0);
	tick(b, b->federation.start_ms);
	assert_non_null(strstr(ask_offer(b, "lead.offer", said), "no-such-draw"));
}

/* The draw was made while our clock was two heartbeats ahead: it is of the log that ends. */
static void a_fast_clock_burns_open_draws(void **state)
{
	struct one_node *b = *state;

	cover(b);
	heard(b, "text");
	assert_int_equal(open_draws(b), 1);
	restart(b, -2 * b->federation.heartbeat_ms);
	assert_false(quarantined(b));
	assert_int_not_equal(b->node->trust.self.log_old.log, 0);
	assert_int_equal(open_draws(b), 0);
}

/* A restored store without its vault, or with another one: no crash leaves them so. */
static void a_vault_of_another_time_begins_it(void **state)
{
	struct one_node *b = *state;
	char path[SCRATCH_PATH + 8];

	offer(b);
	restart(b, 1000);
	assert_false(quarantined(b));
	close_node(b);
	snprintf(path, sizeof path, "%s/vault", b->dir);
	assert_int_equal(truncate(path, 0), 0);
	assert_int_equal(viz_vault_file_give_up(NULL, b->dir), VIZ_OK); /* --without-vault */
	open_node(b);
	tick(b, 0);
	assert_true(quarantined(b));
}

/* CLOSE of an offer from before the start waits for LAST of the one who has not answered. */
static void close_waits_for_last(void **state)
{
	struct one_node *b = *state;
	struct forge *other = calloc(1, sizeof *other);
	struct viz_lead *lead = calloc(1, sizeof *lead);
	uint64_t slot;

	assert_true(other && lead);
	befriend(b, other, 8);
	cover(b);
	slot = offer(b);
	close_node(b);
	b->now.ms += 1000;
	open_node(b);
	tick(b, 0);
	come_in_as(b, other, 8, NULL);
	say_last(b, 8);
	tick(b, b->federation.start_ms);
	assert_true(viz_identity_has_started(&b->node->trust));
	tick(b, b->federation.window_min_ms + 1000);
	get(b, lead, slot);
	assert_int_equal(lead->state, VIZ_LEAD_OPEN);
	come_in(b, NULL);
	tick(b, 2000);
	get(b, lead, slot);
	assert_int_equal(lead->state, VIZ_LEAD_OPEN);
	say_last(b, LINK_EVIL);
	tick(b, 1000);
	tick(b, 1000);
	get(b, lead, slot);
	assert_int_not_equal(lead->state, VIZ_LEAD_OPEN);
	assert_false(viz_id_is_zero(&lead->close));
	free(other);
	free(lead);
}

/* `closes` has come while the process was away. Whoever could not answer meanwhile gets the
 * shortest window from when the log is free; and an answer of all closes at once. */
static void close_waits_until_answers_could_come(void **state)
{
	struct one_node *b = *state;
	struct viz_lead *lead = calloc(1, sizeof *lead);
	uint64_t slot;

	assert_non_null(lead);
	slot = offer(b);
	restart(b, b->federation.window_min_ms + 1000);
	say_last(b, LINK_EVIL);
	tick(b, b->federation.start_ms);
	assert_true(viz_identity_has_started(&b->node->trust));
	tick(b, b->federation.window_min_ms - 1000);
	get(b, lead, slot);
	assert_int_equal(lead->state, VIZ_LEAD_OPEN);
	tick(b, 1000);
	tick(b, 1000);
	get(b, lead, slot);
	assert_false(viz_id_is_zero(&lead->close));
	free(lead);
}

static void make_offer(struct one_node *b, unsigned n)
{
	(void)n;
	cover(b);
	assert_true(ok(ask_offer(b, "lead.offer", heard(b, "text"))));
}

/* The partner says that it holds nothing of our log. Returns how many RECORDs it gets. */
static size_t sent_behind(struct one_node *b)
{
	struct viz_message_head m = {.origin = *viz_node_author(b->node),
				     .log = b->node->trust.self.log};
	VIZ_WRITER(w, 192);

	viz_message_head_write(&w, &m);
	message(b, &w);
	return b->records_on[LINK_EVIL];
}

/* A link died with our OFFER on it, and a copy of us came in meanwhile: what it signed then and our
 * OFFER contradict each other. Nobody has it, and it stays so. */
static void what_nobody_got_is_not_sent(void **state)
{
	struct one_node *b = *state;

	cover(b);
	offer(b);
	assert_int_equal(sent_behind(b), 1);
	begin(b);
	assert_int_equal(sent_behind(b), 0);
	next_day(b);
	assert_non_null(strstr(request(b, "{\"op\":\"key.resume\"}"), "\"ok\":true"));
	assert_int_equal(sent_behind(b), 0);
}

/* We are asked, and no location comes. */
static void make_protest(struct one_node *b, unsigned n)
{
	struct false_offer *o = calloc(1, sizeof *o);

	false_offer_to_us(b, o, n);
	false_offer_sign(b, o);
	give(b, &o->offer);
	tick(b, 23000);
	assert_int_equal(b->closed, 0);
	free(o);
}

/* The false peer says that it did not hear us. */
static void make_reply(struct one_node *b, unsigned n)
{
	struct viz_protest p = protest_about_us(b);

	sign_protest(b, &b->scratch, &b->evil, &p, n);
	give(b, &b->scratch);
	assert_int_equal(b->closed, 0);
	tick(b, 5000);
}

/* The number of today's highest slot below `to` in which a record of ours stands. */
static unsigned highest_slot(struct one_node *b, uint8_t type, unsigned to)
{
	struct viz_held held;
	unsigned n = to;

	assert_int_equal(viz_store_begin(b->store), VIZ_OK);
	while (n > 0 && !viz_place_get(&b->node->core, &held, NULL, viz_node_author(b->node), type,
				       viz_record_slot_make(b->now, n - 1)))
		n--;
	viz_store_abort(b->store);
	assert_true(n > 0);
	return n - 1;
}

/* It begins, and the operator ends it at once; what waits after its end is over. */
static void pass(struct one_node *b)
{
	begin(b);
	assert_non_null(strstr(request(b, "{\"op\":\"key.resume\"}"), "\"ok\":true"));
	tick(b, b->federation.start_ms + b->federation.skew_ms);
}

/* What stood behind the highest slot that was found may be lost: on the day on which quarantine
 * ended, the first one after it skips half of what is left. The next ones follow it, and the next
 * day begins at the first slot. */
static void skips_half(struct one_node *b, uint8_t type, unsigned from, unsigned to,
		       void (*make)(struct one_node *b, unsigned n))
{
	unsigned half = from + 1 + (to - from - 1) / 2;

	make(b, 0);
	assert_int_equal(highest_slot(b, type, to), from);
	pass(b);
	make(b, 1);
	assert_int_equal(highest_slot(b, type, to), half);
	make(b, 2);
	assert_int_equal(highest_slot(b, type, to), half + 1);
	next_day(b);
	make(b, 0);
	assert_int_equal(highest_slot(b, type, to), from);
	make(b, 1);
	assert_int_equal(highest_slot(b, type, to), from + 1);
	next_day(b);
	pass(b);
	make(b, 0); /* none was found of this day */
	assert_int_equal(highest_slot(b, type, to), from + (to - from) / 2);
}

static void offers_skip_half_of_their_slots(void **state)
{
	skips_half(*state, VIZ_TYPE_OFFER, 0, VIZ_OFFERS_PER_DAY, make_offer);
}

static void protests_skip_half_of_their_slots(void **state)
{
	skips_half(*state, VIZ_TYPE_PROTEST, 0, VIZ_PROTESTS_PER_DAY, make_protest);
}

static void replies_skip_half_of_their_slots(void **state)
{
	skips_half(*state, VIZ_TYPE_PROTEST, VIZ_PROTESTS_PER_DAY,
		   VIZ_PROTESTS_PER_DAY + VIZ_REPLIES_PER_DAY, make_reply);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	    T(it_lasts_for_the_day),
	    T(it_ends_when_all_have_shown),
	    T(one_clock_is_not_enough),
	    T(a_silent_partner_is_not_awaited_for_ever),
	    T(resumed_before_anybody_was_heard),
	    T(what_nobody_got_is_not_sent),
	    T(it_burns_open_draws),
	    T(a_fast_clock_burns_open_draws),
	    T(close_waits_for_last),
	    T(a_vault_of_another_time_begins_it),
	    T(close_waits_until_answers_could_come),
	    T(offers_skip_half_of_their_slots),
	    T(protests_skip_half_of_their_slots),
	    T(replies_skip_half_of_their_slots),
	};

	VIZ_REQUIRE(viz_crypto_init() == VIZ_OK);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
