/* What a sketch in the answer to our TREE does: what it shows is asked for and sent; a false one
 * takes away the saving, and no more; and what a larger one costs who asks for it. */
#include "tests/hostile/one_node.h"

#include "node/gossip/gossip.h"
#include "node/link/remote.h"
#include "node/node.h"
#include "node/state.h"
#include "node/trust/items.h"
#include "node/trust/member.h"
#include "node/trust/sketch.h"
#include "node/trust/tree.h"
#include "proto/limits.h"
#include "proto/message.h"

static struct viz_link *link_of(struct one_node *b)
{
	return viz_link_find(&b->node->net, LINK_EVIL);
}

static const struct viz_repair *repair(const struct one_node *b)
{
	return &b->node->gossip.repair;
}

static uint64_t hour_now(struct one_node *b)
{
	return viz_tree_hour_of(&b->node->core, b->now);
}

/* The mark of a record, as if its item began with `n`. */
static uint64_t mark_of(const struct one_node *b, const struct viz_id *author, uint8_t type,
			uint8_t slot, uint8_t n)
{
	struct viz_items_place place = {type, slot, (uint64_t)b->now.ms, {{n}}};

	return viz_sketch_mark(author, &place);
}

/* Our next TREE goes out. */
static void begin(struct one_node *b)
{
	size_t before = b->trees;

	link_of(b)->repair_at = b->now;
	tick(b, 0);
	assert_int_equal(b->trees, before + 1);
}

/* An answer to our last TREE: our own sketch with as many cells as we have asked for. */
struct answer {
	struct viz_message_buckets m;
	unsigned cells;
	uint8_t sketch[VIZ_SKETCH_BYTES(VIZ_SKETCH_MOST + 1)];
};

static struct answer *answer_with(struct one_node *b, unsigned cells)
{
	struct answer *a = calloc(1, sizeof *a);
	const struct viz_message_tree *t = &b->tree[LINK_EVIL];
	const struct viz_tree_hour *tree = viz_tree_at(&b->node->trust, t->hour);

	assert_non_null(a);
	assert_non_null(tree);
	a->cells = cells;
	a->m.hour = t->hour;
	a->m.cut = t->cut;
	a->m.whole = true;
	for (size_t i = 0; i < VIZ_TREE_BUCKETS; i++)
		a->m.piece[i] = tree->hash[i][t->cut];
	viz_tree_sketch(&b->node->trust, t->hour, cells, a->sketch, a->m.parities);
	a->m.sketch = a->sketch;
	a->m.sketch_len = VIZ_SKETCH_BYTES(cells);
	return a;
}

static struct answer *answer(struct one_node *b)
{
	return answer_with(b, b->tree[LINK_EVIL].cells);
}

/* The peer has this item too, or lacks it. */
static void toggle(struct answer *a, uint64_t mark)
{
	struct viz_sketch *s = calloc(1, sizeof *s);

	assert_non_null(s);
	viz_sketch_toggle(s, mark);
	viz_sketch_add(a->sketch, s, a->cells);
	viz_sketch_add_parities(a->m.parities, s);
	free(s);
}

/* Sends it, and frees it. */
static void give_answer(struct one_node *b, struct answer *a)
{
	static uint8_t body[VIZ_BODY_MAX];
	struct viz_writer w;

	viz_writer_init(&w, body, sizeof body);
	viz_message_buckets_write(&w, &a->m);
	message_on(b, LINK_EVIL, &w);
	free(a);
}

/* So many marks that nobody has, of authors that nobody knows. */
static void add_false(struct one_node *b, struct answer *a, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct viz_id author;

		viz_rng_bytes(&b->rng, author.b, sizeof author.b);
		toggle(a, mark_of(b, &author, VIZ_TYPE_VOUCH, 1, 1));
	}
}

static void fill_with_noise(struct one_node *b, struct answer *a)
{
	viz_rng_bytes(&b->rng, a->sketch, VIZ_SKETCH_BYTES(a->cells));
}

/* The answer to our next TREE, in which so many differ. */
static struct answer *answer_too_much(struct one_node *b, size_t n)
{
	struct answer *a;

	tick(b, 20000);
	begin(b);
	a = answer(b);
	add_false(b, a, n);
	return a;
}

static bool is_under_way(const struct one_node *b)
{
	return repair(b)->task[0].link == LINK_EVIL;
}

/* ---- what it shows ---- */

