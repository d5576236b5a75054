#include "store/lookup_inside.h"

#include "proto/coverage.h"

/* Cells stand in blocks. A block is a cell of the tier's level, with all cells in it down to where
 * the next finer tier begins. So a look-up is one search in each tier that is in use, not in each
 * level. An entry's tag is the path from the block to the cell with a 1 before it, which gives its
 * length. */
static const uint8_t tier_level[VIZ_LOOKUP_CELL_TIERS] = {VIZ_LOOKUP_LEVEL, 9, 5, 0};
static const uint8_t tier_finest[VIZ_LOOKUP_CELL_TIERS] = {VIZ_CELL_LEVEL_MAX, 13, 8, 4};

#define TIER_SHIFT        56
#define FETCH_AHEAD_BYTES 448

int viz_lookup_open(struct viz_lookup **out, struct viz_store *s)
{
	struct viz_lookup *l = calloc(1, sizeof *l);

	if (!l)
		return VIZ_ERR_NOMEM;
	l->store = s;
	*out = l;
	return 0;
}

void viz_lookup_close(struct viz_lookup *l)
{
	free(l);
}

int viz_lookup_damaged(struct viz_lookup *l)
{
	return viz_backend_poison(l->store, "look-up index", "a list is damaged");
}

void viz_lookup_own_key(uint8_t key[VIZ_LOOKUP_OWN_KEY], enum viz_lookup_kind kind,
			uint32_t ordinal)
{
	key[0] = (uint8_t)kind;
	viz_be_put_u32(key + 1, ordinal);
}

void viz_lookup_place_key(uint8_t key[VIZ_LOOKUP_PLACE_KEY], uint32_t code)
{
	memcpy(key, VIZ_COUNTRY, 2);
	viz_be_put_u32(key + 2, code);
}

int viz_lookup_load(struct viz_lookup *l)
{
	uint8_t key[VIZ_LOOKUP_OWN_KEY];
	struct viz_slice v;
	int err = 0;

	VIZ_REQUIRE(l->store->txn);
	if (l->generation == l->store->generation)
		return l->store->poisoned ? VIZ_ERR_STORE : 0;
	viz_lookup_own_key(key, VIZ_LOOKUP_OWN_BLOCKS, 0);
	err = viz_store_get(l->store, &v, VIZ_TABLE_LOOKUP_OWN, key, sizeof key);
	if (err && err != VIZ_ERR_ABSENT)
		return err;
	memset(l->blocks, 0, sizeof l->blocks);
	if (err == 0 && v.len != sizeof l->blocks)
		return viz_lookup_damaged(l);
	for (unsigned i = 0; i < VIZ_LOOKUP_TIERS && err == 0; i++)
		l->blocks[i] = viz_be_get_u64(v.p + 8 * i);
	memset(l->last, 0, sizeof l->last);
	l->generation = l->store->generation;
	return 0;
}

MDB_cursor *viz_lookup_cursor(struct viz_lookup *l, unsigned place, enum viz_table table)
{
	MDB_cursor **c = &l->store->lookup[place];
	int rc = 0;

	if (l->store->poisoned)
		return NULL;
	if (!*c && (rc = mdb_cursor_open(l->store->txn, l->store->dbi[table], c))) {
		*c = NULL;
		viz_backend_poison(l->store, "look-up", mdb_strerror(rc));
	}
	return *c;
}

void viz_lookup_gather_once(struct viz_lookup *l, struct viz_lookup_found *f, const uint8_t *list,
			    size_t n)
{
	for (size_t i = 0; i < n; i++) {
		uint32_t ordinal = viz_lookup_block_u16(list, i);
		uint64_t bit = UINT64_C(1) << (ordinal % 64);

		if (l->seen[ordinal / 64] & bit)
			continue;
		if (f->n == f->max) {
			f->over = true;
			return;
		}
		l->seen[ordinal / 64] |= bit;
		f->ordinals[f->n++] = ordinal;
	}
}

void viz_lookup_forget(struct viz_lookup *l, const struct viz_lookup_found *f)
{
	for (size_t i = 0; i < f->n; i++)
		l->seen[f->ordinals[i] / 64] = 0;
}

unsigned viz_lookup_tier(enum viz_table table, uint64_t base)
{
	unsigned tier = (unsigned)(base >> TIER_SHIFT);

	return table == VIZ_TABLE_LOOKUP ? tier : VIZ_LOOKUP_CELL_TIERS + tier;
}

