/* What a node announces, when, and to whom; and what it sends whole. */
#include "tests/hostile/one_node.h"

#include "node/core/place.h"
#include "node/gossip/gossip.h"
#include "node/state.h"
#include "node/trust/member.h"
#include "proto/limits.h"
#include "proto/message.h"
#include "store/store.h"

static struct forge *friends(struct one_node *b)
{
	struct forge *f = calloc(2, sizeof *f);

	assert_non_null(f);
	befriend(b, &f[0], 8);
	befriend(b, &f[1], 9);
	tick(b, 20000);
	tick(b, 1000);
	return f;
}

static void give_new(struct one_node *b, uint64_t slot, int64_t after_ms)
{
	b->now.ms += after_ms;
	forge_coverage(&b->scratch, &b->evil, slot, b->now, 1, 1);
	give(b, &b->scratch);
	assert_int_equal(b->closed, 0);
}

/* The item of the place in that slot. Returns whether it is dead. */
static bool item_at(struct one_node *b, struct viz_id *item, uint64_t slot)
{
	struct viz_held held;

	assert_int_equal(viz_store_begin(b->store), VIZ_OK);
	assert_true(
	    viz_place_get(&b->node->core, &held, NULL, &b->evil.author, VIZ_TYPE_COVERAGE, slot));
	*item = held.item;
	viz_store_abort(b->store);
	return held.dead;
}

/* The bytes come once, and a name goes to all but the one that brought them. */
static void what_is_new_is_named(void **state)
{
	struct one_node *b = *state;
	struct forge *f = friends(b);
	struct viz_id item;

	give_new(b, 5, 0);
	assert_int_equal(b->announced_on[LINK_EVIL], 0);
	assert_int_equal(b->announced_on[8], 1);
	assert_int_equal(b->announced_on[9], 1);
	assert_int_equal(b->records_on[8] + b->records_on[9], 0);
	assert_int_equal(b->announced.what[0].place.slot, 5);
	item_at(b, &item, 5);
	assert_memory_equal(b->announced.what[0].item, item.b, VIZ_ANNOUNCE_ITEM);
	give(b, &b->scratch); /* not new any more */
	tick(b, 100);
	assert_int_equal(b->announced_on[8], 0);
	free(f);
}

/* At once on a link that was quiet for 100 ms; what comes soon after that goes together. */
static void batches_follow_the_first(void **state)
{
	struct one_node *b = *state;
	struct forge *f = friends(b);
	struct viz_time first = b->now;

	give_new(b, 1, 0);
	assert_int_equal(b->announced_on[8], 1);
	for (uint64_t slot = 2; slot < 5; slot++) {
		give_new(b, slot, 10);
		assert_int_equal(b->announced_on[8], 0);
	}
	assert_true(viz_node_deadline(b->node).ms <= first.ms + 100);
	tick(b, first.ms + 99 - b->now.ms);
	assert_int_equal(b->announced_on[8], 0);
	tick(b, 1);
	assert_int_equal(b->announced_on[8], 3);
	assert_int_equal(b->announced.count, 3);
	give_new(b, 5, 99);
	assert_int_equal(b->announced_on[8], 0);
	tick(b, 1);
	assert_int_equal(b->announced_on[8], 1);
	give_new(b, 6, 100);
	assert_int_equal(b->announced_on[8], 1);
	free(f);
}

/* Keys that end, and who leaves. */
static void the_urgent_is_sent_whole(void **state)
{
	struct one_node *b = *state;
	struct forge *f = friends(b);
	struct viz_id next = {{3}}, stranger;
	VIZ_WRITER(w, 128);

	viz_rng_bytes(&b->rng, stranger.b, sizeof stranger.b);
	b->now.ms++;
	forge_vouch(&b->scratch, &b->evil, 3, b->now, &stranger, false);
	give(b, &b->scratch);
	assert_int_equal(b->records_on[8], 0);
	assert_int_equal(b->announced_on[8], 1);
	tick(b, 1000);
	forge_vouch(&b->scratch, &b->evil, 3, b->now, &stranger, true);
	give(b, &b->scratch);
	assert_int_equal(b->records_on[8], 1);
	assert_int_equal(b->announced_on[8], 0);
	tick(b, 1000);
	forge_succession(&b->scratch, &b->evil, 1, b->now, &next);
	give(b, &b->scratch);
	assert_int_equal(b->records_on[8], 1);
	assert_int_equal(b->announced_on[8], 0);
	tick(b, 1000);
	viz_writer_array(&w, 0);
	forge_record(&b->scratch, &f[0], VIZ_TYPE_REVOCATION, 0, b->now, &w);
	give(b, &b->scratch);
	assert_int_equal(b->records_on[9], 1);
	assert_int_equal(b->announced_on[9], 0);
	free(f);
}

