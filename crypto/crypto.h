/* The start of libsodium, on which everything in crypto/ stands. */
#ifndef VIZ_CRYPTO_CRYPTO_H
#define VIZ_CRYPTO_CRYPTO_H

#include "proto/base.h"

/* Must be called once, before anything else of crypto/, from one thread. Returns VIZ_ERR_STATE when
 * libsodium cannot start. */
int viz_crypto_init(void);

#endif
