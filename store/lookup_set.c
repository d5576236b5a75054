#include "store/lookup_inside.h"

#include "proto/geo/region.h"

/* A range as one number, so that a list of them is a list of postings. */
#define CEP_BITS 27

static int store_blocks(struct viz_lookup *l, const uint64_t before[VIZ_LOOKUP_TIERS])
{
	uint8_t value[8 * VIZ_LOOKUP_TIERS];
	uint8_t key[VIZ_LOOKUP_OWN_KEY];

	if (memcmp(before, l->blocks, sizeof l->blocks) == 0)
		return 0;
	for (unsigned i = 0; i < VIZ_LOOKUP_TIERS; i++)
		viz_be_put_u64(value + 8 * i, l->blocks[i]);
	viz_lookup_own_key(key, VIZ_LOOKUP_OWN_BLOCKS, 0);
	return viz_store_put(l->store, VIZ_TABLE_LOOKUP_OWN, key, sizeof key, value, sizeof value);
}

/* ---- rows of blocks ---- */

static int load_row(struct viz_lookup *l, struct viz_lookup_block *b, enum viz_table table,
		    uint64_t row)
{
	struct viz_slice v;
	uint8_t key[8];
	int err = 0;

	viz_lookup_row_key(key, row);
	err = viz_store_get(l->store, &v, table, key, sizeof key);
	if (err == 0 && viz_lookup_block_read(b, v.p, v.len))
		err = viz_lookup_damaged(l);
	return err;
}

/* `n` bytes of l->row. */
static int store_row(struct viz_lookup *l, enum viz_table table, uint64_t row, size_t n)
{
	uint8_t key[8];

	viz_lookup_row_key(key, row);
	return viz_store_put(l->store, table, key, sizeof key, l->row, n);
}

/* Writes the row as it is, but for whether another one follows. */
static int mark_row(struct viz_lookup *l, const struct viz_lookup_block *b, enum viz_table table,
		    uint64_t row, bool more)
{
	memcpy(l->row, b->tags - 2, b->len);
	l->row[1] = (uint8_t)((l->row[1] & 0x7f) | (more ? 0x80 : 0));
	return store_row(l, table, row, b->len);
}

/* The last row of the block has become empty: deletes it, with empty ones before it. */
static int drop_rows(struct viz_lookup *l, enum viz_table table, uint64_t base, unsigned row)
{
	struct viz_lookup_block b = {.n = 0};
	uint8_t key[8];
	int err = 0;

	while (err == 0 && b.n == 0) {
		viz_lookup_row_key(key, base + row);
		err = viz_store_del(l->store, table, key, sizeof key);
		if (err == 0 && row == 0) {
			--l->blocks[viz_lookup_tier(table, base)];
			return 0;
		}
		if (err == 0)
			err = load_row(l, &b, table, base + --row);
	}
	return err ? err : mark_row(l, &b, table, base + row, false);
}

/* Replaces the member's entries in the row that has them. *placed: they fit there. */
static int replace_in_block(struct viz_lookup *l, bool *placed, enum viz_table table, uint64_t base,
			    uint32_t ordinal, size_t n)
{
	struct viz_lookup_block b = {.more = true};
	struct viz_lookup_block new;
	unsigned row = 0;
	size_t len = 0;
	int err = 0;

	for (;; row++) {
		err = b.more ? load_row(l, &b, table, base + row) : VIZ_ERR_ABSENT;
		if (err)
			return err == VIZ_ERR_ABSENT ? viz_lookup_damaged(l) : err;
		if (viz_lookup_block_has(&b, ordinal))
			break;
	}
	err = viz_lookup_block_write(l->row, &len, &b, ordinal, l->tags, n);
	*placed = err == 0 && (len <= VIZ_BLOCK_ROW_BYTES || len <= b.len);
	if (!*placed && err != VIZ_ERR_STORE)
		err = viz_lookup_block_write(l->row, &len, &b, ordinal, NULL, 0);
	if (err || viz_lookup_block_read(&new, l->row, len))
		return viz_lookup_damaged(l);
	*placed |= n == 0;
	if (new.n == 0 && !new.more)
		return drop_rows(l, table, base, row);
	return store_row(l, table, base + row, len);
}

