/* Signatures of Standard Webhooks (github.com/standard-webhooks/standard-webhooks, version 1):
 * "v1," and the base64 of HMAC-SHA256 over "ID.TIMESTAMP.BODY". */
#ifndef VIZ_CRYPTO_WEBHOOK_H
#define VIZ_CRYPTO_WEBHOOK_H

#include "proto/base.h"

#define VIZ_WEBHOOK_SECRET_MIN 24 /* bytes, as the specification says */
#define VIZ_WEBHOOK_SECRET_MAX 64
#define VIZ_WEBHOOK_SIGNED_MAX 48 /* characters of a signature, with the final NUL */

struct viz_webhook_secret {
	uint8_t b[VIZ_WEBHOOK_SECRET_MAX];
	size_t len;
};

/* Reads "whsec_BASE64". VIZ_ERR_INPUT: it is none. */
int viz_webhook_secret_read(struct viz_webhook_secret *out, const char *text);

/* The signature of a message. `id` has no ".". */
void viz_webhook_sign(char out[VIZ_WEBHOOK_SIGNED_MAX], const struct viz_webhook_secret *secret,
		      const char *id, int64_t timestamp, const char *body, size_t len);

#endif
