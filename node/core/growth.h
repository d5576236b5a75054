/* How the store grows: what live pages used every six hours of the last week, and when that reaches
 * what the map and the disk have room for. Kept in VIZ_META_GROWTH. */
#ifndef VIZ_NODE_CORE_GROWTH_H
#define VIZ_NODE_CORE_GROWTH_H

#include "proto/base.h"

struct viz_core;

#define VIZ_GROWTH_SAMPLES 29 /* every six hours, of a week */
#define VIZ_GROWTH_ALARM   70 /* per cent */

struct viz_growth {
	struct viz_growth_sample {
		struct viz_time at;
		uint64_t used;
	} sample[VIZ_GROWTH_SAMPLES];
	size_t count; /* the newest is the last */
};

/* Reads the row. False: it is damaged. */
bool viz_growth_load(struct viz_core *core);
void viz_growth_save(struct viz_core *core);

/* Takes a sample when the last one is six hours old. What a clock that was ahead has left is
 * dropped. */
void viz_growth_note(struct viz_core *core);

/* In how many days the store is full if it grows on as in the last week. False: it does not grow,
 * or a day has not been seen yet, or that takes more than ten years. */
bool viz_growth_days_left(struct viz_core *core, uint64_t *days);

/* Whether the store has used VIZ_GROWTH_ALARM per cent of what it may use. */
bool viz_growth_alarm(struct viz_core *core);

#endif
