#include "node/restore.h"

#include "crypto/secret.h"
#include "node/core/core.h"
#include "node/self/backup.h"
#include "node/trust/identity.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "store/store.h"

int viz_restore_look(struct viz_store *store, struct viz_restore_node *out)
{
	struct viz_core core = {.store = store};
	struct viz_trust trust = {.core = &core};
	int err = viz_identity_load(&trust);

	if (err == VIZ_OK) {
		memset(out, 0, sizeof *out);
		out->author = trust.self.author;
		out->has_recovery = viz_backup_recovery(&core, &out->recovery);
		out->moved = viz_backup_moved(&core);
	}
	viz_secret_wipe(&trust, sizeof trust);
	return err;
}

/* What a transaction writes. */
struct change {
	const struct viz_pub *recovery;
	const struct viz_backup_restored *restored;
	const struct viz_time *moved, *backed_up;
};

static int write(struct viz_store *store, const struct change *c)
{
	struct viz_core core = {.store = store};
	int err = viz_store_begin(store);

	if (err != VIZ_OK)
		return err;
	if (c->recovery)
		viz_backup_set_recovery(&core, c->recovery);
	if (c->restored)
		viz_backup_set_restored(&core, c->restored);
	if (c->moved)
		viz_backup_set_moved(&core, *c->moved);
	if (c->backed_up)
		viz_backup_done(&core, *c->backed_up);
	if (!core.store_full)
		return viz_store_commit(store);
	viz_store_abort(store);
	return VIZ_ERR_LIMIT;
}

int viz_restore_set_recovery(struct viz_store *store, const struct viz_pub *recovery)
{
	return write(store, &(struct change){.recovery = recovery});
}

int viz_restore_mark(struct viz_store *store, struct viz_time made, struct viz_time now)
{
	const struct viz_backup_restored r = {.made = made, .restored = now};

	return write(store, &(struct change){.restored = &r});
}

int viz_restore_move(struct viz_store *store, struct viz_time moved)
{
	return write(store, &(struct change){.moved = &moved});
}

int viz_restore_backed_up(struct viz_store *store, struct viz_time at)
{
	return write(store, &(struct change){.backed_up = &at});
}
