#include "node/audit/contradiction.h"

#include "node/core/ids.h"
#include "proto/base.h"
#include "proto/federation.h"
#include "proto/limits.h"
#include "proto/offer.h"
#include "proto/proof.h"
#include "proto/record.h"
#include "proto/statement.h"
#include "proto/trust.h"

struct search {
	const struct viz_contradiction *p;
	struct viz_id federation;
	bool found;
};

static void see(void *arg, enum viz_rule rule, enum viz_verdict verdict, const struct viz_id *about)
{
	struct search *s = arg;

	s->found |= rule == s->p->rule && verdict == VIZ_VERDICT_CONTRADICTION &&
		    viz_id_eq(about, &s->p->about);
}

bool viz_contradiction_possible(enum viz_rule rule)
{
	return rule >= VIZ_RULE_EQUIVOCATION && rule <= VIZ_RULE_PROOF_FALSE;
}

/* ---- pairs ---- */

static void equivocation(struct search *s, const struct viz_record *a, const struct viz_record *b)
{
	struct viz_id about = {{a->type}};

	if (a->type == b->type && a->slot == b->slot && a->seq == b->seq &&
	    a->type < VIZ_TYPE_STATEMENT_MIN &&
	    (a->len != b->len || memcmp(a->bytes, b->bytes, a->len) != 0))
		see(s, VIZ_RULE_EQUIVOCATION, VIZ_VERDICT_CONTRADICTION, &about);
}

/* The rules that compare two records of the accused. */
static void judge_pair(struct search *s, const struct viz_record *a, const struct viz_record *b)
{
	const struct viz_federation *f = s->p->federation;

	equivocation(s, a, b);
	if (a->type == VIZ_TYPE_PARTNERS && b->type == VIZ_TYPE_PARTNERS)
		viz_rules_records_partners(f, a, b, see, s);
	if (a->type == VIZ_TYPE_PARTNERS && b->type == VIZ_TYPE_NODE)
		viz_rules_records_node(a, b, see, s);
	if (a->type == VIZ_TYPE_PLEDGE && b->type == VIZ_TYPE_PLEDGE)
		viz_rules_records_pledges(a, b, see, s);
	if (a->type == VIZ_TYPE_OFFER && b->type == VIZ_TYPE_NODE)
		viz_rules_log_node(f, a, b, see, s);
	if (viz_record_is_write_once(a->type) && viz_record_is_write_once(b->type)) {
		viz_rules_log_records(f, a, b, see, s);
		viz_rules_log_mixed(f, a, b, see, s);
	}
}

static const struct viz_record *find_record(const struct search *s, const struct viz_id *id)
{
	for (size_t i = 0; i < s->p->record_count; i++) {
		struct viz_id is;

		viz_ids_record(&is, &s->federation, &s->p->record[i]);
		if (viz_id_eq(&is, id))
			return &s->p->record[i];
	}
	return NULL;
}

/* The head, with what its NODE says. False: there is no such NODE of the accused, or it commits to
 * another one. */
static bool read_head(const struct search *s, struct viz_rules_head *out,
		      const struct viz_contradiction_head *head)
{
	const struct viz_record *node = find_record(s, &head->head.node);
	struct viz_node_body body;
	struct viz_id commit;

	if (!node || !viz_id_eq(&node->author, &s->p->accused) || node->seq != head->seq ||
	    viz_node_body_parse(&body, node) != VIZ_OK || body.log != head->head.log)
		return false;
	*out = head->head;
	out->time = node->time;
	viz_ids_head(&commit, head->seq, out->log, out->number, &out->value);
	return viz_id_eq(&commit, &body.head);
}

/* The rule that compares a PARTNERS with a NODE and the PARTNERS that this names. */
static void judge_named(struct search *s, const struct viz_record *partners,
			const struct viz_record *node)
{
	const struct viz_record *named;
	struct viz_node_body body;

	if (partners->type != VIZ_TYPE_PARTNERS || node->type != VIZ_TYPE_NODE ||
	    viz_node_body_parse(&body, node) != VIZ_OK)
		return;
	named = find_record(s, &body.partners);
	if (named)
		viz_rules_records_named(s->p->federation, named, partners, node, see, s);
}

