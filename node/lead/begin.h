/* How a lead begins: what the operator asks for, the slot. */
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
	uint32_t draw;        /* the draw whose names were read to the customer; 0: none */
	struct viz_id struck[VIZ_ASKED_MAX]; /* drawn partners that the customer does not want */
	size_t struck_count;
	char language[6], channel[17], evidence[VIZ_REF_MAX + 1], agent[VIZ_REF_MAX + 1];
	char text_version[17];
	struct viz_id text_hash;         /* of the text that the customer has agreed to */
	bool single;                     /* contact is given along, for the only one asked */
	struct viz_id contact_text_hash; /* single: of the second text */
	struct viz_contact contact;
};

/* Begins a lead from the request: a row in memory with a slot that no lead has used. The caller
 * sets its state and writes it. VIZ_ERR_LIMIT: VIZ_OFFERS_PER_DAY leads have begun today. */
int viz_lead_begin(struct viz_trust *trust, struct viz_lead *lead,
		   const struct viz_lead_request *req);

/* Begins and writes a lead of a customer who stays with us at the new address. Errors as above. */
int viz_lead_begin_kept(struct viz_trust *trust, struct viz_lead *lead, const char *protocol,
			struct viz_time cancelled_at, uint32_t municipality);

#endif
