#include "node/audit/rules.h"

#include "node/core/ids.h"
#include "node/offer/commitment.h"
#include "proto/base.h"
#include "proto/federation.h"
#include "proto/limits.h"
#include "proto/offer.h"
#include "proto/record.h"
#include "proto/statement.h"

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

/* An AWARD to the one who asks opens the commitment of the CHOICE that it names. */
static void judge_award(const struct viz_case *c, const struct viz_id *choice_id,
			const struct viz_record *choice, viz_rules_found found, void *arg)
{
	struct viz_id commit;
	struct viz_choice body;
	struct viz_award award;

	for (size_t i = 0; i < c->statement_count; i++) {
		if (c->statement[i].type != VIZ_TYPE_AWARD ||
		    !viz_id_eq(&c->statement[i].author, &choice->author) ||
		    viz_award_parse(&award, &c->statement[i]) != VIZ_OK ||
		    !viz_id_eq(&award.choice, choice_id) ||
		    viz_choice_parse(&body, choice) != VIZ_OK)
			continue;
		viz_commitment_choice(&commit, &award.blinding, &award.offer, award.n,
				      &award.recipient);
		if (!viz_id_eq(&commit, &body.commitment))
			found(arg, VIZ_RULE_CHOICE_FALSE, VIZ_VERDICT_CONTRADICTION, choice_id);
	}
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
		if (withdrawn || (none != 0 && viz_record_slot_k(c->choice[i].slot) > none))
			found(arg, VIZ_RULE_CHOICE_ORDER, VIZ_VERDICT_CONTRADICTION, &id);
		judge_award(c, &id, &c->choice[i], found, arg);
	}
	for (size_t i = 0; i < c->statement_count; i++)
		if (c->statement[i].type == VIZ_TYPE_LEASE)
			judge_lease(c, &federation, &c->statement[i], found, arg);
}
