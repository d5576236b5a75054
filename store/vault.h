/* The key vault: a file of 4 KiB blocks, overwritten in place, outside LMDB, so that an erased key is
 * in no file of ours (DESIGN.md section 3: LMDB leaves old copies in free pages).
 *
 * Life of a block: free (all zero) -> written (create) -> free (erase). The reference to a block lives
 * in LMDB table VIZ_TABLE_VAULT: key = block number (u32be), value = state (u8: 1 in use, 2 erasing).
 * Order on disk:
 *   create: write the block, fdatasync; then commit the reference `in use`.
 *   erase:  commit `erasing`; overwrite with zeros, fdatasync; commit the removal; only then tell.
 * Start-up (viz_vault_recover) overwrites what is `erasing` and wipes blocks that nothing refers to.
 *
 * A block holds up to VIZ_VAULT_DATA bytes of the caller's, with a checksum (CRC-32 of zlib): a torn
 * block reads as VIZ_ERR_STORE. */
#ifndef VIZ_STORE_VAULT_H
#define VIZ_STORE_VAULT_H

#include "store/store.h"

#define VIZ_VAULT_BLOCK 4096
#define VIZ_VAULT_DATA  1024 /* bytes of data in a block, at most */

struct viz_vault; /* opaque */

/* Opens dir/vault (0600, created). `store` stays the caller's and must outlive the vault. */
int viz_vault_open(struct viz_vault **out, char *error, struct viz_store *store, const char *dir);
void viz_vault_close(struct viz_vault *v);

/* Inside the store's transaction: finds a free block, writes data, fdatasyncs (once for all creates of
 * a transaction is allowed: viz_vault_sync), and puts the reference. If the transaction aborts, the
 * block is an orphan: the next recover wipes it, and so does viz_vault_abort at once. */
int viz_vault_create(struct viz_vault *v, uint32_t *block, const uint8_t *data, size_t len);
/* VIZ_ERR_ABSENT when it is free or erasing. `out` holds VIZ_VAULT_DATA bytes; wipe it. */
int viz_vault_read(struct viz_vault *v, uint8_t *out, size_t *len, uint32_t block);
/* Inside the transaction: marks it `erasing`; from now on it reads as absent. */
int viz_vault_erase(struct viz_vault *v, uint32_t block);

/* Before the store's commit: fdatasync of what viz_vault_create wrote in this transaction. */
int viz_vault_sync(struct viz_vault *v);
/* After the store's abort. */
void viz_vault_abort(struct viz_vault *v);
/* How many blocks are marked `erasing` and not yet overwritten. After a commit, when this is above 0:
 * viz_vault_wipe outside a transaction overwrites them all and fdatasyncs; then, inside the next
 * transaction, viz_vault_erased removes their references; and when that is committed, the erasure may
 * be told to others. */
size_t viz_vault_erasing(const struct viz_vault *v);
int viz_vault_wipe(struct viz_vault *v);
int viz_vault_erased(struct viz_vault *v);

/* At start-up, outside a transaction: finishes what is erasing, wipes orphans. *wiped may be NULL. */
int viz_vault_recover(struct viz_vault *v, size_t *wiped);

#endif
