/* procs-held FILE: the records in a node's store.mdb, while the node runs too. For each place a
 * line "origin author type slot seq id", and "dead" behind it when its author has contradicted
 * itself there. The origin is whose circle may hold it; "-" for a federation record. */
#include <lmdb.h>
#include <stdio.h>

#include "crypto/id.h"
#include "node/core/place.h"
#include "proto/base.h"
#include "proto/protest.h"
#include "proto/record.h"
#include "store/checksum.h"
#include "store/tables.h"

#define FILE_MAX (UINT64_C(1) << 30)

static int print(const MDB_val *value)
{
	char origin[VIZ_TEXT_ID_MAX] = "-", author[VIZ_TEXT_ID_MAX], id[65];
	struct viz_protest protest;
	struct viz_record rec;
	struct viz_held held;

	if (value->mv_size < VIZ_CHECKSUM_LEN ||
	    viz_place_row_read(&held, value->mv_data, value->mv_size - VIZ_CHECKSUM_LEN) !=
		VIZ_OK ||
	    viz_record_parse(&rec, held.a, held.a_len) != VIZ_OK)
		return MDB_CORRUPTED;
	viz_id_text(author, "viz", rec.author.b);
	if (rec.type == VIZ_TYPE_PROTEST) {
		if (viz_protest_parse(&protest, &rec) != VIZ_OK)
			return MDB_CORRUPTED;
		viz_id_text(origin, "viz", protest.origin.b);
	} else if (viz_record_is_write_once(rec.type)) {
		viz_id_text(origin, "viz", rec.author.b);
	}
	viz_hex(id, held.item.b, 32);
	printf("%s %s %u %llu %llu %s%s\n", origin, author, (unsigned)rec.type,
	       (unsigned long long)rec.slot, (unsigned long long)rec.seq, id,
	       held.dead ? " dead" : "");
	return 0;
}

static int walk(MDB_env *env)
{
	char name[12];
	MDB_txn *txn = NULL;
	MDB_dbi dbi;
	MDB_cursor *cursor = NULL;
	MDB_val key, value;
	int rc = mdb_txn_begin(env, NULL, MDB_RDONLY, &txn);

	snprintf(name, sizeof name, "%d", VIZ_TABLE_RECORD);
	if (rc == 0)
		rc = mdb_dbi_open(txn, name, 0, &dbi);
	if (rc == 0)
		rc = mdb_cursor_open(txn, dbi, &cursor);
	while (rc == 0) {
		rc = mdb_cursor_get(cursor, &key, &value, MDB_NEXT);
		if (rc == 0)
			rc = print(&value);
	}
	if (cursor)
		mdb_cursor_close(cursor);
	mdb_txn_abort(txn); /* or its place among the readers stays taken */
	return rc == MDB_NOTFOUND ? 0 : rc;
}

int main(int argc, char **argv)
{
	MDB_env *env = NULL;
	int rc = argc == 2 ? mdb_env_create(&env) : MDB_INVALID;

	if (rc == 0)
		rc = mdb_env_set_maxdbs(env, VIZ_TABLE_COUNT);
	if (rc == 0)
		rc = mdb_env_set_mapsize(env, FILE_MAX);
	if (rc == 0)
		rc = mdb_env_open(env, argv[1], MDB_RDONLY | MDB_NOSUBDIR | MDB_NOTLS, 0600);
	if (rc == 0)
		rc = walk(env);
	if (env)
		mdb_env_close(env);
	if (rc != 0)
		fprintf(stderr, "procs-held: %s\n", mdb_strerror(rc));
	return rc != 0;
}
