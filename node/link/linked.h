/* How long full links were up: what a peer owes counts only while it could send it. */
#ifndef VIZ_NODE_LINK_LINKED_H
#define VIZ_NODE_LINK_LINKED_H

#include "proto/base.h"

struct viz_member;
struct viz_net;

/* A full link is remembered when it was up for so long: what was sent at its begin has come. */
#define VIZ_LINKED_LEAD_MS 60000

/* Begins a pass of the audit: from now on viz_linked_ms is the time since the last one. */
void viz_linked_pass(struct viz_net *net);

/* For how long, between the last two passes, a full link with the member was up. */
int64_t viz_linked_ms(const struct viz_member *m);

/* Whether a full link with the member, which lists us, was up at some instant from `from` to `to`
 * that is VIZ_LINKED_LEAD_MS or more after it became full, as far as that is remembered. */
bool viz_linked_within(struct viz_net *net, const struct viz_member *m, struct viz_time from,
		       struct viz_time to);

#endif
