#include "node/offer/view.h"

#include "crypto/hash.h"
#include "node/core/core.h"
#include "node/core/ids.h"
#include "node/core/place.h"
#include "node/trust/live.h"
#include "node/trust/member.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/fields.h"
#include "proto/limits.h"
#include "proto/reader.h"
#include "proto/record.h"
#include "proto/trust.h"
#include "proto/writer.h"
#include "store/meta.h"
#include "store/store.h"
#include "store/tables.h"

struct id_list {
	struct viz_id *id;
	size_t count, capacity;
};

void viz_view_digest(struct viz_id *out, const uint8_t *bytes, size_t len)
{
	struct viz_hash h;

	viz_hash_init(&h, "vizinho/view");
	viz_hash_part(&h, bytes, len);
	viz_hash_final(&h, out);
}

/* A row of VIZ_TABLE_EVIDENCE. */
struct viz_evidence {
	struct viz_time needed; /* when an offer last needed it */
	struct viz_id origin;   /* whose offer needed it first: it counts in that origin's share */
	const uint8_t *bytes;
	size_t bytes_len;
};

#define EVIDENCE(F)                                                                                \
	F(TIME, needed)                                                                            \
	F(ID, origin)                                                                              \
	F(BIN, bytes, 0, SIZE_MAX)
static VIZ_FIELDS_WRITER(evidence, EVIDENCE);
static VIZ_FIELDS_READER(evidence, EVIDENCE);

static void read_row(struct viz_evidence *e, const struct viz_slice *row)
{
	VIZ_REQUIRE(VIZ_PARSE(evidence, e, row->p, row->len) == VIZ_OK);
}

static void write_row(struct viz_core *core, const struct viz_id *id, const struct viz_id *origin,
		      const uint8_t *bytes, size_t len)
{
	struct viz_evidence e = {core->now, *origin, bytes, len};
	uint8_t *value = viz_core_alloc(len + 64);
	struct viz_writer w;

	viz_writer_init(&w, value, len + 64);
	viz_evidence_write(&w, &e);
	viz_core_put_row(core, VIZ_TABLE_EVIDENCE, id->b, sizeof id->b, &w);
	free(value);
}

bool viz_view_evidence_get(struct viz_core *core, struct viz_slice *out, const struct viz_id *id)
{
	struct viz_evidence e;
	struct viz_slice row;

	if (!viz_core_get(core, &row, VIZ_TABLE_EVIDENCE, id->b, sizeof id->b))
		return false;
	read_row(&e, &row);
	*out = (struct viz_slice){e.bytes, e.bytes_len};
	return true;
}

/* Returns how many bytes are kept for the origin; `key` gets the row of VIZ_TABLE_META that counts
 * them. */
static uint64_t share_get(struct viz_core *core, uint8_t key[VIZ_META_ID_LEN],
			  const struct viz_id *origin)
{
	struct viz_slice v;

	viz_meta_id_key(key, VIZ_META_EVIDENCE, origin);
	return viz_core_get(core, &v, VIZ_TABLE_META, key, VIZ_META_ID_LEN) && v.len == 8
		   ? viz_be_get_u64(v.p)
		   : 0;
}

static void share_put(struct viz_core *core, const uint8_t key[VIZ_META_ID_LEN], uint64_t bytes)
{
	uint8_t value[8];

	viz_be_put_u64(value, bytes);
	if (bytes > 0)
		viz_core_put(core, VIZ_TABLE_META, key, VIZ_META_ID_LEN, value, sizeof value);
	else
		viz_core_del(core, VIZ_TABLE_META, key, VIZ_META_ID_LEN);
}

bool viz_view_evidence_put(struct viz_trust *trust, const struct viz_id *id,
			   const struct viz_id *origin, const uint8_t *bytes, size_t len)
{
	bool own = viz_id_eq(origin, &trust->self.author);
	uint8_t key[VIZ_META_ID_LEN];
	struct viz_evidence kept;
	struct viz_slice row;
	uint64_t used;

	if (viz_core_get(trust->core, &row, VIZ_TABLE_EVIDENCE, id->b, sizeof id->b)) {
		read_row(&kept, &row);
		/* renewed once a day: the row must live as long as today's offer */
		if (kept.needed.ms / VIZ_DAY_MS < trust->core->now.ms / VIZ_DAY_MS)
			write_row(trust->core, id, &kept.origin, bytes, len);
		return true;
	}
	used = share_get(trust->core, key, origin);
	if (!own && used + len + VIZ_EVIDENCE_ROW > VIZ_EVIDENCE_PER_ORIGIN)
		return false;
	write_row(trust->core, id, origin, bytes, len);
	share_put(trust->core, key, used + len + VIZ_EVIDENCE_ROW);
	return true;
}

struct viz_time viz_view_evidence_needed(const struct viz_slice *value)
{
	struct viz_evidence e;

