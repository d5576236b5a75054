#include "node/coverage/index.h"

#include "node/core/core.h"
#include "node/core/place.h"
#include "node/link/net.h"
#include "proto/base.h"
#include "proto/coverage.h"
#include "proto/geo/limits.h"
#include "proto/geo/region.h"
#include "proto/reader.h"
#include "proto/record.h"
#include "proto/writer.h"
#include "store/lookup.h"
#include "store/store.h"
#include "store/tables.h"

#define META (const uint8_t *)"coverage-index", 14

#define VERSION 2

#define TABLE VIZ_TABLE_COVERAGE_INDEX

#define NONE UINT32_MAX

#define KEY_MAX (1 + VIZ_PLACE_LEN)

#define STEP 2000 /* places a step of building */

#define STEP_ADS 100 /* and of these, at most so many COVERAGEs */

#define CELLS 8192u /* of one record in the index: more become coarser */

#define BLOCKS 512u /* of the index that they touch, likewise: each is a row to write */

static const uint8_t nil[] = {0xc0};

static void place_key(uint8_t key[KEY_MAX], char kind, const struct viz_id *author, uint64_t slot)
{
	key[0] = (uint8_t)kind;
	viz_place_key(key + 1, author, VIZ_TYPE_COVERAGE, slot);
}

void viz_coverage_ordinal_key(uint8_t key[VIZ_COVERAGE_ORDINAL_LEN], char kind, uint32_t ordinal)
{
	key[0] = (uint8_t)kind;
	viz_put_u32be(key + 1, ordinal);
}

/* The look-up's errors are the store's: poisoned, or full. */
static void check(struct viz_core *core, int err)
{
	VIZ_REQUIRE(err != VIZ_ERR_NOMEM && err != VIZ_ERR_MEANING);
	if (err == VIZ_ERR_LIMIT)
		core->store_full = true;
}

/* ---- ordinals ---- */

static uint32_t ordinal_of(struct viz_core *core, const struct viz_id *author, uint64_t slot)
{
	uint8_t key[KEY_MAX];
	struct viz_slice v;
	struct viz_reader r;
	uint32_t ordinal;

	place_key(key, 'p', author, slot);
	if (!viz_core_get(core, &v, TABLE, key, sizeof key))
		return NONE;
	viz_reader_init(&r, v.p, v.len);
	viz_reader_tuple(&r, 1);
	ordinal = (uint32_t)viz_reader_uint(&r, VIZ_LOOKUP_ORDINALS - 1);
	VIZ_REQUIRE(viz_reader_finish(&r) == VIZ_OK);
	return ordinal;
}

/* One that was free again, or the next; NONE when there are no more. */
static uint32_t ordinal_take(struct viz_core *core)
{
	struct viz_slice key, value;
	uint8_t freed[VIZ_COVERAGE_ORDINAL_LEN];
	uint32_t ordinal = 0;

	if (viz_store_last(core->store, &key, &value, TABLE, (const uint8_t *)"f", 1) == VIZ_OK) {
		memcpy(freed, key.p, sizeof freed);
		viz_core_del(core, TABLE, freed, sizeof freed);
		return viz_get_u32be(freed + 1);
	}
	if (viz_store_last(core->store, &key, &value, TABLE, (const uint8_t *)"o", 1) == VIZ_OK)
		ordinal = viz_get_u32be(key.p + 1) + 1;
	return ordinal < VIZ_LOOKUP_ORDINALS ? ordinal : NONE;
}

