#include "crypto/seal.h"

#include <sodium.h>

#define NONCE 24

_Static_assert(VIZ_SEAL_OVERHEAD == crypto_aead_xchacha20poly1305_ietf_NPUBBYTES +
					crypto_aead_xchacha20poly1305_ietf_ABYTES,
	       "nonce and tag");

void viz_seal(uint8_t *out, const struct viz_secret *key, const uint8_t nonce[24],
	      const uint8_t *aad, size_t aad_len, const uint8_t *plain, size_t len)
{
	memcpy(out, nonce, NONCE);
	crypto_aead_xchacha20poly1305_ietf_encrypt(out + NONCE, NULL, plain, len, aad, aad_len,
						   NULL, nonce, key->b);
}

int viz_seal_open(uint8_t *out, const struct viz_secret *key, const uint8_t *aad, size_t aad_len,
		  const uint8_t *sealed, size_t len)
{
	if (len < VIZ_SEAL_OVERHEAD)
		return VIZ_ERR_AUTH;
	if (crypto_aead_xchacha20poly1305_ietf_decrypt(out, NULL, NULL, sealed + NONCE, len - NONCE,
						       aad, aad_len, sealed, key->b) != 0)
		return VIZ_ERR_AUTH;
	return VIZ_OK;
}
