/* Leads that nobody serves yet: the customer wants to be asked again when a neighbour
 * arrives. */
#ifndef VIZ_NODE_LEAD_WAITING_H
#define VIZ_NODE_LEAD_WAITING_H

#include "proto/base.h"

struct viz_lead;
struct viz_lead_request;
struct viz_node;

/* The customer wants to be asked again when a neighbour arrives: the location is kept here, for up
 * to undelivered_ms, and goes nowhere, whoever arrives meanwhile. The row is the record of that
 * consent. */
int viz_lead_later(struct viz_node *node, struct viz_lead *out, const struct viz_lead_request *req);

/* Whether somebody could be asked now about a lead that is kept so. */
bool viz_lead_neighbour_came(struct viz_node *node, const struct viz_lead *lead);

/* Somebody has arrived, as a partner or with coverage: said once for each lead that it serves. */
void viz_lead_tell_arrivals(struct viz_node *node);

#endif
