/* Whose offer a finding is about. */
#include "node/audit/finding.h"

#include "node/audit/suspicion.h"
#include "node/core/core.h"
#include "node/inbox/inbox.h"
#include "node/lead/lead.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/record.h"
#include "store/store.h"

/* Whether the pair is of records that are no offer's: a COVERAGE, a VOUCH, a PROTEST ... have slots
 * of their own. */
static bool is_pair_of_others(const struct viz_id *about)
{
	const struct viz_id type = {{about->b[0]}};

	return viz_id_eq(about, &type) && !viz_record_is_of_log(about->b[0]);
}

/* Of two PLEDGEs the row has the offer's id, and its slot at its origin. */
static bool find_pledged(struct viz_id *origin, struct viz_trust *trust, uint64_t slot,
			 const struct viz_id *offer)
{
	struct viz_lead *lead = viz_core_alloc(sizeof *lead);
	struct viz_inbox *in = viz_core_alloc(sizeof *in);
	bool found = viz_lead_get(trust->core, lead, slot) && viz_id_eq(&lead->offer, offer);
	struct viz_walk walk;

	if (found)
		*origin = trust->self.author;
	viz_inbox_walk_init(&walk, trust->core, NULL);
	while (!found && viz_inbox_walk_next(&walk, in)) {
		found = in->slot == slot && viz_id_eq(&in->offer, offer);
		if (found)
			*origin = in->origin;
	}
	free(in);
	free(lead);
	return found;
}

bool viz_finding_offer(struct viz_id *origin, uint64_t *slot, struct viz_trust *trust,
		       const uint8_t key[VIZ_FINDING_KEY_LEN])
{
	struct viz_id about;
	uint64_t at = viz_be_get_u64(key + 32);

	memcpy(about.b, key + VIZ_ID_SLOT_LEN + 1, sizeof about.b);
	if (at == 0)
		return false;
	*slot = viz_record_slot_offer(at);
	switch (key[VIZ_ID_SLOT_LEN]) {
	case VIZ_RULE_TWO_PLEDGES:
		return find_pledged(origin, trust, at, &about);
	case VIZ_SUSPICION_UNERASED:
		*origin = trust->self.author;
		return true;
	case VIZ_RULE_EQUIVOCATION:
	case VIZ_SUSPICION_KEY_ENDED:
		if (is_pair_of_others(&about))
			return false;
		break;
	default:
		break;
	}
	memcpy(origin->b, key, sizeof origin->b);
	return true;
}
