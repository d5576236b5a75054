#include "node/trust/closure.h"

#include "node/core/core.h"
#include "node/trust/author.h"
#include "node/trust/cut.h"
#include "node/trust/member.h"
#include "node/trust/dialable.h"
#include "node/trust/heavy.h"
#include "node/trust/mutual.h"
#include "node/trust/part.h"
#include "node/trust/sponsee.h"
#include "node/trust/tree.h"
#include "node/trust/trust.h"
#include "proto/base.h"

/* How long a node that has left the closure is still treated as a member. When a node changes its
 * key, it signs its VOUCHes again one by one, and its links must not be closed meanwhile. */
#define LEAVE_GRACE_MS 60000

/* Between two times that who has left is searched for. Members can let VOUCHes come and go without
 * end, and a search may have to look at all. Who has left is treated as a member for a while
 * anyway. */
#define COMPUTE_MS 500

/* Members whose VOUCHes are to be looked at. */
struct queue {
	struct viz_member **list;
	size_t head, count, capacity;
};

static void push(struct queue *q, struct viz_member *m)
{
	if (q->count == q->capacity) {
		q->capacity = q->capacity ? q->capacity * 2 : 64;
		q->list = viz_core_grow(q->list, q->capacity, sizeof *q->list);
	}
	q->list[q->count++] = m;
}

static struct viz_member *pop(struct queue *q)
{
	return q->head < q->count ? q->list[q->head++] : NULL;
}

/* ---- rows ---- */

/* Counts the VOUCHes of `m` at those whom they name, if it is in the closure and they stand. */
static void count(struct viz_directory *d, struct viz_member *m)
{
	for (size_t i = 0; i < m->vouch_count; i++) {
		struct viz_vouch_row *row = &m->vouch[i];

		if (!m->in || !viz_mutual_stands(m, row)) {
			viz_member_uncount(d, m, row);
		} else if (!row->counted) {
			row->counted = true;
			if (row->to->sponsors++ == 0) {
				d->closure_changed = true;
				if (row->to->member)
					viz_member_stale(d, row->to->member);
			}
		}
	}
}

/* ---- the closure ---- */

/* `m` is back, or its grace period is over. */
static void clear_lost(struct viz_directory *d, struct viz_member *m)
{
	struct viz_member *last;

	if (m->lost.ms == 0)
		return;
	m->lost = (struct viz_time){0};
	last = d->lost[--d->lost_count];
	d->lost[m->lost_at - 1] = last;
	last->lost_at = m->lost_at;
	m->lost_at = 0;
	if (d->lost_count == 0)
		d->recheck_at = (struct viz_time){0};
}

static void become_member(struct viz_directory *d, struct viz_member *m)
{
	if (m->member)
		return;
	m->member = d->closure_changed = true;
	m->cleared = false;
	viz_member_stale(d, m);
}

/* Whether others are members by `m`, which is in the closure. */
static bool leads_on(const struct viz_member *m)
{
	return !m->pruned && m->pruned_at.ms == 0;
}

/* Whether `m` is no member though it is in the closure, when it comes into it by `by`. */
static bool is_pruned(struct viz_trust *trust, const struct viz_member *m,
		      const struct viz_member *by)
{
	return (m->pruned_at.ms != 0 || !leads_on(by)) && !viz_heavy_keeps(trust, m);
}

/* `m` is in the closure, joined with `by`. Call it when it has come in, and when it is pruned no
 * more. */
static void enter(struct viz_directory *d, struct queue *q, struct viz_member *m,
		  struct viz_member *by, bool pruned)
{
	if (!m->in) {
		m->level = by->level + 1;
		viz_part_enter(m, by);
	}
	m->in = true;
	m->pruned = pruned;
	if (!pruned) {
		become_member(d, m);
		clear_lost(d, m);
	}
	viz_dialable_update(d, m);
	push(q, m);
}

