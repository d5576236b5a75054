/* What LMDB offers, over a memory. The linker replaces the calls (--wrap). */
#include "tests/sim/memory_inside.h"

#include <lmdb.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include "node/core/core.h"
#include "proto/base.h"
#include "store/store.h"

#define PAGE    4096
#define DBI_MIN 2 /* 0 and 1 are LMDB's own */

struct MDB_cursor {
	struct sim_memory *m;
	unsigned table;
	size_t base, own;      /* the first rows that are not below the key */
	const struct row *row; /* where it stands; NULL: nowhere */
	uint64_t writes;
	uint8_t key[VIZ_STORE_KEY_MAX];
	size_t key_len;
};

/* ---- cursors ---- */

static struct rows none;

static const struct rows *base_rows(const struct MDB_cursor *c)
{
	return c->m ? &c->m->base->table[c->table] : &none;
}

static const struct rows *own_rows(const struct MDB_cursor *c)
{
	return c->m ? &c->m->table[c->table] : &none;
}

/* The rows of both lists that come next; one hides the other when their keys are equal. */
static void pick(const struct MDB_cursor *c, size_t base, size_t own, const struct row **b,
		 const struct row **o)
{
	int order;

	*b = base < base_rows(c)->count ? base_rows(c)->list[base].row : NULL;
	*o = own < own_rows(c)->count ? own_rows(c)->list[own].row : NULL;
	if (!*b || !*o)
		return;
	order = sim_memory_compare_rows(c->table, *b, *o);
	if (order < 0)
		*o = NULL;
	else if (order > 0)
		*b = NULL;
}

static int stand(struct MDB_cursor *c, const struct row *r)
{
	c->row = r;
	c->writes = c->m ? c->m->writes : 0;
	if (!r)
		return MDB_NOTFOUND;
	memcpy(c->key, r->bytes, r->key_len);
	c->key_len = r->key_len;
	return 0;
}

/* Stands on the first row from here on that is not gone. */
static int settle(struct MDB_cursor *c)
{
	for (;;) {
		const struct row *b, *o;

		pick(c, c->base, c->own, &b, &o);
		if (!b && !o)
			return stand(c, NULL);
		if (!o || o->value_len != GONE)
			return stand(c, o ? o : b);
		c->base += b != NULL;
		c->own++;
	}
}

static int seek(struct MDB_cursor *c, const uint8_t *key, size_t key_len)
{
	c->base = sim_memory_position(c->table, base_rows(c), key, key_len);
	c->own = sim_memory_position(c->table, own_rows(c), key, key_len);
	return settle(c);
}

static int next(struct MDB_cursor *c)
{
	const struct row *b, *o;

	if (c->key_len == 0)
		return settle(c);
	if (c->m && c->writes != c->m->writes) {
		uint8_t key[VIZ_STORE_KEY_MAX];
		size_t len = c->key_len;

		memcpy(key, c->key, len);
		seek(c, key, len);
		if (!c->row || c->key_len != len || memcmp(c->key, key, len) != 0)
			return c->row ? 0 : MDB_NOTFOUND;
	}
	pick(c, c->base, c->own, &b, &o);
	c->base += b != NULL;
	c->own += o != NULL;
	return settle(c);
}

/* Stands on the last row before here that is not gone. */
static int before(struct MDB_cursor *c)
{
	for (;;) {
		const struct row *b = c->base > 0 ? base_rows(c)->list[c->base - 1].row : NULL;
		const struct row *o = c->own > 0 ? own_rows(c)->list[c->own - 1].row : NULL;
		int order = b && o ? sim_memory_compare_rows(c->table, b, o) : b ? 1 : -1;

		if (!b && !o)
			return stand(c, NULL);
		c->base -= b && order >= 0;
		c->own -= o && order <= 0;
		if (order > 0)
			return stand(c, b);
		if (o->value_len != GONE)
			return stand(c, o);
	}
}

static int move(struct MDB_cursor *c, const MDB_val *key, MDB_cursor_op op)
{
	int rc;

	if (op == MDB_FIRST) {
		c->base = c->own = 0;
		return settle(c);
	}
	if (op == MDB_NEXT)
		return next(c);
	if (op == MDB_SET_RANGE)
		return seek(c, key->mv_data, key->mv_size);
	if (op == MDB_SET) {
		rc = seek(c, key->mv_data, key->mv_size);
		if (rc == 0 &&
		    sim_memory_compare(c->table, c->key, c->key_len, key->mv_data, key->mv_size))
			return MDB_NOTFOUND;
		return rc;
	}
	if (op == MDB_GET_CURRENT)
		return c->row && c->writes == c->m->writes ? 0 : MDB_NOTFOUND;
	if (op == MDB_LAST) {
		c->base = base_rows(c)->count;
		c->own = own_rows(c)->count;
	}
	VIZ_REQUIRE(op == MDB_LAST || op == MDB_PREV);
	return before(c);
}

