#include "node/self/salvaged.h"

#include "node/core/core.h"
#include "node/core/journal.h"
#include "node/trust/identity.h"
#include "node/trust/notice.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/reader.h"
#include "proto/record.h"
#include "store/meta.h"
#include "store/salvage.h"

#define JOURNAL_DAYS 60 /* longer than a lead is open */

static bool hit(const struct viz_damage *d, enum viz_table table)
{
	return d->pages[table] || d->rows[table] || d->sum[table];
}

/* Whether what we have signed may be lost, or the state of something that others rely on. What is
 * made again, or asked for again, is neither. */
static bool may_have_lost_ours(const struct viz_damage *d)
{
	static const enum viz_table harmless[] = {
	    VIZ_TABLE_LOOKUP,         VIZ_TABLE_LOOKUP_CEP, VIZ_TABLE_LOOKUP_PLACE,
	    VIZ_TABLE_LOOKUP_OWN,     VIZ_TABLE_ACCESS,     VIZ_TABLE_LACKS,
	    VIZ_TABLE_COVERAGE_INDEX, VIZ_TABLE_OPENING,    VIZ_TABLE_FINDING};
	bool lost = d->head || d->directory;

	for (unsigned t = 0; t < VIZ_TABLE_COUNT; t++) {
		bool ours = true;

		for (size_t i = 0; i < sizeof harmless / sizeof *harmless; i++)
			ours &= harmless[i] != (enum viz_table)t;
		lost |= ours && hit(d, (enum viz_table)t);
	}
	return lost;
}

/* What was named: leads of ours, and of other origins. */
struct told {
	struct told_lead {
		struct viz_id origin;
		uint64_t slot;
	} * lead;
	size_t count, capacity;
};

static void tell(struct viz_trust *trust, struct told *told, enum viz_notice what,
		 const struct viz_id *origin, uint64_t slot)
{
	for (size_t i = 0; i < told->count; i++)
		if (told->lead[i].slot == slot && viz_id_eq(&told->lead[i].origin, origin))
			return;
	if (told->count == told->capacity) {
		told->capacity += told->capacity + 16;
		told->lead = viz_core_grow(told->lead, told->capacity, sizeof *told->lead);
	}
	told->lead[told->count++] = (struct told_lead){*origin, slot};
	viz_notice_add(trust, what, NULL, what == VIZ_NOTICE_LEAD_DAMAGED ? NULL : origin, slot);
}

static void tell_lead(struct viz_trust *trust, struct told *told, uint64_t slot)
{
	tell(trust, told, VIZ_NOTICE_LEAD_DAMAGED, &trust->self.author, slot);
}

static void tell_entry(struct viz_trust *trust, struct told *told, const struct viz_id *origin,
		       uint64_t slot)
{
	tell(trust, told, VIZ_NOTICE_INBOX_DAMAGED, origin, slot);
}

static bool is_event(const struct viz_journal_entry *e, enum viz_notice what)
{
	return strcmp(e->event, viz_notice_kinds[what].code) == 0;
}

static bool has_lead(struct viz_core *core, uint64_t slot)
{
	struct viz_slice v;
	uint8_t key[8];

	viz_be_put_u64(key, slot);
	return viz_core_get(core, &v, VIZ_TABLE_LEAD, key, sizeof key);
}

/* Leads of ours of which something is here, and no row: `at` is where the slot stands in keys that
 * begin with `prefix`. */
static void tell_without_row(struct viz_trust *trust, struct told *told, enum viz_table table,
			     const uint8_t *prefix, size_t prefix_len)
{
	struct viz_slice key, value;
	uint64_t last = 0;
	struct viz_walk w;

	viz_walk_init(&w, trust->core->store, table, prefix, prefix_len);
	while (viz_walk_next(&w, &key, &value)) {
		uint64_t slot = key.len >= prefix_len + 8 ? viz_be_get_u64(key.p + prefix_len) : 0;

		if (slot == 0 || slot == last)
			continue;
		last = slot;
		if (!has_lead(trust->core, slot))
			tell_lead(trust, told, slot);
	}
}

/* Nothing of the rows shows whether they are the last ones. */
static void tell_all(struct viz_trust *trust, struct told *told)
{
	struct viz_slice key, value;
	struct viz_walk w;

	viz_walk_init(&w, trust->core->store, VIZ_TABLE_LEAD, NULL, 0);
	while (viz_walk_next(&w, &key, &value))
		if (key.len == 8)
			tell_lead(trust, told, viz_be_get_u64(key.p));
	viz_walk_init(&w, trust->core->store, VIZ_TABLE_INBOX, NULL, 0);
	while (viz_walk_next(&w, &key, &value)) {
		struct viz_id origin;

		if (key.len != 40)
			continue;
		memcpy(origin.b, key.p, sizeof origin.b);
		tell_entry(trust, told, &origin, viz_be_get_u64(key.p + 32));
	}
}

