/* The table of all connections: slots, ids, what the limits count, and the end of each one. The
 * core speaks of links: a link is a connection whose handshake is complete, and its number is the
 * connection's id. Loop thread only.
 * Only the files that implement tcp.h include this. */
#ifndef VIZ_NODE_HOST_CONNECTIONS_H
#define VIZ_NODE_HOST_CONNECTIONS_H

#include "node/core/figures.h"
#include "node/core/ids.h"
#include "node/host/address.h"
#include "node/host/core_thread.h"
#include "node/host/handshake.h"
#include "node/host/limits.h"
#include "node/host/log.h"
#include "node/host/near.h"

enum viz_host_connection_state {
	VIZ_CONNECTION_CONNECTING, /* outbound, TCP */
	VIZ_CONNECTION_HANDSHAKE,  /* waits for the peer's next message of it */
	VIZ_CONNECTION_WAITING,    /* inbound, the core decides about its hello */
	VIZ_CONNECTION_OPEN,
	VIZ_CONNECTION_FLUSHING, /* what was sent goes out, what comes is thrown away */
	VIZ_CONNECTION_CLOSING,  /* uv_close is under way: nothing is done any more */
};

struct viz_host_connections;

/* A plaintext that waits for all others. */
struct viz_host_bulk {
	struct viz_host_bulk *next;
	size_t len;
	uint8_t plain[];
};

struct viz_host_connection {
	uv_tcp_t tcp;
	struct viz_host_connections *all;
	/* Serial * VIZ_CONNECTION_SLOTS + slot: looked up without a search, never reused. */
	uint64_t id;
	uint64_t attempt;      /* outbound */
	enum viz_link_end end; /* outbound: why it came to no handshake */
	enum viz_host_connection_state state;
	bool inbound;
	bool known; /* to the core, as a link: it gets CLOSED */
	bool reading;
	bool full;    /* not read: enough of its messages wait for the core */
	bool spent;   /* not read: it has used up its bucket */
	bool counted; /* its state counts in the numbers below */
	struct viz_prefix prefix;
	struct viz_host_near *near; /* inbound: of its prefix */
	struct viz_host_handshake handshake;
	struct viz_session session;
	uint8_t *rx; /* only while something is in it */
	size_t rx_len, rx_capacity;
	uint8_t *tx; /* frames that were not handed to libuv yet */
	size_t tx_len, tx_capacity;
	struct viz_host_bulk *bulk_first, **bulk_last; /* plaintexts that others overtake */
	size_t bulk_bytes;
	size_t out_bytes; /* in `bulk`, or handed to libuv, and still in memory */
	uint64_t handed_bytes, taken_bytes, taken_ms; /* since the start; when that last grew */
	uint64_t since_ms, received_ms, sent_ms, rekeyed_ms, flush_ms; /* of uv_now */
	size_t queued_messages, queued_bytes;                          /* at the core */
	int64_t tokens;
	uint64_t tokens_ms;
};

struct viz_host_connections {
	uv_loop_t *loop;
	struct viz_host_core_thread *core;
	const struct viz_host_limits *limits;
	uint8_t prologue[VIZ_PROLOGUE_LEN];
	struct viz_host_handshake_keys keys;
	bool stopping;
	bool held;    /* nothing is read: the signature checks have enough */
	bool flooded; /* nothing is read: the core has enough */
	size_t queued_messages, queued_bytes; /* at the core */
	size_t out_bytes;                     /* of all that are not closing */
	struct viz_host_connection *slots[VIZ_CONNECTION_SLOTS];
	size_t count;
	size_t half_open, established, dialling; /* see viz_host_connections_become */
	struct viz_host_near_table near;
	uint64_t serial;
	uv_timer_t sweep; /* open until the last connection has ended after a stop */
	struct viz_figures *figures;
	struct viz_log_gate gates[VIZ_CLOSE_COUNT];
};

/* A connection in a free slot with its handle initialised, or NULL when all are taken. */
struct viz_host_connection *viz_host_connections_add(struct viz_host_connections *all);
/* NULL when it has ended or is about to. */
struct viz_host_connection *viz_host_connections_find(const struct viz_host_connections *all,
						      uint64_t id);
/* Ends a connection now: counts, logs, closes the handle; the core hears of it when that is done.
 */
void viz_host_connections_end(struct viz_host_connection *c, enum viz_close_reason reason);
/* Counts the end of a connection, and logs it within bounds. `words` may be NULL. */
void viz_host_connections_count(const struct viz_host_connection *c, enum viz_close_reason reason,
				const char *words);
/* No more connections come. The timer ends with the last one. */
void viz_host_connections_stop(struct viz_host_connections *all);
/* Logs the counters of reasons that are not zero. */
void viz_host_connections_report(const struct viz_host_connections *all);

/* The only way into a state. Keeps the numbers of `all` and of c->near: `half_open` are inbound and
 * not admitted by the core yet, `established` have a complete handshake and are not closing,
 * `dialling` are outbound without one. c->inbound and c->near are set before. */
void viz_host_connections_become(struct viz_host_connection *c,
				 enum viz_host_connection_state state);
/* Whether the limits leave no place for `c` among the established ones. */
bool viz_host_connections_full(const struct viz_host_connection *c);
/* The one with most bytes that its peer has not taken; NULL when there is no connection. */
struct viz_host_connection *viz_host_connections_slowest(const struct viz_host_connections *all);

#endif
