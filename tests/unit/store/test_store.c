#include "tests/unit/store/open_store.h"
#include "store/backend.h"
#include "store/stat.h"

#include <errno.h>
#include <sys/wait.h>

static void tables_are_apart(void **state)
{
	static const char key[] = "the keys"; /* as long as a number, for tables with such keys */
	struct open_store *b = *state;

	assert_int_equal(viz_store_begin(b->s), 0);
	for (unsigned t = 1; t < VIZ_TABLE_COUNT; t++) {
		char text[16];

		snprintf(text, sizeof text, "value %u", t);
		assert_int_equal(put(b->s, (enum viz_table)t, key, text), 0);
	}
	assert_int_equal(del(b->s, VIZ_TABLE_PEER, key), 0);
	assert_int_equal(del(b->s, VIZ_TABLE_PEER, key), VIZ_ERR_ABSENT);
	assert_int_equal(viz_store_commit(b->s), 0);
	assert_int_equal(viz_store_begin(b->s), 0);
	for (unsigned t = 1; t < VIZ_TABLE_COUNT; t++) {
		char text[16];

		snprintf(text, sizeof text, t == VIZ_TABLE_PEER ? "(absent)" : "value %u", t);
		assert_string_equal(get(b->s, (enum viz_table)t, key), text);
	}
	viz_store_abort(b->s);
	check(b->s);
}

static void an_empty_value_is_a_value(void **state)
{
	struct open_store *b = *state;
	struct viz_slice v = {NULL, 9};

	viz_store_begin(b->s);
	assert_int_equal(put(b->s, VIZ_TABLE_DUE, "timer", ""), 0);
	assert_int_equal(viz_store_get(b->s, &v, VIZ_TABLE_DUE, (const uint8_t *)"timer", 5), 0);
	assert_int_equal(v.len, 0);
	assert_int_equal(viz_store_stat_entries(b->s, VIZ_TABLE_DUE), 1);
	assert_int_equal(viz_store_commit(b->s), 0);
	assert_int_equal(viz_store_stat_entries(b->s, VIZ_TABLE_DUE), 1);
}

static void an_abort_forgets(void **state)
{
	struct open_store *b = *state;

	viz_store_begin(b->s);
	put(b->s, VIZ_TABLE_LEAD, "kept", "1");
	viz_store_commit(b->s);
	viz_store_begin(b->s);
	put(b->s, VIZ_TABLE_LEAD, "kept", "2");
	put(b->s, VIZ_TABLE_LEAD, "lost", "2");
	assert_string_equal(get(b->s, VIZ_TABLE_LEAD, "kept"), "2");
	viz_store_abort(b->s);
	assert_false(viz_store_in_txn(b->s));
	viz_store_begin(b->s);
	assert_true(viz_store_in_txn(b->s));
	assert_string_equal(get(b->s, VIZ_TABLE_LEAD, "kept"), "1");
	assert_string_equal(get(b->s, VIZ_TABLE_LEAD, "lost"), "(absent)");
	viz_store_abort(b->s);
}

static void what_was_committed_is_there_after_reopening(void **state)
{
	struct open_store *b = *state;
	struct stat st;
	char path[SCRATCH_PATH + 16];
	static const char *const files[] = {"store.mdb", "store.mdb-lock", "lock"};

	viz_store_begin(b->s);
	put(b->s, VIZ_TABLE_LEAD, "a", "committed");
	viz_store_commit(b->s);
	viz_store_begin(b->s);
	put(b->s, VIZ_TABLE_LEAD, "b", "open at the end");
	viz_store_close(b->s);
	b->s = NULL;
	for (size_t i = 0; i < 3; i++) {
		snprintf(path, sizeof path, "%s/%s", b->dir, files[i]);
		assert_int_equal(stat(path, &st), 0);
		assert_int_equal(st.st_mode & 0777, 0600);
	}
	assert_int_equal(open_sized(b, UINT64_C(64) << 20), 0);
	viz_store_begin(b->s);
	assert_string_equal(get(b->s, VIZ_TABLE_LEAD, "a"), "committed");
	assert_string_equal(get(b->s, VIZ_TABLE_LEAD, "b"), "(absent)");
	viz_store_abort(b->s);
	check(b->s);
}

