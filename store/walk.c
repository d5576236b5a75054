#include "store/backend.h"

void viz_walk_init(struct viz_walk *w, struct viz_store *s, enum viz_table table,
		   const uint8_t *prefix, size_t prefix_len)
{
	VIZ_REQUIRE(prefix_len <= VIZ_STORE_KEY_MAX && table < VIZ_TABLE_COUNT);
	memset(w, 0, sizeof *w);
	w->store = s;
	w->table = table;
	if (prefix_len) {
		memcpy(w->prefix, prefix, prefix_len);
		memcpy(w->last, prefix, prefix_len);
	}
	w->prefix_len = prefix_len;
	w->last_len = prefix_len;
	w->inclusive = true;
}

static int compare(const uint8_t *a, size_t a_len, const uint8_t *b, size_t b_len)
{
	size_t n = a_len < b_len ? a_len : b_len;
	int c = n ? memcmp(a, b, n) : 0;

	return c ? c : (a_len > b_len) - (a_len < b_len);
}

void viz_walk_from(struct viz_walk *w, const uint8_t *from, size_t from_len)
{
	VIZ_REQUIRE(from_len <= VIZ_STORE_KEY_MAX);
	if (compare(from, from_len, w->prefix, w->prefix_len) <= 0)
		return;
	memcpy(w->last, from, from_len);
	w->last_len = from_len;
	w->inclusive = true;
}

static bool is_last(const struct viz_walk *w, const MDB_val *k)
{
	return compare(k->mv_data, k->mv_size, w->last, w->last_len) == 0;
}

/* Places the cursor on the next key of the walk. Two walks of one table share a cursor, and a write
 * may have moved it. One step is enough only when it still stands on our last key. */
static int step(struct viz_walk *w, MDB_cursor *cursor, MDB_val *k, MDB_val *v)
{
	int rc = 0;

	if (!w->inclusive && w->store->cursor_valid[w->table] &&
	    mdb_cursor_get(cursor, k, NULL, MDB_GET_CURRENT) == 0 && is_last(w, k))
		return mdb_cursor_get(cursor, k, v, MDB_NEXT);
	if (w->last_len == 0)
		return mdb_cursor_get(cursor, k, v, MDB_FIRST);
	*k = (MDB_val){w->last_len, w->last};
	rc = mdb_cursor_get(cursor, k, v, MDB_SET_RANGE);
	if (rc == 0 && !w->inclusive && is_last(w, k))
		rc = mdb_cursor_get(cursor, k, v, MDB_NEXT);
	return rc;
}

static bool has_prefix(const MDB_val *k, const uint8_t *prefix, size_t len)
{
	return k->mv_size >= len && (len == 0 || memcmp(k->mv_data, prefix, len) == 0);
}

bool viz_walk_next(struct viz_walk *w, struct viz_slice *key, struct viz_slice *value)
{
	struct viz_store *s = w->store;
	MDB_cursor *cursor = NULL;
	MDB_val k;
	MDB_val v;
	int rc = 0;

	VIZ_REQUIRE(s->txn);
	if (s->poisoned || !(cursor = viz_backend_cursor(s, w->table)))
		return false;
	rc = step(w, cursor, &k, &v);
	s->cursor_valid[w->table] = rc == 0;
	if (rc && rc != MDB_NOTFOUND)
		viz_backend_poison(s, "walk", mdb_strerror(rc));
	if (rc || !has_prefix(&k, w->prefix, w->prefix_len))
		return false;
	if (k.mv_size > VIZ_STORE_KEY_MAX) {
		viz_backend_poison(s, "walk", "a key is too long");
		return false;
	}
	if (viz_backend_open_row(s, &v, w->table, &k))
		return false;
	memcpy(w->last, k.mv_data, k.mv_size);
	w->last_len = k.mv_size;
	w->inclusive = false;
	*key = (struct viz_slice){k.mv_data, k.mv_size};
	*value = (struct viz_slice){v.mv_data, v.mv_size};
	return true;
}

/* The first key behind all those with the prefix; false when there is none (0xff.. or empty). */
static bool behind_prefix(uint8_t *out, size_t *out_len, const uint8_t *prefix, size_t len)
{
	while (len > 0 && prefix[len - 1] == 0xff)
		len--;
	if (len == 0)
		return false;
	memcpy(out, prefix, len);
	out[len - 1]++;
	*out_len = len;
	return true;
}

int viz_walk_last(struct viz_store *s, struct viz_slice *key, struct viz_slice *value,
		  enum viz_table table, const uint8_t *prefix, size_t prefix_len)
{
	uint8_t behind[VIZ_STORE_KEY_MAX];
	size_t behind_len = 0;
	MDB_cursor *cursor = NULL;
	MDB_val k;
	MDB_val v;
	int rc = MDB_NOTFOUND;

	VIZ_REQUIRE(s->txn && prefix_len <= VIZ_STORE_KEY_MAX && table < VIZ_TABLE_COUNT);
	if (s->poisoned || !(cursor = viz_backend_cursor(s, table)))
		return VIZ_ERR_STORE;
	s->cursor_valid[table] = false;
	if (behind_prefix(behind, &behind_len, prefix, prefix_len)) {
		k = (MDB_val){behind_len, behind};
		rc = mdb_cursor_get(cursor, &k, &v, MDB_SET_RANGE);
		if (rc == 0) {
			rc = mdb_cursor_get(cursor, &k, &v, MDB_PREV);
			if (rc == MDB_NOTFOUND)
				return VIZ_ERR_ABSENT;
		}
	}
	if (rc == MDB_NOTFOUND)
		rc = mdb_cursor_get(cursor, &k, &v, MDB_LAST);
	if (rc && rc != MDB_NOTFOUND)
		return viz_backend_poison(s, "last", mdb_strerror(rc));
	if (rc || !has_prefix(&k, prefix, prefix_len))
		return VIZ_ERR_ABSENT;
	if (viz_backend_open_row(s, &v, table, &k))
		return VIZ_ERR_STORE;
	*key = (struct viz_slice){k.mv_data, k.mv_size};
	*value = (struct viz_slice){v.mv_data, v.mv_size};
	return 0;
}
