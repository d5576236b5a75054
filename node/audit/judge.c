#include "node/audit/judge.h"

#include "node/audit/finding.h"
#include "node/audit/log.h"
#include "node/audit/next.h"
#include "node/audit/pledge_keys.h"
#include "node/audit/rules.h"
#include "node/core/core.h"
#include "node/core/place.h"
#include "node/coverage/ack.h"
#include "node/gossip/strata.h"
#include "node/inbox/inbox.h"
#include "node/inbox/offer.h"
#include "node/link/net.h"
#include "node/offer/view.h"
#include "node/self/statement.h"
#include "node/trust/author.h"
#include "node/trust/live.h"
#include "node/trust/member.h"
#include "node/trust/named.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/limits.h"
#include "proto/mail.h"
#include "proto/offer.h"
#include "proto/reader.h"
#include "proto/record.h"
#include "proto/statement.h"
#include "proto/trust.h"

void viz_audit_judge_pledge(struct viz_net *net, const struct viz_id *from, struct viz_reader *r)
{
	const struct viz_id *self = &net->trust->self.author;
	struct viz_record first, second;
	struct viz_finding_list found = {0};
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
	found.key_ended =
	    !viz_audit_log_counts(net->trust, &first) || !viz_audit_log_counts(net->trust, &second);
	viz_rules_records_pledges(&first, &second, viz_finding_list_add, &found);
	if (found.count > 0)
		viz_statement_keep(net->core, self, &second, 2);
	viz_finding_list_keep(net->trust, &found, from, second.slot);
}

/* What an offer is judged by. What the rules find by all that is held, and not by what counts, was
 * signed by a key that has ended: no contradiction, but a suspicion. */
struct grounds {
	struct viz_trust *trust;
	bool all; /* also what a key has signed that has ended, and that its log does not reach */
	bool left_out; /* something of that kind was not taken */
	size_t stubs;  /* so many were looked at */
};

static bool takes(struct grounds *g, const struct viz_record *rec)
{
	bool counts = viz_audit_log_counts(g->trust, rec);

	g->left_out |= !counts && !g->all;
	return counts || g->all;
}

/* Reads a statement about the offer or coverage (author, slot) of `of`. False: it is not kept, or
 * not taken. */
static bool statement(struct grounds *g, struct viz_record *out, const struct viz_id *of,
		      uint64_t slot, uint8_t type, const struct viz_id *author, uint64_t number)
{
	struct viz_slice v;

	return viz_statement_get(g->trust->core, &v, of, slot, type, author, number) &&
	       viz_record_parse(out, v.p, v.len) == VIZ_OK && takes(g, out);
}

/* The origin's record of this type for the offer; NULL: it is not here, equivocated, or not taken.
 */
static const struct viz_record *record(struct grounds *g, struct viz_record *out,
				       const struct viz_inbox *in, uint8_t type)
{
	struct viz_held held;

	return viz_place_get(g->trust->core, &held, out, &in->origin, type, in->slot) &&
		       !held.dead && takes(g, out)
		   ? out
		   : NULL;
}

/* The CHOICEs of the offer that are here; returns how many. */
static size_t read_choices(struct grounds *g, struct viz_record *out, const struct viz_inbox *in)
{
	struct viz_held held;
	size_t n = 0;

	for (unsigned k = 1; k <= VIZ_CHOICES_MAX; k++)
		n += viz_place_get(g->trust->core, &held, &out[n], &in->origin, VIZ_TYPE_CHOICE,
				   viz_record_slot_choice(in->slot, k)) &&
		     !held.dead && takes(g, &out[n]);
	return n;
}

