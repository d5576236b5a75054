/* A lead's clocks, its revocation, and what a lead that is over still has to sign. */
#ifndef VIZ_NODE_LEAD_END_H
#define VIZ_NODE_LEAD_END_H

#include "proto/base.h"

struct viz_id;
struct viz_lead;
struct viz_net;
struct viz_trust;

/* The person revokes: erase here at once, and tell every holder, as soon as our key can sign. */
int viz_lead_revoke(struct viz_net *net, struct viz_lead *lead);

/* Events. */
void viz_lead_due(struct viz_net *net, const struct viz_id *origin, uint64_t slot);

/* Our key can sign again: whatever waits for that is due now. */
void viz_lead_key_rotated(struct viz_trust *trust);

/* Signs what a lead that is over still owes: WITHDRAWALs, CLOSE, RESULT. Nothing while our key is
 * revoked. */
void viz_lead_sign_owed(struct viz_net *net, struct viz_lead *lead);

#endif
