/* The control socket: UNIX stream, one JSON object a line, one line of reply each, in order. The
 * host splits lines and names the caller (SO_PEERCRED); what they mean is the core's. Loop thread
 * only. */
#ifndef VIZ_NODE_HOST_CONTROL_SOCKET_H
#define VIZ_NODE_HOST_CONTROL_SOCKET_H

#include "node/host/core_thread.h"

struct viz_host_control_socket; /* opaque */

/* Binds `path` (mode 0660, `group` "" or a name that owns it) and listens. A socket that nobody
 * answers on is removed. VIZ_ERR_EXISTS (somebody answers), VIZ_ERR_INPUT; error (256 bytes) gets a
 * sentence. `loop` and `core` are borrowed until free. A client that has no request under way for
 * `idle_ms` is closed. */
int viz_host_control_socket_new(struct viz_host_control_socket **out, char *error, uv_loop_t *loop,
				struct viz_host_core_thread *core, const char *path,
				const char *group, uint32_t idle_ms);
/* The reply to the request under way of this client; dropped when it is gone. */
void viz_host_control_socket_reply(struct viz_host_control_socket *c, uint64_t client,
				   const uint8_t *text, size_t len);
/* Stops listening, removes the socket; clients are closed when replies under way are written, or at
 * once with `force`. */
void viz_host_control_socket_stop(struct viz_host_control_socket *c, bool force);
/* After the loop has run dry. */
void viz_host_control_socket_free(struct viz_host_control_socket *c);

#endif
