/* The second floor: this node's identity and profile, and the nodes that it knows. */
#ifndef VIZ_NODE_TRUST_TRUST_H
#define VIZ_NODE_TRUST_TRUST_H

#include "node/core/profile.h"
#include "node/trust/identity.h"
#include "node/trust/leave.h"
#include "node/trust/member.h"
#include "node/trust/tree.h"

struct viz_circle_cache;
struct viz_core;

struct viz_trust {
	struct viz_core *core;
	struct viz_profile profile;
	struct viz_self self;
	struct viz_directory directory;
	struct viz_tree tree;
	struct viz_leave leave;
	struct viz_circle_cache *circles; /* circle.c; NULL: empty */
};

/* Fills the directory from the held records and VIZ_TABLE_PEER, and computes the closure.
 * viz_identity_load comes before it. VIZ_ERR_STORE: a row is damaged. */
int viz_trust_load(struct viz_trust *trust);

/* Frees the directory. link/ must have given back all remotes. */
void viz_trust_free(struct viz_trust *trust);

#endif
