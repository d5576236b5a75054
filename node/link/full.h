/* Full links. A link begins as a guest's, and is full when both sides have sent MEMBER: each has
 * the other in its closure. PROTOCOL.md section 6. */
#ifndef VIZ_NODE_LINK_FULL_H
#define VIZ_NODE_LINK_FULL_H

#include "proto/base.h"

struct viz_core;
struct viz_id;
struct viz_link;
struct viz_member;
struct viz_net;
struct viz_reader;

/* What the MEMBERs on full links say about the clocks; `other` is by what was heard last, on any
 * link. */
struct viz_link_clocks {
	const struct viz_member *other; /* whose clock differs most; NULL: none */
	int64_t other_ahead_ms;         /* its clock minus ours */
	size_t ahead, behind; /* how many peers' clocks differ from ours by more than skew_ms */
	bool own_wrong;       /* several of them differ likewise */
};

/* Sends MEMBER when `m`, the peer of this link, is a member and we have not said so yet, or a UTC
 * day has begun since. */
void viz_link_full_say(struct viz_net *net, struct viz_link *link, const struct viz_member *m);

/* Message MEMBER. */
void viz_link_full_heard(struct viz_net *net, struct viz_link *link, struct viz_reader *r);

/* Message CLOCK: the clock of a peer that is no member yet, or that refuses us. Both operators are
 * told when one of the two clocks is wrong, before records that are dated ahead are dropped without
 * a word. */
void viz_link_full_clock(struct viz_net *net, struct viz_link *link, struct viz_reader *r);
/* A hello was refused, as its NODE is dated ahead: tells our operator, once a day in all, as
 * nothing is kept of who is no peer yet. */
void viz_link_full_refused_clock(struct viz_net *net, const struct viz_id *author);
void viz_link_full_say_clock(struct viz_core *core, struct viz_link *link);

/* A new link takes the place of `old`, whose peer is `m`. When that happens several times within a
 * minute, to full links, two nodes with one key answer: the operator and the author are told. */
void viz_link_full_replaced(struct viz_net *net, const struct viz_link *old, struct viz_member *m);

/* Message CLONE. Only the operator is told: it is what the peer says, and no proof. */
void viz_link_full_clone(struct viz_net *net, struct viz_link *link, struct viz_reader *r);

/* Compares our clock with those of the peers. */
struct viz_link_clocks viz_link_full_clocks(const struct viz_net *net);

#endif
