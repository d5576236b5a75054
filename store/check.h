/* Proves a store and its vault structurally sane: for the tests, the simulator and `doctor`. */
#ifndef VIZ_STORE_CHECK_H
#define VIZ_STORE_CHECK_H

#include "store/vault.h"

/* Walks everything, outside a transaction: the schema is there and ours; in each table the keys
 * ascend, fit VIZ_STORE_KEY_MAX, are found by a look-up, and are as many as LMDB counts; every byte
 * of every value can be read; the vault is what viz_vault_check asks. `v` may be NULL. What a value
 * means is checked by its owner. VIZ_ERR_STORE with a sentence in `error` (may be NULL, at most 255
 * characters); VIZ_ERR_STATE inside a transaction. */
int viz_store_check(struct viz_store *s, struct viz_vault *v, char *error);

#endif
