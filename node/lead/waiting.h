/* Leads that nobody serves yet: the customer wants to be asked again when a neighbour
 * arrives. */
#ifndef VIZ_NODE_LEAD_WAITING_H
#define VIZ_NODE_LEAD_WAITING_H

#include "proto/base.h"

struct viz_lead;
struct viz_lead_request;
struct viz_net;
struct viz_trust;

/* The customer wants to be asked again when a neighbour arrives: the location is kept here, for up
 * to undelivered_ms, and goes nowhere, whoever arrives meanwhile. The row is the record of that
 * consent. */
int viz_lead_wait(struct viz_trust *trust, struct viz_lead *out,
		  const struct viz_lead_request *req);

/* Whether somebody could be asked now about a lead that is kept so. */
bool viz_lead_neighbour_came(struct viz_net *net, const struct viz_lead *lead);

/* Somebody has arrived, as a partner or with coverage: said once for each lead that it serves. */
void viz_lead_arrivals(struct viz_net *net);

/* Looks whether our partners have changed. If so a new epoch begins, their coverage is
 * acknowledged, and leads that wait for a neighbour are looked at. */
void viz_lead_partners_refresh(struct viz_net *net);

#endif
