/* What the files of this folder share and nobody else includes. */
#ifndef VIZ_STORE_BACKEND_H
#define VIZ_STORE_BACKEND_H

#include "store/checksum.h"
#include "store/store.h"

#include <lmdb.h>

/* How much of the map a transaction may still take (headroom.c). Pages are LMDB's, `page_bytes`
 * each.
 */
struct viz_headroom {
	uint64_t map_pages;
	uint64_t limit_pages; /* to which the map may grow */
	bool limit_by_disk;   /* half of the file system, and more when that grows */
	uint64_t reserve_pages;
	uint64_t keep_pages;  /* what a put leaves: reserve_pages, or less on a full disk */
	uint64_t file_pages;  /* that have their space on disk, as far as we know */
	uint64_t disk_free;   /* bytes; UINT64_MAX: nobody has looked */
	uint64_t inodes_free; /* files that it has room for; UINT64_MAX: nobody has looked */
	bool is_open;         /* others than the owner may read or write the file */
	bool disk_short;      /* the file system did not give what we want to have ahead */
	uint64_t page_bytes;
	uint64_t unused_pages; /* after the last page that was ever written */
	uint64_t free_pages;   /* before it and reusable; 0 until counted */
	uint64_t spent_pages;  /* by this transaction, at most */
	uint64_t
	    copied_pages; /* of spent_pages: copies of pages that the commit gives back, at most */
	uint64_t freed_pages; /* given back for large values that are gone */
	bool counted;         /* free_pages and `start` hold */
	bool usage_known;     /* and `used_pages`: what the last commit left in use */
	uint64_t used_pages;
	uint64_t ops[VIZ_TABLE_COUNT];   /* writes of this transaction */
	uint64_t large[VIZ_TABLE_COUNT]; /* pages of values too large for a leaf, written in it */
	MDB_stat start[VIZ_TABLE_COUNT]; /* the tables as this transaction found them */
};

/* META's "sums". */
struct viz_sums {
	uint64_t version, txn, sum[VIZ_TABLE_COUNT];
};

#define VIZ_STORE_LOOKUP_CURSORS 10

enum viz_store_end {
	VIZ_STORE_COMMITTED,
	VIZ_STORE_ABORTED,
	VIZ_STORE_UNKNOWN, /* the commit failed: what is on disk shows after the next open */
};

/* What the vault does at the end of each transaction. */
struct viz_store_hook {
	int (*before_commit)(void *arg); /* an error stops the commit */
	void (*after)(void *arg, enum viz_store_end end);
	void *arg;
};

struct viz_store {
	MDB_env *env;
	MDB_txn *txn;
	MDB_dbi dbi[VIZ_TABLE_COUNT];
	/* Of this transaction, opened when first needed. What is near the last row of a table is
	 * found without a search from the root. */
	MDB_cursor *cursor[VIZ_TABLE_COUNT];
	/* More cursors of this transaction, for the look-up index. Each stays where the last look-
	 * up of its kind was, so that look-ups in order need no search from the root. */
	MDB_cursor *lookup[VIZ_STORE_LOOKUP_CURSORS];
	/* Grows with each write and each transaction: earlier views are no longer valid. */
	uint64_t generation;
	/* The last value that was asked for: what stands at a place is asked for by one after the
	 * other. Valid in its generation. */
	struct {
		uint64_t generation;
		enum viz_table table;
		uint8_t key[VIZ_STORE_KEY_MAX];
		size_t key_len;
		struct viz_slice value; /* p is NULL: absent */
	} last;
	bool cursor_valid[VIZ_TABLE_COUNT]; /* nothing was written since the cursor was placed */
	/* Of each table, the sum of the checksums of its rows (META's "sums"): as committed, and in
	 * this transaction. */
	uint64_t sum_before[VIZ_TABLE_COUNT], sum[VIZ_TABLE_COUNT];
	bool written; /* by this transaction */
	struct viz_headroom headroom;
	struct viz_store_hook hook;
	int lock_fd;
	bool volatile_commit;
	bool reader;    /* `txn` reads, from the opening to the end */
	uint64_t begun; /* transactions */
	bool poisoned;
	char cause[128]; /* why it is poisoned */
};

