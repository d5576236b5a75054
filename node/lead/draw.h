/* Draws at the origin. Before names are read to a customer a draw says who is asked and in which
 * order; it serves one offer or none. PROTOCOL.md section 9.
 *
 * VIZ_TABLE_DRAW: number u32 -> a draw that is open. VIZ_TABLE_TURN: partner id -> [when its entry
 * in our PARTNERS was added, turn, newcomer]. VIZ_META_DRAW: [number of the last draw, how many
 * were burnt]. */
#ifndef VIZ_NODE_LEAD_DRAW_H
#define VIZ_NODE_LEAD_DRAW_H

#include "node/offer/draw.h"
#include "proto/base.h"
#include "proto/coverage.h"
#include "proto/limits.h"

struct viz_core;
struct viz_net;
struct viz_offer;
struct viz_trust;

struct viz_lead_draw {
	uint32_t number;      /* 0: it was not made */
	struct viz_time time; /* its instant */
	struct viz_area area;
	struct viz_id view; /* digest */
	struct viz_draw_partner drawn[VIZ_ASKED_MAX];
	size_t drawn_count; /* in the order of the draw */
	struct viz_draw_partner not_drawn[VIZ_PARTNERS_MAX];
	size_t not_drawn_count;
	struct viz_id blocked[VIZ_PARTNERS_MAX], silent[VIZ_PARTNERS_MAX]; /* ascending */
	size_t blocked_count, silent_count;
};

/* Fills `d` with what a draw would give now. Writes nothing. */
void viz_lead_draw_preview(struct viz_net *net, struct viz_lead_draw *d,
			   const struct viz_area *area);

/* Makes a draw: takes the next number, gives the turns, keeps the view and the draw.
 * VIZ_ERR_ABSENT: nobody would be drawn, and no draw was made. VIZ_ERR_STATE: we may not sign now.
 * VIZ_ERR_LIMIT: the store is nearly full, or there are no more numbers. */
int viz_lead_draw_make(struct viz_net *net, struct viz_lead_draw *d, const struct viz_area *area);

/* Reads an open draw. False: it was burnt or used, or never made. */
bool viz_lead_draw_get(struct viz_core *core, struct viz_lead_draw *d, uint32_t number);

/* The partner that is named to the customer at place `i` of those drawn. Where all are always
 * drawn, the turns never change, and the same partner would be read first to every customer. So
 * each draw begins at another one. PROTOCOL.md section 9.1. */
const struct viz_id *viz_lead_draw_named(const struct viz_lead_draw *d, size_t i);

/* Whether an offer to `asked` can still be made from the draw: it is not older than draw_ms, and
 * all of them are our partners. */
bool viz_lead_draw_holds(struct viz_trust *trust, const struct viz_lead_draw *d,
			 const struct viz_id *struck, size_t struck_count);

/* Fills in the area, the draw and the lists of an OFFER, by the index of each in our PARTNERS.
 * VIZ_ERR_ABSENT: all drawn ones are struck. VIZ_ERR_STATE: a partner has no index. */
int viz_lead_draw_lists(struct viz_trust *trust, struct viz_offer *out,
			const struct viz_lead_draw *d, const struct viz_id *struck,
			size_t struck_count);

/* A new log begins. The open draws are burnt: they have instants of a wrong clock, or somebody else
 * has made offers from them. Draws and turns go on behind the OFFERs of the old log that were
 * found. */
void viz_lead_draw_new_log(struct viz_trust *trust);

/* The draw serves an offer now. */
void viz_lead_draw_used(struct viz_core *core, uint32_t number);

/* Burns an open draw: no offer will be made from it, and the turns stay as they are. */
void viz_lead_draw_burn(struct viz_core *core, uint32_t number);

/* How many draws were burnt. */
uint64_t viz_lead_draw_burnt(struct viz_core *core);

/* The timer VIZ_DUE_DRAW: burns the draw `slot` when draw_ms are over. */
void viz_lead_draw_due(struct viz_net *net, const struct viz_id *origin, uint64_t slot);

#endif
