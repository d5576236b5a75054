/* The public interface of the core: one node as a state machine. Calls may come from any thread,
 * but only one at a time. All durable state is in the store; viz_node_open rebuilds the memory from
 * it.
 */
#ifndef VIZ_NODE_NODE_H
#define VIZ_NODE_NODE_H

#include "node/core/confinement.h"
#include "node/core/event.h"
#include "node/core/figures.h"
#include "node/core/machine.h"
#include "node/core/profile.h"
#include "proto/base.h"
#include "proto/federation.h"
#include "store/vault.h"

struct viz_node;

#define VIZ_READERS_MAX 32 /* users in struct viz_node_settings */

/* What of the configuration can change while the node runs (VIZ_EVENT_SETTINGS). */
struct viz_node_settings {
	struct viz_profile profile;
	bool hook; /* there is one */
	char reader[VIZ_READERS_MAX][33];
	size_t reader_count;
	char web[33], erp[33]; /* the users of the faces; "": none */
};

struct viz_node_config {
	struct viz_profile profile;
	struct viz_secret seed;     /* fresh random bytes: the source of all randomness of the core
				     */
	const char *const *readers; /* UNIX users who may read personal data */
	size_t reader_count;
	const char *web, *erp; /* the users of the faces; NULL or "": none */
	bool hook;             /* the host runs a program for each event: VIZ_EFFECT_HOOK */
	struct viz_confinement confinement;
	struct viz_machine machine;
};

/* Loads everything from the store, which must not be in a transaction. `store` and `vault` are
 * borrowed until viz_node_close, `config` only for the call. VIZ_ERR_ABSENT: the store has no
 * identity, run `vizinho init`. VIZ_ERR_EXISTS: it was handed over to another machine, where it
 * lives. VIZ_ERR_STORE: a row is damaged. VIZ_ERR_NOMEM. */
int viz_node_open(struct viz_node **out, struct viz_store *store, struct viz_vault *vault,
		  const struct viz_node_config *config, struct viz_time now);

/* Wipes and frees the node. The store and the vault stay open. */
void viz_node_close(struct viz_node *node);

/* Runs one batch: begins a transaction, steps each event in order, runs the timers that are due,
 * commits, and finishes erasures. Appends effects to `fx`; the host may carry them out only when
 * this has returned 0. The only error is VIZ_ERR_STORE: then the process must end, and start again
 * from disk. `now` must not go back between calls (host/clock.c). */
int viz_node_run(struct viz_node *node, struct viz_effects *fx, struct viz_time now,
		 const struct viz_event *events, size_t count);

/* Why viz_node_run failed, for the log: what the store says. Borrowed until viz_node_close. */
const char *viz_node_cause(const struct viz_node *node);

/* When the core needs its next TICK, if no other event comes before. */
struct viz_time viz_node_deadline(const struct viz_node *node);

/* Whether this link is up, and with a partner: what comes on it goes before what others send.
 */
bool viz_node_is_near(struct viz_node *node, uint64_t link);

/* Where the host counts. Borrowed until viz_node_close; any thread may write it at any time. */
struct viz_figures *viz_node_figures(struct viz_node *node);

/* This node's author id. Borrowed until viz_node_close. */
const struct viz_id *viz_node_author(const struct viz_node *node);

/* The federation of this node. Borrowed until viz_node_close. */
const struct viz_federation *viz_node_federation(const struct viz_node *node);

#endif
