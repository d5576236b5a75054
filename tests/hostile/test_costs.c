/* What a peer makes us look for, check and send is charged to it, and to nobody else. */
#include "crypto/crypto.h"
#include "node/core/core.h"
#include "node/core/event.h"
#include "node/link/net.h"
#include "node/link/remote.h"
#include "node/node.h"
#include "node/state.h"
#include "node/trust/member.h"
#include "node/trust/tree.h"
#include "proto/base.h"
#include "proto/limits.h"
#include "proto/message.h"
#include "proto/record.h"
#include "proto/writer.h"
#include "tests/hostile/one_fetch.h"
#include "tests/hostile/one_node.h"

#define CROWD 24 /* members on links of their own, whom nobody has set up */
#define FIRST 20 /* the first of these links */

static void want(struct one_node *b, uint64_t link, const struct viz_id *author, bool held)
{
	struct viz_message_want *m = calloc(1, sizeof *m);
	static uint8_t body[VIZ_BODY_MAX];
	struct viz_writer w;

	assert_non_null(m);
	m->count = VIZ_COVERAGE_SLOTS;
	for (unsigned i = 0; i < m->count; i++) {
		m->place[i] =
		    (struct viz_item){.author = *author, .type = VIZ_TYPE_COVERAGE, .slot = i};
		if (!held)
			viz_rng_bytes(&b->rng, m->place[i].author.b, 32);
	}
	viz_writer_init(&w, body, sizeof body);
	viz_message_want_write(&w, m);
	message_on(b, link, &w);
	free(m);
}

/* WANT for what is not held. */
static void places_that_are_not_held(void **state)
{
	struct one_node *b = *state;
	int64_t left;

	tick(b, 10000);
	want(b, LINK_EVIL, &b->evil.author, false);
	left = evil(b)->remote->repair_bytes;
	want(b, LINK_EVIL, &b->evil.author, false);
	assert_true(evil(b)->remote->repair_bytes <= left - VIZ_COVERAGE_SLOTS * 64);
	assert_int_equal(b->closed, 0);
}

/* ANNOUNCE of what is held, as often as the link carries it. */
static void announcements(void **state)
{
	struct one_node *b = *state;
	struct viz_announced *x = calloc(VIZ_ANNOUNCE_MAX, sizeof *x);

	assert_non_null(x);
	forge_coverage(&b->scratch, &b->evil, 0, b->now, 1, 0);
	give(b, &b->scratch);
	for (unsigned i = 0; i < VIZ_ANNOUNCE_MAX; i++)
		x[i] = named(&b->scratch);
	set_budget(b, 100);
	announce_all(b, LINK_EVIL, x, VIZ_ANNOUNCE_MAX);
	assert_int_equal(budget(b), 100 - VIZ_ANNOUNCE_MAX / VIZ_LOOKS_PER_CHECK);
	/* beyond the budget they are not looked at, and repair brings what they name */
	set_budget(b, 1);
	link_of(b, LINK_EVIL)->behind = false;
	announce_all(b, LINK_EVIL, x, VIZ_ANNOUNCE_MAX);
	assert_true(link_of(b, LINK_EVIL)->behind);
	assert_int_equal(b->closed, 0);
	free(x);
}

/* One that sends more announcements than any honest peer is not even read. */
static void a_flood_of_them_is_not_read(void **state)
{
	struct one_node *b = *state;
	struct forge *f = friends(b);
	struct forged *rec = lacking(b, &f[0], 1);
	struct viz_link *link = viz_link_find(&b->node->net, LINK_EVIL);
	size_t noted;

	announce(b, LINK_EVIL, rec);
	assert_int_equal(link->fetches[1], 1);
	free(rec);
	rec = lacking(b, &f[0], 2);
	tick(b, 10000);
	link->heard_bytes = 100;
	link->heard_bytes_at = b->now;
	link->behind = false;
	noted = fetch(b)->count;
	announce(b, LINK_EVIL, rec);
	assert_int_equal(fetch(b)->count, noted);
	assert_true(link->behind);
	assert_int_equal(b->closed, 0);
	b->now.ms += 1000;
	announce(b, LINK_EVIL, rec);
	assert_int_equal(fetch(b)->count, noted + 1);
	free(rec);
	free(f);
}

