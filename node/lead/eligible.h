/* Who may be asked about a lead. */
#ifndef VIZ_NODE_LEAD_ELIGIBLE_H
#define VIZ_NODE_LEAD_ELIGIBLE_H

#include "proto/base.h"

struct viz_id;
struct viz_lead;
struct viz_trust;

/* Whether our PARTNERS removes this partner. It is excluded at once, although the removal becomes
 * effective only later. */
bool viz_lead_eligible_removed(struct viz_trust *trust, const struct viz_id *id);

/* Whether `id` was an effective mutual partner when the lead began and is one now. Only such a
 * partner gets the offer's key, its view and the evidence. */
bool viz_lead_eligible_may_ask(struct viz_trust *trust, const struct viz_lead *lead,
			       const struct viz_id *id);

#endif
