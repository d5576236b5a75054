/* How many days are left, and when the operator hears of it. */
#include "tests/unit/unit.h"

#include "tests/unit/node/bed.h"

#include "node/core/core.h"
#include "node/core/event.h"
#include "node/core/growth.h"
#include "node/core/journal.h"
#include "node/state.h"
#include "store/stat.h"
#include "store/store.h"

#define HOUR INT64_C(3600000)

/* So many bytes more of rows that nobody reads. */
static void grow(struct bed *b, unsigned n)
{
	static uint8_t value[60000];
	uint8_t key[12] = "grow";

	for (unsigned i = 0; i < n; i++) {
		viz_be_put_u64(key + 4, (uint64_t)b->now.ms + i);
		viz_core_put(&b->node->core, VIZ_TABLE_META, key, sizeof key, value, sizeof value);
	}
}

/* A batch at each hour; n rows in each. */
static void hours(struct bed *b, int count, unsigned n)
{
	for (int i = 0; i < count; i++) {
		b->now.ms += HOUR;
		bed_run(b);
		bed_begin(b);
		b->node->core.now = b->now;
		grow(b, n);
		bed_end(b);
	}
}

static bool days_left(struct bed *b, uint64_t *days)
{
	bool known;

	bed_begin(b);
	b->node->core.now = b->now;
	known = viz_growth_days_left(&b->node->core, days);
	bed_end(b);
	return known;
}

static void the_days_left_follow_the_last_week(void **state)
{
	struct bed *b = *state;
	uint64_t days = 0, room, wanted;

	hours(b, 20, 1);
	assert_false(days_left(b, &days)); /* less than a day */
	hours(b, 60, 1);
	assert_true(days_left(b, &days));
	room = viz_store_stat_room(b->store);
	wanted = room / (24 * 61440); /* LMDB takes whole pages for a value */
	assert_true(days >= wanted * 8 / 10 && days <= wanted * 12 / 10);
	bed_close(b);
	bed_open(b);
	assert_int_equal(b->node->core.growth.count, 14);
	assert_true(days_left(b, &days));
	assert_true(days >= wanted * 8 / 10 && days <= wanted * 12 / 10);
	hours(b, 24 * 8, 0);
	assert_false(days_left(b, &days)); /* it grows no more */
	assert_int_equal(b->node->core.growth.count, VIZ_GROWTH_SAMPLES);
}

static void a_clock_that_was_ahead_leaves_nothing(void **state)
{
	struct bed *b = *state;
	uint64_t days;

	hours(b, 30, 0);
	bed_begin(b);
	b->node->core.growth.sample[b->node->core.growth.count - 1].at.ms += 3000 * 24 * HOUR;
	bed_end(b);
	hours(b, 30, 1);
	assert_true(days_left(b, &days) && days < 100);
	for (size_t i = 1; i < b->node->core.growth.count; i++)
		assert_true(b->node->core.growth.sample[i].at.ms <= b->now.ms);
}

/* How many effects say that 70 % are used. */
static unsigned told(struct bed *b)
{
	unsigned n = 0;

	for (size_t i = 0; i < b->fx.count; i++)
		n += b->fx.list[i].kind == VIZ_EFFECT_LOG &&
		     strstr(b->fx.list[i].text, "has used 70 %") != NULL;
	return n;
}

static void seventy_per_cent_are_told_once(void **state)
{
	struct bed *b = *state;
	struct viz_journal_entry entry;
	struct viz_id hash;
	unsigned n = 0;

	for (int i = 0; i < 40; i++) {
		uint64_t used, map;

		bed_begin(b);
		grow(b, 20);
		bed_end(b);
		b->now.ms += HOUR;
		bed_run(b);
		n += told(b);
		viz_store_stat_usage(b->store, &used, &map);
		if (used < map / 16 * 15 / 10 * 7 - (2 << 20))
			assert_int_equal(n, 0);
		if (used * 4 > map * 3)
			break;
	}
	assert_int_equal(n, 1);
	bed_begin(b);
	assert_int_equal(
	    viz_journal_get(&b->node->core, &entry, &hash, b->node->core.journal.number), VIZ_OK);
	assert_string_equal(entry.event, "space");
	bed_end(b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, bed_setup, bed_teardown)
	    T(the_days_left_follow_the_last_week),
	    T(a_clock_that_was_ahead_leaves_nothing),
	    T(seventy_per_cent_are_told_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
