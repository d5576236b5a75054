/* A customer whose earlier lead did not end well gets a new offer, which names the earlier one as
 * *previous*. It is made under the conditions of the earlier one's next CHOICE, so that no two
 * holders show the contact at once. PROTOCOL.md section 10. */
#ifndef VIZ_NODE_LEAD_PREVIOUS_H
#define VIZ_NODE_LEAD_PREVIOUS_H

#include <stdint.h>

struct viz_core;
struct viz_net;
struct viz_offer;
struct viz_trust;

/* What a new OFFER for the customer of the lead in this slot waits for; 0 is no lead. */
enum viz_lead_wait {
	VIZ_LEAD_WAIT_NOT = 0,
	VIZ_LEAD_WAIT_CHOICE = 1, /* it is asked out: its customer revokes, or RESULT comes */
	VIZ_LEAD_WAIT_LEASE = 2,  /* the holder of its last award may still show the contact */
	VIZ_LEAD_WAIT_LAST = 3,   /* we have not heard that holder since our start */
	VIZ_LEAD_WAIT_NEVER =
	    4, /* another offer has named it: that one is the last for the customer */
};

enum viz_lead_wait viz_lead_previous_wait(struct viz_trust *trust, uint64_t slot);

/* Recalls the award of the lead in this slot, whose holder may still show the contact. */
void viz_lead_previous_recall(struct viz_net *net, uint64_t slot);

/* Sets previous and opening of an OFFER: nil for a lead that is not known, was not offered, or
 * stands in an older log. */
void viz_lead_previous_name(struct viz_trust *trust, struct viz_offer *o, uint64_t slot);

/* A new OFFER for this customer is made, in the slot `next`: the lead is over, its holder is told
 * to erase, and nobody gets an award of it any more. */
void viz_lead_previous_end(struct viz_net *net, uint64_t slot, uint64_t next);

#endif
