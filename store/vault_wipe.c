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

int viz_vault_erased(struct viz_vault *v)
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
		viz_put_u32be(key, i);
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

int viz_vault_recover(struct viz_vault *v, size_t *wiped)
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
		err = viz_vault_erased(v);
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

static int check_block(struct viz_vault *v, char *error, uint32_t i)
{
	uint8_t bytes[VIZ_VAULT_BLOCK];
	uint8_t data[VIZ_VAULT_DATA];
	const char *why = NULL;
	struct stat st;
	size_t len = 0;

	if (fstat(v->fd, &st))
		return viz_backend_explain(error, VIZ_ERR_STORE, "vault", strerror(errno));
	/* References may lie behind the file after a restore, and so may free blocks between them.
	 */
	if (v->state[i] == VIZ_VAULT_FREE && (uint64_t)st.st_size <= (uint64_t)i * VIZ_VAULT_BLOCK)
		return 0;
	if (viz_vault_block_read(v->fd, bytes, i))
		why = "a block lies behind the end of the file or cannot be read";
	else if (v->state[i] == VIZ_VAULT_IN_USE && viz_vault_block_unpack(bytes, data, &len, i))
		why = "a block is torn";
	else if ((v->state[i] == VIZ_VAULT_FREE || v->state[i] == VIZ_VAULT_WIPED) &&
		 !viz_vault_block_is_zero(bytes))
		why = "a block without a reference holds data";
	else if (v->state[i] == VIZ_VAULT_ORPHAN)
		why = "a block has lost its reference; recover it first";
	explicit_bzero(bytes, sizeof bytes);
	explicit_bzero(data, sizeof data);
	return why ? viz_backend_explain(error, VIZ_ERR_STORE, "vault", why) : 0;
}

/* Each block's state in memory against the table; the store is in a transaction. */
static int check_references(struct viz_vault *v, char *error)
{
	struct viz_slice key;
	struct viz_slice value;
	struct viz_walk w;
	size_t refs = 0;

	viz_walk_init(&w, v->store, VIZ_TABLE_VAULT, NULL, 0);
	while (viz_walk_next(&w, &key, &value)) {
		uint32_t i = key.len == 4 ? viz_get_u32be(key.p) : UINT32_MAX;
		uint8_t ref = value.len == 1 ? value.p[0] : 0;
		bool right = i < v->blocks &&
			     ((ref == VIZ_VAULT_REF_IN_USE && v->state[i] == VIZ_VAULT_IN_USE) ||
			      (ref == VIZ_VAULT_REF_ERASING && (v->state[i] == VIZ_VAULT_ERASING ||
								v->state[i] == VIZ_VAULT_WIPED)));

		if (!right)
			return viz_backend_explain(error, VIZ_ERR_STORE, "vault",
						   "a reference disagrees with its block");
		refs++;
	}
	if (refs !=
	    v->count[VIZ_VAULT_IN_USE] + v->count[VIZ_VAULT_ERASING] + v->count[VIZ_VAULT_WIPED])
		return viz_backend_explain(error, VIZ_ERR_STORE, "vault", "a reference is missing");
	return 0;
}

int viz_vault_check(struct viz_vault *v, char *error)
{
	int err = 0;

	if (v->store->txn)
		return VIZ_ERR_STATE;
	if (!viz_vault_usable(v))
		return viz_backend_explain(error, VIZ_ERR_STORE, "vault",
					   "unusable after a failure");
	err = viz_store_begin(v->store);
	if (err)
		return viz_backend_explain(error, err, "vault", "the store is unusable");
	err = check_references(v, error);
	viz_store_abort(v->store);
	for (uint32_t i = 0; i < v->blocks && err == 0; i++)
		err = check_block(v, error, i);
	return err;
}
