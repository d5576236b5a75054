/* The core thread: it alone calls viz_node_run. The loop thread pushes events and takes batches of
 * effects; nothing else is shared. Effects come out only after viz_node_run returned 0, that is
 * after its commit; when it returns an error the process ends at once (exit status 1). */
#ifndef VIZ_NODE_HOST_CORE_THREAD_H
#define VIZ_NODE_HOST_CORE_THREAD_H

#include <uv.h>

#include "node/host/clock.h"
#include "node/host/event.h"
#include "node/node.h"

struct viz_host_core_thread; /* opaque */

/* A message that the core has handled: for flow control. */
struct viz_host_drained {
	uint64_t id; /* of the connection */
	size_t bytes;
};

/* The outcome of one viz_node_run. */
struct viz_host_batch {
	struct viz_effects effects;
	struct viz_host_drained *drained; /* one for each MESSAGE of the batch, in order */
	size_t drained_count;
	bool ticked;              /* a TICK was among its events */
	struct viz_time now;      /* the time that the core ran at */
	struct viz_time deadline; /* viz_node_deadline after it */
	struct viz_host_batch *next;
};

/* Starts the thread. `node` is the thread's until viz_host_core_thread_stop returned. `wake` is
 * sent to whenever a batch is there. `clock` is copied: what viz_node_open's time was read from.
 * VIZ_ERR_NOMEM. */
int viz_host_core_thread_start(struct viz_host_core_thread **out, struct viz_node *node,
			       uv_async_t *wake, const struct viz_clock *clock);
/* Takes the event, in the loop thread. Never blocks; the callers bound what they push (limits.h).
 * The core gets it before the loop waits for the sockets again, with those that came with it. */
void viz_host_core_thread_push(struct viz_host_core_thread *core, struct viz_host_event *event);
/* The next batch, NULL when there is none. The caller frees it. */
struct viz_host_batch *viz_host_core_thread_take(struct viz_host_core_thread *core);
void viz_host_core_thread_batch_free(struct viz_host_batch *batch);
/* How many batches it has made durable since its start. For the watchdog. */
uint64_t viz_host_core_thread_batches(struct viz_host_core_thread *core);
/* Where the host counts: the node's. */
struct viz_figures *viz_host_core_thread_figures(struct viz_host_core_thread *core);
/* Waits for the batch under way, ends the thread; batches can still be taken, events are dropped.
 */
void viz_host_core_thread_stop(struct viz_host_core_thread *core);
/* After stop. Wipes what is left. */
void viz_host_core_thread_free(struct viz_host_core_thread *core);

#endif
