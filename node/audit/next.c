#include "node/audit/next.h"

#include "node/audit/log.h"
#include "node/core/core.h"
#include "node/core/place.h"
#include "node/gossip/chain.h"
#include "node/inbox/inbox.h"
#include "node/inbox/offer.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/limits.h"
#include "proto/offer.h"

/* The number from which on the stubs are needed: of the first CHOICE in the log of the OFFER at
 * `at`. 0: there is none, or the log between is too long to look at. */
static uint32_t first_choice(const struct viz_position *at, const struct viz_record *choice,
			     size_t choice_count)
{
	struct viz_position before;
	uint32_t from = 0;

	for (size_t i = 0; i < choice_count; i++)
		if (viz_position_parse(&before, &choice[i]) == VIZ_OK && before.log == at->log &&
		    before.number < at->number &&
		    at->number - before.number <= VIZ_AUDIT_NEXT_STUBS &&
		    (from == 0 || before.number < from))
			from = before.number;
	return from;
}

bool viz_audit_next_read(struct viz_trust *trust, struct viz_audit_next *out,
			 const struct viz_inbox *in, const struct viz_record *choice,
			 size_t choice_count)
{
	struct viz_position at;
	struct viz_record own;
	struct viz_held held;
	uint64_t slot;
	uint32_t from;

	*out = (struct viz_audit_next){0};
	if (!viz_place_get(trust->core, &held, &own, &in->origin, VIZ_TYPE_OFFER, in->slot) ||
	    viz_position_parse(&at, &own) != VIZ_OK ||
	    !viz_inbox_offer_next(trust->core, &slot, &in->origin, &in->offer, at.log) ||
	    !viz_place_get(trust->core, &held, &out->offer, &in->origin, VIZ_TYPE_OFFER, slot) ||
	    held.dead || !viz_audit_log_counts(trust, &out->offer) ||
	    viz_position_parse(&at, &out->offer) != VIZ_OK)
		return false;
	from = first_choice(&at, choice, choice_count);
	if (from == 0)
		return false;
	out->stub = viz_core_alloc((at.number - from) * sizeof *out->stub);
	for (uint32_t n = from; n < at.number; n++)
		if (viz_chain_stub_get(trust->core, &out->stub[out->stub_count], &in->origin,
				       at.log, n))
			out->stub_count++;
		else
			out->stub_count = 0; /* those behind the gap may do */
	return true;
}