/* Adds `m`, which has changed, when somebody in the closure vouches for it and it for that one. */
static void try_to_enter(struct viz_trust *trust, struct queue *q, struct viz_member *m)
{
	for (size_t i = 0; i < m->vouch_count && !m->in; i++) {
		struct viz_member *b = m->vouch[i].to->member;

		if (b && b->in && viz_mutual_member(m, &m->vouch[i]))
			enter(&trust->directory, q, m, b, is_pruned(trust, m, b));
	}
}

/* `a` and `b` are in the closure, and vouch for each other. */
static void join(struct viz_directory *d, struct queue *q, struct viz_member *a,
		 struct viz_member *b)
{
	if (leads_on(a) && b->pruned_at.ms == 0)
		enter(d, q, b, a, false);
	else if (leads_on(b) && a->pruned_at.ms == 0)
		enter(d, q, a, b, false);
}

/* Adds all that follow from those in the queue. */
static void spread(struct viz_trust *trust, struct queue *q)
{
	struct viz_directory *d = &trust->directory;
	struct viz_member *a;

	while ((a = pop(q))) {
		count(d, a);
		for (size_t i = 0; i < a->vouch_count; i++) {
			struct viz_member *b = a->vouch[i].to->member;

			if (!b || (b->in && a->pruned == b->pruned) ||
			    !viz_mutual_member(a, &a->vouch[i]))
				continue;
			if (b->in)
				join(d, q, a, b);
			else
				enter(d, q, b, a, is_pruned(trust, b, a));
		}
	}
	free(q->list);
}

/* Whether what is held of `m` is of no use, and nobody has looked at that (viz_leave_refresh). */
static bool may_go(struct viz_trust *trust, const struct viz_member *m)
{
	return m->weight != 0 && !m->cleared && !m->leaving && !viz_member_counts(trust, m);
}

void viz_closure_extend(struct viz_trust *trust)
{
	struct viz_directory *d = &trust->directory;
	struct queue q = {0};

	if (d->changed_count == 0)
		return;
	d->changes++;
	for (size_t i = 0; i < d->changed_count; i++) {
		struct viz_member *m = d->changed[i];

		m->changed = false;
		if (m->in)
			push(&q, m);
		else
			try_to_enter(trust, &q, m);
		if (m->member && viz_author_revoked(m)) {
			viz_member_doubt(d, m);
			d->at_once = true;
		} else if (viz_closure_useless(trust, m) || may_go(trust, m)) {
			d->ended = true;
		}
	}
	d->changed_count = 0;
	spread(trust, &q);
}

/* Sets `in` for those in the closure. */
static void compute(struct viz_trust *trust)
{
	struct viz_directory *d = &trust->directory;
	struct viz_member *self = viz_member_self(trust), *a;
	struct queue q = {0};

	for (size_t i = 0; i < d->count; i++)
		d->list[i]->in = d->list[i]->pruned = false;
	viz_part_begin(trust);
	self->in = true;
	self->level = 0;
	d->root = self;
	push(&q, self);
	while ((a = pop(&q)))
		for (size_t i = 0; i < a->vouch_count; i++) {
			struct viz_member *b = a->vouch[i].to->member;

			if (b && !b->in && viz_mutual_member(a, &a->vouch[i])) {
				b->in = true;
				b->level = a->level + 1;
				viz_part_enter(b, a);
				push(&q, b);
			}
		}
	free(q.list);
}

/* Sets `reached` for those in the closure who are members when `also` is pruned (NULL: nobody):
 * from ourselves and those with whom our operator deals, but never through who is pruned. */
static void reach(struct viz_trust *trust, const struct viz_member *also)
{
	struct viz_directory *d = &trust->directory;
	struct viz_member *a;
	struct queue q = {0};

	for (size_t i = 0; i < d->count; i++) {
		struct viz_member *m = d->list[i];

		m->reached = m->in && viz_heavy_keeps(trust, m);
		if (m->reached && m != also && m->pruned_at.ms == 0)
			push(&q, m);
	}
	while ((a = pop(&q)))
		for (size_t i = 0; i < a->vouch_count; i++) {
			struct viz_member *b = a->vouch[i].to->member;

			if (b && b->in && !b->reached && b != also && b->pruned_at.ms == 0 &&
			    viz_mutual_member(a, &a->vouch[i])) {
				b->reached = true;
				push(&q, b);
			}
		}
	free(q.list);
}

