/* Links over TCP: listening, dialling, Noise XK, frames, keep-alive, rekey, deadlines, flow
 * control. Loop thread only. What happens to a link goes to the core as events (node/core/event.h); the
 * functions here carry out the core's effects. An effect for a link that is gone is dropped. */
#ifndef VIZ_NODE_HOST_TCP_H
#define VIZ_NODE_HOST_TCP_H

#include "node/core/ids.h"
#include "node/host/core_thread.h"
#include "node/host/limits.h"

struct viz_host_tcp; /* opaque; connection.h shows it to the files of the link layer */

/* Why a link ended, for log and counters. */
#define VIZ_CLOSE_REASONS(X)                                                                       \
	X(CORE, "core")           /* the core asked for it, with its own words */                  \
	X(PEER, "peer")           /* the other side closed */                                      \
	X(IO, "io")               /* connection refused, reset, unreachable */                     \
	X(HANDSHAKE, "handshake") /* a handshake message of wrong length, or that does not open */ \
	X(TIMEOUT, "timeout")     /* handshake not done in time */                                 \
	X(FRAME, "frame")         /* a frame's length that cannot be */                            \
	X(AUTH, "auth")           /* a frame that does not open */                                 \
	X(PADDING, "padding")     /* body length past the end, padding that is not zero */         \
	X(IDLE, "idle")           /* no frame for too long */                                      \
	X(SLOW, "slow")           /* does not take what is sent to it */                           \
	X(HALF_OPEN, "half-open") /* refused: too many unfinished handshakes */                    \
	X(PREFIX, "prefix")       /* refused: too many links or attempts of its prefix */          \
	X(FULL, "full")           /* refused: no link left */                                      \
	X(STOP, "stop")           /* the daemon ends */

enum viz_close_reason {
#define X(name, text) VIZ_CLOSE_##name,
	VIZ_CLOSE_REASONS(X)
#undef X
	    VIZ_CLOSE_COUNT
};

const char *viz_close_name(enum viz_close_reason reason);

/* `loop`, `core` and `limits` are borrowed until viz_host_tcp_free. */
int viz_host_tcp_new(struct viz_host_tcp **out, uv_loop_t *loop, struct viz_host_core *core,
		     const struct viz_host_link_limits *limits,
		     const uint8_t prologue[VIZ_PROLOGUE_LEN]);
/* Binds and listens on "address:port". VIZ_ERR_INPUT with a sentence in error (256 bytes). The port
 * that was bound is logged. */
int viz_host_tcp_listen(struct viz_host_tcp *t, char *error, const char *address);

void viz_host_tcp_keys(struct viz_host_tcp *t, const struct viz_secret *current,
		       const struct viz_secret *old);
void viz_host_tcp_dial(struct viz_host_tcp *t, uint64_t attempt, const char *address,
		       const struct viz_pub *remote, const uint8_t *hello, size_t hello_len);
void viz_host_tcp_admit(struct viz_host_tcp *t, uint64_t link);
/* `plain` is a whole plaintext: length, body, padding. */
void viz_host_tcp_send(struct viz_host_tcp *t, uint64_t link, const uint8_t *plain, size_t len);
void viz_host_tcp_close(struct viz_host_tcp *t, uint64_t link, const char *reason);
/* Hands what was sent since to the kernel: once after each batch of effects. */
void viz_host_tcp_flush(struct viz_host_tcp *t);

/* The core is through with a message of `bytes` bytes of this link. */
void viz_host_tcp_drained(struct viz_host_tcp *t, uint64_t link, size_t bytes);
/* While held, no link is read: somebody behind (the signature checks) has enough to do. */
void viz_host_tcp_hold(struct viz_host_tcp *t, bool hold);

/* Stops listening; links are flushed and closed within limits->flush_ms. */
void viz_host_tcp_stop(struct viz_host_tcp *t);
/* Logs the counters of reasons that are not zero. */
void viz_host_tcp_report(const struct viz_host_tcp *t);
size_t viz_host_tcp_links(const struct viz_host_tcp *t);
/* After the loop has run dry. */
void viz_host_tcp_free(struct viz_host_tcp *t);

#endif
