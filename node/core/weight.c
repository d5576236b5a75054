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

void viz_weight_get(struct viz_core *core, struct viz_weight *out, const struct viz_id *author)
{
	uint8_t key[VIZ_META_ID_LEN];
	struct viz_slice v;

	*out = (struct viz_weight){0};
	viz_meta_id_key(key, VIZ_META_WEIGHT, author);
	if (viz_core_get(core, &v, VIZ_TABLE_META, key, sizeof key))
		VIZ_REQUIRE(VIZ_FIELDS_PARSE(out, v.p, v.len, WEIGHT) == VIZ_OK);
}

void viz_weight_put(struct viz_core *core, const struct viz_id *author,
		    const struct viz_weight *weight)
{
	uint8_t key[VIZ_META_ID_LEN];
	VIZ_WRITER(w, 32);

	viz_meta_id_key(key, VIZ_META_WEIGHT, author);
	VIZ_FIELDS_WRITE(&w, weight, WEIGHT);
	if (weight->bytes != 0 || weight->left_out != 0)
		viz_core_put_row(core, VIZ_TABLE_META, key, sizeof key, &w);
	else
		viz_core_del(core, VIZ_TABLE_META, key, sizeof key);
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
static size_t rows_of(const uint8_t *signed_record, size_t len)
{
	struct viz_coverage *c = viz_core_alloc(sizeof *c);
	struct viz_record rec;
	size_t n = 0;

	if (viz_record_parse(&rec, signed_record, len) == VIZ_OK &&
	    viz_coverage_parse(c, &rec) == VIZ_OK)
		n = blocks_of(c) + c->cep_count + c->municipality_count;
	free(c);
	return n;
}

uint64_t viz_weight_cost(uint8_t type, const uint8_t *signed_record, size_t len)
{
	uint64_t cost = len + VIZ_WEIGHT_RECORD;

	if (type == VIZ_TYPE_COVERAGE)
		cost += rows_of(signed_record, len) * VIZ_WEIGHT_LOOKUP;
	return cost;
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