/* ---- what LMDB offers ---- */

#define WRAP(result, name, ...)                                                                    \
	result __real_##name(__VA_ARGS__);                                                         \
	result __wrap_##name(__VA_ARGS__);                                                         \
	result __wrap_##name(__VA_ARGS__)

/* A memory was used: from then on all handles are of memories. */
static bool active;

static MDB_env *as_env(struct sim_memory *m)
{
	return (MDB_env *)(void *)m;
}

static struct sim_memory *as_memory(MDB_env *env)
{
	return (struct sim_memory *)(void *)env;
}

WRAP(int, mdb_env_create, MDB_env **env)
{
	active |= sim_memory_used() != NULL;
	if (!active)
		return __real_mdb_env_create(env);
	*env = as_env(sim_memory_used());
	return 0;
}

WRAP(int, mdb_env_set_maxdbs, MDB_env *env, MDB_dbi n)
{
	return active ? 0 : __real_mdb_env_set_maxdbs(env, n);
}

WRAP(int, mdb_env_set_mapsize, MDB_env *env, size_t size)
{
	if (!active)
		return __real_mdb_env_set_mapsize(env, size);
	as_memory(env)->map_bytes = size;
	return 0;
}

WRAP(int, mdb_env_open, MDB_env *env, const char *path, unsigned flags, mdb_mode_t mode)
{
	return active ? 0 : __real_mdb_env_open(env, path, flags, mode);
}

WRAP(int, mdb_reader_check, MDB_env *env, int *dead)
{
	return active ? 0 : __real_mdb_reader_check(env, dead);
}

/* Nobody reads beside us. */
WRAP(int, mdb_reader_list, MDB_env *env, MDB_msg_func *say, void *ctx)
{
	return active ? 0 : __real_mdb_reader_list(env, say, ctx);
}

/* A file that is as large as any that the store expects. */
WRAP(int, mdb_env_get_fd, MDB_env *env, mdb_filehandle_t *fd)
{
	static int file = -1;

	if (!active)
		return __real_mdb_env_get_fd(env, fd);
	if (file < 0) {
		file = memfd_create("sim", MFD_CLOEXEC);
		VIZ_REQUIRE(file >= 0 && fchmod(file, 0600) == 0 &&
			    ftruncate(file, (off_t)1 << 42) == 0);
	}
	*fd = file;
	return 0;
}

WRAP(void, mdb_env_close, MDB_env *env)
{
	if (!active)
		__real_mdb_env_close(env);
}

WRAP(int, mdb_env_info, MDB_env *env, MDB_envinfo *info)
{
	if (!active)
		return __real_mdb_env_info(env, info);
	*info = (MDB_envinfo){.me_mapsize = as_memory(env)->map_bytes,
			      .me_last_pgno = as_memory(env)->bytes / PAGE};
	return 0;
}

WRAP(int, mdb_env_stat, MDB_env *env, MDB_stat *stat)
{
	if (!active)
		return __real_mdb_env_stat(env, stat);
	*stat = (MDB_stat){.ms_psize = PAGE};
	return 0;
}

WRAP(int, mdb_txn_begin, MDB_env *env, MDB_txn *parent, unsigned flags, MDB_txn **txn)
{
	if (!active)
		return __real_mdb_txn_begin(env, parent, flags, txn);
	VIZ_REQUIRE(!parent); /* the map is never full */
	*txn = flags & MDB_RDONLY ? &as_memory(env)->reading : &as_memory(env)->writing;
	VIZ_REQUIRE(!(*txn)->m);
	**txn = (struct MDB_txn){as_memory(env), as_memory(env)->bytes, !(flags & MDB_RDONLY)};
	return 0;
}

static void end(MDB_txn *txn)
{
	if (txn->writer)
		sim_memory_keep(txn->m);
	txn->m = NULL;
}

WRAP(int, mdb_txn_commit, MDB_txn *txn)
{
	if (!active)
		return __real_mdb_txn_commit(txn);
	end(txn);
	return 0;
}

WRAP(void, mdb_txn_abort, MDB_txn *txn)
{
	if (!active) {
		__real_mdb_txn_abort(txn);
		return;
	}
	if (txn->writer)
		sim_memory_undo(txn->m, txn->bytes);
	end(txn);
}

WRAP(size_t, mdb_txn_id, MDB_txn *txn)
{
	return active ? 1 : __real_mdb_txn_id(txn);
}

