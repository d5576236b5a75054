#include "crypto/noise.h"

#include <sodium.h>

#define BLAKE2B_LEN   64
#define BLAKE2B_BLOCK 128

_Static_assert(crypto_auth_hmacsha256_BYTES == 32 && crypto_hash_sha256_BYTES == 32, "HASHLEN");
_Static_assert(crypto_generichash_BYTES_MAX == BLAKE2B_LEN, "HASHLEN");

static void hmac_sha256(uint8_t out[32], const uint8_t *key, size_t key_len, const uint8_t *bytes,
			size_t len)
{
	crypto_auth_hmacsha256_state state;

	crypto_auth_hmacsha256_init(&state, key, key_len);
	crypto_auth_hmacsha256_update(&state, bytes, len);
	crypto_auth_hmacsha256_final(&state, out);
	sodium_memzero(&state, sizeof state);
}

/* RFC 2104 over unkeyed BLAKE2b-512: BLAKE2b's own keyed mode is another function. */
static void hmac_blake2b(uint8_t out[BLAKE2B_LEN], const uint8_t *key, size_t key_len,
			 const uint8_t *bytes, size_t len)
{
	crypto_generichash_state state;
	uint8_t pad[BLAKE2B_BLOCK] = {0};
	uint8_t inner[BLAKE2B_LEN];

	VIZ_REQUIRE(key_len <= sizeof pad);
	memcpy(pad, key, key_len);
	for (size_t i = 0; i < sizeof pad; i++)
		pad[i] ^= 0x36;
	crypto_generichash_init(&state, NULL, 0, sizeof inner);
	crypto_generichash_update(&state, pad, sizeof pad);
	crypto_generichash_update(&state, bytes, len);
	crypto_generichash_final(&state, inner, sizeof inner);
	for (size_t i = 0; i < sizeof pad; i++)
		pad[i] ^= 0x36 ^ 0x5c;
	crypto_generichash_init(&state, NULL, 0, sizeof inner);
	crypto_generichash_update(&state, pad, sizeof pad);
	crypto_generichash_update(&state, inner, sizeof inner);
	crypto_generichash_final(&state, out, BLAKE2B_LEN);
	sodium_memzero(&state, sizeof state);
	sodium_memzero(pad, sizeof pad);
	sodium_memzero(inner, sizeof inner);
}

void viz_noise_symmetric_hmac(uint8_t *out, enum viz_noise_hash hash, const uint8_t *key,
			      size_t key_len, const uint8_t *bytes, size_t len)
{
	switch (hash) {
	case VIZ_NOISE_SHA256:
		hmac_sha256(out, key, key_len, bytes, len);
		return;
	case VIZ_NOISE_BLAKE2B:
		hmac_blake2b(out, key, key_len, bytes, len);
		return;
	}
	VIZ_REQUIRE(false); /* not of the enum */
}

/* Section 4.3: HKDF with chaining key ck and `input` (NULL for none), `n` outputs of HASHLEN. */
static void hkdf(uint8_t out[3][VIZ_NOISE_HASH_MAX], unsigned n,
		 const struct viz_noise_symmetric *s, const uint8_t *input, size_t input_len)
{
	uint8_t temp[VIZ_NOISE_HASH_MAX];
	uint8_t data[VIZ_NOISE_HASH_MAX + 1];
	size_t at = 0;

	viz_noise_symmetric_hmac(temp, s->hash, s->ck, s->hash_len, input, input_len);
	for (unsigned i = 0; i < n; i++) {
		data[at] = (uint8_t)(i + 1);
		viz_noise_symmetric_hmac(out[i], s->hash, temp, s->hash_len, data, at + 1);
		memcpy(data, out[i], s->hash_len);
		at = s->hash_len;
	}
	sodium_memzero(temp, sizeof temp);
	sodium_memzero(data, sizeof data);
}

/* InitializeKey; of 64 bytes of BLAKE2b the first 32 are the key. */
static void set_key(struct viz_cipher *c, const uint8_t *key)
{
	memcpy(c->key.b, key, sizeof c->key.b);
	c->n = 0;
}

