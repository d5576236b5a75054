#include "node/core/ids.h"

#include "crypto/hash.h"
#include "proto/base.h"
#include "proto/federation.h"
#include "proto/limits.h"
#include "proto/offer.h"
#include "proto/record.h"
#include "proto/writer.h"

void viz_ids_federation(struct viz_id *out, const struct viz_federation *f)
{
	VIZ_WRITER(w, VIZ_FEDERATION_BYTES_MAX);
	struct viz_hash h;

	viz_federation_write(&w, f);
	viz_hash_init(&h, "vizinho/federation");
	viz_hash_part(&h, w.start, viz_writer_done(&w).len);
	viz_hash_final(&h, out);
}

void viz_ids_prologue(uint8_t out[VIZ_PROLOGUE_LEN], const struct viz_federation *f)
{
	struct viz_id id;

	viz_ids_federation(&id, f);
	memcpy(out, "vizinho", 7);
	out[7] = VIZ_PROTOCOL_VERSION;
	memcpy(out + 8, id.b, sizeof id.b);
}

void viz_ids_record(struct viz_id *out, const struct viz_id *federation,
		    const struct viz_record *rec)
{
	struct viz_hash h;

	viz_hash_init(&h, "vizinho/record");
	viz_hash_id(&h, federation);
	viz_hash_u64(&h, rec->type);
	viz_hash_part(&h, rec->bytes, rec->len);
	viz_hash_final(&h, out);
}

void viz_ids_item(struct viz_id *out, const struct viz_record *rec, const struct viz_id *record_id,
		  bool dead)
{
	struct viz_hash h;

	viz_hash_init(&h, "vizinho/item");
	viz_hash_id(&h, &rec->author);
	viz_hash_u64(&h, rec->type);
	viz_hash_u64(&h, rec->slot);
	viz_hash_u64(&h, rec->seq);
	if (dead)
		viz_hash_part(&h, (const uint8_t *)"dead", 4);
	else
		viz_hash_id(&h, record_id);
	viz_hash_final(&h, out);
}

/* H(domain, three numbers, an id). */
static void hash_numbers(struct viz_id *out, const char *domain, uint64_t a, uint64_t b, uint64_t c,
			 const struct viz_id *value)
{
	struct viz_hash h;

	viz_hash_init(&h, domain);
	viz_hash_u64(&h, a);
	viz_hash_u64(&h, b);
	viz_hash_u64(&h, c);
	viz_hash_id(&h, value);
	viz_hash_final(&h, out);
}

void viz_ids_log_start(struct viz_id *out, uint64_t log, uint64_t old_log, uint64_t old_number,
		       const struct viz_id *old_value)
{
	hash_numbers(out, "vizinho/log-start", log, old_log, old_number, old_value);
}

void viz_ids_log(struct viz_id *out, const struct viz_position *at, uint8_t type, uint64_t slot,
		 const struct viz_id *id)
{
	struct viz_hash h;

	viz_hash_init(&h, "vizinho/log");
	viz_hash_id(&h, &at->before);
	viz_hash_u64(&h, at->log);
	viz_hash_u64(&h, at->number);
	viz_hash_u64(&h, at->offer);
	viz_hash_u64(&h, type);
	viz_hash_u64(&h, slot);
	viz_hash_id(&h, id);
	viz_hash_final(&h, out);
}

void viz_ids_head(struct viz_id *out, uint64_t seq, uint64_t log, uint64_t number,
		  const struct viz_id *value)
{
	hash_numbers(out, "vizinho/head", seq, log, number, value);
}

void viz_ids_author_items(struct viz_id *out, const struct viz_id *author, unsigned set,
			  const struct viz_id *item, size_t count)
{
	struct viz_hash h;

	viz_hash_init(&h, "vizinho/author-items");
	viz_hash_id(&h, author);
	viz_hash_u64(&h, set);
	for (size_t i = 0; i < count; i++)
		viz_hash_id(&h, &item[i]);
	viz_hash_final(&h, out);
}

int viz_ids_compare(const void *a, const void *b)
{
	return viz_id_cmp(a, b);
}

bool viz_ids_contain(const struct viz_id *ids, size_t count, const struct viz_id *id)
{
	for (size_t i = 0; i < count; i++)
		if (viz_id_eq(&ids[i], id))
			return true;
	return false;
}

void viz_ids_view(struct viz_id *out, struct viz_time at, const uint8_t *hashes, size_t n)
{
	struct viz_hash h;

	viz_hash_init(&h, "vizinho/view");
	viz_hash_u64(&h, (uint64_t)at.ms);
	for (size_t i = 0; i < n; i++)
		viz_hash_part(&h, hashes + i * sizeof *out, sizeof *out);
	viz_hash_final(&h, out);
}

void viz_ids_tree_root(struct viz_id *out, uint64_t hour, const uint8_t *hashes, size_t len)
{
	struct viz_hash h;

	viz_hash_init(&h, "vizinho/tree-root");
	viz_hash_u64(&h, hour);
	viz_hash_part(&h, hashes, len);
	viz_hash_final(&h, out);
}
