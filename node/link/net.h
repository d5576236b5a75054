/* The third floor: links with other nodes, and what all rooms above take.
 *
 * Who takes what arrives stands in tables that node/handlers.c fills, so that no room names one
 * above it. Each table is indexed by the number on the wire or in the store; the type of its rows
 * stands in the header of the room that calls. PROTOCOL.md sections 7, 10 and 11. */
#ifndef VIZ_NODE_LINK_NET_H
#define VIZ_NODE_LINK_NET_H

#include "node/link/link.h"
#include "proto/base.h"

struct viz_core;
struct viz_coverage_index;
struct viz_gossip;
struct viz_id;
struct viz_mail_handler;
struct viz_message_handler;
struct viz_record;
struct viz_record_handler;
struct viz_statement_handler;
struct viz_trust;

/* A durable timer has come: look at the row (origin, slot) anew. */
typedef void (*viz_due_handler)(struct viz_net *net, const struct viz_id *origin, uint64_t slot);

/* What a link asks of the rooms above it. */
struct viz_link_ops {
	/* It is up: tell the peer who we are. */
	void (*greet)(struct viz_net *net, struct viz_link *link);
	/* Begin to compare what both sides hold. */
	void (*compare)(struct viz_net *net, struct viz_link *link);
	/* Take in a record of a hello, whose author pays for the check. Returns VIZ_OK,
	 * VIZ_ERR_ABSENT (another record of the hello has to come first), or why the hello is
	 * refused. */
	int (*hello_record)(struct viz_net *net, const struct viz_record *rec);
};

struct viz_handlers {
	const struct viz_message_handler *message;     /* by enum viz_message_kind */
	const struct viz_mail_handler *mail;           /* by enum viz_mail_kind */
	const struct viz_record_handler *record;       /* by enum viz_type, gossiped ones */
	const struct viz_statement_handler *statement; /* by enum viz_type, the others */
	const viz_due_handler *due;                    /* by enum viz_due_kind */
	const struct viz_link_ops *link;
	/* Two records stand at one place with one seq. */
	void (*equivocation)(struct viz_net *net, const struct viz_record *rec);
};

struct viz_net {
	struct viz_core *core;
	struct viz_trust *trust;
	struct viz_links links;
	const struct viz_handlers *handlers;
	struct viz_gossip *gossip;           /* gossip/'s own */
	struct viz_coverage_index *coverage; /* coverage/'s own */
};

#endif
