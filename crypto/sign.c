#include "crypto/sign_internal.h"

#include <sodium.h>

void viz_sign_seed_keypair(struct viz_signer *out, const struct viz_secret *seed)
{
	crypto_sign_seed_keypair(out->pub.b, out->secret, seed->b);
}

void viz_sign_wipe(struct viz_signer *s)
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

int viz_sign_verify(const struct viz_sig *sig, const struct viz_id *id, const struct viz_pub *pub)
{
	return viz_sign_verify_bytes(sig, id->b, sizeof id->b, pub);
}

int viz_sign_pub_check(const struct viz_pub *pub)
{
	return crypto_core_ed25519_is_valid_point(pub->b) == 1 ? VIZ_OK : VIZ_ERR_AUTH;
}
