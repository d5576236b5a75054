/* The daemon as a function, so that tests can run it with other limits and another core. */
#ifndef VIZ_NODE_HOST_RUN_H
#define VIZ_NODE_HOST_RUN_H

#include "node/host/limits.h"

struct viz_host_options {
	struct viz_host_limits limits;
	bool keep_dumpable; /* for sanitizers, which trace their own process */
	bool strict;        /* for tests: see syscalls.h */
};

/* vizinhod's main. Exit statuses: 0 ended by a signal, or --check/--help/--version; 1 cannot start
 * or cannot go on; 2 wrong usage or configuration. */
int viz_host_run(int argc, char **argv, const struct viz_host_options *options);

#endif
