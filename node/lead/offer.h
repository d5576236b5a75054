/* Makes the OFFER of a lead. */
#ifndef VIZ_NODE_LEAD_OFFER_H
#define VIZ_NODE_LEAD_OFFER_H

#include "proto/base.h"

struct viz_core;
struct viz_lead;
struct viz_lead_request;
struct viz_net;

/* Begins the lead `out` from the draw that the request names, publishes its OFFER and writes the
 * row. On an error nothing is kept, and the draw stays open. VIZ_ERR_ABSENT: the draw is not open,
 * too old, all drawn are struck, or one of the others is no partner any more. VIZ_ERR_STATE: our
 * key is revoked, or the lead that `req->previous` names is not over (lead/previous.h); the holder
 * of its award is recalled then. VIZ_ERR_INPUT: `req->single` and not exactly one
 * partner is asked. VIZ_ERR_LIMIT: no slot is left today, or the store is nearly full. */
int viz_lead_offer(struct viz_net *net, struct viz_lead *out, const struct viz_lead_request *req);

/* How long after the customer's yes the location is erased at the latest, at those who are not
 * chosen and, when nobody is, here. `by_hand`: somebody who is asked answers by hand. */
int64_t viz_lead_offer_kept_ms(const struct viz_core *core, bool by_hand);

#endif
