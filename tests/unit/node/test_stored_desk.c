/* The rows of the agent's desk: drafts, claims, the policy, and what is kept of an entry beside the
 * contact. Like test_stored_rows.c; and when each of them goes. */
#include "tests/unit/node/stored_row.h"

#include "crypto/secret.h"
#include "node/core/core.h"
#include "node/core/hours.h"
#include "node/core/policy.h"
#include "node/core/secrets.h"
#include "node/inbox/claim.h"
#include "node/inbox/erase.h"
#include "node/inbox/inbox.h"
#include "node/inbox/wish.h"
#include "node/lead/draft.h"
#include "node/lead/lead.h"
#include "node/retention.h"
#include "node/state.h"
#include "proto/base.h"
#include "proto/record.h"
#include "store/meta.h"
#include "store/store.h"
#include "store/tables.h"
#include "tests/unit/node/bed.h"

static struct viz_draft a_draft(void)
{
	return (struct viz_draft){.source = "ixc",
				  .external_id = "4711",
				  .protocol = "R 20/1",
				  .kind = VIZ_DRAFT_CANCELLATION,
				  .reason = "reason",
				  .municipality = 3201209,
				  .cep = 29300000,
				  .cancelled_at = at(),
				  .created = at(),
				  .state = VIZ_DRAFT_OPEN,
				  .who = "web:maria",
				  .changed = at()};
}

static void index_key(uint8_t key[VIZ_META_DRAFT_LEN], const struct viz_draft *d)
{
	struct viz_id id;

	viz_lead_protocol_hash(&id, d->protocol);
	viz_meta_id_key(key, VIZ_META_DRAFT, &id);
	viz_draft_id(&id, d->source, d->external_id);
	memcpy(key + VIZ_META_ID_LEN, id.b, sizeof id.b);
}

static void draft(void **state)
{
	struct bed *b = *state;
	struct viz_core *core = &b->node->core;
	struct viz_draft d = a_draft();
	uint8_t key[VIZ_META_DRAFT_LEN];
	struct viz_slice v;
	struct viz_id id;

	viz_draft_id(&id, d.source, d.external_id);
	index_key(key, &d);
	viz_draft_put(core, &d);
	check(b, "draft", VIZ_TABLE_DRAFT, id.b, sizeof id.b);
	check(b, "draft-protocol", VIZ_TABLE_META, key, sizeof key);
	plant_vector(b, "draft", VIZ_TABLE_DRAFT, id.b, sizeof id.b);
	assert_true(viz_draft_get(core, &d, &id));
	viz_draft_put(core, &d);
	check(b, "draft", VIZ_TABLE_DRAFT, id.b, sizeof id.b);
	viz_draft_take(core, "other");
	assert_true(viz_draft_get(core, &d, &id) && d.state == VIZ_DRAFT_OPEN);
	viz_draft_take(core, "r-201"); /* the same letters and digits */
	assert_true(viz_draft_get(core, &d, &id) && d.state == VIZ_DRAFT_TAKEN);
	assert_false(viz_core_get(core, &v, VIZ_TABLE_META, key, sizeof key));
}

static void draft_goes(void **state)
{
	struct bed *b = *state;
	struct viz_core *core = &b->node->core;
	struct viz_draft d = a_draft();
	uint8_t key[VIZ_META_DRAFT_LEN];
	struct viz_slice v;
	struct viz_id id;

	viz_draft_id(&id, d.source, d.external_id);
	index_key(key, &d);
	viz_draft_put(core, &d);
	core->now.ms = d.created.ms + VIZ_DRAFT_MS - 1;
	viz_retention_sweep(&b->node->trust);
	assert_true(viz_draft_get(core, &d, &id));
	core->now.ms++;
	assert_false(viz_draft_get(core, &d, &id));
	assert_int_equal(viz_draft_count(core), 1);
	viz_retention_sweep(&b->node->trust);
	assert_int_equal(viz_draft_count(core), 0);
	assert_false(viz_core_get(core, &v, VIZ_TABLE_META, key, sizeof key));
}

static struct viz_inbox *an_entry(struct viz_core *core)
{
	struct viz_inbox *in = viz_core_alloc(sizeof *in);

	memset(in, 0, sizeof *in);
	FILL(in->origin);
	in->slot = viz_record_slot_make(core->now, 3);
	in->award_n = 2;
	return in;
}

