/* Signature checks on libuv's pool. Loop thread only; results go to the core as VERIFIED events, in
 * any order. */
#ifndef VIZ_NODE_HOST_VERIFY_H
#define VIZ_NODE_HOST_VERIFY_H

#include "node/host/core_thread.h"

struct viz_host_verify; /* opaque */

/* `loop` and `core` are borrowed until free. */
void viz_host_verify_new(struct viz_host_verify **out, uv_loop_t *loop,
			 struct viz_host_core_thread *core);
/* Queues the check of an effect VERIFY; near ones go before others. */
void viz_host_verify_add(struct viz_host_verify *v, const struct viz_effect *fx);
/* Starts what was added: once after each batch of effects. */
void viz_host_verify_flush(struct viz_host_verify *v);
/* Whether there is so much to check that no more messages should be read: true from
 * VIZ_HOST_VERIFY_PENDING on, false again at half of it. */
bool viz_host_verify_busy(struct viz_host_verify *v);

/* Sets how many wait. */
void viz_host_verify_measure(const struct viz_host_verify *v);
/* Called whenever a job is done. */
typedef void (*viz_host_verify_done)(void *arg);
void viz_host_verify_watch(struct viz_host_verify *v, viz_host_verify_done done, void *arg);
/* Drops what waits; jobs in flight are waited for by the loop. */
void viz_host_verify_stop(struct viz_host_verify *v);
/* After the loop has run dry. */
void viz_host_verify_free(struct viz_host_verify *v);

#endif