/* Our own PLEDGE in CLOSE, when it is another one than we have kept: we have signed two. */
static void judge_own_pledge(struct viz_trust *trust, const struct viz_inbox *in,
			     const struct viz_record *close)
{
	const struct viz_id *self = &trust->self.author;
	struct viz_close *c = viz_core_alloc(sizeof *c);
	struct grounds g = {.trust = trust};
	struct viz_record kept, shown;
	struct viz_finding_list found = {0};
	struct viz_id id;

	if (statement(&g, &kept, &in->origin, in->slot, VIZ_TYPE_PLEDGE, self, 1) &&
	    viz_close_parse(c, close) == VIZ_OK)
		for (size_t i = 0; i < c->count; i++)
			if (c->entry[i].answered &&
			    viz_statement_check(trust, &shown, &id, c->entry[i].pledge,
						sizeof c->entry[i].pledge, VIZ_TYPE_PLEDGE,
						self) == VIZ_OK)
				viz_rules_records_pledges(&kept, &shown, viz_finding_list_add,
							  &found);
	viz_finding_list_keep(trust, &found, self, in->slot);
	free(c);
}

/* The LEASEs of the awards of this offer that we have held. */
static size_t read_leases(struct grounds *g, struct viz_record *out, const struct viz_inbox *in)
{
	size_t n = 0;

	for (uint32_t k = 1; k <= in->award_n; k++)
		n += statement(g, &out[n], &in->origin, in->slot, VIZ_TYPE_LEASE, &in->origin, k);
	return n;
}

/* Whether an entry of CLOSE is forged: the proof may need the view. */
static bool has_forged(const struct viz_finding_list *f)
{
	for (size_t i = 0; i < f->count; i++)
		if (f->list[i].rule == VIZ_RULE_PLEDGE_FORGED)
			return true;
	return false;
}

/* `view`: the items of the OFFER's view, when they are known. `entries`: who signed the entries of
 * CLOSE is judged too, which costs a check of a signature for each. */
static void find_in_result(struct grounds *g, const struct viz_inbox *in,
			   const struct viz_rules_item *view, size_t n, bool entries,
			   struct viz_finding_list *found)
{
	const struct viz_id *origin = &in->origin;
	struct viz_core *core = g->trust->core;
	struct viz_record offer, close, result, choice[VIZ_CHOICES_MAX], kept[2 + VIZ_AWARDS_MAX];
	struct viz_case c = {.federation = &core->federation,
			     .self = g->trust->self.author,
			     .choice = choice,
			     .statement = kept};
	struct viz_partners *named = viz_core_alloc(sizeof *named);
	struct viz_rules_key key[VIZ_ASKED_MAX];
	struct viz_audit_next next = {0};
	size_t leases;

	c.offer = record(g, &offer, in, VIZ_TYPE_OFFER);
	c.close = record(g, &close, in, VIZ_TYPE_CLOSE);
	c.result = record(g, &result, in, VIZ_TYPE_RESULT);
	c.choice_count = read_choices(g, choice, in);
	if (viz_view_partners(core, named, origin, &in->partners))
		c.named = named;
	c.view = view;
	c.view_count = view ? n : 0;
	c.pledge_key = key;
	c.pledge_key_count = c.close && entries ? viz_pledge_keys_list(g->trust, key, VIZ_ASKED_MAX,
								       in, c.named, &close)
						: 0;
	c.statement_count += statement(g, &kept[c.statement_count], origin, in->slot,
				       VIZ_TYPE_PLEDGE_ACK, origin, 1);
	c.statement_count += statement(g, &kept[c.statement_count], origin, in->slot,
				       VIZ_TYPE_REVEAL_ACK, origin, 1);
	leases = read_leases(g, &kept[c.statement_count], in);
	c.statement_count += leases;
	if (leases > 0 && viz_audit_next_read(core, &next, in, choice, c.choice_count) &&
	    takes(g, &next.offer)) {
		g->stubs += next.stub_count;
		c.next = &next.offer;
		c.stub = next.stub;
		c.stub_count = next.stub_count;
	}
	viz_rules_result(&c, viz_finding_list_add, found);
	viz_rules_choice(&c, viz_finding_list_add, found);
	free(next.stub);
	free(named);
}

/* As above, by what counts, and by all if something does not. Gives whether an entry of CLOSE is
 * forged. */