/* Adds l->tags to the first row that can take them, or to a new one. */
static int add_to_block(struct viz_lookup *l, enum viz_table table, uint64_t base, uint32_t ordinal,
			size_t n)
{
	struct viz_lookup_block b = {.n = 0};
	unsigned row = 0;
	size_t len = 0;
	int err = load_row(l, &b, table, base);

	if (err == VIZ_ERR_ABSENT)
		++l->blocks[viz_lookup_tier(table, base)];
	else if (err)
		return err;
	while (err == 0 && b.n > 0 && b.len + 8 * n > VIZ_BLOCK_ROW_BYTES) {
		if (++row == VIZ_LOOKUP_ROWS_MAX)
			return VIZ_ERR_LIMIT;
		if (b.more)
			err = load_row(l, &b, table, base + row);
		else if ((err = mark_row(l, &b, table, base + row - 1, true)) == 0)
			err = VIZ_ERR_EXISTS; /* the one before it */
		if (err == VIZ_ERR_ABSENT)
			return viz_lookup_damaged(l);
	}
	if (err == VIZ_ERR_ABSENT || err == VIZ_ERR_EXISTS)
		b = (struct viz_lookup_block){.n = 0};
	else if (err)
		return err;
	if (viz_lookup_block_write(l->row, &len, &b, ordinal, l->tags, n))
		return viz_lookup_damaged(l);
	return store_row(l, table, base + row, len);
}

static int compare_parts(const void *a, const void *b)
{
	const struct viz_lookup_part *x = a;
	const struct viz_lookup_part *y = b;

	if (x->base != y->base)
		return x->base < y->base ? -1 : 1;
	return (x->tag > y->tag) - (x->tag < y->tag);
}

/* The parts of a member's list, in the order of blocks and tags. NULL: no memory. */
static struct viz_lookup_part *parts_of(size_t *parts_n, enum viz_lookup_kind kind,
					const uint64_t *list, size_t n)
{
	size_t per = kind == VIZ_LOOKUP_OWN_CELLS ? 1 : VIZ_LOOKUP_CEP_PARTS;
	struct viz_lookup_part *parts = malloc((n * per + 1) * sizeof *parts);

	*parts_n = 0;
	for (size_t i = 0; i < n && parts; i++) {
		struct viz_cep_range range = {(uint32_t)(list[i] >> CEP_BITS),
					      (uint32_t)(list[i] & ((1u << CEP_BITS) - 1))};

		if (kind == VIZ_LOOKUP_OWN_CELLS)
			viz_lookup_cell_part(&parts[(*parts_n)++], list[i]);
		else
			*parts_n += viz_lookup_cep_parts(parts + *parts_n, range);
	}
	if (parts)
		qsort(parts, *parts_n, sizeof *parts, compare_parts);
	return parts;
}

/* How many of the parts from `at` on are in the same block. */
static size_t block_end(const struct viz_lookup_part *parts, size_t at, size_t n)
{
	size_t end = at;

	while (end < n && parts[end].base == parts[at].base)
		end++;
	return end;
}

/* One block: the member had `old` there and gets `new`. */
static int set_block(struct viz_lookup *l, enum viz_table table, uint64_t base, uint32_t ordinal,
		     const struct viz_lookup_part *old, size_t old_n,
		     const struct viz_lookup_part *new, size_t new_n)
{
	bool same = old_n == new_n;
	bool placed = false;
	int err = 0;

	for (size_t i = 0; i < new_n && same; i++)
		same = old[i].tag == new[i].tag;
	if (same)
		return 0;
	VIZ_REQUIRE(new_n <= VIZ_BLOCK_TAGS_MAX);
	for (size_t i = 0; i < new_n; i++)
		l->tags[i] = new[i].tag;
	if (old_n > 0)
		err = replace_in_block(l, &placed, table, base, ordinal, new_n);
	return err || placed ? err : add_to_block(l, table, base, ordinal, new_n);
}

