/* Our own VOUCH and PARTNERS records, made from the operator's settings (trust/peer.h). */
#ifndef VIZ_NODE_SELF_PARTNERS_H
#define VIZ_NODE_SELF_PARTNERS_H

#include "proto/base.h"

struct viz_member;
struct viz_net;
struct viz_trust;

/* Publishes our VOUCH for `m`, or withdraws it, unless that is published already. VIZ_ERR_LIMIT:
 * all slots are in use. VIZ_ERR_STATE: our key is revoked. */
int viz_self_partners_publish_vouch(struct viz_net *net, const struct viz_member *m,
				    bool withdrawn);

/* Publishes PARTNERS if it differs from the settings. Partners beyond VIZ_PARTNERS_MAX are left
 * out. VIZ_ERR_STATE: our key is revoked. */
int viz_self_partners_publish(struct viz_net *net);

/* Whether a slot is free for a VOUCH for `m`, or holds one already. */
bool viz_self_partners_vouch_fits(struct viz_trust *trust, const struct viz_member *m);

/* Whether PARTNERS has a free entry for `m`, or lists it already. */
bool viz_self_partners_fits(struct viz_trust *trust, const struct viz_member *m);

#endif
