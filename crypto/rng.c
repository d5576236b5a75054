#include "crypto/rng.h"

#include <sodium.h>

#define BLOCK 64 /* of ChaCha20 */

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
		v = viz_be_get_u64(bytes);
	} while (v < uneven);
	sodium_memzero(bytes, sizeof bytes);
	return v % bound;
}