/* The keys of a walk with a blank after each. */
static const char *walked(struct viz_store *s, const char *prefix, const char *from)
{
	static char text[512];
	struct viz_slice k;
	struct viz_slice v;
	struct viz_walk w;

	text[0] = 0;
	viz_walk_init(&w, s, VIZ_TABLE_PLAN, (const uint8_t *)prefix, strlen(prefix));
	if (from)
		viz_walk_from(&w, (const uint8_t *)from, strlen(from));
	while (viz_walk_next(&w, &k, &v)) {
		size_t n = strlen(text);

		snprintf(text + n, sizeof text - n, "%.*s ", (int)k.len, (const char *)k.p);
	}
	assert_false(viz_walk_next(&w, &k, &v));
	return text;
}

static void a_walk_keeps_to_its_prefix(void **state)
{
	static const char *const keys[] = {"a", "ab",   "aba",      "abb",          "ac",
					   "b", "\xff", "\xff\xff", "\xff\xff\x01", "\xff\xff\xff"};
	struct open_store *b = *state;

	viz_store_begin(b->s);
	assert_string_equal(walked(b->s, "", NULL), "");
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		put(b->s, VIZ_TABLE_PLAN, keys[i], "");
	assert_string_equal(walked(b->s, "", NULL),
			    "a ab aba abb ac b \xff \xff\xff \xff\xff\x01 \xff\xff\xff ");
	assert_string_equal(walked(b->s, "ab", NULL), "ab aba abb ");
	assert_string_equal(walked(b->s, "ab", "aba"), "aba abb ");
	assert_string_equal(walked(b->s, "ab", "abaa"), "abb ");
	assert_string_equal(walked(b->s, "ab", "a"), "ab aba abb ");
	assert_string_equal(walked(b->s, "ab", "ac"), "");
	assert_string_equal(walked(b->s, "b", "a"), "b ");
	assert_string_equal(walked(b->s, "", "ac"),
			    "ac b \xff \xff\xff \xff\xff\x01 \xff\xff\xff ");
	assert_string_equal(walked(b->s, "\xff\xff", NULL), "\xff\xff \xff\xff\x01 \xff\xff\xff ");
	assert_string_equal(walked(b->s, "\xff\xff\xff\xff", NULL), "");
	assert_string_equal(walked(b->s, "zz", NULL), "");
	viz_store_abort(b->s);
}

static const char *last(struct viz_store *s, const char *prefix)
{
	static char text[64];
	struct viz_slice k;
	struct viz_slice v;
	int err = viz_walk_last(s, &k, &v, VIZ_TABLE_PLAN, (const uint8_t *)prefix, strlen(prefix));

	if (err)
		snprintf(text, sizeof text, "(%s)", viz_err_name(err));
	else
		snprintf(text, sizeof text, "%.*s", (int)k.len, (const char *)k.p);
	return text;
}

static void the_last_key_of_a_prefix(void **state)
{
	static const char *const keys[] = {"a", "ab\xff",   "ab\xff\xff",
					   "b", "\xff\xff", "\xff\xff\xff"};
	struct open_store *b = *state;

	viz_store_begin(b->s);
	assert_string_equal(last(b->s, ""), "(absent)");
	assert_string_equal(last(b->s, "a"), "(absent)");
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		put(b->s, VIZ_TABLE_PLAN, keys[i], "");
	assert_string_equal(last(b->s, ""), "\xff\xff\xff");
	assert_string_equal(last(b->s, "a"), "ab\xff\xff");
	assert_string_equal(last(b->s, "ab\xff"), "ab\xff\xff");
	assert_string_equal(last(b->s, "b"), "b");
	assert_string_equal(last(b->s, "\xff"), "\xff\xff\xff");
	assert_string_equal(last(b->s, "\xff\xff\xff\xff"), "(absent)");
	assert_string_equal(last(b->s, "A"), "(absent)");
	assert_string_equal(last(b->s, "c"), "(absent)");
	viz_store_abort(b->s);
}

