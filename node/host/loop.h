/* The loop thread: brings sockets, the pool, the control socket and the core thread together. */
#ifndef VIZ_NODE_HOST_LOOP_H
#define VIZ_NODE_HOST_LOOP_H

#include "node/host/clock.h"
#include "node/host/config.h"
#include "node/host/hook_runner.h"
#include "node/host/notify.h"

struct viz_host_setup {
	const struct viz_config *config;
	const char *file; /* of the configuration, for SIGHUP */
	const struct viz_host_limits *limits;
	const char *socket; /* path of the control socket */
	struct viz_notify *notify;
	const struct viz_hook_runner *runner; /* taken */
	struct viz_meter *meter;
	struct viz_node *node;  /* used by the core thread until viz_host_loop_run returns */
	struct viz_clock clock; /* its reading is the time that viz_node_open got */
};

/* SIGHUP reads the configuration again. Runs until SIGTERM or SIGINT, then finishes the batch under
 * way, flushes for up to flush_ms and returns 0. A start that fails is logged: VIZ_ERR_INPUT,
 * VIZ_ERR_NOMEM. */
int viz_host_loop_run(const struct viz_host_setup *setup);

#endif
