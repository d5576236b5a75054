/* Ed25519 over 32-byte ids (RFC 8032, libsodium's cofactorless verification: S < L, canonical
 * encodings, no point of small order). PROTOCOL.md section 2. */
#ifndef VIZ_CRYPTO_SIGN_H
#define VIZ_CRYPTO_SIGN_H

#include "proto/base.h"

/* A key pair for signatures. Wipe with viz_sign_wipe. */
struct viz_signer {
	uint8_t secret[64]; /* libsodium's form: seed || public key */
	struct viz_pub pub;
};

void viz_sign_seed_keypair(struct viz_signer *out, const struct viz_secret *seed);
void viz_sign_wipe(struct viz_signer *s);
/* Ed25519 signature over the 32 bytes of `id`. */
void viz_sign(struct viz_sig *out, const struct viz_signer *signer, const struct viz_id *id);
/* VIZ_ERR_AUTH. Thread-safe. crypto/sign_internal.h lists what is refused. */
int viz_sign_verify(const struct viz_sig *sig, const struct viz_id *id, const struct viz_pub *pub);
/* A public key as it may be admitted: canonical encoding, on the curve, in the main subgroup, not
 * of small order. VIZ_ERR_AUTH. Checked once, when a key is admitted. */
int viz_sign_pub_check(const struct viz_pub *pub);

#endif
