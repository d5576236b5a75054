/* From the customer's choice to the hand-off: the award, and the leases under which its holder may
 * show the contact. */
#ifndef VIZ_NODE_LEAD_AWARD_H
#define VIZ_NODE_LEAD_AWARD_H

#include "proto/base.h"

struct viz_contact;
struct viz_id;
struct viz_lead;
struct viz_lead_peer;
struct viz_net;

/* What a choice waits for. */
enum viz_lead_choice {
	VIZ_LEAD_CHOICE_OPEN = 0,
	VIZ_LEAD_CHOICE_PROPOSALS = 1, /* RESULT is not out yet */
	VIZ_LEAD_CHOICE_HOLDER = 2,    /* the holder of the last award may show the contact */
	VIZ_LEAD_CHOICE_UNHEARD = 3,   /* we have not heard that holder since our start */
	VIZ_LEAD_CHOICE_LINK = 4,      /* we may sign nothing in our log now */
	VIZ_LEAD_CHOICE_OVER = 5,      /* there is none any more */
};

/* Changes nothing. */
enum viz_lead_choice viz_lead_award_choice(struct viz_net *net, const struct viz_lead *lead);

/* The customer's choice: the author of a revealed pledge, or nobody (`who` NULL, `contact` unused).
 * VIZ_ERR_ABSENT: `who` has made no proposal. VIZ_ERR_LIMIT: VIZ_AWARDS_MAX awards were made, or
 * the store has no headroom for one. VIZ_ERR_STATE: no choice is open, `who` is no partner
 * now or has the award already, or the holder of the last award may show the contact. In that last
 * case the holder is recalled: it gets a WITHDRAWAL and no more leases, and the choice opens when
 * it releases the contact or its lease ends. To choose nobody and to recall need no headroom. */
int viz_lead_award_choose(struct viz_net *net, struct viz_lead *lead, const struct viz_id *who,
			  const struct viz_contact *contact);

/* Awards the lead to `peer`: signs receipt and AWARD, publishes CHOICE, and queues the hand-off.
 * The contact must be sealed in the lead; the caller writes the row. VIZ_ERR_LIMIT: VIZ_AWARDS_MAX
 * awards were made. Other errors are those of viz_statement_issue. */
int viz_lead_award(struct viz_net *net, struct viz_lead *lead, struct viz_lead_peer *peer);

/* Takes the award back, if its holder may still show the contact: the holder is silent or has
 * called in vain, and the customer wants another partner. It is told to erase, and gets no more
 * leases. Writes the row. */
void viz_lead_award_recall(struct viz_net *net, struct viz_lead *lead);

/* Sends the hand-off again while its holder has not answered, each time after a longer pause. Sets
 * a timer for the next time. The caller writes the row. */
void viz_lead_award_hand_off_again(struct viz_net *net, struct viz_lead *lead);

#endif
