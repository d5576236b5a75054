#include "store/vault_inside.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

int viz_vault_fail(struct viz_vault *v, const char *what)
{
	v->failed = true;
	return viz_backend_poison(v->store, what, errno ? strerror(errno) : "failed");
}

void viz_vault_set(struct viz_vault *v, uint32_t block, enum viz_vault_state state)
{
	v->count[v->state[block]]--;
	v->count[state]++;
	v->state[block] = (uint8_t)state;
	if (state == VIZ_VAULT_FREE && block < v->free_hint)
		v->free_hint = block;
}

int viz_vault_extend(struct viz_vault *v, uint32_t blocks)
{
	uint32_t grown = v->blocks_max ? v->blocks_max : 64;
	uint8_t *state = NULL;

	if (blocks <= v->blocks)
		return 0;
	if (blocks > VIZ_VAULT_BLOCKS_MAX)
		return VIZ_ERR_LIMIT;
	while (grown < blocks)
		grown *= 2;
	if (grown > v->blocks_max) {
		state = realloc(v->state, grown);
		if (!state)
			return VIZ_ERR_NOMEM;
		v->state = state;
		v->blocks_max = grown;
	}
	memset(v->state + v->blocks, VIZ_VAULT_FREE, blocks - v->blocks);
	v->count[VIZ_VAULT_FREE] += blocks - v->blocks;
	v->blocks = blocks;
	return 0;
}

int viz_vault_touch(struct viz_vault *v, uint32_t block)
{
	if (v->touched_len == v->touched_max) {
		size_t grown = v->touched_max ? 2 * v->touched_max : 64;
		uint32_t *touched = realloc(v->touched, grown * sizeof *touched);

		if (!touched)
			return VIZ_ERR_NOMEM;
		v->touched = touched;
		v->touched_max = grown;
	}
	v->touched[v->touched_len++] = block;
	return 0;
}

int viz_vault_sync_file(struct viz_vault *v)
{
	if (!v->store->volatile_commit && fdatasync(v->fd))
		return viz_vault_fail(v, "fdatasync of the vault");
	v->unsynced = false;
	return 0;
}

int viz_vault_zero(struct viz_vault *v, uint32_t block)
{
	static const uint8_t zeros[VIZ_VAULT_BLOCK];

	v->unsynced = true;
	errno = 0;
	if (viz_vault_block_write(v->fd, zeros, block))
		return viz_vault_fail(v, "wiping a block of the vault");
	return 0;
}

static int before_commit(void *arg)
{
	return viz_vault_sync(arg);
}

static enum viz_vault_state after_commit(enum viz_vault_state s)
{
	switch (s) {
	case VIZ_VAULT_CREATED:
		return VIZ_VAULT_IN_USE;
	case VIZ_VAULT_CREATED_ERASING:
	case VIZ_VAULT_MARKED:
		return VIZ_VAULT_ERASING;
	case VIZ_VAULT_REMOVED:
		return VIZ_VAULT_FREE;
	case VIZ_VAULT_FREE:
	case VIZ_VAULT_IN_USE:
	case VIZ_VAULT_ERASING:
	case VIZ_VAULT_WIPED:
	case VIZ_VAULT_ORPHAN:
		return s;
	}
	return s;
}

/* ORPHAN: the block must be wiped before it can be FREE. */
static enum viz_vault_state after_abort(enum viz_vault_state s)
{
	switch (s) {
	case VIZ_VAULT_CREATED:
	case VIZ_VAULT_CREATED_ERASING:
		return VIZ_VAULT_ORPHAN;
	case VIZ_VAULT_MARKED:
		return VIZ_VAULT_IN_USE;
	case VIZ_VAULT_REMOVED:
		return VIZ_VAULT_WIPED;
	case VIZ_VAULT_FREE:
	case VIZ_VAULT_IN_USE:
	case VIZ_VAULT_ERASING:
	case VIZ_VAULT_WIPED:
	case VIZ_VAULT_ORPHAN:
		return s;
	}
	return s;
}

/* Wipes at once what was written under the transaction that has ended. */
static void roll_back(struct viz_vault *v)
{
	bool wiped = false;

	for (size_t i = 0; i < v->touched_len; i++) {
		uint32_t block = v->touched[i];

		viz_vault_set(v, block, after_abort(v->state[block]));
		if (v->state[block] == VIZ_VAULT_ORPHAN)
			wiped = viz_vault_zero(v, block) == 0 || wiped;
	}
	if (wiped && !v->failed)
		(void)viz_vault_sync_file(
		    v); /* its failure is kept in v->failed and poisons the store */
	for (size_t i = 0; i < v->touched_len && !v->failed; i++)
		if (v->state[v->touched[i]] == VIZ_VAULT_ORPHAN)
			viz_vault_set(v, v->touched[i], VIZ_VAULT_FREE);
	v->touched_len = 0;
}

static void after(void *arg, enum viz_store_end end)
{
	struct viz_vault *v = arg;

	switch (end) {
	case VIZ_STORE_COMMITTED:
		for (size_t i = 0; i < v->touched_len; i++)
			viz_vault_set(v, v->touched[i], after_commit(v->state[v->touched[i]]));
		v->touched_len = 0;
		break;
	case VIZ_STORE_ABORTED:
		roll_back(v);
		break;
	case VIZ_STORE_UNKNOWN:
		v->failed = true;
		break;
	}
}

struct viz_store_hook viz_vault_hook(struct viz_vault *v)
{
	return (struct viz_store_hook){before_commit, after, v};
}

