#include "store/backend.h"
#include "store/meta.h"

#include "proto/reader.h"
#include "proto/writer.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define PATH_BYTES    4096
#define TABLES_MAX    64 /* named databases that LMDB allows */
#define READERS_EVERY 64 /* transactions: readers that have died are looked for */

static const char schema_key[] = VIZ_META_SCHEMA;

const char *viz_store_cause(const struct viz_store *s)
{
	return s->poisoned ? s->cause : NULL;
}

static int join(char *path, const char *dir, const char *name)
{
	int n = snprintf(path, PATH_BYTES, "%s/%s", dir, name);
	return n > 0 && n < PATH_BYTES ? 0 : VIZ_ERR_LIMIT;
}

static int take_lock(struct viz_store *s, struct viz_store_fault *fault, const char *dir)
{
	char path[PATH_BYTES];

	if (join(path, dir, "lock"))
		return viz_backend_fault(fault, VIZ_ERR_STORE, dir, VIZ_STORE_LONG_PATH);
	s->lock_fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (s->lock_fd < 0)
		return viz_backend_refused(fault, path, errno);
	if (flock(s->lock_fd, LOCK_EX | LOCK_NB) == 0)
		return 0;
	if (errno == EWOULDBLOCK)
		return viz_backend_fault(fault, VIZ_ERR_STATE, dir, VIZ_STORE_IN_USE);
	return viz_backend_refused(fault, path, errno);
}

/* A file that has lost its end would kill the process at the first touch of a page after it
 * (SIGBUS). Zeros in its place are an error that LMDB reports. LMDB itself may leave the end of the
 * last pages unwritten, so a short file alone is no damage. */
static int complete_file(struct viz_store *s)
{
	MDB_envinfo info;
	MDB_stat stat;
	struct stat st;
	mdb_filehandle_t fd = -1;
	off_t want = 0;

	if (mdb_env_info(s->env, &info) || mdb_env_stat(s->env, &stat) ||
	    mdb_env_get_fd(s->env, &fd) || fstat(fd, &st))
		return VIZ_ERR_STORE;
	want = (off_t)(((uint64_t)info.me_last_pgno + 1) * stat.ms_psize);
	if (st.st_size < want && ftruncate(fd, want))
		return VIZ_ERR_STORE;
	return 0;
}

static int open_env(struct viz_store *s, struct viz_store_fault *fault,
		    const struct viz_store_config *config, uint64_t limit)
{
	char path[PATH_BYTES];
	unsigned flags = MDB_NOSUBDIR | MDB_NOTLS | (config->volatile_commit ? MDB_NOSYNC : 0) |
			 (config->reader ? MDB_RDONLY : 0);
	mdb_filehandle_t fd = -1;
	int dead = 0;
	int rc = 0;

	if (join(path, config->dir, "store.mdb"))
		return viz_backend_fault(fault, VIZ_ERR_STORE, config->dir, VIZ_STORE_LONG_PATH);
	rc = mdb_env_create(&s->env);
	if (rc == 0)
		rc = mdb_env_set_maxdbs(s->env, TABLES_MAX);
	if (rc == 0 && !config->reader)
		rc = mdb_env_set_mapsize(s->env, viz_headroom_start(config, limit));
	if (rc == 0)
		rc = mdb_env_open(s->env, path, flags, 0600);
	if (rc == 0)
		rc = mdb_reader_check(s->env, &dead);
	if (rc)
		return viz_backend_refused(fault, path, rc);
	/* LMDB leaves this one open for programs that we start. */
	if (mdb_env_get_fd(s->env, &fd) || fcntl(fd, F_SETFD, FD_CLOEXEC))
		return viz_backend_refused(fault, path, errno);
	rc = viz_backend_private(fault, path, fd);
	if (rc)
		return rc;
	if (!config->reader && complete_file(s))
		return viz_backend_damaged(fault, path, "the file is too short and cannot grow");
	return 0;
}

