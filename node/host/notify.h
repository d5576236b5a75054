/* The service manager's notification protocol (sd_notify(3)), spoken natively: datagrams of
 * "KEY=value" lines to the AF_UNIX socket in $NOTIFY_SOCKET. */
#ifndef VIZ_NODE_HOST_NOTIFY_H
#define VIZ_NODE_HOST_NOTIFY_H

#include "proto/base.h"

struct viz_notify {
	int fd;               /* -1: nobody listens, and every call does nothing */
	uint64_t watchdog_ms; /* 0: no watchdog asked for, else the interval to ping at (half) */
	uint8_t address[128]; /* struct sockaddr_un */
	size_t address_len;
};

/* Reads $NOTIFY_SOCKET ("/path" or "@abstract"), $WATCHDOG_USEC, $WATCHDOG_PID. VIZ_ERR_INPUT when
 * the name is neither or too long: the daemon says so and goes on without. */
int viz_host_notify_open(struct viz_notify *n);
/* Sends `state`, e.g. "READY=1\nSTATUS=...". VIZ_ERR_STATE when it was not taken. */
int viz_host_notify_send(struct viz_notify *n, const char *state);
void viz_host_notify_close(struct viz_notify *n);

#endif
