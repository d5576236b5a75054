/* The memory of gossip/: what is to be announced, what is fetched, signature checks and repairs
 * under way, how far the sweep is, and what was asked for. */
#ifndef VIZ_NODE_GOSSIP_GOSSIP_H
#define VIZ_NODE_GOSSIP_GOSSIP_H

#include "node/gossip/announce.h"
#include "node/gossip/fetch.h"
#include "node/gossip/intake.h"
#include "node/gossip/repair.h"
#include "node/gossip/sweep.h"
#include "node/gossip/wanted.h"

struct viz_gossip {
	struct viz_announce announce;
	struct viz_fetch fetch;
	struct viz_intake intake;
	struct viz_repair repair;
	struct viz_sweep sweep;
	struct viz_wanted wanted;
};

#endif
