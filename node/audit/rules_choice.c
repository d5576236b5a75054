#include "node/audit/rules.h"

#include "node/core/ids.h"
#include "node/offer/commitment.h"
#include "proto/base.h"
#include "proto/federation.h"
#include "proto/limits.h"
#include "proto/offer.h"
#include "proto/record.h"
#include "proto/statement.h"

/* Whether a RESULT or an earlier CHOICE stands behind this one in the log. */
static bool out_of_order(const struct viz_case *c, const struct viz_record *choice)
{
	struct viz_position at, before;

	if (viz_position_parse(&at, choice) != VIZ_OK)
		return false;
	if (c->result && viz_position_parse(&before, c->result) == VIZ_OK && before.log == at.log &&
	    before.number > at.number)
		return true;
	for (size_t i = 0; i < c->choice_count; i++)
		if (viz_record_slot_k(c->choice[i].slot) < viz_record_slot_k(choice->slot) &&
		    viz_position_parse(&before, &c->choice[i]) == VIZ_OK && before.log == at.log &&
		    before.number > at.number)
			return true;
	return false;
}

/* The first k of the offer's CHOICEs that chose nobody; 0: none did. */
static unsigned first_none(const struct viz_case *c)
{
	unsigned first = 0;

	for (size_t i = 0; i < c->choice_count; i++) {
		unsigned k = viz_record_slot_k(c->choice[i].slot);
		struct viz_choice choice;

		if (viz_choice_parse(&choice, &c->choice[i]) == VIZ_OK &&
		    choice.what == VIZ_CHOICE_NONE && (first == 0 || k < first))
			first = k;
	}
	return first;
}

/* The CHOICE k of the offer; NULL: it is not here. */
static const struct viz_record *choice_of(const struct viz_case *c, uint64_t k)
{
	for (size_t i = 0; i < c->choice_count; i++)
		if (viz_record_slot_k(c->choice[i].slot) == k)
			return &c->choice[i];
	return NULL;
}

/* Whether the CHOICE was made while this lease ran, and does not show that its holder has released
 * it. */
static bool outlasts(const struct viz_lease *lease, const struct viz_record *choice)
{
	struct viz_choice body;
	struct viz_id hash;

	if (!lease->granted || viz_choice_parse(&body, choice) != VIZ_OK ||
	    lease->until.ms <= choice->time.ms)
		return false;
	viz_commitment_release(&hash, body.opening);
	return !body.has_opening || !viz_id_eq(&hash, &lease->hash);
}

/* A LEASE of award k, which its `seq` says, ends before CHOICE k + 1 is made. */
static void judge_lease(const struct viz_case *c, const struct viz_id *federation,
			const struct viz_record *rec, viz_rules_found found, void *arg)
{
	const struct viz_record *next = choice_of(c, rec->seq + 1);
	struct viz_lease lease;
	struct viz_id id;

	if (!next || !viz_id_eq(&rec->author, &next->author) ||
	    rec->slot != viz_record_slot_offer(next->slot) ||
	    viz_lease_parse(&lease, rec) != VIZ_OK || !outlasts(&lease, next))
		return;
	viz_ids_record(&id, federation, next);
	found(arg, VIZ_RULE_LEASE_OUTLASTED, VIZ_VERDICT_CONTRADICTION, &id);
}

void viz_rules_choice(const struct viz_case *c, viz_rules_found found, void *arg)
{
	unsigned none = first_none(c);
	struct viz_id federation, id;
	struct viz_result result;
	bool withdrawn = c->result && viz_result_parse(&result, c->result) == VIZ_OK &&
			 result.kind == VIZ_RESULT_WITHDRAWN;

	viz_ids_federation(&federation, c->federation);
	for (size_t i = 0; i < c->choice_count; i++) {
		viz_ids_record(&id, &federation, &c->choice[i]);
		if (withdrawn || (none != 0 && viz_record_slot_k(c->choice[i].slot) > none) ||
		    out_of_order(c, &c->choice[i]))
			found(arg, VIZ_RULE_CHOICE_ORDER, VIZ_VERDICT_CONTRADICTION, &id);
	}
	for (size_t i = 0; i < c->statement_count; i++)
		if (c->statement[i].type == VIZ_TYPE_LEASE)
			judge_lease(c, &federation, &c->statement[i], found, arg);
}