static bool has_entry(struct viz_core *core, const struct viz_id *origin, uint64_t slot)
{
	struct viz_slice v;
	uint8_t key[40];

	memcpy(key, origin->b, sizeof origin->b);
	viz_be_put_u64(key + 32, slot);
	return viz_core_get(core, &v, VIZ_TABLE_INBOX, key, sizeof key);
}

/* What the journal names of the last JOURNAL_DAYS, and has no row. */
static void tell_by_journal(struct viz_trust *trust, struct told *told)
{
	int64_t from = trust->core->now.ms - JOURNAL_DAYS * VIZ_DAY_MS;
	struct viz_journal_entry e = {.slot = 0};
	struct viz_slice key, value;
	struct viz_reader r;
	struct viz_walk w;

	viz_walk_init(&w, trust->core->store, VIZ_TABLE_JOURNAL, NULL, 0);
	while (viz_walk_next(&w, &key, &value)) {
		viz_reader_init(&r, value.p, value.len);
		viz_journal_entry_read(&r, &e);
		if (viz_reader_finish(&r) != VIZ_OK || e.slot == 0 || e.time.ms < from)
			continue;
		if (is_event(&e, VIZ_NOTICE_OFFER) && !has_lead(trust->core, e.slot))
			tell_lead(trust, told, e.slot);
		else if ((is_event(&e, VIZ_NOTICE_ASKED) || is_event(&e, VIZ_NOTICE_HANDOFF)) &&
			 !has_entry(trust->core, &e.peer, e.slot))
			tell_entry(trust, told, &e.peer, e.slot);
	}
}

/* Whether leads may be gone whose numbers stand nowhere any more: not in their rows, and not in the
 * journal. */
static bool may_be_unknown(const struct viz_damage *d)
{
	bool rows = hit(d, VIZ_TABLE_LEAD) || hit(d, VIZ_TABLE_INBOX);

	return d->directory || (rows && hit(d, VIZ_TABLE_JOURNAL));
}

static void tell_leads(struct viz_trust *trust, const struct viz_salvage_loss *loss)
{
	const struct viz_id *self = &trust->self.author;
	struct told told = {NULL, 0, 0};
	const struct viz_damage *d = &loss->damage;
	uint8_t prefix[33];

	for (size_t i = 0; i < loss->keys; i++) {
		struct viz_id origin;

		memcpy(origin.b, loss->key[i].key, sizeof origin.b);
		if (loss->key[i].table == VIZ_TABLE_LEAD)
			tell_lead(trust, &told, viz_be_get_u64(loss->key[i].key));
		else
			tell_entry(trust, &told, &origin, viz_be_get_u64(loss->key[i].key + 32));
	}
	memcpy(prefix, self->b, 32);
	prefix[32] = VIZ_TYPE_OFFER;
	tell_without_row(trust, &told, VIZ_TABLE_RECORD, prefix, sizeof prefix);
	tell_without_row(trust, &told, VIZ_TABLE_STATEMENT, self->b, sizeof self->b);
	if (d->head || d->directory || hit(d, VIZ_TABLE_LEAD) || hit(d, VIZ_TABLE_INBOX)) {
		tell_by_journal(trust, &told);
		tell_all(trust, &told);
	}
	free(told.lead);
}

void viz_salvaged_tell(struct viz_trust *trust)
{
	struct viz_salvage_loss *loss;
	struct viz_slice v;

	if (!viz_core_get(trust->core, &v, VIZ_TABLE_META, VIZ_META(VIZ_META_SALVAGE)))
		return;
	loss = viz_core_alloc(sizeof *loss);
	if (viz_salvage_loss_read(loss, v.p, v.len) == VIZ_OK) {
		viz_notice_add(trust, VIZ_NOTICE_STORE_DAMAGED, NULL, NULL, 0);
		tell_leads(trust, loss);
		if (may_be_unknown(&loss->damage))
			viz_notice_add(trust, VIZ_NOTICE_LEADS_UNKNOWN, NULL, NULL, 0);
		if (may_have_lost_ours(&loss->damage))
			viz_identity_quarantine(trust, trust->core->now);
	}
	free(loss);
	viz_core_del(trust->core, VIZ_TABLE_META, VIZ_META(VIZ_META_SALVAGE));
}
