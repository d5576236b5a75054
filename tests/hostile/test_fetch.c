/* What a node does with what others announce: whom it asks, and whom it does not wait for. */
#include "tests/hostile/one_fetch.h"

#include "crypto/id.h"
#include "node/gossip/gossip.h"
#include "node/state.h"
#include "node/trust/member.h"
#include "proto/limits.h"
#include "proto/message.h"
#include "proto/record.h"

#define MINUTE 60000

static void the_first_announcer_is_asked(void **state)
{
	struct one_node *b = *state;
	struct forge *f = friends(b);
	struct forged *x = lacking(b, &f[1], 5);

	announce(b, 8, x);
	assert_int_equal(b->asked_on[8], 1);
	assert_int_equal(b->want.place[0].type, VIZ_TYPE_COVERAGE);
	assert_int_equal(b->want.place[0].slot, 5);
	assert_true(b->want.place[0].brief); /* nobody else begins so */
	assert_memory_equal(b->want.place[0].author.b, f[1].author.b, VIZ_TREE_PREFIX);
	announce(b, LINK_EVIL, x);
	assert_int_equal(b->asked_on[LINK_EVIL], 0);
	tick(b, 100);
	give_on(b, 8, x);
	assert_true(holds(b, x));
	assert_int_equal(fetch(b)->count, 0);
	assert_int_equal(link_of(b, 8)->owed_count, 0);
	tick(b, 1000);
	assert_false(is_last(b, &f[0]) || is_last(b, &b->evil));
	free(x);
	free(f);
}

/* The first one says nothing: after 150 ms the next one is asked. */
static void one_that_is_silent_is_not_waited_for(void **state)
{
	struct one_node *b = *state;
	struct forge *f = friends(b);
	struct forged *x = lacking(b, &f[1], 5);

	announce(b, LINK_EVIL, x);
	assert_int_equal(b->asked_on[LINK_EVIL], 1);
	tick(b, 10);
	announce(b, 8, x);
	assert_int_equal(b->asked_on[8], 0);
	assert_true(viz_node_deadline(b->node).ms <= b->now.ms + 140);
	tick(b, 139);
	assert_int_equal(b->asked_on[8], 0);
	tick(b, 1);
	assert_int_equal(b->asked_on[8], 1);
	assert_true(is_last(b, &b->evil));
	give_on(b, 8, x);
	assert_true(holds(b, x));
	assert_false(is_last(b, &f[0]));
	free(x);
	free(f);
}

/* For ten minutes others are asked first, and it alone after a while. A new link changes nothing.
 */
static void one_that_did_not_deliver_is_asked_last(void **state)
{
	struct one_node *b = *state;
	struct forge *f = friends(b);
	struct forged *x = lacking(b, &f[1], 5), *y = lacking(b, &f[1], 6),
		      *z = lacking(b, &f[1], 7);

	announce(b, LINK_EVIL, x);
	tick(b, 150);
	assert_true(is_last(b, &b->evil));
	cut(b, LINK_EVIL);
	tick(b, 5000);
	come_in(b, NULL);
	tick(b, 1000);
	announce(b, LINK_EVIL, y);
	assert_int_equal(b->asked_on[LINK_EVIL], 0);
	announce(b, 8, y);
	assert_int_equal(b->asked_on[8], 1);
	give_on(b, 8, y);
	announce(b, LINK_EVIL, z);
	tick(b, 149);
	assert_int_equal(b->asked_on[LINK_EVIL], 0);
	tick(b, 1);
	assert_int_equal(b->asked_on[LINK_EVIL], 1);
	give(b, z);
	assert_true(holds(b, z));
	tick(b, 10 * MINUTE);
	assert_false(is_last(b, &b->evil));
	free(x);
	x = lacking(b, &f[1], 8);
	announce(b, LINK_EVIL, x);
	assert_int_equal(b->asked_on[LINK_EVIL], 1);
	free(x);
	free(y);
	free(z);
	free(f);
}

