/* One HTTP request of a webhook. TLS is verified, redirects are not followed, no proxy is asked,
 * and what the receiver says is not kept. */
#ifndef VIZ_TOOLS_VIZINHO_POST_H
#define VIZ_TOOLS_VIZINHO_POST_H

#include "crypto/webhook.h"

#define VIZ_POST_SECRETS_MAX 4     /* while one is changed, both sign */
#define VIZ_POST_CONNECT_MS  10000 /* to connect */
#define VIZ_POST_MS          20000 /* in all */

struct viz_post {
	const char *url;
	const char *ca;     /* file of certificates; "": the machine's */
	bool http_anywhere; /* else http goes to loopback and private addresses only */
	struct viz_webhook_secret secret[VIZ_POST_SECRETS_MAX];
	size_t secret_count;
	long limit_ms; /* in place of VIZ_POST_MS; 0: that */
};

enum viz_post_result { VIZ_POST_TAKEN, VIZ_POST_FAILED, VIZ_POST_GONE };

/* Sends `body` with this id. `why` says in some words what failed; *later_s is the receiver's
 * Retry-After, or 0. */
enum viz_post_result viz_post_send(const struct viz_post *p, char why[128], int64_t *later_s,
				   const char *id, int64_t now_s, const char *body);

#endif
