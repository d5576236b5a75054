/* Authenticated encryption of stored and gossiped secrets: XChaCha20-Poly1305 (IETF), 24-byte nonce
 * in front: nonce || ciphertext || tag. */
#ifndef VIZ_CRYPTO_SEAL_H
#define VIZ_CRYPTO_SEAL_H

#include "proto/base.h"

#define VIZ_SEAL_OVERHEAD 40 /* bytes: 24 of nonce, 16 of tag */

/* `out` holds len + VIZ_SEAL_OVERHEAD bytes. `nonce` is 24 fresh random bytes. */
void viz_seal(uint8_t *out, const struct viz_secret *key, const uint8_t nonce[24],
	      const uint8_t *aad, size_t aad_len, const uint8_t *plain, size_t len);
/* `out` holds len - VIZ_SEAL_OVERHEAD bytes. VIZ_ERR_AUTH, also when len is too small: then `out`
 * holds zeros, never bytes that were not authenticated. In both, the buffers do not overlap. */
int viz_seal_open(uint8_t *out, const struct viz_secret *key, const uint8_t *aad, size_t aad_len,
		  const uint8_t *sealed, size_t len);

#endif
