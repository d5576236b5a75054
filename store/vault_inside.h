/* What the files of the vault share and nobody else includes. */
#ifndef VIZ_STORE_VAULT_INSIDE_H
#define VIZ_STORE_VAULT_INSIDE_H

#include "store/backend.h"
#include "store/vault.h"

#define VIZ_VAULT_REF_IN_USE  1
#define VIZ_VAULT_REF_ERASING 2

/* The second half exists only inside a transaction; its end turns each into one of the first. */
enum viz_vault_state {
	VIZ_VAULT_FREE = 0, /* zero in the file, no reference */
	VIZ_VAULT_IN_USE,
	VIZ_VAULT_ERASING, /* the reference says so, the data is still there */
	VIZ_VAULT_WIPED,   /* the reference says `erasing`, zero in the file */
	VIZ_VAULT_ORPHAN,  /* something in the file, no reference */

	VIZ_VAULT_CREATED,         /* commit: IN_USE, abort: wiped and FREE */
	VIZ_VAULT_CREATED_ERASING, /* commit: ERASING, abort: wiped and FREE */
	VIZ_VAULT_MARKED,          /* was IN_USE; commit: ERASING, abort: IN_USE */
	VIZ_VAULT_REMOVED,         /* was WIPED; commit: FREE, abort: WIPED */
};
#define VIZ_VAULT_STATES 9

struct viz_vault {
	struct viz_store *store;
	int fd;
	uint8_t *state; /* of each block: enum viz_vault_state */
	uint32_t blocks;
	uint32_t blocks_max;
	uint32_t free_hint; /* no block before it is FREE */
	uint32_t allocated; /* blocks before it have their space on disk */
	uint32_t *touched;  /* blocks in the second half of enum viz_vault_state */
	size_t touched_len;
	size_t touched_max;
	size_t count[VIZ_VAULT_STATES];
	bool unsynced;
	bool failed; /* a write or a commit failed: only opening again helps */
};

/* Poisons the vault and its store. errno gives the cause, unless it is 0. Returns VIZ_ERR_STORE. */
int viz_vault_fail(struct viz_vault *v, const char *what);
bool viz_vault_usable(const struct viz_vault *v);
void viz_vault_set(struct viz_vault *v, uint32_t block, enum viz_vault_state state);
/* Lets `state` hold the states of blocks up to `blocks` - 1. VIZ_ERR_LIMIT, VIZ_ERR_NOMEM. */
int viz_vault_extend(struct viz_vault *v, uint32_t blocks);
/* Takes space on disk for more free blocks. VIZ_ERR_LIMIT: there is none. */
int viz_vault_grow(struct viz_vault *v);
/* Notes a block for the end of the transaction. VIZ_ERR_NOMEM. */
int viz_vault_touch(struct viz_vault *v, uint32_t block);
int viz_vault_zero(struct viz_vault *v, uint32_t block);
int viz_vault_sync_file(struct viz_vault *v);
/* What the store calls at the end of each transaction. */
struct viz_store_hook viz_vault_hook(struct viz_vault *v);

/* One block, its form in the file: see vault.h. */

/* Fills all of `block`, VIZ_VAULT_BLOCK bytes; `len` is at most VIZ_VAULT_DATA. */
void viz_vault_block_pack(uint8_t *block, uint32_t number, const uint8_t *data, size_t len);
/* VIZ_ERR_STORE when it is not a whole block of this number. */
int viz_vault_block_unpack(const uint8_t *block, uint8_t *out, size_t *len, uint32_t number);
bool viz_vault_block_is_zero(const uint8_t *block);

/* Whole blocks to and from the file. VIZ_ERR_STORE, also for a block that ends behind the file. */
int viz_vault_block_write(int fd, const uint8_t *block, uint32_t number);
int viz_vault_block_read(int fd, uint8_t *block, uint32_t number);

#endif
