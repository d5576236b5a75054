/* The operator's hook: a program that gets one JSON object on standard input. One at a time; one
 * that takes too long is killed. It gets no descriptor of ours, and what it prints to standard
 * error goes where our log goes. The runner (hook_runner.h) runs it; here is what the loop has to
 * do with that. */
#ifndef VIZ_NODE_HOST_HOOK_H
#define VIZ_NODE_HOST_HOOK_H

#include <uv.h>

#include "node/host/hook_runner.h"

struct viz_host_core_thread;
struct viz_host_hook; /* opaque */

/* Takes the runner. */
void viz_host_hook_new(struct viz_host_hook **out, uv_loop_t *loop,
		       struct viz_host_core_thread *core, const struct viz_hook_runner *runner);

/* The configuration has changed: the runner reads it again before the next run. */
void viz_host_hook_reload(struct viz_host_hook *h);

/* Runs it with these bytes; the event HOOKED with this number follows, whatever comes of it. */
void viz_host_hook_run(struct viz_host_hook *h, uint64_t number, const uint8_t *bytes, size_t len);

/* Ends what runs, and closes the handles. Free it when the loop has ended. */
void viz_host_hook_stop(struct viz_host_hook *h);
void viz_host_hook_free(struct viz_host_hook *h);

#endif
