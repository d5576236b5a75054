/* What a false member can do in a repair: answer with nothing, with what nobody has, without end,
 * for another hour. */
#include "tests/hostile/one_repair.h"

#include "node/gossip/compare.h"
#include "node/link/remote.h"
#include "node/trust/items.h"

/* ---- messages of the false peer ---- */

/* ---- TREE ---- */

/* Equal sets are known by 64 bytes, and nothing is said. */
static void the_same_root_is_not_answered(void **state)
{
	struct one_node *b = *state;
	struct viz_id root;
	VIZ_WRITER(w, 64);

	tick(b, 20000);
	root = root_of(b, hour_now(b));
	link_of(b, LINK_EVIL)->told = false;
	give_tree(b, hour_now(b), &root);
	assert_int_equal(b->sent, 0);
	assert_true(link_of(b, LINK_EVIL)->told);
	begin_on(b, LINK_EVIL);
	viz_message_tree_write(&w, &b->tree[LINK_EVIL]);
	assert_true(viz_writer_done(&w).len <= 64 - 20); /* length, tag, length of the frame */
}

/* This hour and the last one have an answer, no other. */
static void other_hours_are_not_answered(void **state)
{
	struct one_node *b = *state;
	struct viz_id none = {{0}};
	uint64_t hour;

	tick(b, HOUR + 20000);
	hour = hour_now(b);
	for (int i = -3; i <= 2; i++) {
		tick(b, 1000);
		give_tree(b, hour + (uint64_t)(int64_t)i, &none);
		assert_int_equal(b->sent, i == 0 || i == -1);
	}
}

/* A new link does not bring another answer at once. */
static void trees_are_the_peers(void **state)
{
	struct one_node *b = *state;
	struct viz_id none = {{0}};

	tick(b, 20000);
	give_tree(b, hour_now(b), &none);
	assert_int_equal(b->buckets, 1);
	cut(b, LINK_EVIL);
	come_in(b, NULL);
	give_tree(b, hour_now(b), &none);
	assert_int_equal(b->buckets, 1);
	b->now.ms += 300;
	give_tree(b, hour_now(b), &none);
	assert_int_equal(b->buckets, 2);
}

/* ---- the side that answers ---- */

/* A question of some bytes makes us look at an author's records. We do that within the budget of
 * the peer. */
static void lists_cost(void **state)
{
	struct one_node *b = *state;

	tick(b, 20000);
	give_nothing(b, 0, VIZ_TREE_LISTS_MAX);
	give_nothing(b, VIZ_TREE_LISTS_MAX, VIZ_TREE_BUCKETS);
	assert_int_equal(b->authors, 2);
	evil(b)->remote->repair_bytes = 0;
	evil(b)->remote->repair_bytes_at = b->now;
	give_nothing(b, 0, VIZ_TREE_LISTS_MAX);
	assert_int_equal(b->authors, 3);
	assert_true(b->sent_bytes < 40); /* it is over, and names nobody */
	give_tree(b, hour_now(b), &(struct viz_id){{0}});
	assert_int_equal(b->sent, 0);
	assert_int_equal(b->closed, 0);
}

/* One that lists authors without end is asked for some of them. We begin a repair ourselves, and
 * ask in an order in which we can take them. */
static void of_many_unknown_ones_few_are_asked_for(void **state)
{
	struct one_node *b = *state;
	struct viz_message_bucket *m = calloc(1, sizeof *m);
	static uint8_t entries[VIZ_TREE_ENTRIES_MAX * VIZ_TREE_ENTRY], body[VIZ_BODY_MAX];
	struct viz_writer w;

	assert_non_null(m);
	tick(b, 20000);
	for (unsigned i = 0; i < VIZ_TREE_ENTRIES_MAX; i++) {
		viz_be_put_u16(entries + (size_t)i * VIZ_TREE_ENTRY, (uint16_t)(2 * i));
		entries[(size_t)i * VIZ_TREE_ENTRY + 2] = 1;
	}
	m->hour = hour_now(b);
	m->count = 2;
	for (unsigned i = 0; i < 2; i++)
		m->list[i] = (struct viz_tree_list){(uint16_t)i, 0, VIZ_TREE_TAIL_MAX, entries,
						    sizeof entries};
	viz_writer_init(&w, body, sizeof body);
	viz_message_bucket_write(&w, m);
	link_of(b, LINK_EVIL)->behind = false;
	message(b, &w);
	assert_int_equal(b->authors, 1);
	assert_true(b->sent_bytes < (VIZ_REPAIR_LACKED_MAX + 4) * 12);
	assert_true(link_of(b, LINK_EVIL)->behind || b->trees > 0);
	free(m);
}

