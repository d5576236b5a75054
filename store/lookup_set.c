#include "store/lookup_inside.h"

#include "proto/region.h"

/* A range as one number, so that a list of them is a list of postings. */
#define CEP_BITS 27

static int store_levels(struct viz_lookup *l)
{
	uint8_t value[8 * VIZ_LOOKUP_LEVELS];
	uint8_t key[VIZ_LOOKUP_OWN_KEY];

	for (unsigned i = 0; i < VIZ_LOOKUP_LEVELS; i++)
		viz_put_u64be(value + 8 * i, l->cells[i]);
	viz_lookup_own_key(key, VIZ_LOOKUP_OWN_LEVELS, 0);
	return viz_store_put(l->store, VIZ_TABLE_LOOKUP_OWN, key, sizeof key, value, sizeof value);
}

int viz_lookup_touch(struct viz_lookup *l, uint64_t *keys, enum viz_table table, const uint8_t *key,
		     size_t key_len, uint32_t ordinal, bool add)
{
	struct viz_slice old = {NULL, 0};
	size_t len = 0;
	int err = viz_store_get(l->store, &old, table, key, key_len);

	if (err && err != VIZ_ERR_ABSENT)
		return err;
	if (err && add)
		++*keys;
	if (old.len > sizeof l->list - 2 * VIZ_POSTINGS_VARINT_MAX)
		return viz_lookup_damaged(l);
	if (add)
		err = viz_postings_add(l->list, &len, old.p, old.len, ordinal);
	else
		err = viz_postings_remove(l->list, &len, old.p, old.len, ordinal);
	if (err)
		return viz_lookup_damaged(l);
	if (len > 0)
		return viz_store_put(l->store, table, key, key_len, l->list, len);
	--*keys;
	return viz_store_del(l->store, table, key, key_len);
}

/* One element of a member's list, into the index or out of it. */
static int touch_element(struct viz_lookup *l, enum viz_lookup_kind kind, uint64_t element,
			 uint32_t ordinal, bool add)
{
	struct viz_cep_range range;
	uint64_t unused = 1;
	uint8_t key[8];

	switch (kind) {
	case VIZ_LOOKUP_OWN_CELLS:
		viz_put_u64be(key, element);
		return viz_lookup_touch(l, &l->cells[viz_cell_level(element)], VIZ_TABLE_LOOKUP,
					key, 8, ordinal, add);
	case VIZ_LOOKUP_OWN_CEPS:
		range.from = (uint32_t)(element >> CEP_BITS);
		range.to = (uint32_t)(element & ((1u << CEP_BITS) - 1));
		return viz_lookup_cep_touch(l, range, ordinal, add);
	case VIZ_LOOKUP_OWN_PLACES:
		viz_lookup_place_key(key, (uint32_t)element);
		return viz_lookup_touch(l, &unused, VIZ_TABLE_LOOKUP_PLACE, key,
					VIZ_LOOKUP_PLACE_KEY, ordinal, add);
	case VIZ_LOOKUP_OWN_LEVELS:
		break;
	}
	return VIZ_ERR_STATE;
}

/* Touches what is in `list` and not in `other`; both ascend. */
static int touch_rest(struct viz_lookup *l, enum viz_lookup_kind kind, uint32_t ordinal,
		      const uint64_t *list, size_t n, const uint64_t *other, size_t other_n,
		      bool add)
{
	size_t j = 0;
	int err = 0;

	for (size_t i = 0; i < n && err == 0; i++) {
		while (j < other_n && other[j] < list[i])
			j++;
		if (j == other_n || other[j] != list[i])
			err = touch_element(l, kind, list[i], ordinal, add);
	}
	return err;
}

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

/* The member's own list first: it is the larger put, and may be refused before anything changed. */
static int replace(struct viz_lookup *l, enum viz_lookup_kind kind, uint32_t ordinal,
		   const uint64_t *list, size_t n)
{
	uint64_t *old = NULL;
	size_t old_n = 0;
	int err = 0;

	if (ordinal >= VIZ_LOOKUP_ORDINALS)
		return VIZ_ERR_LIMIT;
	err = viz_lookup_load_levels(l);
	if (err == 0)
		err = load_own(l, &old, &old_n, kind, ordinal);
	if (err)
		return err;
	if (old_n == n && (n == 0 || memcmp(old, list, n * sizeof *list) == 0)) {
		free(old);
		return 0;
	}
	viz_store_drop_cursors(l->store);
	err = store_own(l, kind, ordinal, list, n);
	if (err == 0)
		err = touch_rest(l, kind, ordinal, old, old_n, list, n, false);
	/* Only now: an old range and a new one may overlap, and then share entries of the tree. */
	if (err == 0)
		err = touch_rest(l, kind, ordinal, list, n, old, old_n, true);
	free(old);
	if (err == 0 && kind == VIZ_LOOKUP_OWN_CELLS)
		err = store_levels(l);
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

int viz_lookup_remove(struct viz_lookup *l, uint32_t ordinal)
{
	int err = replace(l, VIZ_LOOKUP_OWN_CELLS, ordinal, NULL, 0);

	if (err == 0)
		err = replace(l, VIZ_LOOKUP_OWN_CEPS, ordinal, NULL, 0);
	return err ? err : replace(l, VIZ_LOOKUP_OWN_PLACES, ordinal, NULL, 0);
}
