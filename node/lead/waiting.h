/* Leads for a place that no partner serves yet: the customer has agreed to be asked again when a
 * neighbour arrives. */
#ifndef VIZ_NODE_LEAD_WAITING_H
#define VIZ_NODE_LEAD_WAITING_H

#include "proto/base.h"

struct viz_id;
struct viz_lead;
struct viz_lead_request;
struct viz_net;
struct viz_record;
struct viz_trust;

/* Begins and writes such a lead. The location is kept here for undelivered_ms and is never sent,
 * even when a neighbour arrives: the customer must consent anew. The row is the record of this
 * consent. VIZ_ERR_LIMIT: no slot is left today, or the store is nearly full. */
int viz_lead_waiting_begin(struct viz_trust *trust, struct viz_lead *out,
			   const struct viz_lead_request *req);

/* Whether the lead waits and a partner could be asked about it now. */
bool viz_lead_waiting_neighbour_came(struct viz_net *net, const struct viz_lead *lead);

/* Logs, once for each waiting lead, that a neighbour has arrived. Call it when a partner or its
 * coverage is new. */
void viz_lead_waiting_log_arrivals(struct viz_net *net);

/* When our partners have changed: acknowledges their coverage and looks at the leads that wait. It
 * waits while our key is revoked and while the store has no headroom. */
void viz_lead_waiting_partners_refresh(struct viz_net *net);

/* Takes a COVERAGE: a partner may serve now what nobody served when the customer asked. */
void viz_lead_waiting_coverage_received(struct viz_net *net, const struct viz_record *rec,
					const struct viz_id *id);

#endif
