#include "tests/unit/unit.h"

#include "node/host/limits.h"
#include "node/host/queue.h"

#define PARTNER 7
#define OTHER   8
#define AGAIN   (OTHER + VIZ_CONNECTION_SLOTS) /* the next connection of this slot */
#define MANY    (4 * VIZ_HOST_BATCH_EVENTS)

/* Which links are with partners. */
struct near {
	uint64_t link[2];
};

static bool is_near(void *arg, uint64_t link)
{
	const struct near *near = arg;

	return link == near->link[0] || link == near->link[1];
}

static bool is_empty(const struct viz_host_queue *q)
{
	return viz_host_queue_wait(q, 0) == UINT64_MAX;
}

static struct viz_host_queue *make(struct near *near)
{
	struct viz_host_queue *q;

	*near = (struct near){{PARTNER, 0}};
	viz_host_queue_new(&q, is_near, near);
	assert_true(is_empty(q));
	return q;
}

/* `number` says which of its link it is. */
static void add(struct viz_host_queue *q, enum viz_event_kind kind, uint64_t link, uint64_t number)
{
	struct viz_host_event *e = viz_host_event_new(kind, NULL, 0);

	e->event.link = link;
	e->event.job = number;
	viz_host_queue_add(q, e);
}

static void add_result(struct viz_host_queue *q, uint64_t link, uint64_t number, bool near)
{
	struct viz_host_event *e = viz_host_event_new(VIZ_EVENT_VERIFIED, NULL, 0);

	e->event.link = link;
	e->event.job = number;
	e->event.near = near;
	e->event.asked = !near;
	viz_host_queue_add(q, e);
}

struct batch {
	struct viz_event event[VIZ_HOST_BATCH_EVENTS];
	size_t count;
};

static struct batch take(struct viz_host_queue *q, uint64_t now_us)
{
	struct batch b = {.count = 0};
	struct viz_host_event *e, *head;
	size_t n;

	for (head = viz_host_queue_take(q, &n, now_us); (e = head) != NULL;) {
		head = e->next;
		assert_true(b.count < VIZ_HOST_BATCH_EVENTS);
		b.event[b.count++] = e->event;
		viz_host_event_free(e);
	}
	assert_int_equal(b.count, n);
	return b;
}

static size_t count_link(const struct batch *b, uint64_t link)
{
	size_t n = 0;

	for (size_t i = 0; i < b->count; i++)
		n += b->event[i].link == link;
	return n;
}

/* A partner's message is in the next batch, whatever others have sent before, and alone: theirs are
 * few in the next one. */
static void partners_go_first(void **state)
{
	struct near near;
	struct viz_host_queue *q = make(&near);
	struct batch b;

	(void)state;
	for (uint64_t i = 0; i < MANY; i++)
		add(q, VIZ_EVENT_MESSAGE, OTHER, i);
	add(q, VIZ_EVENT_MESSAGE, PARTNER, 0);
	b = take(q, 0);
	assert_int_equal(b.event[0].link, PARTNER);
	assert_int_equal(b.count, 1);
	for (int kind = 0; kind < 2; kind++) {
		add(q, kind == 0 ? VIZ_EVENT_REQUEST : VIZ_EVENT_TICK, 0, 0);
		b = take(q, 1);
		assert_int_equal(b.event[0].kind, kind == 0 ? VIZ_EVENT_REQUEST : VIZ_EVENT_TICK);
		assert_int_equal(b.count, 1);
		assert_int_equal(take(q, 1).count, VIZ_HOST_BATCH_FAR);
	}
	/* somebody may still wait for us */
	assert_int_equal(take(q, VIZ_HOST_OURS_US).count, VIZ_HOST_BATCH_FAR);
	/* nobody does */
	add(q, VIZ_EVENT_TICK, 0, 0);
	assert_int_equal(take(q, VIZ_HOST_OURS_US + 1).count, VIZ_HOST_BATCH_EVENTS);
	viz_host_queue_free(q);
}

/* Whatever partners send and clients ask, others have their turn when ours had theirs, and a batch
 * of others is followed by one of ours. */