static void judge_heads(struct search *s)
{
	struct viz_rules_head x, y;

	for (size_t i = 0; i < s->p->head_count; i++) {
		if (!read_head(s, &x, &s->p->head[i]))
			continue;
		for (size_t k = 0; k < i; k++)
			if (read_head(s, &y, &s->p->head[k]))
				viz_rules_log_heads(&x, &y, see, s);
		for (size_t k = 0; k < s->p->record_count; k++)
			if (viz_record_is_write_once(s->p->record[k].type) &&
			    viz_id_eq(&s->p->record[k].author, &s->p->accused))
				viz_rules_log_head(s->p->federation, &s->p->record[k], &x, see, s);
	}
}

/* ---- one offer ---- */

/* Reads the PARTNERS of the accused with this id. */
static bool named_partners(const struct search *s, struct viz_partners *out,
			   const struct viz_id *id)
{
	const struct viz_record *rec = find_record(s, id);

	return rec && rec->type == VIZ_TYPE_PARTNERS && viz_id_eq(&rec->author, &s->p->accused) &&
	       viz_partners_parse(out, rec) == VIZ_OK;
}

static int by_place(const void *a, const void *b)
{
	const struct viz_rules_item *x = a, *y = b;
	int c = viz_id_cmp(&x->author, &y->author);

	if (c != 0)
		return c;
	return x->type != y->type ? x->type - y->type : x->slot < y->slot ? -1 : x->slot > y->slot;
}

/* Whether the items have this hash, and each one its record here. Adds them to `out`. */
static bool add_items(const struct search *s, struct viz_rules_item *out, size_t *n,
		      const struct viz_contradiction_items *items, const struct viz_id *hash)
{
	struct viz_id item[VIZ_VIEW_ITEMS_MAX], is;

	for (size_t i = 0; i < items->list.count; i++) {
		const struct viz_view_item *x = &items->list.item[i];
		const struct viz_record *rec = x->has_id ? find_record(s, &x->id) : NULL;
		struct viz_record place = {
		    .author = items->author, .type = x->type, .slot = x->slot, .seq = x->seq};

		viz_ids_item(&item[i], &place, &x->id, !x->has_id);
		out[*n] = (struct viz_rules_item){
		    .author = items->author, .type = x->type, .slot = x->slot, .dead = !x->has_id};
		if (x->has_id) {
			if (!rec || !viz_id_eq(&rec->author, &items->author) ||
			    rec->type != x->type || rec->slot != x->slot || rec->seq != x->seq)
				return false;
			out[*n].rec = *rec;
		}
		++*n;
	}
	viz_ids_author_items(&is, &items->author, 1, item, items->list.count);
	return viz_id_eq(&is, hash);
}

/* Puts the items of the view that are here into `out`. False: it is not the OFFER's, or what is
 * about the one in question is not complete. */
static bool read_view(const struct search *s, struct viz_rules_item *out, size_t *n,
		      const struct viz_partners *named, struct viz_time drawn,
		      const struct viz_id *digest)
{
	static struct viz_id author[VIZ_PARTNERS_MAX];
	size_t count =
	    viz_partners_in_force(author, named, drawn, s->p->federation->partner_delay_ms);
	struct viz_id is;
	bool about = false;

	*n = 0;
	if (count != s->p->view_count)
		return false;
	viz_ids_view(&is, drawn, s->p->view->b, count);
	if (!viz_id_eq(&is, digest))
		return false;
	for (size_t i = 0; i < s->p->items_count; i++) {
		size_t at = 0;

		while (at < count && !viz_id_eq(&author[at], &s->p->items[i].author))
			at++;
		if (at == count || !add_items(s, out, n, &s->p->items[i], &s->p->view[at]))
			return false;
		about |= viz_id_eq(&author[at], &s->p->about);
	}
	qsort(out, *n, sizeof *out, by_place);
	return about || s->p->rule == VIZ_RULE_PLEDGE_FORGED;
}

/* Whether the lists show it without the view: an index past the PARTNERS, or one who is no partner
 * then. */
static bool needs_no_view(const struct search *s, const struct viz_offer *o,
			  const struct viz_partners *named)
{
	static struct viz_id author[VIZ_PARTNERS_MAX];
	size_t n;

	if (viz_id_eq(&s->p->about, &o->partners))
		return true;
	n = viz_partners_in_force(author, named, o->drawn, s->p->federation->partner_delay_ms);
	for (size_t i = 0; i < n; i++)
		if (viz_id_eq(&author[i], &s->p->about))
			return false;
	return s->p->rule == VIZ_RULE_UNFOUNDED;
}