/* A cursor that stands in the same leaf saves the search. With a cursor elsewhere LMDB first looks
 * at both ends of that leaf, which would be loaded for nothing. */
static bool is_near(const struct viz_lookup_last *last, uint64_t base)
{
	uint64_t reach = UINT64_C(64) << VIZ_LOOKUP_ROW_BITS;

	return last->known && base - last->base + reach < 2 * reach;
}

/* Look-ups in order often ask for the same block again. */
static int find_block(struct viz_lookup *l, MDB_val *value, unsigned tier, uint64_t base,
		      unsigned row)
{
	struct viz_lookup_last *last = &l->last[tier];
	enum viz_table table =
	    tier < VIZ_LOOKUP_CELL_TIERS ? VIZ_TABLE_LOOKUP : VIZ_TABLE_LOOKUP_CEP;
	MDB_cursor *c = NULL;
	uint8_t key[8];
	MDB_val k = {8, key};
	int rc = 0;

	if (row == 0 && last->known && last->base == base) {
		*value = last->row;
		return 0;
	}
	viz_lookup_row_key(key, base + row);
	if (is_near(last, base)) {
		c = viz_lookup_cursor(l, tier, table);
		if (!c)
			return VIZ_ERR_STORE;
		rc = mdb_cursor_get(c, &k, value, MDB_SET);
	} else {
		rc = mdb_get(l->store->txn, l->store->dbi[table], &k, value);
	}
	if (rc == MDB_NOTFOUND)
		*value = (MDB_val){0, NULL};
	else if (rc)
		return viz_backend_poison(l->store, "look-up", mdb_strerror(rc));
	else if (viz_backend_open_row(l->store, value, table, &k))
		return VIZ_ERR_STORE;
	if (row == 0)
		*last = (struct viz_lookup_last){base, *value, true};
	return 0;
}

/* Loads the cache lines of a row ahead: all of them are needed soon. */
static void fetch_ahead(const MDB_val *value)
{
	const char *p = value->mv_data;

	for (size_t at = 0; at < value->mv_size && at < FETCH_AHEAD_BYTES; at += 64)
		__builtin_prefetch(p + at);
}

int viz_lookup_touch(struct viz_lookup *l, unsigned tier, uint64_t base)
{
	MDB_val value;

	if (find_block(l, &value, tier, base, 0))
		return VIZ_ERR_STORE;
	fetch_ahead(&value);
	return 0;
}

int viz_lookup_row(struct viz_lookup *l, struct viz_lookup_block *b, unsigned tier, uint64_t base,
		   unsigned row)
{
	MDB_val value;

	if (find_block(l, &value, tier, base, row))
		return VIZ_ERR_STORE;
	*b = (struct viz_lookup_block){.n = 0};
	if (!value.mv_data && row == 0)
		return 0;
	if (!value.mv_data || viz_lookup_block_read(b, value.mv_data, value.mv_size))
		return viz_lookup_damaged(l);
	return 0;
}

int viz_lookup_rows(struct viz_lookup *l, struct viz_lookup_found *f, enum viz_table table,
		    uint64_t first, uint64_t last,
		    int (*entries)(struct viz_lookup *l, struct viz_lookup_found *f,
				   const struct viz_lookup_block *b, uint64_t base,
				   const void *arg),
		    const void *arg)
{
	MDB_cursor *c = NULL;
	struct viz_lookup_block b;
	uint8_t key[8];
	MDB_val k = {8, key};
	MDB_val v;
	int rc = 0;

	/* two tables share this place: close the cursor of the other one */
	if (l->store->lookup[VIZ_LOOKUP_CURSOR_RANGE])
		mdb_cursor_close(l->store->lookup[VIZ_LOOKUP_CURSOR_RANGE]);
	l->store->lookup[VIZ_LOOKUP_CURSOR_RANGE] = NULL;
	c = viz_lookup_cursor(l, VIZ_LOOKUP_CURSOR_RANGE, table);
	if (!c)
		return VIZ_ERR_STORE;
	last |= VIZ_LOOKUP_ROWS_MAX - 1;
	viz_lookup_row_key(key, first);
	rc = mdb_cursor_get(c, &k, &v, MDB_SET_RANGE);
	while (rc == 0) {
		uint64_t at = viz_lookup_row_number(&k);

		if (at > last)
			return 0;
		if (viz_backend_open_row(l->store, &v, table, &k))
			return VIZ_ERR_STORE;
		if (at == 0 || viz_lookup_block_read(&b, v.mv_data, v.mv_size))
			return viz_lookup_damaged(l);
		if (entries(l, f, &b, at & ~(uint64_t)(VIZ_LOOKUP_ROWS_MAX - 1), arg))
			return VIZ_ERR_STORE;
		rc = mdb_cursor_get(c, &k, &v, MDB_NEXT);
	}
	if (rc != MDB_NOTFOUND)
		return viz_backend_poison(l->store, "look-up", mdb_strerror(rc));
	return 0;
}

