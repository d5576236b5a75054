/* The memory of gossip/: signature checks under way, and the digest of the held records. */
#ifndef VIZ_NODE_GOSSIP_GOSSIP_H
#define VIZ_NODE_GOSSIP_GOSSIP_H

#include "node/gossip/intake.h"
#include "node/gossip/repair.h"

struct viz_gossip {
	struct viz_intake intake;
	struct viz_repair repair;
};

#endif
