/* Whether something new has happened at the node, for all who wait for it: one request with
 * `wait_ms` to the node, however many pages are open. Loop thread only.
 *
 * A page asks "web.changed" {since, wait_ms?} (page.h) and gets {seq}: at once when seq is not
 * `since`, else as soon as the journal has an entry, or with the same seq when the time is over. It
 * says that something is new and not what: the page then asks for what it shows. */
#ifndef VIZ_TOOLS_WEB_WATCH_H
#define VIZ_TOOLS_WEB_WATCH_H

#include "tools/web/pool.h"

#define VIZ_WEB_WATCH_MS      25000 /* the longest wait, and the usual one */
#define VIZ_WEB_WATCH_WAITERS 512   /* then one gets its reply at once */

struct viz_web_watch; /* opaque */

/* `loop` and `pool` are borrowed until free. */
struct viz_web_watch *viz_web_watch_new(uv_loop_t *loop, struct viz_web_pool *pool);
/* The same contract as viz_web_pool_ask(). */
void viz_web_watch_ask(struct viz_web_watch *w, const json_t *request, viz_web_pool_done done,
		       void *to, size_t index);
/* Before the pool's stop: all who wait are told. Free after the loop has run dry. */
void viz_web_watch_stop(struct viz_web_watch *w);
void viz_web_watch_free(struct viz_web_watch *w);

#endif
