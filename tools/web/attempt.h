/* Attempts to sign in: how many failed for an account and from an address, and which browsers have
 * signed in before. */
#ifndef VIZ_TOOLS_WEB_ATTEMPT_H
#define VIZ_TOOLS_WEB_ATTEMPT_H

#include "tools/web/service_task.h"

/* Characters of the cookie: 16 bytes and their MAC in hexadecimal, and the final NUL. */
#define VIZ_WEB_DEVICE_MAX 97

bool viz_web_attempt_must_wait(const struct viz_web_task *t, const char *name);
void viz_web_attempt_failed(struct viz_web_task *t, const char *name);
void viz_web_attempt_succeeded(struct viz_web_task *t, const char *name);
/* The cookie of a browser that has signed in. */
void viz_web_attempt_device(char out[VIZ_WEB_DEVICE_MAX], const struct viz_web_task *t,
			    const char *name);

#define VIZ_WEB_SOURCE_MAX 48
/* Who is counted for an address: of IPv6 its /64, as whoever has one address has all of it. */
void viz_web_attempt_source(char out[VIZ_WEB_SOURCE_MAX], const char *address);

#endif