static uint32_t ordinal_make(struct viz_core *core, const struct viz_id *author, uint64_t slot)
{
	uint32_t ordinal = ordinal_take(core);
	uint8_t key[KEY_MAX], value[64];
	struct viz_writer w;
	size_t len = 0;

	place_key(key, ordinal == NONE ? 'x' : 'p', author, slot);
	if (ordinal == NONE) {
		viz_core_put(core, TABLE, key, sizeof key, nil, sizeof nil);
		return NONE;
	}
	viz_writer_init(&w, value, sizeof value);
	viz_writer_array(&w, 1);
	viz_writer_uint(&w, ordinal);
	VIZ_REQUIRE(viz_writer_finish(&w, &len) == VIZ_OK);
	viz_core_put(core, TABLE, key, sizeof key, value, len);
	viz_coverage_ordinal_key(key, 'o', ordinal);
	viz_writer_init(&w, value, sizeof value);
	viz_writer_array(&w, 2);
	viz_writer_id(&w, author);
	viz_writer_uint(&w, slot);
	VIZ_REQUIRE(viz_writer_finish(&w, &len) == VIZ_OK);
	viz_core_put(core, TABLE, key, VIZ_COVERAGE_ORDINAL_LEN, value, len);
	return ordinal;
}

/* ---- records in and out ---- */

/* The cells of the region, or coarser ones around them: what a peer publishes may cost so much here
 * and no more. Nobody is lost by it, and who is too many is sorted out in the record. */
static int set_cells(struct viz_net *net, uint32_t ordinal, const struct viz_coverage *c)
{
	uint64_t *cells = viz_core_alloc(VIZ_REGION_CELLS_MAX * sizeof *cells);
	unsigned level = VIZ_CELL_LEVEL_MAX;
	size_t n = 0;
	int err;

	/* one that does not unpack meets nothing (viz_coverage_meets) */
	if (c->region_len > 0 &&
	    viz_region_decode(cells, &n, VIZ_REGION_CELLS_MAX, c->region, c->region_len) != VIZ_OK)
		n = 0;
	/* down to the level of blocks their number stays the same */
	if (viz_lookup_blocks(cells, n) > BLOCKS)
		level = VIZ_LOOKUP_LEVEL;
	while ((n > CELLS || viz_lookup_blocks(cells, n) > BLOCKS) && level-- > 0)
		VIZ_REQUIRE(viz_region_coarsen(cells, &n, level) == VIZ_OK);
	err = viz_lookup_set_cells(net->coverage->lookup, ordinal, cells, n);
	free(cells);
	return err;
}

void viz_coverage_index_put(struct viz_net *net, const struct viz_record *rec)
{
	struct viz_lookup *l = net->coverage->lookup;
	struct viz_coverage *c;
	uint8_t key[KEY_MAX];
	struct viz_slice v;
	uint32_t ordinal = ordinal_of(net->core, &rec->author, rec->slot);
	int err;

	place_key(key, 'x', &rec->author, rec->slot);
	if (ordinal == NONE && viz_core_get(net->core, &v, TABLE, key, sizeof key))
		return;
	if (ordinal == NONE)
		ordinal = ordinal_make(net->core, &rec->author, rec->slot);
	if (ordinal == NONE)
		return;
	c = viz_core_alloc(sizeof *c);
	if (viz_coverage_parse(c, rec) != VIZ_OK)
		memset(c, 0, sizeof *c);
	err = set_cells(net, ordinal, c);
	if (err == VIZ_OK)
		err = viz_lookup_set_ceps(l, ordinal, c->cep, c->cep_count);
	if (err == VIZ_OK)
		err = viz_lookup_set_places(l, ordinal, c->municipality, c->municipality_count);
	check(net->core, err);
	free(c);
}

void viz_coverage_index_drop(struct viz_net *net, const struct viz_record *rec)
{
	uint32_t ordinal = ordinal_of(net->core, &rec->author, rec->slot);
	uint8_t key[KEY_MAX];

	place_key(key, ordinal == NONE ? 'x' : 'p', &rec->author, rec->slot);
	viz_core_del(net->core, TABLE, key, sizeof key); /* of an unknown place nothing */
	if (ordinal == NONE)
		return;
	check(net->core, viz_lookup_remove(net->coverage->lookup, ordinal));
	viz_coverage_ordinal_key(key, 'o', ordinal);
	viz_core_del(net->core, TABLE, key, VIZ_COVERAGE_ORDINAL_LEN);
	key[0] = 'f';
	viz_core_put(net->core, TABLE, key, VIZ_COVERAGE_ORDINAL_LEN, nil, sizeof nil);
}

