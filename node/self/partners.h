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

/* Withdraws our VOUCHes for those for whom our operator vouches no more. Of a partner it stays
 * until the partnership has ended: without a voucher it would be no member, and nothing that is
 * under way between the two could end. VIZ_ERR_STATE: our key is revoked. */
int viz_self_partners_end_vouches(struct viz_net *net);

/* Publishes PARTNERS if it differs from the settings, and NODE, which names it. Partners beyond
 * VIZ_PARTNERS_MAX are left out. Each PARTNERS has a time of its own: when the last one is of this
 * millisecond, a timer calls this again. VIZ_ERR_STATE: our key is revoked. */
int viz_self_partners_publish(struct viz_net *net);

/* The timer VIZ_DUE_NODE: publishes PARTNERS if it could not be published before, and NODE when an
 * entry has become effective or ended; withdraws VOUCHes then. */
void viz_partners_due(struct viz_net *net, const struct viz_id *origin, uint64_t slot);

/* Whether a slot is free for a VOUCH for `m`, or holds one already. */
bool viz_self_partners_vouch_fits(struct viz_trust *trust, const struct viz_member *m);

/* Whether PARTNERS has a free entry for `m`, or lists it already. */
bool viz_self_partners_fits(struct viz_trust *trust, const struct viz_member *m);

#endif