/* What differs between two lists of cells or of ranges, block by block. */
static int set_blocks(struct viz_lookup *l, enum viz_lookup_kind kind, uint32_t ordinal,
		      const uint64_t *old_list, size_t old_list_n, const uint64_t *new_list,
		      size_t new_list_n)
{
	enum viz_table table =
	    kind == VIZ_LOOKUP_OWN_CELLS ? VIZ_TABLE_LOOKUP : VIZ_TABLE_LOOKUP_CEP;
	size_t old_n = 0;
	size_t new_n = 0;
	struct viz_lookup_part *old = parts_of(&old_n, kind, old_list, old_list_n);
	struct viz_lookup_part *new = parts_of(&new_n, kind, new_list, new_list_n);
	uint64_t before[VIZ_LOOKUP_TIERS];
	int err = old && new ? 0 : VIZ_ERR_NOMEM;

	memcpy(before, l->blocks, sizeof before);
	for (size_t i = 0, j = 0; err == 0 && (i < old_n || j < new_n);) {
		size_t i_end = block_end(old, i, old_n);
		size_t j_end = block_end(new, j, new_n);

		if (i < old_n && j < new_n && old[i].base < new[j].base)
			j_end = j;
		if (i < old_n && j < new_n && new[j].base < old[i].base)
			i_end = i;
		err = set_block(l, table, i_end > i ? old[i].base : new[j].base, ordinal, old + i,
				i_end - i, new + j, j_end - j);
		i = i_end;
		j = j_end;
	}
	free(old);
	free(new);
	return err ? err : store_blocks(l, before);
}

/* ---- municipalities ---- */

/* Adds the ordinal to a municipality's list, or removes it. The store is damaged when an ordinal to
 * add is there already, or one to remove is not. */
static int touch_place(struct viz_lookup *l, uint32_t code, uint32_t ordinal, bool add)
{
	struct viz_slice old = {l->list, 0}; /* empty, but not NULL */
	uint8_t key[VIZ_LOOKUP_PLACE_KEY];
	size_t len = 0;
	int err = 0;

	viz_lookup_place_key(key, code);
	err = viz_store_get(l->store, &old, VIZ_TABLE_LOOKUP_PLACE, key, sizeof key);
	if (err && err != VIZ_ERR_ABSENT)
		return err;
	if (old.len > sizeof l->list - 2 * VIZ_POSTINGS_VARINT_MAX)
		return viz_lookup_damaged(l);
	if (add)
		err = viz_postings_add(l->list, &len, old.p, old.len, ordinal);
	else
		err = viz_postings_remove(l->list, &len, old.p, old.len, ordinal);
	if (err)
		return viz_lookup_damaged(l);
	if (len == 0)
		return viz_store_del(l->store, VIZ_TABLE_LOOKUP_PLACE, key, sizeof key);
	return viz_store_put(l->store, VIZ_TABLE_LOOKUP_PLACE, key, sizeof key, l->list, len);
}

/* Touches what is in `list` and not in `other`; both ascend. */
static int touch_rest(struct viz_lookup *l, uint32_t ordinal, const uint64_t *list, size_t n,
		      const uint64_t *other, size_t other_n, bool add)
{
	size_t j = 0;
	int err = 0;

	for (size_t i = 0; i < n && err == 0; i++) {
		while (j < other_n && other[j] < list[i])
			j++;
		if (j == other_n || other[j] != list[i])
			err = touch_place(l, (uint32_t)list[i], ordinal, add);
	}
	return err;
}

/* ---- a member's own lists ---- */

static int load_own(struct viz_lookup *l, uint64_t **list, size_t *n, enum viz_lookup_kind kind,
		    uint32_t ordinal)
{
	uint8_t key[VIZ_LOOKUP_OWN_KEY];
	struct viz_slice v;
	int err = 0;

	viz_lookup_own_key(key, kind, ordinal);
	*list = NULL;
	*n = 0;
	err = viz_store_get(l->store, &v, VIZ_TABLE_LOOKUP_OWN, key, sizeof key);
	if (err)
		return err == VIZ_ERR_ABSENT ? 0 : err;
	*list = malloc((v.len + 1) * sizeof **list);
	if (!*list)
		return VIZ_ERR_NOMEM;
	if (viz_postings_unpack(*list, n, v.len, v.p, v.len) == 0)
		return 0;
	free(*list);
	*list = NULL;
	return viz_lookup_damaged(l);
}

