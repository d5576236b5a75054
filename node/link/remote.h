/* The other side of our dealings with a member: its link, the dial to it, the mail that waits for
 * it, and what it may still cause here. All this is link/'s own: trust/ holds a pointer to it and
 * never looks inside. */
#ifndef VIZ_NODE_LINK_REMOTE_H
#define VIZ_NODE_LINK_REMOTE_H

#include "proto/base.h"

struct viz_member;
struct viz_net;

struct viz_remote {
	struct viz_member *member;
	uint64_t link;           /* 0: none */
	uint64_t attempt;        /* of a dial under way; 0: none */
	struct viz_pub dialled;  /* the transport key that it is to prove */
	struct viz_time dial_at; /* not before */
	int64_t backoff_ms;      /* the last wait after a failure; 0: it did not fail */
	unsigned address_turn;   /* how many dials have failed: the next address takes its turn */
	uint32_t mail;           /* how many wait in the outbox for it */

	/* Budgets are the peer's and not the link's: a new link must not bring a new budget. */
	int64_t tokens; /* signature checks, in thousandths */
	struct viz_time tokens_at;
	int64_t repair_bytes; /* in answers of repair */
	struct viz_time repair_bytes_at;
	int64_t updates; /* how many of its records may replace others, in thousandths */
	struct viz_time updates_at;
	struct viz_time digest_after; /* not before is a DIGEST answered: that may cost a walk */
};

/* The member's own; made when there is none yet. Borrowed until the end of the batch. */
struct viz_remote *viz_remote_need(struct viz_net *net, struct viz_member *m);

/* After a failure, or a link that ended soon: dials are further and further apart, up to
 * VIZ_BACKOFF_MAX_MS, each at random between a half and one and a half of its wait. */
void viz_remote_back_off(struct viz_net *net, struct viz_remote *r);

/* Gives back what says no more than that nothing has happened for long. */
void viz_remote_give_back_idle(struct viz_net *net);

/* Gives back the one at this place of the list; the last one takes its place. */
void viz_remote_give_back(struct viz_net *net, size_t at);

/* Whether there is a link with it. */
bool viz_remote_linked(const struct viz_member *m);

/* It is wanted at once: whatever it waits for since its last failure is over. */
void viz_remote_dial_now(struct viz_net *net, struct viz_member *m);

/* All of them; the members too are about to go. */
void viz_remote_free_all(struct viz_net *net);

#endif
