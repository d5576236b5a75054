#include "store/stat.h"
#include "store/backend.h"

uint64_t viz_store_stat_entries(struct viz_store *s, enum viz_table table)
{
	MDB_txn *txn = s->txn;
	MDB_stat stat = {0};
	int rc = 0;

	VIZ_REQUIRE(table < VIZ_TABLE_COUNT);
	if (s->poisoned || (!txn && viz_headroom_read_txn(s, &txn)))
		return 0;
	rc = mdb_stat(txn, s->dbi[table], &stat);
	if (!s->txn)
		mdb_txn_abort(txn);
	if (rc)
		viz_backend_poison(s, "stat", mdb_strerror(rc));
	return stat.ms_entries;
}

void viz_store_stat_usage(struct viz_store *s, uint64_t *used_bytes, uint64_t *map_bytes)
{
	struct viz_headroom *r = &s->headroom;
	uint64_t free_pages = 0;
	uint64_t used = 0;
	MDB_envinfo info;

	/* LMDB tells what was committed, so it stays the same until the next commit. */
	if (!s->txn || !r->usage_known) {
		VIZ_REQUIRE(mdb_env_info(s->env, &info) == 0);
		if (s->poisoned || viz_headroom_free_pages(s, &free_pages, false))
			free_pages = 0;
		used = (uint64_t)info.me_last_pgno + 1;
		r->used_pages = used > free_pages ? used - free_pages : 0;
		r->usage_known = true;
	}
	*used_bytes = r->used_pages * r->page_bytes;
	*map_bytes = viz_store_stat_map(s);
}

uint64_t viz_store_stat_map(const struct viz_store *s)
{
	return s->headroom.limit_pages * s->headroom.page_bytes;
}

uint64_t viz_store_stat_shared(const struct viz_store *s)
{
	uint64_t limit = viz_store_stat_map(s);

	return s->headroom.limit_by_disk && limit > VIZ_STORE_MAP_START ? VIZ_STORE_MAP_START
									: limit;
}

uint64_t viz_store_stat_room(struct viz_store *s)
{
	const struct viz_headroom *r = &s->headroom;
	uint64_t used, map, room, file = r->file_pages * r->page_bytes;

	viz_store_stat_usage(s, &used, &map);
	map -= viz_headroom_reserve(map);
	room = map > used ? map - used : 0;
	if (r->disk_free == UINT64_MAX)
		return room;
	file = file > used ? file - used : 0;
	return room < r->disk_free + file ? room : r->disk_free + file;
}

bool viz_store_stat_by_disk(const struct viz_store *s)
{
	return s->headroom.limit_by_disk;
}

uint64_t viz_store_stat_disk_free(const struct viz_store *s)
{
	return s->headroom.disk_free;
}

bool viz_store_stat_disk_short(const struct viz_store *s)
{
	return s->headroom.disk_short;
}

uint64_t viz_store_stat_inodes_free(const struct viz_store *s)
{
	return s->headroom.inodes_free;
}

bool viz_store_stat_is_open(const struct viz_store *s)
{
	return s->headroom.is_open;
}