/* ---- the side that begins ---- */

/* The peer names a place that it never gives. That is asked for again at the usual time, and not
 * every two seconds. */
static void what_never_comes_is_not_compared_again_soon(void **state)
{
	struct one_node *b = *state;
	static const uint8_t item[] = {VIZ_TYPE_COVERAGE, 63, 0, 0, 1, 2, 3};
	struct viz_tree_author a = {.author = b->evil.author.b,
				    .author_len = 32,
				    .sets = 1,
				    .items = item,
				    .items_len = sizeof item};
	size_t trees;

	tick(b, 20000);
	begin_on(b, LINK_EVIL);
	give_buckets(b, LINK_EVIL);
	trees = b->trees;
	give_authors(b, LINK_EVIL, &a, 1, true);
	assert_int_equal(b->wants, 1);
	assert_int_equal(b->want.count, 1);
	assert_int_equal(b->want.place[0].slot, 63);
	for (int i = 0; i < 5; i++)
		tick(b, 2000);
	assert_int_equal(b->trees, trees);
	assert_int_equal(under_way(b), 0);
	/* something has come: there may be more */
	forge_coverage(&b->scratch, &b->evil, 62, b->now, 1, 1);
	give(b, &b->scratch);
	tick(b, 2000);
	assert_int_equal(b->trees, trees + 1);
}

/* A newer record of an author that has renewed as much as it may would be dropped: it is not asked
 * for before that. */
static void what_would_be_dropped_is_not_asked_for(void **state)
{
	struct one_node *b = *state;
	struct viz_items_place place[VIZ_TREE_ITEMS_MAX];
	uint8_t item[VIZ_TREE_ITEM];
	struct viz_tree_author a = {.author = b->evil.author.b,
				    .author_len = 32,
				    .sets = 1,
				    .items = item,
				    .items_len = sizeof item};
	struct viz_member *m = viz_member_find(&b->node->trust, &b->evil.author);
	size_t n;

	forge_coverage(&b->scratch, &b->evil, 62, b->now, 1, 1);
	give(b, &b->scratch);
	for (unsigned i = 0; i < 2; i++) {
		tick(b, 600000);
		m->updates = i == 0 ? (uint32_t)VIZ_UPDATES_BURST * 1000 : 0;
		m->updates_at = b->now;
		begin_on(b, LINK_EVIL);
		give_buckets(b, LINK_EVIL);
		/* ours, but for the piece */
		assert_int_equal(viz_store_begin(b->store), VIZ_OK);
		n = viz_items_places(&b->node->trust, place, m, 1, b->now);
		viz_store_abort(b->store);
		viz_compare_item(item, &place[n - 1], b->tree[LINK_EVIL].cut);
		item[VIZ_TREE_ITEM - 1] ^= 1;
		give_authors(b, LINK_EVIL, &a, 1, true);
		assert_int_equal(b->wants, i);
		give_last(b, LINK_EVIL);
	}
	assert_int_equal(b->want.place[0].slot, 62);
}

