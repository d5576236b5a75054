#include "store/vault_inside.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

/* Gives every referenced block its state. The store is in a transaction. */
static int load_references(struct viz_vault *v, struct viz_store_fault *fault)
{
	struct viz_slice key;
	struct viz_slice value;
	struct viz_walk w;

	viz_walk_init(&w, v->store, VIZ_TABLE_VAULT, NULL, 0);
	while (viz_walk_next(&w, &key, &value)) {
		uint32_t block = key.len == 4 ? viz_be_get_u32(key.p) : UINT32_MAX;
		uint8_t ref = value.len == 1 ? value.p[0] : 0;

		if (block >= VIZ_VAULT_BLOCKS_MAX ||
		    (ref != VIZ_VAULT_REF_IN_USE && ref != VIZ_VAULT_REF_ERASING))
			return viz_backend_damaged(fault, "vault", "a reference is malformed");
		if (viz_vault_extend(v, block + 1))
			return viz_backend_refused(fault, "vault", ENOMEM);
		viz_vault_set(v, block,
			      ref == VIZ_VAULT_REF_IN_USE ? VIZ_VAULT_IN_USE : VIZ_VAULT_ERASING);
	}
	if (v->store->poisoned)
		return viz_backend_damaged(fault, "vault", "the references cannot be read");
	return 0;
}

/* A block without a reference is free when it is zero. A crash while the file grew can leave a part
 * of a block at the end of the file, which counts as not zero. */
static int load_file(struct viz_vault *v, struct viz_store_fault *fault)
{
	uint8_t block[VIZ_VAULT_BLOCK];
	struct stat st;
	uint64_t whole = 0;
	bool part = false;

	if (fstat(v->fd, &st))
		return viz_backend_refused(fault, "vault", errno);
	whole = (uint64_t)st.st_size / VIZ_VAULT_BLOCK;
	part = st.st_size % VIZ_VAULT_BLOCK != 0;
	if (whole + part > VIZ_VAULT_BLOCKS_MAX)
		return viz_backend_damaged(fault, "vault", "the file is too large");
	v->allocated = (uint32_t)whole;
	if (viz_vault_extend(v, (uint32_t)(whole + part)))
		return viz_backend_refused(fault, "vault", ENOMEM);
	for (uint32_t i = 0; i < whole; i++) {
		if (v->state[i] != VIZ_VAULT_FREE)
			continue;
		if (viz_vault_block_read(v->fd, block, i))
			return viz_backend_damaged(fault, "vault", "a block cannot be read");
		if (!viz_vault_block_is_zero(block))
			viz_vault_set(v, i, VIZ_VAULT_ORPHAN);
	}
	explicit_bzero(block, sizeof block);
	if (part && v->state[whole] == VIZ_VAULT_FREE)
		viz_vault_set(v, (uint32_t)whole, VIZ_VAULT_ORPHAN);
	return 0;
}

/* Keys of personal data are in use, and the file has nothing at all: it was moved, or left out of a
 * copy. A node that went on would lose them for ever without a word. */
static int refuse_lost(struct viz_vault *v, struct viz_store_fault *fault)
{
	struct stat st;

	if (fstat(v->fd, &st))
		return viz_backend_refused(fault, "vault", errno);
	if (v->count[VIZ_VAULT_IN_USE] == 0 || st.st_size > 0)
		return 0;
	return viz_backend_fault(fault, VIZ_ERR_STORE, "vault", VIZ_STORE_LOST);
}

static int open_file(struct viz_vault *v, struct viz_store_fault *fault, const char *dir)
{
	char path[4096];
	int n = snprintf(path, sizeof path, "%s/vault", dir);
	int dir_fd = -1;
	int rc = 0;

	if (n < 0 || (size_t)n >= sizeof path)
		return viz_backend_fault(fault, VIZ_ERR_STORE, dir, VIZ_STORE_LONG_PATH);
	v->fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (v->fd < 0)
		return viz_backend_refused(fault, path, errno);
	rc = viz_backend_private(fault, path, v->fd);
	if (rc)
		return rc;
	dir_fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (dir_fd < 0)
		return viz_backend_refused(fault, dir, errno);
	if (!v->store->volatile_commit && fsync(dir_fd))
		rc = viz_backend_refused(fault, dir, errno);
	close(dir_fd);
	return rc;
}

int viz_vault_file_open(struct viz_vault **out, struct viz_store_fault *fault,
			struct viz_store *store, const char *dir)
{
	struct viz_vault *v = calloc(1, sizeof *v);
	int err = 0;

	VIZ_REQUIRE(!store->txn && !store->hook.after);
	if (!v)
		return viz_backend_refused(fault, "vault", ENOMEM);
	v->store = store;
	v->fd = -1;
	err = open_file(v, fault, dir);
	if (err == 0 && (err = viz_store_begin(store)))
		viz_backend_damaged(fault, "vault", "the store is unusable");
	if (err == 0) {
		err = load_references(v, fault);
		viz_store_abort(store);
	}
	if (err == 0)
		err = refuse_lost(v, fault);
	if (err == 0)
		err = load_file(v, fault);
	if (err) {
		viz_vault_file_close(v);
		return err;
	}
	store->hook = viz_vault_hook(v);
	*out = v;
	return 0;
}

void viz_vault_file_close(struct viz_vault *v)
{
	if (!v)
		return;
	if (v->store->hook.arg == v) {
		viz_store_abort(v->store);
		v->store->hook = (struct viz_store_hook){NULL, NULL, NULL};
	}
	if (v->fd >= 0)
		close(v->fd);
	free(v->state);
	free(v->touched);
	free(v);
}

int viz_vault_file_give_up(struct viz_store_fault *fault, const char *dir)
{
	char path[4096];
	int n = snprintf(path, sizeof path, "%s/vault", dir);
	struct stat st;
	int fd, rc = 0;

	if (n < 0 || (size_t)n >= sizeof path)
		return viz_backend_fault(fault, VIZ_ERR_STORE, dir, VIZ_STORE_LONG_PATH);
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0)
		return viz_backend_refused(fault, path, errno);
	if (fstat(fd, &st) || (st.st_size == 0 && ftruncate(fd, VIZ_VAULT_BLOCK)))
		rc = viz_backend_refused(fault, path, errno);
	close(fd);
	return rc;
}
