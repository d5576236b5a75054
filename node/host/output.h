/* What goes out on a connection: frames gather in a buffer, and go to libuv in large writes. Inside
 * of the sockets. Each function may end the connection. */
#ifndef VIZ_NODE_HOST_OUTPUT_H
#define VIZ_NODE_HOST_OUTPUT_H

#include "node/host/connections.h"

/* Sends a message of the handshake as one frame. */
void viz_host_output_message(struct viz_host_connection *c, const uint8_t *message, size_t len);
/* Seals a plaintext and appends it as one frame. Nothing happens unless the connection is open. */
void viz_host_output_seal(struct viz_host_connection *c, const uint8_t *plain, size_t len);
/* Likewise, but it waits until nothing else does: what is sealed later goes before it. */
void viz_host_output_bulk(struct viz_host_connection *c, const uint8_t *plain, size_t len);
/* Hands what has gathered to libuv, and some of the bulk when nothing else waits. */
void viz_host_output_flush(struct viz_host_connection *c);
/* Hands all of it to libuv, the bulk too: nothing more will be sent. */
void viz_host_output_flush_all(struct viz_host_connection *c);

#endif