void viz_noise_symmetric_init(struct viz_noise_symmetric *s, enum viz_noise_hash hash,
			      const char *protocol_name)
{
	size_t len = strlen(protocol_name);

	memset(s, 0, sizeof *s);
	s->hash = hash;
	s->hash_len = hash == VIZ_NOISE_SHA256 ? 32 : BLAKE2B_LEN;
	/* A name of exactly HASHLEN bytes, such as XK's with SHA256, is copied, not hashed; MixHash
	 * would put h in front. */
	if (len <= s->hash_len)
		memcpy(s->h, protocol_name, len);
	else if (hash == VIZ_NOISE_SHA256)
		crypto_hash_sha256(s->h, (const uint8_t *)protocol_name, len);
	else
		crypto_generichash(s->h, BLAKE2B_LEN, (const uint8_t *)protocol_name, len, NULL, 0);
	memcpy(s->ck, s->h, s->hash_len);
}

void viz_noise_symmetric_wipe(struct viz_noise_symmetric *s)
{
	sodium_memzero(s, sizeof *s);
}

void viz_noise_symmetric_mix_hash(struct viz_noise_symmetric *s, const uint8_t *bytes, size_t len)
{
	if (s->hash == VIZ_NOISE_SHA256) {
		crypto_hash_sha256_state state;

		crypto_hash_sha256_init(&state);
		crypto_hash_sha256_update(&state, s->h, s->hash_len);
		crypto_hash_sha256_update(&state, bytes, len);
		crypto_hash_sha256_final(&state, s->h);
		sodium_memzero(&state, sizeof state);
	} else {
		crypto_generichash_state state;

		crypto_generichash_init(&state, NULL, 0, BLAKE2B_LEN);
		crypto_generichash_update(&state, s->h, s->hash_len);
		crypto_generichash_update(&state, bytes, len);
		crypto_generichash_final(&state, s->h, BLAKE2B_LEN);
		sodium_memzero(&state, sizeof state);
	}
}

void viz_noise_symmetric_mix_key(struct viz_noise_symmetric *s, const uint8_t input[32])
{
	uint8_t out[3][VIZ_NOISE_HASH_MAX];

	hkdf(out, 2, s, input, 32);
	memcpy(s->ck, out[0], s->hash_len);
	set_key(&s->cipher, out[1]);
	s->has_key = true;
	sodium_memzero(out, sizeof out);
}

void viz_noise_symmetric_mix_key_and_hash(struct viz_noise_symmetric *s, const uint8_t input[32])
{
	uint8_t out[3][VIZ_NOISE_HASH_MAX];

	hkdf(out, 3, s, input, 32);
	memcpy(s->ck, out[0], s->hash_len);
	viz_noise_symmetric_mix_hash(s, out[1], s->hash_len);
	set_key(&s->cipher, out[2]);
	s->has_key = true;
	sodium_memzero(out, sizeof out);
}

int viz_noise_symmetric_encrypt(struct viz_noise_symmetric *s, uint8_t *out, const uint8_t *plain,
				size_t len)
{
	size_t out_len = len;

	if (s->has_key) {
		int err = viz_cipher_seal(&s->cipher, out, s->h, s->hash_len, plain, len);

		if (err != VIZ_OK)
			return err;
		out_len += VIZ_CIPHER_TAG;
	} else if (len > 0) {
		memmove(out, plain, len);
	}
	viz_noise_symmetric_mix_hash(s, out, out_len);
	return VIZ_OK;
}

int viz_noise_symmetric_decrypt(struct viz_noise_symmetric *s, uint8_t *out, const uint8_t *sealed,
				size_t len)
{
	struct viz_noise_symmetric next = *s;
	int err = VIZ_OK;

	/* The hash is over the sealed bytes, which `out` may be about to replace. */
	viz_noise_symmetric_mix_hash(&next, sealed, len);
	if (s->has_key)
		err = viz_cipher_open(&next.cipher, out, s->h, s->hash_len, sealed, len);
	else if (len > 0)
		memmove(out, sealed, len);
	if (err == VIZ_OK)
		*s = next;
	sodium_memzero(&next, sizeof next);
	return err;
}

void viz_noise_symmetric_split(const struct viz_noise_symmetric *s, struct viz_cipher *first,
			       struct viz_cipher *second)
{
	uint8_t out[3][VIZ_NOISE_HASH_MAX];

	hkdf(out, 2, s, NULL, 0);
	set_key(first, out[0]);
	set_key(second, out[1]);
	sodium_memzero(out, sizeof out);
}
