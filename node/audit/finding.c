#include "node/audit/finding.h"

#include "crypto/rng.h"
#include "node/audit/suspicion.h"
#include "node/core/core.h"
#include "node/trust/member.h"
#include "node/trust/notice.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/fields.h"
#include "proto/limits.h"
#include "proto/record.h"
#include "proto/writer.h"
#include "store/store.h"
#include "store/tables.h"

#define FINDING(F)                                                                                 \
	F(UINT, verdict, 0, VIZ_VERDICT_SUSPICION)                                                 \
	F(TIME, time)                                                                              \
	F(UINT, number, 0, UINT32_MAX)
VIZ_FIELDS(finding, FINDING);

const char *viz_finding_verdict_name(enum viz_verdict verdict)
{
	return verdict == VIZ_VERDICT_CONTRADICTION ? "contradiction" : "suspicion";
}

void viz_finding_id_text(char out[VIZ_FINDING_ID_MAX], const struct viz_finding *f)
{
	snprintf(out, VIZ_FINDING_ID_MAX, "F%08x", f->number);
}

static void make_key(uint8_t key[VIZ_FINDING_KEY_LEN], const struct viz_id *origin, uint64_t slot,
		     enum viz_rule rule, const struct viz_id *about)
{
	viz_id_slot_key(key, origin, slot);
	key[VIZ_ID_SLOT_LEN] = (uint8_t)rule;
	memcpy(key + VIZ_ID_SLOT_LEN + 1, about->b, sizeof about->b);
}

/* Whether as many findings of the rule are kept as one offer, or what is about none (slot 0), may
 * have. The first ones show as well as a thousand what the origin does. */
static bool are_enough(struct viz_core *core, const uint8_t key[VIZ_FINDING_KEY_LEN], uint64_t slot)
{
	size_t max = slot == 0 ? VIZ_FINDINGS_PER_RULE : VIZ_FINDINGS_PER_OFFER, n = 0;
	struct viz_slice at, value;
	struct viz_walk walk;

	viz_walk_init(&walk, core->store, VIZ_TABLE_FINDING, key, VIZ_ID_SLOT_LEN + 1);
	while (n < max && viz_walk_next(&walk, &at, &value))
		n++;
	return n == max;
}

bool viz_finding_kept(struct viz_core *core, const struct viz_id *origin, uint64_t slot,
		      enum viz_rule rule, const struct viz_id *about)
{
	uint8_t key[VIZ_FINDING_KEY_LEN];
	struct viz_slice v;

	make_key(key, origin, slot, rule, about);
	return viz_core_get(core, &v, VIZ_TABLE_FINDING, key, sizeof key);
}

bool viz_finding_keep(struct viz_trust *trust, const struct viz_id *origin, uint64_t slot,
		      enum viz_rule rule, enum viz_verdict verdict, const struct viz_id *about)
{
	struct viz_finding finding = {.verdict = verdict, .time = trust->core->now};
	uint8_t key[VIZ_FINDING_KEY_LEN];
	struct viz_slice v;
	VIZ_WRITER(w, 32);

	make_key(key, origin, slot, rule, about);
	if (viz_core_get(trust->core, &v, VIZ_TABLE_FINDING, key, sizeof key) ||
	    are_enough(trust->core, key, slot))
		return false;
	finding.number = (uint32_t)viz_rng_below(&trust->core->rng, UINT64_C(1) << 32);
	viz_finding_write(&w, &finding);
	viz_core_put_row(trust->core, VIZ_TABLE_FINDING, key, sizeof key, &w);
	viz_notice_add(trust, VIZ_NOTICE_FINDING, NULL, origin, 0);
	viz_core_log(trust->core, 4, "audit: %s: %s of %s", viz_finding_verdict_name(verdict),
		     viz_rules_name(rule), viz_member_name(viz_member_ensure(trust, origin)));
	return true;
}

/* Whether a finding with the slot of an offer is about another thing that has this slot: a PROTEST
 * of the accused, or what it owes for an offer of ours. */
