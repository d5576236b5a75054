#include "node/audit/rules.h"

#include "node/core/ids.h"
#include "proto/base.h"
#include "proto/coverage.h"
#include "proto/federation.h"
#include "proto/limits.h"
#include "proto/offer.h"
#include "proto/record.h"
#include "proto/statement.h"
#include "proto/trust.h"

enum list { NOWHERE, DRAWN, NOT_DRAWN, BLOCKED, SILENT };

struct judgement {
	const struct viz_case *c;
	viz_rules_found found;
	void *arg;
	const struct viz_id *origin;
	struct viz_time time; /* of the draw: the view and the lists are of it */
	struct viz_offer offer;
};

static bool has_index(const struct viz_list_entry *e, size_t n, size_t index)
{
	for (size_t i = 0; i < n; i++)
		if (e[i].index == index)
			return true;
	return false;
}

/* In which list of the OFFER the partner with this index is. */
static enum list list_of(const struct viz_offer *o, size_t index)
{
	if (has_index(o->asked, o->asked_count, index) ||
	    has_index(o->struck, o->struck_count, index))
		return DRAWN;
	if (has_index(o->not_drawn, o->not_drawn_count, index))
		return NOT_DRAWN;
	if (index <= UINT8_MAX && memchr(o->blocked, (int)index, o->blocked_len))
		return BLOCKED;
	return index <= UINT8_MAX && memchr(o->silent, (int)index, o->silent_len) ? SILENT
										  : NOWHERE;
}

/* By place. */
static int compare(const struct viz_rules_item *x, const struct viz_id *author, uint8_t type)
{
	int c = viz_id_cmp(&x->author, author);

	return c != 0 ? c : x->type - type;
}

