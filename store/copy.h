/* A copy of the store for a backup, made beside the process that has it open. */
#ifndef VIZ_STORE_COPY_H
#define VIZ_STORE_COPY_H

#include "store/store.h"

/* Writes the store as the last commit left it, without its free pages, to `fd`, which may be a
 * pipe: the bytes of a file store.mdb. `store` was opened as a reader. Returns 0, an errno, or
 * below 0 what LMDB found wrong. */
int viz_copy_send(struct viz_store *store, int fd);

/* Makes dir/vault for a store that was restored without it: for each reference a block that reads
 * back and has nothing, so that what it sealed stays closed for ever, and all the rest is as it
 * was. Outside a transaction, before the vault is opened. VIZ_ERR_STORE. */
int viz_copy_blank_vault(struct viz_store *store, struct viz_store_fault *fault, const char *dir);

#endif
