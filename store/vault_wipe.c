#include "store/vault_inside.h"

#include <errno.h>
#include <sys/stat.h>

/* Overwrites all blocks in the states `a` and `b`. They keep their state: it may change only after
 * the fdatasync, when the data is gone. */
static int zero_all(struct viz_vault *v, size_t *wiped, enum viz_vault_state a,
		    enum viz_vault_state b)
{
	size_t left = v->count[a] + (a == b ? 0 : v->count[b]);

	*wiped = 0;
	for (uint32_t i = 0; i < v->blocks && left > 0; i++) {
		if (v->state[i] != a && v->state[i] != b)
			continue;
		if (viz_vault_zero(v, i))
			return VIZ_ERR_STORE;
		left--;
		++*wiped;
	}
	return *wiped ? viz_vault_sync_file(v) : 0;
}

static void turn(struct viz_vault *v, enum viz_vault_state from, enum viz_vault_state to)
{
	for (uint32_t i = 0; i < v->blocks && v->count[from] > 0; i++)
		if (v->state[i] == from)
			viz_vault_set(v, i, to);
}

int viz_vault_wipe(struct viz_vault *v)
{
	size_t wiped = 0;

	if (v->store->txn)
		return VIZ_ERR_STATE;
	if (!viz_vault_usable(v) || zero_all(v, &wiped, VIZ_VAULT_ERASING, VIZ_VAULT_ERASING))
		return VIZ_ERR_STORE;
	turn(v, VIZ_VAULT_ERASING, VIZ_VAULT_WIPED);
	return 0;
}

int viz_vault_wipe_finish(struct viz_vault *v)
{
	if (!v->store->txn)
		return VIZ_ERR_STATE;
	if (!viz_vault_usable(v))
		return VIZ_ERR_STORE;
	for (uint32_t i = 0; i < v->blocks && v->count[VIZ_VAULT_WIPED] > 0; i++) {
		uint8_t key[4];
		int err = 0;

		if (v->state[i] != VIZ_VAULT_WIPED)
			continue;
		viz_be_put_u32(key, i);
		err = viz_store_del(v->store, VIZ_TABLE_VAULT, key, sizeof key);
		errno = 0;
		if (err == VIZ_ERR_ABSENT)
			return viz_vault_fail(v, "a reference to the vault is gone");
		if (err)
			return err;
		if (viz_vault_touch(v, i))
			return viz_vault_fail(v, "out of memory");
		viz_vault_set(v, i, VIZ_VAULT_REMOVED);
	}
	return 0;
}

int viz_vault_wipe_recover(struct viz_vault *v, size_t *wiped)
{
	size_t n = 0;
	int err = 0;

	if (v->store->txn)
		return VIZ_ERR_STATE;
	if (!viz_vault_usable(v) || zero_all(v, &n, VIZ_VAULT_ERASING, VIZ_VAULT_ORPHAN))
		return VIZ_ERR_STORE;
	turn(v, VIZ_VAULT_ERASING, VIZ_VAULT_WIPED);
	turn(v, VIZ_VAULT_ORPHAN, VIZ_VAULT_FREE);
	while (err == 0 && v->count[VIZ_VAULT_WIPED] > 0) {
		err = viz_store_begin(v->store);
		if (err)
			return err;
		err = viz_vault_wipe_finish(v);
		/* With a full map one transaction may not hold them all. */
		if (err == VIZ_ERR_LIMIT && v->count[VIZ_VAULT_REMOVED] > 0)
			err = 0;
		if (err == 0)
			err = viz_store_commit(v->store);
		else
			viz_store_abort(v->store);
	}
	if (err == 0 && wiped)
		*wiped = n;
	return err;
}
