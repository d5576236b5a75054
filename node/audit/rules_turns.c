#include "node/audit/rules.h"

#include "proto/base.h"
#include "proto/federation.h"
#include "proto/offer.h"
#include "proto/trust.h"

/* What the lists of an OFFER say of one partner. */
struct standing {
	const struct viz_partner_entry *entry;
	const struct viz_list_entry *in; /* NULL: it is blocked, silent or in no list */
	bool listed;                     /* in any list */
	bool moved; /* it was drawn while somebody was not: it has a new turn */
};

static const struct viz_list_entry *entry_at(const struct viz_list_entry *e, size_t n, size_t index)
{
	for (size_t i = 0; i < n; i++)
		if (e[i].index == index)
			return &e[i];
	return NULL;
}

static struct standing standing_at(const struct viz_rules_draw *d, size_t index)
{
	const struct viz_offer *s = d->lists;
	struct standing st = {.entry = &d->named->entry[index]};

	st.in = entry_at(s->asked, s->asked_count, index);
	if (!st.in)
		st.in = entry_at(s->struck, s->struck_count, index);
	st.moved = st.in && s->not_drawn_count > 0;
	if (!st.in)
		st.in = entry_at(s->not_drawn, s->not_drawn_count, index);
	st.listed = st.in || memchr(s->blocked, (int)index, s->blocked_len) ||
		    memchr(s->silent, (int)index, s->silent_len);
	return st;
}

/* What `d` says of the partner, under the same entry of the origin's PARTNERS. It may be in none of
 * its lists. */
static struct standing standing_of(const struct viz_rules_draw *d,
				   const struct viz_partner_entry *entry, size_t index)
{
	if (index < d->named->count && viz_id_eq(&d->named->entry[index].id, &entry->id) &&
	    d->named->entry[index].added.ms == entry->added.ms)
		return standing_at(d, index); /* mostly both name the same PARTNERS */
	for (size_t i = 0; i < d->named->count; i++)
		if (viz_id_eq(&d->named->entry[i].id, &entry->id) &&
		    d->named->entry[i].added.ms == entry->added.ms)
			return standing_at(d, i);
	return (struct standing){0};
}

/* Whether this turn of the later draw contradicts the earlier one. */
static bool turn_false(const struct standing *before, uint32_t draw,
		       const struct viz_list_entry *now)
{
	if (before->moved)
		return now->turn < draw;
	return !now->newcomer && now->turn != 0 && now->turn == draw;
}

/* Whether the mark of the later draw does. `effective`: when the partner became one. */
static bool newcomer_false(const struct standing *before, const struct viz_rules_draw *earlier,
			   const struct viz_list_entry *now, int64_t effective)
{
	uint32_t draw = earlier->lists->draw;

	if (!now->newcomer)
		return false;
	if (before->in && (!before->in->newcomer || before->in->turn != now->turn))
		return true;
	if (before->listed && now->turn >= draw)
		return true;
	return earlier->time.ms < effective && now->turn < draw;
}

static void judge_list(const struct viz_federation *f, const struct viz_rules_draw *earlier,
		       const struct viz_rules_draw *later, const struct viz_list_entry *list,
		       size_t n, viz_rules_found found, void *arg)
{
	for (size_t i = 0; i < n; i++) {
		const struct viz_partner_entry *entry;
		struct standing before;

		if (list[i].index >= later->named->count)
			continue;
		entry = &later->named->entry[list[i].index];
		before = standing_of(earlier, entry, list[i].index);
		if (turn_false(&before, earlier->lists->draw, &list[i]))
			found(arg, VIZ_RULE_TURN_FALSE, VIZ_VERDICT_CONTRADICTION, &later->offer);
		if (newcomer_false(&before, earlier, &list[i],
				   entry->added.ms + f->partner_delay_ms))
			found(arg, VIZ_RULE_NEWCOMER_FALSE, VIZ_VERDICT_CONTRADICTION,
			      &later->offer);
	}
}

/* Whether x comes first. Two of one draw are told apart by time and id, so that all find the same.
 */
static bool is_first(const struct viz_rules_draw *x, const struct viz_rules_draw *y)
{
	if (x->lists->draw != y->lists->draw)
		return x->lists->draw < y->lists->draw;
	if (x->time.ms != y->time.ms)
		return x->time.ms < y->time.ms;
	return memcmp(x->offer.b, y->offer.b, sizeof x->offer.b) < 0;
}

void viz_rules_turns(const struct viz_federation *f, const struct viz_rules_draw *x,
		     const struct viz_rules_draw *y, viz_rules_found found, void *arg)
{
	const struct viz_rules_draw *earlier = is_first(x, y) ? x : y;
	const struct viz_rules_draw *later = earlier == x ? y : x;
	const struct viz_offer *s = later->lists;

	if (x->named->log != y->named->log || viz_id_eq(&x->offer, &y->offer))
		return;
	if (earlier->lists->draw == s->draw || earlier->lists->drawn.ms > s->drawn.ms) {
		const struct viz_rules_draw *last =
		    earlier->time.ms > later->time.ms ? earlier : later;

		found(arg, VIZ_RULE_DRAW_DOUBLE, VIZ_VERDICT_CONTRADICTION, &last->offer);
		return;
	}
	judge_list(f, earlier, later, s->asked, s->asked_count, found, arg);
	judge_list(f, earlier, later, s->struck, s->struck_count, found, arg);
	judge_list(f, earlier, later, s->not_drawn, s->not_drawn_count, found, arg);
}
