/* Verification over bytes of any length: viz_sign_verify is made of it, and the public test vectors
 * test it. Outside crypto/ and its tests only 32-byte ids are signed. */
#ifndef VIZ_CRYPTO_SIGN_INTERNAL_H
#define VIZ_CRYPTO_SIGN_INTERNAL_H

#include "crypto/sign.h"

/* RFC 8032 Ed25519, cofactorless. VIZ_ERR_AUTH, of which the reasons are: S >= L; R or the public
 * key of small order; a public key that is not canonical or not on the curve; and
 * encode(S*B - h*A) differing from the bytes of R (so R is canonical, too). A public key with a
 * small-order component is accepted here (mixed order): viz_sign_pub_check refuses it when the key
 * is admitted. */
int viz_sign_verify_bytes(const struct viz_sig *sig, const uint8_t *msg, size_t len,
			  const struct viz_pub *pub);

#endif
