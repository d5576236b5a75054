#include "node/audit/rules.h"

#include "node/core/ids.h"
#include "node/offer/commitment.h"
#include "proto/base.h"
#include "proto/offer.h"
#include "proto/proof.h"
#include "proto/record.h"

static enum viz_rules_match match(bool right)
{
	return right ? VIZ_RULES_RIGHT : VIZ_RULES_WRONG;
}

/* CHOICE k opens to whom the proof says, or is none as it says. */
static enum viz_rules_match match_choice(const struct viz_rules_proof *c, const struct viz_proof *p)
{
	struct viz_choice choice;
	struct viz_id commit;

	if (viz_choice_parse(&choice, c->choice) != VIZ_OK || !viz_id_eq(&choice.offer, &p->offer))
		return VIZ_RULES_WRONG;
	if (!p->has_blinding)
		return match(choice.what == VIZ_CHOICE_NONE);
	viz_commitment_choice(&commit, &p->blinding, &p->offer, p->k, &p->chosen);
	return match(choice.what == VIZ_CHOICE_AWARD && viz_id_eq(&commit, &choice.commitment));
}

void viz_rules_proof_match(struct viz_rules_proof_result *out, const struct viz_rules_proof *c)
{
	struct viz_result res;
	struct viz_proof p;

	*out = (struct viz_rules_proof_result){0};
	if (viz_proof_parse(&p, c->proof) != VIZ_OK)
		return;
	if (c->asked_count > 0)
		out->asked = match(p.asked_count == c->asked_count &&
				   memcmp(p.asked, c->asked, p.asked_count * sizeof *p.asked) == 0);
	if (c->result && viz_result_parse(&res, c->result) == VIZ_OK)
		out->order =
		    match(viz_id_eq(&res.offer, &p.offer) && res.order_len == p.order_len &&
			  memcmp(res.order, p.order, p.order_len) == 0);
	if (p.k > 0 && c->choice && viz_record_slot_k(c->choice->slot) == p.k)
		out->choice = match_choice(c, &p);
}

void viz_rules_proof(const struct viz_rules_proof *c, const struct viz_id *proof,
		     viz_rules_found found, void *arg)
{
	struct viz_rules_proof_result r;

	viz_rules_proof_match(&r, c);
	if (r.asked == VIZ_RULES_WRONG || r.order == VIZ_RULES_WRONG || r.choice == VIZ_RULES_WRONG)
		found(arg, VIZ_RULE_PROOF_FALSE, VIZ_VERDICT_CONTRADICTION, proof);
}
