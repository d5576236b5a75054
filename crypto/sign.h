/* Ed25519 over 32-byte ids (RFC 8032, libsodium's cofactorless verification: S < L, canonical
 * encodings, no point of small order). PROTOCOL.md section 2. */
#ifndef VIZ_CRYPTO_SIGN_H
#define VIZ_CRYPTO_SIGN_H

#include "proto/base.h"

/* A key pair for signatures. Wipe with viz_signer_wipe. */
struct viz_signer {
	uint8_t secret[64]; /* libsodium's form: seed || public key */
	struct viz_pub pub;
};

/* Must be called once, before anything else of crypto/, from one thread. Returns VIZ_ERR_STATE when
 * libsodium cannot start. */
int viz_crypto_init(void);

void viz_signer_from_seed(struct viz_signer *out, const struct viz_secret *seed);
void viz_signer_wipe(struct viz_signer *s);
/* Ed25519 signature over the 32 bytes of `id`. */
void viz_sign(struct viz_sig *out, const struct viz_signer *signer, const struct viz_id *id);
/* VIZ_ERR_AUTH. Thread-safe. crypto/sign_internal.h lists what is refused. */
int viz_verify(const struct viz_sig *sig, const struct viz_id *id, const struct viz_pub *pub);
/* A public key as it may be admitted: canonical encoding, on the curve, in the main subgroup, not
 * of small order. VIZ_ERR_AUTH. Checked once, when a key is admitted. */
int viz_sign_pub_check(const struct viz_pub *pub);

/* X25519 (RFC 7748). The public key of a transport secret. */
void viz_transport_pub(struct viz_pub *out, const struct viz_secret *secret);
/* A transport key as it may be admitted: not of small order, in any encoding. VIZ_ERR_AUTH. Cheap:
 * a comparison with a list. */
int viz_transport_pub_check(const struct viz_pub *pub);
/* X25519 key exchange: VIZ_ERR_AUTH for an all-zero result (a point of small order). */
int viz_transport_dh(struct viz_secret *out, const struct viz_secret *secret,
		     const struct viz_pub *pub);

/* Equal, in time that does not depend on where they differ. */
bool viz_secret_eq(const uint8_t *a, const uint8_t *b, size_t len);
void viz_wipe(void *p, size_t len);

#endif
