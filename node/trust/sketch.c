#include "node/trust/sketch.h"

#include "node/core/core.h"
#include "node/trust/items.h"
#include "proto/base.h"

/* From which bit on a mark has them. The last bits are a piece of the item. */
#define AUTHOR_AT 40
#define TYPE_AT   37
#define SLOT_AT   31
#define AGE_AT    15

#define ROW_BITS 12 /* of a mixed mark for each row; the others are its check */

_Static_assert(1 << ROW_BITS == VIZ_SKETCH_CELLS, "a row has as many cells as its bits count");
_Static_assert(VIZ_KEYS_MAX <= 64 && VIZ_VOUCH_SLOTS <= 64 && VIZ_COVERAGE_SLOTS <= 64,
	       "a slot has 6 bits");

/* ---- marks ---- */

uint64_t viz_sketch_mark(const struct viz_id *author, const struct viz_items_place *place)
{
	uint64_t prefix = (uint64_t)author->b[0] << 16 | (uint64_t)author->b[1] << 8 | author->b[2];
	uint64_t age = place->seq >> 24 & UINT16_MAX;

	return prefix << AUTHOR_AT | (uint64_t)place->type << TYPE_AT |
	       (uint64_t)place->slot << SLOT_AT | age << AGE_AT |
	       viz_be_get_u16(place->item.b) >> 1;
}

void viz_sketch_author(uint8_t out[VIZ_TREE_PREFIX], uint64_t mark)
{
	out[0] = (uint8_t)(mark >> 56);
	out[1] = (uint8_t)(mark >> 48);
	out[2] = (uint8_t)(mark >> 40);
}

uint8_t viz_sketch_type(uint64_t mark)
{
	return mark >> TYPE_AT & 7;
}

uint8_t viz_sketch_slot(uint64_t mark)
{
	return mark >> SLOT_AT & 63;
}

int viz_sketch_age(uint64_t a, uint64_t b)
{
	return (int16_t)(uint16_t)((a >> AGE_AT) - (b >> AGE_AT));
}

bool viz_sketch_same_place(uint64_t a, uint64_t b)
{
	return a >> SLOT_AT == b >> SLOT_AT;
}

/* ---- cells ---- */

/* The finalizer of splitmix64. */
static uint64_t mix(uint64_t x)
{
	x += UINT64_C(0x9e3779b97f4a7c15);
	x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
	return x ^ x >> 31;
}

/* The cell of a row in which a mark stands, when a row has so many. */
static size_t cell_of(uint64_t mixed, unsigned row, unsigned cells)
{
	uint64_t bits = mixed >> (row * ROW_BITS) & (VIZ_SKETCH_CELLS - 1);

	return (size_t)row * cells + (size_t)(bits * cells >> ROW_BITS);
}

/* A mark as it stands in a cell, with its check. This is odd, so that it counts the marks. */
static void write_cell(uint8_t out[VIZ_SKETCH_CELL], uint64_t mark, uint64_t mixed)
{
	viz_be_put_u64(out, mark);
	viz_be_put_u16(out + 8, (uint16_t)(mixed >> 48 | 1));
}

static void add_cell(uint8_t *to, const uint8_t *from)
{
	for (size_t i = 0; i < VIZ_SKETCH_CELL; i++)
		to[i] ^= from[i];
}

void viz_sketch_toggle(struct viz_sketch *s, uint64_t mark)
{
	uint64_t mixed = mix(mark);
	uint8_t cell[VIZ_SKETCH_CELL];

	write_cell(cell, mark, mixed);
	for (unsigned row = 0; row < VIZ_SKETCH_ROWS; row++)
		add_cell(s->cell[cell_of(mixed, row, VIZ_SKETCH_CELLS)], cell);
}

