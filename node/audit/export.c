#include "node/audit/export.h"

#include "node/audit/export_add.h"
#include "node/audit/export_pair.h"
#include "node/audit/log.h"
#include "node/audit/turns.h"
#include "node/core/core.h"
#include "node/core/ids.h"
#include "node/core/place.h"
#include "node/gossip/opening.h"
#include "node/inbox/inbox.h"
#include "node/offer/view.h"
#include "node/self/statement.h"
#include "node/trust/items.h"
#include "node/trust/member.h"
#include "node/trust/named.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/offer.h"
#include "proto/proof.h"
#include "proto/reader.h"
#include "proto/record.h"
#include "proto/trust.h"
#include "store/store.h"
#include "store/tables.h"

#define ALL_HALVES 4

/* ---- two records, or a record and a head ---- */

/* The record of the finding's offer with this number: OFFER, CLOSE, RESULT, then the CHOICEs;
 * `half` 1 is the second one of a dead place. False: there is none. */
static bool offer_record(struct viz_export_collection *c, struct viz_record *out, unsigned number,
			 unsigned half)
{
	static const uint8_t types[] = {VIZ_TYPE_OFFER, VIZ_TYPE_CLOSE, VIZ_TYPE_RESULT};
	uint8_t type = number < 3 ? types[number] : VIZ_TYPE_CHOICE;
	uint64_t slot = number < 3 ? c->x->slot : viz_record_slot_choice(c->x->slot, number - 2);
	struct viz_held held;

	return viz_place_get(c->core, &held, out, &c->x->accused, type, slot) &&
	       (half == 0 || (held.dead && viz_record_parse(out, held.b, held.b_len) == VIZ_OK));
}

#define OFFER_RECORDS (3 + VIZ_CHOICES_MAX)

/* The record that the finding is about, among those of its offer. */
static bool about_record(struct viz_export_collection *c, struct viz_record *out)
{
	for (unsigned i = 0; i < 2 * OFFER_RECORDS; i++) {
		struct viz_id id;

		if (!offer_record(c, out, i / 2, i % 2))
			continue;
		viz_ids_record(&id, &c->core->federation_id, out);
		if (viz_id_eq(&id, &c->x->about))
			return true;
	}
	return false;
}

struct witness {
	struct viz_export_collection *c;
	struct viz_record rec;
};

static struct viz_contradiction_head proof_head(const struct viz_rules_head *head, uint64_t seq)
{
	return (struct viz_contradiction_head){seq, *head};
}

static void take_witness(void *arg, const struct viz_record *other, bool dead,
			 const struct viz_rules_head *head)
{
	struct witness *w = arg;
	struct viz_export_collection *c = w->c;
	struct viz_record pair[2] = {w->rec};
	struct viz_contradiction_head h;

	(void)dead;
	if (c->x->record_count > 0)
		return;
	if (other)
		pair[1] = *other;
	else if (!viz_named_get(c->core, &pair[1], &c->x->accused, &head->node))
		return;
	if (head)
		h = proof_head(head, pair[1].seq);
	if (!viz_export_pair_shows(c, pair, 2, &h, head != NULL))
		return;
	viz_export_add(c->x, &pair[0]);
	viz_export_add(c->x, &pair[1]);
	if (head)
		c->x->head[c->x->head_count++] = h;
}

/* Two heads of the log of the NODE that the finding is about. */
static void collect_heads(struct viz_export_collection *c)
{
	struct viz_record pair[2];
	struct viz_opening_walk walk;
	struct viz_node_body *node = viz_core_alloc(sizeof *node);
	struct viz_opening o;
	struct viz_contradiction_head head[2] = {0};

	if (viz_named_get(c->core, &pair[0], &c->x->accused, &c->x->about) &&
	    viz_node_body_parse(node, &pair[0]) == VIZ_OK) {
		viz_opening_walk_init(&walk, c->core, &c->x->accused, node->log);
		while (viz_opening_walk_next(&walk, &o))
			if (viz_id_eq(&o.node, &c->x->about))
				head[0] = (struct viz_contradiction_head){
				    o.seq, {o.node, o.key, o.time, o.log, o.number, o.value}};
		viz_opening_walk_init(&walk, c->core, &c->x->accused, node->log);
		while (c->x->record_count == 0 && viz_opening_walk_next(&walk, &o)) {
			head[1] = (struct viz_contradiction_head){
			    o.seq, {o.node, o.key, o.time, o.log, o.number, o.value}};
			if (!viz_named_get(c->core, &pair[1], &c->x->accused, &o.node) ||
			    !viz_export_pair_shows(c, pair, 2, head, 2))
				continue;
			viz_export_add(c->x, &pair[0]);
			viz_export_add(c->x, &pair[1]);
			memcpy(c->x->head, head, sizeof head);
			c->x->head_count = 2;
		}
	}
	free(node);
}

