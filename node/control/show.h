/* `audit.show`: what the records of partners show. It looks at all that is held of an origin, so it
 * goes on over batches, and its reply comes later. */
#ifndef VIZ_NODE_CONTROL_SHOW_H
#define VIZ_NODE_CONTROL_SHOW_H

#include "proto/base.h"

struct viz_net;
struct viz_request;
struct viz_show;

#define VIZ_SHOWS_MAX 64 /* that wait at once */

/* Those that wait, the first one first. */
struct viz_shows {
	struct viz_show *first;
	size_t count;
};

int viz_show_audit(struct viz_request *req);

/* In each batch: goes on, and replies. While one waits, the next batch follows at once. */
void viz_show_step(struct viz_net *net, struct viz_shows *shows);
void viz_show_free(struct viz_shows *shows);

#endif
