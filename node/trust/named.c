#include "node/trust/named.h"

#include "node/core/account.h"
#include "node/core/core.h"
#include "node/core/ids.h"
#include "node/core/place.h"
#include "proto/base.h"
#include "proto/fields.h"
#include "proto/limits.h"
#include "proto/reader.h"
#include "proto/record.h"
#include "proto/writer.h"
#include "store/store.h"
#include "store/tables.h"

#define KEY_LEN 64

/* A row of VIZ_TABLE_NAMED. */
struct named {
	struct viz_time needed;
	bool proof; /* it proves something, and viz_named_drop leaves it */
	const uint8_t *bytes;
	size_t bytes_len;
};

#define NAMED(F)                                                                                   \
	F(TIME, needed)                                                                            \
	F(BOOL, proof)                                                                             \
	F(BIN, bytes, 65, VIZ_SIGNED_RECORD_MAX)

static void row_key(uint8_t key[KEY_LEN], const struct viz_id *author, const struct viz_id *id)
{
	memcpy(key, author->b, 32);
	memcpy(key + 32, id->b, 32);
}

static struct named read_row(const struct viz_slice *value)
{
	struct named row;

	VIZ_REQUIRE(VIZ_FIELDS_PARSE(&row, value->p, value->len, NAMED) == VIZ_OK);
	return row;
}

struct viz_time viz_named_needed(const struct viz_slice *value)
{
	return read_row(value).needed;
}

static size_t count_of(struct viz_core *core, const struct viz_id *author)
{
	struct viz_slice key, value;
	struct viz_walk walk;
	size_t n = 0;

	viz_walk_init(&walk, core->store, VIZ_TABLE_NAMED, author->b, sizeof author->b);
	while (viz_walk_next(&walk, &key, &value))
		n++;
	return n;
}

static bool put(struct viz_core *core, const struct viz_record *rec, const struct viz_id *id,
		size_t max, bool proof)
{
	size_t len = rec->len + sizeof rec->sig.b;
	struct viz_id author = rec->author;
	uint8_t key[KEY_LEN], *value;
	bool is_new = false;
	struct named row = {core->now, proof, rec->bytes - sizeof rec->sig.b, len};
	struct viz_writer w;
	struct viz_slice v;

	row_key(key, &rec->author, id);
	if (viz_core_get(core, &v, VIZ_TABLE_NAMED, key, sizeof key)) {
		struct named old = read_row(&v);

		if (old.needed.ms / VIZ_DAY_MS == core->now.ms / VIZ_DAY_MS &&
		    (old.proof || !proof))
			return true; /* the row ends a day after it could be needed */
		row.proof |= old.proof;
	} else if (count_of(core, &rec->author) >= max) {
		return false;
	} else {
		is_new = true;
	}
	value = viz_core_alloc(len + 32);
	viz_writer_init(&w, value, len + 32);
	VIZ_FIELDS_WRITE(&w, &row, NAMED);
	viz_core_put_row(core, VIZ_TABLE_NAMED, key, sizeof key, &w);
	free(value);
	if (is_new)
		viz_account_row(core, &author, len, true);
	return true;
}

bool viz_named_put(struct viz_core *core, const struct viz_record *rec, const struct viz_id *id)
{
	return put(core, rec, id, VIZ_NAMED_PER_AUTHOR, false);
}

void viz_named_put_proof(struct viz_core *core, const struct viz_record *rec,
			 const struct viz_id *id)
{
	put(core, rec, id, SIZE_MAX, true);
}

bool viz_named_keep(struct viz_core *core, const struct viz_id *author, uint8_t type)
{
	struct viz_record rec;
	struct viz_held held;
	struct viz_id id;

	if (!viz_place_get(core, &held, &rec, author, type, 0))
		return true;
	viz_ids_record(&id, &core->federation_id, &rec);
	return viz_named_put(core, &rec, &id);
}

static void read_record(struct viz_record *rec, const struct viz_slice *value)
{
	struct named row = read_row(value);

	VIZ_REQUIRE(viz_record_parse(rec, row.bytes, row.bytes_len) == VIZ_OK);
}

void viz_named_forget(struct viz_core *core, const struct viz_slice *value)
{
	struct viz_record rec;

	read_record(&rec, value);
	viz_account_row(core, &rec.author, rec.len + sizeof rec.sig.b, false);
}

void viz_named_drop(struct viz_core *core, const struct viz_id *author, const struct viz_id *id)
{
	uint8_t key[KEY_LEN];
	struct viz_slice v;

	row_key(key, author, id);
	if (!viz_core_get(core, &v, VIZ_TABLE_NAMED, key, sizeof key) || read_row(&v).proof)
		return;
	viz_named_forget(core, &v);
	viz_core_del(core, VIZ_TABLE_NAMED, key, sizeof key);
}

void viz_named_walk_init(struct viz_named_walk *walk, struct viz_core *core,
			 const struct viz_id *author)
{
	viz_walk_init(&walk->rows, core->store, VIZ_TABLE_NAMED, author->b, sizeof author->b);
	walk->proof = false;
}

bool viz_named_walk_next(struct viz_named_walk *walk, struct viz_record *rec)
{
	struct viz_slice key, value;

	if (!viz_walk_next(&walk->rows, &key, &value))
		return false;
	read_record(rec, &value);
	walk->proof = read_row(&value).proof;
	return true;
}

bool viz_named_get(struct viz_core *core, struct viz_record *rec, const struct viz_id *author,
		   const struct viz_id *id)
{
	static const uint8_t types[] = {VIZ_TYPE_PARTNERS, VIZ_TYPE_NODE};

	for (size_t i = 0; i < sizeof types; i++) {
		struct viz_held held;
		struct viz_id held_id;

		if (!viz_place_get(core, &held, rec, author, types[i], 0))
			continue;
		viz_ids_record(&held_id, &core->federation_id, rec);
		if (viz_id_eq(&held_id, id))
			return true;
	}
	return viz_named_kept(core, rec, author, id);
}

bool viz_named_kept(struct viz_core *core, struct viz_record *rec, const struct viz_id *author,
		    const struct viz_id *id)
{
	uint8_t key[KEY_LEN];
	struct viz_slice v;

	row_key(key, author, id);
	if (!viz_core_get(core, &v, VIZ_TABLE_NAMED, key, sizeof key))
		return false;
	read_record(rec, &v);
	return true;
}

void viz_named_renew(struct viz_core *core, const struct viz_id *author, const struct viz_id *id)
{
	uint8_t *copy = viz_core_alloc(VIZ_SIGNED_RECORD_MAX);
	struct viz_record rec;

	if (viz_named_get(core, &rec, author, id)) {
		size_t len = rec.len + sizeof rec.sig.b;

		memcpy(copy, rec.bytes - sizeof rec.sig.b, len);
		VIZ_REQUIRE(viz_record_parse(&rec, copy, len) == VIZ_OK);
		viz_named_put(core, &rec, id);
	}
	free(copy);
}
