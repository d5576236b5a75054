/* The ground floor: the store of this batch without error returns, memory, and the log.
 *
 * Every function of the core runs inside a batch (viz_node_run): the store is in a
 * transaction. What fails because of the store is not returned: the store is poisoned then,
 * the batch ends with VIZ_ERR_STORE, and nothing of it is ever seen. */
#ifndef VIZ_NODE_CORE_CORE_H
#define VIZ_NODE_CORE_CORE_H

#include "crypto/rng.h"
#include "proto/base.h"
#include "proto/federation.h"
#include "store/tables.h"

struct viz_effects;
struct viz_store;
struct viz_vault;

static inline struct viz_time viz_after(struct viz_time t, int64_t ms)
{
	return (struct viz_time){t.ms + ms};
}

/* A key of tables: an id and a number. */
#define VIZ_ID_SLOT_LEN 40

static inline void viz_id_slot_key(uint8_t out[VIZ_ID_SLOT_LEN], const struct viz_id *id,
				   uint64_t slot)
{
	memcpy(out, id->b, sizeof id->b);
	viz_put_u64be(out + 32, slot);
}

/* An offer of a partner of which something was erased, to be told to its origin. */
struct viz_erasure {
	struct viz_id origin;
	uint64_t slot;
};

struct viz_core {
	struct viz_store *store;
	struct viz_vault *vault;
	struct viz_federation federation;
	struct viz_id federation_id;
	struct viz_rng rng;
	struct viz_time now;     /* of this batch */
	struct viz_time started; /* of the first batch */
	struct viz_effects *fx;  /* what is to be done once this batch is on disk */
	struct viz_journal {
		uint64_t number;    /* of the newest entry; 0: none */
		struct viz_id head; /* its hash */
	} journal;
	struct viz_erasures {
		struct viz_erasure *list; /* wiped with this batch */
		size_t count;
	} erased;
	uint64_t changes; /* grows with each row of VIZ_TABLE_RECORD that comes or goes */
	bool store_full;  /* a put met the reserve: the batch must not be committed */
};

/* The store, without error returns (see above). */
bool viz_core_get(struct viz_core *core, struct viz_slice *out, enum viz_table table,
		  const uint8_t *key, size_t key_len);

void viz_core_put(struct viz_core *core, enum viz_table table, const uint8_t *key, size_t key_len,
		  const uint8_t *value, size_t value_len);

void viz_core_del(struct viz_core *core, enum viz_table table, const uint8_t *key, size_t key_len);

/* Past three quarters of the map nothing more is taken in from peers. */
bool viz_core_nearly_full(struct viz_core *core);

/* How many quarters of the map are in use, 0 to 4. */
unsigned viz_core_used_quarters(struct viz_core *core);

/* Room for one more thing of our own (an operation, a mail, an epoch): asked before anything of it
 * is done. Without it, what is held is still renewed in its place, revoked and erased. */
bool viz_core_has_headroom(struct viz_core *core);

/* Memory or the end of the process. */
void *viz_core_alloc(size_t size);

void *viz_core_grow(void *p, size_t count, size_t size);

/* Priority of syslog: 3 error, 4 warning, 5 notice, 6 info, 7 debug. Never personal data. */
void viz_core_log(struct viz_core *core, int priority, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
