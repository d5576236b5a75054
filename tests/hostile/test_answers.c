/* We have asked a peer for records, and it answers with too much, with the same again and again, or
 * one now and then. It is charged for what we have not asked for, and holds up itself alone. */
#include "crypto/crypto.h"
#include "node/core/event.h"
#include "node/gossip/gossip.h"
#include "node/link/link.h"
#include "node/link/remote.h"
#include "node/state.h"
#include "node/trust/member.h"
#include "proto/base.h"
#include "proto/limits.h"
#include "proto/message.h"
#include "proto/record.h"
#include "tests/hostile/one_node.h"

#define LINK_HONEST 8
#define LINK_THIRD  9

static struct viz_link *link_of(struct one_node *b, uint64_t number)
{
	return viz_link_find(&b->node->net, number);
}

static const struct viz_repair_task *task_of(struct one_node *b, uint64_t number)
{
	for (size_t i = 0; i < VIZ_REPAIRS_MAX; i++)
		if (b->node->gossip.repair.task[i].link == number)
			return &b->node->gossip.repair.task[i];
	return NULL;
}

/* ---- a repair ---- */

static void send_buckets(struct one_node *b, uint64_t link)
{
	struct viz_message_buckets m = {.sketch_len = 0};
	static uint8_t body[VIZ_BODY_MAX];
	struct viz_writer w;

	m.hour = b->tree[link].hour;
	m.cut = b->tree[link].cut;
	viz_rng_bytes(&b->rng, m.piece, sizeof m.piece);
	viz_writer_init(&w, body, sizeof body);
	viz_message_buckets_write(&w, &m);
	message_on(b, link, &w);
}

/* Our next TREE is answered: all differs. */
static void give_buckets(struct one_node *b, uint64_t link)
{
	link_of(b, link)->repair_at = b->now;
	tick(b, 0);
	send_buckets(b, link);
}

static void give_author(struct one_node *b, uint64_t link, const struct viz_tree_author *a,
			bool last)
{
	struct viz_message_author *m = calloc(1, sizeof *m);
	static uint8_t body[VIZ_BODY_MAX];
	struct viz_writer w;

	assert_non_null(m);
	m->hour = b->tree[link].hour;
	m->cut = b->tree[link].cut;
	m->last = last;
	m->count = a != NULL;
	if (a)
		m->author[0] = *a;
	viz_writer_init(&w, body, sizeof body);
	viz_message_author_write(&w, m);
	message_on(b, link, &w);
	free(m);
}

/* The peer has COVERAGE of `author` in the first `n` slots, and we ask for them. */
static void be_asked(struct one_node *b, uint64_t link, const struct forge *author, unsigned n)
{
	uint8_t item[VIZ_COVERAGE_SLOTS * VIZ_TREE_ITEM] = {0};
	struct viz_tree_author a = {.author = author->author.b,
				    .author_len = 32,
				    .sets = 1,
				    .items = item,
				    .items_len = (size_t)n * VIZ_TREE_ITEM};

	for (unsigned i = 0; i < n; i++) {
		item[i * VIZ_TREE_ITEM] = VIZ_TYPE_COVERAGE;
		item[i * VIZ_TREE_ITEM + 1] = (uint8_t)i;
		item[i * VIZ_TREE_ITEM + 4] = 1;
	}
	give_buckets(b, link);
	assert_non_null(task_of(b, link));
	give_author(b, link, &a, false);
	while (task_of(b, link)->open > 0)
		give_author(b, link, NULL, true);
}

static struct forge *friends(struct one_node *b)
{
	struct forge *f = calloc(2, sizeof *f);

	assert_non_null(f);
	befriend(b, &f[0], LINK_HONEST);
	befriend(b, &f[1], LINK_THIRD);
	tick(b, 20000);
	tick(b, 1000);
	return f;
}

static void cover(struct one_node *b, const struct forge *f, uint64_t slot, uint32_t what)
{
	b->now.ms++;
	forge_coverage(&b->scratch, f, slot, b->now, 1, what);
}

static uint64_t checked(struct one_node *b)
{
	return b->node->gossip.intake.checked;
}

/* ---- too much ---- */

