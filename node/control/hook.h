/* The hook: each entry of the journal goes to a program of the operator, in order and at least
 * once.
 *
 * The journal is the queue, so nothing is kept twice and nothing is lost by a crash. One entry is
 * under way at a time. One that the program does not take comes again, later each time, for a day
 * after it happened; then it is passed over. The first entry is the first one after the hook was
 * configured. */
#ifndef VIZ_NODE_CONTROL_HOOK_H
#define VIZ_NODE_CONTROL_HOOK_H

#include "proto/base.h"

struct viz_core;
struct viz_trust;

struct viz_hook {
	bool on;
	bool loaded;
	bool under_way;        /* an effect HOOK was emitted, the event HOOKED has not come */
	uint64_t done;         /* up to this number of the journal all was taken, or passed over */
	unsigned failed;       /* how often in a row */
	struct viz_time again; /* not before this */
};

/* Emits VIZ_EFFECT_HOOK when there is something to tell. Once a batch, behind all that notes. */
void viz_hook_step(struct viz_trust *trust, struct viz_hook *hook);

/* Event HOOKED. */
void viz_hook_done(struct viz_core *core, struct viz_hook *hook, uint64_t number, bool ok);

/* When viz_hook_step has something to do again; 0: not by time. */
struct viz_time viz_hook_deadline(const struct viz_hook *hook);

#endif