/* Opens META only, before anything is created: a store of a newer schema must not change. */
static int check_schema(struct viz_store *s, struct viz_store_fault *fault, bool *fresh)
{
	MDB_val key = {sizeof schema_key - 1, (void *)(uintptr_t)schema_key};
	MDB_val value;
	struct viz_reader r;
	uint64_t version = 0;
	int rc = mdb_dbi_open(s->txn, "0", 0, &s->dbi[VIZ_TABLE_META]);

	*fresh = rc == MDB_NOTFOUND;
	if (*fresh)
		return 0;
	if (rc == 0)
		rc = mdb_get(s->txn, s->dbi[VIZ_TABLE_META], &key, &value);
	if (rc == MDB_NOTFOUND)
		return viz_backend_damaged(fault, "store.mdb", "it has no schema");
	if (rc)
		return viz_backend_refused(fault, "store.mdb", rc);
	viz_reader_init(&r, value.mv_data, value.mv_size);
	version = viz_reader_uint(&r, UINT32_MAX);
	if (viz_reader_finish(&r))
		return viz_backend_damaged(fault, "store.mdb", "the schema is not a number");
	if (version > VIZ_SCHEMA_VERSION)
		return viz_backend_fault(fault, VIZ_ERR_MEANING, "store.mdb", VIZ_STORE_NEWER);
	if (version < VIZ_SCHEMA_VERSION)
		return viz_backend_fault(fault, VIZ_ERR_MEANING, "store.mdb", VIZ_STORE_OLDER);
	return 0;
}

/* Whether the keys of the table are numbers, which LMDB compares faster. */
static bool has_number_keys(enum viz_table table)
{
	return table == VIZ_TABLE_LOOKUP || table == VIZ_TABLE_LOOKUP_CEP;
}

static int open_tables(struct viz_store *s, struct viz_store_fault *fault)
{
	uint8_t buf[8];
	struct viz_writer w;
	bool fresh = false;
	int err = 0;
	int rc = mdb_txn_begin(s->env, NULL, s->reader ? MDB_RDONLY : 0, &s->txn);

	if (rc)
		return viz_backend_refused(fault, "store.mdb", rc);
	err = check_schema(s, fault, &fresh);
	if (err)
		return err;
	if (fresh && s->reader)
		return viz_backend_damaged(fault, "store.mdb", "it has no schema");
	for (unsigned t = 0; t < VIZ_TABLE_COUNT && rc == 0; t++) {
		char name[8];

		snprintf(name, sizeof name, "%u", t);
		rc = mdb_dbi_open(s->txn, name,
				  (s->reader ? 0 : MDB_CREATE) |
				      (has_number_keys((enum viz_table)t) ? MDB_INTEGERKEY : 0),
				  &s->dbi[t]);
	}
	if (rc == 0 && fresh) {
		MDB_val key = {sizeof schema_key - 1, (void *)(uintptr_t)schema_key};
		MDB_val value = {0, buf};

		viz_writer_init(&w, buf, sizeof buf);
		viz_writer_uint(&w, VIZ_SCHEMA_VERSION);
		VIZ_REQUIRE(viz_writer_finish(&w, &value.mv_size) == 0);
		rc = mdb_put(s->txn, s->dbi[VIZ_TABLE_META], &key, &value, 0);
		if (rc == 0)
			rc = viz_sums_store(s);
	}
	if (rc == 0 && viz_sums_load(s))
		return viz_backend_damaged(fault, "store.mdb", "its sums cannot be read");
	if (rc == 0 && !s->reader) {
		rc = mdb_txn_commit(s->txn);
		s->txn = NULL;
	}
	return rc ? viz_backend_refused(fault, "store.mdb", rc) : 0;
}

