/* What this process gives up before it reads anything from outside, so that whoever takes it over
 * gets little: privileges, files beyond its own, system calls that it does not make. Hooks are not
 * confined: they run below another process (hook_runner.h). */
#ifndef VIZ_NODE_HOST_CONFINE_H
#define VIZ_NODE_HOST_CONFINE_H

#include "node/node.h"

struct viz_confine_paths {
	const char *state;  /* read and written */
	const char *socket; /* of the control socket: made and removed in its directory */
	const char *config; /* read, also after an editor has put another file in its place */
};

/* Root becomes the owner of the state directory, and stays in the group of the control socket ("":
 * none). Without root, or with a directory of root's own, nothing changes. Call it before any file
 * is made. VIZ_ERR_STATE, with errno: it cannot. */
int viz_host_confine_user(const char *state, const char *group);

/* Gives up all that the kernel lets it give up, and says in `out` what. Warns of what is missing,
 * and goes on: an unprivileged container may have none of it. Call it before any thread starts.
 * `strict`: see syscalls.h. */
void viz_host_confine(struct viz_confinement *out, const struct viz_confine_paths *paths,
		      bool strict);

#endif
