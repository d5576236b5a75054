/* Two providers never call one customer: at every instant of true time at most one node holds a
 * lead's contact under a lease that has not run out. When the origin awards twice two may, and then
 * the first has in hand what proves it, in the batch in which it learns of the second award. The
 * check reads what a node may show from its inbox rows as they are written. It uses the condition
 * of viz_inbox_holding_may_show, but asks for no lease. */
#include "node/core/core.h"
#include "node/inbox/holding.h"
#include "node/inbox/inbox.h"
#include "proto/base.h"
#include "store/store.h"
#include "store/tables.h"
#include "tests/sim/check.h"
#include "tests/sim/play.h"

struct show {
	struct viz_id origin;
	uint64_t slot;
	unsigned node;
	int64_t from, until; /* true time; until 0: it may not be shown */
	bool ended;          /* it knows that the award is over, and not the whole offer */
	bool given_back;     /* it has had the contact, and has it no more */
	bool doubled;        /* another node could show it too */
};

struct sim_shows {
	struct show *now;
	size_t count, capacity;
	struct show *staged;
	size_t staged_count, staged_capacity;
};

struct sim_shows *sim_shows_new(void)
{
	struct sim_shows *s = calloc(1, sizeof *s);

	VIZ_REQUIRE(s);
	return s;
}

void sim_shows_free(struct sim_shows *s)
{
	free(s->now);
	free(s->staged);
	free(s);
}

static struct show read_show(const struct sim_machine *m, const struct viz_inbox *in)
{
	struct show s = {.origin = in->origin, .slot = in->slot, .node = m->index};
	int64_t over = viz_inbox_holding_over(&m->node->core, in).ms,
		until = in->lease_until.ms < over ? in->lease_until.ms : over;

	s.ended = !in->withdrawn && in->award_n != 0 && in->tombstone_n >= in->award_n;
	if (in->contact_len > 0 && in->vault != 0 && !in->withdrawn &&
	    (in->state == VIZ_INBOX_AWARDED || in->state == VIZ_INBOX_CONTACTED) && until > 0) {
		s.from = in->show_after.ms - m->skew_ms;
		s.until = until - m->skew_ms;
	}
	s.given_back = in->award_n != 0 && (in->contact_len == 0 || in->vault == 0);
	return s;
}

void sim_shows_note(struct sim_world *w, const struct viz_inbox *in)
{
	struct sim_shows *s = w->checks->shows;

	s->staged = sim_more(s->staged, s->staged_count, &s->staged_capacity, sizeof *s->staged);
	s->staged[s->staged_count++] = read_show(w->stepping, in);
}

/* Whether both may show the contact at an instant that is still to come. */
static bool overlap(const struct sim_world *w, const struct show *a, const struct show *b)
{
	int64_t from = a->from > b->from ? a->from : b->from;
	int64_t until = a->until < b->until ? a->until : b->until;

	return (from > w->now ? from : w->now) < until;
}

static bool awards_twice(const struct sim_world *w, const struct sim_machine *origin, uint64_t slot)
{
	return (origin->lies & SIM_LIE_TWICE ||
		(origin->lies & SIM_LIE_WAY && w->options.way == SIM_WAY_SHORT_LEASE)) &&
	       sim_liars_takes(w, slot);
}

/* Whether another process with the key of the one that shows it has given it back: the origin
 * cannot know that this one has it (PROTOCOL section 15). */
static bool other_gave_back(struct sim_world *w, const struct show *first)
{
	const struct sim_shows *s = w->checks->shows;
	const struct sim_machine *other = sim_clone_other(w, &w->machine[first->node]);

	for (size_t i = 0; other && i < s->count; i++)
		if (s->now[i].node == other->index && s->now[i].slot == first->slot &&
		    viz_id_eq(&s->now[i].origin, &first->origin))
			return s->now[i].given_back;
	return false;
}

