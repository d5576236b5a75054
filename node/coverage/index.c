#include "node/coverage/index.h"

#include "node/core/core.h"
#include "node/core/place.h"
#include "node/core/weight.h"
#include "node/link/net.h"
#include "proto/base.h"
#include "proto/coverage.h"
#include "proto/fields.h"
#include "proto/geo/limits.h"
#include "proto/geo/region.h"
#include "proto/reader.h"
#include "proto/record.h"
#include "proto/writer.h"
#include "store/lookup.h"
#include "store/meta.h"
#include "store/store.h"
#include "store/tables.h"

#define VERSION 2

#define TABLE VIZ_TABLE_COVERAGE_INDEX

#define NONE UINT32_MAX

#define KEY_MAX (1 + VIZ_PLACE_LEN)

#define STEP 2000 /* places that one step of building reads */

#define STEP_ADS 100 /* COVERAGE records that one step indexes */

#define CELLS 8192u /* cells that the index takes of one record */

#define BLOCKS VIZ_WEIGHT_BLOCKS /* that one record may touch: each is a row to write */

static const uint8_t nil[] = {0xc0};

static void place_key(uint8_t key[KEY_MAX], char kind, const struct viz_id *author, uint64_t slot)
{
	key[0] = (uint8_t)kind;
	viz_record_place_key(key + 1, author, VIZ_TYPE_COVERAGE, slot);
}

void viz_coverage_index_ordinal_key(uint8_t key[VIZ_COVERAGE_ORDINAL_LEN], char kind,
				    uint32_t ordinal)
{
	key[0] = (uint8_t)kind;
	viz_be_put_u32(key + 1, ordinal);
}

/* An error of the look-up is one of the store. Either the store is poisoned already, or the batch
 * must not be committed because the store is full. */
static void check(struct viz_core *core, int err)
{
	VIZ_REQUIRE(err != VIZ_ERR_NOMEM && err != VIZ_ERR_MEANING);
	if (err == VIZ_ERR_LIMIT)
		core->store_full = true;
}

/* ---- ordinals ---- */

#define AD(F)                                                                                      \
	F(ID, author)                                                                              \
	F(UINT, slot, 0, VIZ_COVERAGE_SLOTS - 1)

/* The one field of a row 'p'. */
struct own {
	uint32_t ordinal;
};

#define OWN(F) F(UINT, ordinal, 0, VIZ_LOOKUP_ORDINALS - 1)

static uint32_t ordinal_of(struct viz_core *core, const struct viz_id *author, uint64_t slot)
{
	uint8_t key[KEY_MAX];
	struct viz_slice v;
	struct own own;

	place_key(key, 'p', author, slot);
	if (!viz_core_get(core, &v, TABLE, key, sizeof key))
		return NONE;
	VIZ_REQUIRE(VIZ_FIELDS_PARSE(&own, v.p, v.len, OWN) == VIZ_OK);
	return own.ordinal;
}

bool viz_coverage_index_ad(struct viz_core *core, struct viz_coverage_ad *out, uint32_t ordinal)
{
	uint8_t key[VIZ_COVERAGE_ORDINAL_LEN];
	struct viz_slice v;

	viz_coverage_index_ordinal_key(key, 'o', ordinal);
	if (!viz_core_get(core, &v, TABLE, key, sizeof key))
		return false;
	VIZ_REQUIRE(VIZ_FIELDS_PARSE(out, v.p, v.len, AD) == VIZ_OK);
	return true;
}

/* A freed ordinal, or else the next new one. NONE when all are in use. */
static uint32_t ordinal_take(struct viz_core *core)
{
	struct viz_slice key, value;
	uint8_t freed[VIZ_COVERAGE_ORDINAL_LEN];
	uint32_t ordinal = 0;

	if (viz_walk_last(core->store, &key, &value, TABLE, (const uint8_t *)"f", 1) == VIZ_OK) {
		memcpy(freed, key.p, sizeof freed);
		viz_core_del(core, TABLE, freed, sizeof freed);
		return viz_be_get_u32(freed + 1);
	}
	if (viz_walk_last(core->store, &key, &value, TABLE, (const uint8_t *)"o", 1) == VIZ_OK)
		ordinal = viz_be_get_u32(key.p + 1) + 1;
	return ordinal < VIZ_LOOKUP_ORDINALS ? ordinal : NONE;
}

/* Numbers the place, or marks it as a candidate without an ordinal. */
static uint32_t ordinal_make(struct viz_core *core, const struct viz_id *author, uint64_t slot)
{
	struct viz_coverage_ad ad = {*author, slot};
	struct own own = {ordinal_take(core)};
	uint8_t key[KEY_MAX];
	VIZ_WRITER(p, 8);
	VIZ_WRITER(o, 64);

	place_key(key, own.ordinal == NONE ? 'x' : 'p', author, slot);
	if (own.ordinal == NONE) {
		viz_core_put(core, TABLE, key, sizeof key, nil, sizeof nil);
		return NONE;
	}
	VIZ_FIELDS_WRITE(&p, &own, OWN);
	viz_core_put_row(core, TABLE, key, sizeof key, &p);
	viz_coverage_index_ordinal_key(key, 'o', own.ordinal);
	VIZ_FIELDS_WRITE(&o, &ad, AD);
	viz_core_put_row(core, TABLE, key, VIZ_COVERAGE_ORDINAL_LEN, &o);
	return own.ordinal;
}

