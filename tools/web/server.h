/* The HTTP server: two listeners (public and private) of libmicrohttpd inside one loop of libuv.
 *
 * libmicrohttpd has its own epoll descriptor, which the loop polls; and a timer, because it may
 * have work that no descriptor shows (MHD_get_timeout). A connection has absolute deadlines of our
 * own: the library's count from the last byte. */
#ifndef VIZ_TOOLS_WEB_SERVER_H
#define VIZ_TOOLS_WEB_SERVER_H

#include <uv.h>

#include "tools/web/accounts.h"
#include "tools/web/config.h"

struct viz_web_server; /* opaque */

/* Listens. `loop`, `config` and `accounts` are borrowed until free. An error is logged.
 * VIZ_ERR_INPUT: an address cannot be listened on, or certificate and key are none. */
int viz_web_server_new(struct viz_web_server **out, uv_loop_t *loop,
		       const struct viz_web_config *config, struct viz_web_accounts *accounts);
/* Answers what is under way with "not now" and closes. Free after the loop has run dry. */
void viz_web_server_stop(struct viz_web_server *s);
void viz_web_server_free(struct viz_web_server *s);

#endif
