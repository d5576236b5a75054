/* Idempotency keys: their ends, their day, their bounds, and what a crash leaves of the file. */
#include "tools/web/keys.h"
#include "tests/unit/scratch.h"
#include "tests/unit/unit.h"

#include "node/host/log.h"

#define NOW 1800000000000

static char dir[SCRATCH_PATH];

static int make(void **state)
{
	(void)state;
	viz_host_log_init(VIZ_LOG_CRITICAL);
	scratch_make(dir);
	return 0;
}

static int drop(void **state)
{
	(void)state;
	scratch_remove(dir);
	return 0;
}

static struct viz_web_keys *open_at(int64_t now_ms)
{
	struct viz_web_keys *k = NULL;

	assert_int_equal(viz_web_keys_open(&k, dir, now_ms), VIZ_OK);
	return k;
}

static struct viz_web_key_hash hash(uint32_t n)
{
	struct viz_web_key_hash h = {{0}};

	memcpy(h.b, &n, sizeof n);
	return h;
}

static enum viz_web_key_state begin(struct viz_web_keys *k, char id[VIZ_WEB_KEY_ID], uint32_t key,
				    uint32_t body, bool twice, int64_t now_ms)
{
	struct viz_web_key_hash a = hash(key), b = hash(body);

	return viz_web_keys_begin(k, id, &a, &b, key / 1000000, twice, now_ms);
}

static void ends_and_days(void **state)
{
	struct viz_web_keys *k = open_at(NOW);
	struct viz_web_key_hash one = hash(1), two = hash(2);
	char id[VIZ_WEB_KEY_ID] = "";

	(void)state;
	assert_int_equal(begin(k, id, 1, 7, false, NOW), VIZ_WEB_KEY_NEW);
	assert_int_equal(begin(k, id, 1, 7, false, NOW + 1), VIZ_WEB_KEY_BUSY);
	assert_int_equal(begin(k, id, 1, 8, false, NOW + 1), VIZ_WEB_KEY_REUSED);
	viz_web_keys_end(k, &one, "20261123-1");
	assert_int_equal(begin(k, id, 1, 7, false, NOW + 2), VIZ_WEB_KEY_ENDED);
	assert_string_equal(id, "20261123-1");
	assert_int_equal(begin(k, id, 2, 7, false, NOW), VIZ_WEB_KEY_NEW);
	viz_web_keys_drop(k, &two);
	assert_int_equal(begin(k, id, 2, 9, false, NOW), VIZ_WEB_KEY_NEW);
	assert_int_equal(begin(k, id, 1, 8, false, NOW + VIZ_WEB_KEYS_MS), VIZ_WEB_KEY_NEW);
	viz_web_keys_free(k);
}

/* A process that has died: what had begun has an end that nobody knows. */
static void crash(void **state)
{
	struct viz_web_keys *k = open_at(NOW);
	struct viz_web_key_hash one = hash(1);
	char id[VIZ_WEB_KEY_ID] = "", path[SCRATCH_PATH + 8];
	FILE *f;

	(void)state;
	begin(k, id, 1, 7, false, NOW);
	viz_web_keys_end(k, &one, "abc");
	begin(k, id, 2, 7, false, NOW);
	viz_web_keys_free(k);
	snprintf(path, sizeof path, "%s/keys", dir);
	f = fopen(path, "a");
	assert_non_null(f);
	fputs("nonsense\nbegin 12 34 5 6\nend 0\nbegin 00", f);
	assert_int_equal(fclose(f), 0);
	k = open_at(NOW);
	assert_int_equal(begin(k, id, 1, 7, false, NOW), VIZ_WEB_KEY_ENDED);
	assert_string_equal(id, "abc");
	assert_int_equal(begin(k, id, 2, 7, true, NOW), VIZ_WEB_KEY_UNKNOWN);
	assert_int_equal(begin(k, id, 2, 7, false, NOW), VIZ_WEB_KEY_UNKNOWN);
	assert_int_equal(begin(k, id, 2, 7, false, NOW), VIZ_WEB_KEY_BUSY);
	viz_web_keys_free(k);
}

/* One program fills no other's place; the next day there is room again. */
static void bounds(void **state)
{
	char id[VIZ_WEB_KEY_ID] = "", path[SCRATCH_PATH + 8];
	struct viz_web_keys *k;
	FILE *f;

	(void)state;
	snprintf(path, sizeof path, "%s/keys", dir);
	f = fopen(path, "w");
	assert_non_null(f);
	for (unsigned i = 0; i < VIZ_WEB_KEYS_OF_ONE; i++)
		fprintf(f, "begin %064x %064x 0 %lld\n", i, 7u, (long long)NOW);
	assert_int_equal(fclose(f), 0);
	k = open_at(NOW);
	assert_int_equal(begin(k, id, 999999, 7, false, NOW), VIZ_WEB_KEY_TOO_MANY);
	assert_int_equal(begin(k, id, 1000000, 7, false, NOW), VIZ_WEB_KEY_NEW);
	assert_int_equal(begin(k, id, 999999, 7, false, NOW + VIZ_WEB_KEYS_MS), VIZ_WEB_KEY_NEW);
	viz_web_keys_free(k);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(ends_and_days, make, drop),
	    cmocka_unit_test_setup_teardown(crash, make, drop),
	    cmocka_unit_test_setup_teardown(bounds, make, drop),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
