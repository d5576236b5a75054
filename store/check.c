#include "store/check.h"
#include "store/backend.h"
#include "store/meta.h"

#include "proto/reader.h"
#include "store/stat.h"

#include <zlib.h>

static int check_schema(struct viz_store *s, char *error)
{
	struct viz_slice value;
	struct viz_reader r;

	if (viz_store_get(s, &value, VIZ_TABLE_META, VIZ_META(VIZ_META_SCHEMA)))
		return viz_backend_explain(error, VIZ_ERR_STORE, "schema", "absent");
	viz_reader_init(&r, value.p, value.len);
	if (viz_reader_uint(&r, UINT32_MAX) != VIZ_SCHEMA_VERSION || viz_reader_finish(&r))
		return viz_backend_explain(error, VIZ_ERR_STORE, "schema",
					   "not the version of this program");
	return 0;
}

/* In the order of the table's own keys: bytes, or numbers. */
static bool ascends(struct viz_store *s, enum viz_table table, uint8_t *last, size_t last_len,
		    const struct viz_slice *key)
{
	MDB_val a = {last_len, last};
	MDB_val b = {key->len, (void *)(uintptr_t)key->p};

	return last_len == 0 || mdb_cmp(s->txn, s->dbi[table], &a, &b) < 0;
}

static int check_table(struct viz_store *s, char *error, enum viz_table table)
{
	uint8_t last[VIZ_STORE_KEY_MAX];
	size_t last_len = 0;
	uint64_t entries = 0;
	unsigned long sum = 0;
	struct viz_slice key;
	struct viz_slice value;
	struct viz_slice found;
	struct viz_walk w;
	char name[32];

	snprintf(name, sizeof name, "table %u", (unsigned)table);
	viz_walk_init(&w, s, table, NULL, 0);
	while (viz_walk_next(&w, &key, &value)) {
		if (!ascends(s, table, last, last_len, &key))
			return viz_backend_explain(error, VIZ_ERR_STORE, name,
						   "the keys do not ascend");
		memcpy(last, key.p, key.len);
		last_len = key.len;
		if (viz_store_get(s, &found, table, last, last_len) || found.len != value.len)
			return viz_backend_explain(error, VIZ_ERR_STORE, name,
						   "a key is walked to and not found");
		sum = crc32(sum, value.p, (uInt)value.len); /* touches every byte */
		entries++;
	}
	(void)sum;
	if (s->poisoned)
		return viz_backend_explain(error, VIZ_ERR_STORE, name, s->cause);
	if (entries != viz_store_stat_entries(s, table))
		return viz_backend_explain(error, VIZ_ERR_STORE, name,
					   "the walk finds another number of entries");
	return 0;
}

int viz_store_check(struct viz_store *s, struct viz_vault *v, char *error)
{
	int err = 0;

	if (viz_store_in_txn(s))
		return VIZ_ERR_STATE;
	if (viz_store_begin(s))
		return viz_backend_explain(error, VIZ_ERR_STORE, "store", viz_store_cause(s));
	err = check_schema(s, error);
	for (unsigned t = 0; t < VIZ_TABLE_COUNT && err == 0; t++)
		err = check_table(s, error, (enum viz_table)t);
	viz_store_abort(s);
	return err || !v ? err : viz_vault_check(v, error);
}
