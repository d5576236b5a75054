/* The end of quarantine. A node whose store was rolled back, or that runs beside a copy of itself,
 * signs nothing until it has got from its peers what they hold of it, and a UTC day has begun, so
 * that its slots are fresh. PROTOCOL.md section 9. */
#ifndef VIZ_NODE_SELF_QUARANTINE_H
#define VIZ_NODE_SELF_QUARANTINE_H

#include "proto/base.h"

struct viz_net;
struct viz_trust;

/* Whether its conditions hold. False when we are in none. */
bool viz_quarantine_is_over(struct viz_net *net);

/* Ends it: begins a new log that names the newest head of the old one that was found, and shows by
 * NODE that we are back. The operator may end it earlier. Whoever calls this lets the draws go on
 * behind those that were found (viz_lead_draw_new_log). */
void viz_quarantine_end(struct viz_net *net);

/* Whether an offer of that date began before our last quarantine ended: we have signed we know not
 * what about it, and sign nothing more. */
bool viz_quarantine_covers(const struct viz_trust *trust, struct viz_time offered);

/* When viz_quarantine_is_over must be asked next, if nothing else happens; INT64_MAX: never. */
struct viz_time viz_quarantine_deadline(const struct viz_net *net);

#endif