/* A guest gets our own records, and no word of others. */
static void guests_hear_nothing(void **state)
{
	struct one_node *b = *state;
	struct forge *f = friends(b);

	cut(b, 8);
	hello(b, &f[0], 8, NULL); /* it does not say MEMBER */
	assert_true(viz_link_find(&b->node->net, 8)->guest);
	tick(b, 1000);
	give_new(b, 1, 0);
	assert_int_equal(b->announced_on[8], 0);
	assert_int_equal(b->announced_on[9], 1);
	for (int i = 0; i < 600 && b->records_on[8] == 0; i++) {
		tick(b, 100);
		assert_int_equal(b->announced_on[8], 0);
	}
	assert_int_equal(b->records_on[8], 1); /* our heartbeat */
	assert_int_equal(b->records_on[9], 0);
	assert_int_equal(b->announced_on[9], 1);
	say_member(b, 8);
	assert_int_equal(b->announced_on[8], 0); /* what was before is compared */
	tick(b, 1000);
	give_new(b, 2, 0);
	assert_int_equal(b->announced_on[8], 1);
	free(f);
}

/* A place is dead: who holds one half asks, and gets both. */
static void a_dead_place_is_named_as_dead(void **state)
{
	struct one_node *b = *state;
	struct forge *f = friends(b);
	struct viz_id item;

	give_new(b, 1, 0);
	tick(b, 100);
	b->now.ms -= 100;
	forge_coverage(&b->scratch, &b->evil, 1, b->now, 1, 2);
	b->now.ms += 100;
	give(b, &b->scratch);
	assert_true(item_at(b, &item, 1));
	tick(b, 100);
	assert_int_equal(b->announced.count, 1);
	assert_memory_equal(b->announced.what[0].item, item.b, VIZ_ANNOUNCE_ITEM);
	free(f);
}

static void note(struct one_node *b, const struct viz_record *rec, struct viz_id *item)
{
	viz_rng_bytes(&b->rng, item->b, sizeof item->b);
	viz_announce_note(&b->node->net, rec, item, 9);
}

/* The queue is bounded, and so is what goes out on a link. The rest comes by repair. */
static void what_does_not_fit_comes_by_repair(void **state)
{
	struct one_node *b = *state;
	struct forge *f = friends(b);
	struct viz_record rec = {.author = b->evil.author, .type = VIZ_TYPE_COVERAGE};
	struct viz_link *link = viz_link_find(&b->node->net, 8);
	struct viz_id item = {{0}};

	viz_member_find(&b->node->trust, &b->evil.author)->peer.partner = false;
	link->behind = false;
	for (size_t i = 0; i < VIZ_ANNOUNCE_RING; i++)
		note(b, &rec, &item);
	tick(b, 100);
	assert_int_equal(b->announced_on[8], VIZ_ANNOUNCE_RING);
	assert_int_equal(b->announced_on[9], 0);
	assert_false(link->behind);
	link->flood_bytes = 0;
	link->flood_at = b->now;
	for (size_t i = 0; i < VIZ_ANNOUNCE_RING; i++)
		note(b, &rec, &item);
	tick(b, 100);
	assert_true(b->announced_on[8] > 0);
	assert_true(b->bytes_on[8] <= VIZ_FLOOD_BYTES_SEC / 10);
	assert_false(link->behind);
	for (size_t i = 0; i < VIZ_ANNOUNCE_RING; i++)
		note(b, &rec, &item);
	link->repair_at = viz_after(b->now, 60000);
	tick(b, 1);
	assert_true(link->behind);
	free(f);
}