/* Sets `pruned` for those in the closure. */
static void prune(struct viz_trust *trust)
{
	struct viz_directory *d = &trust->directory;

	if (d->prune_count == 0)
		return;
	reach(trust, NULL);
	for (size_t i = 0; i < d->count; i++)
		d->list[i]->pruned = d->list[i]->in && !d->list[i]->reached;
}

/* The grace period of `m` begins. */
static void lose(struct viz_directory *d, struct viz_member *m, struct viz_time now)
{
	if (d->lost_count == d->lost_capacity) {
		d->lost_capacity = d->lost_capacity ? d->lost_capacity * 2 : 64;
		d->lost = viz_core_grow(d->lost, d->lost_capacity, sizeof *d->lost);
	}
	d->lost[d->lost_count++] = m;
	m->lost_at = (uint32_t)d->lost_count;
	m->lost = now;
}

/* Sets what follows from `in` and `pruned`. */
static void settle(struct viz_trust *trust, struct viz_member *m, int64_t grace)
{
	struct viz_directory *d = &trust->directory;

	if (m->in && !m->pruned) {
		become_member(d, m);
		clear_lost(d, m);
		return;
	}
	if (!m->member)
		return;
	if (m->lost.ms == 0)
		lose(d, m, trust->core->now);
	if (viz_author_revoked(m) || m->pruned_at.ms != 0 ||
	    m->lost.ms + grace <= trust->core->now.ms) {
		m->member = false;
		viz_member_stale(d, m);
		clear_lost(d, m);
		d->closure_changed = d->ended = true;
	} else if (d->recheck_at.ms == 0 || m->lost.ms + grace < d->recheck_at.ms) {
		d->recheck_at = viz_after(m->lost, grace);
	}
}

static void settle_all(struct viz_trust *trust, int64_t grace)
{
	struct viz_directory *d = &trust->directory;

	compute(trust);
	prune(trust);
	for (size_t i = 0; i < d->count; i++) {
		struct viz_member *m = d->list[i];

		count(d, m);
		if (!viz_id_eq(&m->id, &trust->self.author))
			settle(trust, m, grace);
		viz_dialable_update(d, m);
	}
	d->dirty = false;
	d->ended = true;
}

/* Those who have left, and those who leave as they are revoked or as their grace period is over.
 * False: the closure is to be computed anew. */
static bool settle_gone(struct viz_trust *trust, int64_t grace)
{
	struct viz_directory *d = &trust->directory;
	struct viz_member **gone;
	size_t n;

	if (!viz_cut_find(trust, &gone, &n))
		return false;
	for (size_t i = 0; i < n; i++) {
		count(d, gone[i]);
		settle(trust, gone[i], grace);
		viz_dialable_update(d, gone[i]);
	}
	free(gone);
	for (size_t i = d->lost_count; i-- > 0;) {
		struct viz_member *m = d->lost[i];

		settle(trust, m, grace);
		viz_dialable_update(d, m);
	}
	return true;
}

static bool is_due(const struct viz_trust *trust)
{
	const struct viz_directory *d = &trust->directory;

	if (!d->dirty && !d->ended && d->doubted_count == 0 &&
	    (d->recheck_at.ms == 0 || d->recheck_at.ms > trust->core->now.ms))
		return false;
	return d->at_once || d->computed_at.ms + COMPUTE_MS <= trust->core->now.ms;
}

