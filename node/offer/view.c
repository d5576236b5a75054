#include "node/offer/view.h"

#include "crypto/hash.h"
#include "node/core/account.h"
#include "node/core/core.h"
#include "node/core/ids.h"
#include "node/core/place.h"
#include "node/trust/items.h"
#include "node/trust/member.h"
#include "node/trust/named.h"
#include "node/trust/share.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/fields.h"
#include "proto/limits.h"
#include "proto/mail.h"
#include "proto/reader.h"
#include "proto/record.h"
#include "proto/trust.h"
#include "proto/writer.h"
#include "store/store.h"
#include "store/tables.h"

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

bool viz_view_evidence_put(struct viz_trust *trust, const struct viz_id *id,
			   const struct viz_id *origin, const uint8_t *bytes, size_t len)
{
	struct viz_evidence kept;
	struct viz_slice row;

	if (viz_core_get(trust->core, &row, VIZ_TABLE_EVIDENCE, id->b, sizeof id->b)) {
		read_row(&kept, &row);
		/* renewed once a day: the row must live as long as today's offer. Written again at
		 * once when the other half of a dead place has come: the row grows. */
		if (kept.needed.ms / VIZ_DAY_MS >= trust->core->now.ms / VIZ_DAY_MS &&
		    len <= kept.bytes_len)
			return true;
		viz_account_evidence(trust->core, &kept.origin, kept.bytes_len, false);
		write_row(trust->core, id, &kept.origin, bytes, len);
		viz_account_evidence(trust->core, &kept.origin, len, true);
		return true;
	}
	if (!viz_share_has_evidence(trust, origin, len))
		return false;
	write_row(trust->core, id, origin, bytes, len);
	viz_account_evidence(trust->core, origin, len, true);
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
	struct viz_evidence e;

	read_row(&e, value);
	viz_account_evidence(core, &e.origin, e.bytes_len, false);
}

/* Keeps a signed record under its id, which `id` gets. `bytes` may be borrowed from the store. */
static bool keep_record(struct viz_trust *trust, struct viz_id *id, const struct viz_id *origin,
			const uint8_t *bytes, size_t len)
{
	uint8_t *copy = viz_core_alloc(len);
	struct viz_record rec;
	bool kept;

	memcpy(copy, bytes, len);
	VIZ_REQUIRE(viz_record_parse(&rec, copy, len) == VIZ_OK);
	viz_ids_record(id, &trust->core->federation_id, &rec);
	kept = viz_view_evidence_put(trust, id, origin, copy, len);
	free(copy);
	return kept;
}

/* Keeps what is held at the place of an item. */
static bool keep_place(struct viz_trust *trust, const struct viz_id *origin,
		       const struct viz_id *author, const struct viz_view_item *x)
{
	struct viz_id half[2], item;
	struct viz_held held;

	VIZ_REQUIRE(viz_place_get(trust->core, &held, NULL, author, x->type, x->slot));
	if (x->has_id)
		return keep_record(trust, &half[0], origin, held.a, held.a_len);
	item = held.item;
	if (!keep_record(trust, &half[0], origin, held.a, held.a_len))
		return false;
	VIZ_REQUIRE(viz_place_get(trust->core, &held, NULL, author, x->type, x->slot));
	return keep_record(trust, &half[1], origin, held.b, held.b_len) &&
	       viz_view_evidence_put(trust, &item, origin, half[0].b, sizeof half);
}

bool viz_view_keep_author(struct viz_trust *trust, const struct viz_id *origin,
			  const struct viz_id *author, struct viz_time at)
{
	enum { ITEM_MAX = 64 }; /* type, slot, seq and id take at most 55 bytes */
	struct viz_view_items *list = viz_core_alloc(sizeof *list);
	uint8_t *bytes = viz_core_alloc(VIZ_VIEW_ITEMS_MAX * ITEM_MAX);
	struct viz_writer w;
	struct viz_id hash;
	bool kept = true;
	size_t len;

	viz_items_list(trust, list, author, VIZ_ITEMS_VIEW, at);
	viz_items_hash(trust, &hash, author, VIZ_ITEMS_VIEW, at);
	viz_writer_init(&w, bytes, VIZ_VIEW_ITEMS_MAX * ITEM_MAX);
	viz_view_items_write(&w, list);
	VIZ_REQUIRE(viz_writer_finish(&w, &len) == VIZ_OK);
	for (size_t i = 0; kept && i < list->count; i++)
		kept = keep_place(trust, origin, author, &list->item[i]);
	kept = kept && viz_view_evidence_put(trust, &hash, origin, bytes, len);
	free(bytes);
	free(list);
	return kept;
}

int viz_view_build(struct viz_trust *trust, struct viz_id *digest, struct viz_time at)
{
	const struct viz_partners *ours = viz_member_self(trust)->partners;
	const struct viz_id *self = &trust->self.author;
	struct viz_id author[VIZ_PARTNERS_MAX], hash[VIZ_PARTNERS_MAX];
	size_t n;

	if (!ours)
		return VIZ_ERR_STATE;
	n = viz_partners_in_force(author, ours, at, trust->core->federation.partner_delay_ms);
	for (size_t i = 0; i < n; i++) {
		viz_items_hash(trust, &hash[i], &author[i], VIZ_ITEMS_VIEW, at);
		viz_view_keep_author(trust, self, &author[i], at);
	}
	viz_ids_view(digest, at, hash->b, n);
	viz_view_evidence_put(trust, digest, self, hash->b, n * sizeof *hash);
	return VIZ_OK;
}

int viz_view_keep_partners(struct viz_trust *trust, struct viz_id *partners)
{
	const struct viz_id *self = &trust->self.author;
	struct viz_held held;

	if (!viz_place_get(trust->core, &held, NULL, self, VIZ_TYPE_PARTNERS, 0))
		return VIZ_ERR_STATE;
	keep_record(trust, partners, self, held.a, held.a_len);
	return VIZ_OK;
}

bool viz_view_partners(struct viz_core *core, struct viz_partners *out, const struct viz_id *origin,
		       const struct viz_id *id)
{
	struct viz_record rec;
	struct viz_slice v;

	return (viz_named_get(core, &rec, origin, id) ||
		(viz_view_evidence_get(core, &v, id) &&
		 viz_record_parse(&rec, v.p, v.len) == VIZ_OK)) &&
	       rec.type == VIZ_TYPE_PARTNERS && viz_id_eq(&rec.author, origin) &&
	       viz_partners_parse(out, &rec) == VIZ_OK;
}
