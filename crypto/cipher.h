/* One Noise cipher state (revision 34, section 5.1) over ChaCha20-Poly1305 (RFC 8439), for the
 * handshake and the session. The nonce is 4 bytes of zero and the counter, 64 bits little-endian
 * (section 12.3). */
#ifndef VIZ_CRYPTO_CIPHER_H
#define VIZ_CRYPTO_CIPHER_H

#include "crypto/session.h"

#define VIZ_CIPHER_TAG   16 /* bytes */
#define VIZ_CIPHER_NONCE 12 /* bytes */

/* ENCRYPT with a nonce of the caller's. `out` holds len + VIZ_CIPHER_TAG bytes, and may be `plain`.
 */
void viz_cipher_encrypt(uint8_t *out, const struct viz_secret *key,
			const uint8_t nonce[VIZ_CIPHER_NONCE], const uint8_t *ad, size_t ad_len,
			const uint8_t *plain, size_t len);
/* DECRYPT. `out` holds len - VIZ_CIPHER_TAG bytes, and may be `sealed`. VIZ_ERR_AUTH: then `out`
 * holds zeros. */
int viz_cipher_decrypt(uint8_t *out, const struct viz_secret *key,
		       const uint8_t nonce[VIZ_CIPHER_NONCE], const uint8_t *ad, size_t ad_len,
		       const uint8_t *sealed, size_t len);

/* EncryptWithAd, DecryptWithAd for a state that has a key. VIZ_ERR_LIMIT when the counter has come
 * to 2^64 - 1. The counter advances on success only. */
int viz_cipher_seal(struct viz_cipher *c, uint8_t *out, const uint8_t *ad, size_t ad_len,
		    const uint8_t *plain, size_t len);
int viz_cipher_open(struct viz_cipher *c, uint8_t *out, const uint8_t *ad, size_t ad_len,
		    const uint8_t *sealed, size_t len);

/* Rekey: the counter stays. */
void viz_cipher_rekey(struct viz_cipher *c);

#endif