static void nobody_starves(void **state)
{
	struct near near;
	struct viz_host_queue *q = make(&near);
	uint64_t next = 0, now = 0, waited = 0, turns = 0;

	(void)state;
	for (uint64_t i = 0; i < MANY; i++)
		add_result(q, OTHER, i, false);
	while (next < MANY - VIZ_HOST_BATCH_EVENTS) { /* fewer would gather */
		struct batch b;

		add(q, VIZ_EVENT_REQUEST, 0, 0);
		add(q, VIZ_EVENT_MESSAGE, PARTNER, 0);
		b = take(q, now);
		if (count_link(&b, OTHER) == 0) {
			assert_int_equal(b.count, 2);
			viz_host_queue_done(q, now += VIZ_HOST_TURN_US / 4, true);
			assert_in_range(++waited, 1, 4);
			continue;
		}
		assert_int_equal(waited, 4);
		assert_in_range(b.count, 1, 4 * VIZ_HOST_OTHERS_LEAST);
		for (size_t i = 0; i < b.count; i++)
			assert_int_equal(b.event[i].job, next++);
		viz_host_queue_done(q, now += b.count * VIZ_HOST_TURN_US / 100, false);
		assert_true(take(q, now).event[0].link != OTHER);
		viz_host_queue_done(q, now, true);
		waited = 0;
		turns++;
	}
	assert_in_range(turns, MANY / 128, MANY / 32);
	viz_host_queue_free(q);
}

/* While a client asks without end, one question after the other, all of the time that it leaves is
 * for the results of others' checks, and each question waits for one batch of them at most. */
static void who_asks_without_end_starves_nobody(void **state)
{
	struct near near;
	struct viz_host_queue *q = make(&near);
	uint64_t now = 0, asked = 0, at = 0, busy = 0;
	size_t served = 0, batches = 0;

	(void)state;
	for (uint64_t i = 0; i < 10 * MANY; i++)
		add_result(q, OTHER, i, false);
	while (served < 10 * MANY) {
		bool asks = now >= at;
		struct batch b;

		if (asks)
			add(q, VIZ_EVENT_REQUEST, 0, asked++);
		b = take(q, now);
		if (b.count == 0) { /* they gather */
			uint64_t wait = viz_host_queue_wait(q, now);

			now += wait < at - now ? wait : at - now;
			continue;
		}
		if (asks) {
			assert_int_equal(b.count, 1);
			assert_int_equal(b.event[0].kind, VIZ_EVENT_REQUEST);
			now += 100;
			at = now + 2000;
			viz_host_queue_done(q, now, false);
			continue;
		}
		served += b.count;
		batches++;
		now += 10 * b.count;
		busy += 10 * b.count;
		viz_host_queue_done(q, now, false);
	}
	assert_in_range(now, busy, busy * 5 / 4);
	assert_in_range(served / batches, 4 * VIZ_HOST_OTHERS_LEAST, VIZ_HOST_TURN_US / 10);
	viz_host_queue_free(q);
}

/* Others wait for more of them after they were served: one commit is enough for many. Ours do not.
 */
static void others_gather(void **state)
{
	struct near near;
	struct viz_host_queue *q = make(&near);
	uint64_t now = 1000;

	(void)state;
	add_result(q, OTHER, 0, false);
	assert_int_equal(viz_host_queue_wait(q, now), 0);
	assert_int_equal(take(q, now).count, 1);
	viz_host_queue_done(q, now, false);
	add_result(q, OTHER, 1, false);
	assert_int_equal(viz_host_queue_wait(q, now), VIZ_HOST_GATHER_US);
	assert_int_equal(take(q, now).count, 0);
	add(q, VIZ_EVENT_MESSAGE, PARTNER, 0);
	assert_int_equal(viz_host_queue_wait(q, now), 0);
	assert_int_equal(take(q, now).count, 1);
	viz_host_queue_done(q, now, false);
	for (uint64_t i = 2; i < VIZ_HOST_BATCH_EVENTS; i++)
		add_result(q, OTHER, i, false);
	assert_int_equal(viz_host_queue_wait(q, now), VIZ_HOST_GATHER_US);
	/* they are a whole batch */
	add_result(q, OTHER, VIZ_HOST_BATCH_EVENTS, false);
	assert_int_equal(viz_host_queue_wait(q, now), 0);
	assert_int_equal(take(q, now).count, VIZ_HOST_BATCH_EVENTS);
	viz_host_queue_done(q, now, false);
	/* their time is over */
	add(q, VIZ_EVENT_MESSAGE, OTHER, 0);
	assert_int_equal(take(q, now + VIZ_HOST_GATHER_US - 1).count, 0);
	assert_int_equal(take(q, now + VIZ_HOST_GATHER_US).count, 1);
	viz_host_queue_free(q);
}

/* A batch of others is as large as takes a turn: twice as large as the last one when that took less
 * than half of it, half as large when it took more. */
