#include "crypto/sign_internal.h"

#include <sodium.h>

int viz_crypto_init(void)
{
	return sodium_init() < 0 ? VIZ_ERR_STATE : VIZ_OK;
}

void viz_signer_from_seed(struct viz_signer *out, const struct viz_secret *seed)
{
	crypto_sign_seed_keypair(out->pub.b, out->secret, seed->b);
}

void viz_signer_wipe(struct viz_signer *s)
{
	sodium_memzero(s, sizeof *s);
}

void viz_sign(struct viz_sig *out, const struct viz_signer *signer, const struct viz_id *id)
{
	crypto_sign_detached(out->b, NULL, id->b, sizeof id->b, signer->secret);
}

int viz_sign_verify_bytes(const struct viz_sig *sig, const uint8_t *msg, size_t len,
			  const struct viz_pub *pub)
{
	return crypto_sign_verify_detached(sig->b, msg, len, pub->b) == 0 ? VIZ_OK : VIZ_ERR_AUTH;
}

int viz_verify(const struct viz_sig *sig, const struct viz_id *id, const struct viz_pub *pub)
{
	return viz_sign_verify_bytes(sig, id->b, sizeof id->b, pub);
}

int viz_sign_pub_check(const struct viz_pub *pub)
{
	return crypto_core_ed25519_is_valid_point(pub->b) == 1 ? VIZ_OK : VIZ_ERR_AUTH;
}

void viz_transport_pub(struct viz_pub *out, const struct viz_secret *secret)
{
	VIZ_REQUIRE(crypto_scalarmult_base(out->b, secret->b) == 0);
}

int viz_transport_pub_check(const struct viz_pub *pub)
{
	/* Every encoding of a point of small order on Curve25519 or its twist, with the top bit
	 * clear: 0, 1, the two of order 8, p - 1, p, p + 1. */
	static const uint8_t small[7][32] = {
	    {0},
	    {1},
	    {0xe0, 0xeb, 0x7a, 0x7c, 0x3b, 0x41, 0xb8, 0xae, 0x16, 0x56, 0xe3,
	     0xfa, 0xf1, 0x9f, 0xc4, 0x6a, 0xda, 0x09, 0x8d, 0xeb, 0x9c, 0x32,
	     0xb1, 0xfd, 0x86, 0x62, 0x05, 0x16, 0x5f, 0x49, 0xb8, 0x00},
	    {0x5f, 0x9c, 0x95, 0xbc, 0xa3, 0x50, 0x8c, 0x24, 0xb1, 0xd0, 0xb1,
	     0x55, 0x9c, 0x83, 0xef, 0x5b, 0x04, 0x44, 0x5c, 0xc4, 0x58, 0x1c,
	     0x8e, 0x86, 0xd8, 0x22, 0x4e, 0xdd, 0xd0, 0x9f, 0x11, 0x57},
	    {0xec, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
	     0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
	     0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f},
	    {0xed, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
	     0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
	     0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f},
	    {0xee, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
	     0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
	     0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f},
	};
	struct viz_pub masked = *pub;

	masked.b[31] &= 0x7f; /* X25519 ignores it (RFC 7748, section 5) */
	for (size_t i = 0; i < sizeof small / sizeof *small; i++)
		if (memcmp(masked.b, small[i], sizeof masked.b) == 0)
			return VIZ_ERR_AUTH;
	return VIZ_OK;
}

int viz_transport_dh(struct viz_secret *out, const struct viz_secret *secret,
		     const struct viz_pub *pub)
{
	struct viz_secret shared;
	int err = VIZ_OK;

	if (crypto_scalarmult(shared.b, secret->b, pub->b) == 0)
		*out = shared;
	else
		err = VIZ_ERR_AUTH;
	sodium_memzero(&shared, sizeof shared);
	return err;
}

bool viz_secret_eq(const uint8_t *a, const uint8_t *b, size_t len)
{
	return sodium_memcmp(a, b, len) == 0;
}

void viz_wipe(void *p, size_t len)
{
	sodium_memzero(p, len);
}