/* We asked for ten. Ten are free, and all that comes besides is charged and bounded. */
static void more_than_was_asked_for(void **state)
{
	struct one_node *b = *state;
	struct forge *f = friends(b);
	uint64_t before;

	be_asked(b, LINK_EVIL, &f[0], 10);
	assert_int_equal(b->want.count, 10);
	evil(b)->remote->tokens = 20 * 1000;
	evil(b)->remote->tokens_at = b->now;
	before = checked(b);
	for (unsigned slot = 0; slot < VIZ_COVERAGE_SLOTS; slot++) {
		forge_coverage(&b->scratch, &f[0], slot, b->now, 1, 1);
		give(b, &b->scratch);
	}
	assert_in_range(checked(b) - before, 10, 31);
	assert_true(link_of(b, LINK_EVIL)->behind);
	free(f);
}

/* One place, always another record: no more are checked than the author may sign. */
static void one_place_again_and_again(void **state)
{
	struct one_node *b = *state;
	struct forge *f = friends(b);
	uint64_t before;

	viz_member_find(&b->node->trust, &f[0].author)->updates = (VIZ_UPDATES_BURST - 5) * 1000;
	viz_member_find(&b->node->trust, &f[0].author)->updates_at = b->now;
	be_asked(b, LINK_EVIL, &f[0], 1);
	before = checked(b);
	for (unsigned i = 0; i < 200; i++) {
		cover(b, &f[0], 0, i);
		give(b, &b->scratch);
	}
	assert_in_range(checked(b) - before, 1, 8);
	free(f);
}

/* So many records at once that all places for what was asked for are taken: a repair with somebody
 * else has its own. The checks are not done meanwhile. */
static void all_places_at_once(void **state)
{
	struct one_node *b = *state;
	struct forge *f = friends(b);
	struct viz_intake *in = &b->node->gossip.intake;
	uint64_t before;
	size_t wants;

	be_asked(b, LINK_EVIL, &f[0], 1);
	in->asked += VIZ_VERIFY_ASKED - 1; /* of the false peer */
	link_of(b, LINK_EVIL)->expected += VIZ_VERIFY_ASKED - 1;
	wants = b->wants;
	be_asked(b, LINK_HONEST, &f[1], 2);
	assert_int_equal(b->wants, wants + 1);
	before = checked(b);
	cover(b, &f[0], 0, 1);
	give(b, &b->scratch);
	assert_int_equal(checked(b), before);
	cover(b, &f[1], 0, 1);
	give_on(b, LINK_HONEST, &b->scratch);
	assert_int_equal(checked(b), before + 1);
	in->asked -= VIZ_VERIFY_ASKED - 1;
	link_of(b, LINK_EVIL)->expected -= VIZ_VERIFY_ASKED - 1;
	free(f);
}

/* ---- too little ---- */

/* The false peer vouches for a new author, whom `link` lists as lacking here. We ask for it. */
static void be_asked_for_new(struct one_node *b, uint64_t link, struct forge *f, uint64_t slot)
{
	struct viz_tree_author a = {.author = f->author.b, .author_len = 32};

	forge_author(f, &b->federation, &b->rng);
	b->now.ms++;
	forge_vouch(&b->scratch, &b->evil, slot, b->now, &f->author, false);
	give(b, &b->scratch);
	give_buckets(b, link);
	assert_non_null(task_of(b, link));
	give_author(b, link, &a, false);
	while (task_of(b, link)->open > 0)
		give_author(b, link, NULL, true);
	assert_int_equal(b->want.place[0].type, VIZ_WANT_ALL);
}

