/* Hashes that are ids (of a federation, of a record, of an item of repair: PROTOCOL.md sections 5,
 * 7 and 12), and lists of ids. */
#ifndef VIZ_NODE_CORE_IDS_H
#define VIZ_NODE_CORE_IDS_H

#include "proto/base.h"

struct viz_federation;
struct viz_position;
struct viz_record;

/* A key of tables: an id and a number. */
#define VIZ_ID_SLOT_LEN 40

static inline void viz_id_slot_key(uint8_t out[VIZ_ID_SLOT_LEN], const struct viz_id *id,
				   uint64_t slot)
{
	memcpy(out, id->b, sizeof id->b);
	viz_be_put_u64(out + 32, slot);
}

#define VIZ_PROLOGUE_LEN 40 /* bytes */

/* H("vizinho/federation", bytes of viz_federation_write). `f` must pass viz_federation_check. */
void viz_ids_federation(struct viz_id *out, const struct viz_federation *f);

/* The prologue of every handshake: "vizinho" || u8 version || federation id. PROTOCOL.md section 6.
 */
void viz_ids_prologue(uint8_t out[VIZ_PROLOGUE_LEN], const struct viz_federation *f);

/* H("vizinho/record", federation, u64 type, bytes): the record's id, which its author signs. Uses
 * rec->type, rec->bytes and rec->len. */
void viz_ids_record(struct viz_id *out, const struct viz_id *federation,
		    const struct viz_record *rec);

/* H("vizinho/item", author, u64 type, u64 slot, u64 seq, record id or "dead"): what repair compares
 * for one place. `record_id` is not read when the place is dead. */
void viz_ids_item(struct viz_id *out, const struct viz_record *rec, const struct viz_id *record_id,
		  bool dead);

/* The value of a log before its first record: H("vizinho/log-start", log, and the newest head of
 * the log before it, 0, 0 and zeros for the first). */
void viz_ids_log_start(struct viz_id *out, uint64_t log, uint64_t old_log, uint64_t old_number,
		       const struct viz_id *old_value);

/* The value of a log at a record: H("vizinho/log", at->before, log, number, number of the OFFER,
 * type, slot, id of the record). */
void viz_ids_log(struct viz_id *out, const struct viz_position *at, uint8_t type, uint64_t slot,
		 const struct viz_id *id);

/* The commitment to the head of a log in a NODE with this seq: H("vizinho/head", seq, log, number,
 * value). `value` is the log's value at that number. */
void viz_ids_head(struct viz_id *out, uint64_t seq, uint64_t log, uint64_t number,
		  const struct viz_id *value);

/* H("vizinho/author-items", author, u64 set, item, ...) over the item hashes of one author,
 * ascending by place. */
void viz_ids_author_items(struct viz_id *out, const struct viz_id *author, unsigned set,
			  const struct viz_id *item, size_t count);

/* The digest of a view: H("vizinho/view", u64 at, hash, ...) over `n` hashes, one behind the other.
 */
void viz_ids_view(struct viz_id *out, struct viz_time at, const uint8_t *hashes, size_t n);

/* The root of the tree of repair: H("vizinho/tree-root", u64 hour, hashes of the buckets as one
 * part). */
void viz_ids_tree_root(struct viz_id *out, uint64_t hour, const uint8_t *hashes, size_t len);

/* The order of ids, for qsort and bsearch over struct viz_id. */
int viz_ids_compare(const void *a, const void *b);

/* Whether the list, in any order, has `id`. */
bool viz_ids_contain(const struct viz_id *ids, size_t count, const struct viz_id *id);

#endif
