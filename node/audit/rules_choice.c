#include "node/audit/rules.h"

#include "node/core/ids.h"
#include "proto/base.h"
#include "proto/federation.h"
#include "proto/limits.h"
#include "proto/offer.h"
#include "proto/record.h"

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
	}
}
