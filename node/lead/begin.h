/* A lead begins: the request, who is eligible, its slot and its secrets. */
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

/* What `lead offer` says. */
struct viz_lead_request {
	char protocol[VIZ_REF_MAX + 1];
	struct viz_time cancelled_at;
	struct viz_location location;
	struct viz_area area;
	enum viz_service service;
	uint32_t month;
	uint64_t previous;
	struct viz_id struck[VIZ_ELIGIBLE_MAX];
	size_t struck_count;
	char language[6], channel[17], evidence[VIZ_REF_MAX + 1], agent[VIZ_REF_MAX + 1];
	char text_version[17];
	struct viz_id text_hash;
	bool single;                     /* contact is given along, for one eligible partner */
	struct viz_id contact_text_hash; /* single: of the second text */
	struct viz_contact contact;
};

/* Who stands in which list of an offer: the effective mutual partners whose coverage meets the
 * area. What the customer hears, the receipt and the OFFER all come from here. VIZ_ERR_LIMIT. */
int viz_lead_lists(struct viz_net *net, struct viz_offer_secret *out, const struct viz_area *area,
		   const struct viz_id *struck, size_t struck_count);

/* Whether our PARTNERS says that this one is removed: until that is effective it is excluded. */
bool viz_lead_removed(struct viz_trust *trust, const struct viz_id *id);

/* The customer stays: served by us at the new address too. */
int viz_lead_keep(struct viz_trust *trust, struct viz_lead *out, const char *protocol,
		  struct viz_time cancelled_at, uint32_t municipality);

/* Whether this one was an effective mutual partner when the offer was made, and is now: its key,
 * its view and their evidence are for those alone. */
bool viz_lead_party(struct viz_trust *trust, const struct viz_lead *lead, const struct viz_id *id);

/* Between the lead's files. */
int viz_lead_begin(struct viz_trust *trust, struct viz_lead *lead,
		   const struct viz_lead_request *req);

#endif