/* What the peer alone has is asked for, by the beginning of its author's id. Nothing is listed. */
static void what_we_lack_is_asked_for(void **state)
{
	struct one_node *b = *state;
	struct answer *a;

	tick(b, 20000);
	begin(b);
	assert_int_equal(b->tree[LINK_EVIL].cells, VIZ_SKETCH_FIRST);
	a = answer(b);
	for (uint8_t i = 0; i < 5; i++)
		toggle(a, mark_of(b, &b->evil.author, VIZ_TYPE_COVERAGE, i, 1));
	give_answer(b, a);
	assert_true(is_under_way(b));
	assert_int_equal(b->lists, 0);
	assert_int_equal(b->wants, 1);
	assert_int_equal(b->want.count, 5);
	for (uint8_t i = 0; i < 5; i++) {
		assert_true(b->want.place[i].brief);
		assert_memory_equal(b->want.place[i].author.b, b->evil.author.b, VIZ_TREE_PREFIX);
		assert_int_equal(b->want.place[i].type, VIZ_TYPE_COVERAGE);
		assert_int_equal(b->want.place[i].slot, i);
	}
	assert_int_equal(repair(b)->read, 1);
}

/* The marks of what is held at a place: what the peer lacks is sent. */
static void what_the_peer_lacks_is_sent(void **state)
{
	struct one_node *b = *state;
	struct answer *a;

	forge_coverage(&b->scratch, &b->evil, 7, b->now, 1, 1);
	give(b, &b->scratch);
	for (int whole = 0; whole < 2; whole++) {
		const struct viz_member *m;

		tick(b, 20000);
		begin(b);
		m = evil(b);
		a = answer(b);
		a->m.whole = whole;
		for (size_t i = 0; i < m->items.mark_count; i++)
			if (viz_sketch_type(m->items.mark[i]) == VIZ_TYPE_COVERAGE)
				toggle(a, m->items.mark[i]);
		/* One that leaves out somebody says nothing of what it would take. */
		link_of(b)->listed_at = b->now;
		give_answer(b, a);
		assert_int_equal(b->records_on[LINK_EVIL], whole);
		assert_int_equal(b->lists, 0);
	}
}

/* Both have something else at a place: the newer one goes to the other, and both where nobody can
 * tell. */
static void the_newer_one_goes(void **state)
{
	struct one_node *b = *state;
	const int64_t day = 86400000;

	forge_coverage(&b->scratch, &b->evil, 7, b->now, 1, 1);
	give(b, &b->scratch);
	for (int i = -1; i <= 1; i++) {
		struct viz_items_place theirs = {
		    VIZ_TYPE_COVERAGE, 7, (uint64_t)(b->now.ms + i * day), {{0xaa}}};
		size_t wants = b->wants;
		struct answer *a;

		tick(b, 60000);
		begin(b);
		a = answer(b);
		for (size_t k = 0; k < evil(b)->items.mark_count; k++)
			if (viz_sketch_type(evil(b)->items.mark[k]) == VIZ_TYPE_COVERAGE)
				toggle(a, evil(b)->items.mark[k]);
		toggle(a, viz_sketch_mark(&b->evil.author, &theirs));
		give_answer(b, a);
		assert_int_equal(b->wants - wants, i >= 0);
		assert_int_equal(b->records_on[LINK_EVIL], i <= 0);
		for (int s = 0; s < 12; s++)
			tick(b, 1000); /* it ends: nothing comes */
		assert_false(is_under_way(b));
	}
}

/* An author that we do not know, and one that the peer lacks: their buckets are listed, and no
 * others. */
static void who_is_lacking_is_listed(void **state)
{
	struct one_node *b = *state;
	struct viz_id stranger = {{0x77, 0x77, 0x77, 1}};
	struct answer *a;

	tick(b, 20000);
	begin(b);
	a = answer(b);
	toggle(a, mark_of(b, &stranger, VIZ_TYPE_NODE, 0, 1));
	toggle(a, mark_of(b, &stranger, VIZ_TYPE_COVERAGE, 3, 1));
	for (size_t i = 0; i < evil(b)->items.mark_count; i++)
		toggle(a, evil(b)->items.mark[i]);
	give_answer(b, a);
	assert_int_equal(b->lists, 1); /* a BUCKET of two lists */
	assert_true(b->bytes_on[LINK_EVIL] < 100);
	assert_int_equal(b->wants, 0);
	assert_int_equal(b->records_on[LINK_EVIL], 0);
	assert_int_equal(repair(b)->task[0].open, 1);
}

