/* The third floor: links with other nodes. All rooms above work on struct viz_net.
 *
 * The tables in struct viz_handlers say which function takes what arrives. node/handlers.c fills
 * them, so that no room names a room above it. Each table is indexed by the number on the wire or
 * in the store. The type of its rows is defined in the header of the room that calls them.
 * PROTOCOL.md sections 7, 10 and 11. */
#ifndef VIZ_NODE_LINK_NET_H
#define VIZ_NODE_LINK_NET_H

#include "node/link/link.h"
#include "proto/base.h"

struct viz_chain;
struct viz_core;
struct viz_coverage_index;
struct viz_gossip;
struct viz_health;
struct viz_id;
struct viz_mail_handler;
struct viz_message_handler;
struct viz_opening;
struct viz_record;
struct viz_record_handler;
struct viz_statement_handler;
struct viz_trust;

/* A durable timer is due: read the row (origin, slot) and decide what to do. */
typedef void (*viz_due_handler)(struct viz_net *net, const struct viz_id *origin, uint64_t slot);

/* What link/ needs from the rooms above it. */
struct viz_link_ops {
	/* The link is up: send the peer our own records. */
	void (*greet)(struct viz_net *net, struct viz_link *link);
	/* The link is full: what is sent on it before the first mail, in this order. */
	void (*full[6])(struct viz_net *net, struct viz_link *link);
	/* Start to compare what both sides hold. */
	void (*compare)(struct viz_net *net, struct viz_link *link);
	/* Check and store a record of a hello; its author is charged for the check. VIZ_ERR_ABSENT:
	 * another record of the hello must come first. Other errors: the hello is refused. */
	int (*hello_record)(struct viz_net *net, const struct viz_record *rec);
};

struct viz_handlers {
	const struct viz_message_handler *message;     /* by enum viz_message_kind */
	const struct viz_mail_handler *mail;           /* by enum viz_mail_kind */
	const struct viz_record_handler *record;       /* by enum viz_type, gossiped ones */
	const struct viz_statement_handler *statement; /* by enum viz_type, the others */
	const viz_due_handler *due;                    /* by enum viz_due_kind */
	const struct viz_link_ops *link;
	/* The author has signed two different records at one place and seq. `rec` is the second. */
	void (*equivocation)(struct viz_net *net, const struct viz_record *rec);
	/* We were not heard in the offer of a partner, and cannot say so: no PROTEST is left today.
	 */
	void (*unheard)(struct viz_net *net, const struct viz_id *origin, uint64_t slot,
			const struct viz_id *offer);
	/* An origin has opened a head of its log to us. */
	void (*opened)(struct viz_net *net, const struct viz_id *origin,
		       const struct viz_opening *opening);
	/* All numbers of its log up to the last opened head are known, and give this head. */
	void (*met)(struct viz_net *net, const struct viz_id *origin,
		    const struct viz_chain *chain);
	/* An ended offer is to make room for others of its origin. Forgets what it knows about the
	 * offer; false: it is needed, and stays. */
	bool (*release)(struct viz_net *net, const struct viz_id *origin, uint64_t slot);
	/* The author's share had no room for this record until ended offers were dropped, or has
	 * none. */
	void (*share_full)(struct viz_net *net, const struct viz_record *rec);
};

struct viz_net {
	struct viz_core *core;
	struct viz_trust *trust;
	struct viz_links links;
	const struct viz_handlers *handlers;
	struct viz_gossip *gossip;           /* only gossip/ looks inside */
	struct viz_coverage_index *coverage; /* only coverage/ looks inside */
	struct viz_health *health;           /* only control/ looks inside */
};

#endif