static int put_reference(struct viz_vault *v, uint32_t block, uint8_t ref)
{
	uint8_t key[4];

	viz_be_put_u32(key, block);
	return viz_store_put(v->store, VIZ_TABLE_VAULT, key, sizeof key, &ref, 1);
}

bool viz_vault_usable(const struct viz_vault *v)
{
	return !v->failed && !v->store->poisoned;
}

#define GROW_BLOCKS 64 /* free blocks that get their space on disk at once */
#define ROOM_BLOCKS 8  /* what one piece of work needs, and more */

int viz_vault_grow(struct viz_vault *v)
{
	uint32_t want = v->blocks + GROW_BLOCKS;

	if (want > VIZ_VAULT_BLOCKS_MAX || viz_vault_extend(v, want))
		return VIZ_ERR_LIMIT;
	if (!v->store->volatile_commit &&
	    posix_fallocate(v->fd, 0, (off_t)want * VIZ_VAULT_BLOCK) != 0)
		return VIZ_ERR_LIMIT;
	v->allocated = want;
	return 0;
}

bool viz_vault_has_room(struct viz_vault *v)
{
	/* Blocks behind `allocated` are free too, and no space is sure for them. */
	size_t sure = v->blocks > v->allocated ? v->blocks - v->allocated : 0;

	sure = v->count[VIZ_VAULT_FREE] > sure ? v->count[VIZ_VAULT_FREE] - sure : 0;
	return sure >= ROOM_BLOCKS || viz_vault_grow(v) == 0;
}

int viz_vault_create(struct viz_vault *v, uint32_t *block, const uint8_t *data, size_t len)
{
	uint8_t bytes[VIZ_VAULT_BLOCK];
	uint32_t n = v->free_hint;
	int err = 0;

	VIZ_REQUIRE(v->store->txn);
	if (!viz_vault_usable(v))
		return VIZ_ERR_STORE;
	if (len > VIZ_VAULT_DATA)
		return VIZ_ERR_LIMIT;
	while (n < v->blocks && v->state[n] != VIZ_VAULT_FREE)
		n++;
	v->free_hint = n;
	err = viz_vault_extend(v, n + 1);
	if (err == 0 && n >= v->allocated)
		err = viz_vault_grow(v);
	/* The reference comes first: when the map is full, nothing has been written yet. */
	if (err == 0)
		err = put_reference(v, n, VIZ_VAULT_REF_IN_USE);
	if (err)
		return err;
	if (viz_vault_touch(v, n))
		return viz_vault_fail(v, "out of memory");
	viz_vault_set(v, n, VIZ_VAULT_CREATED);
	v->unsynced = true;
	viz_vault_block_pack(bytes, n, data, len);
	errno = 0;
	err = viz_vault_block_write(v->fd, bytes, n);
	explicit_bzero(bytes, sizeof bytes);
	if (err)
		return viz_vault_fail(v, "writing a block of the vault");
	*block = n;
	return 0;
}

int viz_vault_read(struct viz_vault *v, uint8_t *out, size_t *len, uint32_t block)
{
	uint8_t bytes[VIZ_VAULT_BLOCK];
	int err = 0;

	if (v->failed)
		return VIZ_ERR_STORE;
	if (block >= v->blocks ||
	    (v->state[block] != VIZ_VAULT_IN_USE && v->state[block] != VIZ_VAULT_CREATED))
		return VIZ_ERR_ABSENT;
	err = viz_vault_block_read(v->fd, bytes, block);
	if (err == 0)
		err = viz_vault_block_unpack(bytes, out, len, block);
	explicit_bzero(bytes, sizeof bytes);
	return err;
}

bool viz_vault_fits(const struct viz_vault *v)
{
	uint8_t bytes[VIZ_VAULT_BLOCK], data[VIZ_VAULT_DATA];
	bool fits = true;
	size_t len;

	for (uint32_t i = 0; i < v->blocks && fits; i++)
		fits = v->state[i] != VIZ_VAULT_IN_USE ||
		       (viz_vault_block_read(v->fd, bytes, i) == 0 &&
			viz_vault_block_unpack(bytes, data, &len, i) == 0);
	explicit_bzero(bytes, sizeof bytes);
	explicit_bzero(data, sizeof data);
	return fits;
}

int viz_vault_erase(struct viz_vault *v, uint32_t block)
{
	int err = 0;

	VIZ_REQUIRE(v->store->txn);
	if (!viz_vault_usable(v))
		return VIZ_ERR_STORE;
	if (block >= v->blocks ||
	    (v->state[block] != VIZ_VAULT_IN_USE && v->state[block] != VIZ_VAULT_CREATED))
		return VIZ_ERR_ABSENT;
	err = put_reference(v, block, VIZ_VAULT_REF_ERASING);
	if (err)
		return err;
	if (v->state[block] == VIZ_VAULT_CREATED) {
		viz_vault_set(v, block, VIZ_VAULT_CREATED_ERASING);
		return 0;
	}
	if (viz_vault_touch(v, block))
		return viz_vault_fail(v, "out of memory");
	viz_vault_set(v, block, VIZ_VAULT_MARKED);
	return 0;
}

int viz_vault_sync(struct viz_vault *v)
{
	if (v->failed)
		return VIZ_ERR_STORE;
	return v->unsynced ? viz_vault_sync_file(v) : 0;
}

void viz_vault_abort(struct viz_vault *v)
{
	VIZ_REQUIRE(!v->store->txn);
	if (!v->failed)
		roll_back(v);
}

size_t viz_vault_erasing(const struct viz_vault *v)
{
	return v->count[VIZ_VAULT_ERASING];
}
