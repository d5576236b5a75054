/* Removal of records that are over. */
#ifndef VIZ_NODE_GOSSIP_SWEEP_H
#define VIZ_NODE_GOSSIP_SWEEP_H

#include <stdbool.h>

struct viz_net;

/* Looks at the next 2000 held records, from where the last call ended, and removes those that are
 * over. These are expired records, and records of authors that have been silent, or unknown, for
 * longer than silence_ms + grace_ms. False: the last one was among them. */
bool viz_gossip_sweep(struct viz_net *net);

#endif