/* ---- building ---- */

static void save(struct viz_net *net, const uint8_t *place)
{
	struct viz_writer w;
	uint8_t value[64];
	size_t len = 0;

	viz_writer_init(&w, value, sizeof value);
	viz_writer_array(&w, 3);
	viz_writer_uint(&w, VERSION);
	viz_writer_bool(&w, place == NULL);
	viz_writer_bin(&w, place, place ? VIZ_PLACE_LEN : 0);
	VIZ_REQUIRE(viz_writer_finish(&w, &len) == VIZ_OK);
	viz_core_put(net->core, VIZ_TABLE_META, META, value, len);
	net->coverage->built = place == NULL;
}

/* *place_len is 0 when nothing has been built yet. */
static int progress(struct viz_core *core, bool *built, uint8_t place[VIZ_PLACE_LEN],
		    size_t *place_len)
{
	struct viz_slice v;
	struct viz_reader r;
	const uint8_t *at;

	*built = false;
	*place_len = 0;
	if (!viz_core_get(core, &v, VIZ_TABLE_META, META))
		return VIZ_OK;
	viz_reader_init(&r, v.p, v.len);
	viz_reader_tuple(&r, 3);
	if (viz_reader_uint(&r, UINT32_MAX) != VERSION) /* the schema refuses a store of another */
		viz_reader_fail(&r, VIZ_ERR_STORE);
	*built = viz_reader_bool(&r);
	at = viz_reader_bin(&r, place_len, 0, VIZ_PLACE_LEN);
	if (viz_reader_finish(&r) != VIZ_OK)
		return VIZ_ERR_STORE;
	if (*place_len > 0)
		memcpy(place, at, *place_len);
	return VIZ_OK;
}

int viz_coverage_index_load(struct viz_net *net)
{
	uint8_t place[VIZ_PLACE_LEN];
	size_t len;
	int err = viz_lookup_open(&net->coverage->lookup, net->core->store);

	return err == VIZ_OK ? progress(net->core, &net->coverage->built, place, &len) : err;
}

void viz_coverage_index_free(struct viz_net *net)
{
	if (net->coverage->lookup)
		viz_lookup_close(net->coverage->lookup);
	net->coverage->lookup = NULL;
}

void viz_coverage_index_build(struct viz_net *net)
{
	uint8_t place[VIZ_PLACE_LEN];
	struct viz_slice key, value;
	struct viz_walk walk;
	size_t from = 0, n = 0, ads = 0;
	bool built = net->coverage->built;

	if (built || progress(net->core, &built, place, &from) != VIZ_OK || built)
		return;
	viz_walk_init(&walk, net->core->store, VIZ_TABLE_RECORD, NULL, 0);
	if (from > 0)
		viz_walk_from(&walk, place, from);
	while (n < STEP && ads < STEP_ADS && viz_walk_next(&walk, &key, &value)) {
		struct viz_held held;
		struct viz_record rec;
		uint8_t *copy;

		n++;
		VIZ_REQUIRE(key.len == sizeof place);
		memcpy(place, key.p, sizeof place);
		if (key.p[32] != VIZ_TYPE_COVERAGE)
			continue;
		VIZ_REQUIRE(viz_place_row_read(&held, value.p, value.len) == VIZ_OK);
		if (held.dead)
			continue;
		copy = viz_core_alloc(held.a_len); /* the index writes */
		memcpy(copy, held.a, held.a_len);
		VIZ_REQUIRE(viz_record_parse(&rec, copy, held.a_len) == VIZ_OK);
		viz_coverage_index_put(net, &rec);
		free(copy);
		ads++;
	}
	save(net, n < STEP && ads < STEP_ADS ? NULL : place);
}
