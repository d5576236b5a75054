/* The sketch of what is held: by two of them nodes find what differs without a list of all, as long
 * as it is little. PROTOCOL.md section 12.2.
 *
 * Each item has a mark of 8 bytes: it says at which place the item stands, and about how old it is.
 * A mark stands in one cell of each row, and a cell has the XOR of its marks and of their checks.
 * So a mark comes and goes in the same way, and the XOR of two sketches is the sketch of the marks
 * that only one of both has. A cell with one mark shows it, and without that mark others have one.
 *
 * A smaller sketch is made of a larger one, as its cells are groups of those. */
#ifndef VIZ_NODE_TRUST_SKETCH_H
#define VIZ_NODE_TRUST_SKETCH_H

#include "proto/base.h"
#include "proto/limits.h"

struct viz_id;
struct viz_items_place;

#define VIZ_SKETCH_BYTES(cells) ((size_t)(cells) * (VIZ_SKETCH_ROWS * VIZ_SKETCH_CELL))

struct viz_sketch {
	uint8_t cell[VIZ_SKETCH_ROWS * VIZ_SKETCH_CELLS][VIZ_SKETCH_CELL];
};

uint64_t viz_sketch_mark(const struct viz_id *author, const struct viz_items_place *place);

/* What a mark says. */
void viz_sketch_author(uint8_t out[VIZ_TREE_PREFIX], uint64_t mark);
uint8_t viz_sketch_type(uint64_t mark);
uint8_t viz_sketch_slot(uint64_t mark);

/* Above 0: the record of `a` is newer than that of `b`. 0: nobody can tell. */
int viz_sketch_age(uint64_t a, uint64_t b);

/* Whether both stand at one place, as far as they say. */
bool viz_sketch_same_place(uint64_t a, uint64_t b);

/* The mark comes, or goes. */
void viz_sketch_toggle(struct viz_sketch *s, uint64_t mark);

/* Adds the sketch to one with so many cells in a row (0: it has none), and its parities to others.
 */
void viz_sketch_add(uint8_t *out, const struct viz_sketch *s, unsigned cells);
void viz_sketch_add_parities(uint8_t out[VIZ_SKETCH_PARITIES], const struct viz_sketch *s);

/* About how many marks differ, by the XOR of the parities of both; SIZE_MAX: too many to tell. */
size_t viz_sketch_count(const uint8_t parities[VIZ_SKETCH_PARITIES]);

/* So many cells in a row most likely show so many marks. */
size_t viz_sketch_cells(size_t marks);

/* The marks of a sketch, which is used up: up to one for each cell, ascending. False: not all can
 * be read. */
bool viz_sketch_read(uint64_t *out, size_t *count, uint8_t *sketch, unsigned cells);

#endif
