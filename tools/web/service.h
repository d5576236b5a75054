/* What pages ask of vizinho-web itself, in the same way as they ask the node: signing in,
 * passwords, accounts. Requests are those whose op begins with "web."; service.c has a row for
 * each.
 *
 * Passwords are derived one at a time in libuv's pool: each takes memory and a core. */
#ifndef VIZ_TOOLS_WEB_SERVICE_H
#define VIZ_TOOLS_WEB_SERVICE_H

#include <uv.h>

#include "tools/web/accounts.h"
#include "tools/web/keys.h"
#include "tools/web/lockout.h"
#include "tools/web/pool.h"
#include "tools/web/session.h"

#define VIZ_WEB_HASHES_MAX 32 /* that wait; then it is "busy" */

struct viz_web_service; /* opaque */

/* Who asks: borrowed until the reply. */
struct viz_web_caller {
	const char *session; /* the token of the cookie; "" */
	const char *device;  /* the cookie of a browser that has signed in before; "" */
	const char *address;
	struct viz_web_session who;
};

/* `loop`, `accounts` and `keys` are borrowed until free. */
struct viz_web_service *viz_web_service_new(uv_loop_t *loop, struct viz_web_accounts *accounts,
					    struct viz_web_keys *keys);
/* Failed attempts of all kinds. */
struct viz_web_lockout *viz_web_service_lockout(struct viz_web_service *s);
/* The same contract as viz_web_pool_ask(). */
void viz_web_service_ask(struct viz_web_service *s, const json_t *request,
			 const struct viz_web_caller *caller, viz_web_pool_done done, void *to,
			 size_t index);
/* All that is under way is told. Free after the loop has run dry. */
void viz_web_service_stop(struct viz_web_service *s);
void viz_web_service_free(struct viz_web_service *s);

#endif
