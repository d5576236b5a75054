#include "node/audit/judge.h"

#include "node/audit/finding.h"
#include "node/audit/rules.h"
#include "node/core/core.h"
#include "node/core/place.h"
#include "node/inbox/inbox.h"
#include "node/link/net.h"
#include "node/self/statement.h"
#include "node/trust/live.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/limits.h"
#include "proto/offer.h"
#include "proto/reader.h"
#include "proto/record.h"
#include "store/store.h"
#include "store/tables.h"

/* What the rules have found. It is written when they have ended, because they read records in the
 * store, which the first write makes invalid. */
struct findings {
	struct finding {
		enum viz_rule rule;
		enum viz_verdict verdict;
		struct viz_id about;
	} * list;
	size_t count, capacity;
};

static void add(void *arg, enum viz_rule rule, enum viz_verdict verdict, const struct viz_id *about)
{
	struct findings *f = arg;

	if (f->count == f->capacity) {
		f->capacity = f->capacity ? f->capacity * 2 : 16;
		f->list = viz_core_grow(f->list, f->capacity, sizeof *f->list);
	}
	f->list[f->count++] = (struct finding){rule, verdict, *about};
}

static void keep(struct viz_trust *trust, struct findings *f, const struct viz_id *accused,
		 uint64_t slot)
{
	for (size_t i = 0; i < f->count; i++)
		viz_finding_keep(trust, accused, slot, f->list[i].rule, f->list[i].verdict,
				 &f->list[i].about);
	free(f->list);
}

void viz_audit_judge_equivocation(struct viz_net *net, const struct viz_record *rec)
{
	struct viz_id about = {{rec->type}};

	viz_finding_keep(net->trust, &rec->author, rec->slot, VIZ_RULE_EQUIVOCATION,
			 VIZ_VERDICT_CONTRADICTION, &about);
}

void viz_audit_judge_partners(struct viz_net *net, const struct viz_record *rec)
{
	struct findings found = {0};
	struct viz_record older;
	struct viz_held held;

	if (viz_place_get(net->core, &held, &older, &rec->author, rec->type, rec->slot))
		viz_rules_records_partners(&net->core->federation, &older, rec, add, &found);
	if (viz_place_get(net->core, &held, &older, &rec->author, VIZ_TYPE_NODE, 0))
		viz_rules_records_node(rec, &older, add, &found);
	keep(net->trust, &found, &rec->author, 0);
}

void viz_audit_judge_node(struct viz_net *net, const struct viz_record *rec)
{
	struct viz_record partners;
	struct findings found = {0};
	struct viz_held held;

	if (viz_place_get(net->core, &held, &partners, &rec->author, VIZ_TYPE_PARTNERS, 0))
		viz_rules_records_node(&partners, rec, add, &found);
	keep(net->trust, &found, &rec->author, 0);
}

void viz_audit_judge_pledge(struct viz_net *net, const struct viz_record *rec,
			    const struct viz_id *id)
{
	uint8_t key[VIZ_STATEMENT_KEY_LEN], value[VIZ_ID_SLOT_LEN];
	struct findings found = {0};
	struct viz_record first;
	struct viz_held held;
	struct viz_pledge p;
	struct viz_slice v;

	if (viz_pledge_parse(&p, rec) != VIZ_OK)
		return;
	viz_place_statement_key(key, &p.origin, p.offer_slot, VIZ_OFFER_ROW_PLEDGE, &rec->author,
				0);
	if (viz_core_get(net->core, &v, VIZ_TABLE_STATEMENT, key, sizeof key)) {
		if (viz_place_get(net->core, &held, &first, &rec->author, VIZ_TYPE_PLEDGE,
				  viz_be_get_u64(v.p + 32)))
			viz_rules_records_pledges(&first, rec, add, &found);
		keep(net->trust, &found, &rec->author, rec->slot);
		return;
	}
	viz_id_slot_key(value, id, rec->slot);
	viz_core_put(net->core, VIZ_TABLE_STATEMENT, key, sizeof key, value, sizeof value);
}

/* Reads a statement about the offer or coverage (author, slot) of `of`. False: it is not kept. */
static bool statement(struct viz_core *core, struct viz_record *out, const struct viz_id *of,
		      uint64_t slot, uint8_t type, const struct viz_id *author)
{
	struct viz_slice v;

	return viz_statement_get(core, &v, of, slot, type, author, 1) &&
	       viz_record_parse(out, v.p, v.len) == VIZ_OK;
}

