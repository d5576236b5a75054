#include "node/audit/rules.h"

#include "node/core/ids.h"
#include "node/offer/seal.h"
#include "proto/base.h"
#include "proto/coverage.h"
#include "proto/federation.h"
#include "proto/offer.h"
#include "proto/record.h"
#include "proto/statement.h"
#include "proto/trust.h"

enum list { NOWHERE, ELIGIBLE, BLOCKED, STRUCK, SILENT };

struct judgement {
	const struct viz_case *c;
	viz_rules_found found;
	void *arg;
	const struct viz_id *origin;
	struct viz_time time; /* OFFER's */
	struct viz_offer offer;
	struct viz_offer_secret secret;
};

/* In which list of the OFFER `id` is. */
static enum list list_of(const struct viz_offer_secret *s, const struct viz_id *id)
{
	static const enum list reason[] = {[VIZ_EXCLUDED_BLOCKED] = BLOCKED,
					   [VIZ_EXCLUDED_STRUCK] = STRUCK,
					   [VIZ_EXCLUDED_SILENT] = SILENT};

	for (size_t i = 0; i < s->eligible_count; i++)
		if (viz_id_eq(&s->eligible[i], id))
			return ELIGIBLE;
	for (size_t i = 0; i < s->excluded_count; i++)
		if (viz_id_eq(&s->excluded[i].id, id))
			return reason[s->excluded[i].reason];
	return NOWHERE;
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

/* The number of the author's newest key in the view. */
static uint64_t newest_key(const struct judgement *j, const struct viz_id *author)
{
	size_t at = first_of(j, author, VIZ_TYPE_SUCCESSION);
	uint64_t key = 0;

	for (; is_of(j, at, author, VIZ_TYPE_SUCCESSION); at++)
		if (!j->c->view[at].dead)
			key = j->c->view[at].slot;
	return key;
}

/* Whether a key of the author has ended, by the view: a later one is in it, or it is revoked. */
static bool key_ended(const struct judgement *j, const struct viz_id *author, uint64_t key)
{
	size_t at = first_of(j, author, VIZ_TYPE_REVOCATION);

	for (; is_of(j, at, author, VIZ_TYPE_REVOCATION); at++)
		if (!j->c->view[at].dead && j->c->view[at].slot == key)
			return true;
	return key < newest_key(j, author);
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

/* Whether this COVERAGE meets the OFFER's area. */
static bool meets(const struct judgement *j, const struct viz_record *coverage)
{
	struct viz_coverage body;

	return viz_coverage_parse(&body, coverage) == VIZ_OK &&
	       viz_coverage_meets(&body, &j->secret.area);
}

static bool view_covers(const struct judgement *j, const struct viz_id *author)
{
	size_t at = first_of(j, author, VIZ_TYPE_COVERAGE);

	for (; is_of(j, at, author, VIZ_TYPE_COVERAGE); at++)
		if (live(j, &j->c->view[at]) && meets(j, &j->c->view[at].rec))
			return true;
	return false;
}

/* Whether `id` must be in a list: an effective mutual partner whose coverage meets the area. */
static bool must_be_listed(const struct judgement *j, const struct viz_id *id)
{
	struct viz_partners theirs;

	return effective(j, j->c->named, id) && view_partners(j, &theirs, id) &&
	       effective(j, &theirs, j->origin) && view_covers(j, id);
}

/* OFFER names the newest PARTNERS that the origin had signed before it. */
static void judge_view(const struct judgement *j)
{
	const struct viz_record *newest = j->c->partners;
	struct viz_id federation, id;

	if (!newest || newest->time.ms >= j->time.ms)
		return;
	viz_ids_federation(&federation, j->c->federation);
	viz_ids_record(&id, &federation, newest);
	if (!viz_id_eq(&id, &j->offer.partners))
		j->found(j->arg, VIZ_RULE_VIEW_FALSE, VIZ_VERDICT_CONTRADICTION, &j->offer.view);
}

static void judge_lists(const struct judgement *j)
{
	const struct viz_offer_secret *s = &j->secret;

	for (size_t i = 0; i < j->c->named->count; i++) {
		const struct viz_partner_entry *e = &j->c->named->entry[i], *now;
		enum list list = list_of(s, &e->id);

		if (e != viz_partners_find(j->c->named, &e->id))
			continue; /* an older entry of the same partner */
		now = effective(j, j->c->named, &e->id);
		if (list == NOWHERE && must_be_listed(j, &e->id))
			j->found(j->arg, VIZ_RULE_OMITTED, VIZ_VERDICT_CONTRADICTION, &e->id);
		if (list == BLOCKED && now && now->removed.ms == 0)
			j->found(j->arg, VIZ_RULE_FALSE_REASON, VIZ_VERDICT_CONTRADICTION, &e->id);
	}
	for (size_t i = 0; i < s->eligible_count; i++)
		if (!must_be_listed(j, &s->eligible[i]))
			j->found(j->arg, VIZ_RULE_UNFOUNDED, VIZ_VERDICT_CONTRADICTION,
				 &s->eligible[i]);
}

/* When the origin acknowledged this COVERAGE. False: it did not. */
static bool acknowledged(const struct judgement *j, struct viz_time *when,
			 const struct viz_record *coverage)
{
	struct viz_id federation, id;
	struct viz_coverage_ack ack;

	viz_ids_federation(&federation, j->c->federation);
	viz_ids_record(&id, &federation, coverage);
	for (size_t i = 0; i < j->c->statement_count; i++) {
		const struct viz_record *s = &j->c->statement[i];

		if (s->type == VIZ_TYPE_COVERAGE_ACK && viz_id_eq(&s->author, j->origin) &&
		    viz_coverage_ack_parse(&ack, s) == VIZ_OK && viz_id_eq(&ack.coverage, &id)) {
			*when = s->time;
			return true;
		}
	}
	return false;
}

/* The coverage of the one who asks. The origin cannot have missed what it has acknowledged. But
 * when no heartbeat has reached it since, the one who asks may have become silent to it. */
static void judge_self(const struct judgement *j)
{
	const struct viz_federation *f = j->c->federation;
	const struct viz_id *self = &j->c->self;

	if (list_of(&j->secret, self) != NOWHERE || must_be_listed(j, self) ||
	    !effective(j, j->c->named, self))
		return;
	for (size_t i = 0; i < j->c->coverage_count; i++) {
		const struct viz_record *coverage = &j->c->coverage[i];
		struct viz_time when;

		if (coverage->time.ms > j->time.ms || !meets(j, coverage))
			continue;
		if (acknowledged(j, &when, coverage)) {
			if (when.ms <= j->time.ms)
				j->found(j->arg, VIZ_RULE_OMITTED,
					 when.ms + f->silence_ms / 2 > j->time.ms
					     ? VIZ_VERDICT_CONTRADICTION
					     : VIZ_VERDICT_SUSPICION,
					 self);
		} else if (coverage->time.ms + f->suspicion_ms <= j->time.ms) {
			j->found(j->arg, VIZ_RULE_UNSEEN, VIZ_VERDICT_SUSPICION, self);
		}
	}
}

void viz_rules_lists(const struct viz_case *c, viz_rules_found found, void *arg)
{
	struct judgement j = {.c = c, .found = found, .arg = arg};

	if (!c->offer || !c->key || !c->named || viz_offer_parse(&j.offer, c->offer) != VIZ_OK ||
	    viz_offer_seal_open(&j.secret, &j.offer, c->key, &c->offer->author, c->offer->slot) !=
		VIZ_OK)
		return;
	j.origin = &c->offer->author;
	j.time = c->offer->time;
	judge_view(&j);
	judge_lists(&j);
	judge_self(&j);
}
