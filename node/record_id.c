#include "node/record_id.h"

#include "crypto/hash.h"

void viz_record_id(struct viz_id *out, const struct viz_id *federation,
		   const struct viz_record *rec)
{
	struct viz_hash h;

	viz_hash_init(&h, "vizinho/record");
	viz_hash_id(&h, federation);
	viz_hash_u64(&h, rec->type);
	viz_hash_part(&h, rec->bytes, rec->len);
	viz_hash_final(&h, out);
}

void viz_item_id(struct viz_id *out, const struct viz_record *rec, const struct viz_id *record_id,
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
