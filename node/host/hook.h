/* Runs the operator's hook: a program that gets one JSON object on standard input. One at a time;
 * one that takes too long is killed. It gets no descriptor of ours, and what it prints to standard
 * error goes where our log goes. */
#ifndef VIZ_NODE_HOST_HOOK_H
#define VIZ_NODE_HOST_HOOK_H

#include <uv.h>

#include "proto/base.h"

struct viz_host_core_thread;
struct viz_host_hook; /* opaque */

#define VIZ_HOST_HOOK_MS 30000 /* then it is killed, and gets the event again */

void viz_host_hook_new(struct viz_host_hook **out, uv_loop_t *loop,
		       struct viz_host_core_thread *core);

/* The program of the next run; "": none. */
void viz_host_hook_program(struct viz_host_hook *h, const char *path);

/* Runs it with these bytes; the event HOOKED with this number follows, whatever comes of it. */
void viz_host_hook_run(struct viz_host_hook *h, uint64_t number, const uint8_t *bytes, size_t len);

/* Ends what runs, and closes the handles. Free it when the loop has ended. */
void viz_host_hook_stop(struct viz_host_hook *h);
void viz_host_hook_free(struct viz_host_hook *h);

#endif