WRAP(int, mdb_dbi_open, MDB_txn *txn, const char *name, unsigned flags, MDB_dbi *dbi)
{
	unsigned table;

	if (!active)
		return __real_mdb_dbi_open(txn, name, flags, dbi);
	table = (unsigned)strtoul(name, NULL, 10);
	*dbi = table + DBI_MIN;
	return flags & MDB_CREATE || txn->m->entries[table] > 0 ? 0 : MDB_NOTFOUND;
}

WRAP(int, mdb_stat, MDB_txn *txn, MDB_dbi dbi, MDB_stat *stat)
{
	if (!active)
		return __real_mdb_stat(txn, dbi, stat);
	*stat = (MDB_stat){.ms_psize = PAGE, .ms_entries = txn->m->entries[dbi - DBI_MIN]};
	return 0;
}

static void show(const struct row *r, MDB_val *value)
{
	if (value)
		*value = (MDB_val){r->value_len, (void *)(uintptr_t)(r->bytes + r->key_len)};
}

WRAP(int, mdb_get, MDB_txn *txn, MDB_dbi dbi, MDB_val *key, MDB_val *value)
{
	const struct row *r;

	if (!active)
		return __real_mdb_get(txn, dbi, key, value);
	r = sim_memory_look(txn->m, dbi - DBI_MIN, key->mv_data, key->mv_size);
	if (!r)
		return MDB_NOTFOUND;
	show(r, value);
	return 0;
}

static int put(struct sim_memory *m, unsigned table, const MDB_val *key, MDB_val *value,
	       unsigned flags)
{
	struct row *r;

	VIZ_REQUIRE((flags & ~(unsigned)MDB_RESERVE) == 0 && value->mv_size < GONE);
	r = sim_memory_make(key->mv_data, key->mv_size, flags ? NULL : value->mv_data,
			    (uint32_t)value->mv_size);
	if (flags)
		value->mv_data = r->bytes + r->key_len;
	sim_memory_replace(m, table, r->bytes, r->key_len, r,
			   m->entries[table] + !sim_memory_look(m, table, r->bytes, r->key_len));
	return 0;
}

WRAP(int, mdb_put, MDB_txn *txn, MDB_dbi dbi, MDB_val *key, MDB_val *value, unsigned flags)
{
	return active ? put(txn->m, dbi - DBI_MIN, key, value, flags)
		      : __real_mdb_put(txn, dbi, key, value, flags);
}

WRAP(int, mdb_cursor_put, MDB_cursor *c, MDB_val *key, MDB_val *value, unsigned flags)
{
	return active ? put(c->m, c->table, key, value, flags)
		      : __real_mdb_cursor_put(c, key, value, flags);
}

WRAP(int, mdb_cursor_open, MDB_txn *txn, MDB_dbi dbi, MDB_cursor **cursor)
{
	if (!active)
		return __real_mdb_cursor_open(txn, dbi, cursor);
	*cursor = viz_core_alloc(sizeof **cursor);
	(*cursor)->m = dbi < DBI_MIN ? NULL : txn->m; /* LMDB's list of free pages is empty */
	(*cursor)->table = dbi < DBI_MIN ? 0 : dbi - DBI_MIN;
	(*cursor)->base = (*cursor)->own = (*cursor)->key_len = 0;
	(*cursor)->row = NULL;
	(*cursor)->writes = txn->m->writes;
	return 0;
}

WRAP(void, mdb_cursor_close, MDB_cursor *c)
{
	if (active)
		free(c);
	else
		__real_mdb_cursor_close(c);
}

WRAP(int, mdb_cursor_get, MDB_cursor *c, MDB_val *key, MDB_val *value, MDB_cursor_op op)
{
	int rc;

	if (!active)
		return __real_mdb_cursor_get(c, key, value, op);
	rc = move(c, key, op);
	if (rc != 0)
		return rc;
	if (op != MDB_SET)
		*key = (MDB_val){c->row->key_len, (void *)(uintptr_t)c->row->bytes};
	show(c->row, value);
	return 0;
}

WRAP(int, mdb_cursor_del, MDB_cursor *c, unsigned flags)
{
	struct row *gone = NULL;

	if (!active)
		return __real_mdb_cursor_del(c, flags);
	VIZ_REQUIRE(c->row && c->writes == c->m->writes);
	if (sim_memory_find(c->table, &c->m->base->table[c->table], c->key, c->key_len))
		gone = sim_memory_make(c->key, c->key_len, NULL, GONE);
	sim_memory_replace(c->m, c->table, c->key, c->key_len, gone, c->m->entries[c->table] - 1);
	return 0;
}
