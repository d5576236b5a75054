/* Links: who is connected, who is dialled, what is on its way. */
#ifndef VIZ_NODE_LINK_H
#define VIZ_NODE_LINK_H

#include "proto/limits.h"
#include "proto/message.h"

struct viz_event;
struct viz_node;
struct viz_member;

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
	size_t count, room;
	uint64_t last_attempt;
	bool news;               /* who counts has changed: all links compare */
	struct viz_time news_at; /* not before this */
};

/* Borrowed until a link comes or goes. */
struct viz_link *viz_link_find(struct viz_node *node, uint64_t number);
struct viz_link *viz_link_of(struct viz_node *node, const struct viz_id *peer);

void viz_link_hello(struct viz_node *node, const struct viz_event *ev);
void viz_link_opened(struct viz_node *node, const struct viz_event *ev);
void viz_link_dial_failed(struct viz_node *node, uint64_t attempt);
void viz_link_closed(struct viz_node *node, uint64_t number);
void viz_link_message(struct viz_node *node, uint64_t number, const uint8_t *body, size_t len);
void viz_link_close(struct viz_node *node, uint64_t number, const char *reason);
void viz_links_free(struct viz_node *node);

/* Sends one message body; `personal` pads it to a size class. */
void viz_link_send(struct viz_node *node, struct viz_link *link, const uint8_t *body, size_t len,
		   bool personal);

/* Dials who should be linked and is not; closes links of those who no longer belong. Called after
 * each batch's events. */
void viz_links_maintain(struct viz_node *node);
/* All links compare soon, and not again for some seconds. */
void viz_links_behind(struct viz_node *node);
struct viz_time viz_links_deadline(const struct viz_node *node);

/* Takes one signature check from the peer's budget. */
bool viz_member_charge(struct viz_node *node, struct viz_member *m);
bool viz_link_charge(struct viz_node *node, const struct viz_link *link);

/* The digest of all that is held, as computed last: it is the same at every instant from `from` to
 * before `until`, as long as nothing has changed. */
struct viz_repair {
	uint64_t changes;  /* of what is held, and of who counts */
	uint64_t computed; /* `changes` when the digest was computed; 0: never */
	struct viz_time from, until;
	uint64_t count;
	struct viz_id digest;
};

/* Gossip and repair (gossip.c). */
/* To be called whenever a record comes or goes, or the directory changes. */
void viz_gossip_changed(struct viz_node *node);
void viz_gossip_flood(struct viz_node *node, const uint8_t *signed_record, size_t len,
		      const struct viz_record *rec, uint64_t except);
void viz_gossip_greet(struct viz_node *node, struct viz_link *link);
void viz_gossip_compare(struct viz_node *node, struct viz_link *link);
void viz_gossip_digest(struct viz_node *node, struct viz_link *link, struct viz_reader *r);
void viz_gossip_items(struct viz_node *node, struct viz_link *link, struct viz_reader *r);
void viz_gossip_more(struct viz_node *node, struct viz_link *link, struct viz_reader *r);
void viz_gossip_want(struct viz_node *node, struct viz_link *link, struct viz_reader *r);

#endif
