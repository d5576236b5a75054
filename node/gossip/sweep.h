/* Removes records that have been past their end for the federation's grace. */
#ifndef VIZ_NODE_GOSSIP_SWEEP_H
#define VIZ_NODE_GOSSIP_SWEEP_H

struct viz_net;

/* Removes what has been past its end for the federation's grace: a bounded step of a sweep. */
void viz_gossip_sweep(struct viz_net *net);

#endif
