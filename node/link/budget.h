/* Budgets: how much work and traffic a peer may cause here. Each function takes its cost from a
 * budget that refills with time, and returns false, without taking anything, when too little is
 * left. The rates are in proto/limits.h. */
#ifndef VIZ_NODE_LINK_BUDGET_H
#define VIZ_NODE_LINK_BUDGET_H

#include "proto/base.h"

struct viz_core;
struct viz_link;
struct viz_member;
struct viz_net;
struct viz_record;
struct viz_trust;

/* One signature check, from the member's budget. */
bool viz_budget_signature(struct viz_net *net, struct viz_member *m);

/* One signature check, from the budget of the link's peer. False also when the peer is no longer
 * known. */
bool viz_budget_signature_link(struct viz_net *net, const struct viz_link *link);

/* Likewise for a record of somebody else with whom our operator does not deal: it leaves half of
 * the budget to what the peer says to us. */
bool viz_budget_signature_others(struct viz_net *net, const struct viz_link *link);
/* Takes `checks` signature checks from the budget of the link's peer, or what is left of it. */
void viz_budget_charge(struct viz_net *net, const struct viz_link *link, unsigned checks);

/* Looking for `count` places that the link's peer names, from the same budget. */
bool viz_budget_looks(struct viz_net *net, const struct viz_link *link, size_t count);

/* Whether the member's budget has one check left. Takes nothing. */
bool viz_budget_has_signature(struct viz_net *net, struct viz_member *m);

/* A link with the peer that becomes full: it costs a search for what the peer signed last. */
bool viz_budget_full_link(struct viz_net *net, struct viz_member *m);

/* Sending a record of `bytes` bytes unasked on the link. A peer that reads slowly gets the records
 * beyond the budget by repair, at the speed at which it reads. Large records may use only half of
 * the budget, so that small ones still get through. `first`: it goes out though the budget is used
 * up by others' records, and is charged. */
bool viz_budget_flood(struct viz_core *core, struct viz_link *link, size_t bytes, bool first);

/* Sending announcements, from the same budget: it leaves `reserve` bytes of it. Below 0: it may be
 * overdrawn by so much. */
bool viz_budget_announce(struct viz_core *core, struct viz_link *link, size_t bytes,
			 int64_t reserve);

/* Taking an ANNOUNCE of `bytes` bytes from the link: some times as much as an honest peer sends. */
bool viz_budget_announced(struct viz_core *core, struct viz_link *link, size_t bytes);

/* Sending `bytes` bytes in answer to a question of repair, from the budget of the link's peer: a
 * short question can ask for a long answer. When more than VIZ_REPAIR_AT_ONCE ask with whom our
 * operator does not deal, they share what so many would get. */
bool viz_budget_repair(struct viz_net *net, const struct viz_link *link, size_t bytes);

/* What a record that replaces another one was charged to. */
enum viz_update {
	VIZ_UPDATE_OVER,   /* it is over a budget, and nothing was taken */
	VIZ_UPDATE_FREE,   /* it replaces none */
	VIZ_UPDATE_OWN,    /* the budget of its author */
	VIZ_UPDATE_SHARED, /* that, and what its vouchers may bring (trust/part.h) */
};

/* Replacing a record, from the budget of its author: it costs every node a check, a commit and a
 * flood. It is taken before the signature is checked, or all that come in a moment would be checked
 * for what one costs. */
enum viz_update viz_budget_update(struct viz_trust *trust, const struct viz_record *rec);

/* The signature was bad: its author is not charged for what others send. */
void viz_budget_update_undo(struct viz_trust *trust, const struct viz_record *rec,
			    enum viz_update taken);

/* Whether that budget has anything left. Takes nothing. */
bool viz_budget_may_update(struct viz_trust *trust, const struct viz_record *rec);
/* Likewise of the record at a place. What would be dropped is not asked for. */
bool viz_budget_may_renew(struct viz_trust *trust, const struct viz_member *m, uint8_t type,
			  uint64_t slot);

#endif