static bool judge_by(struct grounds *g, const struct viz_inbox *in,
		     const struct viz_rules_item *view, size_t n, bool entries)
{
	struct viz_finding_list found = {0};
	struct viz_record close;
	bool forged;

	find_in_result(g, in, view, n, entries, &found);
	found.key_ended = g->all = g->left_out;
	if (g->all)
		find_in_result(g, in, view, n, entries, &found);
	if (entries && record(g, &close, in, VIZ_TYPE_CLOSE))
		judge_own_pledge(g->trust, in, &close);
	forged = has_forged(&found);
	viz_finding_list_keep(g->trust, &found, &in->origin, in->slot);
	return forged;
}

static bool judge_result(struct viz_trust *trust, const struct viz_inbox *in,
			 const struct viz_rules_item *view, size_t n, bool entries)
{
	struct grounds g = {.trust = trust};

	return judge_by(&g, in, view, n, entries);
}

static void find_in_lists(struct grounds *g, const struct viz_inbox *in,
			  const struct viz_partners *named, const struct viz_rules_item *view,
			  size_t n, struct viz_finding_list *found)
{
	struct viz_trust *trust = g->trust;
	const struct viz_id *self = &trust->self.author;
	/* An origin that is no partner of ours any more may have left us out. */
	uint64_t slots = viz_live_partner(trust, &in->origin) ? VIZ_COVERAGE_SLOTS : 0;
	struct viz_record offer, node, coverage[VIZ_COVERAGE_SLOTS];
	struct viz_record ack[2 * VIZ_COVERAGE_SLOTS]; /* the newest, and that of the draw */
	struct viz_offer body;
	struct viz_case c = {.federation = &trust->core->federation,
			     .self = *self,
			     .coverage = coverage,
			     .statement = ack};

	c.offer = record(g, &offer, in, VIZ_TYPE_OFFER);
	c.partners = slots > 0 ? viz_member_self(trust)->partners : NULL;
	for (uint64_t slot = 0; slot < slots; slot++) {
		if (!viz_live_get(trust, &coverage[c.coverage_count], self, VIZ_TYPE_COVERAGE,
				  slot))
			continue;
		c.coverage_count++;
		c.statement_count += statement(g, &ack[c.statement_count], self, slot,
					       VIZ_TYPE_COVERAGE_ACK, &in->origin, 1);
		c.statement_count += viz_coverage_ack_before(trust->core, &ack[c.statement_count],
							     self, slot, &in->origin, in->drawn) &&
				     takes(g, &ack[c.statement_count]);
	}
	if (c.offer && viz_offer_parse(&body, c.offer) == VIZ_OK &&
	    viz_named_get(trust->core, &node, &in->origin, &body.node))
		c.node = &node;
	c.named = named;
	c.view = view;
	c.view_count = n;
	viz_rules_lists(&c, viz_finding_list_add, found);
}

static uint8_t *copy_signed(const struct viz_record *rec)
{
	size_t len = rec->len + sizeof rec->sig.b;
	uint8_t *copy = viz_core_alloc(len);

	memcpy(copy, rec->bytes - sizeof rec->sig.b, len);
	return copy;
}

/* What proves that the origin has acknowledged what it left out: the acknowledgements that it gives
 * later take the place of these, and our coverage changes. */
static void keep_acknowledged(struct viz_trust *trust, const struct viz_inbox *in)
{
	const struct viz_id *self = &trust->self.author;
	uint8_t key[VIZ_STATEMENT_KEY_LEN];
	struct viz_record ack, coverage;
	struct viz_coverage_ack body;
	struct viz_id id;

	for (uint64_t slot = 0; slot < VIZ_COVERAGE_SLOTS; slot++) {
		uint8_t *copy[2];

		if (!viz_live_get(trust, &coverage, self, VIZ_TYPE_COVERAGE, slot) ||
		    !viz_coverage_ack_before(trust->core, &ack, self, slot, &in->origin, in->drawn))
			continue;
		viz_ids_record(&id, &trust->core->federation_id, &coverage);
		if (viz_coverage_ack_parse(&body, &ack) != VIZ_OK ||
		    !viz_id_eq(&body.coverage, &id))
			continue;
		/* both lie in the store, which a write may move */
		copy[0] = copy_signed(&ack);
		copy[1] = copy_signed(&coverage);
		viz_place_statement_key(key, &in->origin, in->slot, VIZ_OFFER_ROW_ACKED,
					&in->origin, slot);
		viz_core_put(trust->core, VIZ_TABLE_STATEMENT, key, sizeof key, copy[0],
			     ack.len + sizeof ack.sig.b);
		viz_view_evidence_put(trust, &id, &in->origin, copy[1],
				      coverage.len + sizeof coverage.sig.b);
		free(copy[0]);
		free(copy[1]);
	}
}

