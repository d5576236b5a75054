#include "node/retention.h"

#include "node/audit/finding.h"
#include "node/audit/turns.h"
#include "node/core/core.h"
#include "node/core/journal.h"
#include "node/core/place.h"
#include "node/gossip/chain.h"
#include "node/gossip/opening.h"
#include "node/gossip/strata.h"
#include "node/inbox/inbox.h"
#include "node/inbox/tombstone.h"
#include "node/lead/customer.h"
#include "node/lead/draft.h"
#include "node/lead/lead.h"
#include "node/offer/probing.h"
#include "node/offer/view.h"
#include "node/trust/invite.h"
#include "node/trust/named.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/reader.h"
#include "proto/record.h"
#include "store/meta.h"
#include "store/store.h"
#include "store/tables.h"

#define STEP           500 /* rows of a table that one step reads */
#define ACCESS_DAYS    365
#define STATEMENT_DAYS (5 * 365)

struct rule {
	enum viz_table table;
	const char *cursor; /* row of VIZ_TABLE_META: the key that the next step begins at */
	/* whether the row may be deleted */
	bool (*over)(struct viz_trust *trust, const struct viz_slice *key,
		     const struct viz_slice *value);
	/* called before the row is deleted; may be NULL */
	void (*gone)(struct viz_core *core, const struct viz_slice *key,
		     const struct viz_slice *value);
};

static bool invite_over(struct viz_trust *trust, const struct viz_slice *key,
			const struct viz_slice *value)
{
	struct viz_invite invite;

	(void)key;
	viz_invite_row(&invite, value);
	return invite.expires.ms <= trust->core->now.ms;
}

/* Whether evidence or a finding of this time is needed no more. */
static bool audit_over(struct viz_core *core, struct viz_time time)
{
	return time.ms + core->federation.write_once_ms + VIZ_DAY_MS <= core->now.ms;
}

static bool evidence_over(struct viz_trust *trust, const struct viz_slice *key,
			  const struct viz_slice *value)
{
	(void)key;
	return audit_over(trust->core, viz_view_evidence_needed(value));
}

static void evidence_gone(struct viz_core *core, const struct viz_slice *key,
			  const struct viz_slice *value)
{
	(void)key;
	viz_view_evidence_forget(core, value);
}

static bool named_over(struct viz_trust *trust, const struct viz_slice *key,
		       const struct viz_slice *value)
{
	(void)key;
	return audit_over(trust->core, viz_named_needed(value));
}

static void named_gone(struct viz_core *core, const struct viz_slice *key,
		       const struct viz_slice *value)
{
	(void)key;
	viz_named_forget(core, value);
}

static bool access_over(struct viz_trust *trust, const struct viz_slice *key,
			const struct viz_slice *value)
{
	struct viz_journal_access a;

	(void)key;
	/* An older version kept names that are no text. Nobody can read such a row. */
	if (VIZ_PARSE(journal_access, &a, value->p, value->len) != VIZ_OK)
		return true;
	return a.time.ms + ACCESS_DAYS * VIZ_DAY_MS <= trust->core->now.ms;
}

/* Whether the OFFER of this slot has expired. */
static bool slot_over(struct viz_core *core, uint64_t slot)
{
	return viz_record_write_once_expires(viz_record_slot_begins(slot),
					     core->federation.write_once_ms)
		   .ms <= core->now.ms;
}

/* The key is (origin, slot, type, ...), and the slot contains the day. A row with the type of a
 * gossiped record, and a PLEDGE, which CLOSE shows, ends with the OFFER. */
static bool statement_over(struct viz_trust *trust, const struct viz_slice *key,
			   const struct viz_slice *value)
{
	uint64_t slot = viz_be_get_u64(key->p + 32);
	uint8_t type = key->p[40];
	struct viz_time begins = viz_record_slot_begins(slot);

	if (type == VIZ_OFFER_ROW_NEXT)
		return value->len != 8 || slot_over(trust->core, viz_be_get_u64(value->p));
	if (type == VIZ_TYPE_COVERAGE_ACK)
		return false; /* the slot is that of a COVERAGE: there are few per publisher and
			       * slot
			       */
	if ((type < VIZ_TYPE_STATEMENT_MIN && type != VIZ_OFFER_ROW_REFERENCE &&
	     type != VIZ_OFFER_ROW_TEXT) ||
	    type == VIZ_TYPE_PLEDGE)
		return slot_over(trust->core, slot);
	return begins.ms + (1 + STATEMENT_DAYS) * VIZ_DAY_MS <= trust->core->now.ms;
}

/* A lead is over when its data is erased, no statement is owed, and no award is running. */
static bool lead_over(struct viz_trust *trust, const struct viz_slice *key,
		      const struct viz_slice *value)
{
	uint64_t slot = viz_be_get_u64(key->p);
	struct viz_lead *lead;
	bool over;

	(void)value;
	if (!slot_over(trust->core, slot))
		return false;
	lead = viz_core_alloc(sizeof *lead);
	over = viz_lead_get(trust->core, lead, slot) && lead->vault == 0 &&
	       lead->contact_vault == 0 && !lead->withdrawal_owed &&
	       lead->award_latest.ms <= trust->core->now.ms;
	free(lead);
	return over;
}

