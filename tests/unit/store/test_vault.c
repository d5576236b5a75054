#include "tests/unit/unit.h"
#include "tests/unit/scratch.h"

#include "store/check.h"
#include "store/stat.h"

struct bench {
	char dir[SCRATCH_PATH];
	struct viz_store *s;
	struct viz_vault *v;
};

static int reopen(struct bench *b)
{
	const struct viz_store_config config = {.dir = b->dir, .map_bytes = UINT64_C(16) << 20};
	int err = 0;

	viz_vault_file_close(b->v);
	viz_store_close(b->s);
	b->v = NULL;
	b->s = NULL;
	err = viz_store_open(&b->s, NULL, &config);
	return err ? err : viz_vault_file_open(&b->v, NULL, b->s, b->dir);
}

static int setup(void **state)
{
	struct bench *b = calloc(1, sizeof *b);

	scratch_make(b->dir);
	*state = b;
	return reopen(b);
}

static int teardown(void **state)
{
	struct bench *b = *state;

	viz_vault_file_close(b->v);
	viz_store_close(b->s);
	scratch_remove(b->dir);
	free(b);
	return 0;
}

/* A secret that exists nowhere else, not even in the tables of this program. */
static void secret(uint8_t out[64], unsigned n)
{
	for (unsigned i = 0; i < 64; i++)
		out[i] = (uint8_t)(0x55 ^ (i * 37 + n * 101 + (n >> 8) * 7 + i * n));
}

static size_t found(const struct bench *b, unsigned n)
{
	uint8_t bytes[64];

	secret(bytes, n);
	return scratch_find(b->dir, bytes, sizeof bytes);
}

static uint32_t create(struct bench *b, unsigned n)
{
	uint32_t block = UINT32_MAX;
	uint8_t bytes[64];

	secret(bytes, n);
	assert_int_equal(viz_vault_create(b->v, &block, bytes, sizeof bytes), 0);
	return block;
}

static void assert_holds(struct bench *b, uint32_t block, unsigned n)
{
	uint8_t bytes[64];
	uint8_t data[VIZ_VAULT_DATA];
	size_t len = 0;

	secret(bytes, n);
	assert_int_equal(viz_vault_read(b->v, data, &len, block), 0);
	assert_int_equal(len, sizeof bytes);
	assert_memory_equal(data, bytes, len);
}

static void assert_absent(struct bench *b, uint32_t block)
{
	uint8_t data[VIZ_VAULT_DATA];
	size_t len = 7;

	assert_int_equal(viz_vault_read(b->v, data, &len, block), VIZ_ERR_ABSENT);
	assert_int_equal(len, 7);
}

static void check(struct bench *b)
{
	char error[256] = "";

	if (viz_store_check(b->s, b->v, error))
		fail_msg("%s", error);
}

static void begin(struct bench *b)
{
	assert_int_equal(viz_store_begin(b->s), 0);
}

static void commit(struct bench *b)
{
	assert_int_equal(viz_store_commit(b->s), 0);
}

static void finish_erasing(struct bench *b)
{
	assert_int_equal(viz_vault_wipe(b->v), 0);
	begin(b);
	assert_int_equal(viz_vault_wipe_finish(b->v), 0);
	commit(b);
}

static void a_life_from_creation_to_erasure(void **state)
{
	struct bench *b = *state;
	uint32_t one = 0;
	uint32_t two = 0;

	begin(b);
	one = create(b, 1);
	two = create(b, 2);
	assert_int_not_equal(one, two);
	assert_holds(b, one, 1);
	commit(b);
	check(b);
	assert_int_equal(found(b, 1), 1);

	begin(b);
	assert_int_equal(viz_vault_erase(b->v, one), 0);
	assert_int_equal(viz_vault_erase(b->v, one), VIZ_ERR_ABSENT);
	assert_absent(b, one);
	assert_int_equal(viz_vault_erasing(b->v), 0); /* only after the commit */
	commit(b);
	assert_int_equal(viz_vault_erasing(b->v), 1);
	assert_absent(b, one);
	check(b);
	assert_int_equal(viz_vault_wipe(b->v), 0);
	assert_int_equal(viz_vault_erasing(b->v), 0);
	assert_int_equal(found(b, 1), 0);
	check(b);
	begin(b);
	assert_int_equal(viz_vault_wipe_finish(b->v), 0);
	commit(b);
	check(b);
	assert_int_equal(viz_store_stat_entries(b->s, VIZ_TABLE_VAULT), 1);

	assert_int_equal(reopen(b), 0);
	assert_int_equal(viz_vault_wipe_recover(b->v, NULL), 0);
	assert_absent(b, one);
	assert_holds(b, two, 2);
	check(b);
	begin(b);
	assert_int_equal(create(b, 3), one); /* the block is free again */
	commit(b);
	assert_holds(b, one, 3);
}

