/* Requests that look at more rows than one batch may, so that the leads of customers wait no longer
 * for them: each goes on over batches, one after the other, and its reply comes in the last. */
#ifndef VIZ_NODE_CONTROL_LATER_H
#define VIZ_NODE_CONTROL_LATER_H

#include <jansson.h>

#include "node/control/wait.h"
#include "proto/base.h"

struct viz_net;
struct viz_request;

#define VIZ_LATER_MAX  64  /* that wait at once */
#define VIZ_LATER_ROWS 512 /* that a batch looks at for all of them */

/* The first member of what the operation keeps between two batches, which it allocates. */
struct viz_later {
	struct viz_later *next;
	uint64_t client;
	json_t *result; /* owned */
	/* Goes on by so many rows, and takes them off. True: the result is whole. */
	bool (*step)(struct viz_later *l, struct viz_net *net, size_t *rows);
	/* Frees it with all that it owns but the result. */
	void (*drop)(struct viz_later *l);
};

/* Those that wait, the first one first. */
struct viz_laters {
	struct viz_later *first;
	size_t count;
	struct viz_waits waits; /* beside them */
};

/* Takes `l`, of which the operation has set the two functions; it fills req->result. When as many
 * wait already, drops it: the code is `busy`. */
int viz_later_begin(struct viz_request *req, struct viz_later *l);

/* In each batch: goes on, and replies. While one waits, the next batch follows at once. */
void viz_later_step(struct viz_net *net, struct viz_laters *laters);
void viz_later_free(struct viz_laters *laters);

#endif