static bool by_view(enum viz_rule rule)
{
	return rule == VIZ_RULE_OMITTED || rule == VIZ_RULE_OMITTED_ACKNOWLEDGED ||
	       rule == VIZ_RULE_UNFOUNDED;
}

/* A PLEDGE by a later key is judged by the SUCCESSIONs of the view, by key 0 without it. */
static bool may_have_view(enum viz_rule rule)
{
	return by_view(rule) || rule == VIZ_RULE_PLEDGE_FORGED;
}

/* Whether the record is of this offer of the accused. */
static bool of_offer(const struct search *s, const struct viz_record *rec, uint64_t slot)
{
	return viz_id_eq(&rec->author, &s->p->accused) && viz_record_slot_offer(rec->slot) == slot;
}

/* Records and memory of a case. */
struct memory {
	struct viz_partners named;
	struct viz_record choice[VIZ_CHOICES_MAX];
	struct viz_record statement[VIZ_COVERAGE_SLOTS + 2], coverage[VIZ_COVERAGE_SLOTS];
	struct viz_rules_item *item;
};

static void collect(const struct search *s, struct viz_case *c, struct memory *m, uint64_t slot)
{
	for (size_t i = 0; i < s->p->record_count; i++) {
		const struct viz_record *rec = &s->p->record[i];
		bool ours = of_offer(s, rec, slot);

		if (rec->type == VIZ_TYPE_CLOSE && ours)
			c->close = rec;
		else if (rec->type == VIZ_TYPE_RESULT && ours)
			c->result = rec;
		else if (rec->type == VIZ_TYPE_CHOICE && ours && c->choice_count < VIZ_CHOICES_MAX)
			m->choice[c->choice_count++] = *rec;
		else if ((rec->type == VIZ_TYPE_COVERAGE_ACK || rec->type == VIZ_TYPE_PLEDGE_ACK ||
			  rec->type == VIZ_TYPE_REVEAL_ACK || rec->type == VIZ_TYPE_LEASE) &&
			 viz_id_eq(&rec->author, &s->p->accused) &&
			 c->statement_count < VIZ_COVERAGE_SLOTS + 2)
			m->statement[c->statement_count++] = *rec;
		else if (rec->type == VIZ_TYPE_COVERAGE && viz_id_eq(&rec->author, &s->p->about) &&
			 c->coverage_count < VIZ_COVERAGE_SLOTS)
			m->coverage[c->coverage_count++] = *rec;
	}
	c->choice = m->choice;
	c->statement = m->statement;
	c->coverage = m->coverage;
}

/* The OFFER of the accused that names this one as previous, when the rule asks for it. */
static const struct viz_record *next_offer(const struct search *s, const struct viz_record *offer)
{
	for (size_t i = 0; s->p->rule == VIZ_RULE_LEASE_OUTLASTED && i < s->p->record_count; i++) {
		const struct viz_record *rec = &s->p->record[i];

		if (rec->type == VIZ_TYPE_OFFER && rec->slot != offer->slot &&
		    viz_id_eq(&rec->author, &s->p->accused))
			return rec;
	}
	return NULL;
}

/* Whom the OFFER asks, by the PARTNERS that it names. 0: an index is past it. */
static size_t read_asked(struct viz_id out[VIZ_ASKED_MAX], const struct viz_offer *o,
			 const struct viz_partners *named)
{
	for (size_t i = 0; i < o->asked_count; i++) {
		if (o->asked[i].index >= named->count)
			return 0;
		out[i] = named->entry[o->asked[i].index].id;
	}
	return o->asked_count;
}

/* The PROOFs of this offer. */
static void judge_proofs(struct search *s, const struct viz_case *c, const struct viz_offer *o)
{
	struct viz_id asked[VIZ_ASKED_MAX], offer, id;
	struct viz_rules_proof p = {.result = c->result, .asked = asked};
	struct viz_proof body;

	if (c->named)
		p.asked_count = read_asked(asked, o, c->named);
	viz_ids_record(&offer, &s->federation, c->offer);
	for (size_t i = 0; i < s->p->record_count; i++) {
		p.proof = &s->p->record[i];
		if (p.proof->type != VIZ_TYPE_PROOF || p.proof->slot != c->offer->slot ||
		    !viz_id_eq(&p.proof->author, &s->p->accused) ||
		    viz_proof_parse(&body, p.proof) != VIZ_OK || !viz_id_eq(&body.offer, &offer))
			continue;
		p.choice = NULL;
		for (size_t k = 0; k < c->choice_count; k++)
			if (viz_record_slot_k(c->choice[k].slot) == body.k)
				p.choice = &c->choice[k];
		viz_ids_record(&id, &s->federation, p.proof);
		viz_rules_proof(&p, &id, see, s);
	}
}

