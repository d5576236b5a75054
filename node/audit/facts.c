#include "node/audit/facts.h"

#include "node/audit/lists.h"
#include "node/audit/log.h"
#include "node/core/account.h"
#include "node/core/core.h"
#include "node/core/place.h"
#include "node/gossip/strata.h"
#include "node/inbox/inbox.h"
#include "node/trust/trust.h"
#include "proto/record.h"
#include "store/store.h"

/* Ended entries of PARTNERS stay longer than offers are held, so no honest origin names more. */
#define PARTNERS_MAX (2 * VIZ_PARTNERS_MAX)

/* The draw of an OFFER in its log. */
struct drawn {
	uint64_t log;
	uint32_t draw;
};

/* What is counted while it is looked at. The offers are walked over twice: the turns of one may
 * name the draw of another one that came later. */
struct viz_facts_count {
	struct viz_trust *trust;
	struct viz_core *core;
	struct viz_facts own, *facts;
	struct viz_walk rows;
	bool draws_known; /* the first walk has ended */
	uint64_t until;   /* the last slot that it saw */
	struct viz_inbox in;
	struct viz_lists lists;
	struct viz_close close;
	struct viz_result result;
	struct drawn *draw; /* ascending by log, then draw */
	size_t draw_count, draw_capacity;
	int64_t *window, *location;
	size_t window_count, window_capacity, location_count, location_capacity;
	size_t partner_capacity;
	uint64_t last_lost; /* core/account.h */
};

static void *more(void *list, size_t count, size_t *capacity, size_t size)
{
	if (count < *capacity)
		return list;
	*capacity = *capacity ? *capacity * 2 : 64;
	return viz_core_grow(list, *capacity, size);
}

/* NULL: the origin has named more than it may. */
static struct viz_facts_partner *partner(struct viz_facts_count *t, const struct viz_id *id)
{
	struct viz_facts *f = t->facts;

	for (size_t i = 0; i < f->partner_count; i++)
		if (viz_id_eq(&f->partner[i].id, id))
			return &f->partner[i];
	if (f->partner_count == PARTNERS_MAX)
		return NULL;
	f->partner = more(f->partner, f->partner_count, &t->partner_capacity, sizeof *f->partner);
	f->partner[f->partner_count] = (struct viz_facts_partner){.id = *id};
	return &f->partner[f->partner_count++];
}

/* The partner of an entry of a list; NULL: the index is past the named PARTNERS. */
static struct viz_facts_partner *partner_at(struct viz_facts_count *t, size_t index)
{
	const struct viz_partner_entry *e = viz_lists_entry(&t->lists, index);

	return e ? partner(t, &e->id) : NULL;
}

static int compare_draws(const void *a, const void *b)
{
	const struct drawn *x = a, *y = b;

	if (x->log != y->log)
		return x->log < y->log ? -1 : 1;
	return x->draw < y->draw ? -1 : x->draw > y->draw;
}

