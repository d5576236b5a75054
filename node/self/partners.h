/* Our VOUCH and PARTNERS records, made of the operator's settings. */
#ifndef VIZ_NODE_SELF_PARTNERS_H
#define VIZ_NODE_SELF_PARTNERS_H

#include "proto/base.h"

struct viz_member;
struct viz_net;
struct viz_trust;

/* Our own VOUCH and PARTNERS from the operator's settings; published when they differ. */
int viz_self_vouch_publish(struct viz_net *net, const struct viz_member *m, bool withdrawn);

int viz_self_partners_publish(struct viz_net *net);

/* Whether one VOUCH, or one entry of PARTNERS, more for `m` fits (or is there already): what does
 * not is not published. */
bool viz_self_vouch_fits(struct viz_trust *trust, const struct viz_member *m);

bool viz_self_partners_fits(struct viz_trust *trust, const struct viz_member *m);

#endif
