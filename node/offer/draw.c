#include "node/offer/draw.h"

#include "proto/base.h"

static int compare(const void *a, const void *b)
{
	const struct viz_draw_partner *x = a, *y = b;

	if (x->turn != y->turn)
		return x->turn < y->turn ? -1 : 1;
	return viz_id_cmp(&x->id, &y->id);
}

size_t viz_draw(struct viz_draw_partner *partner, size_t count, size_t ask_max)
{
	qsort(partner, count, sizeof *partner, compare);
	return count < ask_max ? count : ask_max;
}

void viz_draw_turns(struct viz_draw_partner *partner, size_t count, size_t drawn, uint32_t number)
{
	for (size_t i = 0; i < drawn && drawn < count; i++) {
		partner[i].turn = number;
		partner[i].newcomer = false;
	}
}
