/* LMDB behind named tables: the only access to the disk but for the vault (vault.h).
 *
 * One write transaction at a time, by one thread: begin, any number of reads and writes, then
 * commit or abort. Reads see the transaction's own writes. There are no read transactions beside
 * it, so none can outlive a batch. A failure of LMDB or of the disk makes the store unusable
 * (VIZ_ERR_STORE for ever): the process must end and start again from disk.
 *
 * A full file system is treated as a full map: the file has the space of some MiB ahead of what it
 * uses, so that what must be written can be, and what is not taken before is refused in time.
 *
 * The map begins with VIZ_STORE_MAP_START, or what the file needs, and doubles between two
 * transactions when half of it is used, until it has its largest size. Nobody else has the file
 * mapped: dir/lock sees to that.
 *
 * A full map is no such failure. LMDB needs free pages even to delete, so a reserve is kept: the
 * larger of 1 MiB and 1/16 of the map, 1 GiB at most. A put that would reach into it is refused
 * with VIZ_ERR_LIMIT and changes nothing. Deletions go on, and so do puts that replace a value by
 * one that is not longer. Pages that are given back can be used after two further commits. The
 * estimate errs on the safe side, and the more a single transaction writes, the further.
 *
 * Keys are byte strings of at most 200 bytes, compared bytewise; integers in keys are big-endian.
 */
#ifndef VIZ_STORE_STORE_H
#define VIZ_STORE_STORE_H

#include "store/tables.h"

struct viz_store; /* opaque */

#define VIZ_STORE_KEY_MAX 200 /* bytes */
/* A file in the directory of a store whose node has left this machine: it stands also when the
 * store was damaged, and the row that says so is lost. */
#define VIZ_STORE_MOVED   "moved"
#define VIZ_STORE_MAP_MIN (UINT64_C(4) << 20) /* bytes: a smaller map_bytes is taken as this */
#define VIZ_STORE_MAP_START                                                                        \
	(UINT64_C(4) << 30) /* bytes: more than a transaction takes, and only addresses */
#define VIZ_STORE_MAP_MAX (UINT64_C(1) << 40) /* bytes */

struct viz_store_config {
	const char *dir; /* the state directory; it must exist. The file is dir/store.mdb */
	/* The largest size of the file; it may grow from one opening to the next. 0: half of the
	 * file system, which is looked at again with each transaction. */
	uint64_t map_bytes;
	uint64_t start_bytes; /* for tests: in the place of VIZ_STORE_MAP_START; 0: that */
	bool volatile_commit; /* no fsync: for the simulator, which crashes processes, not machines
			       */
	bool reader; /* to read it beside the process that has it open: what the last commit left
		      * can be read until it is closed, and holds back the pages of the writer so
		      * long. Nothing is created or written */
};

/* Why a store or a vault does not open. The host has the words for people. */
enum viz_store_reason {
	VIZ_STORE_SYSTEM,    /* the system refuses: `error` is its errno */
	VIZ_STORE_LONG_PATH, /* the path is too long */
	VIZ_STORE_IN_USE,    /* another process has the directory open */
	VIZ_STORE_NEWER,     /* written by a newer version of vizinho */
	VIZ_STORE_OLDER,     /* written by an older version, whose rows this one cannot read */
	VIZ_STORE_OPEN,      /* others than its user may read or write the file */
	VIZ_STORE_LOST,      /* the file is gone or empty, and what is kept needs it */
	VIZ_STORE_DAMAGED,   /* `detail` says what is wrong */
};

struct viz_store_fault {
	enum viz_store_reason reason;
	int error;          /* errno; 0: none */
	char what[256];     /* the file or the directory */
	const char *detail; /* in English, for who repairs it; lives for ever */
};

/* Opens or creates; checks the schema's version; runs mdb_reader_check. VIZ_ERR_STORE,
 * VIZ_ERR_STATE (the directory is in use by another process: an flock on dir/lock), VIZ_ERR_MEANING
 * (a newer or an older schema), VIZ_ERR_NOMEM. `fault` (may be NULL) says why. */
int viz_store_open(struct viz_store **out, struct viz_store_fault *fault,
		   const struct viz_store_config *config);
void viz_store_close(struct viz_store *s);
/* Writes a byte of dir/lock and waits until it is on the disk: VIZ_ERR_STORE with the fault when
 * the disk does not take it for another reason than that it is full. What LMDB has in memory says
 * nothing about that. */
int viz_store_disk_works(const struct viz_store *s, struct viz_store_fault *fault);

int viz_store_begin(struct viz_store *s);
/* All of the transaction is on disk, or VIZ_ERR_STORE: then only the next opening shows whether it
 * is. */
int viz_store_commit(struct viz_store *s);
/* Forgets all that was written since begin. */
void viz_store_abort(struct viz_store *s);
bool viz_store_in_txn(const struct viz_store *s);
/* Why the store is unusable, for the log; NULL when it is not. Lives as long as the store. */
const char *viz_store_cause(const struct viz_store *s);

/* VIZ_ERR_ABSENT, VIZ_ERR_STORE. */
int viz_store_get(struct viz_store *s, struct viz_slice *out, enum viz_table table,
		  const uint8_t *key, size_t key_len);
/* Inserts or replaces. VIZ_ERR_LIMIT (the map or the disk is full but for its reserve: nothing has
 * changed, the transaction goes on), VIZ_ERR_STORE (I/O). `value` must not be a borrowed view of
 * this store; `value_len` may be 0. */
int viz_store_put(struct viz_store *s, enum viz_table table, const uint8_t *key, size_t key_len,
		  const uint8_t *value, size_t value_len);
/* VIZ_ERR_ABSENT when there is none; VIZ_ERR_LIMIT when the map is full and this transaction has
 * deleted so much already that it must be committed first. */
int viz_store_del(struct viz_store *s, enum viz_table table, const uint8_t *key, size_t key_len);

/* Walks the keys that begin with `prefix` (empty: all) in ascending order, from the first key that
 * is not below `from` (when from_len > 0). Any table may be written between two steps: the walk
 * goes on after the last key that it returned. */
struct viz_walk {
	struct viz_store *store;
	enum viz_table table;
	uint8_t prefix[VIZ_STORE_KEY_MAX];
	size_t prefix_len;
	uint8_t last[VIZ_STORE_KEY_MAX];
	size_t last_len;
	bool inclusive; /* the next key may equal `last` */
};

void viz_walk_init(struct viz_walk *w, struct viz_store *s, enum viz_table table,
		   const uint8_t *prefix, size_t prefix_len);
void viz_walk_from(struct viz_walk *w, const uint8_t *from, size_t from_len);
/* True with the next key and value, both borrowed as by viz_store_get. False at the end; the commit
 * reports an error of the store. */
bool viz_walk_next(struct viz_walk *w, struct viz_slice *key, struct viz_slice *value);

/* The last key that begins with `prefix`. VIZ_ERR_ABSENT. */
int viz_walk_last(struct viz_store *s, struct viz_slice *key, struct viz_slice *value,
		  enum viz_table table, const uint8_t *prefix, size_t prefix_len);

/* Whether the map has headroom for `puts` further puts, with values of `bytes` bytes together. An
 * event asks this before it changes anything. May say no when they would just fit. */
bool viz_store_headroom_fits(struct viz_store *s, size_t puts, size_t bytes);

#endif
