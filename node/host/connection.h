/* Inside of the link layer: one link, and the table of them. Only for tcp.c, listen.c,
 * connection.c and handshake.c. */
#ifndef VIZ_NODE_HOST_CONNECTION_H
#define VIZ_NODE_HOST_CONNECTION_H

#include "crypto/handshake.h"
#include "node/host/address.h"
#include "node/host/frame.h"
#include "node/host/log.h"
#include "node/host/tcp.h"

enum viz_host_link_state {
	VIZ_LINK_CONNECTING, /* outbound, TCP */
	VIZ_LINK_MESSAGE_1,  /* inbound, waits for message 1 */
	VIZ_LINK_MESSAGE_2,  /* outbound, waits for message 2 */
	VIZ_LINK_MESSAGE_3,  /* inbound, waits for message 3 */
	VIZ_LINK_WAITING,    /* inbound, the core decides about its hello */
	VIZ_LINK_OPEN,
	VIZ_LINK_FLUSHING, /* what was sent goes out, what comes is thrown away */
	VIZ_LINK_CLOSING,  /* uv_close is under way: nothing is done any more */
};

#define VIZ_LINK_SLOTS 1024 /* more than all that the limits allow at a time; a power of two */

struct viz_host_link {
	uv_tcp_t tcp;
	struct viz_host_tcp *host;
	uint64_t id; /* serial * VIZ_LINK_SLOTS + slot: looked up without a search, never reused */
	uint64_t attempt; /* outbound */
	enum viz_host_link_state state;
	enum viz_close_reason reason;
	bool inbound;
	bool told; /* the core knows this link: it gets CLOSED */
	bool old_key;
	bool reading;
	bool full;  /* its queue for the core is: not read */
	bool spent; /* its bucket is: not read */
	struct viz_prefix prefix;
	struct viz_pub remote;
	struct viz_handshake *handshake;
	struct viz_session session;
	uint8_t *hello; /* outbound: payload of message 3 */
	size_t hello_len;
	uint8_t *rx; /* VIZ_FRAME_BUFFER bytes, only while something is in it */
	size_t rx_len;
	uint8_t *tx; /* sealed frames that were not handed to libuv yet */
	size_t tx_len, tx_room;
	size_t out_bytes;                             /* handed to libuv and still in memory */
	uint64_t handed_bytes, taken_bytes, taken_ms; /* since the start; when that last grew */
	uint64_t since_ms, received_ms, sent_ms, rekeyed_ms, flush_ms; /* of uv_now */
	size_t queued_messages, queued_bytes;                          /* at the core */
	int64_t tokens;
	uint64_t tokens_ms;
};

struct viz_listener {
	uv_tcp_t tcp;
	struct viz_host_tcp *host;
	bool open;
};

#define VIZ_PREFIX_SLOTS 256

/* Connections per second of a prefix. */
struct viz_prefix_bucket {
	struct viz_prefix prefix;
	int64_t tokens; /* thousandths of a connection */
	uint64_t at_ms;
};

struct viz_host_tcp {
	uv_loop_t *loop;
	struct viz_host_core *core;
	const struct viz_host_link_limits *limits;
	uint8_t prologue[VIZ_PROLOGUE_LEN];
	struct viz_secret current, old;
	bool has_current, has_old, stopping;
	bool held;    /* from outside */
	bool flooded; /* all links together have too much at the core */
	size_t queued_messages, queued_bytes;
	size_t out_bytes; /* of all links that are not closing */
	struct viz_host_link *slots[VIZ_LINK_SLOTS];
	size_t link_count;
	uint64_t serial;
	struct viz_listener listeners[VIZ_HOST_LISTEN_MAX];
	uv_timer_t sweep;
	struct viz_prefix_bucket buckets[VIZ_PREFIX_SLOTS];
	uint64_t closed[VIZ_CLOSE_COUNT];
	struct viz_log_gate gates[VIZ_CLOSE_COUNT];
};

/* connection.c */
/* A link in a free slot with its handle initialised, or NULL when all are taken. */
struct viz_host_link *viz_host_link_new(struct viz_host_tcp *t);
struct viz_host_link *viz_host_link_find(const struct viz_host_tcp *t, uint64_t id);
/* Ends a link now: counts, logs, closes the handle, then tells the core. */
void viz_host_link_fail(struct viz_host_link *link, enum viz_close_reason reason);
/* Ends a link after what was sent to it is out, or flush_ms have passed. `words`: for the log. */
void viz_host_link_finish(struct viz_host_link *link, enum viz_close_reason reason,
			  const char *words);
/* Takes frames out of what was received as far as state and flow control allow, and reads on or
 * stops reading accordingly. To be called after everything that may have changed either. */
void viz_host_link_proceed(struct viz_host_link *link);
/* Appends bytes of a handshake message as one frame. */
void viz_host_link_send_raw(struct viz_host_link *link, const uint8_t *message, size_t len);
/* Seals a plaintext and appends it. */
void viz_host_link_send(struct viz_host_link *link, const uint8_t *plain, size_t len);
void viz_host_link_flush(struct viz_host_link *link);
/* Deadlines, keep-alive, rekey, bucket. */
void viz_host_link_sweep(struct viz_host_link *link);
/* Counts a refusal or an end, and logs it within bounds. `link` may be 0. */
void viz_host_link_count(struct viz_host_tcp *t, enum viz_close_reason reason, uint64_t link,
			 const struct viz_prefix *prefix, const char *words);

/* handshake.c: the next step of the handshake with a message that has come (NULL, 0: the first
 * step of the initiator). On failure the reason to close; VIZ_CLOSE_COUNT: all is well. */
enum viz_close_reason viz_noise_step(struct viz_host_link *link, const uint8_t *message,
				     size_t len);
/* Whether a message of this length can be the next one. */
bool viz_noise_length_ok(const struct viz_host_link *link, size_t len);

/* listen.c */
/* Whether one more link may become an established one. */
bool viz_listen_has_room(const struct viz_host_tcp *t, const struct viz_host_link *link);
void viz_listen_stop(struct viz_host_tcp *t);

#endif
