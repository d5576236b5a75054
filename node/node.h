/* The core's door: one federation node as a state machine. Single-threaded: all calls from
 * one thread at a time. All durable state is in the store; memory is rebuilt from it by
 * viz_node_open. */
#ifndef VIZ_NODE_NODE_H
#define VIZ_NODE_NODE_H

#include "node/core/event.h"
#include "node/core/profile.h"
#include "proto/base.h"
#include "proto/federation.h"
#include "store/vault.h"

struct viz_node;

struct viz_node_config {
	struct viz_profile profile;
	struct viz_secret
	    seed; /* 32 fresh random bytes; all of the core's randomness comes from it */
	const char *const *readers; /* UNIX users who may open personal data */
	size_t reader_count;
};

/* Loads everything from the store (outside a transaction). `store` and `vault` are borrowed until
 * viz_node_close. VIZ_ERR_ABSENT: no identity, run `vizinho init`. */
int viz_node_open(struct viz_node **out, struct viz_store *store, struct viz_vault *vault,
		  const struct viz_node_config *config, struct viz_time now);

void viz_node_close(struct viz_node *node);

/* One batch: begins a transaction, steps each event in order, commits, finishes erasures. Effects
 * are appended to `fx` and may be carried out only when this returned 0. Any error is
 * VIZ_ERR_STORE: the process must end, and start again from disk. `now` never goes back between
 * calls: the host clamps. */
int viz_node_run(struct viz_node *node, struct viz_effects *fx, struct viz_time now,
		 const struct viz_event *events, size_t count);

/* When the core wants its next TICK, if nothing else comes before. */
struct viz_time viz_node_deadline(const struct viz_node *node);

/* Its own author id, and the federation's id (the prologue of handshakes binds it). */
const struct viz_id *viz_node_author(const struct viz_node *node);

const struct viz_federation *viz_node_federation(const struct viz_node *node);

#endif