/* A peer that says that it differs, and answers nothing, holds a place for ten seconds. */
static void one_that_says_no_more_ends(void **state)
{
	struct one_node *b = *state;
	size_t trees;

	tick(b, 20000);
	begin_on(b, LINK_EVIL);
	give_buckets(b, LINK_EVIL);
	assert_true(b->lists > 0);
	assert_int_equal(under_way(b), 1);
	trees = b->trees;
	for (int i = 0; i < 9; i++)
		tick(b, 1000);
	assert_int_equal(under_way(b), 1);
	tick(b, 1000);
	assert_int_equal(under_way(b), 0);
	tick(b, 2000);
	assert_int_equal(b->trees, trees);
}

/* One that names authors without end does not hold its place for ever. */
static void one_without_end_ends(void **state)
{
	struct one_node *b = *state;
	struct viz_id stranger;
	struct viz_tree_author a = {.author = stranger.b, .author_len = 32};
	int seconds = 0;

	tick(b, 20000);
	begin_on(b, LINK_EVIL);
	give_buckets(b, LINK_EVIL);
	while (under_way(b) == 1 && seconds < 100) {
		viz_rng_bytes(&b->rng, stranger.b, sizeof stranger.b);
		give_authors(b, LINK_EVIL, &a, 1, false);
		tick(b, 1000);
		seconds++;
	}
	assert_true(seconds >= 59 && seconds <= 61);
	assert_int_equal(b->wants, 0); /* nobody vouches for these */
}

/* Two at a time. The third begins again when one of them has ended. */
static void two_at_a_time(void **state)
{
	struct one_node *b = *state;
	struct forge *other = calloc(2, sizeof *other);
	size_t lists;

	assert_non_null(other);
	befriend(b, &other[0], 8);
	befriend(b, &other[1], 9);
	tick(b, 20000);
	for (uint64_t link = LINK_EVIL; link < LINK_EVIL + 3; link++)
		begin_on(b, link);
	give_buckets(b, LINK_EVIL);
	give_buckets(b, 8);
	assert_int_equal(under_way(b), 2);
	lists = b->lists;
	give_buckets(b, 9);
	assert_int_equal(under_way(b), 2);
	assert_int_equal(b->lists, lists);
	give_last(b, LINK_EVIL);
	assert_int_equal(under_way(b), 1);
	tick(b, 2000);
	tick(b, 0);
	give_buckets(b, 9);
	assert_int_equal(under_way(b), 2);
	free(other);
}

/* Puppets that differ without end, each on a link that it has dialled, hold one of the two places:
 * the other one is for a partner, or for whom we have dialled. */
static void puppets_do_not_hold_all_places(void **state)
{
	struct one_node *b = *state;
	struct forge *puppet = calloc(3, sizeof *puppet);

	assert_non_null(puppet);
	for (unsigned i = 0; i < 3; i++) {
		forge_author(&puppet[i], &b->federation, &b->rng);
		b->now.ms += 600;
		forge_vouch(&b->scratch, &b->evil, i + 1, b->now, &puppet[i].author, false);
		give(b, &b->scratch);
		forge_node(&b->scratch, &puppet[i], b->now);
		give(b, &b->scratch);
		forge_vouch(&b->scratch, &puppet[i], 0, b->now, &b->evil.author, false);
		give(b, &b->scratch);
		come_in_as(b, &puppet[i], 8 + i, NULL);
	}
	tick(b, 20000);
	for (unsigned i = 0; i < 3; i++) {
		begin_on(b, 8 + i);
		give_buckets(b, 8 + i);
	}
	assert_int_equal(under_way(b), 1);
	begin_on(b, LINK_EVIL);
	give_buckets(b, LINK_EVIL);
	assert_int_equal(under_way(b), 2);
	free(puppet);
}

/* The peer has used up its budget of checks. */
static void use_up_checks(struct one_node *b)
{
	evil(b)->remote->tokens = 0;
	evil(b)->remote->tokens_at = b->now;
}

#define ASKED 40 /* authors that the peer vouches for and whom it lists as lacking here */

/* The peer vouches for so many new authors, and lists them as lacking here. We ask for all at once.
 */