/* ---- false ones ---- */

/* It shows too little: as many cells are asked for as its parities say, once. */
static void a_larger_one_is_asked_for_once(void **state)
{
	struct one_node *b = *state;
	struct answer *a = answer_too_much(b, 1000);
	size_t trees = b->trees;

	give_answer(b, a);
	assert_int_equal(b->trees, trees + 1);
	assert_in_range(b->tree[LINK_EVIL].cells, 330, 450);
	assert_int_equal(b->lists, 0);
	a = answer_with(b, VIZ_SKETCH_FIRST); /* too few again */
	add_false(b, a, 1000);
	memset(a->m.piece, 0xff, 100);
	give_answer(b, a);
	assert_int_equal(b->trees, trees + 1);
	assert_int_equal(b->lists, 1);
	assert_int_equal(repair(b)->unread, 2);
}

/* One that is noise at every size: what differs is listed, and for an hour no sketch is asked for
 * on this link. */
static void noise_takes_away_the_saving(void **state)
{
	struct one_node *b = *state;
	struct answer *a;

	tick(b, 20000);
	begin(b);
	for (int i = 0; i < 2; i++) {
		a = answer(b);
		fill_with_noise(b, a);
		a->m.piece[5] ^= 1;
		give_answer(b, a);
		assert_int_equal(b->lists, i);
	}
	assert_int_equal(b->closed, 0);
	for (int i = 0; i < 12; i++)
		tick(b, 1000);
	assert_false(is_under_way(b));
	begin(b);
	assert_int_equal(b->tree[LINK_EVIL].cells, 0);
	a = answer(b);
	a->m.piece[5] ^= 1;
	give_answer(b, a);
	assert_int_equal(b->lists, 2);
	tick(b, HOUR);
	begin(b);
	assert_int_equal(b->tree[LINK_EVIL].cells, VIZ_SKETCH_FIRST);
}

/* More differs than any sketch shows: what differs is listed at once. */
static void too_many_are_listed(void **state)
{
	struct one_node *b = *state;
	struct answer *a = answer_too_much(b, 6000);
	size_t trees = b->trees;

	a->m.piece[5] ^= 1;
	give_answer(b, a);
	assert_int_equal(b->trees, trees);
	assert_int_equal(b->lists, 1);
	assert_true(is_under_way(b));
}

/* The roots differ, and the sketch shows nothing: two records have one mark, as their author has
 * sought for that. They are found by lists, once an hour. */
static void what_no_mark_shows_is_listed(void **state)
{
	struct one_node *b = *state;

	tick(b, HOUR);
	for (int i = 0; i < 4; i++) {
		struct answer *a;

		begin(b);
		a = answer(b);
		a->m.piece[5] ^= 1;
		give_answer(b, a);
		assert_int_equal(b->lists, i < 3 ? 1 : 2);
		link_of(b)->told = false;
		tick(b, 20 * 60000);
	}
}

/* A sketch larger than asked for, or one to no question, is ignored. */
static void what_was_not_asked_for_is_ignored(void **state)
{
	struct one_node *b = *state;
	struct answer *a;

	tick(b, 20000);
	begin(b);
	a = answer_with(b, VIZ_SKETCH_FIRST + 1);
	toggle(a, mark_of(b, &b->evil.author, VIZ_TYPE_COVERAGE, 1, 1));
	give_answer(b, a);
	assert_int_equal(b->wants + b->lists, 0);
	link_of(b)->tree_open = false;
	a = answer(b);
	toggle(a, mark_of(b, &b->evil.author, VIZ_TYPE_COVERAGE, 1, 1));
	give_answer(b, a);
	assert_int_equal(b->wants + b->lists, 0);
	assert_int_equal(repair(b)->read + repair(b)->unread, 0);
}

/* What it shows is looked for within the peer's budget. */
static void reading_is_charged(void **state)
{
	struct one_node *b = *state;
	struct answer *a;
	size_t trees;

	tick(b, 20000);
	begin(b);
	trees = b->trees;
	a = answer(b);
	toggle(a, mark_of(b, &b->evil.author, VIZ_TYPE_COVERAGE, 1, 1));
	evil(b)->remote->repair_bytes = 0;
	evil(b)->remote->repair_bytes_at = b->now;
	link_of(b)->behind = false;
	give_answer(b, a);
	assert_int_equal(b->wants, 0);
	assert_true(link_of(b)->behind || b->trees > trees);
}

