/* What there is to say about the machine: it is read before the process gives up to read it. */
#ifndef VIZ_NODE_HOST_MACHINE_H
#define VIZ_NODE_HOST_MACHINE_H

#include "node/node.h"

/* `state`: the state directory. */
void viz_host_machine_read(struct viz_machine *out, const char *state);

/* Whether /proc/swaps, as it is given, names a swap that is no compressed memory. */
bool viz_host_machine_swaps(const char *swaps);

#endif
