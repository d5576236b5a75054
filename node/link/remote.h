/* What link/ keeps about a member: its link, the dial to it, the mail that waits for it, and its
 * budgets. trust/ holds a pointer to it and never looks inside. A member without traffic has none.
 */
#ifndef VIZ_NODE_LINK_REMOTE_H
#define VIZ_NODE_LINK_REMOTE_H

#include "node/core/event.h"
#include "proto/base.h"

struct viz_core;
struct viz_link;
struct viz_member;
struct viz_net;

#define VIZ_FULL_SPANS 8 /* how many full links with a peer are remembered */

/* From one instant to another. */
struct viz_span {
	struct viz_time from, to;
};

struct viz_remote {
	struct viz_member *member;
	uint64_t link;           /* 0: none */
	uint64_t attempt;        /* number of the dial under way; 0: none */
	struct viz_pub dialled;  /* the transport key that the last dial expected */
	bool dialled_token;      /* its hello had our token */
	const char *told;        /* what the log said of it last (tell.h); NULL: nothing yet */
	struct viz_time dial_at; /* do not dial before this */
	int64_t backoff_ms;      /* the last back-off; 0: the last dial or link was good */
	unsigned address_turn;   /* how many dials failed; the next one takes the next address */
	uint32_t mail;           /* how many mails wait in the outbox */

	/* For the operator: why there is no link. */
	struct viz_time lost_at;  /* when the last link that was proven ended; 0: none has */
	struct viz_time heard_at; /* when the last message came on a link that has ended; 0: none */
	unsigned failed;          /* dials in a row that came to no proven link */
	enum viz_link_end end;    /* what came of the last dial or link that has ended, */
	struct viz_time end_at;   /* and when */

	/* Full links, for the audit: what a peer owes counts only while it could send it. */
	struct viz_span full[VIZ_FULL_SPANS]; /* that have ended, the newest first; to 0: none */
	int64_t full_ms;                      /* how long one was up since the last pass began */
	int64_t passed_ms;                    /* likewise before the last pass */

	/* Budgets belong to the peer and not to its link, or a new link would bring a full budget.
	 */
	int64_t tokens; /* signature checks, in thousandths */
	struct viz_time tokens_at;
	int64_t full_links; /* links that become full, in thousandths */
	struct viz_time full_links_at;
	int64_t repair_bytes; /* bytes in answers of repair */
	struct viz_time repair_bytes_at;
	unsigned replaced; /* how many full links a new one has replaced since replaced_at */
	struct viz_time replaced_at;
	struct viz_time let_in_at;  /* when a link of another was closed for it; 0: never */
	int64_t ahead_ms;           /* its clock minus ours, as it said last, */
	struct viz_time ahead_from; /* and since when that is more than skew_ms; 0: it is not */
	bool clone;                 /* it answers at two places: its next full link gets CLONE */
	struct viz_time tree_after; /* ignore a TREE before this, */
	bool tree_more;             /* but for one that asks for a larger sketch */
	struct viz_time slow_until; /* a repair on its link gives way to others at once */
	struct viz_time last_until; /* what it announces is asked for elsewhere first */
};

/* The member's remote, made if there is none. Borrowed until the end of the event. */
struct viz_remote *viz_remote_ensure(struct viz_net *net, struct viz_member *m);

/* Whether there is a link with the member. */
bool viz_remote_linked(const struct viz_member *m);

/* The member's full link ends now. */
void viz_remote_full_ended(struct viz_core *core, struct viz_remote *r,
			   const struct viz_link *link);

/* Whether a link of another was closed for it within the last hour. */
bool viz_remote_let_in(const struct viz_core *core, const struct viz_remote *r);

/* After a failed dial or the end of a link: sets dial_at. The back-off doubles each time, up to 60
 * s, and the wait is a random time between a half and one and a half of it. */
void viz_remote_back_off(struct viz_core *core, struct viz_remote *r);

/* Notes for the operator what came of a dial, or how a link ended. */
void viz_remote_ended(const struct viz_core *core, struct viz_remote *r, enum viz_link_end end);

/* Frees the remote at this position of the list. The last one moves there. */
void viz_remote_free(struct viz_net *net, size_t at);

/* Frees the member's remote, which has no link, no dial and no mail. */
void viz_remote_free_of(struct viz_net *net, struct viz_member *m);

/* Frees the remotes that are in the same state as a new one. */
void viz_remote_free_idle(struct viz_net *net);

/* Frees all remotes and the list. */
void viz_remote_free_all(struct viz_net *net);

#endif