/* Makes the store unusable until it is opened again; the first cause is kept. Returns
 * VIZ_ERR_STORE. */
int viz_backend_poison(struct viz_store *s, const char *what, const char *why);

/* Writes the sentence "what: why" to `error`, which is NULL or holds 256 bytes. Returns err. */
int viz_backend_explain(char *error, int err, const char *what, const char *why);

/* Fill in `fault`, unless it is NULL, and return VIZ_ERR_STORE, or `err`. The errors of LMDB are an
 * errno, or below 0 its own. */
int viz_backend_refused(struct viz_store_fault *fault, const char *what, int error);
int viz_backend_damaged(struct viz_store_fault *fault, const char *what, const char *detail);
int viz_backend_fault(struct viz_store_fault *fault, int err, const char *what,
		      enum viz_store_reason reason);

/* Refuses a file that others than its user may read or write. */
int viz_backend_private(struct viz_store_fault *fault, const char *path, int fd);

/* The cursor of a table in the running transaction; NULL after a failure, which poisons. */
MDB_cursor *viz_backend_cursor(struct viz_store *s, enum viz_table table);
/* Cuts the checksum off a value that LMDB has given for this key. A wrong one is damage: it poisons
 * the store, VIZ_ERR_STORE. */
int viz_backend_open_row(struct viz_store *s, MDB_val *value, enum viz_table table,
			 const MDB_val *key);
/* Puts a row with its checksum (`sum`, may be NULL), in `txn`, or where `cursor` (may be NULL) is
 * at hand. An error of LMDB. */
int viz_sums_put(struct viz_store *s, uint64_t *sum, MDB_txn *txn, MDB_cursor *cursor,
		 enum viz_table table, MDB_val *key, const uint8_t *value, size_t value_len);
/* Reads META's "sums", in a transaction: VIZ_ERR_STORE; and writes it: an error of LMDB. */
int viz_sums_load(struct viz_store *s);
int viz_sums_store(struct viz_store *s);
/* The value of that row: VIZ_ERR_STORE. */
int viz_sums_read(struct viz_sums *out, const uint8_t *value, size_t len);
/* Closes all cursors. Called before the end of the transaction, which would free them under us. */
void viz_backend_drop_cursors(struct viz_store *s);
/* Those of the look-up index alone: before it is written, as a write looks at each of them. */
void viz_backend_drop_lookup(struct viz_store *s);

/* The largest size that the map may have, and the one to begin with. Bytes; before the opening. */
uint64_t viz_headroom_limit(const struct viz_store_config *config);
uint64_t viz_headroom_start(const struct viz_store_config *config, uint64_t limit);
/* Reads the size of the map and sets the reserve. Once, after opening. */
int viz_headroom_open(struct viz_store *s, const struct viz_store_config *config, uint64_t limit);
/* How much of a map of this size is kept for deletions. Bytes. */
uint64_t viz_headroom_reserve(uint64_t map);
/* Between two transactions: a larger map, when half of it is used. */
int viz_headroom_grow(struct viz_store *s);
void viz_headroom_begin(struct viz_store *s);
/* Whether the map is so far from full that a put of `value_len` bytes needs no further look. */
bool viz_headroom_ample(const struct viz_store *s, size_t value_len);
/* Otherwise: 0 or VIZ_ERR_LIMIT. *old_len is the length of the value that is replaced; NULL: there
 * is none. *careful says that the put must be tried in a nested transaction, because LMDB may find
 * no run of free pages for it. Note only a write that has succeeded. */
int viz_headroom_put(struct viz_store *s, bool *careful, const size_t *old_len, size_t value_len);
int viz_headroom_del(struct viz_store *s);
void viz_headroom_note(struct viz_store *s, enum viz_table table, size_t old_len, size_t new_len);
/* LMDB opens its free list to read transactions only. The caller ends this one before anything is
 * written. It reads the last commit, which the writer keeps anyway, so it holds no page back. */
int viz_headroom_read_txn(struct viz_store *s, MDB_txn **txn);
/* Pages in LMDB's list of free ones; `reusable_only` leaves out those of the last transaction. */
int viz_headroom_free_pages(struct viz_store *s, uint64_t *pages, bool reusable_only);

#endif
