#include "store/lookup_inside.h"

#include "proto/coverage.h"

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
	return viz_store_poison(l->store, "look-up index", "a list is damaged");
}

void viz_lookup_own_key(uint8_t key[VIZ_LOOKUP_OWN_KEY], enum viz_lookup_kind kind,
			uint32_t ordinal)
{
	key[0] = (uint8_t)kind;
	viz_put_u32be(key + 1, ordinal);
}

void viz_lookup_place_key(uint8_t key[VIZ_LOOKUP_PLACE_KEY], uint32_t code)
{
	memcpy(key, VIZ_COUNTRY, 2);
	viz_put_u32be(key + 2, code);
}

int viz_lookup_load_levels(struct viz_lookup *l)
{
	uint8_t key[VIZ_LOOKUP_OWN_KEY];
	struct viz_slice v;
	int err = 0;

	VIZ_REQUIRE(l->store->txn);
	if (l->generation == l->store->generation)
		return l->store->poisoned ? VIZ_ERR_STORE : 0;
	viz_lookup_own_key(key, VIZ_LOOKUP_OWN_LEVELS, 0);
	err = viz_store_get(l->store, &v, VIZ_TABLE_LOOKUP_OWN, key, sizeof key);
	if (err && err != VIZ_ERR_ABSENT)
		return err;
	memset(l->cells, 0, sizeof l->cells);
	if (err == 0 && v.len != 8 * VIZ_LOOKUP_LEVELS)
		return viz_lookup_damaged(l);
	for (unsigned i = 0; i < VIZ_LOOKUP_LEVELS && err == 0; i++)
		l->cells[i] = viz_get_u64be(v.p + 8 * i);
	memset(l->last, 0, sizeof l->last);
	for (unsigned i = 0; i < VIZ_LOOKUP_DEPTHS; i++)
		l->runs[i].path = 0;
	l->last_cell = 0;
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
		viz_store_poison(l->store, "look-up", mdb_strerror(rc));
	}
	return *c;
}

int viz_lookup_gather(struct viz_lookup *l, const MDB_val *list)
{
	struct viz_postings p;
	uint64_t ordinal = 0;

	viz_postings_init(&p, list->mv_data, list->mv_size);
	while (viz_postings_next(&p, &ordinal)) {
		uint64_t bit = UINT64_C(1) << (ordinal % 64);

		if (ordinal >= VIZ_LOOKUP_ORDINALS)
			return viz_lookup_damaged(l);
		if (l->seen[ordinal / 64] & bit)
			continue;
		l->seen[ordinal / 64] |= bit;
		l->found[l->found_len++] = (uint32_t)ordinal;
	}
	l->lists++;
	return p.bad ? viz_lookup_damaged(l) : 0;
}

static void sort_few(uint32_t *a, size_t n)
{
	for (size_t i = 1; i < n; i++) {
		uint32_t x = a[i];
		size_t j = i;

		for (; j > 0 && a[j - 1] > x; j--)
			a[j] = a[j - 1];
		a[j] = x;
	}
}

/* What was found, from the bits: for many, cheaper than to sort. */
static void list_bits(struct viz_lookup *l)
{
	size_t n = 0;

	for (uint32_t w = 0; n < l->found_len; w++)
		for (uint64_t bits = l->seen[w]; bits; bits &= bits - 1)
			l->found[n++] = 64 * w + (uint32_t)__builtin_ctzll(bits);
}

static int give(struct viz_lookup *l, uint32_t *ordinals, size_t *n, size_t max)
{
	if (l->taken_len > max)
		return VIZ_ERR_LIMIT;
	if (l->taken_len)
		memcpy(ordinals, l->found, l->taken_len * sizeof *ordinals);
	*n = l->taken_len;
	return 0;
}

int viz_lookup_take(struct viz_lookup *l, uint32_t *ordinals, size_t *n, size_t max)
{
	size_t len = l->found_len;

	if (l->lists > 1 && len <= 48)
		sort_few(l->found, len);
	else if (l->lists > 1)
		list_bits(l);
	for (size_t i = 0; i < len; i++)
		l->seen[l->found[i] / 64] = 0;
	l->found_len = 0;
	l->taken_len = len;
	l->lists = 0;
	l->last_cell = 0;
	return ordinals ? give(l, ordinals, n, max) : VIZ_ERR_STORE;
}

/* Finds the list of one cell; empty when there is none. Points in order often share their coarse
 * cells, and so the last answer of each level. */
