#include "tools/geo/cell_count.h"

#include "proto/limits.h"

static struct cell_count *place(struct cell_count *slots, size_t len, uint64_t cell)
{
	size_t at = (cell * UINT64_C(0x9e3779b97f4a7c15) >> 32) & (len - 1);

	while (slots[at].cell != 0 && slots[at].cell != cell)
		at = (at + 1) & (len - 1);
	return &slots[at];
}

static int grow(struct viz_cell_counts *c)
{
	size_t len = c->len ? c->len * 2 : 1 << 10;
	struct cell_count *slots;

	if (c->n * 2 < c->len)
		return VIZ_OK;
	slots = calloc(len, sizeof *slots);
	if (!slots)
		return VIZ_ERR_NOMEM;
	for (size_t i = 0; i < c->len; i++)
		if (c->slots[i].cell != 0)
			*place(slots, len, c->slots[i].cell) = c->slots[i];
	free(c->slots);
	c->slots = slots;
	c->len = len;
	return VIZ_OK;
}

int viz_cell_count_add(struct viz_cell_counts *c, struct viz_point p)
{
	uint64_t cell = viz_cell_from_point(p, VIZ_AREA_LEVEL);
	struct cell_count *slot;
	int err = grow(c);

	if (err != VIZ_OK)
		return err;
	slot = place(c->slots, c->len, cell);
	c->n += slot->cell == 0;
	slot->cell = cell;
	slot->addresses++;
	return VIZ_OK;
}

static int by_cell(const void *a, const void *b)
{
	const struct cell_count *x = a, *y = b;

	return (x->cell > y->cell) - (x->cell < y->cell);
}

void viz_cell_count_sort(struct viz_cell_counts *c)
{
	size_t n = 0;

	for (size_t i = 0; i < c->len; i++)
		if (c->slots[i].cell != 0)
			c->slots[n++] = c->slots[i];
	if (n > 1)
		qsort(c->slots, n, sizeof *c->slots, by_cell);
}

void viz_cell_count_free(struct viz_cell_counts *c)
{
	free(c->slots);
	*c = (struct viz_cell_counts){0};
}