/* A step may write to the table behind, at and before the current key. */
static void a_walk_survives_writes_between_its_steps(void **state)
{
	struct open_store *b = *state;
	struct viz_slice k;
	struct viz_slice v;
	struct viz_walk w;
	struct viz_walk other;
	unsigned seen = 0;
	uint8_t key[5] = {7};

	viz_store_begin(b->s);
	for (uint32_t i = 0; i < 2000; i++) {
		viz_be_put_u32(key + 1, 2 * i);
		assert_int_equal(viz_store_put(b->s, VIZ_TABLE_OUTBOX, key, 5, key, 5), 0);
	}
	viz_walk_init(&other, b->s, VIZ_TABLE_OUTBOX, key, 1);
	viz_walk_init(&w, b->s, VIZ_TABLE_OUTBOX, key, 1);
	while (viz_walk_next(&w, &k, &v)) {
		uint32_t at = viz_be_get_u32(k.p + 1);

		assert_int_equal(at, seen);
		assert_memory_equal(k.p, v.p, 5);
		seen += at % 2 == 0 && at < 3998 && at % 3 == 0 ? 1 : 2 - at % 2;
		memcpy(key, k.p, 5);
		if (at % 2 == 0 && at % 3 == 0) { /* a new key right behind the current one */
			viz_be_put_u32(key + 1, at + 1);
			assert_int_equal(viz_store_put(b->s, VIZ_TABLE_OUTBOX, key, 5, key, 5), 0);
		}
		if (at % 2 == 0 && at % 5 == 0) { /* the current key is deleted */
			viz_be_put_u32(key + 1, at);
			assert_int_equal(viz_store_del(b->s, VIZ_TABLE_OUTBOX, key, 5), 0);
		}
		if (at % 7 == 0)
			viz_walk_next(&other, &k, &v);
		if (seen >= 4000)
			break;
	}
	assert_true(seen >= 3998);
	assert_int_equal(viz_store_commit(b->s), 0);
	check(b->s);
}

static void a_second_process_is_refused(void **state)
{
	struct open_store *b = *state;
	const struct viz_store_config config = {.dir = b->dir, .map_bytes = 1 << 22};
	struct viz_store *second = NULL;
	struct viz_store_fault fault = {0};
	int status = 0;
	pid_t child = fork();

	if (child == 0)
		_exit(-viz_store_open(&second, NULL, &config));
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	assert_int_equal(-WEXITSTATUS(status), VIZ_ERR_STATE);
	assert_int_equal(viz_store_open(&second, &fault, &config), VIZ_ERR_STATE);
	assert_int_equal(fault.reason, VIZ_STORE_IN_USE);
	assert_string_equal(fault.what, b->dir);
	assert_null(second);
}

/* The row of the schema as another version writes it, or (0) without it. */
static void change_schema(struct viz_store *s, uint8_t version)
{
	MDB_val key = {6, "schema"}, value = {1, &version};
	MDB_txn *txn = NULL;

	assert_int_equal(mdb_txn_begin(s->env, NULL, 0, &txn), 0);
	if (version > 0)
		assert_int_equal(mdb_put(txn, s->dbi[VIZ_TABLE_META], &key, &value, 0), 0);
	else
		assert_int_equal(mdb_del(txn, s->dbi[VIZ_TABLE_META], &key, NULL), 0);
	assert_int_equal(mdb_txn_commit(txn), 0);
}

static void assert_refused(struct open_store *b, uint8_t version, enum viz_store_reason reason)
{
	const struct viz_store_config config = {.dir = b->dir, .map_bytes = 1 << 22};
	struct viz_store *again = NULL;
	struct viz_store_fault fault = {0};

	change_schema(b->s, version);
	viz_store_close(b->s);
	b->s = NULL;
	assert_int_equal(viz_store_open(&again, &fault, &config), VIZ_ERR_MEANING);
	assert_int_equal(fault.reason, reason);
	assert_null(again);
}

static void a_newer_schema_is_refused(void **state)
{
	assert_refused(*state, VIZ_SCHEMA_VERSION + 1, VIZ_STORE_NEWER);
}

static void an_older_schema_is_refused(void **state)
{
	assert_refused(*state, VIZ_SCHEMA_VERSION - 1, VIZ_STORE_OLDER);
}

static void a_store_without_schema_is_refused(void **state)
{
	struct open_store *b = *state;

	change_schema(b->s, 0);
	viz_store_close(b->s);
	b->s = NULL;
	assert_int_equal(open_sized(b, 1 << 22), VIZ_ERR_STORE);
}

