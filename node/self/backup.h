/* Backups of this node: the key to which they are encrypted, when the last good one was made, and
 * of which one this store was restored. Rows of VIZ_TABLE_META. */
#ifndef VIZ_NODE_SELF_BACKUP_H
#define VIZ_NODE_SELF_BACKUP_H

#include "proto/base.h"

struct viz_core;
struct viz_trust;

/* The public part of the recovery key. False: this node has none. */
bool viz_backup_recovery(struct viz_core *core, struct viz_pub *out);
void viz_backup_set_recovery(struct viz_core *core, const struct viz_pub *pub);

/* When the last good backup was made; 0: never. */
struct viz_time viz_backup_last(struct viz_core *core);
void viz_backup_done(struct viz_core *core, struct viz_time at);

/* When the node left this machine for another, for ever; 0: it has not. */
struct viz_time viz_backup_moved(struct viz_core *core);
void viz_backup_set_moved(struct viz_core *core, struct viz_time at);

/* A store that was restored: what was signed after `made` stands at the peers. */
struct viz_backup_restored {
	struct viz_time made;     /* the backup */
	struct viz_time restored; /* 0: this store was not restored */
	bool begun;               /* its quarantine has begun */
};
struct viz_backup_restored viz_backup_restored(struct viz_core *core);
void viz_backup_set_restored(struct viz_core *core, const struct viz_backup_restored *r);

/* In the first batch of a process: a store that was restored goes into quarantine, once. */
void viz_backup_start(struct viz_trust *trust);

#endif
