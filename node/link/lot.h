/* The links by lot: whom to dial, and which one makes room. PROTOCOL.md section 6. The choice is
 * uniform among all members that have an address, and never by author id: ids can be ground. */
#ifndef VIZ_NODE_LINK_LOT_H
#define VIZ_NODE_LINK_LOT_H

#include "proto/base.h"

struct viz_net;

/* Reads which links are remembered. VIZ_ERR_STORE: the row is damaged. */
int viz_lot_load(struct viz_net *net);

/* After each batch. Looks only when links have changed, and each second. */
void viz_lot_step(struct viz_net *net);

#endif
