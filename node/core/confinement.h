/* What the host has given up before it began (host/confine.h). The core only says so in `status`.
 */
#ifndef VIZ_NODE_CORE_CONFINEMENT_H
#define VIZ_NODE_CORE_CONFINEMENT_H

#include <stdbool.h>

struct viz_confinement {
	bool privileges; /* it has none, and gets none */
	bool seccomp;    /* it makes the system calls of a list only */
	bool landlock;   /* it opens its own files only */
};

#endif
