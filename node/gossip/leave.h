/* Drops the federation records of who is left out or does not count any more (trust/leave.h), some
 * in each batch. PROTOCOL.md section 14. */
#ifndef VIZ_NODE_GOSSIP_LEAVE_H
#define VIZ_NODE_GOSSIP_LEAVE_H

#include "proto/base.h"

struct viz_net;

/* One step. */
void viz_gossip_leave_step(struct viz_net *net);

#endif