static void lengths_from_nothing_to_the_limit(void **state)
{
	struct bench *b = *state;
	uint8_t data[VIZ_VAULT_DATA + 1];
	uint8_t back[VIZ_VAULT_DATA];
	uint32_t empty = 0;
	uint32_t full = 0;
	uint32_t none = 77;
	size_t len = 9;

	memset(data, 0, sizeof data);
	begin(b);
	assert_int_equal(viz_vault_create(b->v, &empty, NULL, 0), 0);
	assert_int_equal(viz_vault_create(b->v, &full, data, VIZ_VAULT_DATA), 0);
	assert_int_equal(viz_vault_create(b->v, &none, data, VIZ_VAULT_DATA + 1), VIZ_ERR_LIMIT);
	assert_int_equal(none, 77);
	commit(b);
	assert_int_equal(reopen(b), 0);
	assert_int_equal(viz_vault_read(b->v, back, &len, empty), 0);
	assert_int_equal(len, 0);
	assert_int_equal(viz_vault_read(b->v, back, &len, full), 0);
	assert_int_equal(len, VIZ_VAULT_DATA);
	assert_memory_equal(back, data, len);
	assert_absent(b, 2);
	assert_absent(b, UINT32_MAX);
	check(b);
}

static void an_abort_wipes_what_was_created(void **state)
{
	struct bench *b = *state;
	uint32_t kept = 0;
	uint32_t lost = 0;

	begin(b);
	kept = create(b, 1);
	commit(b);
	begin(b);
	lost = create(b, 2);
	assert_int_equal(viz_vault_sync(b->v), 0);
	assert_int_equal(found(b, 2), 1);
	viz_store_abort(b->s);
	assert_int_equal(found(b, 2), 0);
	viz_vault_abort(b->v);
	assert_absent(b, lost);
	assert_holds(b, kept, 1);
	check(b);
	begin(b);
	assert_int_equal(create(b, 3), lost);
	viz_vault_file_close(b->v); /* this ends the transaction too */
	b->v = NULL;
	assert_false(viz_store_in_txn(b->s));
	assert_int_equal(found(b, 3), 0);
}

static void an_abort_undoes_erasing(void **state)
{
	struct bench *b = *state;
	uint32_t one = 0;

	begin(b);
	one = create(b, 1);
	commit(b);
	begin(b);
	assert_int_equal(viz_vault_erase(b->v, one), 0);
	viz_store_abort(b->s);
	assert_holds(b, one, 1);
	assert_int_equal(viz_vault_erasing(b->v), 0);
	begin(b);
	assert_int_equal(viz_vault_erase(b->v, one), 0);
	commit(b);
	assert_int_equal(viz_vault_wipe(b->v), 0);
	begin(b);
	assert_int_equal(viz_vault_wipe_finish(b->v), 0);
	viz_store_abort(b->s);
	assert_absent(b, one);
	check(b);
	begin(b); /* the reference still exists: the block is not free, and can be erased again */
	assert_int_not_equal(create(b, 2), one);
	assert_int_equal(viz_vault_wipe_finish(b->v), 0);
	commit(b);
	check(b);
	assert_int_equal(viz_store_stat_entries(b->s, VIZ_TABLE_VAULT), 1);
}

