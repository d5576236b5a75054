/* The vault under crashes and disk failures. A child runs a seeded script of creations and
 * erasures. Through a pipe it reports each intent and each acknowledgement. The child ends at
 * the n-th write to the disk, for every n, or a signal kills it at a random moment, or the n-th
 * write fails. Then the parent opens the files, recovers, and compares them with the reports. */
#include "tests/unit/unit.h"
#include "tests/unit/scratch.h"

#include "store/check.h"
#include "store/stat.h"

#include <errno.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>

/* ---- faults: the linker puts these before the library's calls (--wrap) ---- */

enum fault {
	FAULT_NONE,
	FAULT_END_BEFORE, /* the process ends before the call */
	FAULT_END_AFTER,
	FAULT_END_WITHIN, /* the process ends when a part of the block is written */
	FAULT_ERROR,      /* the call does nothing and fails */
	FAULT_ERROR_DONE, /* the call does its work and fails */
};

static enum fault fault;
static unsigned fault_at;
static unsigned calls;

ssize_t __real_pwrite(int fd, const void *p, size_t n, off_t at);
ssize_t __real_pwrite64(int fd, const void *p, size_t n, off_t at);
int __real_fdatasync(int fd);
int __real_mdb_txn_commit(void *txn);
ssize_t __wrap_pwrite(int fd, const void *p, size_t n, off_t at);
ssize_t __wrap_pwrite64(int fd, const void *p, size_t n, off_t at);
int __wrap_fdatasync(int fd);
int __wrap_mdb_txn_commit(void *txn);
void mdb_txn_abort(void *txn);

/* The old contents of blocks whose writes are not synchronised yet. Shared with the child. */
#define UNDO_MAX 512
static struct undo {
	unsigned count;
	struct {
		off_t at;
		uint8_t bytes[VIZ_VAULT_BLOCK];
	} write[UNDO_MAX];
} * undo;

static enum fault due(void)
{
	return fault != FAULT_NONE && ++calls == fault_at ? fault : FAULT_NONE;
}

static ssize_t write_block(int fd, const void *p, size_t n, off_t at)
{
	enum fault now = due();
	ssize_t done = 0;

	if (now == FAULT_END_BEFORE)
		_exit(42);
	if (now == FAULT_ERROR) {
		errno = ENOSPC;
		return -1;
	}
	if (now == FAULT_END_WITHIN)
		n = 600;
	VIZ_REQUIRE(undo->count < UNDO_MAX && n <= VIZ_VAULT_BLOCK);
	memset(&undo->write[undo->count], 0, sizeof undo->write[0]);
	undo->write[undo->count].at = at;
	VIZ_REQUIRE(pread(fd, undo->write[undo->count].bytes, VIZ_VAULT_BLOCK, at) >= 0);
	undo->count++;
	done = __real_pwrite64(fd, p, n, at);
	if (now == FAULT_END_AFTER || now == FAULT_END_WITHIN)
		_exit(42);
	if (now == FAULT_ERROR_DONE) {
		errno = EIO;
		return -1;
	}
	return done;
}

ssize_t __wrap_pwrite(int fd, const void *p, size_t n, off_t at)
{
	return write_block(fd, p, n, at);
}

ssize_t __wrap_pwrite64(int fd, const void *p, size_t n, off_t at)
{
	return write_block(fd, p, n, at);
}

int __wrap_fdatasync(int fd)
{
	enum fault now = due();
	int rc = 0;

	if (now == FAULT_END_BEFORE || now == FAULT_END_WITHIN)
		_exit(42);
	rc = now == FAULT_ERROR ? -1 : __real_fdatasync(fd);
	if (rc == 0)
		undo->count = 0;
	if (now == FAULT_END_AFTER)
		_exit(42);
	if (now == FAULT_ERROR || now == FAULT_ERROR_DONE) {
		errno = EIO;
		return -1;
	}
	return rc;
}

int __wrap_mdb_txn_commit(void *txn)
{
	enum fault now = due();
	int rc = 0;

	if (now == FAULT_END_BEFORE || now == FAULT_END_WITHIN)
		_exit(42);
	if (now == FAULT_ERROR) {
		mdb_txn_abort(txn);
		return EIO;
	}
	rc = __real_mdb_txn_commit(txn);
	if (now == FAULT_END_AFTER)
		_exit(42);
	return now == FAULT_ERROR_DONE ? EIO : rc;
}

/* ---- the script ---- */

#define SECRETS_MAX 4000
#define SECRET_LEN  48

struct random {
	uint64_t x;
};

static uint32_t draw(struct random *r, uint32_t below)
{
	r->x += UINT64_C(0x9e3779b97f4a7c15);
	uint64_t z = r->x;

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return (uint32_t)((z ^ (z >> 31)) >> 32) % below;
}