/* Of an author whom we leave out nothing is asked for. */
static void who_is_left_out_is_not_asked_for(void **state)
{
	struct one_node *b = *state;
	struct answer *a;

	tick(b, 20000);
	viz_tree_leave_out(&b->node->trust, evil(b), true);
	tick(b, 20);
	assert_int_equal(evil(b)->items.mark_count, 0);
	begin(b);
	a = answer(b);
	toggle(a, mark_of(b, &b->evil.author, VIZ_TYPE_COVERAGE, 1, 1));
	give_answer(b, a);
	assert_int_equal(b->wants + b->lists, 0);
}

/* ---- the side that answers ---- */

static void give_tree(struct one_node *b, uint16_t cells)
{
	VIZ_WRITER(w, 64);

	viz_message_tree_write(
	    &w, &(struct viz_message_tree){.hour = hour_now(b), .cut = 3, .cells = cells});
	message(b, &w);
}

/* One TREE in 300 ms has an answer, and one more behind it that asks for a larger sketch. */
static void a_larger_one_has_one_more_answer(void **state)
{
	struct one_node *b = *state;

	tick(b, 20000);
	give_tree(b, VIZ_SKETCH_FIRST);
	give_tree(b, VIZ_SKETCH_FIRST);
	assert_int_equal(b->buckets, 1);
	give_tree(b, VIZ_SKETCH_MOST);
	assert_int_equal(b->buckets, 2);
	assert_in_range(b->sent_bytes, VIZ_SKETCH_BYTES(VIZ_SKETCH_MOST), 60000);
	give_tree(b, VIZ_SKETCH_MOST);
	give_tree(b, 0);
	assert_int_equal(b->buckets, 2);
	b->now.ms += 300;
	give_tree(b, VIZ_SKETCH_MOST);
	give_tree(b, VIZ_SKETCH_MOST);
	give_tree(b, VIZ_SKETCH_MOST);
	assert_int_equal(b->buckets, 4);
}

/* It is charged by its size, and there is none beyond the budget. */
static void a_sketch_is_charged(void **state)
{
	struct one_node *b = *state;
	int64_t left = VIZ_SKETCH_BYTES(VIZ_SKETCH_MOST) + 4000;

	tick(b, 20000);
	evil(b)->remote->repair_bytes = VIZ_REPAIR_BURST_BYTES;
	evil(b)->remote->repair_bytes_at = b->now;
	give_tree(b, VIZ_SKETCH_MOST);
	assert_int_equal(b->buckets, 1);
	assert_true(VIZ_REPAIR_BURST_BYTES - evil(b)->remote->repair_bytes >=
		    (int64_t)b->sent_bytes);
	b->now.ms += 300;
	evil(b)->remote->repair_bytes = left;
	evil(b)->remote->repair_bytes_at = b->now;
	give_tree(b, VIZ_SKETCH_MOST);
	assert_int_equal(b->buckets, 1);
}

/* WANT by the beginning of an id: that author's record, and nothing of who begins otherwise. */
static void a_beginning_is_answered(void **state)
{
	struct one_node *b = *state;
	struct viz_message_want *m = calloc(1, sizeof *m);
	VIZ_WRITER(w, 100);

	assert_non_null(m);
	tick(b, 20000);
	m->count = 2;
	m->place[0] =
	    (struct viz_item){.author = b->evil.author, .type = VIZ_TYPE_NODE, .brief = true};
	m->place[1] = m->place[0];
	m->place[1].author.b[2] ^= 1;
	viz_message_want_write(&w, m);
	message(b, &w);
	assert_int_equal(b->records_on[LINK_EVIL], 1);
	free(m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	    T(what_we_lack_is_asked_for),
	    T(what_the_peer_lacks_is_sent),
	    T(the_newer_one_goes),
	    T(who_is_lacking_is_listed),
	    T(a_larger_one_is_asked_for_once),
	    T(noise_takes_away_the_saving),
	    T(too_many_are_listed),
	    T(what_no_mark_shows_is_listed),
	    T(what_was_not_asked_for_is_ignored),
	    T(reading_is_charged),
	    T(who_is_left_out_is_not_asked_for),
	    T(a_larger_one_has_one_more_answer),
	    T(a_sketch_is_charged),
	    T(a_beginning_is_answered),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