static void batches_are_as_large_as_a_turn(void **state)
{
	struct near near;
	struct viz_host_queue *q = make(&near);
	size_t most = VIZ_HOST_OTHERS_LEAST;
	uint64_t now = 0;

	(void)state;
	for (uint64_t i = 0; i < 10 * MANY; i++)
		add_result(q, OTHER, i, false);
	for (int round = 0; round < 20; round++) {
		add(q, VIZ_EVENT_REQUEST, 0, 0);
		assert_int_equal(take(q, now).count, 1);
		viz_host_queue_done(q, now, false);
		assert_int_equal(take(q, now).count, most);
		now += round < 10 ? VIZ_HOST_TURN_US / 2 - 1 : VIZ_HOST_TURN_US + 1;
		viz_host_queue_done(q, now, false);
		if (round < 10)
			most = 2 * most < VIZ_HOST_BATCH_EVENTS ? 2 * most : VIZ_HOST_BATCH_EVENTS;
		else
			most = most / 2 > VIZ_HOST_OTHERS_LEAST ? most / 2 : VIZ_HOST_OTHERS_LEAST;
	}
	assert_int_equal(most, VIZ_HOST_OTHERS_LEAST);
	viz_host_queue_free(q);
}

/* One who sends much does not keep back another who sends little. */
static void links_take_turns(void **state)
{
	struct near near;
	struct viz_host_queue *q = make(&near);
	struct batch b;

	(void)state;
	for (uint64_t i = 0; i < MANY; i++)
		add(q, VIZ_EVENT_MESSAGE, OTHER, i);
	for (uint64_t i = 0; i < MANY; i++)
		add_result(q, OTHER, i, false);
	for (uint64_t link = OTHER + 1; link < OTHER + 5; link++)
		add(q, VIZ_EVENT_MESSAGE, link, 0);
	b = take(q, 0);
	for (uint64_t link = OTHER + 1; link < OTHER + 5; link++)
		assert_int_equal(count_link(&b, link), 1);
	/* results and messages have half of it each */
	for (size_t i = 0; i < b.count; i++)
		assert_int_equal(b.event[i].kind,
				 i < b.count / 2 ? VIZ_EVENT_VERIFIED : VIZ_EVENT_MESSAGE);
	for (size_t i = b.count / 2; i < b.count / 2 + 5; i++)
		assert_int_equal(b.event[i].job, 0);
	/* likewise partners among each other */
	near.link[1] = PARTNER + 2;
	for (uint64_t i = 0; i < VIZ_HOST_BATCH_EVENTS; i++)
		add(q, VIZ_EVENT_MESSAGE, PARTNER, i);
	add(q, VIZ_EVENT_MESSAGE, near.link[1], 0);
	b = take(q, 0);
	assert_int_equal(b.event[1].link, near.link[1]);
	viz_host_queue_free(q);
}

/* What a link brings stays in its order, also when it becomes a partner's meanwhile, or is one no
 * more, and the end of a connection is before the beginning of the next one. */
static void a_link_keeps_its_order(void **state)
{
	struct near near;
	struct viz_host_queue *q = make(&near);
	uint64_t next = 0;
	struct batch b;

	(void)state;
	add(q, VIZ_EVENT_HELLO, OTHER, 0);
	for (uint64_t i = 1; i < MANY; i++)
		add(q, VIZ_EVENT_MESSAGE, OTHER, i);
	for (uint64_t round = 0; next < MANY; round++) {
		/* more comes when the class has changed */
		near.link[1] = round % 2 == 0 ? 0 : OTHER;
		if (round == 3) {
			add(q, VIZ_EVENT_CLOSED, OTHER, MANY);
			add(q, VIZ_EVENT_HELLO, AGAIN, MANY + 1);
		}
		if (round % 3 == 1)
			add(q, VIZ_EVENT_MESSAGE, PARTNER, 0);
		b = take(q, round * VIZ_HOST_GATHER_US);
		for (size_t i = 0; i < b.count; i++)
			if (b.event[i].link != PARTNER)
				assert_int_equal(b.event[i].job, next++);
	}
	for (uint64_t round = 0; !is_empty(q); round++) {
		b = take(q, (MANY + round) * VIZ_HOST_GATHER_US);
		for (size_t i = 0; i < b.count; i++)
			if (b.event[i].link != PARTNER)
				assert_int_equal(b.event[i].job, next++);
	}
	assert_int_equal(next, MANY + 2);
	viz_host_queue_free(q);
}

/* The result for a partner's record does not wait behind those for others' records, and the latter
 * do not hold up the link that brought both. */
static void results_have_a_class(void **state)
{
	struct near near;
	struct viz_host_queue *q = make(&near);
	struct batch b;

	(void)state;
	for (uint64_t i = 0; i < MANY; i++)
		add_result(q, i % 2 ? PARTNER : OTHER, i, false);
	add_result(q, OTHER, MANY, true);
	add(q, VIZ_EVENT_MESSAGE, PARTNER, MANY + 1);
	b = take(q, 0);
	assert_int_equal(b.count, 2);
	assert_int_equal(b.event[0].job, MANY);
	assert_int_equal(b.event[1].job, MANY + 1);
	viz_host_queue_free(q);
}

