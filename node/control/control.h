/* The door of the operator: a request comes in as JSON, one reply goes out. Whoever holds the
 * control socket may ask; personal data is for readers only. */
#ifndef VIZ_NODE_CONTROL_CONTROL_H
#define VIZ_NODE_CONTROL_CONTROL_H

#include "proto/base.h"

struct viz_event;
struct viz_net;

/* The UNIX users that may open personal data; the configuration names them. */
struct viz_readers {
	char (*name)[33];
	size_t count;
};

/* Makes jansson wipe memory that it frees, because requests have personal data. Call it once,
 * before any use of jansson. */
void viz_control_init(void);

/* Runs the request in `ev` (VIZ_EVENT_REQUEST) and adds the effect VIZ_EFFECT_REPLY. CONTROL.md has
 * the form of both. */
void viz_control_request(struct viz_net *net, const struct viz_readers *readers,
			 const struct viz_event *ev);

#endif