static int compare_times(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

/* Reads CLOSE or RESULT of the offer. */
static bool read_record(struct viz_facts_count *t, struct viz_record *rec, uint8_t type)
{
	struct viz_held held;

	return viz_place_get(t->core, &held, rec, &t->in.origin, type, t->in.slot) && !held.dead;
}

static void count_close(struct viz_facts_count *t, const struct viz_close *c)
{
	for (size_t i = 0; i < c->count && i < t->lists.is.asked_count; i++) {
		struct viz_facts_partner *p = partner_at(t, t->lists.is.asked[i].index);

		t->facts->asked++;
		t->facts->nil_answers += !c->entry[i].answered;
		if (p) {
			p->asked++;
			p->nil_answers += !c->entry[i].answered;
		}
	}
}

static bool promised(const struct viz_close *c, size_t at)
{
	struct viz_record rec;
	struct viz_pledge p;

	return at < c->count && viz_close_pledge(c, at, &rec, &p) && viz_pledge_promises(p.answer);
}

static void count_reveals(struct viz_facts_count *t, const struct viz_close *c,
			  const struct viz_result *r)
{
	for (size_t i = 0; i < r->count && i < t->lists.is.asked_count; i++) {
		struct viz_facts_partner *p = partner_at(t, t->lists.is.asked[i].index);

		if (!promised(c, i))
			continue;
		t->facts->promised++;
		t->facts->nil_reveals += !r->entry[i].revealed;
		if (p) {
			p->promised++;
			p->nil_reveals += !r->entry[i].revealed;
		}
	}
}

static void count_order(struct viz_facts_count *t, const struct viz_result *r)
{
	if (r->order_len < 2)
		return;
	for (size_t i = 0; i < r->order_len; i++) {
		struct viz_facts_partner *p =
		    r->order[i] < t->lists.is.asked_count
			? partner_at(t, t->lists.is.asked[r->order[i]].index)
			: NULL;

		if (!p)
			continue;
		p->orders++;
		p->first += i == 0;
		p->first_by_chance += 1.0 / (double)r->order_len;
	}
}

static void count_ends(struct viz_facts_count *t)
{
	struct viz_record rec;

	if (!read_record(t, &rec, VIZ_TYPE_CLOSE) || viz_close_parse(&t->close, &rec) != VIZ_OK)
		return;
	count_close(t, &t->close);
	if (!read_record(t, &rec, VIZ_TYPE_RESULT) || viz_result_parse(&t->result, &rec) != VIZ_OK)
		return;
	count_reveals(t, &t->close, &t->result);
	if (t->result.kind == VIZ_RESULT_ORDER) {
		count_order(t, &t->result);
		return;
	}
	t->facts->withdrawn++;
}

/* Whether the OFFER names as previous one of the same origin whose RESULT says withdrawn. */
static bool is_again(struct viz_facts_count *t)
{
	struct viz_record rec;
	struct viz_id origin;
	struct viz_held held;
	uint64_t slot;

	return t->lists.is.has_previous &&
	       viz_strata_find(t->core, &origin, &slot, &t->lists.is.previous) &&
	       viz_id_eq(&origin, &t->in.origin) && slot < t->in.slot &&
	       viz_place_get(t->core, &held, &rec, &origin, VIZ_TYPE_RESULT, slot) && !held.dead &&
	       viz_result_parse(&t->result, &rec) == VIZ_OK &&
	       t->result.kind == VIZ_RESULT_WITHDRAWN;
}

/* Whether the draw with this number has an OFFER; draws are sorted. Draws before the first OFFER of
 * the log that is held are not known. */
static bool has_offer(const struct viz_facts_count *t, uint64_t log, uint32_t draw)
{
	struct drawn key = {log, draw};
	size_t lo = 0, hi = t->draw_count;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (compare_draws(&t->draw[mid], &key) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	if (lo == 0 || t->draw[lo - 1].log != log)
		return true;
	return lo < t->draw_count && compare_draws(&t->draw[lo], &key) == 0;
}

/* What the turn of this entry shows, beside the last one of the same partner. */
static void count_turn(struct viz_facts_count *t, const struct viz_list_entry *e)
{
	const struct viz_partner_entry *entry = viz_lists_entry(&t->lists, e->index);
	struct viz_facts_partner *p = entry ? partner(t, &entry->id) : NULL;
	uint64_t log = t->lists.is.at.log;

	if (!p)
		return;
	if (p->known && p->added.ms == entry->added.ms) {
		bool back = e->turn < p->turn || (e->newcomer && !p->newcomer);

		if (p->log != log && back) {
			t->facts->turn_reset = t->in.slot;
			t->facts->turn_reset_of = p->id;
		} else if (p->log == log && e->turn != p->turn && !e->newcomer) {
			p->new_turns++;
			p->burnt_turns += !has_offer(t, log, e->turn);
		}
	}
	p->known = true;
	p->added = entry->added;
	p->log = log;
	p->turn = e->turn;
	p->newcomer = e->newcomer;
}

static void count_in_draw(struct viz_facts_count *t, size_t index, bool struck)
{
	struct viz_facts_partner *p = partner_at(t, index);

	if (!p)
		return;
	p->drawn++;
	p->struck += struck;
	p->beside_drawn += (uint32_t)viz_offer_drawn(&t->lists.is) - 1;
	p->beside_struck += (uint32_t)t->lists.is.struck_count - struck;
}

static void count_drawn(struct viz_facts_count *t)
{
	const struct viz_offer *l = &t->lists.is;

	for (size_t i = 0; i < l->asked_count; i++)
		count_in_draw(t, l->asked[i].index, false);
	for (size_t i = 0; i < l->struck_count; i++)
		count_in_draw(t, l->struck[i].index, true);
	for (size_t i = 0; i < l->asked_count; i++)
		count_turn(t, &l->asked[i]);
	for (size_t i = 0; i < l->struck_count; i++)
		count_turn(t, &l->struck[i]);
	for (size_t i = 0; i < l->not_drawn_count; i++)
		count_turn(t, &l->not_drawn[i]);
}

static void count_offer(struct viz_facts_count *t)
{
	struct viz_facts *f = t->facts;

	f->offers++;
	f->with_cell += t->lists.is.area.cell != 0;
	t->window = more(t->window, t->window_count, &t->window_capacity, sizeof *t->window);
	t->window[t->window_count++] = t->in.closes.ms - t->in.time.ms;
	if (t->in.located_at.ms != 0) {
		t->location = more(t->location, t->location_count, &t->location_capacity,
				   sizeof *t->location);
		t->location[t->location_count++] = t->in.located_at.ms - t->in.came.ms;
	}
	count_drawn(t);
	f->again += is_again(t);
	count_ends(t);
}

/* Offers up to the last one that had no room are not all here: their draws show no gaps. */
static void note_draw(struct viz_facts_count *t)
{
	if (t->in.slot <= t->last_lost)
		return;
	t->draw = more(t->draw, t->draw_count, &t->draw_capacity, sizeof *t->draw);
	t->draw[t->draw_count++] = (struct drawn){t->lists.is.at.log, t->lists.is.draw};
}

/* Whether the offer in t->in counts, and its lists are known. */
static bool counts(struct viz_facts_count *t)
{
	struct viz_record offer;

	return viz_lists_read(t->core, &t->lists, &t->in) &&
	       read_record(t, &offer, VIZ_TYPE_OFFER) && viz_audit_log_counts(t->trust, &offer);
}

/* The logs, and the gaps between the draws of each. */
static void count_draws(struct viz_facts_count *t)
{
	struct viz_facts *f = t->facts;

	for (size_t i = 0; i < t->draw_count; i++) {
		const struct drawn *d = &t->draw[i], *before = i > 0 ? d - 1 : NULL;

		if (!before || before->log != d->log) {
			f->logs++;
			f->draws++;
		} else if (before->draw != d->draw) {
			f->draws += d->draw - before->draw;
			f->burnt += d->draw - before->draw - 1;
		}
	}
}

static struct viz_facts_times sum_up(int64_t *times, size_t n)
{
	struct viz_facts_times out = {.count = (uint32_t)n};

	if (n == 0)
		return out;
	qsort(times, n, sizeof *times, compare_times);
	out.least = times[0];
	out.median = times[n / 2];
	out.most = times[n - 1];
	return out;
}

struct viz_facts_count *viz_facts_begin(struct viz_trust *trust, const struct viz_id *origin)
{
	struct viz_facts_count *t = viz_core_alloc(sizeof *t);
	struct viz_account account;

	memset(t, 0, sizeof *t);
	t->trust = trust;
	t->core = trust->core;
	t->facts = &t->own;
	t->in.origin = *origin;
	viz_account_get(trust->core, &account, origin);
	t->last_lost = account.last_lost;
	viz_inbox_walk_init(&t->rows, t->core, origin);
	return t;
}

/* The first walk has ended: the draws are all known. */
static void begin_offers(struct viz_facts_count *t)
{
	struct viz_id origin = t->in.origin;

	if (t->draw_count > 0)
		qsort(t->draw, t->draw_count, sizeof *t->draw, compare_draws);
	count_draws(t);
	t->draws_known = true;
	viz_inbox_walk_init(&t->rows, t->core, &origin);
}

bool viz_facts_step(struct viz_facts_count *t, size_t *rows)
{
	while (*rows > 0) {
		bool more = viz_inbox_walk_next(&t->rows, &t->in);

		--*rows;
		if (!t->draws_known && !more) {
			begin_offers(t);
		} else if (!t->draws_known) {
			t->until = t->in.slot;
			if (counts(t))
				note_draw(t);
		} else if (!more || t->in.slot > t->until) {
			return true;
		} else if (counts(t)) {
			count_offer(t);
		}
	}
	return false;
}

void viz_facts_end(struct viz_facts_count *t, struct viz_facts *out)
{
	t->own.windows = sum_up(t->window, t->window_count);
	t->own.locations = sum_up(t->location, t->location_count);
	*out = t->own;
	t->own.partner = NULL;
	viz_facts_drop(t);
}

void viz_facts_drop(struct viz_facts_count *t)
{
	if (!t)
		return;
	free(t->own.partner);
	free(t->draw);
	free(t->window);
	free(t->location);
	free(t);
}

void viz_facts_free(struct viz_facts *facts)
{
	free(facts->partner);
	facts->partner = NULL;
}
