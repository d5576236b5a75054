/* The draw: who is asked for an offer when more partners serve the place than may be asked, and
 * whose turn it is next. Nobody chooses: each partner is asked as often as the others. PROTOCOL.md
 * section 9. */
#ifndef VIZ_NODE_OFFER_DRAW_H
#define VIZ_NODE_OFFER_DRAW_H

#include "proto/base.h"

/* A partner that may be drawn. */
struct viz_draw_partner {
	struct viz_id id;
	uint32_t turn; /* number of the draw that gave it */
	bool newcomer; /* it has not yet been drawn while somebody was not */
};

/* Sorts the partners by turn, those of equal turns by id. Returns how many are drawn: the first
 * ones, `ask_max` or all. */
size_t viz_draw(struct viz_draw_partner *partner, size_t count, size_t ask_max);

/* Gives the first `drawn` partners their turns after the draw with this number. Turns stay as they
 * were when everybody was drawn. */
void viz_draw_turns(struct viz_draw_partner *partner, size_t count, size_t drawn, uint32_t number);

#endif
