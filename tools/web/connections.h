/* The connections of the listeners: how many there may be, and until when each may take. */
#ifndef VIZ_TOOLS_WEB_CONNECTIONS_H
#define VIZ_TOOLS_WEB_CONNECTIONS_H

#include <netinet/in.h>

#include "proto/base.h"
#include "tools/web/limits.h"

/* What a connection does now. Only who still sends a request may be put out for another. */
enum viz_web_phase {
	VIZ_WEB_PHASE_HEAD,   /* it has sent no whole head yet, or waits between two requests */
	VIZ_WEB_PHASE_BODY,   /* it sends a body */
	VIZ_WEB_PHASE_WORK,   /* we work on its request */
	VIZ_WEB_PHASE_ANSWER, /* it takes our answer */
};

struct viz_web_connection {
	struct viz_web_connection *next, **prev;
	int fd;
	struct in6_addr address;
	enum viz_web_phase phase;
	uint64_t since_ms;
	uint64_t until_ms; /* 0: none, while we work on it */
	bool ended;        /* shut down by us */
};

struct viz_web_connections {
	struct viz_web_connection *first;
	size_t count;
};

/* Whether one more from this address may come, which may have `most`. Puts out the one that has
 * sent a head for longest when all places are taken. */
bool viz_web_connections_admit(struct viz_web_connections *all, const struct in6_addr *from,
			       size_t most, uint64_t now_ms);
/* NULL: out of memory. */
struct viz_web_connection *viz_web_connections_add(struct viz_web_connections *all, int fd,
						   const struct in6_addr *from, uint64_t now_ms);
void viz_web_connections_remove(struct viz_web_connections *all, struct viz_web_connection *c);
/* The connection is in this phase from now on, for at most `for_ms` (0: any time). */
void viz_web_connections_phase(struct viz_web_connection *c, enum viz_web_phase phase,
			       uint64_t now_ms, uint32_t for_ms);
/* Shuts down those whose time is over. */
void viz_web_connections_sweep(struct viz_web_connections *all, uint64_t now_ms);

#endif
