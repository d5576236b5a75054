/* A deterministic random source for the core, which may have no source of its own: the host (or the
 * simulator) gives it a seed. Fast key erasure over ChaCha20: each draw replaces the key by the
 * first 32 bytes of the stream, so that a key stolen later reveals no earlier draw. The stream is
 * ChaCha20 of RFC 8439 with a nonce of zeros and a counter from 0; the drawn bytes are those that
 * follow the new key. */
#ifndef VIZ_CRYPTO_RNG_H
#define VIZ_CRYPTO_RNG_H

#include "proto/base.h"

struct viz_rng {
	struct viz_secret key;
};

void viz_rng_seed(struct viz_rng *rng, const struct viz_secret *seed);
void viz_rng_bytes(struct viz_rng *rng, uint8_t *out, size_t len);
/* Uniform in [0, bound), bound > 0: draws of 8 bytes, big-endian; one below 2^64 mod bound is drawn
 * again, the first other one is taken modulo bound. */
uint64_t viz_rng_below(struct viz_rng *rng, uint64_t bound);

#endif
