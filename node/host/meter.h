/* What this process uses of the machine, for the metrics. */
#ifndef VIZ_NODE_HOST_METER_H
#define VIZ_NODE_HOST_METER_H

#include "proto/base.h"

struct viz_figures;

struct viz_meter {
	int fd; /* of /proc/self/statm; -1: there is none */
	uint64_t measured_ms;
};

/* Before the process gives up its files (confine.h). */
void viz_host_meter_open(struct viz_meter *m);
/* Sets memory and time of the processor; at most once a second. `now_ms` is of any clock that does
 * not go back. */
void viz_host_meter_read(struct viz_meter *m, struct viz_figures *figures, uint64_t now_ms);

#endif