	read_row(&e, value);
	return e.needed;
}

void viz_view_evidence_forget(struct viz_core *core, const struct viz_slice *value)
{
	uint8_t key[VIZ_META_ID_LEN];
	struct viz_evidence e;
	uint64_t used, size;

	read_row(&e, value);
	size = e.bytes_len + VIZ_EVIDENCE_ROW;
	used = share_get(core, key, &e.origin);
	share_put(core, key, used > size ? used - size : 0);
}

static void add(struct id_list *l, const struct viz_id *id)
{
	if (l->count == l->capacity) {
		l->capacity = l->capacity ? l->capacity * 2 : 256;
		l->id = viz_core_grow(l->id, l->capacity, sizeof *l->id);
	}
	l->id[l->count++] = *id;
}

bool viz_view_type(uint8_t type)
{
	return type == VIZ_TYPE_NODE || type == VIZ_TYPE_SUCCESSION ||
	       type == VIZ_TYPE_REVOCATION || type == VIZ_TYPE_PARTNERS ||
	       type == VIZ_TYPE_COVERAGE;
}

/* Keeps for `origin` the records of one author, and adds their ids to `out`: those that `only`
 * (ascending) names, or without it (NULL) those that are live now. False: the origin's share is
 * used up. */
static bool keep_records_of(struct viz_trust *trust, struct id_list *out,
			    const struct viz_id *author, const struct viz_id *origin,
			    const struct id_list *only)
{
	struct viz_slice key, value;
	struct viz_walk walk;

	viz_walk_init(&walk, trust->core->store, VIZ_TABLE_RECORD, author->b, sizeof author->b);
	while (viz_walk_next(&walk, &key, &value)) {
		struct viz_held held;
		struct viz_record rec;
		struct viz_id id;
		uint8_t *copy;
		bool kept;

		if (key.p[32] > VIZ_TYPE_COVERAGE)
			break;
		if (!viz_view_type(key.p[32]))
			continue;
		VIZ_REQUIRE(viz_place_row_read(&held, value.p, value.len) == VIZ_OK &&
			    viz_record_parse(&rec, held.a, held.a_len) == VIZ_OK);
		if (!only && !viz_live_record(trust, &held, &rec, trust->core->now))
			continue;
		viz_ids_record(&id, &trust->core->federation_id, &rec);
		if (only && !bsearch(&id, only->id, only->count, sizeof id, viz_ids_compare))
			continue;
		copy = viz_core_alloc(held.a_len);
		memcpy(copy, held.a, held.a_len);
		kept = viz_view_evidence_put(trust, &id, origin, copy, held.a_len);
		free(copy);
		if (!kept)
			return false;
		add(out, &id);
	}
	return true;
}

int viz_view_build(struct viz_trust *trust, struct viz_id *digest)
{
	const struct viz_id *self = &trust->self.author;
	struct id_list list = {0};
	int err = VIZ_OK;

	keep_records_of(trust, &list, self, self, NULL);
	for (size_t i = 0; i < trust->directory.count; i++)
		if (viz_live_partner(trust, &trust->directory.list[i]->id))
			keep_records_of(trust, &list, &trust->directory.list[i]->id, self, NULL);
	if (list.count > VIZ_VIEW_IDS_MAX) {
		err = VIZ_ERR_LIMIT;
	} else {
		qsort(list.id, list.count, sizeof *list.id, viz_ids_compare);
		viz_view_digest(digest, (const uint8_t *)list.id, list.count * sizeof *list.id);
		viz_view_evidence_put(trust, digest, self, (const uint8_t *)list.id,
				      list.count * sizeof *list.id);
	}
	free(list.id);
	return err;
}

int viz_view_resolve(struct viz_trust *trust, struct viz_id *missing, size_t *n, size_t max,
		     const struct viz_id *origin, const uint8_t *view, size_t len)
{
	const struct viz_member *at_origin = viz_member_find(trust, origin);
	struct id_list wanted = {.count = len / 32}, found = {0};
	bool fits;

	*n = 0;
	wanted.id = viz_core_alloc(len);
	memcpy(wanted.id, view, len);
	fits = keep_records_of(trust, &found, origin, origin, &wanted);
	for (size_t i = 0; fits && i < trust->directory.count; i++) {
		const struct viz_member *m = trust->directory.list[i];

		if (at_origin && at_origin->partners &&
		    viz_partners_find(at_origin->partners, &m->id))
			fits = keep_records_of(trust, &found, &m->id, origin, &wanted);
	}
	for (size_t i = 0; fits && i < wanted.count; i++) {
		struct viz_slice v;

		if (viz_view_evidence_get(trust->core, &v, &wanted.id[i]))
			continue;
		if (*n < max)
			missing[*n] = wanted.id[i];
		++*n;
	}
	free(wanted.id);
	free(found.id);
	return fits ? VIZ_OK : VIZ_ERR_LIMIT;
}