/* Both places are held by peers that send again and again what they have sent. */
static void the_same_again_gives_way(void **state)
{
	struct one_node *b = *state;
	struct forge *f = friends(b), *new = calloc(2, sizeof *new);
	struct forged *same = calloc(2, sizeof *same);

	assert_true(new &&same);
	for (unsigned i = 0; i < 2; i++) {
		be_asked_for_new(b, i ? LINK_THIRD : LINK_EVIL, &new[i], 1 + i);
		forge_node(&same[i], &new[i], b->now);
		give_on(b, i ? LINK_THIRD : LINK_EVIL, &same[i]);
	}
	give_buckets(b, LINK_HONEST);
	assert_null(task_of(b, LINK_HONEST));
	for (int i = 0; i < 10; i++) {
		tick(b, 500);
		give_on(b, LINK_EVIL, &same[0]);
		give_on(b, LINK_THIRD, &same[1]);
	}
	assert_true(task_of(b, LINK_EVIL) && task_of(b, LINK_THIRD));
	link_of(b, LINK_HONEST)->tree_open = false; /* we have not asked */
	send_buckets(b, LINK_HONEST);
	assert_true(task_of(b, LINK_EVIL) && task_of(b, LINK_THIRD));
	give_buckets(b, LINK_HONEST);
	assert_non_null(task_of(b, LINK_HONEST));
	assert_int_equal((task_of(b, LINK_EVIL) != NULL) + (task_of(b, LINK_THIRD) != NULL), 1);
	assert_int_equal(b->closed, 0);
	free(same);
	free(new);
	free(f);
}

/* And if nobody waits: it ends as one of which nothing comes. */
static void the_same_again_ends(void **state)
{
	struct one_node *b = *state;
	struct forge new;
	struct forged *same = calloc(1, sizeof *same);
	int seconds = 0;

	assert_non_null(same);
	tick(b, 20000);
	be_asked_for_new(b, LINK_EVIL, &new, 1);
	forge_node(same, &new, b->now);
	for (; task_of(b, LINK_EVIL) && seconds < 100; seconds++) {
		give(b, same);
		tick(b, 500);
		give(b, same);
		tick(b, 500);
	}
	assert_in_range(seconds, 8, 12);
	free(same);
}

/* A new record now and then, each within the second in which we wait for it. */
static void one_now_and_then_gives_way(void **state)
{
	struct one_node *b = *state;
	struct forge *f = friends(b);

	be_asked(b, LINK_EVIL, &f[0], 40);
	be_asked(b, LINK_THIRD, &f[0], 40);
	for (unsigned i = 0; i < 6; i++) {
		tick(b, 900);
		cover(b, &f[0], 2 * i, 1);
		give(b, &b->scratch);
		cover(b, &f[0], 2 * i + 1, 1);
		give_on(b, LINK_THIRD, &b->scratch);
	}
	assert_true(task_of(b, LINK_EVIL) && task_of(b, LINK_THIRD));
	give_buckets(b, LINK_HONEST);
	assert_non_null(task_of(b, LINK_HONEST));
	assert_null(task_of(b, LINK_EVIL));
	/* when all are over, who was slow before gives way at once to one that was not */
	tick(b, 11000);
	tick(b, 11000);
	assert_null(task_of(b, LINK_HONEST));
	be_asked(b, LINK_EVIL, &f[0], 40);
	be_asked(b, LINK_THIRD, &f[0], 40);
	give_buckets(b, LINK_HONEST);
	assert_non_null(task_of(b, LINK_HONEST));
	assert_null(task_of(b, LINK_EVIL));
	assert_non_null(task_of(b, LINK_THIRD));
	free(f);
}

/* An honest one that brings news holds its place, whoever wants it. */
static void who_brings_news_stays(void **state)
{
	struct one_node *b = *state;
	struct forge *f = friends(b);

	be_asked(b, LINK_HONEST, &f[0], 60);
	be_asked(b, LINK_THIRD, &f[1], 60);
	for (unsigned i = 0; i < 50; i++) {
		tick(b, 100);
		cover(b, &f[0], i, 1);
		give_on(b, LINK_HONEST, &b->scratch);
		cover(b, &f[1], i, 1);
		give_on(b, LINK_THIRD, &b->scratch);
	}
	give_buckets(b, LINK_EVIL);
	assert_null(task_of(b, LINK_EVIL));
	assert_non_null(task_of(b, LINK_HONEST));
	assert_non_null(task_of(b, LINK_THIRD));
	free(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	    T(more_than_was_asked_for), T(one_place_again_and_again),
	    T(all_places_at_once),      T(the_same_again_gives_way),
	    T(the_same_again_ends),     T(one_now_and_then_gives_way),
	    T(who_brings_news_stays),
	};

	VIZ_REQUIRE(viz_crypto_init() == VIZ_OK);
	return cmocka_run_group_tests_name("answers", tests, NULL, NULL);
}
