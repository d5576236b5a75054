/* A store that is full: what it refuses, and what it still does. */
#include "tests/unit/store/open_store.h"
#include "store/stat.h"

struct random {
	uint64_t x;
};

static uint32_t draw(struct random *r, uint32_t below)
{
	r->x ^= r->x << 13;
	r->x ^= r->x >> 7;
	r->x ^= r->x << 17;
	return (uint32_t)(r->x >> 32) % below;
}

/* Writes until the store refuses, in transactions of up to 200 puts. Returns the number of
 * successful puts. */
static unsigned fill(struct viz_store *s, struct random *r, size_t largest)
{
	static uint8_t value[70000];
	unsigned done = 0;
	int err = 0;

	for (unsigned quiet = 0; quiet < 20;) {
		const unsigned before = done;

		assert_int_equal(viz_store_begin(s), 0);
		for (unsigned i = draw(r, 200) + 1; i > 0 && err == 0; i--) {
			uint8_t key[8];

			viz_be_put_u32(key, draw(r, UINT32_MAX));
			viz_be_put_u32(key + 4, done);
			err = viz_store_put(s, VIZ_TABLE_RECORD, key, 8, value,
					    draw(r, (uint32_t)largest));
			if (err == 0)
				done++;
		}
		quiet = err && done == before ? quiet + 1 : 0;
		assert_true(err == 0 || err == VIZ_ERR_LIMIT);
		if (err)
			assert_false(viz_store_headroom_fits(s, 2, 2 * largest));
		/* Freed pages are available only after further commits. */
		assert_int_equal(put(s, VIZ_TABLE_META, "fill", quiet % 2 ? "1" : "2"), 0);
		err = 0;
		assert_int_equal(viz_store_commit(s), 0);
	}
	return done;
}

/* Deletes about `share` of 10 entries, `batch` in each transaction. */
static void thin_out(struct viz_store *s, struct random *r, uint32_t share, unsigned batch)
{
	uint64_t count = viz_store_stat_entries(s, VIZ_TABLE_RECORD);
	uint8_t at[8] = {0};
	bool more = true;

	while (more) {
		struct viz_slice k;
		struct viz_slice v;
		struct viz_walk w;
		size_t bytes = 0;
		int err = 0;

		assert_int_equal(viz_store_begin(s), 0);
		viz_walk_init(&w, s, VIZ_TABLE_RECORD, NULL, 0);
		viz_walk_from(&w, at, sizeof at);
		for (unsigned i = 0; i < batch && err == 0 && (more = viz_walk_next(&w, &k, &v));) {
			memcpy(at, k.p, 8);
			if (draw(r, 10) < share) {
				bytes += v.len;
				err = viz_store_del(s, VIZ_TABLE_RECORD, at, 8);
				i++;
			}
			/* The store may ask a large transaction to commit first, but never an
			 * empty one: its list of freed pages must find a place. */
			assert_true(err == 0 ||
				    (err == VIZ_ERR_LIMIT && (i > 100 || bytes > 1 << 20)));
		}
		assert_int_equal(viz_store_commit(s), 0);
	}
	assert_true(viz_store_stat_entries(s, VIZ_TABLE_RECORD) <= count);
	if (share == 10)
		assert_int_equal(viz_store_stat_entries(s, VIZ_TABLE_RECORD), 0);
}

static void a_full_map_leaves_deletions_possible(void **state)
{
	static const size_t sizes[] = {300, 6000, 70000, 40, 20000};
	struct open_store *b = *state;
	struct random r = {88172645463325252u};
	uint64_t used = 0;
	uint64_t map = 0;

	viz_store_close(b->s);
	b->quick = true;
	assert_int_equal(open_sized(b, UINT64_C(12) << 20), 0);
	for (unsigned round = 0; round < 20; round++) {
		unsigned n = fill(b->s, &r, sizes[round % 5]);

		viz_store_stat_usage(b->s, &used, &map);
		assert_int_equal(map, 12 << 20);
		assert_true(n > 0);
		/* The store refuses when at most a third of the map is free. */
		if (round < 1)
			assert_true(used > map * 2 / 3);
		thin_out(b->s, &r, round % 4 == 3 ? 10 : 1 + draw(&r, 9), 1 + draw(&r, 400));
	}
	thin_out(b->s, &r, 10, 1);
	for (unsigned i = 0; i < 3; i++) { /* freed pages are available after two commits */
		viz_store_begin(b->s);
		assert_int_equal(put(b->s, VIZ_TABLE_META, "x", i % 2 ? "1" : "2"), 0);
		assert_int_equal(viz_store_commit(b->s), 0);
	}
	assert_true(fill(b->s, &r, 300) > 10000);
	check(b->s);
}

static void a_full_map_lets_values_change(void **state)
{
	struct open_store *b = *state;
	struct random r = {362436069};

	viz_store_close(b->s);
	b->quick = true;
	assert_int_equal(open_sized(b, UINT64_C(4) << 20), 0);
	viz_store_begin(b->s);
	put(b->s, VIZ_TABLE_VAULT, "0000", "1");
	put(b->s, VIZ_TABLE_META, "fill", "1");
	viz_store_commit(b->s);
	fill(b->s, &r, 900);
	for (unsigned i = 0; i < 50; i++) {
		assert_int_equal(viz_store_begin(b->s), 0);
		assert_int_equal(put(b->s, VIZ_TABLE_VAULT, "0000", i % 2 ? "1" : "2"), 0);
		assert_int_equal(put(b->s, VIZ_TABLE_VAULT, "0000", "longer"), VIZ_ERR_LIMIT);
		assert_int_equal(put(b->s, VIZ_TABLE_VAULT, "0001", "1"), VIZ_ERR_LIMIT);
		assert_int_equal(viz_store_commit(b->s), 0);
	}
	assert_null(viz_store_cause(b->s));
}

/* A map that was once full serves large transactions again when it is half empty. */
static void a_map_that_was_full_serves_again(void **state)
{
	struct open_store *b = *state;
	struct random r = {2463534242};

	viz_store_close(b->s);
	b->quick = true;
	assert_int_equal(open_sized(b, UINT64_C(64) << 20), 0);
	fill(b->s, &r, 4000);
	thin_out(b->s, &r, 6, 50);
	for (unsigned round = 0; round < 5; round++) {
		static uint8_t value[300];

		assert_int_equal(viz_store_begin(b->s), 0);
		for (uint32_t i = 0; i < 1000; i++) {
			uint8_t key[8];

			viz_be_put_u32(key, draw(&r, UINT32_MAX));
			viz_be_put_u32(key + 4, i);
			assert_int_equal(
			    viz_store_put(b->s, VIZ_TABLE_RECORD, key, 8, value, sizeof value), 0);
		}
		assert_int_equal(viz_store_commit(b->s), 0);
	}
	check(b->s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(a_full_map_leaves_deletions_possible, setup, teardown),
	    cmocka_unit_test_setup_teardown(a_full_map_lets_values_change, setup, teardown),
	    cmocka_unit_test_setup_teardown(a_map_that_was_full_serves_again, setup, teardown),
	};

	return cmocka_run_group_tests_name("store_full", tests, NULL, NULL);
}
