/* The node's state. */
#ifndef VIZ_NODE_STATE_H
#define VIZ_NODE_STATE_H

#include "crypto/seal.h"
#include "node/core/profile.h"
#include "node/coverage/index.h"
#include "node/gossip/intake.h"
#include "node/gossip/repair.h"
#include "node/link/link.h"
#include "node/trust/directory.h"
#include "node/trust/identity.h"
#include "proto/base.h"
#include "proto/federation.h"

struct viz_effects;
struct viz_erasure;
struct viz_store;
struct viz_vault;

struct viz_node {
	struct viz_store *store;
	struct viz_vault *vault;
	struct viz_federation federation;
	struct viz_id federation_id;
	struct viz_profile profile;
	char (*readers)[33];
	size_t reader_count;

	struct viz_rng rng;
	struct viz_time now;
	struct viz_effects *fx;
	bool told_full; /* the log said that the store is nearly full */
	struct viz_time told_full_at;
	bool store_full; /* a put met the reserve: the batch must not be committed */

	struct viz_self self;
	struct viz_directory directory;
	struct viz_links links;
	struct viz_repair repair;
	struct viz_intake intake;
	struct viz_coverage_index coverage;

	bool starting; /* the first batch has not run yet */
	struct viz_time
	    lease_floor; /* a lease that was out at the start runs at least until then */
	struct viz_time deadline;
	struct viz_time next_heartbeat;
	struct viz_time next_housekeeping; /* circle, expiry sweep */
	uint64_t mail_number;
	uint64_t journal_number;
	struct viz_id journal_head;

	struct viz_erasure *erased; /* inbox.h: wiped in this batch, to be told when it is done */
	size_t erased_count;
};

#endif
