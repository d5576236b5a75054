#include "node/audit/log.h"

#include "node/audit/finding.h"
#include "node/audit/rules.h"
#include "node/audit/suspect.h"
#include "node/core/core.h"
#include "node/core/ids.h"
#include "node/core/place.h"
#include "node/gossip/chain.h"
#include "node/gossip/opening.h"
#include "node/link/net.h"
#include "node/offer/view.h"
#include "node/trust/author.h"
#include "node/trust/member.h"
#include "node/trust/named.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/limits.h"
#include "proto/offer.h"
#include "proto/record.h"
#include "proto/trust.h"

#define NUMBERS_MAX 512  /* of a log, that we look at before and after a record */
#define PLACES_MAX  4096 /* of a log, among which one may stand twice */

static struct viz_rules_head head_of(const struct viz_opening *o)
{
	return (struct viz_rules_head){o->node, o->key, o->time, o->log, o->number, o->value};
}

/* Whether the log of the record, under the head of a later key, has it at its number. */
static bool reached(struct viz_core *core, const struct viz_record *rec)
{
	struct viz_opening_walk walk;
	struct viz_opening o;
	struct viz_position at;
	struct viz_stub stub;
	struct viz_chain c;
	struct viz_id id;
	bool later = false;

	if (viz_position_parse(&at, rec) != VIZ_OK || !viz_chain_get(core, &c, &rec->author) ||
	    c.log != at.log || at.number > c.met ||
	    !viz_chain_stub_get(core, &stub, &rec->author, at.log, at.number))
		return false;
	viz_opening_walk_init(&walk, core, &rec->author, at.log);
	while (viz_opening_walk_next(&walk, &o))
		later |= o.key > rec->key && o.number >= at.number;
	viz_ids_record(&id, &core->federation_id, rec);
	return later && viz_id_eq(&stub.id, &id);
}

bool viz_audit_log_counts(struct viz_trust *trust, const struct viz_record *rec)
{
	const struct viz_member *m = viz_member_find(trust, &rec->author);

	return (m && !viz_author_key_ended(m, rec->key)) || rec->type == VIZ_TYPE_SUCCESSION ||
	       (viz_record_is_write_once(rec->type) && reached(trust->core, rec));
}

/* The record of this number of the log. False: it is not held. */
static bool numbered(struct viz_core *core, struct viz_record *out, bool *dead,
		     const struct viz_id *origin, uint64_t log, uint32_t number)
{
	struct viz_stub stub;
	struct viz_held held;
	struct viz_id id;

	if (!viz_chain_stub_get(core, &stub, origin, log, number) ||
	    !viz_place_get(core, &held, out, origin, stub.type, stub.slot))
		return false;
	*dead = held.dead;
	for (unsigned half = 0; half < 1u + held.dead; half++) {
		if (viz_record_parse(out, half ? held.b : held.a, half ? held.b_len : held.a_len) !=
		    VIZ_OK)
			continue;
		viz_ids_record(&id, &core->federation_id, out);
		if (viz_id_eq(&id, &stub.id))
			return true;
	}
	return false;
}

void viz_audit_log_witnesses(struct viz_core *core, const struct viz_record *rec,
			     viz_audit_log_visit visit, void *arg)
{
	struct viz_opening_walk walk;
	struct viz_opening o;
	struct viz_position at;
	struct viz_record other;
	uint32_t to;
	bool dead;

	if (viz_position_parse(&at, rec) != VIZ_OK)
		return;
	if (numbered(core, &other, &dead, &rec->author, at.log, at.number))
		visit(arg, &other, dead, NULL);
	for (uint32_t n = 1; n <= NUMBERS_MAX && n < at.number; n++)
		if (numbered(core, &other, &dead, &rec->author, at.log, at.number - n)) {
			visit(arg, &other, dead, NULL);
			break;
		}
	to = at.number + NUMBERS_MAX;
	for (uint32_t n = at.number;
	     n++ < to && viz_chain_stub_next(core, &n, &rec->author, at.log, to);)
		if (numbered(core, &other, &dead, &rec->author, at.log, n)) {
			visit(arg, &other, dead, NULL);
			break;
		}
	viz_opening_walk_init(&walk, core, &rec->author, at.log);
	while (viz_opening_walk_next(&walk, &o)) {
		struct viz_rules_head head = head_of(&o);

		visit(arg, NULL, false, &head);
	}
}

struct judgement {
	struct viz_trust *trust;
	const struct viz_record *rec;
	bool ended; /* the record does not count */
	bool dead;  /* its place */
	struct viz_finding_list found;
};

/* Whether the key of a NODE has ended that opened a head of this author. */
static bool opener_ended(struct viz_trust *trust, const struct viz_id *author, uint32_t key)
{
	const struct viz_member *m = viz_member_find(trust, author);

	return !m || viz_author_key_ended(m, key);
}

