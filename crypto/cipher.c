#include "crypto/cipher.h"

#include <sodium.h>

_Static_assert(VIZ_CIPHER_TAG == crypto_aead_chacha20poly1305_ietf_ABYTES, "tag");
_Static_assert(VIZ_CIPHER_NONCE == crypto_aead_chacha20poly1305_ietf_NPUBBYTES, "nonce");

static void nonce_of(uint8_t out[VIZ_CIPHER_NONCE], uint64_t n)
{
	memset(out, 0, 4);
	for (size_t i = 0; i < 8; i++)
		out[4 + i] = (uint8_t)(n >> (8 * i));
}

void viz_cipher_encrypt(uint8_t *out, const struct viz_secret *key,
			const uint8_t nonce[VIZ_CIPHER_NONCE], const uint8_t *ad, size_t ad_len,
			const uint8_t *plain, size_t len)
{
	crypto_aead_chacha20poly1305_ietf_encrypt(out, NULL, plain, len, ad, ad_len, NULL, nonce,
						  key->b);
}

int viz_cipher_decrypt(uint8_t *out, const struct viz_secret *key,
		       const uint8_t nonce[VIZ_CIPHER_NONCE], const uint8_t *ad, size_t ad_len,
		       const uint8_t *sealed, size_t len)
{
	if (len < VIZ_CIPHER_TAG)
		return VIZ_ERR_AUTH;
	if (crypto_aead_chacha20poly1305_ietf_decrypt(out, NULL, NULL, sealed, len, ad, ad_len,
						      nonce, key->b) != 0)
		return VIZ_ERR_AUTH;
	return VIZ_OK;
}

int viz_cipher_seal(struct viz_cipher *c, uint8_t *out, const uint8_t *ad, size_t ad_len,
		    const uint8_t *plain, size_t len)
{
	uint8_t nonce[VIZ_CIPHER_NONCE];

	if (c->n == UINT64_MAX)
		return VIZ_ERR_LIMIT;
	nonce_of(nonce, c->n);
	viz_cipher_encrypt(out, &c->key, nonce, ad, ad_len, plain, len);
	c->n++;
	return VIZ_OK;
}

int viz_cipher_open(struct viz_cipher *c, uint8_t *out, const uint8_t *ad, size_t ad_len,
		    const uint8_t *sealed, size_t len)
{
	uint8_t nonce[VIZ_CIPHER_NONCE];
	int err;

	if (c->n == UINT64_MAX)
		return VIZ_ERR_LIMIT;
	nonce_of(nonce, c->n);
	err = viz_cipher_decrypt(out, &c->key, nonce, ad, ad_len, sealed, len);
	if (err == VIZ_OK)
		c->n++;
	return err;
}

void viz_cipher_rekey(struct viz_cipher *c)
{
	static const uint8_t zeros[sizeof c->key.b];
	uint8_t nonce[VIZ_CIPHER_NONCE];
	uint8_t out[sizeof zeros + VIZ_CIPHER_TAG];

	nonce_of(nonce, UINT64_MAX);
	viz_cipher_encrypt(out, &c->key, nonce, NULL, 0, zeros, sizeof zeros);
	memcpy(c->key.b, out, sizeof c->key.b);
	sodium_memzero(out, sizeof out);
}
