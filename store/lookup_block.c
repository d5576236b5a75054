#include "store/lookup_block.h"

#define ENTRIES_MAX 32767

bool viz_lookup_block_has(const struct viz_lookup_block *b, uint32_t ordinal)
{
	size_t n = viz_lookup_block_begin(b, b->n);

	for (size_t i = 0; i < n; i++)
		if (viz_lookup_block_u16(b->ordinals, i) == ordinal)
			return true;
	return false;
}

static void put_u16(uint8_t *p, size_t i, size_t v)
{
	p[2 * i] = (uint8_t)v;
	p[2 * i + 1] = (uint8_t)(v >> 8);
}

static void put_u32(uint8_t *p, size_t i, uint32_t v)
{
	put_u16(p, 2 * i, v & 0xffff);
	put_u16(p, 2 * i + 1, v >> 16);
}

/* How many entries the new row has: those of other members, and those of this one. */
static int count_entries(size_t *entries, size_t *ordinals, const struct viz_lookup_block *b,
			 uint32_t ordinal, const uint32_t *tags, size_t n)
{
	size_t j = 0;
	size_t from = 0;

	*entries = n;
	*ordinals = n;
	for (size_t i = 0; i < b->n; i++) {
		uint32_t tag = viz_lookup_block_tag(b, i);
		size_t end = viz_lookup_block_begin(b, i + 1);
		size_t kept = 0;

		if (end <= from || (i && tag <= viz_lookup_block_tag(b, i - 1)))
			return VIZ_ERR_STORE;
		for (; from < end; from++)
			kept += viz_lookup_block_u16(b->ordinals, from) != ordinal;
		while (j < n && tags[j] < tag)
			j++;
		*entries += kept > 0 && !(j < n && tags[j] == tag);
		*ordinals += kept;
	}
	return 0;
}

int viz_lookup_block_write(uint8_t *out, size_t *len, const struct viz_lookup_block *b,
			   uint32_t ordinal, const uint32_t *tags, size_t n)
{
	struct viz_lookup_block to = {.n = 0};
	size_t ordinals = 0;
	size_t at = 0;
	size_t k = 0;
	size_t j = 0;

	if (count_entries(&to.n, &ordinals, b, ordinal, tags, n))
		return VIZ_ERR_STORE;
	if (to.n > ENTRIES_MAX || ordinals > UINT16_MAX ||
	    2 + 6 * to.n + 2 * ordinals > VIZ_BLOCK_ROW_MAX)
		return VIZ_ERR_LIMIT;
	put_u16(out, 0, to.n | (b->more ? 0x8000u : 0));
	for (size_t i = 0; i < b->n || j < n;) {
		bool old = i < b->n && (j == n || viz_lookup_block_tag(b, i) <= tags[j]);
		bool new = j < n && (i == b->n || tags[j] <= viz_lookup_block_tag(b, i));
		uint32_t tag = old ? viz_lookup_block_tag(b, i) : tags[j];
		uint8_t *list = out + 2 + 6 * to.n;
		size_t before = at;

		for (size_t o = viz_lookup_block_begin(b, i);
		     old && o < viz_lookup_block_begin(b, i + 1); o++)
			if (viz_lookup_block_u16(b->ordinals, o) != ordinal)
				put_u16(list, at++, viz_lookup_block_u16(b->ordinals, o));
		if (new)
			put_u16(list, at++, ordinal);
		i += old;
		j += new;
		if (at == before)
			continue;
		put_u32(out + 2, k, tag);
		put_u16(out + 2 + 4 * to.n, k++, at);
	}
	VIZ_REQUIRE(k == to.n && at == ordinals);
	*len = 2 + 6 * to.n + 2 * ordinals;
	return 0;
}