static void lack_and_ask(struct one_node *b, struct forge *author, size_t count)
{
	struct viz_tree_author a[ASKED];

	for (unsigned i = 0; i < count; i++) {
		forge_author(&author[i], &b->federation, &b->rng);
		b->now.ms += 600;
		forge_vouch(&b->scratch, &b->evil, i + 1, b->now, &author[i].author, false);
		give(b, &b->scratch);
		a[i] = (struct viz_tree_author){.author = author[i].author.b, .author_len = 32};
	}
	tick(b, 20000);
	begin_on(b, LINK_EVIL);
	give_buckets(b, LINK_EVIL);
	give_authors(b, LINK_EVIL, a, count, false);
	give_last(b, LINK_EVIL);
	assert_int_equal(b->wants, 1);
	assert_int_equal(b->want.count, count);
}

/* What we ask for sets the pace, not the peer's budget: many authors are asked for at once, and
 * what comes of them is checked though the budget of checks is used up. What it sends besides is
 * not. */
static void what_was_asked_for_has_its_places(void **state)
{
	struct one_node *b = *state;
	struct forge *author = calloc(ASKED, sizeof *author);
	uint64_t checked;

	assert_non_null(author);
	lack_and_ask(b, author, ASKED);
	use_up_checks(b);
	checked = b->node->gossip.intake.checked;
	for (unsigned i = 0; i < ASKED; i++) {
		for (unsigned k = 0; k < ASKED; k++)
			if (viz_id_eq(&b->want.place[i].author, &author[k].author))
				forge_node(&b->scratch, &author[k], b->now);
		give(b, &b->scratch);
		assert_int_equal(b->node->gossip.intake.checked, ++checked);
		assert_int_equal(b->asked_checks, i + 1);
	}
	/* nobody has asked for this one */
	forge_coverage(&b->scratch, &b->evil, 3, b->now, 1, 1);
	link_of(b, LINK_EVIL)->behind = false;
	use_up_checks(b);
	give(b, &b->scratch);
	assert_int_equal(b->node->gossip.intake.checked, checked);
	assert_true(link_of(b, LINK_EVIL)->behind);
	b->now.ms += 60000;
	give(b, &b->scratch);
	assert_int_equal(b->node->gossip.intake.checked, checked + 1);
	assert_int_equal(b->asked_checks, ASKED);
	free(author);
}

/* NODEs come in any order. What is left of their authors is asked for in the order of the store,
 * which is written faster so. */
static void the_rest_is_asked_for_in_order(void **state)
{
	struct one_node *b = *state;
	struct forge author[ASKED];
	size_t asked = 0, wants = 1;

	lack_and_ask(b, author, ASKED);
	for (unsigned i = 0; i < ASKED; i++) {
		forge_node(&b->scratch, &author[i], b->now);
		give(b, &b->scratch);
		forge_vouch(&b->scratch, &author[i], 1, b->now, &b->evil.author, false);
		give(b, &b->scratch);
		tick(b, 20);
		for (size_t k = 0; b->wants > wants && k < b->want.count; k++, asked++) {
			assert_int_equal(b->want.place[k].slot, VIZ_WANT_REST);
			assert_true(k == 0 || viz_id_cmp(&b->want.place[k - 1].author,
							 &b->want.place[k].author) < 0);
		}
		wants = b->wants;
	}
	assert_in_range(asked, ASKED / 2, ASKED);
}

/* What was asked for comes again and again: it is charged like all that is held already. */
static void what_is_repeated_is_charged(void **state)
{
	struct one_node *b = *state;
	struct forge author;

	lack_and_ask(b, &author, 1);
	forge_node(&b->scratch, &author, b->now);
	give(b, &b->scratch);
	evil(b)->remote->tokens = 100 * 1000;
	evil(b)->remote->tokens_at = b->now;
	for (unsigned i = 0; i < 10 * VIZ_LOOKS_PER_CHECK; i++)
		give(b, &b->scratch);
	assert_in_range(evil(b)->remote->tokens, 85 * 1000, 95 * 1000);
	use_up_checks(b);
	give(b, &b->scratch);
	assert_int_equal(b->closed, 1);
	assert_string_equal(b->reason, "too-many");
}

