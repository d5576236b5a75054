/* After each batch: who should be linked is dialled, and links of those who no longer belong
 * are closed. */
#ifndef VIZ_NODE_LINK_MAINTAIN_H
#define VIZ_NODE_LINK_MAINTAIN_H

#include "proto/base.h"

struct viz_net;

/* Dials who should be linked and is not; closes links of those who no longer belong. Called after
 * each batch's events. */
void viz_link_maintain(struct viz_net *net);

struct viz_time viz_link_deadline(const struct viz_net *net);

#endif
