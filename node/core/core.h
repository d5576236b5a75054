/* The lowest floor: the store of this batch without error returns, memory, and the log.
 *
 * Every function of the core runs inside a batch (viz_node_run), so the store is in a transaction.
 * A store error is not returned to the caller. It makes the commit fail: viz_node_run returns
 * VIZ_ERR_STORE, and nothing of the batch is written or sent. */
#ifndef VIZ_NODE_CORE_CORE_H
#define VIZ_NODE_CORE_CORE_H

#include "crypto/rng.h"
#include "node/core/confinement.h"
#include "node/core/figures.h"
#include "node/core/growth.h"
#include "node/core/ids.h"
#include "node/core/machine.h"
#include "proto/base.h"
#include "proto/federation.h"
#include "store/tables.h"

struct viz_effects;
struct viz_store;
struct viz_vault;
struct viz_writer;

/* The instant `ms` milliseconds after `t`. */
static inline struct viz_time viz_after(struct viz_time t, int64_t ms)
{
	return (struct viz_time){t.ms + ms};
}

/* An offer of a partner of which this batch erased data. A statement to its origin must follow. */
struct viz_erasure {
	struct viz_id origin;
	uint64_t slot;
};

#define VIZ_WAKE_ROWS 512 /* that a batch looks at for what waited (struct viz_wakes) */

struct viz_core {
	struct viz_store *store;
	struct viz_vault *vault;
	struct viz_federation federation;
	struct viz_id federation_id;
	struct viz_rng rng;
	struct viz_time now;     /* of this batch */
	struct viz_time started; /* `now` of the first batch of this process */
	struct viz_effects *fx;  /* effects of this batch; NULL outside a batch */
	struct viz_journal {
		uint64_t number;    /* of the newest entry; 0: none */
		struct viz_id head; /* the hash of that entry */
	} journal;
	struct viz_erasures {
		struct viz_erasure *list; /* what this batch erased in the vault */
		size_t count;
	} erased;
	struct viz_wakes {
		bool leads, offers; /* walks of all that wait are under way (viz_lead_end_wake,
				       viz_inbox_result_wake), and go on from these keys */
		uint8_t lead_from[8], offer_from[VIZ_ID_SLOT_LEN];
	} wakes;
	size_t inbox_waiting; /* offers of others that wait for a person here (inbox/inbox.h) */
	struct viz_touched {
		struct viz_id *list; /* authors whose federation records have changed since
					trust/tree.c has looked; some may be in it twice */
		size_t count, capacity;
	} touched;
	struct viz_weighed {
		struct viz_id author;
		uint64_t bytes, left_out;
		bool known, changed; /* the row in the store is another one */
	} weighed;                   /* the author whose weight was asked for last (weight.h) */
	struct viz_confinement confinement;
	struct viz_machine machine;
	struct viz_figures figures; /* of the host */
	struct viz_growth growth;
	bool store_full; /* a write failed for lack of space: the batch must not be committed */
};

/* Looks up a row. False: there is none (or the store failed, and the batch with it). `out` is
 * borrowed until the next write. */
bool viz_core_get(struct viz_core *core, struct viz_slice *out, enum viz_table table,
		  const uint8_t *key, size_t key_len);

/* Writes a row, or replaces it. */
void viz_core_put(struct viz_core *core, enum viz_table table, const uint8_t *key, size_t key_len,
		  const uint8_t *value, size_t value_len);

/* The same, with a value that a writer holds and that fits its buffer. */
void viz_core_put_row(struct viz_core *core, enum viz_table table, const uint8_t *key,
		      size_t key_len, const struct viz_writer *value);

/* Deletes a row; does nothing when there is none. */
void viz_core_del(struct viz_core *core, enum viz_table table, const uint8_t *key, size_t key_len);

/* How many quarters of the store's map are in use, 0 to 4. */
unsigned viz_core_used_quarters(struct viz_core *core);

/* Whether three quarters of the map are in use. From then on the rooms above refuse most of what
 * peers send. */
bool viz_core_nearly_full(struct viz_core *core);

/* Whether the store has space for one more piece of work: an operation, a mail. The
 * caller asks before it writes anything. Without headroom, records are still replaced and revoked,
 * and data is still erased: the store keeps a reserve for that. */
bool viz_core_has_headroom(struct viz_core *core);

/* Allocates `size` bytes, not zeroed. Never returns NULL: without memory the process ends. The
 * caller frees. */
void *viz_core_alloc(size_t size);

/* Like realloc to `count` elements of `size` bytes. Never returns NULL. */
void *viz_core_grow(void *p, size_t count, size_t size);

/* Appends an effect LOG; outside a batch the line is dropped. `format` must be a constant: the host
 * counts lines by it. Priority of syslog: 3 error, 4 warning, 5 notice, 6 info, 7 debug. Never log
 * personal data. */
void viz_core_log(struct viz_core *core, int priority, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The same with a finished text; `form` is a constant that stands for its kind. */
void viz_core_log_text(struct viz_core *core, int priority, const char *form, const char *text);

#endif
