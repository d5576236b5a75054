/* The limits of the host: what strangers, peers and local clients can make it hold or do. All times
 * in milliseconds, all sizes in bytes. Those of links can be set smaller by tests; production uses
 * VIZ_HOST_LIMITS_DEFAULT. */
#ifndef VIZ_NODE_HOST_LIMITS_H
#define VIZ_NODE_HOST_LIMITS_H

#include "proto/base.h"
#include "proto/limits.h"

#define VIZ_CONNECTION_HANDSHAKE_MS    10000   /* from the connection to ADMIT or OPENED */
#define VIZ_CONNECTION_MESSAGE_1_MS    3000    /* and of it, to the end of message 1 */
#define VIZ_CONNECTION_IDLE_MS         90000   /* without a frame: closed */
#define VIZ_CONNECTION_KEEPALIVE_MS    30000   /* nothing sent for so long: a keep-alive */
#define VIZ_CONNECTION_REKEY_MS        3600000 /* age of a sending key */
#define VIZ_CONNECTION_FLUSH_MS        2000    /* what was sent before a close may take so long */
#define VIZ_CONNECTION_SWEEP_MS        250     /* how often deadlines are looked at */
#define VIZ_CONNECTION_HALF_OPEN_MAX   64      /* inbound links that are not admitted yet */
#define VIZ_CONNECTION_HALF_PREFIX_MAX 16      /* of them per IPv4 /24 or IPv6 /64 */
#define VIZ_CONNECTION_HALF_LOCAL_MAX  64      /* of them from loopback */
/* Links, both ways, half-open ones not counted: some more than the core keeps, which decides by who
 * comes, and that shows only at the end of a handshake. */
#define VIZ_CONNECTIONS_MAX (VIZ_LINKS_MAX + VIZ_LINKS_KEPT)

#define VIZ_CONNECTION_PREFIX_MAX     32  /* inbound links per prefix */
#define VIZ_CONNECTION_LOCAL_MAX      512 /* inbound links from loopback */
#define VIZ_CONNECTION_DIALS_MAX      64  /* outbound handshakes under way */
#define VIZ_CONNECTION_QUEUE_MESSAGES 64  /* of one link, waiting for the core */
#define VIZ_CONNECTION_QUEUE_BYTES    1048576
#define VIZ_CONNECTION_OUT_BYTES      4194304 /* written and not taken by the peer: closed */
#define VIZ_CONNECTION_OUT_ALL_BYTES                                                               \
	268435456 /* the same of all links: the one with most is closed */
#define VIZ_CONNECTION_SLOW_MS                                                                     \
	30000 /* something is written, and the peer takes none of it: closed */
#define VIZ_CONNECTION_RATE_BYTES  4194304 /* per second and link */
#define VIZ_CONNECTION_BURST_BYTES 8388608
#define VIZ_CONNECTION_FRAME_COST  128 /* least that a frame takes from the bucket */
#define VIZ_CONNECTION_DIAL_RATE   20  /* connections per second and prefix (inbound) */
#define VIZ_CONNECTION_DIAL_BURST  100

#define VIZ_HOST_QUEUE_MESSAGES 16384 /* of all links, waiting for the core */
#define VIZ_HOST_QUEUE_BYTES    67108864
#define VIZ_HOST_BATCH_EVENTS   256   /* events of one viz_node_run */
#define VIZ_HOST_RESULTS_MAX    4     /* batches of effects that wait for the loop */
#define VIZ_HOST_TICK_MAX_MS    10000 /* the longest sleep between two looks at the clock */
#define VIZ_HOST_LISTEN_MAX     8     /* addresses */
#define VIZ_HOST_VERIFY_CHUNK   16    /* signatures of one job of the pool */
#define VIZ_HOST_VERIFY_JOBS    8     /* jobs in flight */
#define VIZ_HOST_VERIFY_PENDING 4096  /* above: no link is read until half of it is done */

#define VIZ_CONTROL_CLIENTS_MAX 64
#define VIZ_CONTROL_IDLE_MS     60000     /* a client that asks nothing, or does not read: closed */
#define VIZ_CONTROL_LINE_MAX    33554432  /* a request, without its newline */
#define VIZ_CONTROL_BYTES_MAX   134217728 /* requests of all clients together */

struct viz_host_limits {
	uint32_t handshake_ms, message_1_ms, idle_ms, keepalive_ms, rekey_ms, flush_ms, sweep_ms;
	uint32_t half_open_max, half_prefix_max, half_local_max;
	uint32_t connections_max, prefix_max, local_max, dials_max;
	uint32_t queue_messages, queue_bytes, out_bytes, out_all_bytes, slow_ms;
	uint32_t rate_bytes, burst_bytes, frame_cost;
	uint32_t dial_rate, dial_burst;
	uint32_t ctl_idle_ms;
};

#define VIZ_HOST_LIMITS_DEFAULT                                                                    \
	{                                                                                          \
		.handshake_ms = VIZ_CONNECTION_HANDSHAKE_MS,                                       \
		.message_1_ms = VIZ_CONNECTION_MESSAGE_1_MS, .idle_ms = VIZ_CONNECTION_IDLE_MS,    \
		.keepalive_ms = VIZ_CONNECTION_KEEPALIVE_MS, .rekey_ms = VIZ_CONNECTION_REKEY_MS,  \
		.flush_ms = VIZ_CONNECTION_FLUSH_MS, .sweep_ms = VIZ_CONNECTION_SWEEP_MS,          \
		.half_open_max = VIZ_CONNECTION_HALF_OPEN_MAX,                                     \
		.half_prefix_max = VIZ_CONNECTION_HALF_PREFIX_MAX,                                 \
		.half_local_max = VIZ_CONNECTION_HALF_LOCAL_MAX,                                   \
		.connections_max = VIZ_CONNECTIONS_MAX, .prefix_max = VIZ_CONNECTION_PREFIX_MAX,   \
		.local_max = VIZ_CONNECTION_LOCAL_MAX, .dials_max = VIZ_CONNECTION_DIALS_MAX,      \
		.queue_messages = VIZ_CONNECTION_QUEUE_MESSAGES,                                   \
		.queue_bytes = VIZ_CONNECTION_QUEUE_BYTES, .out_bytes = VIZ_CONNECTION_OUT_BYTES,  \
		.out_all_bytes = VIZ_CONNECTION_OUT_ALL_BYTES, .slow_ms = VIZ_CONNECTION_SLOW_MS,  \
		.rate_bytes = VIZ_CONNECTION_RATE_BYTES,                                           \
		.burst_bytes = VIZ_CONNECTION_BURST_BYTES,                                         \
		.frame_cost = VIZ_CONNECTION_FRAME_COST, .dial_rate = VIZ_CONNECTION_DIAL_RATE,    \
		.dial_burst = VIZ_CONNECTION_DIAL_BURST, .ctl_idle_ms = VIZ_CONTROL_IDLE_MS,       \
	}

#endif
