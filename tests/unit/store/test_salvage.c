/* A store that an older version has written becomes one of this schema; a damaged one is made anew
 * of what is right. data/make_store.py has made the older ones. */
#include "tests/unit/store/open_store.h"

#include "store/checksum.h"
#include "store/meta.h"
#include "store/salvage.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#define MAP (UINT64_C(64) << 20)

struct rows {
	uint64_t sum, count; /* of all rows but those of the store itself */
	uint64_t entries[VIZ_TABLE_COUNT];
	bool cut; /* they end with a checksum */
};

static bool is_of_store(enum viz_table table, const struct viz_slice *key)
{
	static const char *const names[] = {VIZ_META_SCHEMA, VIZ_META_SUMS, VIZ_META_SALVAGE};

	for (size_t i = 0; i < 3; i++)
		if (table == VIZ_TABLE_META && key->len == strlen(names[i]) &&
		    memcmp(key->p, names[i], key->len) == 0)
			return true;
	return false;
}

static int add(void *arg, enum viz_table table, const struct viz_slice *key,
	       const struct viz_slice *stored, bool right)
{
	struct rows *rows = arg;
	size_t len = stored->len - (rows->cut ? VIZ_CHECKSUM_LEN : 0);

	assert_true(right);
	if (is_of_store(table, key))
		return 0;
	rows->sum += viz_checksum_row(table, key->p, key->len, stored->p, len);
	rows->entries[table]++;
	rows->count++;
	return 0;
}

static int read_rows(struct rows *rows, struct viz_damage *damage, const struct open_store *b,
		     bool cut)
{
	char path[SCRATCH_PATH + 16];
	uint32_t version;
	int fd, err;

	*rows = (struct rows){.cut = cut};
	snprintf(path, sizeof path, "%s/store.mdb", b->dir);
	fd = open(path, O_RDONLY);
	assert_true(fd >= 0);
	err = viz_pages_read(damage, &version, fd, add, rows);
	close(fd);
	return err;
}

static int run(struct viz_salvage_result *result, const struct open_store *b)
{
	const struct viz_store_config config = {.dir = b->dir, .map_bytes = MAP};

	return viz_salvage_run(result, &config);
}

static bool exists(const struct open_store *b, const char *name)
{
	char path[SCRATCH_PATH + 64];

	snprintf(path, sizeof path, "%s/%s", b->dir, name);
	return access(path, F_OK) == 0;
}

/* Puts the older store into the directory. */
static void unpack(const struct open_store *b, unsigned version)
{
	const char *folder = getenv("VIZ_STORES");
	static uint8_t bytes[1 << 20];
	char path[4096];
	gzFile in;
	int fd, n;

	assert_non_null(folder);
	snprintf(path, sizeof path, "%s/store-%u.mdb.gz", folder, version);
	in = gzopen(path, "rb");
	assert_non_null(in);
	n = gzread(in, bytes, sizeof bytes);
	assert_true(n > 0 && n < (int)sizeof bytes);
	gzclose(in);
	snprintf(path, sizeof path, "%s/store.mdb", b->dir);
	fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);
	assert_true(fd >= 0 && write(fd, bytes, (size_t)n) == n);
	close(fd);
}

static void spoil(const struct open_store *b, uint64_t at)
{
	char path[SCRATCH_PATH + 16];
	uint8_t byte;
	int fd;

	snprintf(path, sizeof path, "%s/store.mdb", b->dir);
	fd = open(path, O_RDWR);
	assert_true(fd >= 0 && pread(fd, &byte, 1, (off_t)at) == 1);
	byte ^= 0x10;
	assert_int_equal(pwrite(fd, &byte, 1, (off_t)at), 1);
	close(fd);
}

static int closed(void **state)
{
	int rc = setup(state);
	struct open_store *b = *state;

	viz_store_close(b->s);
	b->s = NULL;
	return rc;
}

