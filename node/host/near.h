/* How many connections each prefix has. An entry lives as long as one connection refers to it. Loop
 * thread only. */
#ifndef VIZ_NODE_HOST_NEAR_H
#define VIZ_NODE_HOST_NEAR_H

#include "node/host/address.h"

#define VIZ_HOST_NEAR_CHAINS 1024

struct viz_host_near {
	struct viz_prefix prefix;
	size_t refs;
	size_t half_open;   /* inbound, and not admitted yet */
	size_t established; /* inbound */
	struct viz_host_near *next;
};

/* All zero at the start. Who makes its prefixes collide makes one chain longer, and that has no
 * more entries than there are connections. */
struct viz_host_near_table {
	struct viz_host_near *chain[VIZ_HOST_NEAR_CHAINS];
};

/* The entry of this prefix, with one more reference. */
struct viz_host_near *viz_host_near_take(struct viz_host_near_table *t,
					 const struct viz_prefix *prefix);
void viz_host_near_release(struct viz_host_near_table *t, struct viz_host_near *near);

#endif