bool viz_audit_judge_lists(struct viz_trust *trust, struct viz_inbox *in,
			   const struct viz_partners *named, const struct viz_rules_item *view,
			   size_t n)
{
	struct grounds g = {.trust = trust};
	struct viz_finding_list found = {0};
	bool any;

	find_in_lists(&g, in, named, view, n, &found);
	found.key_ended = g.all = g.left_out;
	if (g.all)
		find_in_lists(&g, in, named, view, n, &found);
	any = found.count > 0;
	/* who signed the pledges is judged by the view, which the first write makes invalid */
	any |= judge_result(trust, in, view, n, true);
	viz_pledge_keys_keep(trust, in, named, view, n);
	for (size_t i = 0; i < found.count; i++)
		if (found.list[i].rule == VIZ_RULE_OMITTED_ACKNOWLEDGED)
			keep_acknowledged(trust, in);
	viz_finding_list_keep(trust, &found, &in->origin, in->slot);
	in->view_judged = true;
	viz_inbox_put(trust->core, in);
	return any;
}

static void judge_result_of(struct viz_trust *trust, const struct viz_record *rec)
{
	struct viz_inbox *in =
	    viz_inbox_fetch(trust->core, &rec->author, viz_record_slot_offer(rec->slot));

	if (in)
		judge_result(trust, in, NULL, 0, false);
	free(in);
}

bool viz_audit_judge_close(struct viz_trust *trust, const struct viz_inbox *in,
			   const struct viz_record *rec)
{
	viz_audit_log_record(trust, rec);
	return judge_result(trust, in, NULL, 0, true);
}

void viz_audit_judge_offer(struct viz_net *net, const struct viz_record *rec,
			   const struct viz_id *id)
{
	const struct viz_member *m = viz_member_find(net->trust, &rec->author);
	struct viz_inbox *in = NULL;
	struct viz_offer o;
	struct viz_id origin;
	uint64_t slot;

	if (m && viz_author_key_ended(m, rec->key))
		viz_inbox_offer_ended(net->trust, rec, id);
	viz_audit_log_record(net->trust, rec);
	/* the lease that we have of the customer's offer before this one */
	if (viz_offer_parse(&o, rec) == VIZ_OK && o.has_previous &&
	    viz_strata_find(net->core, &origin, &slot, &o.previous) &&
	    viz_id_eq(&origin, &rec->author))
		in = viz_inbox_fetch(net->core, &origin, slot);
	if (in)
		judge_result(net->trust, in, NULL, 0, false);
	free(in);
}

void viz_audit_judge_result(struct viz_net *net, const struct viz_record *rec,
			    const struct viz_id *id)
{
	(void)id;
	viz_audit_log_record(net->trust, rec);
	judge_result_of(net->trust, rec);
}

size_t viz_audit_judge_leases(struct viz_trust *trust, const struct viz_inbox *in)
{
	struct grounds g = {.trust = trust};

	if (in->award_n > 0)
		judge_by(&g, in, NULL, 0, false);
	return g.stubs;
}

void viz_audit_judge_ack(struct viz_net *net, const struct viz_record *rec, struct viz_reader *body)
{
	size_t len;

	viz_reader_skip(body, &len, 1);
	judge_result_of(net->trust, rec);
}
