/* How a lead begins: what the operator asks for, who is eligible, the slot. */
#ifndef VIZ_NODE_LEAD_BEGIN_H
#define VIZ_NODE_LEAD_BEGIN_H

#include "proto/base.h"
#include "proto/coverage.h"
#include "proto/limits.h"
#include "proto/offer.h"
#include "proto/statement.h"

struct viz_lead;
struct viz_net;
struct viz_trust;

/* What the operator says of a customer who moves. */
struct viz_lead_request {
	char protocol[VIZ_REF_MAX + 1]; /* of the cancellation */
	struct viz_time cancelled_at;
	struct viz_location location;
	struct viz_area area; /* the location fits it */
	uint64_t previous;    /* slot of the previous offer for this customer; 0: none */
	struct viz_id struck[VIZ_ELIGIBLE_MAX]; /* partners that the customer does not want */
	size_t struck_count;
	char language[6], channel[17], evidence[VIZ_REF_MAX + 1], agent[VIZ_REF_MAX + 1];
	char text_version[17];
	struct viz_id text_hash;         /* of the text that the customer has agreed to */
	bool single;                     /* contact is given along, for one eligible partner */
	struct viz_id contact_text_hash; /* single: of the second text */
	struct viz_contact contact;
};

/* Begins a lead from the request: a row in memory with a slot that no lead has used. The caller
 * sets its state and writes it. VIZ_ERR_LIMIT: VIZ_OFFERS_PER_DAY leads have begun today. */
int viz_lead_begin(struct viz_trust *trust, struct viz_lead *lead,
		   const struct viz_lead_request *req);

/* Begins and writes a lead of a customer who stays with us at the new address. Errors as above. */
int viz_lead_keep(struct viz_trust *trust, struct viz_lead *lead, const char *protocol,
		  struct viz_time cancelled_at, uint32_t municipality);

/* Fills the lists of `out`: the effective mutual partners whose coverage meets the area, eligible
 * or excluded (struck, or removed by us). The text for the customer, the receipt and the OFFER all
 * use these. VIZ_ERR_LIMIT: more than VIZ_ELIGIBLE_MAX or VIZ_EXCLUDED_MAX. */
int viz_lead_lists(struct viz_net *net, struct viz_offer_secret *out, const struct viz_area *area,
		   const struct viz_id *struck, size_t struck_count);

/* Whether our PARTNERS removes this partner. It is excluded at once, although the removal becomes
 * effective only later. */
bool viz_lead_removed(struct viz_trust *trust, const struct viz_id *id);

/* Whether `id` was an effective mutual partner when the lead began and is one now. Only such a
 * partner gets the offer's key, its view and the evidence. */
bool viz_lead_may_ask(struct viz_trust *trust, const struct viz_lead *lead,
		      const struct viz_id *id);

#endif