static void created_and_erased_in_one_transaction(void **state)
{
	struct bench *b = *state;
	uint32_t one = 0;

	for (unsigned abort = 0; abort < 2; abort++) {
		begin(b);
		one = create(b, 1);
		assert_int_equal(viz_vault_erase(b->v, one), 0);
		assert_absent(b, one);
		assert_int_equal(viz_vault_erase(b->v, one), VIZ_ERR_ABSENT);
		if (abort) {
			viz_store_abort(b->s);
		} else {
			commit(b);
			assert_int_equal(viz_vault_erasing(b->v), 1);
			finish_erasing(b);
		}
		assert_int_equal(found(b, 1), 0);
		check(b);
	}
}

/* A block number must not be used again before the removal of its reference is committed. */
static void a_number_is_not_reused_too_early(void **state)
{
	struct bench *b = *state;
	uint32_t one = 0;

	begin(b);
	one = create(b, 1);
	commit(b);
	begin(b);
	viz_vault_erase(b->v, one);
	assert_int_not_equal(create(b, 2), one);
	commit(b);
	begin(b);
	assert_int_not_equal(create(b, 3), one);
	commit(b);
	assert_int_equal(viz_vault_wipe(b->v), 0);
	begin(b);
	assert_int_not_equal(create(b, 4), one);
	assert_int_equal(viz_vault_wipe_finish(b->v), 0);
	assert_int_not_equal(create(b, 5), one);
	commit(b);
	begin(b);
	assert_int_equal(create(b, 6), one);
	commit(b);
	check(b);
}

static void steps_at_the_wrong_time_are_refused(void **state)
{
	struct bench *b = *state;

	assert_int_equal(viz_vault_wipe_finish(b->v), VIZ_ERR_STATE);
	begin(b);
	assert_int_equal(viz_vault_wipe(b->v), VIZ_ERR_STATE);
	assert_int_equal(viz_vault_wipe_recover(b->v, NULL), VIZ_ERR_STATE);
	assert_int_equal(viz_vault_check(b->v, NULL), VIZ_ERR_STATE);
	assert_int_equal(viz_store_check(b->s, b->v, NULL), VIZ_ERR_STATE);
	assert_int_equal(viz_vault_erase(b->v, 0), VIZ_ERR_ABSENT);
	viz_store_abort(b->s);
}

static int vault_fd(const struct bench *b)
{
	char path[SCRATCH_PATH + 16];
	int fd = -1;

	snprintf(path, sizeof path, "%s/vault", b->dir);
	fd = open(path, O_RDWR);
	assert_true(fd >= 0);
	return fd;
}

static void a_torn_block_is_an_error(void **state)
{
	static const off_t places[] = {0, 5, 8, 11, 12, 700, 1035, 1039};
	struct bench *b = *state;
	uint8_t data[VIZ_VAULT_DATA];
	char error[256] = "";
	uint32_t one = 0;
	uint32_t two = 0;
	uint8_t byte = 0;
	size_t len = 0;
	int fd = vault_fd(b);

	begin(b);
	one = create(b, 1);
	two = create(b, 2);
	commit(b);
	for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
		off_t at = (off_t)one * VIZ_VAULT_BLOCK + places[i];

		assert_int_equal(pread(fd, &byte, 1, at), 1);
		byte ^= 0x10;
		assert_int_equal(pwrite(fd, &byte, 1, at), 1);
		assert_int_equal(viz_vault_read(b->v, data, &len, one), VIZ_ERR_STORE);
		assert_int_equal(viz_vault_check(b->v, error), VIZ_ERR_STORE);
		assert_non_null(strstr(error, "torn"));
		byte ^= 0x10;
		assert_int_equal(pwrite(fd, &byte, 1, at), 1);
		assert_holds(b, one, 1);
	}
	assert_holds(b, two, 2);
	/* A valid block at the place of another one is refused. */
	{
		uint8_t block[VIZ_VAULT_BLOCK];

		assert_int_equal(pread(fd, block, sizeof block, 0), VIZ_VAULT_BLOCK);
		assert_int_equal(pwrite(fd, block, sizeof block, VIZ_VAULT_BLOCK), VIZ_VAULT_BLOCK);
		assert_int_equal(viz_vault_read(b->v, data, &len, 1), VIZ_ERR_STORE);
	}
	close(fd);
}