static void collect_log(struct viz_export_collection *c)
{
	struct witness w = {.c = c};

	/* the finding is about the later of two: that may be of another offer */
	for (unsigned i = 0; i < 2 * OFFER_RECORDS && c->x->record_count == 0; i++)
		if (offer_record(c, &w.rec, i / 2, i % 2))
			viz_audit_log_witnesses(c->core, &w.rec, take_witness, &w);
	if (c->x->record_count == 0)
		collect_heads(c);
	if (c->x->record_count == 0) /* an entry that began or ended since the NODE */
		viz_export_add_offer(c, c->x->slot, NULL);
}

/* ---- offers ---- */

struct draws {
	struct viz_export_collection *c;
	size_t own; /* records of the finding's OFFER */
};

/* A viz_turns_look: whether this OFFER shows it too. */
static bool take_draw(void *arg, uint64_t slot)
{
	const struct draws *d = arg;
	struct viz_export *x = d->c->x;

	x->record_count = d->own;
	viz_export_add_offer(d->c, slot, NULL);
	return viz_export_pair_shows(d->c, x->record, x->record_count, NULL, 0);
}

/* The OFFER of the finding, and the one of the same log that it contradicts. */
static void collect_draws(struct viz_export_collection *c)
{
	struct viz_export *x = c->x;
	struct draws d = {.c = c};

	if (!viz_export_add_offer(c, x->slot, NULL) ||
	    viz_export_pair_shows(c, x->record, x->record_count, NULL, 0))
		return;
	d.own = x->record_count;
	if (!viz_turns_find(c->trust, &x->accused, x->slot, take_draw, &d))
		x->record_count = d.own;
}

/* The records of one author's items. False: one of them is missing. */
static bool add_items(struct viz_export_collection *c)
{
	const struct viz_contradiction_items *items = &c->x->items;

	for (size_t i = 0; i < items->list.count; i++) {
		const struct viz_view_item *item = &items->list.item[i];
		struct viz_record rec;
		struct viz_held held;
		struct viz_slice v;
		struct viz_id id;

		if (!item->has_id)
			continue;
		if (viz_place_get(c->core, &held, &rec, &items->author, item->type, item->slot)) {
			viz_ids_record(&id, &c->core->federation_id, &rec);
			if (viz_id_eq(&id, &item->id)) {
				viz_export_add(c->x, &rec);
				continue;
			}
		}
		if (!viz_view_evidence_get(c->core, &v, &item->id) ||
		    viz_record_parse(&rec, v.p, v.len) != VIZ_OK)
			return false;
		viz_export_add(c->x, &rec);
	}
	return true;
}

/* The items of the one at this place of the view, as they were kept when the finding was made, or
 * as they are held. False: they are not all here. */
static bool add_items_at(struct viz_export_collection *c, const struct viz_id *whose, size_t at,
			 struct viz_time drawn)
{
	struct viz_export *x = c->x;
	struct viz_reader r;
	struct viz_slice v;

	x->items.author = *whose;
	if (viz_view_evidence_get(c->core, &v, &x->view[at])) {
		viz_reader_init(&r, v.p, v.len);
		viz_view_items_read(&r, &x->items.list);
	} else {
		viz_items_list(c->trust, &x->items.list, whose, VIZ_ITEMS_VIEW, drawn);
	}
	return add_items(c);
}

/* The view of the OFFER, and the items of `whose`, if that is a partner in force then: of another
 * the view says nothing. */
