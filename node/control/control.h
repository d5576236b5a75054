/* The door of the operator: a request comes in as JSON, one reply goes out. Whoever holds the
 * control socket may ask; personal data is for readers only. */
#ifndef VIZ_NODE_CONTROL_CONTROL_H
#define VIZ_NODE_CONTROL_CONTROL_H

#include "proto/base.h"

#include <jansson.h>

struct viz_event;
struct viz_net;
struct viz_laters;

/* The UNIX users whom the configuration names: those that may open personal data, and those of the
 * faces, which ask for others (role.c). */
struct viz_readers {
	char (*name)[33];
	size_t count;
	char web[33], erp[33]; /* "": there is none */
};

/* Makes jansson wipe memory that it frees, because requests have personal data; and end the process
 * when there is none, because a reply without a field that could not be added is a wrong one. Call
 * it once, before any use of jansson. */
void viz_control_init(void);

/* Runs the request in `ev` (VIZ_EVENT_REQUEST) and adds the effect VIZ_EFFECT_REPLY, at once or
 * when a later batch has ended what it put into `laters` (later.h). CONTROL.md has the form of
 * both.
 */
void viz_control_request(struct viz_net *net, const struct viz_readers *readers,
			 struct viz_laters *laters, const struct viz_event *ev);

#endif