static void migrate(struct open_store *b, unsigned version)
{
	struct viz_salvage_result result;
	struct viz_damage damage;
	struct rows old, new;
	char path[SCRATCH_PATH + 64];

	unpack(b, version);
	assert_int_equal(read_rows(&old, &damage, b, version >= VIZ_SCHEMA_CHECKSUMS), 0);
	assert_true(old.count > 100 && old.entries[VIZ_TABLE_LEAD] == 3);
	/* what a process has left that ended in the middle */
	snprintf(path, sizeof path, "%s/" VIZ_SALVAGE_DIR, b->dir);
	assert_int_equal(mkdir(path, 0700), 0);
	strcat(path, "/store.mdb");
	close(open(path, O_CREAT | O_WRONLY, 0600));
	assert_int_equal(run(&result, b), 0);
	assert_int_equal(result.end, VIZ_SALVAGE_MIGRATED);
	assert_int_equal(result.version, version);
	assert_int_equal(result.rows, old.count);
	assert_false(exists(b, VIZ_SALVAGE_DIR));
	assert_false(exists(b, VIZ_SALVAGE_DAMAGED));
	assert_int_equal(read_rows(&new, &damage, b, true), 0);
	assert_true(new.sum == old.sum);
	assert_memory_equal(new.entries, old.entries, sizeof old.entries);
	assert_int_equal(run(&result, b), 0);
	assert_int_equal(result.end, VIZ_SALVAGE_SOUND);
	assert_int_equal(open_sized(b, MAP), 0);
	check(b->s);
}

static void a_store_without_checksums_is_migrated(void **state)
{
	migrate(*state, 9);
}

static void a_store_with_fewer_tables_is_migrated(void **state)
{
	migrate(*state, 10);
}

/* What the store of each version before has lost is told when it is migrated, too. */
static void a_damaged_older_store(void **state)
{
	struct open_store *b = *state;
	struct viz_salvage_result result;

	unpack(b, 9);
	spoil(b, 16 + 4); /* the version of LMDB, in the first of its two heads */
	assert_int_equal(run(&result, b), 0);
	assert_int_equal(result.end, VIZ_SALVAGE_REBUILT);
	assert_true(result.damage.head);
	assert_true(exists(b, VIZ_SALVAGE_DAMAGED));
	assert_int_equal(open_sized(b, MAP), 0);
	check(b->s);
}

/* Where the key of this row stands in the file. */
static uint64_t place_of(const struct open_store *b, const char *key)
{
	static uint8_t bytes[1 << 20];
	char path[SCRATCH_PATH + 16];
	uint64_t found = 0;
	ssize_t n;
	int fd;

	snprintf(path, sizeof path, "%s/store.mdb", b->dir);
	fd = open(path, O_RDONLY);
	n = read(fd, bytes, sizeof bytes);
	close(fd);
	for (ssize_t i = 0; i + (ssize_t)strlen(key) < n; i++)
		if (memcmp(bytes + i, key, strlen(key)) == 0)
			found = (uint64_t)i;
	assert_true(found > 0);
	return found;
}

static void fill(struct open_store *b)
{
	assert_int_equal(open_sized(b, MAP), 0);
	assert_int_equal(viz_store_begin(b->s), 0);
	assert_int_equal(put(b->s, VIZ_TABLE_META, VIZ_META_IDENTITY, "keys"), 0);
	assert_int_equal(put(b->s, VIZ_TABLE_META, VIZ_META_FEDERATION, "times"), 0);
	assert_int_equal(put(b->s, VIZ_TABLE_META, VIZ_META_SIGNED, "log"), 0);
	assert_int_equal(put(b->s, VIZ_TABLE_LEAD, "the lead", "of a customer"), 0);
	assert_int_equal(put(b->s, VIZ_TABLE_LEAD, "a sounder", "of another one"), 0);
	assert_int_equal(put(b->s, VIZ_TABLE_LOOKUP_OWN, "index", "made again"), 0);
	assert_int_equal(viz_store_commit(b->s), 0);
	viz_store_close(b->s);
	b->s = NULL;
}

