#include "node/audit/rules.h"

#include "node/core/ids.h"
#include "node/offer/commitment.h"
#include "proto/base.h"
#include "proto/federation.h"
#include "proto/limits.h"
#include "proto/message.h"
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

/* Whether this lease ran at that time, and `opening` does not show that its holder has released it.
 * `opening`: NULL when there is none. */
static bool outlasts(const struct viz_lease *lease, struct viz_time time, const uint8_t *opening)
{
	struct viz_id hash;

	if (!lease->granted || lease->until.ms <= time.ms)
		return false;
	if (opening)
		viz_commitment_release(&hash, opening);
	return !opening || !viz_id_eq(&hash, &lease->hash);
}

/* Whether the stub is of a CHOICE that is here, of nobody. */
static bool chose_nobody(const struct viz_case *c, const struct viz_id *federation,
			 const struct viz_stub *stub)
{
	const struct viz_record *rec = choice_of(c, viz_record_slot_k(stub->slot));
	struct viz_choice choice;
	struct viz_id id;

	if (!rec || viz_choice_parse(&choice, rec) != VIZ_OK)
		return false;
	viz_ids_record(&id, federation, rec);
	return viz_id_eq(&id, &stub->id) && choice.what == VIZ_CHOICE_NONE;
}

/* Whether award k is the last one before the next OFFER: the stubs chain from CHOICE k to it, and
 * there is no other award of this offer among them. */
static bool is_last_award(const struct viz_case *c, const struct viz_id *federation, uint64_t k,
			  const struct viz_position *next)
{
	const struct viz_record *choice = choice_of(c, k);
	struct viz_choice award;
	struct viz_position at;
	struct viz_id value;
	size_t from;

	if (!choice || viz_choice_parse(&award, choice) != VIZ_OK ||
	    award.what != VIZ_CHOICE_AWARD || award.at.log != next->log ||
	    award.at.number >= next->number || next->number - award.at.number > c->stub_count)
		return false;
	at = award.at;
	from = c->stub_count - (next->number - award.at.number);
	for (size_t i = from; i < c->stub_count; i++) {
		const struct viz_stub *stub = &c->stub[i];

		if (i > from && stub->offer == award.at.offer && stub->type == VIZ_TYPE_CHOICE &&
		    !chose_nobody(c, federation, stub))
			return false;
		at.offer = stub->offer;
		viz_ids_log(&value, &at, stub->type, stub->slot, &stub->id);
		at.before = value;
		at.number++;
	}
	return viz_id_eq(&at.before, &next->before);
}

/* The lease of the last award ends before an OFFER for the same customer is made. */
static void judge_next(const struct viz_case *c, const struct viz_id *federation,
		       const struct viz_record *rec, viz_rules_found found, void *arg)
{
	struct viz_lease lease;
	struct viz_offer next;
	struct viz_id id;

	if (!c->next || !c->offer || viz_offer_parse(&next, c->next) != VIZ_OK ||
	    !next.has_previous || viz_lease_parse(&lease, rec) != VIZ_OK ||
	    !viz_id_eq(&rec->author, &c->offer->author) ||
	    !viz_id_eq(&rec->author, &c->next->author) || rec->slot != c->offer->slot)
		return;
	viz_ids_record(&id, federation, c->offer);
	if (!viz_id_eq(&id, &next.previous) ||
	    !outlasts(&lease, c->next->time, next.has_opening ? next.opening : NULL) ||
	    !is_last_award(c, federation, rec->seq, &next.at))
		return;
	viz_ids_record(&id, federation, c->next);
	found(arg, VIZ_RULE_LEASE_OUTLASTED, VIZ_VERDICT_CONTRADICTION, &id);
}

/* A LEASE of award k, which its `seq` says, ends before CHOICE k + 1 is made. */
static void judge_lease(const struct viz_case *c, const struct viz_id *federation,
			const struct viz_record *rec, viz_rules_found found, void *arg)
{
	const struct viz_record *next = choice_of(c, rec->seq + 1);
	struct viz_choice choice;
	struct viz_lease lease;
	struct viz_id id;

	if (!next || !viz_id_eq(&rec->author, &next->author) ||
	    rec->slot != viz_record_slot_offer(next->slot) ||
	    viz_lease_parse(&lease, rec) != VIZ_OK || viz_choice_parse(&choice, next) != VIZ_OK ||
	    !outlasts(&lease, next->time, choice.has_opening ? choice.opening : NULL))
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
		if (c->statement[i].type == VIZ_TYPE_LEASE) {
			judge_lease(c, &federation, &c->statement[i], found, arg);
			judge_next(c, &federation, &c->statement[i], found, arg);
		}
}
