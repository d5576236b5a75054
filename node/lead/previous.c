#include "node/lead/previous.h"

#include "node/core/core.h"
#include "node/lead/award.h"
#include "node/lead/lead.h"
#include "node/lead/lease.h"
#include "node/lead/personal.h"
#include "node/lead/records.h"
#include "node/lead/restart.h"
#include "node/link/net.h"
#include "node/trust/identity.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/offer.h"
#include "proto/receipt.h"

/* Whether the store was restored so lately that a lease of an award that it does not know may
 * run. */
static bool just_restored(const struct viz_trust *trust)
{
	const struct viz_federation *f = &trust->core->federation;

	return trust->self.resumed.ms != 0 &&
	       viz_identity_time(trust).ms <
		   trust->self.resumed.ms + f->lease_ms + f->contacted_ms + 2 * f->lease_margin_ms;
}

/* Whether the last award of the lead goes on. */
static bool has_award(const struct viz_lead *lead)
{
	return lead->state == VIZ_LEAD_AWARDED || lead->state == VIZ_LEAD_DELIVERED ||
	       lead->state == VIZ_LEAD_CONTACTED;
}

static enum viz_lead_wait wait_of(struct viz_trust *trust, const struct viz_lead *lead)
{
	bool older = viz_lead_is_over(trust, lead);

	if (lead->next != 0)
		return VIZ_LEAD_WAIT_NEVER;
	if (!older && (lead->state == VIZ_LEAD_OPEN || lead->state == VIZ_LEAD_CLOSED))
		return VIZ_LEAD_WAIT_CHOICE;
	if (!viz_lead_lease_over(trust, lead) || (older && has_award(lead) && just_restored(trust)))
		return VIZ_LEAD_WAIT_LEASE;
	return older || viz_lead_restart_may_choose(trust, lead) ? VIZ_LEAD_WAIT_NOT
								 : VIZ_LEAD_WAIT_LAST;
}

enum viz_lead_wait viz_lead_previous_wait(struct viz_trust *trust, uint64_t slot)
{
	struct viz_lead *lead = slot != 0 ? viz_lead_fetch(trust->core, slot) : NULL;
	enum viz_lead_wait wait = VIZ_LEAD_WAIT_NOT;

	if (lead && lead->number != 0)
		wait = wait_of(trust, lead);
	else if (slot != 0 && !lead && just_restored(trust))
		wait = VIZ_LEAD_WAIT_LEASE;
	free(lead);
	return wait;
}

void viz_lead_previous_recall(struct viz_net *net, uint64_t slot)
{
	struct viz_lead *lead = viz_lead_fetch(net->core, slot);

	if (lead && (has_award(lead) || lead->state == VIZ_LEAD_LOST))
		viz_lead_award_recall(net, lead);
	free(lead);
}

void viz_lead_previous_name(struct viz_trust *trust, struct viz_offer *o, uint64_t slot)
{
	struct viz_lead *lead = slot != 0 ? viz_lead_fetch(trust->core, slot) : NULL;

	o->has_previous = lead && lead->number != 0 && !viz_lead_is_over(trust, lead);
	if (o->has_previous) {
		o->previous = lead->offer;
		o->has_opening = lead->opened;
		memcpy(o->opening, lead->release, sizeof o->opening);
	}
	free(lead);
}

void viz_lead_previous_end(struct viz_net *net, uint64_t slot, uint64_t next)
{
	struct viz_lead *lead = slot != 0 ? viz_lead_fetch(net->core, slot) : NULL;

	if (lead &&
	    (has_award(lead) || lead->state == VIZ_LEAD_CHOOSING || lead->state == VIZ_LEAD_LOST)) {
		uint64_t n = lead->award_n;

		if (n > 0) {
			viz_lead_records_end_consent(net, lead, VIZ_RECEIPT_AWARD + n,
						     VIZ_RECEIPT_AWARD_ENDED + n,
						     VIZ_CONSENT_TERMINATED);
			viz_lead_award_recall(net, lead);
		}
		if (!viz_lead_is_over(net->trust, lead) && !lead->none_chosen)
			viz_lead_records_publish_none(net, lead);
		lead->state = VIZ_LEAD_NONE_CHOSEN;
		viz_lead_personal_erase(net->core, lead);
	}
	if (lead && viz_lead_waits(lead)) /* the customer was asked again, and has agreed anew */
		viz_lead_personal_erase(net->core, lead);
	if (lead) {
		lead->next = next;
		viz_lead_put(net->core, lead);
	}
	free(lead);
}