static void judge_offer(struct search *s, const struct viz_record *offer, struct memory *m)
{
	struct viz_case c = {.federation = s->p->federation,
			     .offer = offer,
			     .pledge_key = s->p->key,
			     .pledge_key_count = s->p->key_count,
			     .self = s->p->about};
	struct viz_offer o;

	if (viz_offer_parse(&o, offer) != VIZ_OK)
		return;
	collect(s, &c, m, offer->slot);
	if (named_partners(s, &m->named, &o.partners)) {
		c.named = &m->named;
		viz_rules_log_partners(offer, c.named, see, s);
	}
	c.node = find_record(s, &o.node);
	c.next = next_offer(s, offer);
	c.stub = s->p->stub;
	c.stub_count = s->p->stub_count;
	if (c.named && may_have_view(s->p->rule) &&
	    read_view(s, m->item, &c.view_count, c.named, o.drawn, &o.view))
		c.view = m->item;
	else
		c.view_count = 0;
	if (c.view || !by_view(s->p->rule) || (c.named && needs_no_view(s, &o, c.named)))
		viz_rules_lists(&c, see, s);
	viz_rules_result(&c, see, s);
	viz_rules_choice(&c, see, s);
	judge_proofs(s, &c, &o);
}

/* The OFFER at this position, with the PARTNERS that it names. */
struct draw {
	struct viz_offer offer;
	struct viz_partners named;
	struct viz_rules_draw rules;
};

static bool read_draw(const struct search *s, struct draw *d, const struct viz_record *rec)
{
	if (rec->type != VIZ_TYPE_OFFER || !viz_id_eq(&rec->author, &s->p->accused) ||
	    viz_offer_parse(&d->offer, rec) != VIZ_OK ||
	    !named_partners(s, &d->named, &d->offer.partners))
		return false;
	viz_ids_record(&d->rules.offer, &s->federation, rec);
	d->rules.time = rec->time;
	d->rules.lists = &d->offer;
	d->rules.named = &d->named;
	return true;
}

static void judge_turns(struct search *s, struct draw *x, struct draw *y)
{
	for (size_t i = 0; i < s->p->record_count; i++)
		for (size_t k = 0; k < i; k++)
			if (read_draw(s, x, &s->p->record[i]) && read_draw(s, y, &s->p->record[k]))
				viz_rules_turns(s->p->federation, &x->rules, &y->rules, see, s);
}

static bool judge(struct search *s, struct memory *m, struct draw *x, struct draw *y)
{
	const struct viz_record *rec = s->p->record;

	for (size_t i = 0; i < s->p->record_count; i++)
		for (size_t k = 0; k < s->p->record_count; k++)
			if (i != k && viz_id_eq(&rec[i].author, &s->p->accused) &&
			    viz_id_eq(&rec[k].author, &s->p->accused)) {
				judge_pair(s, &rec[i], &rec[k]);
				judge_named(s, &rec[i], &rec[k]);
			}
	judge_heads(s);
	judge_turns(s, x, y);
	for (size_t i = 0; i < s->p->record_count; i++)
		if (rec[i].type == VIZ_TYPE_OFFER && viz_id_eq(&rec[i].author, &s->p->accused))
			judge_offer(s, &rec[i], m);
	return s->found;
}

bool viz_contradiction_shows(const struct viz_contradiction *p)
{
	struct search s = {.p = p};
	struct memory *m = calloc(1, sizeof *m);
	struct draw *draw = calloc(2, sizeof *draw);
	bool shown = false;

	if (m && draw)
		m->item = calloc(p->items_count * VIZ_VIEW_ITEMS_MAX + 1, sizeof *m->item);
	viz_ids_federation(&s.federation, p->federation);
	if (m && m->item && viz_contradiction_possible(p->rule))
		shown = judge(&s, m, &draw[0], &draw[1]);
	if (m)
		free(m->item);
	free(draw);
	free(m);
	return shown;
}
