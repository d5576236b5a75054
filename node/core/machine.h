/* What the host has seen of the machine when the process began, for `doctor`. Zero: not known. */
#ifndef VIZ_NODE_CORE_MACHINE_H
#define VIZ_NODE_CORE_MACHINE_H

#include <stdbool.h>
#include <stdint.h>

struct viz_machine {
	char file_system[16]; /* under the state directory: the name of one that writes elsewhere
				 what is overwritten; "": another one */
	bool damaged;         /* the damaged store of an earlier start is still there */
	bool swap;            /* memory of this process may be written to a disk */
	uint64_t open_files;  /* the limit of this process, */
	uint64_t open_files_wanted; /* and how many it may need */
};

#endif
