#include "crypto/seal.h"

#include <sodium.h>

#define NONCE 24
#define BLOCK 64 /* of ChaCha20 */

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

int viz_open(uint8_t *out, const struct viz_secret *key, const uint8_t *aad, size_t aad_len,
	     const uint8_t *sealed, size_t len)
{
	if (len < VIZ_SEAL_OVERHEAD)
		return VIZ_ERR_AUTH;
	if (crypto_aead_xchacha20poly1305_ietf_decrypt(out, NULL, NULL, sealed + NONCE, len - NONCE,
						       aad, aad_len, sealed, key->b) != 0)
		return VIZ_ERR_AUTH;
	return VIZ_OK;
}

void viz_rng_seed(struct viz_rng *rng, const struct viz_secret *seed)
{
	rng->key = *seed;
}

void viz_rng_bytes(struct viz_rng *rng, uint8_t *out, size_t len)
{
	static const uint8_t nonce[crypto_stream_chacha20_ietf_NONCEBYTES];
	uint8_t block[BLOCK];
	size_t first = len < BLOCK - sizeof rng->key.b ? len : BLOCK - sizeof rng->key.b;

	crypto_stream_chacha20_ietf(block, sizeof block, nonce, rng->key.b);
	if (len > first) {
		memset(out + first, 0, len - first);
		crypto_stream_chacha20_ietf_xor_ic(out + first, out + first, len - first, nonce, 1,
						   rng->key.b);
	}
	memcpy(rng->key.b, block, sizeof rng->key.b);
	if (first > 0)
		memcpy(out, block + sizeof rng->key.b, first);
	sodium_memzero(block, sizeof block);
}

uint64_t viz_rng_below(struct viz_rng *rng, uint64_t bound)
{
	uint8_t bytes[8];
	uint64_t uneven;
	uint64_t v;

	VIZ_REQUIRE(bound > 0);
	uneven = (UINT64_MAX % bound + 1) % bound; /* 2^64 mod bound */
	do {
		viz_rng_bytes(rng, bytes, sizeof bytes);
		v = viz_get_u64be(bytes);
	} while (v < uneven);
	sodium_memzero(bytes, sizeof bytes);
	return v % bound;
}