/* The names of new files are durable only with their directory. */
static int sync_dir(struct viz_store_fault *fault, const char *dir)
{
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int rc = fd < 0 ? -1 : fsync(fd);

	if (rc)
		viz_backend_refused(fault, dir, errno);
	if (fd >= 0)
		close(fd);
	return rc ? VIZ_ERR_STORE : 0;
}

int viz_store_open(struct viz_store **out, struct viz_store_fault *fault,
		   const struct viz_store_config *config)
{
	struct viz_store *s = calloc(1, sizeof *s);
	uint64_t limit = viz_headroom_limit(config);
	int err = 0;

	if (!s)
		return viz_backend_refused(fault, config->dir, ENOMEM);
	s->lock_fd = -1;
	s->volatile_commit = config->volatile_commit;
	s->reader = config->reader;
	err = s->reader ? VIZ_OK : take_lock(s, fault, config->dir);
	if (err == 0)
		err = open_env(s, fault, config, limit);
	if (err == 0)
		err = open_tables(s, fault);
	if (err == 0 && !s->volatile_commit && !s->reader)
		err = sync_dir(fault, config->dir);
	if (err == 0 && !s->reader && (err = viz_headroom_open(s, config, limit)))
		viz_backend_damaged(fault, "store.mdb", "its size cannot be read");
	if (err) {
		viz_store_close(s);
		return err;
	}
	*out = s;
	return 0;
}

void viz_store_close(struct viz_store *s)
{
	if (!s)
		return;
	if (s->txn)
		viz_store_abort(s);
	if (s->env)
		mdb_env_close(s->env);
	if (s->lock_fd >= 0)
		close(s->lock_fd);
	free(s);
}

int viz_store_disk_works(const struct viz_store *s, struct viz_store_fault *fault)
{
	if (pwrite(s->lock_fd, "1", 1, 0) == 1 && fdatasync(s->lock_fd) == 0)
		return 0;
	if (errno == ENOSPC || errno == EDQUOT || errno == EFBIG)
		return 0;
	return viz_backend_refused(fault, "lock", errno);
}

int viz_store_begin(struct viz_store *s)
{
	int rc = 0;

	VIZ_REQUIRE(!s->txn);
	if (s->poisoned || viz_headroom_grow(s))
		return VIZ_ERR_STORE;
	/* A reader that was killed would hold back free pages for ever. */
	if (s->begun++ % READERS_EVERY == 0 && (rc = mdb_reader_check(s->env, NULL)) != 0)
		return viz_backend_poison(s, "readers", mdb_strerror(rc));
	rc = mdb_txn_begin(s->env, NULL, 0, &s->txn);
	if (rc) {
		s->txn = NULL;
		return viz_backend_poison(s, "begin", mdb_strerror(rc));
	}
	s->generation++;
	s->written = false;
	memcpy(s->sum, s->sum_before, sizeof s->sum);
	viz_headroom_begin(s);
	return 0;
}

static void finish(struct viz_store *s, enum viz_store_end end)
{
	s->txn = NULL;
	if (s->hook.after)
		s->hook.after(s->hook.arg, end);
}

void viz_store_abort(struct viz_store *s)
{
	if (!s->txn)
		return;
	viz_backend_drop_cursors(s);
	mdb_txn_abort(s->txn);
	finish(s, VIZ_STORE_ABORTED);
}

int viz_store_commit(struct viz_store *s)
{
	int rc = 0;

	VIZ_REQUIRE(s->txn);
	if (!s->poisoned && s->hook.before_commit && s->hook.before_commit(s->hook.arg))
		viz_backend_poison(s, "commit", "the vault could not be written");
	if (s->poisoned) {
		viz_store_abort(s);
		return VIZ_ERR_STORE;
	}
	viz_backend_drop_cursors(s);
	rc = s->written ? viz_sums_store(s) : 0;
	if (rc) {
		viz_backend_poison(s, "commit", mdb_strerror(rc));
		viz_store_abort(s);
		return VIZ_ERR_STORE;
	}
	rc = mdb_txn_commit(s->txn);
	if (rc)
		viz_backend_poison(s, "commit", mdb_strerror(rc));
	else
		memcpy(s->sum_before, s->sum, sizeof s->sum);
	finish(s, rc ? VIZ_STORE_UNKNOWN : VIZ_STORE_COMMITTED);
	return rc ? VIZ_ERR_STORE : 0;
}

