/* One connection, from its handshake to its end: what comes in, when it is read, its deadlines.
 * Only the files that implement tcp.h include this. Each function may end the connection. */
#ifndef VIZ_NODE_HOST_CONNECTION_H
#define VIZ_NODE_HOST_CONNECTION_H

#include "node/host/connections.h"

/* Prepares the handshake. `remote`: the key that an outbound one expects, NULL for an inbound one;
 * `hello` (copied) is what an outbound one sends in message 3. */
void viz_host_connection_prepare(struct viz_host_connection *c, const struct viz_pub *remote,
				 const uint8_t *hello, size_t hello_len);
/* TCP is there: the handshake begins. */
void viz_host_connection_begin(struct viz_host_connection *c);
/* The core has admitted an inbound one. */
void viz_host_connection_admit(struct viz_host_connection *c);
/* Takes frames out of what was received as far as state and flow control allow, and starts or stops
 * reading accordingly. To be called after everything that may have changed either. */
void viz_host_connection_proceed(struct viz_host_connection *c);
/* Ends it after what was sent to it is out, or flush_ms have passed. `words`: for the log, or NULL.
 */
void viz_host_connection_finish(struct viz_host_connection *c, enum viz_close_reason reason,
				const char *words);
/* Deadlines, keep-alive, rekey, bucket. */
void viz_host_connection_sweep(struct viz_host_connection *c);

#endif
