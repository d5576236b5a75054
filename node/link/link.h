/* Links: a link is one encrypted connection to a peer. */
#ifndef VIZ_NODE_LINK_LINK_H
#define VIZ_NODE_LINK_LINK_H

#include "node/link/overlay.h"
#include "proto/base.h"
#include "proto/limits.h"
#include "proto/message.h"

struct viz_core;
struct viz_net;
struct viz_remote;
struct viz_trust;

/* What the peer has announced and we have asked it for (gossip/fetch.h). */
struct viz_asked {
	struct viz_announced what;
	struct viz_time asked_at;
	uint64_t number; /* of all that was asked for on the link, in this order */
	bool near;       /* of our own, or of a partner */
};

/* Why mails of a link are not acknowledged any more. Its peer keeps them, and begins anew with the
 * first of them on the next link. */
enum viz_mail_stop {
	VIZ_MAIL_STOP_NONE,
	VIZ_MAIL_STOP_STORE, /* our store is full: they are not taken either */
	VIZ_MAIL_STOP_SIGN,  /* one needs an answer that we may not sign yet */
};

struct viz_link {
	uint64_t number; /* the host's; VIZ_EVENT and VIZ_EFFECT name the link by it */
	struct viz_id peer;
	struct viz_pub transport;   /* the peer's key, as the handshake proved it */
	struct viz_time since;      /* when the link came up */
	struct viz_time full_at;    /* when it became full */
	struct viz_time heard_at;   /* when its last message came */
	struct viz_time counted_at; /* up to here the audit has counted the time since then */
	bool outbound;              /* we dialled */
	bool guest;                 /* not full (full.h): it gets our own records only */
	bool said, heard;           /* MEMBER was sent, and received */
	bool last;                  /* LAST was received (self/last.h) */
	bool clone;                 /* CLONE was received (full.h) */
	bool token;                 /* our token was shown on it (token.h) */
	unsigned tokens;            /* so many TOKENs were answered on it */
	int64_t said_day;           /* the UTC day of the last MEMBER that was sent */
	int64_t peer_ahead_ms;      /* the peer's clock minus ours, by its last MEMBER */
	int64_t peer_day;           /* the UTC day of that MEMBER */
	bool acked;                 /* acknowledgements were signed again (coverage/ack.h) */
	bool told;                  /* HEAD has come, or a comparison has ended */
	bool proven;                /* inbound, or the peer has shown that it is whom we dialled */
	bool closing;               /* an effect CLOSE was emitted, the event CLOSED has not come */

	/* Gossip. */
	bool behind;               /* a record was dropped on this link: compare again soon */
	struct viz_time repair_at; /* when to compare next */
	unsigned verifying;        /* signature checks under way of what it sent unasked, */
	unsigned expected;         /* and of what our repair has asked for */
	uint64_t checking[2];      /* the last job of each class of what it brought */
	int64_t flood_bytes;       /* budget for flooding, as of flood_at */
	struct viz_time flood_at;
	int64_t heard_bytes; /* budget of the peer's announcements, as of heard_bytes_at */
	struct viz_time heard_bytes_at;
	struct viz_time first_at; /* we dialled: when the first comparison began; 0: not yet */
	bool judged;              /* what it showed has been counted (overlay.h) */
	struct viz_time got_at;   /* when the last RECORD came */
	uint64_t got;             /* RECORDs that have come */
	uint64_t taken;           /* of these, how many were new to us */
	uint64_t compare_taken;   /* `taken` when the last comparison began */
	bool compare_wants;       /* it has asked for records */
	bool tree_open;           /* TREE was sent, and BUCKETS has not come */
	uint64_t tree_hour;       /* of that TREE */
	uint8_t tree_cut;
	uint16_t tree_cells;
	struct viz_time sketch_after; /* before this, TREE asks for no sketch */
	struct viz_time listed_at;    /* when lists were sent though a sketch had shown nothing */
	bool repairing;               /* a repair that we have begun on it is under way */

	/* Spread (gossip/announce.h, gossip/fetch.h). */
	uint64_t announced[VIZ_ANNOUNCE_QUEUES]; /* up to this number of what is new to us */
	struct viz_time announced_at[VIZ_ANNOUNCE_QUEUES];
	struct viz_asked
	    *owed; /* in the order in which we asked; 2 * VIZ_FETCH_OPEN at most; owned */
	size_t owed_count, owed_new;           /* owed_new: of these, not sent yet */
	uint64_t asked;                        /* so many were asked for */
	uint64_t served;                       /* the highest number of them that has come */
	struct viz_time delivered_at;          /* when one of them came */
	struct viz_time news_at;               /* when another record came that was new */
	size_t fetches[2];                     /* noted of which it was the first announcer */
	uint64_t unserved[VIZ_FETCH_UNSERVED]; /* pieces of items; the last ones */
	size_t unserved_next;