/* Records that are held already, or ahead of our clock. */
static void dropped_records(void **state)
{
	struct one_node *b = *state;
	struct forged *ahead = calloc(1, sizeof *ahead);

	assert_non_null(ahead);
	forge_coverage(&b->scratch, &b->evil, 0, b->now, 1, 0);
	forge_coverage(ahead, &b->evil, 1, viz_after(b->now, VIZ_DAY_MS), 1, 0);
	give(b, &b->scratch);
	for (int kind = 0; kind < 2; kind++) {
		set_budget(b, 100);
		for (unsigned i = 0; i < 10 * VIZ_LOOKS_PER_CHECK; i++)
			give(b, kind ? ahead : &b->scratch);
		assert_in_range(budget(b), 85, 91);
	}
	evil(b)->remote->tokens = 0;
	give(b, ahead);
	assert_int_equal(b->closed, 1);
	assert_string_equal(b->reason, "too-many");
	free(ahead);
}

/* A stranger forges a record of a member in its hello: the member's budget is its own. */
static void a_forged_hello(void **state)
{
	struct one_node *b = *state;
	static uint8_t bytes[VIZ_HELLO_MAX];
	struct viz_event ev = {.kind = VIZ_EVENT_HELLO, .link = FIRST, .bytes = bytes};
	struct forge thief = b->evil, stranger;

	forge_author(&stranger, &b->federation, &b->rng);
	thief.transport_pub = ev.remote = stranger.transport_pub;
	set_budget(b, 100);
	b->now.ms += 1;
	forge_node(&b->scratch, &thief, b->now);
	b->scratch.bytes[5] ^= 1; /* of the signature */
	ev.len = forge_hello(bytes, sizeof bytes, &thief, &b->scratch, NULL);
	evil(b)->remote->tokens_at = b->now;
	run(b, &ev, 1);
	assert_int_equal(b->closed, 1);
	assert_string_equal(b->reason, "transport-key");
	assert_int_equal(budget(b), 100);
}

#define GROUND 6000 /* ids that begin alike */

/* So many ids of one bucket that we leave out. */
static void grind(struct one_node *b)
{
	for (unsigned i = 0; i < GROUND; i++) {
		struct viz_id id = {{0xff, 0xff, 0xff, (uint8_t)(i >> 8), (uint8_t)i}};
		struct viz_member *m = viz_member_ensure(&b->node->trust, &id);

		assert_non_null(m);
		viz_tree_leave_out(&b->node->trust, m, true);
	}
	for (int i = 0; i < 30; i++)
		tick(b, 1000); /* 256 in a batch */
	assert_true(viz_tree_ready(&b->node->trust));
}

/* A short question makes us look at all ids of a bucket, again and again: who asks is charged for
 * what we look at, though we say nothing of these. */
static void ids_ground_into_one_bucket(void **state)
{
	struct one_node *b = *state;
	struct viz_message_bucket *m = calloc(1, sizeof *m);
	static uint8_t body[VIZ_BODY_MAX];
	struct viz_writer w;
	int64_t left;

	assert_non_null(m);
	grind(b);
	m->hour = viz_tree_hour_of(&b->node->core, b->now);
	while (m->count < 32)
		m->list[m->count++] = (struct viz_tree_list){
		    .bucket = VIZ_TREE_BUCKETS - 1, .to = VIZ_TREE_TAIL_MAX, .entries = body};
	viz_writer_init(&w, body, sizeof body);
	viz_message_bucket_write(&w, m);
	evil(b)->remote->repair_bytes = VIZ_REPAIR_BURST_BYTES;
	evil(b)->remote->repair_bytes_at = b->now;
	message(b, &w);
	left = evil(b)->remote->repair_bytes;
	assert_in_range(VIZ_REPAIR_BURST_BYTES - left, 32 * GROUND * 8 - 1000,
			32 * (GROUND * 8 + 1000));
	free(m);
}

static void give_tree(struct one_node *b)
{
	uint64_t hour = viz_tree_hour_of(&b->node->core, b->now);
	VIZ_WRITER(w, 64);

	viz_message_tree_write(&w,
			       &(struct viz_message_tree){.hour = hour, .cut = 3, .root = {{1}}});
	message(b, &w);
}

