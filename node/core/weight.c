#include "node/core/weight.h"

#include "node/core/core.h"
#include "proto/base.h"
#include "proto/coverage.h"
#include "proto/fields.h"
#include "proto/geo/limits.h"
#include "proto/geo/region.h"
#include "proto/record.h"
#include "proto/writer.h"
#include "store/lookup.h"
#include "store/meta.h"

#define WEIGHT(F)                                                                                  \
	F(UINT, bytes, 0, UINT64_MAX)                                                              \
	F(UINT, left_out, 0, UINT64_MAX)

void viz_weight_flush(struct viz_core *core)
{
	struct viz_weighed *w = &core->weighed;
	uint8_t key[VIZ_META_ID_LEN];
	VIZ_WRITER(value, 32);

	if (w->changed) {
		viz_meta_id_key(key, VIZ_META_WEIGHT, &w->author);
		VIZ_FIELDS_WRITE(&value, w, WEIGHT);
		if (w->bytes != 0 || w->left_out != 0)
			viz_core_put_row(core, VIZ_TABLE_META, key, sizeof key, &value);
		else
			viz_core_del(core, VIZ_TABLE_META, key, sizeof key);
	}
	w->known = w->changed = false;
}

/* The author's. */
static struct viz_weighed *weigh(struct viz_core *core, const struct viz_id *author)
{
	struct viz_weighed *w = &core->weighed;
	uint8_t key[VIZ_META_ID_LEN];
	struct viz_slice v;

	if (w->known && viz_id_eq(&w->author, author))
		return w;
	viz_weight_flush(core);
	*w = (struct viz_weighed){.author = *author, .known = true};
	viz_meta_id_key(key, VIZ_META_WEIGHT, author);
	if (viz_core_get(core, &v, VIZ_TABLE_META, key, sizeof key))
		VIZ_REQUIRE(VIZ_FIELDS_PARSE(w, v.p, v.len, WEIGHT) == VIZ_OK);
	return w;
}

void viz_weight_get(struct viz_core *core, struct viz_weight *out, const struct viz_id *author)
{
	const struct viz_weighed *w = weigh(core, author);

	*out = (struct viz_weight){w->bytes, w->left_out};
}

void viz_weight_put(struct viz_core *core, const struct viz_id *author,
		    const struct viz_weight *weight)
{
	struct viz_weighed *w = weigh(core, author);

	w->bytes = weight->bytes;
	w->left_out = weight->left_out;
	w->changed = true;
}

static size_t blocks_of(const struct viz_coverage *c)
{
	uint64_t *cells;
	size_t n = 0;

	if (c->region_len == 0)
		return 0;
	cells = viz_core_alloc(VIZ_REGION_CELLS_MAX * sizeof *cells);
	if (viz_region_decode(cells, &n, VIZ_REGION_CELLS_MAX, c->region, c->region_len) != VIZ_OK)
		n = 0;
	n = viz_lookup_blocks(cells, n);
	free(cells);
	return n < VIZ_WEIGHT_BLOCKS ? n : VIZ_WEIGHT_BLOCKS;
}

/* The rows of the look-up index that a COVERAGE touches (coverage/index.c). */
static size_t rows_of(const struct viz_record *rec)
{
	struct viz_coverage *c = viz_core_alloc(sizeof *c);
	size_t n = 0;

	if (viz_coverage_parse(c, rec) == VIZ_OK)
		n = blocks_of(c) + c->cep_count + c->municipality_count;
	free(c);
	return n;
}

uint64_t viz_weight_of(const struct viz_record *rec)
{
	uint64_t cost = rec->len + sizeof rec->sig.b + VIZ_WEIGHT_RECORD;

	if (rec->type == VIZ_TYPE_COVERAGE)
		cost += rows_of(rec) * VIZ_WEIGHT_LOOKUP;
	return cost;
}

uint64_t viz_weight_cost(uint8_t type, const uint8_t *signed_record, size_t len)
{
	struct viz_record rec;

	if (type == VIZ_TYPE_COVERAGE && viz_record_parse(&rec, signed_record, len) == VIZ_OK)
		return viz_weight_of(&rec);
	return len + VIZ_WEIGHT_RECORD;
}

void viz_weight_change(struct viz_core *core, const struct viz_id *author, uint64_t came,
		       uint64_t gone)
{
	struct viz_weight w;

	if (came == gone)
		return;
	viz_weight_get(core, &w, author);
	w.bytes += came;
	/* less was counted only when the store was damaged, which is no reason to stop */
	w.bytes -= w.bytes < gone ? w.bytes : gone;
	viz_weight_put(core, author, &w);
}