static void claim(void **state)
{
	struct bed *b = *state;
	struct viz_core *core = &b->node->core;
	struct viz_inbox *in = an_entry(core);
	uint8_t key[VIZ_ID_SLOT_LEN];
	struct viz_claim c;

	viz_id_slot_key(key, &in->origin, in->slot);
	assert_false(viz_inbox_claim_get(core, &c, in));
	viz_inbox_claim_put(core, in, "web:maria");
	check(b, "claim", VIZ_TABLE_CLAIM, key, sizeof key);
	plant_vector(b, "claim", VIZ_TABLE_CLAIM, key, sizeof key);
	assert_true(viz_inbox_claim_get(core, &c, in));
	assert_true(viz_inbox_claim_is_of(core, in, "web:maria"));
	assert_false(viz_inbox_claim_is_of(core, in, "web:mari"));
	in->award_n = 3; /* another award is nobody's yet */
	assert_false(viz_inbox_claim_get(core, &c, in));
	in->award_n = 2;
	viz_inbox_erase(core, in, VIZ_ERASED_ALL);
	assert_false(viz_inbox_claim_get(core, &c, in));
	free(in);
}

static void wish(void **state)
{
	struct bed *b = *state;
	struct viz_core *core = &b->node->core;
	struct viz_inbox *in = an_entry(core);
	const struct viz_wish wanted = {VIZ_SERVICE_BUSINESS, 202612};
	struct viz_lead_secrets s;
	struct viz_wish got;

	assert_int_equal(viz_inbox_wish_open(core, &got, in), VIZ_ERR_ABSENT);
	viz_secrets_create(core, &s, &in->vault);
	viz_inbox_wish_keep(core, in, &s, &wanted);
	assert_int_equal(viz_inbox_wish_open(core, &got, in), VIZ_OK);
	assert_true(got.service == wanted.service && got.month == wanted.month);
	viz_inbox_erase(core, in, VIZ_ERASED_ALL);
	assert_int_equal(viz_inbox_wish_open(core, &got, in), VIZ_ERR_ABSENT);
	viz_secret_wipe(&s, sizeof s);
	free(in);
}

static void policy(void **state)
{
	struct bed *b = *state;
	struct viz_core *core = &b->node->core;
	struct viz_policy p = {.daily_cap = 2,
			       .paused_until = at(),
			       .hours = "seg-sex 8-18",
			       .towns = {0, 0x30, 0xd8, 0x59},
			       .towns_len = 4,
			       .who = "web:ana",
			       .changed = at()};
	struct viz_hours work;

	viz_hours_default(&work);
	viz_policy_put(core, &p);
	check(b, "policy", VIZ_TABLE_POLICY, "desk", 4);
	plant_vector(b, "policy", VIZ_TABLE_POLICY, "desk", 4);
	viz_policy_get(core, &p);
	viz_policy_put(core, &p);
	check(b, "policy", VIZ_TABLE_POLICY, "desk", 4);
	viz_policy_count(core, &work);
	check(b, "policy-day", VIZ_TABLE_POLICY, "day", 3);
}

/* What of the policy refuses a lead, and how long. ROW_NOW is a Tuesday, 19:13:20 in Brasilia. */
static void policy_refuses(void **state)
{
	struct bed *b = *state;
	struct viz_core *core = &b->node->core;
	struct viz_policy p = {.paused_until = viz_after(core->now, 1)};
	struct viz_hours work;

	viz_hours_default(&work);
	assert_int_equal(viz_policy_refuses(core, &work, 3201209), VIZ_NO_NONE);
	viz_policy_put(core, &p);
	assert_int_equal(viz_policy_refuses(core, &work, 3201209), VIZ_NO_POLICY);
	core->now.ms++;
	assert_int_equal(viz_policy_refuses(core, &work, 3201209), VIZ_NO_NONE);
	viz_be_put_u32(p.towns, 3201209);
	p.towns_len = 4;
	viz_policy_put(core, &p);
	assert_int_equal(viz_policy_refuses(core, &work, 3201209), VIZ_NO_NONE);
	assert_int_equal(viz_policy_refuses(core, &work, 3205309), VIZ_NO_POLICY);
	assert_int_equal(viz_policy_refuses(core, &work, 0), VIZ_NO_NONE);
	strcpy(p.hours, "ter 8-19");
	viz_policy_put(core, &p);
	assert_int_equal(viz_policy_refuses(core, &work, 3201209), VIZ_NO_POLICY);
	strcpy(p.hours, "ter 19-20");
	p.daily_cap = 1;
	viz_policy_put(core, &p);
	assert_int_equal(viz_policy_refuses(core, &work, 3201209), VIZ_NO_NONE);
	viz_policy_count(core, &work);
	assert_int_equal(viz_policy_refuses(core, &work, 3201209), VIZ_NO_CAPACITY);
	core->now.ms += 7 * VIZ_DAY_MS; /* another day has its own */
	assert_int_equal(viz_policy_counted(core, &work), 0);
	assert_int_equal(viz_policy_refuses(core, &work, 3201209), VIZ_NO_NONE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, row_setup, row_teardown)
	    T(draft), T(draft_goes), T(claim), T(wish), T(policy), T(policy_refuses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
