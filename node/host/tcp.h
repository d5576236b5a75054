/* The sockets of the federation: listening, dialling, handshakes, frames, keep-alive, rekey,
 * deadlines, flow control. Loop thread only. What happens to a connection goes to the core as
 * events (node/core/event.h), and the functions here carry out the core's effects. The core says
 * "link" where this page says "connection": `id` is the link's number. An effect for a connection
 * that is gone is dropped. */
#ifndef VIZ_NODE_HOST_TCP_H
#define VIZ_NODE_HOST_TCP_H

#include "node/core/ids.h"
#include "node/host/core_thread.h"
#include "node/host/limits.h"

struct viz_host_tcp; /* opaque */

/* `loop`, `core` and `limits` are borrowed until viz_host_tcp_free. */
void viz_host_tcp_new(struct viz_host_tcp **out, uv_loop_t *loop, struct viz_host_core_thread *core,
		      const struct viz_host_limits *limits,
		      const uint8_t prologue[VIZ_PROLOGUE_LEN]);
/* Binds and listens on "address:port". VIZ_ERR_INPUT with a sentence in error (256 bytes). The port
 * that was bound is logged. */
int viz_host_tcp_listen(struct viz_host_tcp *t, char *error, const char *address);

/* `old` may be NULL. */
void viz_host_tcp_keys(struct viz_host_tcp *t, const struct viz_secret *current,
		       const struct viz_secret *old);
void viz_host_tcp_dial(struct viz_host_tcp *t, uint64_t attempt, const char *address,
		       const struct viz_pub *remote, const uint8_t *hello, size_t hello_len);
void viz_host_tcp_admit(struct viz_host_tcp *t, uint64_t id);
/* `plain` is a whole plaintext: length, body, padding. */
void viz_host_tcp_send(struct viz_host_tcp *t, uint64_t id, const uint8_t *plain, size_t len);
/* Likewise, behind what is sent later and is no bulk. */
void viz_host_tcp_send_bulk(struct viz_host_tcp *t, uint64_t id, const uint8_t *plain, size_t len);
/* `words` for the log, or NULL. */
void viz_host_tcp_close(struct viz_host_tcp *t, uint64_t id, const char *words);
/* Hands what was sent since to the kernel: once after each batch of effects. */
void viz_host_tcp_flush(struct viz_host_tcp *t);

/* The core has handled a message of `bytes` bytes of this connection. */
void viz_host_tcp_drained(struct viz_host_tcp *t, uint64_t id, size_t bytes);
/* While held, no connection is read: the signature checks have enough to do. */
void viz_host_tcp_hold(struct viz_host_tcp *t, bool hold);

/* Stops listening; connections are flushed and closed within limits->flush_ms. */
void viz_host_tcp_stop(struct viz_host_tcp *t);
/* Logs how many connections ended for which reason. */
void viz_host_tcp_report(const struct viz_host_tcp *t);
/* How many there are, half-open ones too. */
/* Sets what is under way now. */
void viz_host_tcp_measure(const struct viz_host_tcp *t);

size_t viz_host_tcp_count(const struct viz_host_tcp *t);
/* After the loop has run dry. */
void viz_host_tcp_free(struct viz_host_tcp *t);

#endif
