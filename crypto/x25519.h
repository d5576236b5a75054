/* X25519 (RFC 7748): the transport keys and their exchange. PROTOCOL.md section 2. */
#ifndef VIZ_CRYPTO_X25519_H
#define VIZ_CRYPTO_X25519_H

#include "proto/base.h"

/* The public key of a transport secret. */
void viz_x25519_pub(struct viz_pub *out, const struct viz_secret *secret);

/* A transport key as it may be admitted: not of small order, in any encoding. VIZ_ERR_AUTH. Cheap:
 * a comparison with a list. */
int viz_x25519_pub_check(const struct viz_pub *pub);

/* Key exchange: VIZ_ERR_AUTH for an all-zero result (a point of small order). */
int viz_x25519_dh(struct viz_secret *out, const struct viz_secret *secret,
		  const struct viz_pub *pub);

#endif