	/* Logs. */
	struct viz_message_head head; /* the peer's own, which waits for its NODE */
	bool head_waits;
	struct viz_message_log_ask log_asked; /* the last question; its answer is awaited */
	struct viz_time log_until;            /* until then; 0: none */
	uint64_t log_first;        /* the link whose turn was the first (gossip/turn.h) */
	struct viz_time log_pause; /* until then it begins no turn by its HEAD */
	struct viz_time lacks_at;  /* when we asked it for records of its log; counted anew later */

	/* The search for a fork (gossip/fork.h). */
	struct viz_message_log_ask fork_asked; /* likewise */
	struct viz_time fork_until;
	struct {
		struct viz_id value;
		unsigned times; /* the peer was asked why it has this one */
	} fork_of[8];
	size_t fork_next;
	struct {
		struct viz_id origin;
		uint64_t log;
	} fork_known[8]; /* logs with a fork of which we hold both records; the last ones */
	size_t fork_known_next;

	int64_t protests_day; /* the UTC day on which PROTESTs of older days were compared */

	/* Mail. */
	uint64_t mail_sent; /* the last mail number sent on this link */
	unsigned mail_open; /* how many mails are sent and not acknowledged */
	bool mail_waits;    /* a mail was added in this batch */
	enum viz_mail_stop mail_stopped;
};

struct viz_links {
	struct viz_link *list; /* not sorted */
	size_t count, capacity;
	struct viz_remote **remote; /* of all members that have one; not sorted; owned */
	size_t remote_count, remote_capacity;
	struct viz_time answered_at; /* who was answered by repair is counted since; and how many
					were in the time before (link/budget.c) */
	size_t answered, answered_before;
	uint32_t refused_clock_day; /* when our operator was told of one, in days; 0: never */
	uint64_t changes;           /* grows with each link or dial that begins or ends */
	struct {
		/* The counters `changes` of links and directory at the last decision. */
		uint64_t links, directory;
		struct viz_time again; /* the first back-off ends then */
	} dials;               /* whom to dial is decided again only when something has changed */
	uint64_t last_attempt; /* number of the last dial */
	uint64_t mail_number;  /* number of the last mail */
	/* The closure has changed: the next comparison on all links comes not before this. */
	struct viz_time compare_all_at;
	struct viz_overlay overlay;
};

/* The link with this number, also while it closes. NULL: there is none. Borrowed until a link is
 * inserted or removed. */
struct viz_link *viz_link_find(struct viz_net *net, uint64_t number);

/* The link with this peer that is not closing. NULL: there is none. Borrowed likewise. */
struct viz_link *viz_link_of(struct viz_net *net, const struct viz_id *peer);

/* Whether nobody else can have brought this link about: we dialled it, or our operator has set up
 * its peer. */
bool viz_link_is_chosen(struct viz_trust *trust, const struct viz_link *link);

/* Adds a link with this number to the list. Borrowed likewise. */
struct viz_link *viz_link_insert(struct viz_net *net, uint64_t number);

/* Adds a link that is never attached, and closes it. `reason` goes to the log. */
void viz_link_refuse(struct viz_net *net, uint64_t number, const char *reason);

/* Closes a link; it stays in the list until the event CLOSED. Does nothing when it is closing
 * already. */
void viz_link_close(struct viz_net *net, uint64_t number, const char *reason);

/* Adds the effect CLOSE and nothing else. */
void viz_link_emit_close(struct viz_core *core, uint64_t number, const char *reason);

/* Event CLOSED: removes the link from the list. */
void viz_link_closed(struct viz_net *net, uint64_t number);

/* Sends one message body, padded to a multiple of `pad` bytes; 0: not at all. Does nothing on a
 * closing link. */
void viz_link_send(struct viz_core *core, struct viz_link *link, const uint8_t *body, size_t len,
		   size_t pad);

/* Sends one message body that what is sent later may overtake, unless that is bulk too. */
void viz_link_send_bulk(struct viz_core *core, struct viz_link *link, const uint8_t *body,
			size_t len);

/* Frees the lists of links and of remotes. */
void viz_link_free_all(struct viz_net *net);

#endif