static void secret(uint8_t out[SECRET_LEN], uint32_t n)
{
	struct random r = {n * UINT64_C(0x100000001b3) + 12345};

	for (unsigned i = 0; i < SECRET_LEN; i++)
		out[i] = (uint8_t)draw(&r, 256);
}

/* The state of a secret by the reports. */
enum fate {
	NEVER,
	WANTED, /* intended; the end of its transaction was not reported */
	LIVE,
	LEAVING, /* alive; its erasure is intended */
	ERASING, /* its erasure is committed and not acknowledged yet */
	GONE,
};

struct model {
	uint8_t fate[SECRETS_MAX];
	uint32_t block[SECRETS_MAX];
	uint32_t next; /* the first unused secret */
};

/* One report: 'c' n block and 'e' n are intents, 'K': commit has returned, 'A': aborted, 'W':
 * the removal of all erased secrets is committed. */
struct message {
	uint8_t kind;
	uint32_t n;
	uint32_t block;
};

static void apply(struct model *m, const struct message *msg)
{
	if (msg->kind == 'c') {
		m->fate[msg->n] = WANTED;
		m->block[msg->n] = msg->block;
		m->next = msg->n + 1;
	} else if (msg->kind == 'e') {
		m->fate[msg->n] = m->fate[msg->n] == WANTED ? ERASING : LEAVING;
	}
	for (uint32_t n = 0; n < m->next && strchr("KAW", msg->kind); n++) {
		uint8_t *f = &m->fate[n];

		if (msg->kind == 'K')
			*f = *f == WANTED ? LIVE : *f == LEAVING ? ERASING : *f;
		if (msg->kind == 'A')
			*f = *f == WANTED ? GONE : *f == LEAVING ? LIVE : *f;
		if (msg->kind == 'W')
			*f = *f == ERASING ? GONE : *f;
	}
}

struct player {
	struct model *m;
	struct viz_store *s;
	struct viz_vault *v;
	struct random r;
	int pipe;
};

static void report(struct player *p, uint8_t kind, uint32_t n, uint32_t block)
{
	const struct message msg = {kind, n, block};

	apply(p->m, &msg);
	VIZ_REQUIRE(write(p->pipe, &msg, sizeof msg) == (ssize_t)sizeof msg);
}

/* Creates a row and a block in one transaction, as a lead refers to its key. */
static int create_one(struct player *p)
{
	uint8_t bytes[SECRET_LEN];
	uint8_t key[4];
	uint8_t value[4];
	uint32_t n = p->m->next;
	uint32_t block = 0;
	int err = 0;

	/* The intent is reported before the block number is known. */
	report(p, 'c', n, UINT32_MAX);
	secret(bytes, n);
	err = viz_vault_create(p->v, &block, bytes, sizeof bytes);
	if (err)
		return err;
	report(p, 'c', n, block);
	viz_be_put_u32(key, n);
	viz_be_put_u32(value, block);
	return viz_store_put(p->s, VIZ_TABLE_LEAD, key, 4, value, 4);
}

static int erase_one(struct player *p)
{
	uint32_t n = p->m->next ? draw(&p->r, p->m->next) : 0;
	uint8_t key[4];
	int err = 0;

	while (n < p->m->next && p->m->fate[n] != LIVE && p->m->fate[n] != WANTED)
		n++;
	if (n >= p->m->next)
		return 0;
	report(p, 'e', n, 0);
	viz_be_put_u32(key, n);
	err = viz_vault_erase(p->v, p->m->block[n]);
	return err ? err : viz_store_del(p->s, VIZ_TABLE_LEAD, key, 4);
}

static int one_transaction(struct player *p)
{
	int err = viz_store_begin(p->s);
	bool erased = err == 0 && draw(&p->r, 2);

	if (erased)
		err = viz_vault_wipe_finish(p->v);
	for (uint32_t i = draw(&p->r, 4); i > 0 && err == 0; i--)
		err = draw(&p->r, 5) < 3 ? create_one(p) : erase_one(p);
	if (err)
		return err;
	if (draw(&p->r, 6) == 0) {
		viz_store_abort(p->s);
		report(p, 'A', 0, 0);
		return 0;
	}
	err = viz_store_commit(p->s);
	if (err == 0)
		report(p, 'K', 0, 0);
	return err;
}

/* Wipes, and acknowledges in a transaction of its own. */
static int finish_erasing(struct player *p)
{
	int err = viz_vault_wipe(p->v);

	if (err == 0)
		err = viz_store_begin(p->s);
	if (err == 0)
		err = viz_vault_wipe_finish(p->v);
	if (err == 0)
		err = viz_store_commit(p->s);
	if (err == 0)
		report(p, 'W', 0, 0);
	return err;
}

