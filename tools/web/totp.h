/* One-time codes of an authenticator: TOTP (RFC 6238) over HMAC-SHA1, 6 digits, 30 seconds.
 *
 * SHA-1, because the apps that people have know nothing else: Microsoft's, Authy and Duo take
 * "algorithm=SHA256" and reckon with SHA-1 all the same, so that no code ever fits. What breaks
 * SHA-1 are collisions, and an HMAC does not rest on them (RFC 6194, section 3.3). The function is
 * GnuTLS's, which libmicrohttpd brings along. */
#ifndef VIZ_TOOLS_WEB_TOTP_H
#define VIZ_TOOLS_WEB_TOTP_H

#include "proto/base.h"

#define VIZ_WEB_TOTP_SECRET 20 /* bytes: as many as the hash has (RFC 4226, section 4) */
#define VIZ_WEB_TOTP_CHARS  32 /* characters of it in base32 */
#define VIZ_WEB_TOTP_STEP_S 30

/* The code of a step with so many digits (6 to 8). */
uint32_t viz_web_totp_code(const uint8_t *secret, size_t len, uint64_t step, unsigned digits);
/* The step for which the code (6 digits, spaces allowed) is right: that of `now_s`, the one before
 * or the one after, and none up to `used`. 0: none. */
uint64_t viz_web_totp_check(const uint8_t secret[VIZ_WEB_TOTP_SECRET], const char *code,
			    int64_t now_s, uint64_t used);

#endif
