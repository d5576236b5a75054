/* The key vault: a file of 4 KiB blocks, overwritten in place, outside LMDB, so that an erased key
 * is in no file of ours (DESIGN.md section 3: LMDB leaves old copies in free pages).
 *
 * Life of a block: free (all zero) -> written (create) -> free (erase). The reference to a block
 * lives in LMDB table VIZ_TABLE_VAULT: key = block number (u32be), value = state (u8: 1 in use, 2
 * erasing). Order on disk: create: write the block, fdatasync; then commit the reference `in use`.
 *   erase:  commit `erasing`; overwrite with zeros, fdatasync; commit the removal; only then say
 * so. Start-up (viz_vault_wipe_recover) overwrites what is `erasing` and wipes blocks that nothing
 * refers to.
 *
 * The vault takes part in the end of each transaction of its store by itself: before a commit it
 * fdatasyncs what was created, and a failure of that fails the commit; after an abort it wipes what
 * was created. Where the outcome of a commit is unknown (viz_store_commit failed) it touches
 * nothing any more: recover decides by what is on disk. So is every failure to write: the vault and
 * its store then return VIZ_ERR_STORE until both are opened again.
 *
 * A block is created again only when the removal of its last reference is committed, so that no
 * crash finds a new key under an old reference.
 *
 * A block holds up to VIZ_VAULT_DATA bytes of the caller's, with a checksum (CRC-32 of zlib): a
 * torn block reads as VIZ_ERR_STORE. Format, big-endian: "VZK1", block number u32, length u16, 2
 * zero bytes, data padded with zeros to VIZ_VAULT_DATA, CRC-32 u32 of all that, zeros to the end.
 * The number in it shows a block that was copied to another place. */
#ifndef VIZ_STORE_VAULT_H
#define VIZ_STORE_VAULT_H

#include "store/store.h"

#define VIZ_VAULT_BLOCK      4096
#define VIZ_VAULT_DATA       1024    /* bytes of data in a block, at most */
#define VIZ_VAULT_BLOCKS_MAX 1048576 /* blocks in the file: 4 GiB */

struct viz_vault; /* opaque */

/* Opens dir/vault (0600; created when absent), outside a transaction, and reads all of it. A block
 * that is not zero and has no reference stays until viz_vault_wipe_recover. `store` stays the
 * caller's, must outlive the vault and has at most one vault. VIZ_ERR_STORE; `fault` as in
 * viz_store_open. */
int viz_vault_file_open(struct viz_vault **out, struct viz_store_fault *fault,
			struct viz_store *store, const char *dir);
void viz_vault_file_close(struct viz_vault *v);

/* The operator knows that the vault is lost: the next opening does not refuse an empty one
 * (VIZ_STORE_LOST). Does nothing to a file that has something. VIZ_ERR_STORE. */
int viz_vault_file_give_up(struct viz_store_fault *fault, const char *dir);

/* Inside the store's transaction: finds a free block, puts the reference, writes the data. Durable
 * with the commit. VIZ_ERR_LIMIT (len, blocks, the store's map or the disk is full: nothing has
 * changed), VIZ_ERR_STORE (I/O). */
int viz_vault_create(struct viz_vault *v, uint32_t *block, const uint8_t *data, size_t len);
/* Whether some more blocks can be created, in the vault and on the disk. */
bool viz_vault_has_room(struct viz_vault *v);
/* Needs no transaction; sees what this one created and erased. VIZ_ERR_ABSENT when it is free or
 * erasing, VIZ_ERR_STORE when the block is torn or cannot be read (the vault itself goes on: other
 * blocks may be sound). `out` holds VIZ_VAULT_DATA bytes; wipe it. */
int viz_vault_read(struct viz_vault *v, uint8_t *out, size_t *len, uint32_t block);
/* Whether each block that is in use reads back. No crash makes that false: the store or the vault
 * is of another time. */
bool viz_vault_fits(const struct viz_vault *v);
/* Inside the transaction: marks it `erasing`; from now on it reads as absent, unless the
 * transaction aborts. VIZ_ERR_ABSENT, VIZ_ERR_STORE; never VIZ_ERR_LIMIT while deletions go on
 * (store.h). */
int viz_vault_erase(struct viz_vault *v, uint32_t block);

/* fdatasync of what was created in this transaction, before the commit does it by itself. */
int viz_vault_sync(struct viz_vault *v);
/* Does what the abort of the store has done already; may be called again without harm. */
void viz_vault_abort(struct viz_vault *v);
/* How many blocks are marked `erasing` by a committed transaction and not yet overwritten. When
 * this is above 0: viz_vault_wipe outside a transaction overwrites them all and fdatasyncs; then,
 * inside the next transaction, viz_vault_wipe_finish removes the references of all that are
 * overwritten; and when that is committed, the erasure may be announced to others. VIZ_ERR_STATE
 * (wipe inside, erased outside a transaction), VIZ_ERR_STORE; erased also VIZ_ERR_LIMIT, as
 * viz_store_del: what it removed so far stands, commit and call it again. */
size_t viz_vault_erasing(const struct viz_vault *v);
int viz_vault_wipe(struct viz_vault *v);
int viz_vault_wipe_finish(struct viz_vault *v);

/* At start-up, outside a transaction: finishes what is erasing, wipes orphans, and commits that.
 * *wiped (may be NULL) is how many blocks it overwrote. VIZ_ERR_STATE, VIZ_ERR_STORE. */
int viz_vault_wipe_recover(struct viz_vault *v, size_t *wiped);

/* Proves the vault sane, outside a transaction: each reference is inside the file and its block
 * reads back, every block without one is zero, table and memory agree. VIZ_ERR_STORE with a
 * sentence in `error` (may be NULL, at most 255 characters); VIZ_ERR_STATE inside a transaction. */
int viz_vault_check(struct viz_vault *v, char *error);

#endif
