/* Links: one encrypted connection to a peer. Who is connected and what is on its way. */
#ifndef VIZ_NODE_LINK_LINK_H
#define VIZ_NODE_LINK_LINK_H

#include "proto/base.h"
#include "proto/message.h"

struct viz_core;
struct viz_net;
struct viz_remote;

struct viz_link {
	uint64_t number;
	struct viz_id peer;
	bool outbound;
	bool
	    guest; /* admitted by an invitation, not (yet) a member: it gets our own records only */
	bool
	    proven; /* dialled, and it has greeted us as the one whom we dialled; inbound: always */
	bool closing;
	bool behind;              /* something from it was dropped: compare again soon */
	struct viz_pub transport; /* the peer's key, as the handshake proved it */
	struct viz_time repair_at;
	struct viz_time since;
	unsigned verifying;
	int64_t flood_bytes; /* how much of the flood may still go out, as of flood_at */
	struct viz_time flood_at;
	uint64_t mail_sent; /* the last mail number sent on this link */
	unsigned mail_open; /* sent, not yet acknowledged */
	bool mail_waits;    /* something was added in this batch */
	bool mail_stopped;  /* there was no room for one: no later one may be acknowledged */
	struct viz_time compare_at;   /* the instant of the comparison under way; 0: none */
	struct viz_item compare_from; /* the last place compared */
	bool compare_started;         /* compare_from holds a place */
};

struct viz_links {
	struct viz_link *list; /* in order of their numbers */
	size_t count, capacity;
	struct viz_remote **remote; /* of all members that have one; in no order */
	size_t remote_count, remote_capacity;
	uint64_t changes; /* grows with each link or dial that comes or goes */
	struct {
		uint64_t links, directory; /* the numbers of changes when it was decided last */
		struct viz_time again;     /* then somebody's wait is over */
	} dials; /* whom to dial: decided anew only when something has changed */
	uint64_t last_attempt;
	uint64_t mail_number; /* the last that was given out */
	struct viz_time
	    news_at; /* not before this do all links compare because of who came or went */
};

/* Borrowed until a link comes or goes. */
struct viz_link *viz_link_find(struct viz_net *net, uint64_t number);

struct viz_link *viz_link_of(struct viz_net *net, const struct viz_id *peer);

void viz_link_closed(struct viz_net *net, uint64_t number);

void viz_link_close(struct viz_net *net, uint64_t number, const char *reason);

void viz_link_free_all(struct viz_net *net);

/* Sends one message body; `personal` pads it to a size class. */
void viz_link_send(struct viz_core *core, struct viz_link *link, const uint8_t *body, size_t len,
		   bool personal);

struct viz_link *viz_link_insert(struct viz_net *net, uint64_t number);

void viz_link_emit_close(struct viz_core *core, uint64_t number, const char *reason);

#endif