static int open_both(struct viz_store **s, struct viz_vault **v, const char *dir)
{
	const struct viz_store_config config = {.dir = dir, .map_bytes = UINT64_C(8) << 20};
	int err = viz_store_open(s, NULL, &config);

	return err ? err : viz_vault_file_open(v, NULL, *s, dir);
}

/* Runs in the child and never returns. Exit codes: 0: the script has ended, 42: a fault ended
 * the child, 43: an error was reported as it should be, 44: it was not. */
static void play(const char *dir, struct model *m, int fd, uint64_t seed, unsigned transactions)
{
	struct player p = {.m = m, .r = {seed}, .pipe = fd};
	int err = open_both(&p.s, &p.v, dir);

	if (err == 0)
		err = viz_vault_wipe_recover(p.v, NULL);
	for (unsigned i = 0; i < transactions && err == 0 && m->next < SECRETS_MAX - 8; i++) {
		err = one_transaction(&p);
		if (err == 0 && viz_vault_erasing(p.v) > 0 && draw(&p.r, 3) == 0)
			err = viz_vault_wipe(p.v);
		if (err == 0 && draw(&p.r, 3) == 0)
			err = finish_erasing(&p);
	}
	if (err && p.s && p.v) {
		uint32_t block = 0;

		/* After a failure every call fails. */
		viz_store_abort(p.s);
		if (err != VIZ_ERR_STORE || !viz_store_cause(p.s) ||
		    viz_store_begin(p.s) != VIZ_ERR_STORE || viz_vault_wipe(p.v) != VIZ_ERR_STORE ||
		    viz_vault_read(p.v, (uint8_t[VIZ_VAULT_DATA]){0}, &(size_t){0}, block) == 0)
			_exit(44);
	}
	viz_vault_file_close(p.v);
	viz_store_close(p.s);
	_exit(err ? 43 : 0);
}

/* ---- the parent ---- */

/* Undoes some of the last writes, newest first: an older write to the same block may have
 * reached the disk alone. */
static void lose_power(const char *dir, struct random *r)
{
	char path[SCRATCH_PATH + 16];
	int fd = -1;

	snprintf(path, sizeof path, "%s/vault", dir);
	fd = open(path, O_RDWR);
	for (unsigned i = undo->count; fd >= 0 && i > 0 && draw(r, 4); i--) {
		if (draw(r, 3) == 0)
			continue;
		assert_int_equal(__real_pwrite64(fd, undo->write[i - 1].bytes, VIZ_VAULT_BLOCK,
						 undo->write[i - 1].at),
				 VIZ_VAULT_BLOCK);
	}
	undo->count = 0;
	if (fd >= 0)
		close(fd);
}

/* Runs a child and kills it after `kill_us` unless that is 0. Returns its exit code, or 128
 * after a kill. The model has every report of the child then. */
static int run(const char *dir, struct model *m, uint64_t seed, unsigned transactions, long kill_us)
{
	struct random r = {seed + fault_at};
	struct message msg;
	int status = 0;
	int fd[2];
	pid_t child = 0;

	assert_int_equal(pipe(fd), 0);
	assert_int_equal(fcntl(fd[1], F_SETPIPE_SZ, 1 << 20) > 0, 1);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		close(fd[0]);
		play(dir, m, fd[1], seed, transactions);
	}
	close(fd[1]);
	if (kill_us) {
		const struct timespec pause = {0, kill_us * 1000};

		nanosleep(&pause, NULL);
		kill(child, SIGKILL);
	}
	while (read(fd[0], &msg, sizeof msg) == (ssize_t)sizeof msg)
		apply(m, &msg);
	close(fd[0]);
	assert_int_equal(waitpid(child, &status, 0), child);
	lose_power(dir, &r);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

/* Whether the store has the row of secret n. If so, the block that the row names must hold the
 * secret. */
static bool holds(struct viz_store *s, struct viz_vault *v, uint32_t n)
{
	uint8_t bytes[SECRET_LEN];
	uint8_t data[VIZ_VAULT_DATA];
	struct viz_slice row;
	size_t len = 0;
	uint8_t key[4];

	viz_be_put_u32(key, n);
	if (viz_store_get(s, &row, VIZ_TABLE_LEAD, key, 4))
		return false;
	secret(bytes, n);
	assert_int_equal(row.len, 4);
	assert_int_equal(viz_vault_read(v, data, &len, viz_be_get_u32(row.p)), 0);
	assert_int_equal(len, SECRET_LEN);
	assert_memory_equal(data, bytes, len);
	return true;
}

