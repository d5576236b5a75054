#include "store/copy.h"

#include "store/vault_inside.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

int viz_copy_send(struct viz_store *store, int fd)
{
	VIZ_REQUIRE(store->reader);
	/* LMDB takes a snapshot of its own: ours would hold back the same pages twice. */
	viz_backend_drop_cursors(store);
	mdb_txn_abort(store->txn);
	store->txn = NULL;
	return mdb_env_copyfd2(store->env, fd, MDB_CP_COMPACT);
}

/* The blocks of all references that are in use. The store is in a transaction. */
static int write_blocks(struct viz_store *store, struct viz_store_fault *fault, int fd)
{
	uint8_t block[VIZ_VAULT_BLOCK];
	struct viz_slice key, value;
	struct viz_walk w;

	viz_walk_init(&w, store, VIZ_TABLE_VAULT, NULL, 0);
	while (viz_walk_next(&w, &key, &value)) {
		uint32_t number = key.len == 4 ? viz_be_get_u32(key.p) : UINT32_MAX;

		if (number >= VIZ_VAULT_BLOCKS_MAX || value.len != 1)
			return viz_backend_damaged(fault, "vault", "a reference is malformed");
		if (value.p[0] != VIZ_VAULT_REF_IN_USE)
			continue;
		viz_vault_block_pack(block, number, NULL, 0);
		if (viz_vault_block_write(fd, block, number))
			return viz_backend_refused(fault, "vault", errno);
	}
	return VIZ_OK;
}

int viz_copy_blank_vault(struct viz_store *store, struct viz_store_fault *fault, const char *dir)
{
	char path[4096];
	int n = snprintf(path, sizeof path, "%s/vault", dir);
	int fd, err;

	if (n < 0 || (size_t)n >= sizeof path)
		return viz_backend_fault(fault, VIZ_ERR_STORE, dir, VIZ_STORE_LONG_PATH);
	fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return viz_backend_refused(fault, path, errno);
	err = viz_store_begin(store);
	if (err)
		viz_backend_damaged(fault, "vault", "the store is unusable");
	else
		err = write_blocks(store, fault, fd);
	viz_store_abort(store);
	if (err == VIZ_OK && fsync(fd))
		err = viz_backend_refused(fault, path, errno);
	close(fd);
	return err;
}