/* Two may show it. An origin that awards twice can do that; the first holder must find it. */
static void two(struct sim_world *w, struct sim_machine *m, struct show *first,
		const struct show *second)
{
	const struct sim_machine *origin = sim_machine_of(w, &first->origin);

	if (other_gave_back(w, first) || other_gave_back(w, second))
		return;
	if (!origin || !awards_twice(w, origin, first->slot))
		sim_fail(w, "one caller", m, "shows a contact for %lld ms more, and %s for %lld ms",
			 (long long)(second->until - w->now), w->machine[first->node].name,
			 (long long)(first->until - w->now));
	if (w->machine[first->node].lies == 0) {
		first->doubled = true;
		sim_audit_lie(w, origin, first->slot, SIM_LIE_TWICE);
	}
}

/* Whether the node learns of a second award while its lease runs. */
static bool robbed(struct sim_world *w, const struct sim_machine *m, const struct show *before,
		   const struct show *now)
{
	const struct sim_machine *origin = sim_machine_of(w, &now->origin);

	if (!origin || !awards_twice(w, origin, now->slot) || m->lies != 0 || !now->ended ||
	    before->ended || before->until <= w->now)
		return false;
	sim_audit_lie(w, origin, now->slot, SIM_LIE_TWICE);
	return true;
}

/* Whether both are contacts of one customer. */
static bool same_customer(struct sim_world *w, const struct show *a, const struct show *b)
{
	const struct sim_machine *origin = sim_machine_of(w, &a->origin);

	return viz_id_eq(&a->origin, &b->origin) &&
	       (a->slot == b->slot ||
		(origin && sim_case_same(w, origin->index, a->slot, b->slot)));
}

static void take(struct sim_world *w, struct sim_machine *m, const struct show *n)
{
	struct sim_shows *s = w->checks->shows;
	struct show *own = NULL;
	bool doubled;

	for (size_t i = 0; i < s->count; i++) {
		struct show *o = &s->now[i];

		if (!same_customer(w, o, n))
			continue;
		if (o->node == n->node && o->slot == n->slot)
			own = o;
		else if (!viz_id_eq(&w->machine[o->node].author, &m->author) && overlap(w, o, n))
			two(w, m, o, n);
	}
	doubled = own && (own->doubled || robbed(w, m, own, n));
	if (doubled && n->ended &&
	    !sim_audit_found(w, m, &n->origin, n->slot, VIZ_RULE_LEASE_OUTLASTED))
		sim_fail(w, "one caller", m,
			 "learns of a second award of slot %llx and does not find it",
			 (unsigned long long)n->slot);
	if (own) {
		*own = *n;
		own->doubled = doubled && !n->ended;
	} else if (n->until != 0 || sim_clone_other(w, m)) {
		s->now = sim_more(s->now, s->count, &s->capacity, sizeof *s->now);
		s->now[s->count++] = *n;
	}
}

void sim_shows_commit(struct sim_world *w, struct sim_machine *m)
{
	struct sim_shows *s = w->checks->shows;

	for (size_t i = 0; i < s->staged_count; i++)
		take(w, m, &s->staged[i]);
	s->staged_count = 0;
}

void sim_shows_drop(struct sim_world *w)
{
	w->checks->shows->staged_count = 0;
}

void sim_shows_hide(struct sim_world *w, struct sim_machine *m)
{
	struct sim_shows *s = w->checks->shows;

	for (size_t i = 0; i < s->count; i++)
		if (s->now[i].node == m->index)
			s->now[i].until = 0;
}

void sim_shows_reload(struct sim_world *w, struct sim_machine *m)
{
	struct viz_inbox *in = viz_core_alloc(sizeof *in);
	struct viz_walk walk;

	VIZ_REQUIRE(viz_store_begin(m->store) == VIZ_OK);
	viz_inbox_walk_init(&walk, &m->node->core, NULL);
	while (viz_inbox_walk_next(&walk, in)) {
		struct show n = read_show(m, in);

		take(w, m, &n);
	}
	viz_store_abort(m->store);
	free(in);
}