bool viz_store_in_txn(const struct viz_store *s)
{
	return s->txn != NULL;
}

static MDB_val as_key(enum viz_table table, const uint8_t *key, size_t key_len)
{
	VIZ_REQUIRE(table < VIZ_TABLE_COUNT && key_len > 0 && key_len <= VIZ_STORE_KEY_MAX);
	VIZ_REQUIRE(!has_number_keys(table) || key_len == sizeof(uint64_t));
	/* LMDB does not write through this pointer. */
	return (MDB_val){key_len, (void *)(uintptr_t)key};
}

int viz_store_get(struct viz_store *s, struct viz_slice *out, enum viz_table table,
		  const uint8_t *key, size_t key_len)
{
	MDB_val k = as_key(table, key, key_len);
	MDB_val v = {0, NULL};
	MDB_cursor *cursor = NULL;
	int rc = 0;

	VIZ_REQUIRE(s->txn && table < VIZ_TABLE_COUNT);
	if (s->poisoned)
		return VIZ_ERR_STORE;
	if (s->last.generation != s->generation || s->last.table != table ||
	    s->last.key_len != key_len || memcmp(s->last.key, key, key_len) != 0) {
		cursor = viz_backend_cursor(s, table);
		if (!cursor)
			return VIZ_ERR_STORE;
		rc = mdb_cursor_get(cursor, &k, &v, MDB_SET);
		s->cursor_valid[table] = false;
		if (rc && rc != MDB_NOTFOUND)
			return viz_backend_poison(s, "get", mdb_strerror(rc));
		if (rc == 0 && viz_backend_open_row(s, &v, table, &k))
			return VIZ_ERR_STORE;
		s->last.generation = s->generation;
		s->last.table = table;
		s->last.key_len = key_len;
		memcpy(s->last.key, key, key_len);
		s->last.value = (struct viz_slice){rc ? NULL : v.mv_data, v.mv_size};
	}
	if (!s->last.value.p)
		return VIZ_ERR_ABSENT;
	*out = s->last.value;
	return 0;
}

/* With a full map LMDB may find no run of free pages for a value of several pages. It then gives up
 * the whole transaction; in a nested one it gives up only that. */
static int put_careful(struct viz_store *s, uint64_t *sum, enum viz_table table, MDB_val *key,
		       const uint8_t *value, size_t value_len)
{
	MDB_txn *child = NULL;
	int rc = 0;

	viz_backend_drop_cursors(s);
	rc = mdb_txn_begin(s->env, s->txn, 0, &child);
	if (rc)
		return rc;
	rc = viz_sums_put(s, sum, child, NULL, table, key, value, value_len);
	if (rc == 0)
		return mdb_txn_commit(child);
	mdb_txn_abort(child);
	return rc;
}

/* The checksum of the row with this key; 0: there is none. The put that follows finds the cursor
 * near its place. */
static int stored_sum(struct viz_store *s, uint64_t *sum, MDB_cursor *cursor, enum viz_table table,
		      MDB_val key)
{
	bool known = s->last.generation == s->generation && s->last.table == table &&
		     s->last.key_len == key.mv_size &&
		     memcmp(s->last.key, key.mv_data, key.mv_size) == 0;
	MDB_val v = {s->last.value.len + VIZ_CHECKSUM_LEN, (void *)(uintptr_t)s->last.value.p};
	int rc = known && !v.mv_data ? MDB_NOTFOUND : 0;

	*sum = 0;
	if (!known) {
		rc = mdb_cursor_get(cursor, &key, &v, MDB_SET);
		s->cursor_valid[table] = false;
	}
	if (rc == MDB_NOTFOUND)
		return 0;
	if (rc == 0 && v.mv_size < VIZ_CHECKSUM_LEN)
		return viz_backend_poison(s, "put", "a row has no checksum");
	if (rc)
		return viz_backend_poison(s, "put", mdb_strerror(rc));
	*sum = viz_be_get_u64((const uint8_t *)v.mv_data + v.mv_size - VIZ_CHECKSUM_LEN);
	return 0;
}