static void a_lost_file_reads_as_an_error(void **state)
{
	struct bench *b = *state;
	uint8_t data[VIZ_VAULT_DATA];
	char error[256] = "";
	size_t len = 0;
	uint32_t one = 0;
	int fd = vault_fd(b);

	begin(b);
	create(b, 0);
	one = create(b, 1);
	commit(b);
	assert_int_equal(ftruncate(fd, 0), 0);
	assert_int_equal(ftruncate(fd, VIZ_VAULT_BLOCK), 0);
	assert_int_equal(reopen(b), 0);
	assert_int_equal(viz_vault_wipe_recover(b->v, NULL), 0);
	assert_int_equal(viz_vault_read(b->v, data, &len, one), VIZ_ERR_STORE);
	assert_int_equal(viz_store_check(b->s, b->v, error), VIZ_ERR_STORE);
	begin(b);
	assert_true(create(b, 2) > one);
	assert_int_equal(viz_vault_erase(b->v, 0), 0);
	assert_int_equal(viz_vault_erase(b->v, one), 0);
	commit(b);
	finish_erasing(b);
	check(b);
	close(fd);
}

/* Blocks without a reference, whole or cut off at the end of the file, and blocks whose erasure
 * has begun. */
static void recovery_finishes_what_a_crash_left(void **state)
{
	struct bench *b = *state;
	uint8_t bytes[64];
	uint32_t one = 0;
	uint32_t two = 0;
	size_t wiped = 99;
	struct stat st;
	int fd = vault_fd(b);

	begin(b);
	one = create(b, 1);
	two = create(b, 2);
	commit(b);
	begin(b);
	viz_vault_erase(b->v, one);
	commit(b);
	secret(bytes, 8);
	assert_int_equal(pwrite(fd, bytes, sizeof bytes, 5 * VIZ_VAULT_BLOCK + 4032), 64);
	secret(bytes, 9);
	assert_int_equal(pwrite(fd, bytes, sizeof bytes, 7 * VIZ_VAULT_BLOCK + 100), 64);
	assert_int_equal(reopen(b), 0);
	assert_int_equal(viz_vault_erasing(b->v), 1);
	assert_int_equal(viz_vault_check(b->v, NULL), VIZ_ERR_STORE);
	begin(b); /* without recovery none of these blocks is used again */
	assert_int_equal(create(b, 3), 2);
	commit(b);
	assert_int_equal(viz_vault_wipe_recover(b->v, &wiped), 0);
	assert_int_equal(wiped, 3);
	assert_int_equal(found(b, 1) + found(b, 8) + found(b, 9), 0);
	assert_holds(b, two, 2);
	check(b);
	assert_int_equal(fstat(fd, &st), 0);
	assert_int_equal(st.st_size % VIZ_VAULT_BLOCK, 0);
	assert_true(st.st_size >= 8 * VIZ_VAULT_BLOCK); /* with space for more */
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(viz_vault_wipe_recover(b->v, &wiped), 0);
	assert_int_equal(wiped, 0);
	close(fd);
}

static void malformed_references_are_refused(void **state)
{
	static const struct {
		uint8_t key[5];
		size_t key_len;
		uint8_t value[2];
		size_t value_len;
	} bad[] = {
	    {{0, 0, 0}, 3, {1}, 1},       {{0, 0, 0, 0, 0}, 5, {1}, 1},
	    {{0, 0, 0, 0}, 4, {3}, 1},    {{0, 0, 0, 0}, 4, {0}, 1},
	    {{0, 0, 0, 0}, 4, {1, 0}, 2}, {{0xff, 0xff, 0xff, 0xff}, 4, {1}, 1},
	    {{0, 0x10, 0, 0}, 4, {1}, 1}, /* VIZ_VAULT_BLOCKS_MAX */
	};
	struct bench *b = *state;

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		viz_vault_file_close(b->v);
		b->v = NULL;
		begin(b);
		assert_int_equal(viz_store_put(b->s, VIZ_TABLE_VAULT, bad[i].key, bad[i].key_len,
					       bad[i].value, bad[i].value_len),
				 0);
		commit(b);
		assert_int_equal(reopen(b), VIZ_ERR_STORE);
		begin(b);
		assert_int_equal(viz_store_del(b->s, VIZ_TABLE_VAULT, bad[i].key, bad[i].key_len),
				 0);
		commit(b);
	}
	assert_int_equal(reopen(b), 0);
}

