#include "crypto/hmac.h"

#include <sodium.h>

void viz_hmac(uint8_t out[VIZ_HMAC_BYTES], const uint8_t *key, size_t key_len, const uint8_t *bytes,
	      size_t len)
{
	crypto_auth_hmacsha256_state state;

	crypto_auth_hmacsha256_init(&state, key, key_len);
	crypto_auth_hmacsha256_update(&state, bytes, len);
	crypto_auth_hmacsha256_final(&state, out);
	sodium_memzero(&state, sizeof state);
}