/* One that delivers slowly keeps its turn; what it passes over it does not. */
static void one_that_delivers_is_not_overtaken(void **state)
{
	struct one_node *b = *state;
	struct forge *f = friends(b);
	struct viz_announced all[4];
	struct forged *x[4];

	for (size_t i = 0; i < 4; i++) {
		x[i] = lacking(b, &f[1], 10 + i);
		all[i] = named(x[i]);
	}
	announce_all(b, LINK_EVIL, all, 4);
	assert_int_equal(b->asked_on[LINK_EVIL], 4);
	assert_int_equal(b->want.count, 4);
	announce_all(b, 8, all, 4);
	tick(b, 140);
	give(b, x[0]);
	tick(b, 140);
	assert_int_equal(b->asked_on[8], 0);
	give(b, x[2]);
	assert_int_equal(b->asked_on[8], 1);
	assert_int_equal(b->want.place[0].slot, 11);
	tick(b, 149);
	assert_int_equal(b->asked_on[8], 0);
	tick(b, 1);
	assert_int_equal(b->asked_on[8], 1);
	assert_int_equal(b->want.place[0].slot, 13);
	for (size_t i = 0; i < 4; i++)
		free(x[i]);
	free(f);
}

/* A COVERAGE of a partner has places of its own: what others announce does not keep it back. */
static void few_are_open_on_a_link(void **state)
{
	struct one_node *b = *state;
	struct forge *f = friends(b);
	struct viz_announced all[64];
	struct viz_member *m = viz_member_find(&b->node->trust, &f[1].author);
	struct forged *x = lacking(b, &f[0], 5);

	m->peer.partner = false; /* of others */
	for (size_t i = 0; i < 64; i++) {
		all[i] = (struct viz_announced){.place = {f[1].author, VIZ_TYPE_COVERAGE, i},
						.item = {1, (uint8_t)i}};
	}
	announce_all(b, LINK_EVIL, all, 64);
	assert_int_equal(b->asked_on[LINK_EVIL], VIZ_FETCH_OPEN);
	announce(b, LINK_EVIL, x);
	assert_int_equal(b->asked_on[LINK_EVIL], 1);
	give(b, x);
	assert_true(holds(b, x));
	tick(b, 10000);
	assert_int_equal(b->asked_on[LINK_EVIL], VIZ_FETCH_OPEN);
	assert_int_equal(link_of(b, LINK_EVIL)->owed_count, VIZ_FETCH_OPEN);
	tick(b, 150);
	assert_int_equal(fetch(b)->count, 0);
	m->peer.partner = true;
	free(x);
	free(f);
}

/* A VOUCH makes an author known. What was announced of it before is asked for then. */
static void one_that_is_not_known_yet_waits(void **state)
{
	struct one_node *b = *state;
	struct forge *f = friends(b), newcomer;
	struct forged *node = calloc(1, sizeof *node), *vouch = calloc(1, sizeof *vouch);

	assert_true(node && vouch);
	forge_author(&newcomer, &b->federation, &b->rng);
	forge_node(node, &newcomer, b->now);
	forge_vouch(vouch, &f[1], 1, b->now, &newcomer.author, false);
	announce(b, 8, node);
	assert_int_equal(b->asked_on[8], 0);
	announce(b, 8, vouch);
	assert_int_equal(b->asked_on[8], 1);
	assert_int_equal(b->want.place[0].type, VIZ_TYPE_VOUCH);
	give_on(b, 8, vouch);
	assert_int_equal(b->asked_on[8], 1);
	assert_int_equal(b->want.place[0].type, VIZ_TYPE_NODE);
	give_on(b, 8, node);
	assert_true(holds(b, node));
	/* one for whom nobody vouches */
	forge_author(&newcomer, &b->federation, &b->rng);
	forge_node(node, &newcomer, b->now);
	announce(b, 8, node);
	link_of(b, 8)->behind = false;
	link_of(b, 8)->repair_at = viz_after(b->now, 10 * MINUTE);
	for (int i = 0; i < 10; i++) {
		assert_false(link_of(b, 8)->behind);
		tick(b, 1000);
		assert_int_equal(b->asked_on[8], 0);
	}
	assert_int_equal(fetch(b)->count, 0);
	assert_true(link_of(b, 8)->behind);
	free(node);
	free(vouch);
	free(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	    T(the_first_announcer_is_asked),
	    T(one_that_is_silent_is_not_waited_for),
	    T(one_that_did_not_deliver_is_asked_last),
	    T(one_that_delivers_is_not_overtaken),
	    T(few_are_open_on_a_link),
	    T(one_that_is_not_known_yet_waits),
	};

	return cmocka_run_group_tests_name("fetch", tests, NULL, NULL);
}
