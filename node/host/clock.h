/* The time that the core gets: the wall clock, which never goes back under it. */
#ifndef VIZ_NODE_HOST_CLOCK_H
#define VIZ_NODE_HOST_CLOCK_H

#include "proto/base.h"

#define VIZ_CLOCK_STEP_MS 10000 /* a wall clock that was set by more than this ends the process */
#define VIZ_CLOCK_EXIT    75    /* with this status (EX_TEMPFAIL), and the unit starts it again */

/* One reader's; each thread has its own. */
struct viz_clock {
	struct viz_time now; /* the last reading; 0: none yet */
	int64_t wall_ms;     /* CLOCK_REALTIME and */
	int64_t boot_ms;     /* CLOCK_BOOTTIME at that moment */
};

/* Pure: the next reading. When the wall clock was set forward by at most VIZ_CLOCK_STEP_MS, we
 * follow it. When it was set back by as much, our time stands still until the clock has come to it.
 * Returns 0 then. When it was set by more, in one step or in several, returns by how many
 * milliseconds, and *c is as it was. */
int64_t viz_host_clock_next(struct viz_clock *c, int64_t wall_ms, int64_t boot_ms);

/* Reads both clocks. When the wall clock was set by too much, logs it and ends the process: leases
 * and deadlines were promised by the old time, and the next start reads all of them again. */
struct viz_time viz_host_clock_read(struct viz_clock *c);

#endif