static void add_view(struct viz_export_collection *c, const struct viz_offer *o,
		     const struct viz_id *whose)
{
	struct viz_partners *named = viz_core_alloc(sizeof *named);
	struct viz_id *author = viz_core_alloc(VIZ_PARTNERS_MAX * sizeof *author);
	struct viz_export *x = c->x;
	struct viz_slice v;
	size_t n = 0, at = 0;

	if (viz_view_partners(c->core, named, &x->accused, &o->partners))
		n = viz_partners_in_force(author, named, o->drawn,
					  c->core->federation.partner_delay_ms);
	while (at < n && !viz_id_eq(&author[at], whose))
		at++;
	if (at < n && viz_view_evidence_get(c->core, &v, &o->view) &&
	    v.len == n * sizeof *x->view) {
		memcpy(x->view, v.p, v.len);
		x->view_count = add_items_at(c, whose, at, o->drawn) ? n : 0;
	}
	free(author);
	free(named);
}

static void collect_lists(struct viz_export_collection *c)
{
	struct viz_offer *o = viz_core_alloc(sizeof *o);

	if (viz_export_add_offer(c, c->x->slot, o)) {
		if (c->x->rule != VIZ_RULE_FALSE_REASON && c->x->rule != VIZ_RULE_ASKED_OUTSIDE &&
		    c->x->rule != VIZ_RULE_DRAW_SHORT && c->x->rule != VIZ_RULE_DRAW_TURN)
			add_view(c, o, &c->x->about);
		if (c->x->rule == VIZ_RULE_OMITTED_ACKNOWLEDGED) {
			viz_export_add_named(c, &o->node);
			viz_export_add_acknowledged(c);
		}
	}
	free(o);
}

static void collect_result(struct viz_export_collection *c)
{
	const struct viz_export *x = c->x;

	if (x->rule != VIZ_RULE_CHOICE_ORDER)
		viz_export_add_offer(c, x->slot, NULL);
	else
		viz_export_add_place(c, &x->accused, VIZ_TYPE_OFFER, x->slot);
	if (x->rule != VIZ_RULE_CHOICE_ORDER)
		viz_export_add_place(c, &x->accused, VIZ_TYPE_CLOSE, x->slot);
	if (x->rule >= VIZ_RULE_SALT)
		viz_export_add_place(c, &x->accused, VIZ_TYPE_RESULT, x->slot);
	for (unsigned k = 1; x->rule == VIZ_RULE_CHOICE_ORDER && k <= VIZ_CHOICES_MAX; k++)
		viz_export_add_place(c, &x->accused, VIZ_TYPE_CHOICE,
				     viz_record_slot_choice(x->slot, k));
	if (x->rule == VIZ_RULE_PLEDGE_DROPPED)
		viz_export_add_statement(c, &x->accused, x->slot, VIZ_TYPE_PLEDGE_ACK, &x->accused,
					 1);
	if (x->rule == VIZ_RULE_REVEAL_DROPPED)
		viz_export_add_statement(c, &x->accused, x->slot, VIZ_TYPE_REVEAL_ACK, &x->accused,
					 1);
}

/* The entry of CLOSE that its author did not sign: of a later key, the view shows it. */
static void collect_forged(struct viz_export_collection *c)
{
	struct viz_offer *o = viz_core_alloc(sizeof *o);
	struct viz_close *close = viz_core_alloc(sizeof *close);
	struct viz_record rec, pledge;
	struct viz_pledge body;
	struct viz_id id;

	if (viz_export_add_offer(c, c->x->slot, o) &&
	    viz_export_add_read(c, &rec, &c->x->accused, VIZ_TYPE_CLOSE, c->x->slot) &&
	    viz_close_parse(close, &rec) == VIZ_OK) {
		viz_export_add(c->x, &rec);
		for (size_t i = 0; i < close->count; i++) {
			if (!viz_close_pledge(close, i, &pledge, &body) || pledge.key == 0)
				continue;
			viz_ids_record(&id, &c->core->federation_id, &pledge);
			if (viz_id_eq(&id, &c->x->about))
				add_view(c, o, &pledge.author);
		}
	}
	free(close);
	free(o);
}

/* Drops those before the CHOICE of this slot: the log up to it is not looked at. */
static void drop_stubs(struct viz_audit_next *next, uint64_t choice)
{
	size_t i = 0;

	while (i < next->stub_count &&
	       (next->stub[i].type != VIZ_TYPE_CHOICE || next->stub[i].slot != choice))
		i++;
	next->stub_count -= i;
	memmove(next->stub, next->stub + i, next->stub_count * sizeof *next->stub);
}