/* ---- records in and out ---- */

/* Indexes the cells of the region. A region that exceeds CELLS or BLOCKS is indexed by larger cells
 * around it, so that no peer can make us write more. The index then names this author for more
 * places than it serves, and a look-up corrects that when it reads the record. */
static int set_cells(struct viz_net *net, uint32_t ordinal, const struct viz_coverage *c)
{
	struct viz_lookup *l = net->coverage->lookup;
	unsigned level = VIZ_CELL_LEVEL_MAX;
	uint64_t *cells;
	size_t n = 0;
	int err;

	if (c->region_len == 0)
		return viz_lookup_set_cells(l, ordinal, NULL, 0);
	cells = viz_core_alloc(VIZ_REGION_CELLS_MAX * sizeof *cells);
	/* a region that does not decode meets nothing (viz_coverage_meets) */
	if (viz_region_decode(cells, &n, VIZ_REGION_CELLS_MAX, c->region, c->region_len) != VIZ_OK)
		n = 0;
	/* coarsening to the level of the blocks does not change how many of them the cells touch */
	if (viz_lookup_blocks(cells, n) > BLOCKS)
		level = VIZ_LOOKUP_LEVEL;
	while ((n > CELLS || viz_lookup_blocks(cells, n) > BLOCKS) && level-- > 0)
		VIZ_REQUIRE(viz_region_coarsen(cells, &n, level) == VIZ_OK);
	err = viz_lookup_set_cells(l, ordinal, cells, n);
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
	viz_core_del(net->core, TABLE, key, sizeof key); /* may be absent */
	if (ordinal == NONE)
		return;
	check(net->core, viz_lookup_set_remove(net->coverage->lookup, ordinal));
	viz_coverage_index_ordinal_key(key, 'o', ordinal);
	viz_core_del(net->core, TABLE, key, VIZ_COVERAGE_ORDINAL_LEN);
	key[0] = 'f';
	viz_core_put(net->core, TABLE, key, VIZ_COVERAGE_ORDINAL_LEN, nil, sizeof nil);
}

/* ---- building ---- */

/* How far the index is built. */
struct progress {
	bool built;
	uint8_t place[VIZ_PLACE_LEN]; /* the last one that was indexed */
	size_t place_len;             /* 0: none yet, or all are indexed */
};

#define PROGRESS(F)                                                                                \
	F(CONST, VERSION) /* the schema opens no store of another */                               \
	F(BOOL, built)                                                                             \
	F(BUFFER, place)

static void save_progress(struct viz_net *net, const struct progress *p)
{
	VIZ_WRITER(w, 64);

	VIZ_FIELDS_WRITE(&w, p, PROGRESS);
	viz_core_put_row(net->core, VIZ_TABLE_META, VIZ_META(VIZ_META_COVERAGE_INDEX), &w);
	net->coverage->built = p->built;
}

/* Nothing is indexed yet when the row is absent. VIZ_ERR_STORE. */
static int read_progress(struct viz_core *core, struct progress *p)
{
	struct viz_slice v;

	memset(p, 0, sizeof *p);
	if (!viz_core_get(core, &v, VIZ_TABLE_META, VIZ_META(VIZ_META_COVERAGE_INDEX)))
		return VIZ_OK;
	return VIZ_FIELDS_PARSE(p, v.p, v.len, PROGRESS) == VIZ_OK ? VIZ_OK : VIZ_ERR_STORE;
}

int viz_coverage_index_load(struct viz_net *net)
{
	struct progress p = {0};
	int err = viz_lookup_open(&net->coverage->lookup, net->core->store);

	if (err == VIZ_OK)
		err = read_progress(net->core, &p);
	net->coverage->built = err == VIZ_OK && p.built;
	return err;
}

void viz_coverage_index_free(struct viz_net *net)
{
	if (net->coverage->lookup)
		viz_lookup_close(net->coverage->lookup);
	net->coverage->lookup = NULL;
}

void viz_coverage_index_build(struct viz_net *net)
{
	struct viz_slice key, value;
	struct viz_walk walk;
	struct progress p;
	size_t n = 0, ads = 0;

	if (net->coverage->built || read_progress(net->core, &p) != VIZ_OK || p.built)
		return;
	viz_walk_init(&walk, net->core->store, VIZ_TABLE_RECORD, NULL, 0);
	if (p.place_len > 0)
		viz_walk_from(&walk, p.place, p.place_len);
	while (n < STEP && ads < STEP_ADS && viz_walk_next(&walk, &key, &value)) {
		struct viz_held held;
		struct viz_record rec;
		uint8_t *copy;

		n++;
		VIZ_REQUIRE(key.len == sizeof p.place);
		memcpy(p.place, key.p, sizeof p.place);
		if (key.p[32] != VIZ_TYPE_COVERAGE)
			continue;
		VIZ_REQUIRE(viz_place_row_read(&held, value.p, value.len) == VIZ_OK);
		if (held.dead)
			continue;
		copy = viz_core_alloc(held.a_len); /* `held` is borrowed until the next write */
		memcpy(copy, held.a, held.a_len);
		VIZ_REQUIRE(viz_record_parse(&rec, copy, held.a_len) == VIZ_OK);
		viz_coverage_index_put(net, &rec);
		free(copy);
		ads++;
	}
	p.built = n < STEP && ads < STEP_ADS;
	p.place_len = p.built ? 0 : sizeof p.place;
	save_progress(net, &p);
}
