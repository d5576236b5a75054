/* Our replies to the PROTESTs about us. PROTOCOL.md section 9. */
#ifndef VIZ_NODE_LEAD_PROTEST_H
#define VIZ_NODE_LEAD_PROTEST_H

#include "proto/base.h"

struct viz_core;
struct viz_id;
struct viz_net;
struct viz_record;

/* A PROTEST is held now. One about us is answered soon, together with others. */
void viz_lead_protest_received(struct viz_net *net, const struct viz_record *rec,
			       const struct viz_id *id);

/* Our key can sign again: what came meanwhile is answered soon. */
void viz_lead_protest_wake(struct viz_core *core, const struct viz_id *self);

/* Timer VIZ_DUE_PROTEST: replies to those of the last days that have no reply yet. */
void viz_lead_protest_due(struct viz_net *net, const struct viz_id *origin, uint64_t slot);

#endif
