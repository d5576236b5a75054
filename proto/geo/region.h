/* A region: a set of cells as a sorted array of disjoint ids of mixed levels. Normalised: sorted by
 * id, none inside another, and never all four children of a cell (they become their parent).
 *
 * Encoded form, normative. The empty region is no bytes at all; otherwise:
 *
 *   byte 0      1, the version of this form
 *   byte 1      L, 0 to 20: the finest level among the cells
 *   byte 2 ...  one zlib stream (RFC 1950, no preset dictionary) and nothing after it, that
 * inflates to the concatenation, in the order of the ids, of
 *
 *                 varint(v[0]), varint(v[1] - v[0]), varint(v[2] - v[1]), ...
 *
 *               where v = id >> (2 * (20 - L)): the zeros that all ids end in are shifted out.
 *
 * varint: unsigned LEB128, seven bits a byte, the least significant first, the high bit set in all
 * but the last, in the shortest form, at most 6 bytes. A decoder refuses a longer form, an id that
 * is not a cell, cells that are not normalised, a level L that no cell has, bytes after the stream,
 * a stream that ends within a varint, and more than VIZ_REGION_CELLS_MAX cells. The compressor is
 * free: equal regions need not have equal bytes. */
#ifndef VIZ_PROTO_GEO_REGION_H
#define VIZ_PROTO_GEO_REGION_H

#include "proto/geo/cell.h"

/* The most bytes that `n` cells can take encoded. */
#define VIZ_REGION_BOUND(n) (64 + (size_t)(n)*7)

/* Sorts `cells` and brings them to the normalised form in place; *n becomes the new count.
 * VIZ_ERR_MEANING when one is not a valid cell (nothing is changed then). */
int viz_region_normalise(uint64_t *cells, size_t *n);

bool viz_region_is_normalised(const uint64_t *cells, size_t n);

/* The following take a normalised region and a valid cell, and search by halves. */

/* Whether the region covers all of `cell`. */
bool viz_region_contains(const uint64_t *cells, size_t n, uint64_t cell);

/* Whether the region and `cell` have a point in common. */
bool viz_region_meets(const uint64_t *cells, size_t n, uint64_t cell);

/* Whether two normalised regions have a point in common. */
bool viz_region_meets_region(const uint64_t *a, size_t a_n, const uint64_t *b, size_t b_n);

/* The area in cells of level 20, each of 4^-20 of the square. */
uint64_t viz_region_size(const uint64_t *cells, size_t n);

/* Replaces every cell finer than `level` by its ancestor there, and normalises. */
int viz_region_coarsen(uint64_t *cells, size_t *n, unsigned level);

/* VIZ_ERR_MEANING when the cells are not normalised, VIZ_ERR_LIMIT when `max` bytes do not hold it
 * or there are too many cells, VIZ_ERR_NOMEM. */
int viz_region_encode(uint8_t *out, size_t *out_len, size_t max, const uint64_t *cells, size_t n);

/* VIZ_ERR_FORM for bytes that are not the format, VIZ_ERR_MEANING for cells that are not
 * normalised, VIZ_ERR_LIMIT for more than `max_cells` (or VIZ_REGION_CELLS_MAX), VIZ_ERR_NOMEM.
 * Needs memory of zlib's own (about 45 KiB) whatever the input; cells past *n may be overwritten on
 * failure. */
int viz_region_decode(uint64_t *cells, size_t *n, size_t max_cells, const uint8_t *bytes,
		      size_t len);

#endif
