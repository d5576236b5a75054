/* Listening sockets, and who may connect. Only the files that implement tcp.h include this. */
#ifndef VIZ_NODE_HOST_LISTEN_H
#define VIZ_NODE_HOST_LISTEN_H

#include "node/host/connections.h"

struct viz_host_listen;

struct viz_host_listener {
	uv_tcp_t tcp;
	struct viz_host_listen *listen;
	bool open;
};

#define VIZ_HOST_LISTEN_BUCKETS 256

/* How many more connections a prefix may begin now. */
struct viz_host_listen_bucket {
	struct viz_prefix prefix;
	int64_t tokens; /* thousandths of a connection */
	uint64_t at_ms;
};

struct viz_host_listen {
	struct viz_host_connections *all;
	struct viz_host_listener listeners[VIZ_HOST_LISTEN_MAX];
	struct viz_host_listen_bucket buckets[VIZ_HOST_LISTEN_BUCKETS];
};

/* viz_host_tcp_listen. */
int viz_host_listen_add(struct viz_host_listen *listen, char *error, const char *address);
void viz_host_listen_stop(struct viz_host_listen *listen);

#endif