/* An author that was asked for later has come: those before it come no more, and what is sent of
 * them is as if nobody had asked. */
static void answers_come_in_order(void **state)
{
	struct one_node *b = *state;
	struct forge author[2];
	unsigned last;

	lack_and_ask(b, author, 2);
	last = viz_id_eq(&b->want.place[1].author, &author[1].author);
	use_up_checks(b);
	forge_node(&b->scratch, &author[last], b->now);
	give(b, &b->scratch);
	assert_true(viz_member_find(&b->node->trust, &author[last].author)->has_node);
	use_up_checks(b);
	forge_node(&b->scratch, &author[!last], b->now);
	give(b, &b->scratch);
	assert_false(viz_member_find(&b->node->trust, &author[!last].author) &&
		     viz_member_find(&b->node->trust, &author[!last].author)->has_node);
	assert_int_equal(b->closed, 0);
}

/* Two peers have an author that we lack: we ask one of them, and the other one only when nothing
 * has come for a second. */
static void one_of_two_is_asked(void **state)
{
	struct one_node *b = *state;
	struct forge author, other;
	struct viz_tree_author a = {.author = author.author.b, .author_len = 32};

	befriend(b, &other, 8);
	lack_and_ask(b, &author, 1);
	begin_on(b, 8);
	give_buckets(b, 8);
	give_authors(b, 8, &a, 1, false);
	while (repair(b)->task[1].open > 0)
		give_authors(b, 8, &a, 0, true);
	tick(b, 20);
	assert_int_equal(under_way(b), 2);
	assert_int_equal(repair(b)->task[1].lack.open_count, 0);
	tick(b, 1000);
	assert_int_equal(repair(b)->task[0].lack.open_count + repair(b)->task[1].lack.open_count,
			 1);
	assert_int_equal(b->closed, 0);
}

/* What answers nothing that we have asked is ignored. */
static void answers_to_nothing_are_ignored(void **state)
{
	struct one_node *b = *state;
	struct viz_tree_author a = {.author = b->evil.author.b, .author_len = VIZ_TREE_PREFIX};

	tick(b, 20000);
	give_authors(b, LINK_EVIL, &a, 1, true);
	assert_int_equal(b->sent, 0);
	begin_on(b, LINK_EVIL);
	b->tree[LINK_EVIL].cut ^= 1;
	give_buckets(b, LINK_EVIL);
	assert_int_equal(b->sent, 0);
	b->tree[LINK_EVIL].cut ^= 1;
	b->tree[LINK_EVIL].hour--;
	give_buckets(b, LINK_EVIL);
	assert_int_equal(b->sent, 0);
	b->tree[LINK_EVIL].hour++;
	give_buckets(b, LINK_EVIL);
	assert_true(b->sent > 0);
	give_buckets(b, LINK_EVIL); /* one answer to one TREE */
	assert_int_equal(b->sent, 0);
	b->tree[LINK_EVIL].hour--;
	give_authors(b, LINK_EVIL, &a, 1, true);
	assert_int_equal(b->sent, 0);
	assert_int_equal(b->closed, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	    T(the_same_root_is_not_answered),
	    T(other_hours_are_not_answered),
	    T(trees_are_the_peers),
	    T(lists_cost),
	    T(of_many_unknown_ones_few_are_asked_for),
	    T(what_never_comes_is_not_compared_again_soon),
	    T(what_would_be_dropped_is_not_asked_for),
	    T(one_that_says_no_more_ends),
	    T(one_without_end_ends),
	    T(two_at_a_time),
	    T(puppets_do_not_hold_all_places),
	    T(what_was_asked_for_has_its_places),
	    T(the_rest_is_asked_for_in_order),
	    T(what_is_repeated_is_charged),
	    T(answers_come_in_order),
	    T(one_of_two_is_asked),
	    T(answers_to_nothing_are_ignored),
	};

	return cmocka_run_group_tests_name("repair", tests, NULL, NULL);
}
