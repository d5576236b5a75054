/* The customer's choice becomes an award, and the award a hand-off under a lease. */
#ifndef VIZ_NODE_LEAD_AWARD_H
#define VIZ_NODE_LEAD_AWARD_H

#include "proto/base.h"

struct viz_contact;
struct viz_id;
struct viz_lead;
struct viz_lead_peer;
struct viz_lease;
struct viz_net;
struct viz_reader;
struct viz_trust;

/* The customer's choice: a pledge's author, or nobody (NULL). VIZ_ERR_ABSENT: no such proposal.
 * VIZ_ERR_STATE: not now: no proposals; or the one chosen before may show the contact. That one is
 * then recalled: it is told, gets no further lease, and the choice opens when it lets go or its
 * lease ends. VIZ_ERR_LIMIT: too many awards, or no room in the store for one; to choose nobody and
 * to recall go without. */
int viz_lead_choose(struct viz_net *net, struct viz_lead *lead, const struct viz_id *who,
		    const struct viz_contact *contact);

void viz_lead_lease_asked(struct viz_net *net, const struct viz_id *from, struct viz_reader *r);

/* The lease that is out: noted as none when it has ended, else due at its end. */
void viz_lead_end_lease(struct viz_trust *trust, struct viz_lead *lead);

int viz_lead_award(struct viz_net *net, struct viz_lead *lead, struct viz_lead_peer *peer);

/* One is kept per award: the last. */
void viz_lead_issue_lease(struct viz_net *net, uint64_t slot, uint32_t award_n,
			  const struct viz_lease *lease, const struct viz_id *to);

#endif