static int store_own(struct viz_lookup *l, enum viz_lookup_kind kind, uint32_t ordinal,
		     const uint64_t *list, size_t n)
{
	uint8_t key[VIZ_LOOKUP_OWN_KEY];
	uint8_t *bytes = NULL;
	size_t len = 0;
	int err = 0;

	viz_lookup_own_key(key, kind, ordinal);
	if (n == 0) {
		err = viz_store_del(l->store, VIZ_TABLE_LOOKUP_OWN, key, sizeof key);
		return err == VIZ_ERR_ABSENT ? 0 : err;
	}
	bytes = malloc(n * VIZ_POSTINGS_VARINT_MAX);
	if (!bytes)
		return VIZ_ERR_NOMEM;
	len = viz_postings_pack(bytes, list, n);
	err = viz_store_put(l->store, VIZ_TABLE_LOOKUP_OWN, key, sizeof key, bytes, len);
	free(bytes);
	return err;
}

/* The member's own list is written first: it is the larger put, and may be refused while nothing
 * has changed. */
static int replace(struct viz_lookup *l, enum viz_lookup_kind kind, uint32_t ordinal,
		   const uint64_t *list, size_t n)
{
	uint64_t *old = NULL;
	size_t old_n = 0;
	int err = 0;

	if (ordinal >= VIZ_LOOKUP_ORDINALS)
		return VIZ_ERR_LIMIT;
	err = load_own(l, &old, &old_n, kind, ordinal);
	if (err)
		return err;
	if (old_n == n && (n == 0 || memcmp(old, list, n * sizeof *list) == 0)) {
		free(old);
		return 0;
	}
	viz_backend_drop_lookup(l->store);
	err = viz_lookup_load(l);
	if (err == 0)
		err = store_own(l, kind, ordinal, list, n);
	if (err == 0 && kind != VIZ_LOOKUP_OWN_PLACES)
		err = set_blocks(l, kind, ordinal, old, old_n, list, n);
	if (err == 0 && kind == VIZ_LOOKUP_OWN_PLACES)
		err = touch_rest(l, ordinal, old, old_n, list, n, false);
	if (err == 0 && kind == VIZ_LOOKUP_OWN_PLACES)
		err = touch_rest(l, ordinal, list, n, old, old_n, true);
	free(old);
	return err;
}

int viz_lookup_set_cells(struct viz_lookup *l, uint32_t ordinal, const uint64_t *cells, size_t n)
{
	if (n > VIZ_LOOKUP_CELLS_MAX)
		return VIZ_ERR_LIMIT;
	if (!viz_region_is_normalised(cells, n))
		return VIZ_ERR_MEANING;
	return replace(l, VIZ_LOOKUP_OWN_CELLS, ordinal, cells, n);
}

int viz_lookup_set_ceps(struct viz_lookup *l, uint32_t ordinal, const struct viz_cep_range *ranges,
			size_t n)
{
	uint64_t *list = NULL;
	int err = 0;

	if (n > VIZ_CEP_RANGES_MAX)
		return VIZ_ERR_LIMIT;
	if (!viz_cep_is_normalised(ranges, n))
		return VIZ_ERR_MEANING;
	list = malloc((n + 1) * sizeof *list);
	if (!list)
		return VIZ_ERR_NOMEM;
	for (size_t i = 0; i < n; i++)
		list[i] = (uint64_t)ranges[i].from << CEP_BITS | ranges[i].to;
	err = replace(l, VIZ_LOOKUP_OWN_CEPS, ordinal, list, n);
	free(list);
	return err;
}

int viz_lookup_set_places(struct viz_lookup *l, uint32_t ordinal, const uint32_t *codes, size_t n)
{
	uint64_t *list = NULL;
	int err = 0;

	if (n > VIZ_LOOKUP_PLACES_MAX)
		return VIZ_ERR_LIMIT;
	for (size_t i = 1; i < n; i++)
		if (codes[i] <= codes[i - 1])
			return VIZ_ERR_MEANING;
	list = malloc((n + 1) * sizeof *list);
	if (!list)
		return VIZ_ERR_NOMEM;
	for (size_t i = 0; i < n; i++)
		list[i] = codes[i];
	err = replace(l, VIZ_LOOKUP_OWN_PLACES, ordinal, list, n);
	free(list);
	return err;
}

int viz_lookup_set_remove(struct viz_lookup *l, uint32_t ordinal)
{
	int err = replace(l, VIZ_LOOKUP_OWN_CELLS, ordinal, NULL, 0);

	if (err == 0)
		err = replace(l, VIZ_LOOKUP_OWN_CEPS, ordinal, NULL, 0);
	return err ? err : replace(l, VIZ_LOOKUP_OWN_PLACES, ordinal, NULL, 0);
}