/* What we sign, and what partners sign, is named at once, though others' announcements have used up
 * the link's budget and wait. */
static void partners_are_named_first(void **state)
{
	struct one_node *b = *state;
	struct forge *f = friends(b);
	struct viz_record rec = {.author = b->evil.author, .type = VIZ_TYPE_COVERAGE};
	struct viz_link *link = viz_link_find(&b->node->net, 8);
	struct viz_id item = {{0}};

	viz_member_find(&b->node->trust, &b->evil.author)->peer.partner = false;
	link->flood_bytes = 0;
	link->flood_at = b->now;
	for (size_t i = 0; i < VIZ_ANNOUNCE_RING; i++)
		note(b, &rec, &item);
	tick(b, 100);
	b->now.ms += 5;
	forge_coverage(&b->scratch, &f[1], 5, b->now, 1, 1);
	give_on(b, 9, &b->scratch);
	assert_int_equal(b->announced_on[8], 1);
	assert_memory_equal(&b->announced.what[0].place.author, &f[1].author, sizeof f[1].author);
	for (uint64_t slot = 6; slot < 8; slot++) {
		b->now.ms += 1;
		forge_coverage(&b->scratch, &f[1], slot, b->now, 1, 1);
		give_on(b, 9, &b->scratch);
		assert_int_equal(b->announced_on[8], 0);
	}
	assert_true(viz_node_deadline(b->node).ms <= b->now.ms + 100);
	tick(b, 98);
	assert_true(b->announced_on[8] >= 2);
	free(f);
}

static void come(struct one_node *b, struct forge *by, uint64_t link, struct forge *f)
{
	forge_author(f, &b->federation, &b->rng);
	b->now.ms += 1000;
	forge_vouch(&b->scratch, by, 1, b->now, &f->author, false);
	give_on(b, link, &b->scratch);
	forge_node(&b->scratch, f, b->now);
	give_on(b, link, &b->scratch);
	forge_vouch(&b->scratch, f, 0, b->now, &by->author, false);
	give_on(b, link, &b->scratch);
	assert_true(viz_member_find(&b->node->trust, &f->author)->member);
}

/* Puppets sign more than their voucher's part: what they bring stands back, and what others sign is
 * named as soon as before. */
static void many_stand_back(void **state)
{
	struct one_node *b = *state;
	struct forge *f = friends(b), *crowd = calloc(2, sizeof *crowd);
	struct viz_link *link = viz_link_find(&b->node->net, 8);
	struct viz_record rec = {.type = VIZ_TYPE_COVERAGE};
	struct viz_id item = {{0}};
	struct viz_member *m;

	assert_non_null(crowd);
	come(b, &b->evil, LINK_EVIL, &crowd[0]);
	come(b, &f[1], 9, &crowd[1]);
	tick(b, 10000);
	m = viz_member_find(&b->node->trust, &b->evil.author);
	m->part[VIZ_PART_NEWS] =
	    (struct viz_part){(uint64_t)b->now.ms / VIZ_PART_HALF_MS, VIZ_NEWS};
	link->flood_bytes = VIZ_FLOOD_BURST_BYTES / 2 - 20000;
	link->flood_at = b->now;
	link->behind = false;
	rec.author = crowd[0].author;
	for (size_t i = 0; i < VIZ_ANNOUNCE_RING; i++)
		note(b, &rec, &item);
	rec.author = crowd[1].author;
	note(b, &rec, &item);
	tick(b, 100);
	assert_int_equal(b->announced_on[8], 1);
	assert_memory_equal(&b->announced.what[0].place.author, &crowd[1].author,
			    sizeof crowd[1].author);
	/* they go out all the same, when there is room */
	assert_false(link->behind);
	tick(b, 10000);
	assert_true(b->announced_on[8] >= 128);
	free(crowd);
	free(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	    T(what_is_new_is_named),          T(batches_follow_the_first),
	    T(the_urgent_is_sent_whole),      T(guests_hear_nothing),
	    T(a_dead_place_is_named_as_dead), T(what_does_not_fit_comes_by_repair),
	    T(partners_are_named_first),      T(many_stand_back),
	};

	return cmocka_run_group_tests_name("announce", tests, NULL, NULL);
}
