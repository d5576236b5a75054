#include "store/vault_inside.h"

#include <errno.h>
#include <sys/stat.h>

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
		uint32_t i = key.len == 4 ? viz_be_get_u32(key.p) : UINT32_MAX;
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
