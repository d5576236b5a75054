/* Makes the OFFER of a lead. */
#ifndef VIZ_NODE_LEAD_OFFER_H
#define VIZ_NODE_LEAD_OFFER_H

struct viz_lead;
struct viz_lead_request;
struct viz_net;

/* Begins the lead `out`, publishes its OFFER and writes the row. On an error nothing is kept.
 * VIZ_ERR_ABSENT: nobody is eligible. VIZ_ERR_STATE: our key is revoked, or we have no circle key.
 * VIZ_ERR_INPUT: `req->single` and not exactly one partner is eligible. VIZ_ERR_LIMIT: no slot is
 * left today, more partners than a list holds, or the store is nearly full. */
int viz_lead_offer(struct viz_net *net, struct viz_lead *out, const struct viz_lead_request *req);

#endif