static void a_damaged_row_is_left_out_and_named(void **state)
{
	struct open_store *b = *state;
	struct viz_salvage_result result;
	struct viz_salvage_loss loss;
	struct viz_slice v;

	fill(b);
	spoil(b, place_of(b, "of a customer"));
	assert_int_equal(run(&result, b), 0);
	assert_int_equal(result.end, VIZ_SALVAGE_REBUILT);
	assert_int_equal(result.damage.rows[VIZ_TABLE_LEAD], 1);
	assert_true(result.damage.sum[VIZ_TABLE_LEAD]);
	assert_true(exists(b, VIZ_SALVAGE_DAMAGED));
	assert_int_equal(open_sized(b, MAP), 0);
	check(b->s);
	viz_store_begin(b->s);
	assert_string_equal(get(b->s, VIZ_TABLE_LEAD, "the lead"), "(absent)");
	assert_string_equal(get(b->s, VIZ_TABLE_LEAD, "a sounder"), "of another one");
	assert_string_equal(get(b->s, VIZ_TABLE_LOOKUP_OWN, "index"), "(absent)");
	assert_int_equal(viz_store_get(b->s, &v, VIZ_TABLE_META, VIZ_META(VIZ_META_SALVAGE)), 0);
	assert_int_equal(viz_salvage_loss_read(&loss, v.p, v.len), 0);
	assert_int_equal(viz_salvage_loss_read(&loss, v.p, v.len - 1), VIZ_ERR_STORE);
	assert_int_equal(viz_salvage_loss_read(&loss, v.p, v.len), 0);
	assert_int_equal(loss.damage.rows[VIZ_TABLE_LEAD], 1);
	assert_int_equal(loss.keys, 1);
	assert_int_equal(loss.key[0].table, VIZ_TABLE_LEAD);
	assert_memory_equal(loss.key[0].key, "the lead", 8);
	viz_store_abort(b->s);
}

/* Whoever reads a row that went bad later gets an error, and no other value. */
static void a_row_that_went_bad_is_an_error(void **state)
{
	struct open_store *b = *state;
	struct viz_slice v;

	fill(b);
	spoil(b, place_of(b, "of a customer"));
	assert_int_equal(open_sized(b, MAP), 0);
	viz_store_begin(b->s);
	assert_int_equal(viz_store_get(b->s, &v, VIZ_TABLE_LEAD, (const uint8_t *)"a sounder", 9),
			 0);
	assert_int_equal(viz_store_get(b->s, &v, VIZ_TABLE_LEAD, (const uint8_t *)"the lead", 8),
			 VIZ_ERR_STORE);
	assert_string_equal(viz_store_cause(b->s), "table 7: a row does not fit its checksum");
	viz_store_abort(b->s);
}

static void without_our_keys_nothing_changes(void **state)
{
	struct open_store *b = *state;
	struct viz_salvage_result result;

	fill(b);
	spoil(b, place_of(b, "keys"));
	assert_int_equal(run(&result, b), 0);
	assert_int_equal(result.end, VIZ_SALVAGE_LOST);
	assert_false(exists(b, VIZ_SALVAGE_DAMAGED));
	assert_false(exists(b, VIZ_SALVAGE_DIR));
	assert_int_equal(run(&result, b), 0);
	assert_int_equal(result.end, VIZ_SALVAGE_LOST);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(a_store_without_checksums_is_migrated, closed,
					    teardown),
	    cmocka_unit_test_setup_teardown(a_store_with_fewer_tables_is_migrated, closed,
					    teardown),
	    cmocka_unit_test_setup_teardown(a_damaged_older_store, closed, teardown),
	    cmocka_unit_test_setup_teardown(a_damaged_row_is_left_out_and_named, closed, teardown),
	    cmocka_unit_test_setup_teardown(a_row_that_went_bad_is_an_error, closed, teardown),
	    cmocka_unit_test_setup_teardown(without_our_keys_nothing_changes, closed, teardown),
	};

	return cmocka_run_group_tests_name("salvage", tests, NULL, NULL);
}
