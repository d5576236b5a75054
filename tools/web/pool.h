/* Connections to the control socket (node/CONTROL.md) for many requests at once. Loop thread only.
 *
 * A connection has one request under way, and requests that find none free wait in a queue of
 * VIZ_WEB_QUEUE_MAX. Each has a deadline from when it was asked; when that passes while the node
 * works on it, its connection ends, as replies come in order. */
#ifndef VIZ_TOOLS_WEB_POOL_H
#define VIZ_TOOLS_WEB_POOL_H

#include <jansson.h>
#include <uv.h>

#include "proto/base.h"

struct viz_web_pool; /* opaque */

/* `reply` is borrowed; NULL: the node did not answer. Never called from within viz_web_pool_ask. */
typedef void (*viz_web_pool_done)(void *to, size_t index, json_t *reply);

/* `path` is copied. Nothing is connected before the first request. */
int viz_web_pool_new(struct viz_web_pool **out, uv_loop_t *loop, const char *path);
/* Asks; `request` is the whole line as an object, borrowed for the call. done(to, index, reply) is
 * called once. `wait_ms`: so long the node may wait for something new, beyond the deadline of
 * others; such requests have connections of their own. */
void viz_web_pool_ask(struct viz_web_pool *pool, const json_t *request, uint32_t wait_ms,
		      viz_web_pool_done done, void *to, size_t index);
/* Ends all connections; requests under way get NULL. Free after the loop has run dry. */
void viz_web_pool_stop(struct viz_web_pool *pool);
void viz_web_pool_free(struct viz_web_pool *pool);

#endif