static uint64_t cell_base(unsigned tier, uint64_t block)
{
	return (uint64_t)tier << TIER_SHIFT | block << VIZ_LOOKUP_ROW_BITS;
}

/* The path of `depth` levels from a block of `level` to the cell or its ancestor there. */
static uint32_t path(uint64_t cell, unsigned level, unsigned depth)
{
	uint64_t q = cell >> (2 * (VIZ_CELL_LEVEL_MAX - level - depth) + 1);

	return 1u << (2 * depth) | (uint32_t)(q & ((1u << (2 * depth)) - 1));
}

static unsigned tier_of(unsigned level)
{
	unsigned tier = 0;

	while (level < tier_level[tier])
		tier++;
	return tier;
}

void viz_lookup_cell_part(struct viz_lookup_part *part, uint64_t cell)
{
	unsigned level = viz_cell_level(cell);
	unsigned tier = tier_of(level);

	part->base = cell_base(tier, viz_cell_parent(cell, tier_level[tier]));
	part->tag = path(cell, tier_level[tier], level - tier_level[tier]);
}

size_t viz_lookup_blocks(const uint64_t *cells, size_t n)
{
	struct viz_lookup_part part;
	uint64_t last = UINT64_MAX;
	size_t blocks = 0;

	for (size_t i = 0; i < n; i++) {
		viz_lookup_cell_part(&part, cells[i]);
		blocks += part.base != last;
		last = part.base;
	}
	return blocks;
}

/* How many levels below its block the entry with this tag is. */
static unsigned tag_depth(uint32_t tag)
{
	return tag ? (31 - (unsigned)__builtin_clz(tag)) / 2 : 0;
}

/* The cells of a member do not overlap. So a point is in at most one of them, and no member is
 * found twice. */
static int point_in_tier(struct viz_lookup *l, struct viz_lookup_found *f, unsigned tier,
			 uint64_t cell)
{
	unsigned level = tier_level[tier];
	uint64_t base = cell_base(tier, viz_cell_parent(cell, level));
	struct viz_lookup_block b = {.more = true};

	for (unsigned row = 0; b.more; row++) {
		unsigned finest = 0;

		if (viz_lookup_row(l, &b, tier, base, row))
			return VIZ_ERR_STORE;
		if (b.n == 0)
			continue;
		finest = tag_depth(viz_lookup_block_tag(&b, b.n - 1));
		if (finest > tier_finest[tier] - level)
			return viz_lookup_damaged(l);
		for (unsigned d = tag_depth(viz_lookup_block_tag(&b, 0)); d <= finest; d++) {
			uint32_t tag = path(cell, level, d);
			size_t at = viz_lookup_block_find(&b, tag);

			if (at < b.n && viz_lookup_block_tag(&b, at) == tag &&
			    viz_lookup_gather(l, f, &b, at))
				return VIZ_ERR_STORE;
		}
	}
	return 0;
}

static int done(const struct viz_lookup_found *f, size_t *n)
{
	if (f->over)
		return VIZ_ERR_LIMIT;
	*n = f->n;
	return 0;
}

int viz_lookup_point(struct viz_lookup *l, uint32_t *ordinals, size_t *n, size_t max,
		     struct viz_point p)
{
	struct viz_lookup_found f = {.ordinals = ordinals, .max = max};
	uint64_t cell = 0;
	int err = 0;

