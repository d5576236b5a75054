#include "node/audit/judge.h"

#include "node/audit/finding.h"
#include "node/audit/rules.h"
#include "node/core/core.h"
#include "node/core/place.h"
#include "node/inbox/inbox.h"
#include "node/link/net.h"
#include "node/offer/view.h"
#include "node/self/statement.h"
#include "node/trust/live.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/limits.h"
#include "proto/mail.h"
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
	keep(net->trust, &found, &rec->author, 0);
}

void viz_audit_judge_pledge(struct viz_net *net, const struct viz_id *from, struct viz_reader *r)
{
	const struct viz_id *self = &net->trust->self.author;
	struct viz_record first, second;
	struct findings found = {0};
	struct viz_mail_pledge mail;
	struct viz_slice v;
	struct viz_id id;

	viz_mail_pledge_read(r, &mail);
	if (viz_reader_finish(r) != VIZ_OK ||
	    viz_record_parse(&second, mail.pledge, sizeof mail.pledge) != VIZ_OK ||
	    !viz_statement_get(net->core, &v, self, second.slot, VIZ_TYPE_PLEDGE, from, 1) ||
	    memcmp(v.p, mail.pledge, sizeof mail.pledge) == 0 ||
	    viz_record_parse(&first, v.p, v.len) != VIZ_OK ||
	    viz_statement_check(net->trust, &second, &id, mail.pledge, sizeof mail.pledge,
				VIZ_TYPE_PLEDGE, from) != VIZ_OK)
		return;
	viz_rules_records_pledges(&first, &second, add, &found);
	if (found.count > 0)
		viz_statement_keep(net->core, self, &second, 2);
	keep(net->trust, &found, from, second.slot);
}

/* The records of a view, parsed; the caller frees them. */
static struct viz_record *read_view(struct viz_core *core, size_t *count, const uint8_t *ids,
				    size_t n)
{
	struct viz_record *view = viz_core_alloc(n * sizeof *view);

	*count = 0;
	for (size_t i = 0; i < n; i++) {
		struct viz_slice v;
		struct viz_id id;

		memcpy(id.b, ids + i * sizeof id.b, sizeof id.b);
		if (viz_view_evidence_get(core, &v, &id) &&
		    viz_record_parse(&view[*count], v.p, v.len) == VIZ_OK)
			++*count;
	}
	return view;
}

/* Reads a statement about the offer or coverage (author, slot) of `of`. False: it is not kept. */
static bool statement(struct viz_core *core, struct viz_record *out, const struct viz_id *of,
		      uint64_t slot, uint8_t type, const struct viz_id *author, uint64_t number)
{
	struct viz_slice v;

	return viz_statement_get(core, &v, of, slot, type, author, number) &&
	       viz_record_parse(out, v.p, v.len) == VIZ_OK;
}

/* The origin's record of this type for the offer; NULL: it is not here, or equivocated. */
static const struct viz_record *record(struct viz_core *core, struct viz_record *out,
				       const struct viz_inbox *in, uint8_t type)
{
	struct viz_held held;

	return viz_place_get(core, &held, out, &in->origin, type, in->slot) && !held.dead ? out
											  : NULL;
}

/* The CHOICEs of the offer that are here; returns how many. */
static size_t read_choices(struct viz_core *core, struct viz_record *out,
			   const struct viz_inbox *in)
{
	struct viz_held held;
	size_t n = 0;

	for (unsigned k = 1; k <= VIZ_CHOICES_MAX; k++)
		n += viz_place_get(core, &held, &out[n], &in->origin, VIZ_TYPE_CHOICE,
				   viz_record_slot_choice(in->slot, k)) &&
		     !held.dead;
	return n;
}

/* Our own PLEDGE in CLOSE, when it is another one than we have kept: we have signed two. */
static void judge_own_pledge(struct viz_trust *trust, const struct viz_inbox *in,
			     const struct viz_record *close)
{
	const struct viz_id *self = &trust->self.author;
	struct viz_close *c = viz_core_alloc(sizeof *c);
	struct viz_record kept, shown;
	struct findings found = {0};
	struct viz_id id;

	if (statement(trust->core, &kept, &in->origin, in->slot, VIZ_TYPE_PLEDGE, self, 1) &&
	    viz_close_parse(c, close) == VIZ_OK)
		for (size_t i = 0; i < c->count; i++)
			if (c->entry[i].answered &&
			    viz_statement_check(trust, &shown, &id, c->entry[i].pledge,
						sizeof c->entry[i].pledge, VIZ_TYPE_PLEDGE,
						self) == VIZ_OK)
				viz_rules_records_pledges(&kept, &shown, add, &found);
	keep(trust, &found, self, in->slot);
	free(c);
}

static void judge_result(struct viz_trust *trust, const struct viz_inbox *in)
{
	const struct viz_id *origin = &in->origin;
	struct viz_core *core = trust->core;
	struct viz_record offer, close, result, choice[VIZ_CHOICES_MAX], kept[3];
	struct viz_case c = {.federation = &core->federation,
			     .self = trust->self.author,
			     .choice = choice,
			     .statement = kept};
	struct findings found = {0};
	struct viz_slice view;

	c.offer = record(core, &offer, in, VIZ_TYPE_OFFER);
	c.close = record(core, &close, in, VIZ_TYPE_CLOSE);
	c.result = record(core, &result, in, VIZ_TYPE_RESULT);
	c.choice_count = read_choices(core, choice, in);
	if (in->has_key)
		c.key = &in->key;
	if (viz_view_evidence_get(core, &view, &in->view))
		c.view = read_view(core, &c.view_count, view.p, view.len / sizeof(struct viz_id));
	c.statement_count += statement(core, &kept[c.statement_count], origin, in->slot,
				       VIZ_TYPE_PLEDGE_ACK, origin, 1);
	c.statement_count += statement(core, &kept[c.statement_count], origin, in->slot,
				       VIZ_TYPE_REVEAL_ACK, origin, 1);
	c.statement_count += statement(core, &kept[c.statement_count], origin, in->slot,
				       VIZ_TYPE_AWARD, origin, in->award_n);
	viz_rules_result(&c, add, &found);
	viz_rules_choice(&c, add, &found);
	if (c.close)
		judge_own_pledge(trust, in, &close);
	free(c.view);
	keep(trust, &found, origin, in->slot);
}

void viz_audit_judge_lists(struct viz_trust *trust, struct viz_inbox *in, const uint8_t *view,
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
					       VIZ_TYPE_COVERAGE_ACK, &in->origin, 1);
	}
	c.view = read_view(trust->core, &c.view_count, view, n);
	viz_rules_lists(&c, add, &found);
	free(c.view);
	keep(trust, &found, &in->origin, in->slot);
	in->view_judged = true;
	viz_inbox_put(trust->core, in);
	judge_result(trust, in); /* who signed the pledges is judged by the view */
}

static void judge_result_of(struct viz_trust *trust, const struct viz_record *rec)
{
	struct viz_inbox *in =
	    viz_inbox_fetch(trust->core, &rec->author, viz_record_slot_offer(rec->slot));

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
