/* Durable timers: VIZ_TABLE_DUE, key (time, kind, reference), no value. Who takes a timer
 * looks at the row anew and decides; one that is out of date does nothing. */
#ifndef VIZ_NODE_CORE_DUE_H
#define VIZ_NODE_CORE_DUE_H

#include "proto/base.h"

struct viz_core;

enum viz_due_kind {
	VIZ_DUE_LEAD = 1,  /* reference: own id, slot: look at the lead */
	VIZ_DUE_INBOX = 2, /* reference: origin, slot: look at the offer of a partner */
};
#define VIZ_DUE_KIND_MAX VIZ_DUE_INBOX

void viz_due_set(struct viz_core *core, struct viz_time at, enum viz_due_kind kind,
		 const struct viz_id *origin, uint64_t slot);

struct viz_time viz_due_next(struct viz_core *core);

/* A timer that has come. */
struct viz_due {
	enum viz_due_kind kind;
	struct viz_id origin;
	uint64_t slot;
};

/* Takes the first timer that is due. False: none is. */
bool viz_due_take(struct viz_core *core, struct viz_due *out);

#endif