static void the_check_sees_a_reference_that_is_gone(void **state)
{
	const uint8_t key[4] = {0};
	struct bench *b = *state;
	char error[256] = "";

	begin(b);
	create(b, 1);
	commit(b);
	begin(b);
	assert_int_equal(viz_store_del(b->s, VIZ_TABLE_VAULT, key, 4), 0);
	commit(b);
	assert_int_equal(viz_vault_check(b->v, error), VIZ_ERR_STORE);
	assert_non_null(strstr(error, "reference"));
	assert_int_equal(reopen(b), 0);
	assert_int_equal(viz_vault_check(b->v, error), VIZ_ERR_STORE);
	assert_non_null(strstr(error, "recover"));
}

/* With a full map a new secret is refused and leaves no trace. An old one can still be erased. */
static void erasing_works_with_a_full_map(void **state)
{
	static uint8_t value[900];
	struct bench *b = *state;
	uint32_t none = 0;
	uint8_t bytes[64];
	unsigned quiet = 0;
	uint32_t n = 0;

	begin(b);
	for (unsigned i = 0; i < 300; i++)
		create(b, i);
	commit(b);
	while (quiet < 20) {
		int err = 0;
		uint32_t before = n;

		begin(b);
		for (unsigned i = 0; i < 100 && err == 0; i++) {
			uint8_t key[4];

			viz_be_put_u32(key, n * 2654435761u);
			err = viz_store_put(b->s, VIZ_TABLE_RECORD, key, 4, value, sizeof value);
			n += err == 0;
		}
		quiet = n == before ? quiet + 1 : 0;
		value[0]++;
		viz_store_put(b->s, VIZ_TABLE_VAULT, (const uint8_t[]){0, 0, 0, 0}, 4,
			      (const uint8_t[]){1}, 1);
		commit(b);
	}
	secret(bytes, 1000);
	for (unsigned i = 0; i < 300; i += 50) {
		int err = 0;

		begin(b);
		err = viz_vault_create(b->v, &none, bytes, sizeof bytes);
		assert_true(err == VIZ_ERR_LIMIT ||
			    i > 0); /* after the first round there is some space again */
		viz_store_abort(b->s);
		begin(b);
		for (uint32_t k = i; k < i + 50; k++)
			assert_int_equal(viz_vault_erase(b->v, k), 0);
		commit(b);
		finish_erasing(b);
	}
	for (unsigned i = 0; i < 300; i += 17)
		assert_int_equal(found(b, i), 0);
	assert_int_equal(found(b, 1000), 0);
	check(b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(a_life_from_creation_to_erasure, setup, teardown),
	    cmocka_unit_test_setup_teardown(lengths_from_nothing_to_the_limit, setup, teardown),
	    cmocka_unit_test_setup_teardown(an_abort_wipes_what_was_created, setup, teardown),
	    cmocka_unit_test_setup_teardown(an_abort_undoes_erasing, setup, teardown),
	    cmocka_unit_test_setup_teardown(created_and_erased_in_one_transaction, setup, teardown),
	    cmocka_unit_test_setup_teardown(a_number_is_not_reused_too_early, setup, teardown),
	    cmocka_unit_test_setup_teardown(steps_at_the_wrong_time_are_refused, setup, teardown),
	    cmocka_unit_test_setup_teardown(a_torn_block_is_an_error, setup, teardown),
	    cmocka_unit_test_setup_teardown(a_lost_file_reads_as_an_error, setup, teardown),
	    cmocka_unit_test_setup_teardown(recovery_finishes_what_a_crash_left, setup, teardown),
	    cmocka_unit_test_setup_teardown(malformed_references_are_refused, setup, teardown),
	    cmocka_unit_test_setup_teardown(the_check_sees_a_reference_that_is_gone, setup,
					    teardown),
	    cmocka_unit_test_setup_teardown(erasing_works_with_a_full_map, setup, teardown),
	};

	return cmocka_run_group_tests_name("vault", tests, NULL, NULL);
}
