/* META's "sums": the version of the schema, the transaction that wrote it, and of each table the
 * sum of the checksums of its rows. A checksum shows a row that has changed. The sums show one that
 * is gone, and pages that are right and old. The row itself is not in the sum of META, nor is
 * "schema", which has no checksum, so that older versions can read it and refuse. */
#include "store/backend.h"
#include "store/meta.h"

#define KEY ((MDB_val){sizeof VIZ_META_SUMS - 1, (void *)(uintptr_t)VIZ_META_SUMS})

int viz_sums_read(struct viz_sums *out, const uint8_t *value, size_t len)
{
	if (len < 16 || len % 8 != 0)
		return VIZ_ERR_STORE;
	out->version = viz_be_get_u64(value);
	out->txn = viz_be_get_u64(value + 8);
	for (size_t t = 0; t < VIZ_TABLE_COUNT; t++)
		out->sum[t] = 8 * (t + 3) <= len ? viz_be_get_u64(value + 8 * (t + 2)) : 0;
	return 0;
}

int viz_sums_load(struct viz_store *s)
{
	MDB_val k = KEY, v;
	struct viz_sums sums;
	int rc = mdb_get(s->txn, s->dbi[VIZ_TABLE_META], &k, &v);

	if (rc == MDB_NOTFOUND)
		return 0;
	if (rc || viz_backend_open_row(s, &v, VIZ_TABLE_META, &k))
		return VIZ_ERR_STORE;
	if (viz_sums_read(&sums, v.mv_data, v.mv_size) || sums.version != VIZ_SCHEMA_VERSION)
		return VIZ_ERR_STORE;
	memcpy(s->sum_before, sums.sum, sizeof s->sum_before);
	return 0;
}

int viz_sums_store(struct viz_store *s)
{
	uint8_t value[8 * (2 + VIZ_TABLE_COUNT)];
	MDB_val k = KEY;

	viz_be_put_u64(value, VIZ_SCHEMA_VERSION);
	viz_be_put_u64(value + 8, mdb_txn_id(s->txn));
	for (size_t t = 0; t < VIZ_TABLE_COUNT; t++)
		viz_be_put_u64(value + 8 * (t + 2), s->sum[t]);
	return viz_sums_put(s, NULL, s->txn, NULL, VIZ_TABLE_META, &k, value, sizeof value);
}

int viz_sums_put(struct viz_store *s, uint64_t *out, MDB_txn *txn, MDB_cursor *cursor,
		 enum viz_table table, MDB_val *key, const uint8_t *value, size_t value_len)
{
	uint64_t sum = viz_checksum_row(table, key->mv_data, key->mv_size, value, value_len);
	MDB_val v = {value_len + VIZ_CHECKSUM_LEN, NULL};
	int rc = cursor ? mdb_cursor_put(cursor, key, &v, MDB_RESERVE)
			: mdb_put(txn, s->dbi[table], key, &v, MDB_RESERVE);

	if (rc)
		return rc;
	if (value_len)
		memcpy(v.mv_data, value, value_len);
	viz_be_put_u64((uint8_t *)v.mv_data + value_len, sum);
	if (out)
		*out = sum;
	return 0;
}
