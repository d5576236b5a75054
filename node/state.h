/* The whole node: its floors (node/DESIGN.md), each with the one below. node.c alone holds it. */
#ifndef VIZ_NODE_STATE_H
#define VIZ_NODE_STATE_H

#include "node/control/control.h"
#include "node/core/core.h"
#include "node/coverage/index.h"
#include "node/gossip/gossip.h"
#include "node/link/net.h"
#include "node/trust/trust.h"
#include "proto/base.h"

struct viz_node {
	struct viz_core core;
	struct viz_trust trust;
	struct viz_net net;
	struct viz_gossip gossip;
	struct viz_coverage_index coverage;
	struct viz_readers readers;

	bool starting; /* the first batch has not run yet */
	struct viz_time deadline;
	struct viz_time next_housekeeping; /* epochs, sweeps */
	bool warned_full;                  /* the log said that the store is nearly full */
	struct viz_time warned_full_at;
};

#endif