static bool same_number(const struct viz_record *a, const struct viz_record *b)
{
	struct viz_position x, y;

	return viz_position_parse(&x, a) == VIZ_OK && viz_position_parse(&y, b) == VIZ_OK &&
	       x.log == y.log && x.number == y.number;
}

static void judge_witness(void *arg, const struct viz_record *other, bool dead,
			  const struct viz_rules_head *head)
{
	struct judgement *j = arg;
	const struct viz_federation *f = &j->trust->core->federation;

	/* two numbers at the place that is dead: it is found as that already */
	if (j->dead && other && other->type == j->rec->type && other->slot == j->rec->slot &&
	    !same_number(other, j->rec))
		return;
	j->found.key_ended = j->ended || (head ? opener_ended(j->trust, &j->rec->author, head->key)
					       : !viz_audit_log_counts(j->trust, other));
	/* what stands at a dead place is no ground for another rule */
	j->found.twice_only = dead || j->dead;
	if (head)
		viz_rules_log_head(f, j->rec, head, viz_finding_list_add, &j->found);
	else
		viz_rules_log_records(f, other, j->rec, viz_finding_list_add, &j->found);
	j->found.twice_only = false;
}

/* Whether a key that has not ended opened the log up to this number. */
static bool opened(struct viz_trust *trust, const struct viz_id *author, uint64_t log,
		   uint32_t number)
{
	struct viz_opening_walk walk;
	struct viz_opening o;
	bool found = false;

	viz_opening_walk_init(&walk, trust->core, author, log);
	while (!found && viz_opening_walk_next(&walk, &o))
		found = o.number >= number && !opener_ended(trust, author, o.key);
	return found;
}

/* The record has a number at which the log, as the origin opened it, has another one. */
static void judge_stub(struct judgement *j)
{
	struct viz_core *core = j->trust->core;
	const struct viz_record *rec = j->rec;
	struct viz_position at;
	struct viz_stub stub;
	struct viz_chain c;
	struct viz_id id;

	if (viz_position_parse(&at, rec) != VIZ_OK || !viz_chain_get(core, &c, &rec->author) ||
	    c.log != at.log || at.number <= c.first || at.number > c.met ||
	    !viz_chain_stub_get(core, &stub, &rec->author, at.log, at.number))
		return;
	viz_ids_record(&id, &core->federation_id, rec);
	j->found.key_ended = j->ended || !opened(j->trust, &rec->author, at.log, at.number);
	if (!viz_id_eq(&stub.id, &id))
		viz_finding_list_add(&j->found, VIZ_RULE_LOG_FORK, VIZ_VERDICT_CONTRADICTION, &id);
}

/* The OFFER and the PARTNERS that it names: both are of one log, or turns would be compared with
 * none. */
static void judge_partners(struct judgement *j, const struct viz_record *offer,
			   const struct viz_offer *o)
{
	struct viz_partners *named = viz_core_alloc(sizeof *named);

	if (viz_view_partners(j->trust->core, named, &offer->author, &o->partners))
		viz_rules_log_partners(offer, named, viz_finding_list_add, &j->found);
	free(named);
}

/* The record and the OFFER of its offer. */
static void judge_offer(struct judgement *j)
{
	struct viz_core *core = j->trust->core;
	const struct viz_record *rec = j->rec;
	struct viz_record offer, node;
	struct viz_held held;
	struct viz_offer o;

	if (!viz_place_get(core, &held, &offer, &rec->author, VIZ_TYPE_OFFER,
			   viz_record_slot_offer(rec->slot)) ||
	    held.dead || viz_offer_parse(&o, &offer) != VIZ_OK)
		return;
	j->found.key_ended = j->ended || !viz_audit_log_counts(j->trust, &offer);
	viz_rules_log_mixed(&core->federation, &offer, rec, viz_finding_list_add, &j->found);
	if (rec->type == VIZ_TYPE_OFFER)
		judge_partners(j, &offer, &o);
	if (viz_named_get(core, &node, &rec->author, &o.node))
		viz_rules_log_node(&core->federation, &offer, &node, viz_finding_list_add,
				   &j->found);
}

void viz_audit_log_record(struct viz_trust *trust, const struct viz_record *rec)
{
	struct judgement j = {
	    .trust = trust, .rec = rec, .ended = !viz_audit_log_counts(trust, rec)};
	struct viz_held held;

	j.dead = viz_place_get(trust->core, &held, NULL, &rec->author, rec->type, rec->slot) &&
		 held.dead;
	viz_audit_log_witnesses(trust->core, rec, judge_witness, &j);
	judge_stub(&j);
	if (!j.dead)
		judge_offer(&j);
	viz_finding_list_keep(trust, &j.found, &rec->author, viz_record_slot_offer(rec->slot));
}

