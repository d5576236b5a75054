/* A row of the look-up index: what lies in one block of the map, or of the postcodes. Each entry
 * has a tag, which says what part of the block it means, and a list of ordinals.
 *
 * Bytes, integers little-endian:
 *
 *   u16          n, the number of entries; bit 15 is set when another row of the block follows
 *   u32 x n      tags, ascending
 *   u16 x n      ends: how many ordinals there are up to and with this entry
 *   u16 x end    the ordinals of all entries, one after another; within one, in no order
 *
 * Only this program writes rows: a malformed one is damage, VIZ_ERR_STORE. */
#ifndef VIZ_STORE_LOOKUP_BLOCK_H
#define VIZ_STORE_LOOKUP_BLOCK_H

#include "proto/base.h"

#define VIZ_BLOCK_TAGS_MAX 16384 /* of one member in one block */
/* The size of a row. A row of this size stands in its leaf, so no search has to follow it to other
 * pages. Only a row that a single member fills may be longer. */
#define VIZ_BLOCK_ROW_BYTES 2000
#define VIZ_BLOCK_ROW_MAX   (2 + 8 * 2 * VIZ_BLOCK_TAGS_MAX)

struct viz_lookup_block {
	const uint8_t *tags; /* borrowed from the row */
	const uint8_t *ends;
	const uint8_t *ordinals;
	size_t n;
	size_t len;
	bool more;
};

static inline uint32_t viz_lookup_block_u16(const uint8_t *p, size_t i)
{
	return (uint32_t)p[2 * i] | (uint32_t)p[2 * i + 1] << 8;
}

static inline uint32_t viz_lookup_block_tag(const struct viz_lookup_block *b, size_t i)
{
	const uint8_t *p = b->tags + 4 * i;

	return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

/* Where the ordinals of entry i begin; for i = n, how many there are. */
static inline size_t viz_lookup_block_begin(const struct viz_lookup_block *b, size_t i)
{
	return i ? viz_lookup_block_u16(b->ends, i - 1) : 0;
}

/* Checks the lengths; the rest is checked where it is read. VIZ_ERR_STORE. */
static inline int viz_lookup_block_read(struct viz_lookup_block *b, const uint8_t *bytes,
					size_t len)
{
	uint32_t head = len < 2 ? 0 : viz_lookup_block_u16(bytes, 0);

	b->n = head & 0x7fff;
	b->more = head >> 15;
	b->len = len;
	if (len < 2 + 6 * b->n)
		return VIZ_ERR_STORE;
	b->tags = bytes + 2;
	b->ends = b->tags + 4 * b->n;
	b->ordinals = b->ends + 2 * b->n;
	return len == 2 + 6 * b->n + 2 * viz_lookup_block_begin(b, b->n) ? 0 : VIZ_ERR_STORE;
}

/* The first entry whose tag is not below `tag`; n when there is none. */
static inline size_t viz_lookup_block_find(const struct viz_lookup_block *b, uint32_t tag)
{
	size_t at = 0;
	size_t n = b->n;

	/* without a branch on the comparison, which no processor can predict */
	while (n > 1) {
		size_t half = n / 2;

		at += half & (size_t) - (ptrdiff_t)(viz_lookup_block_tag(b, at + half - 1) < tag);
		n -= half;
	}
	return at + (n > 0 && viz_lookup_block_tag(b, at) < tag);
}

bool viz_lookup_block_has(const struct viz_lookup_block *b, uint32_t ordinal);

/* Makes the row with exactly these entries of one member (tags ascend; none: without the member),
 * whatever it had there. Its `more` is kept. `out` holds VIZ_BLOCK_ROW_MAX bytes and does not
 * overlap the row. VIZ_ERR_STORE for a damaged row, VIZ_ERR_LIMIT when it would be too long. */
int viz_lookup_block_write(uint8_t *out, size_t *len, const struct viz_lookup_block *b,
			   uint32_t ordinal, const uint32_t *tags, size_t n);

#endif