int viz_store_put(struct viz_store *s, enum viz_table table, const uint8_t *key, size_t key_len,
		  const uint8_t *value, size_t value_len)
{
	MDB_val k = as_key(table, key, key_len);
	struct viz_slice old = {NULL, 0};
	uint64_t old_sum = 0;
	uint64_t sum = 0;
	MDB_cursor *cursor = NULL;
	bool careful = false;
	int rc = 0;
	int err = 0;

	VIZ_REQUIRE(s->txn && table < VIZ_TABLE_COUNT);
	if (s->poisoned || !(cursor = viz_backend_cursor(s, table)))
		return VIZ_ERR_STORE;
	if (!viz_headroom_ample(s, value_len + VIZ_CHECKSUM_LEN)) {
		err = viz_store_get(s, &old, table, key, key_len);
		old.len = old.p ? old.len + VIZ_CHECKSUM_LEN : 0;
		if (err == 0 || err == VIZ_ERR_ABSENT)
			err = viz_headroom_put(s, &careful, err ? NULL : &old.len,
					       value_len + VIZ_CHECKSUM_LEN);
		if (err)
			return err;
	}
	if (stored_sum(s, &old_sum, cursor, table, k))
		return VIZ_ERR_STORE;
	if (careful)
		rc = put_careful(s, &sum, table, &k, value, value_len);
	else
		rc = viz_sums_put(s, &sum, s->txn, cursor, table, &k, value, value_len);
	if (careful && rc == MDB_MAP_FULL)
		return VIZ_ERR_LIMIT;
	if (rc)
		return viz_backend_poison(s, "put", mdb_strerror(rc));
	s->cursor_valid[table] = false;
	s->generation++;
	s->written = true;
	s->sum[table] += sum - old_sum;
	viz_headroom_note(s, table, old.len, value_len + VIZ_CHECKSUM_LEN);
	return 0;
}

int viz_store_del(struct viz_store *s, enum viz_table table, const uint8_t *key, size_t key_len)
{
	MDB_val k = as_key(table, key, key_len);
	MDB_cursor *cursor = NULL;
	MDB_val v;
	uint64_t old_sum = 0;
	size_t old_len = 0;
	int rc = 0;
	int err = 0;

	VIZ_REQUIRE(s->txn && table < VIZ_TABLE_COUNT);
	if (s->poisoned || !(cursor = viz_backend_cursor(s, table)))
		return VIZ_ERR_STORE;
	rc = mdb_cursor_get(cursor, &k, &v, MDB_SET);
	s->cursor_valid[table] = false;
	if (rc == MDB_NOTFOUND)
		return VIZ_ERR_ABSENT;
	if (rc)
		return viz_backend_poison(s, "del", mdb_strerror(rc));
	old_len = v.mv_size;
	if (old_len < VIZ_CHECKSUM_LEN)
		return viz_backend_poison(s, "del", "a row has no checksum");
	old_sum = viz_be_get_u64((const uint8_t *)v.mv_data + old_len - VIZ_CHECKSUM_LEN);
	err = viz_headroom_del(s);
	if (err)
		return err;
	rc = mdb_cursor_del(cursor, 0);
	if (rc)
		return viz_backend_poison(s, "del", mdb_strerror(rc));
	s->generation++;
	s->written = true;
	s->sum[table] -= old_sum;
	viz_headroom_note(s, table, old_len, 0);
	return 0;
}
