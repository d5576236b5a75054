/* What the files of the look-up index share. */
#ifndef VIZ_STORE_LOOKUP_INSIDE_H
#define VIZ_STORE_LOOKUP_INSIDE_H

#include "store/backend.h"
#include "store/lookup.h"
#include "store/lookup_block.h"
#include "store/postings.h"

/* The key of a block is a number: its tier, then which block it is, then the bits of the row's
 * number. */
#define VIZ_LOOKUP_ROW_BITS 12
#define VIZ_LOOKUP_ROWS_MAX (1u << VIZ_LOOKUP_ROW_BITS)

#define VIZ_LOOKUP_CELL_TIERS 4
#define VIZ_LOOKUP_CEP_TIERS  3
#define VIZ_LOOKUP_TIERS      (VIZ_LOOKUP_CELL_TIERS + VIZ_LOOKUP_CEP_TIERS)

/* Places in viz_store.lookup: one for each tier, the municipalities, and ranges. */
#define VIZ_LOOKUP_CURSOR_PLACE VIZ_LOOKUP_TIERS
#define VIZ_LOOKUP_CURSOR_RANGE (VIZ_LOOKUP_TIERS + 1)

/* Ordinals are below 2^16, so a list's differences sum up to less, and few take more than a byte.
 */
#define VIZ_LOOKUP_LIST_BYTES (2 * VIZ_LOOKUP_ORDINALS)

/* The last block that was asked for in one tier; a view of the store. */
struct viz_lookup_last {
	uint64_t base;
	MDB_val row; /* empty: there is no such block */
	bool known;
};

struct viz_lookup {
	struct viz_store *store;
	uint64_t generation; /* of the store that `blocks` and `last` were read from; 0: none */
	uint64_t blocks[VIZ_LOOKUP_TIERS]; /* how many the index has; first the tiers of cells */
	struct viz_lookup_last last[VIZ_LOOKUP_TIERS];
	uint64_t seen[VIZ_LOOKUP_ORDINALS / 64]; /* bits, all 0 between two calls */
	uint32_t tags[VIZ_BLOCK_TAGS_MAX];
	uint8_t list[VIZ_LOOKUP_LIST_BYTES]; /* the list that is being written */
	uint8_t row[VIZ_BLOCK_ROW_MAX];      /* likewise the row */
};

enum viz_lookup_kind {
	VIZ_LOOKUP_OWN_CELLS = 1,
	VIZ_LOOKUP_OWN_CEPS = 2,
	VIZ_LOOKUP_OWN_PLACES = 3,
	VIZ_LOOKUP_OWN_BLOCKS = 255, /* not a member's: how many blocks of each tier there are */
};

#define VIZ_LOOKUP_OWN_KEY   5
#define VIZ_LOOKUP_PLACE_KEY 6

/* The key of a row: its number as this machine writes it, so that LMDB compares two of them at
 * once. */
static inline void viz_lookup_row_key(uint8_t key[sizeof(uint64_t)], uint64_t number)
{
	memcpy(key, &number, sizeof number);
}

/* The reverse; 0 for a key that is none. */
static inline uint64_t viz_lookup_row_number(const MDB_val *key)
{
	uint64_t number = 0;

	if (key->mv_size == sizeof number)
		memcpy(&number, key->mv_data, sizeof number);
	return number;
}

void viz_lookup_own_key(uint8_t key[VIZ_LOOKUP_OWN_KEY], enum viz_lookup_kind kind,
			uint32_t ordinal);
void viz_lookup_place_key(uint8_t key[VIZ_LOOKUP_PLACE_KEY], uint32_t code);

/* Poisons the store: a row in it is malformed. Returns VIZ_ERR_STORE. */
int viz_lookup_damaged(struct viz_lookup *l);

/* Reads `blocks` and forgets all views, unless nothing was written since the last time. */
int viz_lookup_load(struct viz_lookup *l);

/* The cursor at a place of viz_store.lookup; NULL after a failure, which poisons. */
MDB_cursor *viz_lookup_cursor(struct viz_lookup *l, unsigned place, enum viz_table table);

/* What a look-up has found, in the caller's array. */
struct viz_lookup_found {
	uint32_t *ordinals;
	size_t n;
	size_t max;
	bool over; /* there were more than `max` */
	bool once; /* lists may name a member twice: viz_lookup.seen has who was named */
};

void viz_lookup_gather_once(struct viz_lookup *l, struct viz_lookup_found *f, const uint8_t *list,
			    size_t n);

/* The ordinals of one entry. Where `once` is set, viz_lookup_forget ends it. VIZ_ERR_STORE. */
static inline int viz_lookup_gather(struct viz_lookup *l, struct viz_lookup_found *f,
				    const struct viz_lookup_block *b, size_t entry)
{
	size_t from = viz_lookup_block_begin(b, entry);
	size_t end = viz_lookup_block_begin(b, entry + 1);
	const uint8_t *list = b->ordinals + 2 * from;

	if (end <= from || end > viz_lookup_block_begin(b, b->n))
		return viz_lookup_damaged(l);
	if (f->once) {
		viz_lookup_gather_once(l, f, list, end - from);
	} else if (end - from > f->max - f->n) {
		f->over = true;
	} else {
		uint32_t *restrict out = f->ordinals + f->n;

		for (size_t i = 0; i < end - from; i++)
			out[i] = viz_lookup_block_u16(list, i);
		f->n += end - from;
	}
	return 0;
}
void viz_lookup_forget(struct viz_lookup *l, const struct viz_lookup_found *f);

/* Finds the first row of a block and loads it ahead, for viz_lookup_row. */
int viz_lookup_touch(struct viz_lookup *l, unsigned tier, uint64_t base);
/* A row of a block; `tier` counts from the first of cells. 0 also when there is none: b->n is 0. */
int viz_lookup_row(struct viz_lookup *l, struct viz_lookup_block *b, unsigned tier, uint64_t base,
		   unsigned row);
/* The rows of all blocks from `first` to `last` of a tier, to `entries`. */
int viz_lookup_rows(struct viz_lookup *l, struct viz_lookup_found *f, enum viz_table table,
		    uint64_t first, uint64_t last,
		    int (*entries)(struct viz_lookup *l, struct viz_lookup_found *f,
				   const struct viz_lookup_block *b, uint64_t base,
				   const void *arg),
		    const void *arg);

/* An entry of a block: a part of one cell or range of a member. */
struct viz_lookup_part {
	uint64_t base;
	uint32_t tag;
};

#define VIZ_LOOKUP_CEP_PARTS 5 /* of one range, at most */
void viz_lookup_cell_part(struct viz_lookup_part *part, uint64_t cell);
size_t viz_lookup_cep_parts(struct viz_lookup_part parts[VIZ_LOOKUP_CEP_PARTS],
			    struct viz_cep_range range);
/* The tier of a block, as an index of viz_lookup.blocks. */
unsigned viz_lookup_tier(enum viz_table table, uint64_t base);

#endif
