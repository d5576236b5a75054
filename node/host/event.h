/* An event on its way to the core, with the memory that its pointers need. */
#ifndef VIZ_NODE_HOST_EVENT_H
#define VIZ_NODE_HOST_EVENT_H

#include "node/core/event.h"

struct viz_host_event {
	struct viz_event event;
	uint8_t *block; /* owned: event.bytes points into it; may be NULL */
	size_t block_len;
	char who[64]; /* event.who points here for requests */
	struct viz_host_event *next;
};

/* Zeroed but for kind, bytes and len. Takes `block`. */
struct viz_host_event *viz_host_event_new(enum viz_event_kind kind, uint8_t *block,
					  size_t block_len);
/* Wipes the block too. */
void viz_host_event_free(struct viz_host_event *e);

#endif