	if (!viz_point_valid(p))
		return VIZ_ERR_MEANING;
	err = viz_lookup_load(l);
	if (err)
		return err;
	cell = viz_cell_from_point(p, VIZ_CELL_LEVEL_MAX);
	/* search all tiers before any row is read: memory loads the rows meanwhile */
	for (unsigned tier = VIZ_LOOKUP_CELL_TIERS; tier-- > 0;)
		if (l->blocks[tier] &&
		    viz_lookup_touch(l, tier,
				     cell_base(tier, viz_cell_parent(cell, tier_level[tier]))))
			return VIZ_ERR_STORE;
	for (unsigned tier = 0; tier < VIZ_LOOKUP_CELL_TIERS; tier++)
		if (l->blocks[tier] && point_in_tier(l, &f, tier, cell))
			return VIZ_ERR_STORE;
	return done(&f, n);
}

/* The entries of a row that meet the cell: its ancestors, itself, and what is in it. */
static int entries_meeting(struct viz_lookup *l, struct viz_lookup_found *f,
			   const struct viz_lookup_block *b, uint64_t base, const void *arg)
{
	uint64_t cell = *(const uint64_t *)arg;
	unsigned tier = (unsigned)(base >> TIER_SHIFT);
	unsigned level = tier < VIZ_LOOKUP_CELL_TIERS ? tier_level[tier] : 0;
	unsigned depth = viz_cell_level(cell) > level ? viz_cell_level(cell) - level : 0;
	unsigned deepest = VIZ_CELL_LEVEL_MAX - level;

	for (size_t i = 0; i < b->n; i++) {
		uint32_t tag = viz_lookup_block_tag(b, i);
		unsigned d = tag_depth(tag);

		if (d > deepest)
			return viz_lookup_damaged(l);
		if (depth > 0 && (d <= depth ? tag != path(cell, level, d)
					     : tag >> 2 * (d - depth) != path(cell, level, depth)))
			continue;
		if (viz_lookup_gather(l, f, b, i))
			return VIZ_ERR_STORE;
	}
	return 0;
}

int viz_lookup_cell(struct viz_lookup *l, uint32_t *ordinals, size_t *n, size_t max, uint64_t cell)
{
	struct viz_lookup_found f = {.ordinals = ordinals, .max = max, .once = true};
	uint64_t lo = 0;
	uint64_t hi = 0;
	int err = 0;

	if (!viz_cell_valid(cell))
		return VIZ_ERR_MEANING;
	err = viz_lookup_load(l);
	if (err)
		return err;
	viz_cell_range(cell, &lo, &hi);
	for (unsigned tier = 0; tier < VIZ_LOOKUP_CELL_TIERS && err == 0; tier++) {
		if (viz_cell_level(cell) >= tier_level[tier])
			lo = hi = viz_cell_parent(cell, tier_level[tier]);
		if (l->blocks[tier])
			err = viz_lookup_rows(l, &f, VIZ_TABLE_LOOKUP, cell_base(tier, lo),
					      cell_base(tier, hi), entries_meeting, &cell);
	}
	viz_lookup_forget(l, &f);
	return err ? err : done(&f, n);
}

int viz_lookup_place(struct viz_lookup *l, uint32_t *ordinals, size_t *n, size_t max, uint32_t code)
{
	MDB_cursor *c = NULL;
	struct viz_postings p;
	uint8_t key[VIZ_LOOKUP_PLACE_KEY];
	MDB_val k = {VIZ_LOOKUP_PLACE_KEY, key};
	MDB_val v = {0, NULL};
	uint64_t ordinal = 0;
	size_t count = 0;
	int rc = 0;

	VIZ_REQUIRE(l->store->txn);
	c = viz_lookup_cursor(l, VIZ_LOOKUP_CURSOR_PLACE, VIZ_TABLE_LOOKUP_PLACE);
	if (!c)
		return VIZ_ERR_STORE;
	viz_lookup_place_key(key, code);
	rc = mdb_cursor_get(c, &k, &v, MDB_SET);
	if (rc && rc != MDB_NOTFOUND)
		return viz_backend_poison(l->store, "look-up", mdb_strerror(rc));
	if (rc == 0 && viz_backend_open_row(l->store, &v, VIZ_TABLE_LOOKUP_PLACE, &k))
		return VIZ_ERR_STORE;
	viz_postings_init(&p, v.mv_data, rc ? 0 : v.mv_size);
	while (viz_postings_next(&p, &ordinal)) {
		if (ordinal >= VIZ_LOOKUP_ORDINALS)
			return viz_lookup_damaged(l);
		if (count == max)
			return VIZ_ERR_LIMIT;
		ordinals[count++] = (uint32_t)ordinal;
	}
	if (p.bad)
		return viz_lookup_damaged(l);
	*n = count;
	return 0;
}
