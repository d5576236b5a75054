/* Secrets in memory: compared in constant time, and wiped. */
#ifndef VIZ_CRYPTO_SECRET_H
#define VIZ_CRYPTO_SECRET_H

#include "proto/base.h"

/* Equal, in time that does not depend on where they differ. */
bool viz_secret_eq(const uint8_t *a, const uint8_t *b, size_t len);

/* Overwrites with zeros, which the compiler does not optimise away. */
void viz_secret_wipe(void *p, size_t len);

#endif
