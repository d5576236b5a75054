/* How much of the map is left. LMDB does not say how many pages a running transaction has taken,
 * nor how many it can still take, and a put that finds none spoils the whole transaction. So this
 * file bounds both numbers by what LMDB does say: the last page ever written, its list of free
 * pages, and the shape of each table. Far from the limit a write costs one addition and one
 * comparison here.
 *
 * Source: LMDB 0.9.24, mdb_page_alloc (pages freed by transaction n can be used from n + 2 on;
 * single pages come from the free list before the map grows), mdb_freelist_save (the list itself
 * needs pages in a run: 8 bytes for each page freed). */
#include "store/backend.h"
#include "store/meta.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#define RESERVE_MIN_BYTES (UINT64_C(1) << 20)
#define RESERVE_MAX_BYTES (UINT64_C(1) << 30)
#define RESERVE_SHARE     16
#define MAP_STEP          UINT64_C(0x10000) /* a map is a multiple of it */
#define OP_PAGES          12 /* copied and split by one write: twice the height of a tree of 10^12 */
#define COMMIT_PAGES      24  /* kept for the commit itself: the main table and the free list */
#define FREED_ONE_PAGE    480 /* page numbers that fit one page of the free list */
#define AHEAD_BYTES       (UINT64_C(4) << 20) /* of the file, behind its last page */

/* What was read of a file system says how large a store may become there. */
static uint64_t half_of(const struct statvfs *fs)
{
	uint64_t half = (uint64_t)fs->f_blocks * fs->f_frsize / 2 & ~(MAP_STEP - 1);

	half = half < VIZ_STORE_MAP_MAX ? half : VIZ_STORE_MAP_MAX;
	return half > VIZ_STORE_MAP_MIN ? half : VIZ_STORE_MAP_MIN;
}

uint64_t viz_headroom_limit(const struct viz_store_config *config)
{
	struct statvfs fs;

	if (config->map_bytes == 0)
		return statvfs(config->dir, &fs) == 0 ? half_of(&fs) : VIZ_STORE_MAP_START;
	return config->map_bytes > VIZ_STORE_MAP_MIN ? config->map_bytes & ~(MAP_STEP - 1)
						     : VIZ_STORE_MAP_MIN;
}

/* LMDB takes the size of the file itself when that is more. */
uint64_t viz_headroom_start(const struct viz_store_config *config, uint64_t limit)
{
	uint64_t start = config->start_bytes ? config->start_bytes : VIZ_STORE_MAP_START;

	return start < limit ? start : limit;
}

uint64_t viz_headroom_reserve(uint64_t map)
{
	uint64_t reserve = map / RESERVE_SHARE;

	if (reserve < RESERVE_MIN_BYTES)
		reserve = RESERVE_MIN_BYTES;
	return reserve < RESERVE_MAX_BYTES ? reserve : RESERVE_MAX_BYTES;
}

/* Reads the size of the map, and sets what is kept of it. */
static int take_map(struct viz_store *s)
{
	struct viz_headroom *r = &s->headroom;
	MDB_envinfo info;

	if (mdb_env_info(s->env, &info))
		return VIZ_ERR_STORE;
	r->map_pages = info.me_mapsize / r->page_bytes;
	r->reserve_pages = viz_headroom_reserve(info.me_mapsize) / r->page_bytes;
	if (r->limit_pages < r->map_pages)
		r->limit_pages = r->map_pages;
	return 0;
}

int viz_headroom_open(struct viz_store *s, const struct viz_store_config *config, uint64_t limit)
{
	MDB_stat stat;
	struct stat st = {0};
	mdb_filehandle_t fd;

	if (mdb_env_stat(s->env, &stat))
		return VIZ_ERR_STORE;
	if (!s->volatile_commit && (mdb_env_get_fd(s->env, &fd) || fstat(fd, &st)))
		return VIZ_ERR_STORE;
	s->headroom.page_bytes = stat.ms_psize;
	s->headroom.file_pages = (uint64_t)st.st_blocks * 512 / stat.ms_psize;
	s->headroom.limit_pages = limit / stat.ms_psize;
	s->headroom.limit_by_disk = config->map_bytes == 0;
	return take_map(s);
}