/* Recovers and compares with the model. Where a transaction was open, the model takes what is on
 * disk. */
static void examine(const char *dir, struct model *m)
{
	struct viz_store *s = NULL;
	struct viz_vault *v = NULL;
	char error[256] = "";
	unsigned live = 0;

	assert_int_equal(open_both(&s, &v, dir), 0);
	assert_int_equal(viz_vault_wipe_recover(v, NULL), 0);
	if (viz_store_check(s, v, error))
		fail_msg("%s", error);
	assert_int_equal(viz_vault_erasing(v), 0);
	assert_int_equal(viz_store_begin(s), 0);
	for (uint32_t n = 0; n < m->next; n++) {
		bool there = holds(s, v, n);
		uint8_t bytes[SECRET_LEN];

		if (m->fate[n] == LIVE)
			assert_true(there);
		if (m->fate[n] == ERASING || m->fate[n] == GONE)
			assert_false(there);
		secret(bytes, n);
		assert_int_equal(scratch_find(dir, bytes, sizeof bytes), there ? 1 : 0);
		m->fate[n] = there ? LIVE : GONE;
		live += there;
	}
	for (uint32_t n = 0; n < m->next; n++) { /* only the row may know the block number */
		struct viz_slice row;
		uint8_t key[4];

		viz_be_put_u32(key, n);
		if (viz_store_get(s, &row, VIZ_TABLE_LEAD, key, 4) == 0)
			m->block[n] = viz_be_get_u32(row.p);
	}
	assert_int_equal(viz_store_stat_entries(s, VIZ_TABLE_VAULT), live);
	assert_int_equal(viz_store_stat_entries(s, VIZ_TABLE_LEAD), live);
	viz_store_abort(s);
	viz_vault_file_close(v);
	viz_store_close(s);
}

/* Runs the script with the fault at each call in turn, until a run reaches its end; then the
 * same with another seed. After each run it examines the files, runs on without faults, and
 * examines them again. */
static void at_every_call(enum fault kind, int expected)
{
	static struct model m;

	for (uint64_t seed = 1; seed <= 2; seed++) {
		int code = expected;

		for (unsigned n = 1; code == expected; n++) {
			char dir[SCRATCH_PATH];

			assert_true(n < 1000);
			scratch_make(dir);
			memset(&m, 0, sizeof m);
			fault = kind;
			fault_at = n;
			calls = 0;
			code = run(dir, &m, seed, 14, 0);
			fault = FAULT_NONE;
			assert_true(code == expected || code == 0);
			assert_true(code == expected || n > 20);
			examine(dir, &m);
			assert_int_equal(run(dir, &m, seed + 100, 4, 0), 0);
			examine(dir, &m);
			scratch_remove(dir);
		}
	}
}

static void a_crash_before_any_write(void **state)
{
	(void)state;
	at_every_call(FAULT_END_BEFORE, 42);
}

static void a_crash_after_any_write(void **state)
{
	(void)state;
	at_every_call(FAULT_END_AFTER, 42);
}

static void a_crash_within_any_write(void **state)
{
	(void)state;
	at_every_call(FAULT_END_WITHIN, 42);
}

static void any_write_fails(void **state)
{
	(void)state;
	at_every_call(FAULT_ERROR, 43);
}

/* Like an fsync that fails although the disk has the page. */
static void any_write_fails_after_it_was_done(void **state)
{
	(void)state;
	at_every_call(FAULT_ERROR_DONE, 43);
}

static void kills_at_random_moments(void **state)
{
	static struct model m;
	struct random r = {20260101};
	unsigned killed = 0;

	(void)state;
	for (unsigned store = 0; store < 12; store++) {
		char dir[SCRATCH_PATH];

		scratch_make(dir);
		memset(&m, 0, sizeof m);
		for (unsigned round = 0; round < 8; round++) {
			long us = 200 + (long)draw(&r, 15000);
			int code = run(dir, &m, draw(&r, 1u << 30), 400, us);

			assert_true(code == 128 || code == 0);
			killed += code == 128;
			examine(dir, &m);
		}
		scratch_remove(dir);
	}
	assert_true(killed > 48);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_crash_before_any_write),
	    cmocka_unit_test(a_crash_after_any_write),
	    cmocka_unit_test(a_crash_within_any_write),
	    cmocka_unit_test(any_write_fails),
	    cmocka_unit_test(any_write_fails_after_it_was_done),
	    cmocka_unit_test(kills_at_random_moments),
	};

	undo = mmap(NULL, sizeof *undo, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	VIZ_REQUIRE(undo != MAP_FAILED);
	return cmocka_run_group_tests_name("vault_crash", tests, NULL, NULL);
}
