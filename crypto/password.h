/* Passwords at rest: Argon2id (RFC 9106) over libsodium. Pure: the salt comes from outside. */
#ifndef VIZ_CRYPTO_PASSWORD_H
#define VIZ_CRYPTO_PASSWORD_H

#include "proto/base.h"

#define VIZ_PASSWORD_SALT  16 /* bytes */
#define VIZ_PASSWORD_BYTES 32

/* What one guess costs. It is kept beside each hash, so that it can be raised later. */
struct viz_password_cost {
	uint32_t memory_kib; /* 8 to 65536 */
	uint32_t passes;     /* 1 to 16 */
};

/* Takes so much memory, and tens of milliseconds. VIZ_ERR_LIMIT: a cost out of its bounds.
 * VIZ_ERR_NOMEM. */
int viz_password_derive(uint8_t out[VIZ_PASSWORD_BYTES], const char *password, size_t len,
			const uint8_t salt[VIZ_PASSWORD_SALT],
			const struct viz_password_cost *cost);

#endif
