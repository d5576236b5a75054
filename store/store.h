/* LMDB behind named tables: the only door to the disk state but for the vault (vault.h).
 *
 * One write transaction at a time, by one thread: begin, any number of reads and writes, then commit
 * or abort. Reads see the transaction's own writes. There are no read transactions beside it, so none
 * can outlive a batch. A failed put or commit makes the store unusable (VIZ_ERR_STORE for ever): the
 * process must end and start again from disk.
 *
 * Keys are byte strings of at most 200 bytes, compared bytewise; integers in keys are big-endian. */
#ifndef VIZ_STORE_STORE_H
#define VIZ_STORE_STORE_H

#include "store/tables.h"

struct viz_store; /* opaque */

#define VIZ_STORE_KEY_MAX 200 /* bytes */

struct viz_store_config {
	const char *dir;      /* the state directory; it must exist. The file is dir/store.mdb */
	uint64_t map_bytes;   /* the largest size of the file */
	bool volatile_commit; /* no fsync: for the simulator, which crashes processes, not machines */
};

/* A borrowed view: valid until the next write or the end of the transaction. */
struct viz_slice {
	const uint8_t *p;
	size_t len;
};

/* Opens or creates; checks schema's version; runs mdb_reader_check. VIZ_ERR_STORE, VIZ_ERR_STATE (the
 * directory is in use by another process: an flock on dir/lock), VIZ_ERR_MEANING (a newer schema).
 * `error` (may be NULL) gets a sentence for people, at most 255 characters. */
int viz_store_open(struct viz_store **out, char *error, const struct viz_store_config *config);
void viz_store_close(struct viz_store *s);

int viz_store_begin(struct viz_store *s);
int viz_store_commit(struct viz_store *s);
/* Forgets all that was written since begin. */
void viz_store_abort(struct viz_store *s);
bool viz_store_in_txn(const struct viz_store *s);

/* VIZ_ERR_ABSENT. */
int viz_store_get(struct viz_store *s, struct viz_slice *out, enum viz_table table,
    const uint8_t *key, size_t key_len);
/* Inserts or replaces. VIZ_ERR_STORE (disk or map full, I/O). */
int viz_store_put(struct viz_store *s, enum viz_table table, const uint8_t *key, size_t key_len,
    const uint8_t *value, size_t value_len);
/* VIZ_ERR_ABSENT when there is none. */
int viz_store_del(struct viz_store *s, enum viz_table table, const uint8_t *key, size_t key_len);

/* Walks the keys that begin with `prefix` (empty: all) in ascending order, from the first key that is
 * >= `from` (when from_len > 0). Writes to any table are allowed between two steps: the walk goes on
 * behind the last key that it returned. */
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
/* True with the next key and value, both borrowed as viz_store_get's. False at the end; an error of
 * the store shows in the commit. */
bool viz_walk_next(struct viz_walk *w, struct viz_slice *key, struct viz_slice *value);

/* The last key that begins with `prefix`. VIZ_ERR_ABSENT. */
int viz_store_last(struct viz_store *s, struct viz_slice *key, struct viz_slice *value,
    enum viz_table table, const uint8_t *prefix, size_t prefix_len);

/* Numbers for status: entries of a table, bytes used and mapped. */
uint64_t viz_store_count(struct viz_store *s, enum viz_table table);
void viz_store_usage(struct viz_store *s, uint64_t *used_bytes, uint64_t *map_bytes);

#endif
