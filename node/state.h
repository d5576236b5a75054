/* The whole state of the node, one struct per floor (node/DESIGN.md). Only node.c uses it. */
#ifndef VIZ_NODE_STATE_H
#define VIZ_NODE_STATE_H

#include "node/audit/suspect.h"
#include "node/control/control.h"
#include "node/control/health.h"
#include "node/control/hook.h"
#include "node/control/later.h"
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
	struct viz_hook hook;
	struct viz_suspect_run pass;
	struct viz_laters laters;
	struct viz_health health;

	bool starting;                     /* the first batch has not run yet */
	struct viz_time deadline;          /* viz_node_deadline */
	struct viz_time next_housekeeping; /* for what is done once a second */
	struct viz_time next_sweep;        /* for removal of what is over */
	uint32_t shown;                    /* self.start.shown, when what waited was tried last */
	bool warned_full;                  /* the last warning said that the store is nearly full */
	struct viz_time warned_full_at;    /* when it was logged; 0: never */
	bool warned_space;                 /* likewise, that 70 % of its room are used */
	struct viz_time warned_space_at;
};

#endif
