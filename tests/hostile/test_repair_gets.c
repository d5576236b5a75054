/* What a peer gets that lacks something in a repair, and what it does not get. */
#include "tests/hostile/one_repair.h"

#include "node/link/remote.h"

/* Fills the store with `n` records of 16 KB. */
static void fill(struct one_node *b, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		b->now.ms += 600;
		forge_coverage(&b->scratch, &b->evil, i, b->now, 1024, (uint32_t)i);
		give(b, &b->scratch);
		assert_int_equal(b->closed, 0);
	}
}

/* A peer says that it lacks an author. It gets what verifies others first, some records at a time,
 * and no more than its budget. */
static void who_lacks_gets_in_pieces(void **state)
{
	struct one_node *b = *state;
	struct viz_tree_author a = {.author = b->evil.author.b, .author_len = VIZ_TREE_PREFIX};
	size_t sent = 0;

	fill(b, VIZ_COVERAGE_SLOTS);
	tick(b, 20000);
	begin_on(b, LINK_EVIL);
	give_buckets(b, LINK_EVIL);
	give_last(b, LINK_EVIL);
	tick(b, 30);
	begin_on(b, LINK_EVIL);
	give_buckets(b, LINK_EVIL);
	give_authors(b, LINK_EVIL, &a, 1, false);
	assert_true(b->records_on[LINK_EVIL] >= 2 && b->bytes_on[LINK_EVIL] < 2000);
	evil(b)->remote->repair_bytes = 200000;
	evil(b)->remote->repair_bytes_at = b->now;
	for (int i = 0; i < 2000 && (sent == 0 || b->records_on[LINK_EVIL] > 0); i++) {
		evil(b)->remote->repair_bytes_at = viz_after(b->now, 30); /* nothing comes in */
		tick(b, 30);
		sent += b->bytes_on[LINK_EVIL];
	}
	assert_true(sent > 100000 && sent <= 210000);
}

/* It has more records than the budget has room for at once. Each of them is sent once. */
static void who_lacks_gets_each_once(void **state)
{
	struct one_node *b = *state;
	struct viz_tree_author a = {.author = b->evil.author.b, .author_len = VIZ_TREE_PREFIX};
	size_t sent = 0;

	fill(b, VIZ_COVERAGE_SLOTS);
	tick(b, 20000);
	begin_on(b, LINK_EVIL);
	give_buckets(b, LINK_EVIL);
	evil(b)->remote->repair_bytes = 200000;
	evil(b)->remote->repair_bytes_at = b->now;
	give_authors(b, LINK_EVIL, &a, 1, false);
	sent += b->records_on[LINK_EVIL];
	give_last(b, LINK_EVIL);
	sent += b->records_on[LINK_EVIL];
	for (int i = 0; i < 300 && under_way(b) > 0; i++) {
		evil(b)->remote->repair_bytes = 40000;
		evil(b)->remote->repair_bytes_at = viz_after(b->now, 30); /* nothing comes in */
		tick(b, 30);
		sent += b->records_on[LINK_EVIL];
	}
	assert_int_equal(under_way(b), 0);
	assert_int_equal(sent, 2 + 1 + VIZ_COVERAGE_SLOTS); /* NODE, VOUCH; PARTNERS, COVERAGEs */
}

/* An author that was invited but that nobody vouches for is left out of the tree. Others would not
 * take it, and the difference would never end. */
static void who_is_not_shared_is_not_compared(void **state)
{
	struct one_node *b = *state;
	struct viz_id before, puppet_in;
	struct forge puppet;

	forge_author(&puppet, &b->federation, &b->rng);
	b->now.ms += 600;
	forge_vouch(&b->scratch, &b->evil, 1, b->now, &puppet.author, false);
	give(b, &b->scratch);
	before = root_of(b, hour_now(b));
	forge_node(&b->scratch, &puppet, b->now);
	give(b, &b->scratch);
	puppet_in = root_of(b, hour_now(b));
	assert_false(viz_id_eq(&before, &puppet_in));
	assert_non_null(viz_member_find(&b->node->trust, &puppet.author));
	b->now.ms += 600;
	forge_vouch(&b->scratch, &b->evil, 1, b->now, &puppet.author, true);
	give(b, &b->scratch);
	tick(b, 100);
	give_nothing(b, viz_tree_bucket(&puppet.author), viz_tree_bucket(&puppet.author) + 1);
	assert_true(b->sent_bytes < 40 ||
		    viz_tree_bucket(&puppet.author) == viz_tree_bucket(&b->evil.author));
}

/* WANT for all of an author, of a kind that there is none, of one that is not known. */
static void all_of_an_author(void **state)
{
	struct one_node *b = *state;
	struct viz_id stranger;
	VIZ_WRITER(w, 300);
	struct viz_message_want *m = calloc(1, sizeof *m);

	assert_non_null(m);
	viz_rng_bytes(&b->rng, stranger.b, sizeof stranger.b);
	fill(b, 3);
	tick(b, 20000);
	m->count = 3;
	m->place[0] = (struct viz_item){.author = b->evil.author, .slot = VIZ_WANT_REST};
	m->place[1] = (struct viz_item){.author = b->evil.author, .slot = 2};
	m->place[2] = (struct viz_item){.author = stranger, .slot = VIZ_WANT_IDENTITY};
	viz_message_want_write(&w, m);
	message(b, &w);
	assert_int_equal(b->records_on[LINK_EVIL], 4); /* PARTNERS and the COVERAGEs */
	m->count = 1;
	m->place[0].slot = VIZ_WANT_IDENTITY;
	viz_writer_init(&w, w.start, w.max);
	viz_message_want_write(&w, m);
	message(b, &w);
	assert_int_equal(b->records_on[LINK_EVIL], 2); /* NODE, VOUCH */
	free(m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	    T(who_lacks_gets_in_pieces),
	    T(who_lacks_gets_each_once),
	    T(who_is_not_shared_is_not_compared),
	    T(all_of_an_author),
	};

	return cmocka_run_group_tests_name("repair_gets", tests, NULL, NULL);
}
