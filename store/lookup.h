/* The look-up index: who serves a point, a cell, a postcode or a municipality, among all members.
 *
 * A member is an ordinal below VIZ_LOOKUP_ORDINALS; the caller keeps which one is whose. What of a
 * member stands in the index is remembered with it, so a member's new ads replace the old ones by
 * their difference only, whatever was there, and setting the same twice changes nothing.
 *
 * Tables: LOOKUP, cell id u64be -> postings (postings.h): the ordinals whose region has exactly
 * this cell. A point is looked up by its cell at each level that occurs, one get each. LOOKUP_CEP:
 * see lookup_cep.c. LOOKUP_PLACE: country, code u32be -> postings. LOOKUP_OWN: kind u8, ordinal
 * u32be -> a member's own list, and how many cells of each level there are.
 *
 * Everything happens inside the store's transaction. Look-ups in the order of cell ids (or
 * postcodes) are several times as fast as in random order: the next one begins where the last one
 * ended. */
#ifndef VIZ_STORE_LOOKUP_H
#define VIZ_STORE_LOOKUP_H

#include "proto/cell.h"
#include "proto/postcode.h"
#include "store/store.h"

#define VIZ_LOOKUP_ORDINALS   65536  /* members */
#define VIZ_LOOKUP_CELLS_MAX  131072 /* of one member */
#define VIZ_LOOKUP_PLACES_MAX 8192   /* municipalities of one member */

struct viz_lookup; /* opaque */

/* `s` stays the caller's and outlives it. VIZ_ERR_NOMEM. */
int viz_lookup_open(struct viz_lookup **out, struct viz_store *s);
void viz_lookup_close(struct viz_lookup *l);

/* Replaces all cells, postcode ranges or municipalities of one member; with n = 0 it has none.
 * Cells and ranges are normalised (viz_region_normalise, viz_cep_normalise), codes ascend; of a
 * member with several ads they are the union. VIZ_ERR_MEANING (not normalised), VIZ_ERR_LIMIT,
 * VIZ_ERR_NOMEM: nothing has changed, but for VIZ_ERR_LIMIT of a full store and VIZ_ERR_STORE,
 * after which the transaction must be aborted. */
int viz_lookup_set_cells(struct viz_lookup *l, uint32_t ordinal, const uint64_t *cells, size_t n);
int viz_lookup_set_ceps(struct viz_lookup *l, uint32_t ordinal, const struct viz_cep_range *ranges,
			size_t n);
int viz_lookup_set_places(struct viz_lookup *l, uint32_t ordinal, const uint32_t *codes, size_t n);
/* All of it: the ordinal is free again. */
int viz_lookup_remove(struct viz_lookup *l, uint32_t ordinal);

/* The ordinals, ascending, each once. VIZ_ERR_LIMIT when there are more than `max`, VIZ_ERR_MEANING
 * for a point, cell or postcode that is none, VIZ_ERR_STORE. */
int viz_lookup_point(struct viz_lookup *l, uint32_t *ordinals, size_t *n, size_t max,
		     struct viz_point p);
/* Who has a point in common with the cell. Reads every indexed cell inside it. */
int viz_lookup_cell(struct viz_lookup *l, uint32_t *ordinals, size_t *n, size_t max, uint64_t cell);
int viz_lookup_cep(struct viz_lookup *l, uint32_t *ordinals, size_t *n, size_t max, uint32_t cep);
int viz_lookup_place(struct viz_lookup *l, uint32_t *ordinals, size_t *n, size_t max,
		     uint32_t code);

#endif