void viz_sketch_add(uint8_t *out, const struct viz_sketch *s, unsigned cells)
{
	if (cells == 0)
		return;
	for (unsigned i = 0; i < VIZ_SKETCH_ROWS * VIZ_SKETCH_CELLS; i++) {
		unsigned row = i / VIZ_SKETCH_CELLS, at = i % VIZ_SKETCH_CELLS;

		add_cell(out + (row * cells + (at * cells >> ROW_BITS)) * VIZ_SKETCH_CELL,
			 s->cell[i]);
	}
}

void viz_sketch_add_parities(uint8_t out[VIZ_SKETCH_PARITIES], const struct viz_sketch *s)
{
	for (unsigned i = 0; i < VIZ_SKETCH_CELLS; i++)
		out[i / 8] ^= (uint8_t)((s->cell[i][VIZ_SKETCH_CELL - 1] & 1) << i % 8);
}

/* ---- reading ---- */

/* Each mark changes the parity of one of the cells. Of n cells (n - 2 odd) / n more are odd after
 * it than before, on average. */
size_t viz_sketch_count(const uint8_t parities[VIZ_SKETCH_PARITIES])
{
	uint64_t odd = 0, most = VIZ_SKETCH_ROWS * VIZ_SKETCH_MOST, n = 0;
	uint64_t expected = 0; /* in parts of 2^-32 */

	for (size_t i = 0; i < VIZ_SKETCH_PARITIES; i++)
		odd += (unsigned)__builtin_popcount(parities[i]);
	while (expected >> 32 < odd && n < most) {
		expected += (UINT64_C(1) << 32) - 2 * expected / VIZ_SKETCH_CELLS;
		n++;
	}
	return n < most ? (size_t)n : SIZE_MAX;
}

/* Four rows show three marks of four cells, most likely; the rest is for a wrong count. */
size_t viz_sketch_cells(size_t marks)
{
	if (marks > VIZ_SKETCH_ROWS * VIZ_SKETCH_MOST)
		return SIZE_MAX;
	return (marks * 29 / 20 + 40) / VIZ_SKETCH_ROWS;
}

/* Whether one mark stands in the cell, as it seems. */
static bool has_one(const uint8_t *sketch, size_t cell, unsigned cells)
{
	const uint8_t *c = sketch + cell * VIZ_SKETCH_CELL;
	uint64_t mark = viz_be_get_u64(c), mixed = mix(mark);

	return viz_be_get_u16(c + 8) == (uint16_t)(mixed >> 48 | 1) &&
	       cell_of(mixed, (unsigned)(cell / cells), cells) == cell;
}

static int compare(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

/* A false sketch could show marks without end: no more are taken than there are cells. */
bool viz_sketch_read(uint64_t *out, size_t *count, uint8_t *sketch, unsigned cells)
{
	size_t all = (size_t)cells * VIZ_SKETCH_ROWS, look_count = 0;
	/* A mark that is taken has others looked at again. */
	size_t *look = viz_core_alloc((VIZ_SKETCH_ROWS + 1) * all * sizeof *look + 1);
	bool whole = true;

	*count = 0;
	for (size_t i = 0; i < all; i++)
		look[look_count++] = i;
	while (look_count > 0 && *count < all) {
		size_t at = look[--look_count];
		uint8_t cell[VIZ_SKETCH_CELL];
		uint64_t mixed;

		if (!has_one(sketch, at, cells))
			continue;
		memcpy(cell, sketch + at * VIZ_SKETCH_CELL, sizeof cell);
		out[(*count)++] = viz_be_get_u64(cell);
		mixed = mix(out[*count - 1]);
		for (unsigned row = 0; row < VIZ_SKETCH_ROWS; row++) {
			look[look_count] = cell_of(mixed, row, cells);
			add_cell(sketch + look[look_count++] * VIZ_SKETCH_CELL, cell);
		}
	}
	for (size_t i = 0; i < VIZ_SKETCH_BYTES(cells); i++)
		whole &= sketch[i] == 0;
	free(look);
	qsort(out, *count, sizeof *out, compare);
	return whole;
}
