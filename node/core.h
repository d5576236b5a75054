/* The inside of the core: what its files share. Each module's own state and functions stand in its
 * own header; struct viz_node only holds them together.
 *
 * Every function here runs inside a batch (viz_node_run): the store is in a transaction, node->now
 * is the time, node->fx takes effects. What fails because of the store is not returned: the store
 * is poisoned then and the batch ends with VIZ_ERR_STORE, so nothing of it is ever seen. */
#ifndef VIZ_NODE_CORE_H
#define VIZ_NODE_CORE_H

#include "crypto/hash.h"
#include "crypto/identity.h"
#include "crypto/seal.h"
#include "crypto/sign.h"
#include "node/node.h"
#include "proto/message.h"
#include "proto/trust.h"

#include "node/coverage_index.h"
#include "node/directory.h"
#include "node/intake.h"
#include "node/link.h"
#include "node/self.h"

struct viz_erasure;

struct viz_node {
	struct viz_store *store;
	struct viz_vault *vault;
	struct viz_federation federation;
	struct viz_id federation_id;
	struct viz_profile profile;
	char (*readers)[33];
	size_t reader_count;

	struct viz_rng rng;
	struct viz_time now;
	struct viz_effects *fx;
	bool told_full; /* the log said that the store is nearly full */
	struct viz_time told_full_at;
	bool store_full; /* a put met the reserve: the batch must not be committed */

	struct viz_self self;
	struct viz_directory directory;
	struct viz_links links;
	struct viz_repair repair;
	struct viz_intake intake;
	struct viz_coverage_index coverage;

	bool starting; /* the first batch has not run yet */
	struct viz_time
	    lease_floor; /* a lease that was out at the start runs at least until then */
	struct viz_time deadline;
	struct viz_time next_heartbeat;
	struct viz_time next_housekeeping; /* circle, expiry sweep */
	uint64_t mail_number;
	uint64_t journal_number;
	struct viz_id journal_head;

	struct viz_erasure *erased; /* inbox.h: wiped in this batch, to be told when it is done */
	size_t erased_count;
};

/* The store, without error returns (see above). */
bool viz_core_get(struct viz_node *node, struct viz_slice *out, enum viz_table table,
		  const uint8_t *key, size_t key_len);
void viz_core_put(struct viz_node *node, enum viz_table table, const uint8_t *key, size_t key_len,
		  const uint8_t *value, size_t value_len);
void viz_core_del(struct viz_node *node, enum viz_table table, const uint8_t *key, size_t key_len);

/* Past three quarters of the map nothing more is taken in from peers. */
bool viz_core_nearly_full(struct viz_node *node);
/* How many quarters of the map are in use, 0 to 4. */
unsigned viz_core_used_quarters(struct viz_node *node);
/* Room for one more thing of our own (an operation, a mail, an epoch): asked before anything of it
 * is done. Without it, what is held is still renewed in its place, revoked and erased. */
bool viz_core_has_room(struct viz_node *node);

/* Memory or the end of the process. */
void *viz_core_alloc(size_t size);
void *viz_core_grow(void *p, size_t count, size_t size);

/* Priority of syslog: 3 error, 4 warning, 5 notice, 6 info, 7 debug. Never personal data. */
void viz_core_log(struct viz_node *node, int priority, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static inline struct viz_time viz_after(struct viz_time t, int64_t ms)
{
	return (struct viz_time){t.ms + ms};
}

/* The effect KEYS: the host must use other transport secrets from now on. */
void viz_core_keys_changed(struct viz_node *node);

/* A key of VIZ_TABLE_STATEMENT: (origin, slot) of the offer, type, author, number. */
#define VIZ_STATEMENT_KEY_LEN 81
void viz_statement_key(uint8_t out[VIZ_STATEMENT_KEY_LEN], const struct viz_id *origin,
		       uint64_t slot, uint8_t type, const struct viz_id *author, uint64_t number);

/* A key of tables: an id and a number. */
#define VIZ_ID_SLOT_LEN 40
static inline void viz_id_slot_key(uint8_t out[VIZ_ID_SLOT_LEN], const struct viz_id *id,
				   uint64_t slot)
{
	memcpy(out, id->b, sizeof id->b);
	viz_put_u64be(out + 32, slot);
}

#endif
