/* Proves a store and its vault structurally sane: for the tests, the simulator and `doctor`. */
#ifndef VIZ_STORE_CHECK_H
#define VIZ_STORE_CHECK_H

#include "store/vault.h"

/* Walks everything, outside a transaction. The schema is there and of this version. In each table
 * the keys ascend, fit VIZ_STORE_KEY_MAX, are found by a look-up, and are as many as LMDB counts.
 * Every byte of every value can be read. The vault passes viz_vault_check. `v` may be NULL. The
 * meaning of a value is checked by the code that owns it. VIZ_ERR_STORE with a sentence in `error`
 * (may be NULL, at most 255 characters); VIZ_ERR_STATE inside a transaction. */
int viz_store_check(struct viz_store *s, struct viz_vault *v, char *error);

#endif
