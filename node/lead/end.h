/* How a lead ends: its timers, its revocation, and what we must still sign after its end. */
#ifndef VIZ_NODE_LEAD_END_H
#define VIZ_NODE_LEAD_END_H

#include "proto/base.h"

struct viz_core;
struct viz_id;
struct viz_lead;
struct viz_net;
struct viz_trust;

/* The timer VIZ_DUE_LEAD: looks at the lead and does what is due. `origin` is this node. */
void viz_lead_end_due(struct viz_net *net, const struct viz_id *origin, uint64_t slot);

/* The customer revokes: erases all personal data here, and sends WITHDRAWAL to all asked
 * about it, or when our key is revoked does so after the next rotation. Writes the row.
 * VIZ_ERR_STATE: the lead is revoked already. */
int viz_lead_end_revoke(struct viz_net *net, struct viz_lead *lead);

/* After a rotation, when a new log has begun, and when LAST has come: begins to set a timer, due
 * now, for each lead that waits for a key that can sign or for LAST, or whose log has ended. In
 * each batch the second goes on by VIZ_WAKE_ROWS rows. */
void viz_lead_end_wake(struct viz_core *core);
void viz_lead_end_wake_step(struct viz_trust *trust);

#endif