static void no_directory_no_store(void **state)
{
	const struct viz_store_config config = {.dir = "/nonexistent/viz", .map_bytes = 1 << 22};
	struct viz_store *s = NULL;
	struct viz_store_fault fault = {0};

	(void)state;
	assert_int_equal(viz_store_open(&s, &fault, &config), VIZ_ERR_STORE);
	assert_int_equal(fault.reason, VIZ_STORE_SYSTEM);
	assert_int_equal(fault.error, ENOENT);
	assert_string_equal(fault.what, "/nonexistent/viz/lock");
	assert_int_equal(viz_store_open(&s, NULL, &config), VIZ_ERR_STORE);
}

static void garbage_is_refused(void **state)
{
	struct open_store *b = *state;
	char path[SCRATCH_PATH + 16];
	FILE *f = NULL;

	viz_store_close(b->s);
	b->s = NULL;
	snprintf(path, sizeof path, "%s/store.mdb", b->dir);
	f = fopen(path, "w");
	for (int i = 0; i < 4096; i++)
		fputs("garbage!", f);
	fclose(f);
	assert_int_equal(open_sized(b, 1 << 22), VIZ_ERR_STORE);
}

/* A file that lost its end gives an error or its old content, and no signal. */
static void a_file_that_lost_its_end_is_an_error(void **state)
{
	struct open_store *b = *state;
	uint8_t key[4];
	uint8_t value[3000] = {1};
	char path[SCRATCH_PATH + 16];
	int err = 0;

	viz_store_begin(b->s);
	for (uint32_t i = 0; i < 500; i++) {
		viz_be_put_u32(key, i);
		viz_store_put(b->s, VIZ_TABLE_PLANT, key, 4, value, sizeof value);
	}
	viz_store_commit(b->s);
	viz_store_close(b->s);
	b->s = NULL;
	snprintf(path, sizeof path, "%s/store.mdb", b->dir);
	assert_int_equal(truncate(path, 40 * 4096), 0);
	err = open_sized(b, 1 << 22);
	if (err == 0)
		err = viz_store_check(b->s, NULL, NULL);
	assert_int_equal(err, VIZ_ERR_STORE);
}

static void without_fsync_too(void **state)
{
	struct open_store *b = *state;
	struct viz_store_config config = {.dir = b->dir, .map_bytes = 1 << 22};

	viz_store_close(b->s);
	config.volatile_commit = true;
	assert_int_equal(viz_store_open(&b->s, NULL, &config), 0);
	viz_store_begin(b->s);
	put(b->s, VIZ_TABLE_LEAD, "a", "committed");
	assert_int_equal(viz_store_commit(b->s), 0);
	viz_store_close(b->s);
	assert_int_equal(viz_store_open(&b->s, NULL, &config), 0);
	viz_store_begin(b->s);
	assert_string_equal(get(b->s, VIZ_TABLE_LEAD, "a"), "committed");
	viz_store_abort(b->s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(tables_are_apart, setup, teardown),
	    cmocka_unit_test_setup_teardown(an_empty_value_is_a_value, setup, teardown),
	    cmocka_unit_test_setup_teardown(an_abort_forgets, setup, teardown),
	    cmocka_unit_test_setup_teardown(what_was_committed_is_there_after_reopening, setup,
					    teardown),
	    cmocka_unit_test_setup_teardown(a_walk_keeps_to_its_prefix, setup, teardown),
	    cmocka_unit_test_setup_teardown(the_last_key_of_a_prefix, setup, teardown),
	    cmocka_unit_test_setup_teardown(a_walk_survives_writes_between_its_steps, setup,
					    teardown),
	    cmocka_unit_test_setup_teardown(a_second_process_is_refused, setup, teardown),
	    cmocka_unit_test_setup_teardown(a_newer_schema_is_refused, setup, teardown),
	    cmocka_unit_test_setup_teardown(an_older_schema_is_refused, setup, teardown),
	    cmocka_unit_test_setup_teardown(a_store_without_schema_is_refused, setup, teardown),
	    cmocka_unit_test(no_directory_no_store),
	    cmocka_unit_test_setup_teardown(garbage_is_refused, setup, teardown),
	    cmocka_unit_test_setup_teardown(a_file_that_lost_its_end_is_an_error, setup, teardown),
	    cmocka_unit_test_setup_teardown(without_fsync_too, setup, teardown),
	};

	return cmocka_run_group_tests_name("store", tests, NULL, NULL);
}