void viz_closure_refresh(struct viz_trust *trust)
{
	struct viz_directory *d = &trust->directory;
	int64_t grace = LEAVE_GRACE_MS < trust->core->federation.silence_ms
			    ? LEAVE_GRACE_MS
			    : trust->core->federation.silence_ms;

	viz_closure_extend(trust);
	if (!is_due(trust))
		return;
	d->changes++;
	d->computed_at = trust->core->now;
	d->recheck_at = (struct viz_time){0};
	if (d->dirty || d->prune_count > 0 || !settle_gone(trust, grace))
		settle_all(trust, grace);
	for (size_t i = 0; i < d->doubted_count; i++)
		d->doubted[i]->doubted = false;
	d->doubted_count = 0;
	d->refreshed |= d->ended;
	d->ended = d->at_once = false;
}

struct viz_time viz_closure_deadline(const struct viz_trust *trust)
{
	const struct viz_directory *d = &trust->directory;
	struct viz_time next = viz_after(d->computed_at, COMPUTE_MS);

	return d->dirty || d->ended || d->doubted_count > 0 ||
		       (d->recheck_at.ms != 0 && d->recheck_at.ms < next.ms)
		   ? next
		   : d->recheck_at;
}

/* ---- the directory ---- */

bool viz_closure_useless(const struct viz_trust *trust, const struct viz_member *m)
{
	return !m->member && m->as->sponsors == 0 && !m->has_node && !m->has_partners &&
	       !m->peer.present && m->vouch_count == 0 && m->weight == 0 && !m->items.left_out &&
	       !m->leaving && m->pruned_at.ms == 0 && !viz_id_eq(&m->id, &trust->self.author);
}

void viz_closure_drop_useless(struct viz_trust *trust)
{
	struct viz_directory *d = &trust->directory;
	size_t kept = 0;

	d->refreshed = false;
	d->found = NULL;
	for (size_t i = 0; i < d->count; i++) {
		struct viz_member *m = d->list[i];
		bool useless = viz_closure_useless(trust, m);

		if (!useless || m->remote || m->changed || m->doubted) {
			d->list[kept++] = m;
			d->ended |= useless; /* it goes later */
			continue;
		}
		viz_tree_drop(trust, m);
		m->as->member = NULL;
		viz_sponsee_release(&d->strangers, m->as);
		viz_member_free(m);
	}
	d->count = kept;
}

size_t viz_closure_only_through(struct viz_trust *trust, const struct viz_member *m)
{
	const struct viz_directory *d = &trust->directory;
	struct viz_member *a;
	struct queue q = {0};
	size_t only = 0;

	for (size_t i = 0; i < d->count; i++)
		d->list[i]->reached = d->list[i] == m;
	push(&q, viz_member_self(trust));
	q.list[0]->reached = true;
	while ((a = pop(&q)))
		for (size_t i = 0; i < a->vouch_count; i++) {
			struct viz_member *b = a->vouch[i].to->member;

			if (b && !b->reached && viz_mutual_member(a, &a->vouch[i])) {
				b->reached = true;
				push(&q, b);
			}
		}
	for (size_t i = 0; i < d->count; i++)
		only += d->list[i]->member && !d->list[i]->reached;
	free(q.list);
	return only;
}

bool viz_closure_only_by_us(struct viz_trust *trust, const struct viz_member *m, size_t *lost)
{
	const struct viz_directory *d = &trust->directory;
	size_t only = viz_closure_only_through(trust, m);

	for (size_t i = 0; i < d->count; i++) {
		const struct viz_member *a = d->list[i];

		if (a == m || !a->reached || viz_id_eq(&a->id, &trust->self.author))
			continue;
		for (size_t k = 0; k < a->vouch_count; k++)
			if (viz_mutual_member(a, &a->vouch[k]) == m)
				return false;
	}
	*lost = only;
	return true;
}

size_t viz_closure_pruned_with(struct viz_trust *trust, struct viz_member **out,
			       const struct viz_member *m)
{
	const struct viz_directory *d = &trust->directory;
	size_t n = 0;

	reach(trust, m);
	for (size_t i = 0; i < d->count; i++) {
		struct viz_member *x = d->list[i];

		if (x != m && x->in && !x->pruned && !x->reached)
			out[n++] = x;
	}
	return n;
}