/* The results of checks of what we have not asked for are a part of what others send. */
static void unasked_results_pause(void **state)
{
	struct near near;
	struct viz_host_queue *q = make(&near);
	struct batch b;

	(void)state;
	for (uint64_t i = 0; i < MANY; i++)
		add(q, VIZ_EVENT_VERIFIED, OTHER, i);
	add_result(q, OTHER + 1, 0, false);
	add(q, VIZ_EVENT_REQUEST, 0, 0);
	assert_int_equal(take(q, 0).count, 1);
	viz_host_queue_done(q, 0, false);
	b = take(q, 0);
	assert_int_equal(count_link(&b, OTHER), VIZ_HOST_BATCH_FAR);
	assert_int_equal(count_link(&b, OTHER + 1), 1);
	viz_host_queue_free(q);
}

/* While something of ours goes on, what other links send has a quarter of the time, and neither
 * ours nor results wait for the pause to end. */
static void others_pause(void **state)
{
	struct near near;
	struct viz_host_queue *q = make(&near);
	uint64_t now = 1000, took = 10000 * VIZ_HOST_BATCH_FAR;
	uint64_t pause = (VIZ_HOST_FAR_PART - 1) * took;

	(void)state;
	for (uint64_t i = 0; i < MANY; i++)
		add(q, VIZ_EVENT_MESSAGE, OTHER, i);
	add(q, VIZ_EVENT_REQUEST, 0, 0);
	assert_int_equal(viz_host_queue_wait(q, now), 0);
	assert_int_equal(take(q, now).count, 1);
	viz_host_queue_done(q, now, false);
	assert_int_equal(take(q, now).count, VIZ_HOST_BATCH_FAR);
	viz_host_queue_done(q, now += took, false);
	assert_int_equal(viz_host_queue_wait(q, now), pause);
	assert_int_equal(take(q, now).count, 0);
	add(q, VIZ_EVENT_REQUEST, 0, 0);
	assert_int_equal(viz_host_queue_wait(q, now), 0);
	assert_int_equal(take(q, now).count, 1);
	viz_host_queue_done(q, now + 100, false);
	assert_int_equal(viz_host_queue_wait(q, now + 100), pause - 100);
	add_result(q, OTHER, 0, false);
	assert_int_equal(viz_host_queue_wait(q, now + 100), 0);
	assert_int_equal(take(q, now + 100).count, 1);
	viz_host_queue_done(q, now + 100, false);
	assert_int_equal(take(q, now + pause).count, VIZ_HOST_BATCH_FAR);
	/* a pause is never longer than ours goes on */
	viz_host_queue_done(q, now + VIZ_HOST_OURS_US - 10, false);
	assert_int_equal(viz_host_queue_wait(q, now + VIZ_HOST_OURS_US - 10), 10);
	assert_int_equal(take(q, now + VIZ_HOST_OURS_US).count, VIZ_HOST_BATCH_EVENTS);
	viz_host_queue_free(q);
}

/* What a partner tells of others goes first, and is nothing of ours: the next batch is whole. After
 * something of ours it is not. */
static void the_core_says_what_is_ours(void **state)
{
	struct near near;
	struct viz_host_queue *q = make(&near);

	(void)state;
	for (uint64_t ours = 0, now = 10; ours < 2; ours++, now += 10) {
		for (uint64_t i = 0; i < MANY; i++)
			add(q, VIZ_EVENT_MESSAGE, OTHER, i);
		add(q, VIZ_EVENT_MESSAGE, PARTNER, 0);
		assert_int_equal(take(q, now).count, 1);
		viz_host_queue_done(q, now, ours == 1);
		assert_int_equal(take(q, now + 1).count,
				 ours ? VIZ_HOST_BATCH_FAR : VIZ_HOST_BATCH_EVENTS);
		viz_host_queue_done(q, now + 1, false);
	}
	viz_host_queue_free(q);
}

int main(void)
{
#define T(name) cmocka_unit_test(name)
	const struct CMUnitTest tests[] = {
	    T(partners_go_first),
	    T(nobody_starves),
	    T(links_take_turns),
	    T(who_asks_without_end_starves_nobody),
	    T(others_gather),
	    T(batches_are_as_large_as_a_turn),
	    T(a_link_keeps_its_order),
	    T(results_have_a_class),
	    T(others_pause),
	    T(unasked_results_pause),
	    T(the_core_says_what_is_ours),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
