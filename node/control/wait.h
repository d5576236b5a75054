/* Readers of the events who wait for the next one: their replies come when there is something new,
 * or when their time is over. */
#ifndef VIZ_NODE_CONTROL_WAIT_H
#define VIZ_NODE_CONTROL_WAIT_H

#include <jansson.h>

#include "proto/base.h"

struct viz_core;
struct viz_net;
struct viz_request;

#define VIZ_WAITS_MAX 256

struct viz_wait {
	struct viz_wait *next;
	uint64_t client;
	struct viz_time until;
	json_t *args;                         /* of `events`, with a cursor; owned */
	int (*read)(struct viz_request *req); /* fills the result with what there is */
};

struct viz_waits {
	struct viz_wait *first;
	size_t count;
	uint64_t journal, access; /* the last numbers that were looked at */
};

/* Lets the request wait with `args`, which it takes, until `read` finds something. As many wait
 * already: the code is `busy`. */
int viz_wait_begin(struct viz_request *req, json_t *args, struct viz_time until,
		   int (*read)(struct viz_request *req));

/* In each batch: replies to those for whom something has come, and to those whose time is over. */
void viz_wait_step(struct viz_net *net, struct viz_waits *waits);
void viz_wait_free(struct viz_waits *waits);

/* When the next one's time is over, or now when an erasure has ended behind the step; 0: nobody
 * waits. */
struct viz_time viz_wait_deadline(const struct viz_core *core, const struct viz_waits *waits);

#endif