/* Likewise for an offer of a partner. */
static bool inbox_over(struct viz_trust *trust, const struct viz_slice *key,
		       const struct viz_slice *value)
{
	uint64_t slot = viz_be_get_u64(key->p + 32);
	struct viz_inbox *in;
	struct viz_id origin;
	bool over;

	(void)value;
	memcpy(origin.b, key->p, sizeof origin.b);
	in = viz_inbox_fetch(trust->core, &origin, slot);
	/* NULL: the key is none of an offer. Nobody reads such a row. */
	over = in && (slot_over(trust->core, slot) || viz_inbox_tombstone_over(trust->core, in)) &&
	       viz_inbox_is_over(trust->core, in);
	if (over && in->time.ms == 0)
		viz_inbox_tombstone_end(trust->core, &origin, slot);
	if (over)
		viz_inbox_del(trust->core, &origin, slot);
	free(in);
	return over;
}

static bool finding_over(struct viz_trust *trust, const struct viz_slice *key,
			 const struct viz_slice *value)
{
	struct viz_finding f;

	(void)key;
	VIZ_REQUIRE(VIZ_PARSE(finding, &f, value->p, value->len) == VIZ_OK);
	return audit_over(trust->core, f.time);
}

static bool log_over(struct viz_trust *trust, const struct viz_slice *key,
		     const struct viz_slice *value)
{
	return viz_chain_over(trust->core, key, value);
}

static bool offer_over(struct viz_trust *trust, const struct viz_slice *key,
		       const struct viz_slice *value)
{
	(void)key;
	return viz_strata_over(trust->core, value);
}

static bool opening_over(struct viz_trust *trust, const struct viz_slice *key,
			 const struct viz_slice *value)
{
	(void)key;
	return viz_opening_over(trust->core, value);
}

static bool drawn_over(struct viz_trust *trust, const struct viz_slice *key,
		       const struct viz_slice *value)
{
	(void)value;
	return slot_over(trust->core, viz_turns_slot(key));
}

static bool draft_over(struct viz_trust *trust, const struct viz_slice *key,
		       const struct viz_slice *value)
{
	(void)key;
	return viz_draft_over(trust->core, value);
}

static const struct rule rules[] = {
    {VIZ_TABLE_INVITE, VIZ_META_SWEEP_INVITE, invite_over, NULL},
    {VIZ_TABLE_EVIDENCE, VIZ_META_SWEEP_EVIDENCE, evidence_over, evidence_gone},
    {VIZ_TABLE_ACCESS, VIZ_META_SWEEP_ACCESS, access_over, NULL},
    {VIZ_TABLE_STATEMENT, VIZ_META_SWEEP_STATEMENT, statement_over, NULL},
    {VIZ_TABLE_LEAD, VIZ_META_SWEEP_LEAD, lead_over, viz_lead_forget},
    {VIZ_TABLE_INBOX, VIZ_META_SWEEP_INBOX, inbox_over, NULL},
    {VIZ_TABLE_FINDING, VIZ_META_SWEEP_FINDING, finding_over, NULL},
    {VIZ_TABLE_NAMED, VIZ_META_SWEEP_NAMED, named_over, named_gone},
    {VIZ_TABLE_LOG, VIZ_META_SWEEP_LOG, log_over, NULL},
    {VIZ_TABLE_OFFER, VIZ_META_SWEEP_OFFER, offer_over, NULL},
    {VIZ_TABLE_OPENING, VIZ_META_SWEEP_OPENING, opening_over, NULL},
    {VIZ_TABLE_DRAWN, VIZ_META_SWEEP_DRAWN, drawn_over, NULL},
    {VIZ_TABLE_DRAFT, VIZ_META_SWEEP_DRAFT, draft_over, viz_draft_forget},
    {VIZ_TABLE_CUSTOMER_LINK, VIZ_META_SWEEP_CUSTOMER, viz_lead_customer_over,
     viz_lead_customer_gone},
};

/* False: it has come to the end of the table. */
static bool sweep(struct viz_trust *trust, const struct rule *rule)
{
	const uint8_t *cursor = (const uint8_t *)rule->cursor;
	size_t cursor_len = strlen(rule->cursor), n = 0;
	uint8_t last[VIZ_STORE_KEY_MAX];
	struct viz_slice from, key, value;
	struct viz_walk walk;
	size_t last_len = 0;
	bool more = true;

	viz_walk_init(&walk, trust->core->store, rule->table, NULL, 0);
	if (viz_core_get(trust->core, &from, VIZ_TABLE_META, cursor, cursor_len))
		viz_walk_from(&walk, from.p, from.len);
	while (n < STEP && (more = viz_walk_next(&walk, &key, &value))) {
		n++;
		last_len = key.len;
		memcpy(last, key.p, key.len);
		key.p = last; /* the rule may read other rows, which ends the walk's borrow */
		if (!rule->over(trust, &key, &value))
			continue;
		if (rule->gone)
			rule->gone(trust->core, &key, &value);
		viz_core_del(trust->core, rule->table, last, last_len);
	}
	if (more && n > 0)
		viz_core_put(trust->core, VIZ_TABLE_META, cursor, cursor_len, last, last_len);
	else
		viz_core_del(trust->core, VIZ_TABLE_META, cursor, cursor_len);
	return more;
}

bool viz_retention_sweep(struct viz_trust *trust)
{
	bool more = false;

	for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
		more |= sweep(trust, &rules[i]);
	viz_probing_sweep(trust->core);
	return more;
}