/* A LEASE, and the CHOICE while it ran; or the OFFER that names this one as previous, and the
 * CHOICEs of this one. Of the log VIZ_AUDIT_NEXT_STUBS are read once, and hashed once for each
 * LEASE that we have had: VIZ_AWARDS_MAX at most, of one offer. */
static void collect_leases(struct viz_export_collection *c)
{
	struct viz_export *x = c->x;
	const struct viz_inbox in = {.origin = x->accused, .slot = x->slot};
	size_t own, first;

	viz_export_add_place(c, &x->accused, VIZ_TYPE_OFFER, x->slot);
	own = x->record_count;
	for (uint64_t k = 1; k < VIZ_CHOICES_MAX; k++) {
		x->record_count = own;
		viz_export_add_statement(c, &x->accused, x->slot, VIZ_TYPE_LEASE, &x->accused, k);
		viz_export_add_place(c, &x->accused, VIZ_TYPE_CHOICE,
				     viz_record_slot_choice(x->slot, (unsigned)k + 1));
		if (viz_export_pair_shows(c, x->record, x->record_count, NULL, 0))
			return;
	}
	x->record_count = own;
	for (unsigned k = 1; k <= VIZ_CHOICES_MAX; k++)
		viz_export_add_place(c, &x->accused, VIZ_TYPE_CHOICE,
				     viz_record_slot_choice(x->slot, k));
	if (!viz_audit_next_read(c->core, &x->next, &in, x->record + own, x->record_count - own))
		return;
	viz_export_add(c->x, &x->next.offer);
	first = x->record_count;
	for (uint64_t k = 1; k <= VIZ_CHOICES_MAX; k++) {
		x->record_count = first;
		viz_export_add_statement(c, &x->accused, x->slot, VIZ_TYPE_LEASE, &x->accused, k);
		if (x->record_count == first ||
		    !viz_export_pair_shows(c, x->record, x->record_count, NULL, 0))
			continue;
		drop_stubs(&x->next, viz_record_slot_choice(x->slot, (unsigned)k));
		return;
	}
}

/* What the customer's proof is compared with, and the proof. */
static void collect_proof(struct viz_export_collection *c)
{
	const struct viz_export *x = c->x;
	struct viz_proof body;

	if (viz_proof_parse(&body, x->proof) != VIZ_OK)
		return;
	viz_export_add_offer(c, x->slot, NULL);
	viz_export_add_place(c, &x->accused, VIZ_TYPE_RESULT, x->slot);
	if (body.k > 0)
		viz_export_add_place(c, &x->accused, VIZ_TYPE_CHOICE,
				     viz_record_slot_choice(x->slot, body.k));
	viz_export_add(c->x, x->proof);
}

static void collect_records(struct viz_export_collection *c)
{
	const struct viz_export *x = c->x;
	const struct viz_id *self = &c->trust->self.author;
	struct viz_id about = {{x->about.b[0]}};
	struct viz_offer *o;

	if (x->rule == VIZ_RULE_EQUIVOCATION && viz_id_eq(&about, &x->about)) {
		viz_export_pair_dead(c);
	} else if (x->rule == VIZ_RULE_PARTNER_DATES || x->rule == VIZ_RULE_PARTNER_BACKDATED) {
		viz_export_pair_dates(c);
	} else if (x->rule == VIZ_RULE_NODE_FALSE) {
		o = viz_core_alloc(sizeof *o);
		if (viz_export_add_offer(c, x->slot, o))
			viz_export_add_named(c, &o->node);
		free(o);
	} else if (x->rule == VIZ_RULE_LOG_MIXED) {
		struct viz_record rec;

		viz_export_add_place(c, &x->accused, VIZ_TYPE_OFFER, x->slot);
		if (about_record(c, &rec))
			viz_export_add(c->x, &rec);
	} else if (x->rule <= VIZ_RULE_LOG_ORDER) {
		collect_log(c);
	} else if (x->rule == VIZ_RULE_TWO_PLEDGES) {
		viz_export_add_statement(c, self, x->slot, VIZ_TYPE_PLEDGE, &x->accused, 1);
		viz_export_add_statement(c, self, x->slot, VIZ_TYPE_PLEDGE, &x->accused, 2);
	} else if (x->rule == VIZ_RULE_DRAW_DOUBLE || x->rule == VIZ_RULE_TURN_FALSE ||
		   x->rule == VIZ_RULE_NEWCOMER_FALSE) {
		collect_draws(c);
	} else if (x->rule < VIZ_RULE_CLOSED_EARLY) {
		collect_lists(c);
	} else if (x->rule == VIZ_RULE_PLEDGE_FORGED) {
		collect_forged(c);
	} else if (x->rule == VIZ_RULE_LEASE_OUTLASTED) {
		collect_leases(c);
	} else if (x->rule == VIZ_RULE_PROOF_FALSE) {
		collect_proof(c);
	} else {
		collect_result(c);
	}
}

