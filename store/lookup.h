/* The look-up index: who serves a point, a cell, a postcode or a municipality, among all members.
 *
 * A member is an ordinal below VIZ_LOOKUP_ORDINALS; the caller keeps which ordinal is whose. The
 * index remembers what it holds of each member. So a member's new ads are written as the difference
 * to the old ones, and setting the same twice changes nothing.
 *
 * Tables: LOOKUP and LOOKUP_CEP: number (u64 in this machine's byte order) -> a row of lists
 * (lookup_block.h): what lies in one part of the map or of the postcodes (lookup.c, lookup_cep.c).
 * LOOKUP_PLACE: country, code u32be -> postings (postings.h). LOOKUP_OWN: kind u8, ordinal u32be ->
 * a member's own list, and how many blocks each tier has.
 *
 * Everything happens inside the store's transaction. */
#ifndef VIZ_STORE_LOOKUP_H
#define VIZ_STORE_LOOKUP_H

#include "proto/geo/cell.h"
#include "proto/geo/cep.h"
#include "store/store.h"

#define VIZ_LOOKUP_ORDINALS   65536  /* members */
#define VIZ_LOOKUP_LEVEL      14     /* of the smallest blocks: a row has a tile of this level */
#define VIZ_LOOKUP_CELLS_MAX  131072 /* of one member */
#define VIZ_LOOKUP_PLACES_MAX 8192   /* municipalities of one member; ranges: VIZ_CEP_RANGES_MAX */

struct viz_lookup; /* opaque */

/* `s` stays the caller's and outlives it. VIZ_ERR_NOMEM. */
int viz_lookup_open(struct viz_lookup **out, struct viz_store *s);
void viz_lookup_close(struct viz_lookup *l);

/* Replaces all cells, postcode ranges or municipalities of one member; with n = 0 it has none.
 * Cells and ranges are normalised (viz_region_normalise, viz_cep_normalise), codes ascend.
 * VIZ_ERR_MEANING (not normalised), VIZ_ERR_LIMIT (too many, or a full store), VIZ_ERR_NOMEM,
 * VIZ_ERR_STORE: after all but the first the transaction must be aborted. */
int viz_lookup_set_cells(struct viz_lookup *l, uint32_t ordinal, const uint64_t *cells, size_t n);
int viz_lookup_set_ceps(struct viz_lookup *l, uint32_t ordinal, const struct viz_cep_range *ranges,
			size_t n);
int viz_lookup_set_places(struct viz_lookup *l, uint32_t ordinal, const uint32_t *codes, size_t n);
/* What setting these normalised cells costs: the number of rows that it touches, or a few fewer. */
size_t viz_lookup_blocks(const uint64_t *cells, size_t n);
/* Removes all of the member. Its ordinal is free again. */
int viz_lookup_set_remove(struct viz_lookup *l, uint32_t ordinal);

/* The ordinals, each once, in an order without meaning (the same for the same history).
 * VIZ_ERR_LIMIT when there are more than `max` (*n is untouched, the array is not), VIZ_ERR_MEANING
 * for an invalid point, cell, postcode or range, VIZ_ERR_STORE. */
int viz_lookup_point(struct viz_lookup *l, uint32_t *ordinals, size_t *n, size_t max,
		     struct viz_point p);
/* Who has a point in common with the cell. Reads every indexed cell inside it. */
int viz_lookup_cell(struct viz_lookup *l, uint32_t *ordinals, size_t *n, size_t max, uint64_t cell);
int viz_lookup_cep(struct viz_lookup *l, uint32_t *ordinals, size_t *n, size_t max, uint32_t cep);
int viz_lookup_place(struct viz_lookup *l, uint32_t *ordinals, size_t *n, size_t max,
		     uint32_t code);

#endif
