/* HMAC-SHA256 (RFC 2104, FIPS 180-4), for what has to be told again from a key. */
#ifndef VIZ_CRYPTO_HMAC_H
#define VIZ_CRYPTO_HMAC_H

#include "proto/base.h"

#define VIZ_HMAC_BYTES 32

void viz_hmac(uint8_t out[VIZ_HMAC_BYTES], const uint8_t *key, size_t key_len, const uint8_t *bytes,
	      size_t len);

#endif