/* Judges the records around the number of a head by it. */
static void judge_around(struct viz_trust *trust, const struct viz_id *origin,
			 const struct viz_rules_head *head)
{
	const struct viz_federation *f = &trust->core->federation;
	struct viz_finding_list found = {0};
	struct viz_record rec;
	uint64_t slot = 0;
	bool dead, below = false;

	for (uint32_t n = 0; n < NUMBERS_MAX && n < head->number && !below; n++)
		if (numbered(trust->core, &rec, &dead, origin, head->log, head->number - n)) {
			below = true;
			slot = viz_record_slot_offer(rec.slot);
			found.key_ended = !viz_audit_log_counts(trust, &rec);
			found.twice_only = dead;
			viz_rules_log_head(f, &rec, head, viz_finding_list_add, &found);
		}
	viz_finding_list_keep(trust, &found, origin, slot);
	/* all above: an OFFER need not be next to the head that it should have named */
	for (uint32_t n = head->number, to = n + NUMBERS_MAX;
	     n++ < to && viz_chain_stub_next(trust->core, &n, origin, head->log, to);) {
		if (!numbered(trust->core, &rec, &dead, origin, head->log, n))
			continue;
		slot = viz_record_slot_offer(rec.slot);
		found = (struct viz_finding_list){.twice_only = dead,
						  .key_ended = !viz_audit_log_counts(trust, &rec)};
		viz_rules_log_head(f, &rec, head, viz_finding_list_add, &found);
		viz_finding_list_keep(trust, &found, origin, slot);
	}
}

/* Forgets an opening that another one before it and another one behind it make needless, and its
 * NODE. When it names another PARTNERS than the one behind it, it is the last that does, and a
 * proof may need it. */
static void drop_between(struct viz_core *core, const struct viz_id *origin,
			 const struct viz_opening *opening)
{
	struct viz_node_body a, b;
	struct viz_opening o;
	struct viz_record rec;

	if (!viz_opening_between(core, &o, origin, opening))
		return;
	if (viz_named_get(core, &rec, origin, &o.node)) {
		if (viz_node_body_parse(&a, &rec) != VIZ_OK ||
		    !viz_named_get(core, &rec, origin, &opening->node) ||
		    viz_node_body_parse(&b, &rec) != VIZ_OK || !viz_id_eq(&a.partners, &b.partners))
			return;
		viz_named_drop(core, origin, &o.node);
	}
	viz_opening_drop(core, origin, &o);
}

void viz_audit_log_opened(struct viz_net *net, const struct viz_id *origin,
			  const struct viz_opening *opening)
{
	struct viz_rules_head head = head_of(opening);
	struct viz_finding_list found = {0};
	struct viz_opening_walk walk;
	struct viz_opening o;
	bool fits;

	viz_opening_walk_init(&walk, net->core, origin, opening->log);
	while (viz_opening_walk_next(&walk, &o)) {
		struct viz_rules_head other = head_of(&o);

		found.key_ended = opener_ended(net->trust, origin, o.key);
		viz_rules_log_heads(&other, &head, viz_finding_list_add, &found);
	}
	viz_finding_list_keep(net->trust, &found, origin, 0);
	judge_around(net->trust, origin, &head);
	drop_between(net->core, origin, opening);
	fits = viz_opening_put(net->core, origin, opening);
	if (!viz_named_keep(net->core, origin, VIZ_TYPE_NODE) || !fits)
		viz_suspect_found(net->trust, origin, VIZ_SUSPICION_SHARE_FULL, 0, origin);
}

/* A number of the log with its place. */
struct place {
	uint64_t slot;
	uint32_t number;
	uint8_t type;
};

static int by_place(const void *a, const void *b)
{
	const struct place *x = a, *y = b;

	if (x->slot != y->slot)
		return x->slot < y->slot ? -1 : 1;
	if (x->type != y->type)
		return x->type < y->type ? -1 : 1;
	return x->number < y->number ? -1 : x->number > y->number;
}

void viz_audit_log_met(struct viz_net *net, const struct viz_id *origin,
		       const struct viz_chain *chain)
{
	uint32_t from = chain->first + 1, count = chain->met - chain->first;
	struct place *list;
	uint32_t n = 0;

	if (chain->met <= chain->first)
		return;
	if (count > PLACES_MAX) {
		from += count - PLACES_MAX;
		count = PLACES_MAX;
	}
	list = viz_core_alloc(count * sizeof *list);
	for (uint32_t i = 0; i < count; i++) {
		struct viz_stub stub;

		if (viz_chain_stub_get(net->core, &stub, origin, chain->log, from + i))
			list[n++] = (struct place){stub.slot, from + i, stub.type};
	}
	qsort(list, n, sizeof *list, by_place);
	for (uint32_t i = 1; i < n; i++)
		if (list[i].slot == list[i - 1].slot && list[i].type == list[i - 1].type)
			viz_finding_keep(net->trust, origin, viz_record_slot_offer(list[i].slot),
					 VIZ_RULE_EQUIVOCATION, VIZ_VERDICT_CONTRADICTION,
					 &(struct viz_id){{list[i].type}});
	free(list);
}
