/* The set of links, at the end of each batch. */
#ifndef VIZ_NODE_LINK_MAINTAIN_H
#define VIZ_NODE_LINK_MAINTAIN_H

#include "proto/base.h"

struct viz_net;

/* Closes the links of nodes that are no longer members, starts the comparisons that are due, and
 * dials members that should have a link and have none. Called after the events of each batch. */
void viz_link_maintain(struct viz_net *net);

/* When viz_link_maintain must run next, if nothing else happens; INT64_MAX: never. */
struct viz_time viz_link_maintain_deadline(const struct viz_net *net);

#endif
