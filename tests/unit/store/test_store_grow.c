/* The map grows between two transactions, up to what the operator or the disk allows. */
#include "tests/unit/store/open_store.h"
#include "store/backend.h"
#include "store/stat.h"

#include <sys/resource.h>
#include <sys/statvfs.h>

/* The sanitizer has taken all addresses. */
#if defined(__SANITIZE_ADDRESS__)
#define NO_LIMIT
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define NO_LIMIT
#endif
#endif

#define MIB (UINT64_C(1) << 20)

static uint8_t value[100000];

static void open_growing(struct open_store *b, uint64_t map_bytes)
{
	const struct viz_store_config config = {
	    .dir = b->dir, .map_bytes = map_bytes, .start_bytes = 8 * MIB, .volatile_commit = true};

	viz_store_close(b->s);
	assert_int_equal(viz_store_open(&b->s, NULL, &config), 0);
}

/* One value in a transaction; the number of those that were taken before one was refused. */
static unsigned fill(struct viz_store *s, unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		uint8_t key[4];
		int err;

		viz_be_put_u32(key, i);
		memset(value, (int)i, sizeof value);
		assert_int_equal(viz_store_begin(s), 0);
		err = viz_store_put(s, VIZ_TABLE_RECORD, key, 4, value, sizeof value);
		assert_int_equal(viz_store_commit(s), 0);
		if (err)
			return i;
	}
	return n;
}

static void intact(struct viz_store *s, unsigned n)
{
	assert_int_equal(viz_store_begin(s), 0);
	for (unsigned i = 0; i < n; i++) {
		struct viz_slice v;
		uint8_t key[4];

		viz_be_put_u32(key, i);
		memset(value, (int)i, sizeof value);
		assert_int_equal(viz_store_get(s, &v, VIZ_TABLE_RECORD, key, 4), 0);
		assert_int_equal(v.len, sizeof value);
		assert_memory_equal(v.p, value, v.len);
	}
	viz_store_abort(s);
	check(s);
}

static void it_grows_to_what_is_configured(void **state)
{
	struct open_store *b = *state;
	uint64_t used, map;
	unsigned n;

	open_growing(b, 50 * MIB);
	assert_int_equal(b->s->headroom.map_pages * b->s->headroom.page_bytes, 8 * MIB);
	n = fill(b->s, 1000);
	viz_store_stat_usage(b->s, &used, &map);
	assert_int_equal(map, 50 * MIB); /* what is said is the largest size, from the start */
	assert_int_equal(b->s->headroom.map_pages * b->s->headroom.page_bytes, 50 * MIB);
	assert_true(used > 50 * MIB * 7 / 8 && used < 50 * MIB);
	assert_int_equal(viz_store_stat_room(b->s),
			 50 * MIB / 16 * 15 > used ? 50 * MIB / 16 * 15 - used : 0);
	intact(b->s, n);
	open_growing(b, 50 * MIB);
	intact(b->s, n);
}

static void it_grows_with_the_disk(void **state)
{
	struct open_store *b = *state;
	struct statvfs fs;
	uint64_t half;

	open_growing(b, 0);
	assert_int_equal(statvfs(b->dir, &fs), 0);
	half = (uint64_t)fs.f_blocks * fs.f_frsize / 2;
	half = half < VIZ_STORE_MAP_MAX ? half : VIZ_STORE_MAP_MAX;
	assert_true(viz_store_stat_map(b->s) <= half && viz_store_stat_map(b->s) > half - MIB);
	assert_true(viz_store_stat_shared(b->s) <= VIZ_STORE_MAP_START);
	assert_int_equal(fill(b->s, 300), 300);
	assert_int_equal(b->s->headroom.map_pages * b->s->headroom.page_bytes, 64 * MIB);
	intact(b->s, 300);
}

/* The system gives no larger map: the store goes on with the one that it has. */
#ifndef NO_LIMIT
static void it_stays_when_there_are_no_addresses(void **state)
{
	struct open_store *b = *state;
	struct rlimit before, tight;
	unsigned n, more;

	open_growing(b, 4096 * MIB);
	assert_int_equal(getrlimit(RLIMIT_AS, &before), 0);
	tight = before;
	tight.rlim_cur = 150 * MIB;
	assert_int_equal(setrlimit(RLIMIT_AS, &tight), 0);
	n = fill(b->s, 4000);
	assert_int_equal(setrlimit(RLIMIT_AS, &before), 0);
	assert_true(n < 4000);
	assert_null(viz_store_cause(b->s));
	intact(b->s, n);
	open_growing(b, 200 * MIB);
	more = fill(b->s, 4000);
	assert_true(more > n);
	intact(b->s, more);
}
#endif

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	    T(it_grows_to_what_is_configured),
	    T(it_grows_with_the_disk),
#ifndef NO_LIMIT
	    T(it_stays_when_there_are_no_addresses),
#endif
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