static int find_list(struct viz_lookup *l, MDB_val *list, uint64_t cell, unsigned level)
{
	struct viz_lookup_last *last = &l->last[level];
	unsigned place = level < VIZ_LOOKUP_SHARED_LEVEL ? level : VIZ_LOOKUP_SHARED_LEVEL;
	MDB_cursor *c = NULL;
	uint8_t key[8];
	MDB_val k = {8, key};
	int rc = 0;

	if (last->cell == cell) {
		*list = last->list;
		return 0;
	}
	c = viz_lookup_cursor(l, place, VIZ_TABLE_LOOKUP);
	if (!c)
		return VIZ_ERR_STORE;
	viz_put_u64be(key, cell);
	rc = mdb_cursor_get(c, &k, list, MDB_SET);
	if (rc == MDB_NOTFOUND)
		*list = (MDB_val){0, NULL};
	else if (rc)
		return viz_store_poison(l->store, "look-up", mdb_strerror(rc));
	last->cell = cell;
	last->list = *list;
	return 0;
}

/* Gathers the lists of the cell and of its ancestors, the fine ones first: they are the likeliest
 * to be in the page that the cursor has just found. */
static int gather_ancestors(struct viz_lookup *l, uint64_t cell, unsigned level)
{
	for (unsigned i = level + 1; i-- > 0;) {
		MDB_val list;

		if (l->cells[i] == 0)
			continue;
		if (find_list(l, &list, viz_cell_parent(cell, i), i) ||
		    (list.mv_size && viz_lookup_gather(l, &list)))
			return VIZ_ERR_STORE;
	}
	return 0;
}

int viz_lookup_point(struct viz_lookup *l, uint32_t *ordinals, size_t *n, size_t max,
		     struct viz_point p)
{
	unsigned finest = VIZ_CELL_LEVEL_MAX;
	uint64_t cell = 0;
	int err = 0;

	if (!viz_point_valid(p))
		return VIZ_ERR_MEANING;
	err = viz_lookup_load_levels(l);
	if (err)
		return err;
	while (finest > 0 && l->cells[finest] == 0)
		finest--;
	cell = viz_cell_from_point(p, finest);
	if (cell == l->last_cell)
		return give(l, ordinals, n, max);
	if (gather_ancestors(l, cell, finest))
		return viz_lookup_take(l, NULL, n, max);
	err = viz_lookup_take(l, ordinals, n, max);
	l->last_cell = cell;
	return err;
}

/* Gathers the lists of all cells inside `cell`, which itself is among them. */
static int gather_inside(struct viz_lookup *l, uint64_t cell)
{
	MDB_cursor *c = viz_lookup_cursor(l, VIZ_LOOKUP_CURSOR_RANGE, VIZ_TABLE_LOOKUP);
	uint64_t lo = 0;
	uint64_t hi = 0;
	uint8_t key[8];
	MDB_val k = {8, key};
	MDB_val v;
	int rc = 0;

	if (!c)
		return VIZ_ERR_STORE;
	viz_cell_range(cell, &lo, &hi);
	viz_put_u64be(key, lo);
	rc = mdb_cursor_get(c, &k, &v, MDB_SET_RANGE);
	while (rc == 0 && k.mv_size == 8 && viz_get_u64be(k.mv_data) <= hi) {
		if (viz_lookup_gather(l, &v))
			return VIZ_ERR_STORE;
		rc = mdb_cursor_get(c, &k, &v, MDB_NEXT);
	}
	if (rc && rc != MDB_NOTFOUND)
		return viz_store_poison(l->store, "look-up", mdb_strerror(rc));
	return 0;
}

int viz_lookup_cell(struct viz_lookup *l, uint32_t *ordinals, size_t *n, size_t max, uint64_t cell)
{
	unsigned level = 0;
	int err = 0;

	if (!viz_cell_valid(cell))
		return VIZ_ERR_MEANING;
	err = viz_lookup_load_levels(l);
	if (err)
		return err;
	level = viz_cell_level(cell);
	if (level > 0)
		err = gather_ancestors(l, viz_cell_parent(cell, level - 1), level - 1);
	if (err == 0)
		err = gather_inside(l, cell);
	return viz_lookup_take(l, err ? NULL : ordinals, n, max);
}

int viz_lookup_place(struct viz_lookup *l, uint32_t *ordinals, size_t *n, size_t max, uint32_t code)
{
	MDB_cursor *c = NULL;
	uint8_t key[VIZ_LOOKUP_PLACE_KEY];
	MDB_val k = {VIZ_LOOKUP_PLACE_KEY, key};
	MDB_val v;
	int rc = 0;
	int err = 0;

	VIZ_REQUIRE(l->store->txn);
	c = viz_lookup_cursor(l, VIZ_LOOKUP_CURSOR_PLACE, VIZ_TABLE_LOOKUP_PLACE);
	if (!c)
		return VIZ_ERR_STORE;
	viz_lookup_place_key(key, code);
	rc = mdb_cursor_get(c, &k, &v, MDB_SET);
	if (rc == 0)
		err = viz_lookup_gather(l, &v);
	else if (rc != MDB_NOTFOUND)
		err = viz_store_poison(l->store, "look-up", mdb_strerror(rc));
	return viz_lookup_take(l, err ? NULL : ordinals, n, max);
}
