/* The OFFER is made and published. */
#ifndef VIZ_NODE_LEAD_OFFER_H
#define VIZ_NODE_LEAD_OFFER_H

struct viz_lead;
struct viz_lead_request;
struct viz_net;

/* Makes an offer. VIZ_ERR_ABSENT: there is nobody to ask, and nothing is kept. VIZ_ERR_STATE (key
 * revoked, no slot), VIZ_ERR_INPUT (nothing struck matches, single with several, ...),
 * VIZ_ERR_LIMIT. */
int viz_lead_offer(struct viz_net *net, struct viz_lead *out, const struct viz_lead_request *req);

#endif
