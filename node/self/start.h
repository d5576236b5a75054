/* The steps after a start. The store may have been rolled back, or a copy of us may run: partners
 * show by LAST what we signed last, then a VOUCH tells of this start, and NODE, PARTNERS and what
 * stands in our log are signed when a copy could have heard of that. PROTOCOL.md section 9. */
#ifndef VIZ_NODE_SELF_START_H
#define VIZ_NODE_SELF_START_H

#include "proto/base.h"

struct viz_id;
struct viz_link;
struct viz_net;
struct viz_trust;

/* Begins the steps, in the first batch of a process. */
void viz_start_begin(struct viz_trust *trust);

/* LAST has come on this link. */
void viz_start_note_last(struct viz_net *net, struct viz_link *link);

/* Whether the peer has sent LAST since our process began. Before that we do not know whether it
 * holds something of ours that our store has lost. */
bool viz_start_shown(struct viz_trust *trust, const struct viz_id *peer);

/* Does the next step when its condition holds. Without a partner there is nothing to wait for. Call
 * it in each batch, after the events. */
void viz_start_step(struct viz_net *net);

/* When viz_start_step must run next, if nothing else happens; INT64_MAX: never. */
struct viz_time viz_start_deadline(const struct viz_net *net);

#endif
