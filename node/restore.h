/* What `vizinho backup`, `restore` and `move` read and write in the store of a node that does not
 * run in this process. */
#ifndef VIZ_NODE_RESTORE_H
#define VIZ_NODE_RESTORE_H

#include "proto/base.h"

struct viz_store;

struct viz_restore_node {
	struct viz_id author;
	bool has_recovery;
	struct viz_pub recovery;
	struct viz_time moved; /* 0: it lives here */
};

/* Reads it inside a transaction, or in a store that was opened as a reader. VIZ_ERR_ABSENT: the
 * store has no node. VIZ_ERR_STORE. */
int viz_restore_look(struct viz_store *store, struct viz_restore_node *out);

/* Each of these is a transaction of its own. VIZ_ERR_STORE, VIZ_ERR_LIMIT (no room). */

/* The node has this recovery key from now on. */
int viz_restore_set_recovery(struct viz_store *store, const struct viz_pub *recovery);
/* The store comes from a backup that was made then: the node begins in quarantine. */
int viz_restore_mark(struct viz_store *store, struct viz_time made, struct viz_time now);
/* The node has left this machine at that time (0: it is back, in quarantine). It does not start
 * here any more. */
int viz_restore_move(struct viz_store *store, struct viz_time moved);
/* The last good backup. */
int viz_restore_backed_up(struct viz_store *store, struct viz_time at);

#endif
