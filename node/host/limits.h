/* The limits of the host: what strangers, peers and local clients can make it hold or do. */
#ifndef VIZ_NODE_HOST_LIMITS_H
#define VIZ_NODE_HOST_LIMITS_H

#include "proto/base.h"
#include "proto/limits.h"

/* Of connections, and those that tests set smaller. A prefix is an IPv4 /24 or an IPv6 /48.
 *
 * half_open_max: 800 strangers a second who stop after message 2 must leave a newcomer the time of
 * two round trips, and more.
 *
 * connections_max is a few more than the core keeps. The core chooses by who the peer is, and that
 * shows only at the end of a handshake. */
#define VIZ_HOST_LIMITS(X)                                                                         \
	X(handshake_ms, 10000)  /* from the connection to ADMIT or OPENED */                       \
	X(message_1_ms, 3000)   /* from the connection to the end of message 1 */                  \
	X(idle_ms, 300000)      /* closed after so long without a frame */                         \
	X(keepalive_ms, 120000) /* a keep-alive after so long without sending */                   \
	X(rekey_ms, 3600000)    /* age of a sending key */                                         \
	X(flush_ms, 2000)       /* a close waits so long for what was sent before it */            \
	X(sweep_ms, 250)        /* time between two looks at the deadlines */                      \
	X(slow_ms, 30000)       /* closed when it takes nothing of what waits for so long */       \
	X(half_open_max, 1024)  /* inbound, not admitted yet */                                    \
	X(half_late_ms, 1000)  /* no step for so long: it goes first when others want its place */ \
	X(half_prefix_max, 32) /* of them from one prefix */                                       \
	X(half_local_max, 1024)                /* of them from a loopback one */                   \
	X(dial_rate, 20)                       /* inbound connections a second of one prefix */    \
	X(dial_burst, 100)                     /* the same, at once */                             \
	X(connections_max, VIZ_LINKS_MAX + 64) /* both ways, half-open ones excepted */            \
	X(prefix_max, 32)                      /* of them inbound from one prefix */               \
	X(local_max, 512)                      /* of them inbound from loopback */                 \
	X(dials_max, VIZ_PARTNERS_MAX + VIZ_VOUCH_SLOTS + VIZ_LINKS_LOT +                          \
			 VIZ_LINKS_BESIDES) /* outbound handshakes under way: each has a place */  \
	X(queue_messages, 256)      /* of one connection, waiting for the core: not read */        \
	X(queue_bytes, 1048576)     /* the same in bytes */                                        \
	X(out_bytes, 4194304)       /* closed when so many bytes wait for the peer */              \
	X(out_all_bytes, 268435456) /* of all: the one for which most bytes wait is closed */      \
	X(rate_bytes, 16777216)     /* that we read from one connection in a second */             \
	X(burst_bytes, 16777216)    /* the same, at once */                                        \
	X(frame_cost, 128)          /* bytes that a smaller frame counts as */                     \
	X(ctl_idle_ms, 60000)       /* a local client that asks nothing or does not read: closed */

struct viz_host_limits {
#define X(name, value) uint32_t name;
	VIZ_HOST_LIMITS(X)
#undef X
};

#define VIZ_HOST_LIMIT_DEFAULT(name, value) .name = (value),
#define VIZ_HOST_LIMITS_DEFAULT                                                                    \
	{                                                                                          \
		VIZ_HOST_LIMITS(VIZ_HOST_LIMIT_DEFAULT)                                            \
	}

#define VIZ_HOST_QUEUE_MESSAGES 16384    /* of all connections, waiting for the core */
#define VIZ_HOST_QUEUE_BYTES    67108864 /* the same in bytes */
#define VIZ_HOST_NOT_SENT       16384    /* bytes that the kernel holds of a connection, and */
#define VIZ_HOST_IN_KERNEL      131072   /* with those that it has sent */
#define VIZ_HOST_PUSHED_MAX     64       /* events that the loop keeps until the core gets them */
#define VIZ_HOST_BATCH_EVENTS   1024     /* events of one viz_node_run */
#define VIZ_HOST_BATCH_FAR      4    /* of what other links send, while something of ours goes on */
#define VIZ_HOST_FAR_PART       4    /* and one part of the time in so many */
#define VIZ_HOST_OTHERS_LEAST   32   /* of others in all that are taken at a time then */
#define VIZ_HOST_TURN_US        4000 /* so long they take at a time then, and ours before them */
#define VIZ_HOST_GATHER_US      20000   /* so long others wait for more of them */
#define VIZ_HOST_OURS_US        1000000 /* so long after an event of ours */
#define VIZ_HOST_RESULTS_MAX    4       /* batches of effects that wait for the loop */
#define VIZ_CONNECTION_SLOTS    4096    /* more than the limits allow at a time; a power of two */
#define VIZ_HOST_TICK_MAX_MS    10000   /* between two looks at the clock */
#define VIZ_HOST_LISTEN_MAX     8       /* addresses */
#define VIZ_HOST_VERIFY_CHUNK   32      /* signatures of one job of the pool */
#define VIZ_HOST_VERIFY_JOBS    4       /* jobs in flight */
#define VIZ_HOST_VERIFY_PENDING 4096    /* nothing is read until half of so many are checked */

#define VIZ_CONTROL_CLIENTS_MAX 64
#define VIZ_CONTROL_LINE_MAX    33554432  /* bytes of a request, without its newline */
#define VIZ_CONTROL_BYTES_MAX   134217728 /* bytes of the requests of all clients together */

#endif