/* Where the author's items of this type begin in the view. */
static size_t first_of(const struct judgement *j, const struct viz_id *author, uint8_t type)
{
	size_t lo = 0, hi = j->c->view_count;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (compare(&j->c->view[mid], author, type) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

static bool is_of(const struct judgement *j, size_t at, const struct viz_id *author, uint8_t type)
{
	return at < j->c->view_count && compare(&j->c->view[at], author, type) == 0;
}

/* Whether a key of the author has ended, by the view: it is revoked, by one REVOCATION or by two,
 * or a later key has begun. Two keys of one number end all. */
static bool key_ended(const struct judgement *j, const struct viz_id *author, uint64_t key)
{
	size_t at = first_of(j, author, VIZ_TYPE_SUCCESSION);

	for (; is_of(j, at, author, VIZ_TYPE_SUCCESSION); at++)
		if (j->c->view[at].dead || j->c->view[at].slot > key)
			return true;
	for (; is_of(j, at, author, VIZ_TYPE_REVOCATION); at++)
		if (j->c->view[at].slot == key)
			return true;
	return false;
}

static bool live(const struct judgement *j, const struct viz_rules_item *x)
{
	return !x->dead && !key_ended(j, &x->author, x->rec.key);
}

/* Reads the PARTNERS of `author` in the view. */
static bool view_partners(const struct judgement *j, struct viz_partners *out,
			  const struct viz_id *author)
{
	size_t at = first_of(j, author, VIZ_TYPE_PARTNERS);

	return is_of(j, at, author, VIZ_TYPE_PARTNERS) && live(j, &j->c->view[at]) &&
	       viz_partners_parse(out, &j->c->view[at].rec) == VIZ_OK;
}

static const struct viz_partner_entry *
effective(const struct judgement *j, const struct viz_partners *p, const struct viz_id *id)
{
	return viz_partners_effective(p, id, j->time, j->c->federation->partner_delay_ms);
}

/* Whether coverage meets the OFFER's area. It may, for all we know, where a region does not unpack:
 * another program may read it otherwise, and nobody is convicted by that. */
enum meets { MEETS_NOT, MAY_MEET, MEETS };

static enum meets meets(const struct judgement *j, const struct viz_record *coverage)
{
	struct viz_coverage body;

	if (viz_coverage_parse(&body, coverage) != VIZ_OK)
		return MEETS_NOT;
	if (viz_coverage_meets(&body, &j->offer.area))
		return MEETS;
	if (viz_coverage_unpacks(&body))
		return MEETS_NOT;
	body.region_len = 0;
	return viz_coverage_meets(&body, &j->offer.area) ? MAY_MEET : MEETS_NOT;
}

/* The best of the author's live coverage in the view. */
static enum meets view_covers(const struct judgement *j, const struct viz_id *author)
{
	size_t at = first_of(j, author, VIZ_TYPE_COVERAGE);
	enum meets best = MEETS_NOT;

	for (; is_of(j, at, author, VIZ_TYPE_COVERAGE) && best != MEETS; at++)
		if (live(j, &j->c->view[at])) {
			enum meets one = meets(j, &j->c->view[at].rec);

			best = one > best ? one : best;
		}
	return best;
}

/* Whether `id` is a partner in the view: effective and mutual. */
static bool is_partner(const struct judgement *j, const struct viz_id *id)
{
	struct viz_partners theirs;

	return effective(j, j->c->named, id) && view_partners(j, &theirs, id) &&
	       effective(j, &theirs, j->origin);
}

/* Whether it must be in a list. */
static bool must_be_listed(const struct judgement *j, const struct viz_id *id)
{
	return is_partner(j, id) && view_covers(j, id) == MEETS;
}

static bool may_be_listed(const struct judgement *j, const struct viz_id *id)
{
	return is_partner(j, id) && view_covers(j, id) != MEETS_NOT;
}

static void find(const struct judgement *j, enum viz_rule rule, const struct viz_id *about)
{
	j->found(j->arg, rule, VIZ_VERDICT_CONTRADICTION, about);
}

/* Whether a date takes effect after the NODE that OFFER names, and not after OFFER. */
static bool between(const struct judgement *j, struct viz_time date)
{
	int64_t at = date.ms + j->c->federation->partner_delay_ms;

	return date.ms != 0 && at > j->offer.node_time.ms && at <= j->c->offer->time.ms;
}

/* The origin signs a NODE when an entry of its PARTNERS becomes effective or ends, and then names
 * it in its OFFERs. */
static void judge_node(const struct judgement *j)
{
	for (size_t i = 0; i < j->c->named->count; i++)
		if (between(j, j->c->named->entry[i].added) ||
		    between(j, j->c->named->entry[i].removed)) {
			find(j, VIZ_RULE_NODE_STALE, &j->offer.partners);
			return;
		}
}

/* Whether the entry was removed before the draw. */
static bool removed(const struct judgement *j, const struct viz_partner_entry *e)
{
	return e->removed.ms != 0 && e->removed.ms < j->time.ms;
}

/* Whether a partner in the view is one since the NODE that OFFER names, by its own PARTNERS: it is
 * not in the circle, and never gets the OFFER that asks it. The origin signs a NODE when somebody
 * becomes a partner, and then names that one. */
static bool is_since_node(const struct judgement *j, const struct viz_id *id)
{
	struct viz_partners theirs;
	const struct viz_partner_entry *e;

	if (j->offer.node_time.ms >= j->time.ms || !view_partners(j, &theirs, id))
		return false;
	e = effective(j, &theirs, j->origin);
	return e && !viz_partner_entry_effective(e, j->offer.node_time,
						 j->c->federation->partner_delay_ms);
}

static void judge_entry(const struct judgement *j, const struct viz_partner_entry *e)
{
	enum list list = list_of(&j->offer, (size_t)(e - j->c->named->entry));
	bool counts = effective(j, j->c->named, &e->id) == e;

	if (list == NOWHERE) {
		if (counts && must_be_listed(j, &e->id))
			find(j, VIZ_RULE_OMITTED, &e->id);
		return;
	}
	if (!counts || !may_be_listed(j, &e->id) ||
	    (has_index(j->offer.asked, j->offer.asked_count, (size_t)(e - j->c->named->entry)) &&
	     is_since_node(j, &e->id)))
		find(j, VIZ_RULE_UNFOUNDED, &e->id);
	if (removed(j, e) != (list == BLOCKED) || (list == BLOCKED && !counts))
		find(j, VIZ_RULE_FALSE_REASON, &e->id);
}

/* Those asked are in the circle of the NODE that OFFER names. */
static void judge_asked(const struct judgement *j)
{
	for (size_t i = 0; i < j->offer.asked_count; i++) {
		size_t index = j->offer.asked[i].index;

		if (index < j->c->named->count &&
		    !viz_partner_entry_effective(&j->c->named->entry[index], j->offer.node_time,
						 j->c->federation->partner_delay_ms))
			find(j, VIZ_RULE_ASKED_OUTSIDE, &j->c->named->entry[index].id);
	}
}

static void judge_lists(const struct judgement *j)
{
	size_t count = j->c->named->count;

	for (size_t i = 0; i < count; i++)
		judge_entry(j, &j->c->named->entry[i]);
	for (size_t index = count; index < VIZ_PARTNERS_MAX; index++)
		if (list_of(&j->offer, index) != NOWHERE) {
			find(j, VIZ_RULE_UNFOUNDED, &j->offer.partners);
			break;
		}
	judge_asked(j);
}

/* Whether one of the drawn, which ascend, stands above the first that was not drawn. */
static bool above(const struct viz_list_entry *drawn, size_t n, const struct viz_list_entry * not )
{
	if (n == 0)
		return false;
	return drawn[n - 1].turn > not ->turn ||
	       (drawn[n - 1].turn == not ->turn && drawn[n - 1].index > not ->index);
}

static bool never_drawn(const struct viz_list_entry *e, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (e[i].turn == 0 && !e[i].newcomer)
			return true;
	return false;
}

/* What the lists say by themselves about the draw. */
static void judge_draw(const struct judgement *j)
{
	const struct viz_offer *o = &j->offer;

	if (o->not_drawn_count > 0) {
		if (viz_offer_drawn(o) < (uint64_t)j->c->federation->ask_max)
			find(j, VIZ_RULE_DRAW_SHORT, &j->offer.view);
		if (above(o->asked, o->asked_count, o->not_drawn) ||
		    above(o->struck, o->struck_count, o->not_drawn))
			find(j, VIZ_RULE_DRAW_TURN, &j->offer.view);
	}
	if (never_drawn(o->asked, o->asked_count) || never_drawn(o->struck, o->struck_count) ||
	    never_drawn(o->not_drawn, o->not_drawn_count))
		find(j, VIZ_RULE_NEWCOMER_FALSE, &j->offer.view);
}

/* Whether the view should have this COVERAGE of the one who asks and does not: it has nothing at
 * its place, or an older one. */
static bool lacks(const struct judgement *j, const struct viz_record *coverage)
{
	size_t at = first_of(j, &coverage->author, VIZ_TYPE_COVERAGE);

	if (key_ended(j, &coverage->author, coverage->key))
		return false;
	for (; is_of(j, at, &coverage->author, VIZ_TYPE_COVERAGE); at++)
		if (j->c->view[at].slot == coverage->slot)
			return !j->c->view[at].dead && j->c->view[at].rec.seq < coverage->seq;
	return true;
}

/* Whether an acknowledgement of this time proves that the origin knew: it still counts at the draw,
 * and its store was not older than that since. */
static bool proves(const struct judgement *j, struct viz_time when)
{
	struct viz_node_body node;
	struct viz_id id, federation;

	if (!j->c->node || viz_node_body_parse(&node, j->c->node) != VIZ_OK)
		return false;
	viz_ids_federation(&federation, j->c->federation);
	viz_ids_record(&id, &federation, j->c->node);
	return viz_id_eq(&id, &j->offer.node) && node.log == j->offer.at.log &&
	       node.start.ms <= when.ms && when.ms + j->c->federation->ack_ms > j->time.ms;
}

/* What the origin has acknowledged of this COVERAGE. */
struct acks {
	bool proved; /* before the draw, so that it counts for it */
	bool before; /* before the draw, though it may have lost it since */
	bool later;  /* after the draw, or in the same millisecond */
};

static struct acks acknowledged(const struct judgement *j, const struct viz_record *coverage)
{
	struct viz_id federation, id;
	struct viz_coverage_ack ack;
	struct acks acks = {0};

	viz_ids_federation(&federation, j->c->federation);
	viz_ids_record(&id, &federation, coverage);
	for (size_t i = 0; i < j->c->statement_count; i++) {
		const struct viz_record *s = &j->c->statement[i];

		if (s->type != VIZ_TYPE_COVERAGE_ACK || !viz_id_eq(&s->author, j->origin) ||
		    viz_coverage_ack_parse(&ack, s) != VIZ_OK || !viz_id_eq(&ack.coverage, &id))
			continue;
		if (s->time.ms >= j->time.ms) {
			acks.later = true;
		} else {
			acks.before = true;
			acks.proved |= proves(j, s->time);
		}
	}
	return acks;
}

/* When the newest key of the author in the view began; 0: it is the first. */
static struct viz_time key_began(const struct judgement *j, const struct viz_id *author)
{
	size_t at = first_of(j, author, VIZ_TYPE_SUCCESSION);
	struct viz_time began = {0};

	for (; is_of(j, at, author, VIZ_TYPE_SUCCESSION); at++)
		if (!j->c->view[at].dead)
			began = j->c->view[at].rec.time;
	return began;
}

/* Whether the view has coverage of the one who asks, but an old PARTNERS of it, or none, by which
 * it is no partner, though its own has listed the origin for so long that the origin should have
 * seen that. With a new key it has signed PARTNERS anew. */
static bool lacks_partners(const struct judgement *j)
{
	const struct viz_id *self = &j->c->self;
	const struct viz_partner_entry *ours =
	    j->c->partners ? effective(j, j->c->partners, j->origin) : NULL;
	size_t at = first_of(j, self, VIZ_TYPE_PARTNERS);
	int64_t since;

	if (!ours || is_partner(j, self) || view_covers(j, self) != MEETS ||
	    (is_of(j, at, self, VIZ_TYPE_PARTNERS) && j->c->view[at].dead))
		return false;
	since = key_began(j, self).ms;
	if (since < ours->added.ms)
		since = ours->added.ms;
	return since + j->c->federation->suspicion_ms <= j->time.ms;
}

/* The coverage of the one who asks. The origin cannot have missed what it has acknowledged. */
static void judge_self(const struct judgement *j)
{
	const struct viz_federation *f = j->c->federation;
	const struct viz_id *self = &j->c->self;
	const struct viz_partner_entry *entry;

	entry = effective(j, j->c->named, self);
	if (!entry || list_of(&j->offer, (size_t)(entry - j->c->named->entry)) != NOWHERE ||
	    must_be_listed(j, self))
		return;
	if (lacks_partners(j))
		j->found(j->arg, VIZ_RULE_UNSEEN, VIZ_VERDICT_SUSPICION, self);
	for (size_t i = 0; i < j->c->coverage_count; i++) {
		const struct viz_record *coverage = &j->c->coverage[i];
		struct acks acks;

		if (coverage->time.ms > j->time.ms || meets(j, coverage) != MEETS ||
		    !lacks(j, coverage))
			continue;
		acks = acknowledged(j, coverage);
		/* one that came after the draw alone may say since when the origin has it */
		if (acks.proved)
			find(j, VIZ_RULE_OMITTED_ACKNOWLEDGED, self);
		else if ((acks.before || !acks.later) &&
			 coverage->time.ms + f->suspicion_ms <= j->time.ms)
			j->found(j->arg, VIZ_RULE_UNSEEN, VIZ_VERDICT_SUSPICION, self);
	}
}

void viz_rules_lists(const struct viz_case *c, viz_rules_found found, void *arg)
{
	struct judgement j = {.c = c, .found = found, .arg = arg};

	if (!c->offer || !c->named || viz_offer_parse(&j.offer, c->offer) != VIZ_OK)
		return;
	j.origin = &c->offer->author;
	j.time = j.offer.drawn;
	judge_node(&j);
	judge_lists(&j);
	judge_draw(&j);
	judge_self(&j);
}
