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

/* Sets `origin` to the next one in the table after itself, or from the first on. False: that was
 * the last. */
static bool next_origin(struct viz_id *origin, struct viz_core *core, bool first)
{
	uint8_t key[VIZ_ID_SLOT_LEN];
	struct viz_slice k, value;
	struct viz_walk walk;

	viz_walk_init(&walk, core->store, VIZ_TABLE_INBOX, NULL, 0);
	if (!first) {
		viz_id_slot_key(key, origin, UINT64_MAX);
		viz_walk_from(&walk, key, sizeof key);
	}
	if (!viz_walk_next(&walk, &k, &value))
		return false;
	memcpy(origin->b, k.p, sizeof origin->b);
	return true;
}

/* Of two PLEDGEs the row has the offer's id, and its slot at its origin. */
static bool find_pledged(struct viz_id *origin, struct viz_trust *trust, uint64_t slot,
			 const struct viz_id *offer)
{
	struct viz_lead *lead = viz_core_alloc(sizeof *lead);
	struct viz_inbox *in = viz_core_alloc(sizeof *in);
	bool found = viz_lead_get(trust->core, lead, slot) && viz_id_eq(&lead->offer, offer);
	struct viz_id x;
	bool first = true;

	if (found)
		*origin = trust->self.author;
	for (; !found && next_origin(&x, trust->core, first); first = false) {
		found = viz_inbox_get(trust->core, in, &x, slot) && viz_id_eq(&in->offer, offer);
		if (found)
			*origin = x;
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