/* LMDB gives up its map before it asks for the new one, and cannot go back. So the kernel is asked
 * first whether it has so many addresses in a row. */
static bool addresses(uint64_t bytes)
{
	void *p = mmap(NULL, bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	return p != MAP_FAILED && munmap(p, bytes) == 0;
}

int viz_headroom_grow(struct viz_store *s)
{
	struct viz_headroom *r = &s->headroom;
	uint64_t pages = r->map_pages * 2;
	MDB_envinfo info;
	int rc = 0;

	if (r->map_pages >= r->limit_pages)
		return 0;
	VIZ_REQUIRE(mdb_env_info(s->env, &info) == 0);
	if ((uint64_t)info.me_last_pgno + 1 <= r->map_pages / 2)
		return 0;
	pages = pages < r->limit_pages ? pages : r->limit_pages;
	if (!addresses(pages * r->page_bytes)) {
		r->limit_pages = r->map_pages;
		r->limit_by_disk = false;
		return 0;
	}
	rc = mdb_env_set_mapsize(s->env, pages * r->page_bytes);
	return rc || take_map(s) ? viz_backend_poison(s, "map", rc ? mdb_strerror(rc) : "no size")
				 : 0;
}

/* Keeps space on disk behind the last page, so that a file system that others fill does not end us:
 * what must be written finds it there. When it does not get it, the disk is full, and the store
 * with it. */
static void look_ahead(struct viz_store *s, uint64_t used)
{
	struct viz_headroom *r = &s->headroom;
	uint64_t ahead = AHEAD_BYTES / r->page_bytes, want = used + ahead, unused, disk;
	struct statvfs fs;
	struct stat st;
	mdb_filehandle_t fd;

	r->keep_pages = r->reserve_pages;
	r->disk_free = r->inodes_free = UINT64_MAX;
	r->is_open = false;
	r->disk_short = false;
	if (s->volatile_commit || mdb_env_get_fd(s->env, &fd) != 0)
		return;
	if (fstatvfs(fd, &fs) == 0) {
		r->disk_free = (uint64_t)fs.f_bavail * fs.f_frsize;
		r->inodes_free = fs.f_files > 0 ? fs.f_favail : UINT64_MAX;
		if (r->limit_by_disk && half_of(&fs) / r->page_bytes > r->limit_pages)
			r->limit_pages = half_of(&fs) / r->page_bytes;
	}
	r->is_open = fstat(fd, &st) == 0 && (st.st_mode & 077) != 0;
	if (want > r->map_pages)
		want = r->map_pages;
	if (r->file_pages < want) {
		uint64_t next = want + ahead < r->map_pages ? want + ahead : r->map_pages;

		if (posix_fallocate(fd, 0, (off_t)(next * r->page_bytes)) == 0)
			r->file_pages = next;
		else if (posix_fallocate(fd, 0, (off_t)(want * r->page_bytes)) == 0)
			r->file_pages = want;
		else
			r->disk_short = true;
	}
	unused = r->file_pages > used ? r->file_pages - used : 0;
	disk = r->disk_short ? 0 : r->disk_free / r->page_bytes;
	if (disk >= r->unused_pages || unused + disk >= r->unused_pages)
		return;
	r->unused_pages = unused + disk;
	r->disk_short = r->unused_pages < 2 * ahead;
	if (r->keep_pages > ahead)
		r->keep_pages = ahead;
}

void viz_headroom_begin(struct viz_store *s)
{
	struct viz_headroom *r = &s->headroom;
	uint64_t used = 0;
	MDB_envinfo info;

	VIZ_REQUIRE(mdb_env_info(s->env, &info) == 0); /* fails only without an environment */
	used = (uint64_t)info.me_last_pgno + 1;
	r->unused_pages = r->map_pages > used ? r->map_pages - used : 0;
	r->free_pages = 0;
	r->spent_pages = 0;
	r->copied_pages = 0;
	r->freed_pages = 0;
	r->counted = r->usage_known = false;
	look_ahead(s, used);
	memset(r->ops, 0, sizeof r->ops);
	memset(r->large, 0, sizeof r->large);
}

int viz_headroom_read_txn(struct viz_store *s, MDB_txn **txn)
{
	int rc = mdb_txn_begin(s->env, NULL, MDB_RDONLY, txn);
	return rc ? viz_backend_poison(s, "read", mdb_strerror(rc)) : 0;
}

static int sum_free_list(MDB_txn *txn, uint64_t *pages, uint64_t below)
{
	MDB_cursor *cursor = NULL;
	MDB_val k;
	MDB_val v;
	uint64_t sum = 0;
	int rc = mdb_cursor_open(txn, 0, &cursor);

	if (rc)
		return rc;
	while ((rc = mdb_cursor_get(cursor, &k, &v, MDB_NEXT)) == 0) {
		size_t id = 0;
		size_t count = 0;

		if (k.mv_size != sizeof id || v.mv_size < sizeof count) {
			rc = MDB_CORRUPTED;
			break;
		}
		memcpy(&id, k.mv_data, sizeof id);
		memcpy(&count, v.mv_data, sizeof count);
		if (id < below)
			sum += count;
	}
	mdb_cursor_close(cursor);
	*pages = sum;
	return rc == MDB_NOTFOUND ? 0 : rc;
}

/* A line of LMDB's list of readers: process, thread, transaction; "-": it reads nothing. */
static int note_reader(const char *line, void *oldest)
{
	uint64_t *below = oldest;
	const char *last = strrchr(line, ' ');
	unsigned long long txn = 0;

	if (last && sscanf(last, "%llu", &txn) == 1 && txn < *below)
		*below = txn;
	return 0;
}

int viz_headroom_free_pages(struct viz_store *s, uint64_t *pages, bool reusable_only)
{
	uint64_t below = UINT64_MAX;
	MDB_txn *txn = NULL;
	int rc = viz_headroom_read_txn(s, &txn);

	if (rc)
		return rc;
	/* A reader has the number of the last commit. The pages that this commit freed are still in
	 * use by the state before it. So are those that a commit freed which another process does
	 * not see yet, as it makes a backup. */
	if (reusable_only)
		(void)mdb_reader_list(s->env, note_reader, &below);
	rc = sum_free_list(txn, pages, below);
	mdb_txn_abort(txn);
	return rc ? viz_backend_poison(s, "free list", mdb_strerror(rc)) : 0;
}

static int count(struct viz_store *s)
{
	struct viz_headroom *r = &s->headroom;
	MDB_txn *txn = NULL;
	int rc = 0;

	if (r->counted)
		return 0;
	if (viz_headroom_free_pages(s, &r->free_pages, true) || viz_headroom_read_txn(s, &txn))
		return VIZ_ERR_STORE;
	for (unsigned t = 0; t < VIZ_TABLE_COUNT && rc == 0; t++)
		rc = mdb_stat(txn, s->dbi[t], &r->start[t]);
	mdb_txn_abort(txn);
	if (rc)
		return viz_backend_poison(s, "stat", mdb_strerror(rc));
	r->counted = true;
	return 0;
}

static uint64_t smaller(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

/* Each page of the last commit is copied at most once. Pages that were added show in the shape of
 * the tables. The number of writes bounds the rest. */
static int refine(struct viz_store *s)
{
	struct viz_headroom *r = &s->headroom;
	uint64_t added = 0;
	uint64_t copied = 0;

	if (count(s))
		return VIZ_ERR_STORE;
	for (unsigned t = 0; t < VIZ_TABLE_COUNT; t++) {
		const MDB_stat *old = &r->start[t];
		uint64_t before = old->ms_branch_pages + old->ms_leaf_pages;
		uint64_t after = 0;
		MDB_stat now;
		int rc = mdb_stat(s->txn, s->dbi[t], &now);

		if (rc)
			return viz_backend_poison(s, "stat", mdb_strerror(rc));
		after = now.ms_branch_pages + now.ms_leaf_pages;
		added += r->large[t] + (after > before ? after - before : 0);
		copied += smaller(r->ops[t], old->ms_leaf_pages) +
			  smaller(r->ops[t] * now.ms_depth, old->ms_branch_pages);
	}
	r->spent_pages = added + copied;
	r->copied_pages = copied;
	return 0;
}

/* Whether `pages` can be taken and `left` remain. */
static bool fits(const struct viz_headroom *r, uint64_t pages, uint64_t left)
{
	return r->unused_pages + r->free_pages >= r->spent_pages + pages + left;
}

/* How many pages a value takes beside the leaf: none when it fits in the leaf. (LMDB keeps two
 * entries in a page, so key and value together get a little less than half of it.) */
static uint64_t large_pages(const struct viz_headroom *r, size_t value_len)
{
	return value_len <= r->page_bytes / 16 * 7 ? 0 : value_len / r->page_bytes + 1;
}

/* A long list of freed pages needs a run of pages. Single pages come from the free list and leave
 * the end of the map alone while there are any. With too little left at the end, only a short list
 * is sure to be saved. */
static bool list_fits(const struct viz_headroom *r)
{
	uint64_t freed = r->freed_pages + r->copied_pages;
	uint64_t taken = r->spent_pages > r->free_pages ? r->spent_pages - r->free_pages : 0;

	for (unsigned t = 0; t < VIZ_TABLE_COUNT; t++)
		taken += r->large[t];
	return freed < FREED_ONE_PAGE ||
	       r->unused_pages > taken + freed / FREED_ONE_PAGE + COMMIT_PAGES;
}

bool viz_headroom_ample(const struct viz_store *s, size_t value_len)
{
	const struct viz_headroom *r = &s->headroom;

	return !r->counted && fits(r, OP_PAGES + large_pages(r, value_len), r->keep_pages);
}

int viz_headroom_put(struct viz_store *s, bool *careful, const size_t *old_len, size_t value_len)
{
	struct viz_headroom *r = &s->headroom;
	uint64_t need = OP_PAGES + large_pages(r, value_len);
	uint64_t left = r->keep_pages;

	*careful = need > OP_PAGES + 1;
	if (r->counted && fits(r, need, left) && list_fits(r))
		return 0;
	if (refine(s))
		return VIZ_ERR_STORE;
	if (old_len && value_len <= *old_len)
		left = COMMIT_PAGES;
	return fits(r, need, left) && list_fits(r) ? 0 : VIZ_ERR_LIMIT;
}

int viz_headroom_del(struct viz_store *s)
{
	struct viz_headroom *r = &s->headroom;

	if (fits(r, OP_PAGES, r->keep_pages) && (!r->counted || list_fits(r)))
		return 0;
	if (refine(s))
		return VIZ_ERR_STORE;
	return fits(r, OP_PAGES, COMMIT_PAGES) && list_fits(r) ? 0 : VIZ_ERR_LIMIT;
}

void viz_headroom_note(struct viz_store *s, enum viz_table table, size_t old_len, size_t new_len)
{
	struct viz_headroom *r = &s->headroom;
	uint64_t large = large_pages(r, new_len);

	r->ops[table]++;
	r->large[table] += large;
	r->spent_pages += OP_PAGES + large;
	r->copied_pages += OP_PAGES;
	r->freed_pages += large_pages(r, old_len);
}

/* Whether LMDB finds a run of pages for a value of this size. */
static bool run_exists(struct viz_store *s, size_t value_len)
{
	static const char name[] = VIZ_META_HEADROOM;
	MDB_val k = {sizeof name - 1, (void *)(uintptr_t)name};
	MDB_val v = {value_len, NULL};
	MDB_txn *child = NULL;
	int rc = 0;

	viz_backend_drop_cursors(s);
	rc = mdb_txn_begin(s->env, s->txn, 0, &child);
	if (rc == 0) {
		rc = mdb_put(child, s->dbi[VIZ_TABLE_META], &k, &v, MDB_RESERVE);
		mdb_txn_abort(child);
	}
	if (rc && rc != MDB_MAP_FULL)
		viz_backend_poison(s, "headroom", mdb_strerror(rc));
	return rc == 0;
}

bool viz_store_headroom_fits(struct viz_store *s, size_t puts, size_t bytes)
{
	struct viz_headroom *r = &s->headroom;
	uint64_t need = puts * (OP_PAGES + 1) + large_pages(r, bytes);

	VIZ_REQUIRE(s->txn);
	if (s->poisoned)
		return false;
	if (!r->counted && fits(r, need, r->keep_pages))
		return true;
	if (refine(s) || !fits(r, need, r->keep_pages) || !list_fits(r))
		return false;
	return large_pages(r, bytes) < 2 || run_exists(s, bytes);
}