bool viz_audit_judge_lists(struct viz_trust *trust, struct viz_inbox *in,
			   const struct viz_partners *named, const struct viz_rules_item *view,
			   size_t n)
{
	const struct viz_id *self = &trust->self.author;
	/* An origin that is no partner of ours any more may have left us out. */
	uint64_t slots = viz_live_partner(trust, &in->origin) ? VIZ_COVERAGE_SLOTS : 0;
	struct viz_record offer, partners, coverage[VIZ_COVERAGE_SLOTS], ack[VIZ_COVERAGE_SLOTS];
	struct viz_case c = {.federation = &trust->core->federation,
			     .key = &in->key,
			     .self = *self,
			     .coverage = coverage,
			     .statement = ack};
	struct findings found = {0};
	struct viz_held held;
	bool any;

	if (viz_place_get(trust->core, &held, &offer, &in->origin, VIZ_TYPE_OFFER, in->slot))
		c.offer = &offer;
	if (viz_live_get(trust, &partners, &in->origin, VIZ_TYPE_PARTNERS, 0))
		c.partners = &partners;
	for (uint64_t slot = 0; slot < slots; slot++) {
		if (!viz_live_get(trust, &coverage[c.coverage_count], self, VIZ_TYPE_COVERAGE,
				  slot))
			continue;
		c.coverage_count++;
		c.statement_count += statement(trust->core, &ack[c.statement_count], self, slot,
					       VIZ_TYPE_COVERAGE_ACK, &in->origin);
	}
	c.named = named;
	c.view = view;
	c.view_count = n;
	viz_rules_lists(&c, add, &found);
	any = found.count > 0;
	keep(trust, &found, &in->origin, in->slot);
	in->view_judged = true;
	viz_inbox_put(trust->core, in);
	return any;
}

/* The origin's record of this type for the offer; NULL: it is not here, or equivocated. */
static const struct viz_record *record(struct viz_core *core, struct viz_record *out,
				       const struct viz_inbox *in, uint8_t type)
{
	struct viz_held held;

	return viz_place_get(core, &held, out, &in->origin, type, in->slot) && !held.dead ? out
											  : NULL;
}

/* The first pledge of each author for the offer; the caller frees them. */
static struct viz_record *read_pledges(struct viz_core *core, size_t *count,
				       const struct viz_inbox *in)
{
	uint8_t prefix[VIZ_STATEMENT_KEY_LEN];
	struct viz_record *list = NULL;
	struct viz_id author = {{0}};
	struct viz_slice key, value;
	struct viz_walk walk;
	size_t capacity = 0;

	*count = 0;
	viz_place_statement_key(prefix, &in->origin, in->slot, VIZ_OFFER_ROW_PLEDGE, &author, 0);
	viz_walk_init(&walk, core->store, VIZ_TABLE_STATEMENT, prefix, VIZ_ID_SLOT_LEN + 1);
	while (viz_walk_next(&walk, &key, &value)) {
		struct viz_held held;

		if (*count == capacity) {
			capacity = capacity ? capacity * 2 : 16;
			list = viz_core_grow(list, capacity, sizeof *list);
		}
		memcpy(author.b, key.p + VIZ_ID_SLOT_LEN + 1, sizeof author.b);
		*count += viz_place_get(core, &held, &list[*count], &author, VIZ_TYPE_PLEDGE,
					viz_be_get_u64(value.p + 32));
	}
	return list;
}

static void judge_result(struct viz_trust *trust, const struct viz_inbox *in)
{
	const struct viz_id *self = &trust->self.author;
	struct viz_core *core = trust->core;
	struct viz_record offer, close, result, kept[3], *pledge = NULL;
	struct viz_case c = {.federation = &core->federation, .self = *self, .statement = kept};
	struct findings found = {0};

	c.offer = record(core, &offer, in, VIZ_TYPE_OFFER);
	c.close = record(core, &close, in, VIZ_TYPE_CLOSE);
	c.result = record(core, &result, in, VIZ_TYPE_RESULT);
	if (in->has_key)
		c.key = &in->key;
	if (c.key && c.result)
		c.pledge = pledge = read_pledges(core, &c.pledge_count, in);
	c.statement_count += statement(core, &kept[c.statement_count], &in->origin, in->slot,
				       VIZ_TYPE_PLEDGE_ACK, &in->origin);
	c.statement_count += statement(core, &kept[c.statement_count], &in->origin, in->slot,
				       VIZ_TYPE_REVEAL_ACK, &in->origin);
	c.statement_count +=
	    statement(core, &kept[c.statement_count], &in->origin, in->slot, VIZ_TYPE_REVEAL, self);
	viz_rules_result(&c, add, &found);
	free(pledge);
	keep(trust, &found, &in->origin, in->slot);
}

static void judge_result_of(struct viz_trust *trust, const struct viz_record *rec)
{
	struct viz_inbox *in = viz_inbox_fetch(trust->core, &rec->author, rec->slot);

	if (in)
		judge_result(trust, in);
	free(in);
}

void viz_audit_judge_result(struct viz_net *net, const struct viz_record *rec,
			    const struct viz_id *id)
{
	(void)id;
	judge_result_of(net->trust, rec);
}

void viz_audit_judge_ack(struct viz_net *net, const struct viz_record *rec, struct viz_reader *body)
{
	size_t len;

	viz_reader_skip(body, &len, 1);
	judge_result_of(net->trust, rec);
}