/* One of them changes before each TREE: the bucket is not hashed each time. */
static void a_large_bucket_is_hashed_now_and_then(void **state)
{
	struct one_node *b = *state;
	struct viz_member *last;
	uint64_t before;
	uint8_t *dirty;
	int64_t left;

	grind(b);
	last = b->node->trust.directory.list[b->node->trust.directory.count - 1];
	assert_true(last->id.b[0] == 0xff);
	before = b->node->trust.tree.hashed;
	for (unsigned i = 0; i < 200; i++) {
		b->now.ms += 300;
		viz_tree_leave_out(&b->node->trust, last, true);
		last->items.stale = false; /* it needs no hash of its own */
		b->node->trust.directory.stale_count = 0;
		give_tree(b);
	}
	/* a burst, and what a minute gives */
	print_message("# %llu\n", (unsigned long long)(b->node->trust.tree.hashed - before));
	assert_true(b->node->trust.tree.hashed - before <= 200 * 100 + 60 * 8192 + VIZ_MEMBERS_MAX);
	assert_int_equal(b->closed, 0);
	/* who asks is charged */
	tick(b, 10000);
	dirty = &b->node->trust.tree.now.dirty[VIZ_TREE_BUCKETS - 1];
	*dirty = 1;
	evil(b)->remote->repair_bytes = VIZ_REPAIR_BURST_BYTES;
	evil(b)->remote->repair_bytes_at = b->now;
	give_tree(b);
	left = evil(b)->remote->repair_bytes;
	assert_int_equal(*dirty, 0);
	assert_true(VIZ_REPAIR_BURST_BYTES - left >= GROUND * 8);
}

static size_t ask_all(struct one_node *b, const struct viz_id *author)
{
	size_t bytes = 0;

	for (uint64_t link = FIRST; link < FIRST + CROWD; link++)
		do {
			want(b, link, author, true);
			bytes += b->sent_bytes;
		} while (b->sent_bytes > 100000);
	return bytes;
}

/* Many ask for all at once: together they get no more than some would, and alike. A partner gets
 * what it gets alone. */
static void many_ask(void **state)
{
	struct one_node *b = *state;
	struct forge *f = calloc(CROWD, sizeof *f);
	size_t bytes;

	assert_non_null(f);
	for (unsigned slot = 0; slot < VIZ_COVERAGE_SLOTS; slot++) {
		forge_coverage(&b->scratch, &b->evil, slot, b->now, VIZ_COVERAGE_CEPS_MAX, 0);
		give(b, &b->scratch);
	}
	for (unsigned i = 0; i < CROWD; i++) {
		forge_author(&f[i], &b->federation, &b->rng);
		forge_vouch(&b->scratch, &b->evil, 1 + i, b->now, &f[i].author, false);
		give(b, &b->scratch);
		forge_node(&b->scratch, &f[i], b->now);
		give(b, &b->scratch);
		forge_vouch(&b->scratch, &f[i], 0, b->now, &b->evil.author, false);
		give(b, &b->scratch);
		b->now.ms += 1000;
		come_in_as(b, &f[i], FIRST + i, NULL);
	}
	tick(b, 10000);
	bytes = ask_all(b, &b->evil.author);
	tick(b, 1000);
	bytes += ask_all(b, &b->evil.author);
	print_message("# %zu KiB to %d in a second\n", bytes >> 10, CROWD);
	assert_true(bytes > VIZ_REPAIR_BYTES_SEC);
	assert_true(bytes <= VIZ_REPAIR_AT_ONCE *
				 (VIZ_REPAIR_BYTES_SEC + 3 * (size_t)VIZ_REPAIR_BURST_BYTES));
	bytes = 0;
	do {
		want(b, LINK_EVIL, &b->evil.author, true);
		bytes += b->sent_bytes;
	} while (b->sent_bytes > 100000);
	assert_true(bytes > VIZ_REPAIR_BURST_BYTES * 9 / 10);
	free(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	    T(places_that_are_not_held),
	    T(announcements),
	    T(a_flood_of_them_is_not_read),
	    T(dropped_records),
	    T(ids_ground_into_one_bucket),
	    T(a_large_bucket_is_hashed_now_and_then),
	    T(a_forged_hello),
	    T(many_ask),
	};

	VIZ_REQUIRE(viz_crypto_init() == VIZ_OK);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