static bool is_about_other(const uint8_t key[VIZ_FINDING_KEY_LEN])
{
	const uint8_t *about = key + VIZ_ID_SLOT_LEN + 1;
	const struct viz_id protest = {{VIZ_TYPE_PROTEST}};

	switch (key[VIZ_ID_SLOT_LEN]) {
	case VIZ_RULE_TWO_PLEDGES:
	case VIZ_SUSPICION_UNERASED:
		return true;
	case VIZ_RULE_EQUIVOCATION:
	case VIZ_SUSPICION_KEY_ENDED:
		return memcmp(about, protest.b, sizeof protest.b) == 0;
	default:
		return false;
	}
}

bool viz_finding_of_offer(struct viz_core *core, enum viz_verdict *worst,
			  const struct viz_id *origin, uint64_t slot)
{
	uint8_t prefix[VIZ_ID_SLOT_LEN];
	struct viz_slice key, value;
	struct viz_finding f;
	struct viz_walk walk;
	bool any = false;

	viz_id_slot_key(prefix, origin, slot);
	/* the last byte of a slot is the k of a CHOICE */
	viz_walk_init(&walk, core->store, VIZ_TABLE_FINDING, prefix, sizeof prefix - 1);
	while (viz_walk_next(&walk, &key, &value)) {
		if (is_about_other(key.p))
			continue;
		VIZ_REQUIRE(VIZ_PARSE(finding, &f, value.p, value.len) == VIZ_OK);
		if (!any || f.verdict == VIZ_VERDICT_CONTRADICTION)
			*worst = f.verdict;
		any = true;
	}
	return any;
}

/* Whether it is one of the last two: judging two lists finds the same for each of their entries. */
static bool was_added_last(const struct viz_finding_list *f, enum viz_rule rule,
			   const struct viz_id *about)
{
	for (size_t i = f->count; i > 0 && i + 2 > f->count; i--)
		if (f->list[i - 1].rule == rule && viz_id_eq(&f->list[i - 1].about, about))
			return true;
	return false;
}

void viz_finding_list_add(void *arg, enum viz_rule rule, enum viz_verdict verdict,
			  const struct viz_id *about)
{
	struct viz_finding_list *f = arg;

	if (f->twice_only && rule != VIZ_RULE_EQUIVOCATION && rule != VIZ_RULE_LOG_FORK)
		return;
	for (size_t i = 0; f->key_ended && i < f->count; i++)
		if (f->list[i].rule == rule && viz_id_eq(&f->list[i].about, about))
			return;
	if (f->key_ended && verdict == VIZ_VERDICT_CONTRADICTION) {
		rule = (enum viz_rule)VIZ_SUSPICION_KEY_ENDED;
		verdict = VIZ_VERDICT_SUSPICION;
	}
	if (was_added_last(f, rule, about))
		return;
	if (f->count == f->capacity) {
		f->capacity = f->capacity ? f->capacity * 2 : 16;
		f->list = viz_core_grow(f->list, f->capacity, sizeof *f->list);
	}
	f->list[f->count++] = (struct viz_finding_list_entry){rule, verdict, *about};
}

bool viz_finding_list_keep(struct viz_trust *trust, struct viz_finding_list *f,
			   const struct viz_id *accused, uint64_t slot)
{
	bool is_new = false;

	for (size_t i = 0; i < f->count; i++)
		is_new |= viz_finding_keep(trust, accused, slot, f->list[i].rule,
					   f->list[i].verdict, &f->list[i].about);
	free(f->list);
	*f = (struct viz_finding_list){0};
	return is_new;
}

void viz_finding_drop(struct viz_trust *trust, const struct viz_id *origin, uint64_t slot,
		      enum viz_rule rule, const struct viz_id *about)
{
	uint8_t key[VIZ_FINDING_KEY_LEN];
	struct viz_slice v;

	make_key(key, origin, slot, rule, about);
	if (!viz_core_get(trust->core, &v, VIZ_TABLE_FINDING, key, sizeof key))
		return;
	viz_core_del(trust->core, VIZ_TABLE_FINDING, key, sizeof key);
	viz_core_log(trust->core, 5, "audit: %s of %s has ended: it has come", viz_rules_name(rule),
		     viz_member_name(viz_member_ensure(trust, origin)));
}