/* ---- authors ---- */

/* The authors of the PLEDGEs in CLOSE. */
static void add_pledgers(struct viz_export_collection *c, const struct viz_record *rec)
{
	struct viz_close *close = viz_core_alloc(sizeof *close);
	struct viz_record pledge;
	struct viz_pledge body;

	if (viz_close_parse(close, rec) == VIZ_OK)
		for (size_t i = 0; i < close->count; i++)
			if (viz_close_pledge(close, i, &pledge, &body))
				viz_export_add_author(c->trust, c->x, &pledge.author);
	free(close);
}

/* Whether the whole shows what is claimed, with the keys of the authors. */
static bool proves(const struct viz_export_collection *c)
{
	struct viz_rules_key *key =
	    viz_core_alloc(VIZ_EXPORT_AUTHORS * sizeof *key); /* key 0 of each */
	const struct viz_export *x = c->x;
	struct viz_contradiction p = {.federation = &c->core->federation,
				      .rule = x->rule,
				      .accused = x->accused,
				      .about = x->about,
				      .record = x->record,
				      .record_count = x->record_count,
				      .key = key,
				      .key_count = x->author_count,
				      .head = x->head,
				      .head_count = x->head_count,
				      .view = x->view,
				      .view_count = x->view_count,
				      .items = &x->items,
				      .items_count = x->view_count > 0,
				      .stub = x->next.stub,
				      .stub_count = x->next.stub_count};
	bool shown;

	for (size_t i = 0; i < x->author_count; i++)
		key[i] = (struct viz_rules_key){x->author[i], 0, x->birth[i].first_key};
	shown = viz_contradiction_shows(&p);
	free(key);
	return shown;
}

/* Collects from these halves. False: they do not show it. */
static bool collect(struct viz_export_collection *c)
{
	struct viz_export *x = c->x;
	uint64_t offer_slot = 0;

	x->record_count = x->author_count = x->head_count = x->view_count = 0;
	x->has_offer = false;
	free(x->next.stub);
	memset(&x->next, 0, sizeof x->next);
	collect_records(c);
	viz_export_add_offering_node(c);
	for (size_t i = 0, n = x->record_count; i < n; i++) {
		if (!viz_export_add_author(c->trust, x, &x->record[i].author))
			return false;
		if (x->record[i].type == VIZ_TYPE_CLOSE && x->rule == VIZ_RULE_PLEDGE_FORGED)
			add_pledgers(c, &x->record[i]);
		if (x->record[i].type == VIZ_TYPE_OFFER && !x->has_offer) {
			viz_ids_record(&x->offer, &c->core->federation_id, &x->record[i]);
			offer_slot = x->record[i].slot;
			x->has_offer = true;
		}
	}
	if (!proves(c))
		return false;
	viz_export_add_replies(c->trust, x, offer_slot);
	return true;
}

int viz_export_collect(struct viz_trust *trust, struct viz_export *x)
{
	struct viz_export_collection c = {.trust = trust, .core = trust->core, .x = x};

	if (!viz_contradiction_possible(x->rule))
		return VIZ_ERR_ABSENT;
	if (x->rule == VIZ_RULE_PROOF_FALSE && !x->proof)
		return VIZ_ERR_INPUT;
	for (; c.halves == 0 || (c.dead && c.halves < ALL_HALVES); c.halves++)
		if (collect(&c))
			return VIZ_OK;
	return VIZ_ERR_ABSENT;
}
