/* What the files of the look-up index share. */
#ifndef VIZ_STORE_LOOKUP_INSIDE_H
#define VIZ_STORE_LOOKUP_INSIDE_H

#include "store/backend.h"
#include "store/lookup.h"
#include "store/postings.h"

#define VIZ_LOOKUP_DEPTHS 4 /* of the postcode tree */
#define VIZ_LOOKUP_LEVELS (VIZ_CELL_LEVEL_MAX + 1)

/* Places in viz_store.lookup: one for each level of cells, each depth of the postcode tree, the
 * municipalities, and ranges of cells. The fine levels share one, for a cell and its near ancestors
 * mostly stand in one page. */
#define VIZ_LOOKUP_SHARED_LEVEL 14
#define VIZ_LOOKUP_CURSOR_CEP   VIZ_LOOKUP_LEVELS
#define VIZ_LOOKUP_CURSOR_PLACE (VIZ_LOOKUP_CURSOR_CEP + VIZ_LOOKUP_DEPTHS)
#define VIZ_LOOKUP_CURSOR_RANGE (VIZ_LOOKUP_CURSOR_PLACE + 1)

/* Ordinals are below 2^16, so a list's differences sum up to less, and few take more than a byte.
 */
#define VIZ_LOOKUP_LIST_BYTES (2 * VIZ_LOOKUP_ORDINALS)

/* The list of the cell that was asked for last, at one level; a view of the store. */
struct viz_lookup_last {
	uint64_t cell; /* 0: none */
	MDB_val list;  /* empty: nobody */
};

#define VIZ_LOOKUP_RUNS_MAX 32 /* views that are kept of one depth; more are read anew */

/* The lists of the runs that hold the child asked for last, at one depth of the postcode tree. */
struct viz_lookup_runs {
	uint32_t path; /* the digits of node and child, plus 1; 0: none */
	size_t n;
	MDB_val list[VIZ_LOOKUP_RUNS_MAX];
};

struct viz_lookup {
	struct viz_store *store;
	uint64_t generation; /* of the store that all of this was read from; 0: none */
	uint64_t cells[VIZ_LOOKUP_LEVELS]; /* how many keys of each level the index has */
	struct viz_lookup_last last[VIZ_LOOKUP_LEVELS];
	struct viz_lookup_runs runs[VIZ_LOOKUP_DEPTHS];
	uint64_t last_cell; /* of the finest level, whose members `found` holds; 0: none */
	uint32_t found[VIZ_LOOKUP_ORDINALS];
	size_t found_len;
	size_t taken_len;                        /* in `found`, after take */
	size_t lists;                            /* that went into `found` */
	uint64_t seen[VIZ_LOOKUP_ORDINALS / 64]; /* bits: what is in `found` */
	uint8_t list[VIZ_LOOKUP_LIST_BYTES];     /* the list that is being written */
};

enum viz_lookup_kind {
	VIZ_LOOKUP_OWN_CELLS = 1,
	VIZ_LOOKUP_OWN_CEPS = 2,
	VIZ_LOOKUP_OWN_PLACES = 3,
	VIZ_LOOKUP_OWN_LEVELS = 255, /* not a member's: how many keys of each level LOOKUP has */
};

#define VIZ_LOOKUP_OWN_KEY   5
#define VIZ_LOOKUP_PLACE_KEY 6

void viz_lookup_own_key(uint8_t key[VIZ_LOOKUP_OWN_KEY], enum viz_lookup_kind kind,
			uint32_t ordinal);
void viz_lookup_place_key(uint8_t key[VIZ_LOOKUP_PLACE_KEY], uint32_t code);

/* Poisons the store: a list in it is malformed. Returns VIZ_ERR_STORE. */
int viz_lookup_damaged(struct viz_lookup *l);

/* Reads `cells` and forgets all views, unless nothing was written since the last time. */
int viz_lookup_load_levels(struct viz_lookup *l);

/* Adds an ordinal to, or removes it from, the list at a key. *keys changes by one when the key
 * comes or goes. An ordinal that is there already, or is not, is damage: VIZ_ERR_STORE. */
int viz_lookup_touch(struct viz_lookup *l, uint64_t *keys, enum viz_table table, const uint8_t *key,
		     size_t key_len, uint32_t ordinal, bool add);

/* The cursor at a place of viz_store.lookup; NULL after a failure, which poisons. */
MDB_cursor *viz_lookup_cursor(struct viz_lookup *l, unsigned place, enum viz_table table);

/* Gathers lists; take ends it. */
int viz_lookup_gather(struct viz_lookup *l, const MDB_val *list);
int viz_lookup_take(struct viz_lookup *l, uint32_t *ordinals, size_t *n, size_t max);

/* Adds or removes the entries of one range (lookup_cep.c). */
int viz_lookup_cep_touch(struct viz_lookup *l, struct viz_cep_range range, uint32_t ordinal,
			 bool add);

#endif
