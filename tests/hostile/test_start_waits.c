/* What waits after a start for LAST. */
#include "tests/hostile/one_node.h"

#include "crypto/crypto.h"
#include "node/core/place.h"
#include "proto/base.h"
#include "proto/limits.h"
#include "proto/record.h"
#include "proto/trust.h"
#include "store/store.h"

static int64_t node_time(struct one_node *b)
{
	return viz_member_self(&b->node->trust)->node_time.ms;
}

static bool starting(struct one_node *b)
{
	return strstr(request(b, "{\"op\": \"status\"}"), "\"starting\":true") != NULL;
}

static int64_t node_start(struct one_node *b)
{
	return viz_member_self(&b->node->trust)->node.start.ms;
}

/* Returns when the process began. */
static int64_t start_again(struct one_node *b)
{
	close_node(b);
	b->now.ms += 1000;
	open_node(b);
	tick(b, 0);
	return b->now.ms;
}

/* When our VOUCH for nobody told of a start. */
static int64_t told(struct one_node *b)
{
	struct viz_held held;
	struct viz_record rec;
	struct viz_vouch v;
	int64_t at = 0;

	assert_int_equal(viz_store_begin(b->store), VIZ_OK);
	if (viz_place_get(&b->node->core, &held, &rec, &b->node->trust.self.author, VIZ_TYPE_VOUCH,
			  VIZ_VOUCH_SLOT_START)) {
		viz_vouch_parse(&v, &rec);
		assert_true(v.withdrawn && viz_id_is_zero(&v.sponsee));
		at = rec.time.ms;
	}
	viz_store_abort(b->store);
	return at;
}

/* After a start NODE waits for LAST of a partner, and of the others with a link; then a VOUCH tells
 * of the start, and NODE and the log wait for start_ms more. */
static void a_start_waits_for_last(void **state)
{
	struct one_node *b = *state;
	struct forge *other = calloc(1, sizeof *other);
	int64_t began;

	assert_non_null(other);
	befriend(b, other, 8);
	began = start_again(b);
	tick(b, 2 * b->federation.heartbeat_ms);
	assert_true(node_start(b) < began && starting(b));
	come_in(b, NULL);
	come_in_as(b, other, 8, NULL);
	say_last(b, LINK_EVIL);
	tick(b, b->federation.start_ms);
	assert_true(node_start(b) < began);
	assert_true(told(b) < began);
	say_last(b, 8);
	assert_int_equal(told(b), b->now.ms);
	tick(b, b->federation.start_ms - 1);
	assert_true(node_start(b) < began);
	assert_false(viz_identity_has_started(&b->node->trust));
	assert_int_equal(viz_node_deadline(b->node).ms, b->now.ms + 1);
	tick(b, 1);
	assert_int_equal(node_start(b), began);
	assert_int_equal(node_time(b), b->now.ms);
	assert_true(viz_identity_has_started(&b->node->trust));
	assert_false(starting(b));
	free(other);
}

/* One who has a link and never sends LAST is not waited for beyond 2 * start_ms. */
static void a_start_does_not_wait_for_ever(void **state)
{
	struct one_node *b = *state;
	struct forge *other = calloc(1, sizeof *other);
	int64_t began;

	assert_non_null(other);
	befriend(b, other, 8);
	began = start_again(b);
	come_in(b, NULL);
	come_in_as(b, other, 8, NULL);
	say_last(b, LINK_EVIL);
	tick(b, 2 * b->federation.start_ms - 1);
	assert_true(node_start(b) < began);
	assert_int_equal(viz_node_deadline(b->node).ms, b->now.ms + 1);
	tick(b, 1);
	assert_int_equal(told(b), b->now.ms);
	tick(b, b->federation.start_ms);
	assert_int_equal(node_start(b), began);
	free(other);
}

/* Without any partner in reach NODE is signed after three heartbeats, and still nothing in the log
 * before a partner's LAST. */
static void a_start_without_partners_in_reach(void **state)
{
	struct one_node *b = *state;
	int64_t began = start_again(b);

	tick(b, 3 * b->federation.heartbeat_ms - 1);
	assert_true(told(b) < began);
	tick(b, 1);
	assert_int_equal(told(b), b->now.ms);
	tick(b, b->federation.start_ms);
	assert_int_equal(node_start(b), began);
	tick(b, 3600000);
	assert_false(viz_identity_has_started(&b->node->trust));
	come_in(b, NULL);
	assert_false(viz_identity_has_started(&b->node->trust));
	say_last(b, LINK_EVIL);
	tick(b, b->federation.start_ms);
	assert_true(viz_identity_has_started(&b->node->trust));
}

/* In an old store the partners are silent, or not listed yet. Then LAST of a member is waited for:
 * what was signed since may be known to it. */
static void an_old_store_waits_for_last(void **state)
{
	struct one_node *b = *state;
	char id[65], json[160];
	int64_t began;

	viz_hex(id, b->evil.author.b, 32);
	for (int listed = 1; listed >= 0; listed--) {
		if (!listed) {
			snprintf(json, sizeof json,
				 "{\"op\":\"peer.block\",\"args\":{\"peer\":\"%s\"}}", id);
			assert_non_null(strstr(request(b, json), "\"ok\":true"));
		}
		tick(b, b->federation.silence_ms + 1000);
		began = start_again(b);
		tick(b, 2 * b->federation.heartbeat_ms);
		assert_true(node_start(b) < began && starting(b));
		come_in(b, NULL);
		assert_true(node_start(b) < began);
		say_last(b, LINK_EVIL);
		assert_int_equal(told(b), b->now.ms);
		tick(b, b->federation.start_ms);
		assert_int_equal(node_start(b), began);
		assert_true(viz_identity_has_started(&b->node->trust));
	}
}

/* The operator's change of partners is not lost while PARTNERS waits. */
static void partners_wait_for_the_start(void **state)
{
	struct one_node *b = *state;
	char id[65], json[160];

	start_again(b);
	viz_hex(id, b->evil.author.b, 32);
	snprintf(json, sizeof json,
		 "{\"op\":\"peer.block\",\"args\":{\"peer\":\"%s\",\"reason\":\"x\"}}", id);
	assert_non_null(strstr(request(b, json), "\"ok\":true"));
	assert_int_equal(viz_member_self(&b->node->trust)->partners->entry[0].removed.ms, 0);
	come_in(b, NULL);
	say_last(b, LINK_EVIL);
	tick(b, b->federation.start_ms);
	assert_int_equal(viz_member_self(&b->node->trust)->partners->entry[0].removed.ms,
			 b->now.ms);
}
int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	    T(a_start_waits_for_last),
	    T(a_start_does_not_wait_for_ever),
	    T(a_start_without_partners_in_reach),
	    T(an_old_store_waits_for_last),
	    T(partners_wait_for_the_start),
	};

	VIZ_REQUIRE(viz_crypto_init() == VIZ_OK);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
