/* The process that runs hooks. It is forked before the daemon gives up what a hook may need
 * (confine.h), and holds no key and no row: the daemon sends it an event, and it answers whether
 * the hook has taken it. The program is the one that the configuration names: the runner reads the
 * file itself, so that whoever has taken over the daemon cannot have another one run. */
#ifndef VIZ_NODE_HOST_HOOK_RUNNER_H
#define VIZ_NODE_HOST_HOOK_RUNNER_H

#include <sys/types.h>

#include "node/host/config.h"

#define VIZ_HOST_HOOK_MS 30000 /* then it is killed, and gets the event again */

/* What the daemon sends: this, and then `len` bytes for the hook. Zero bytes: read the
 * configuration again. */
struct viz_hook_order {
	uint64_t number; /* of the event */
	uint64_t len;
};

/* What it gets for each event. */
struct viz_hook_answer {
	uint64_t number;
	uint64_t ok;
};

struct viz_hook_runner {
	int fd; /* orders out, answers in; at its end the runner kills the hook, and ends */
	pid_t pid;
};

/* Forks it; there must be no other thread. `file` is that of `config`. VIZ_ERR_STATE, with errno.
 */
int viz_host_hook_runner_start(struct viz_hook_runner *out, const struct viz_config *config,
			       const char *file);

#endif
