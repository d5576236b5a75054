/* Churn against the base of customers, and by plan, time as a customer and neighbourhood. */
#include "tools/analyze/report.h"

const char *viz_report_groups_churn(struct viz_text_filled *w, const struct viz_report *r)
{
	const struct viz_summary *s = r->s;
	uint64_t whole = s->base * s->months;

	w->s[0] = 0;
	if (s->month_first < 0 || (s->base == 0 && s->t->in_force == 0))
		return w->s;
	if (s->base == 0)
		return viz_text_fill(w, r->lang, VIZ_TEXT_CHURN_NO_BASE, (const char *[]){NULL});
	return viz_text_fill(w, r->lang, s->a->base ? VIZ_TEXT_CHURN : VIZ_TEXT_CHURN_FILE,
			     (const char *[]){viz_number_count(r->lang, s->base).s,
					      viz_number_share(r->lang, s->t->cancelled, whole).s,
					      viz_number_share(r->lang, s->t->movers, whole).s,
					      NULL});
}

enum viz_text viz_report_groups_title(enum viz_report_by by)
{
	static const enum viz_text texts[VIZ_REPORT_BYS] = {VIZ_TEXT_BY_PLAN, VIZ_TEXT_BY_TENURE,
							    VIZ_TEXT_BY_QUARTER};

	return texts[by];
}

static void add(struct viz_report_lines *out, const struct viz_report *r, const char *name,
		const struct viz_group_count *c)
{
	size_t at = out->n++;

	snprintf(out->line[at].name, sizeof out->line[at].name, "%.60s", name);
	out->line[at].cancelled = c->cancelled;
	out->line[at].movers = c->movers;
	out->line[at].whole =
	    r->s->file_is_base && c->in_force ? (uint64_t)c->in_force + c->cancelled : 0;
}

static void by_tenure(struct viz_report_lines *out, const struct viz_report *r)
{
	for (unsigned i = 0; i < VIZ_TENURES; i++)
		if (r->s->t->tenure[i].cancelled)
			add(out, r, viz_text(r->lang, (enum viz_text)(VIZ_TEXT_TENURE_3 + i)),
			    &r->s->t->tenure[i]);
}

void viz_report_groups_lines(struct viz_report_lines *out, const struct viz_report *r,
			     enum viz_report_by by)
{
	const struct viz_groups *g = by == VIZ_REPORT_BY_PLAN ? &r->s->t->plan : &r->s->t->quarter;
	uint16_t order[VIZ_GROUPS_MAX];
	size_t n;

	out->n = 0;
	if (by == VIZ_REPORT_BY_TENURE) {
		by_tenure(out, r);
		return;
	}
	n = viz_groups_rank(order, g, VIZ_ANALYZE_SMALL);
	for (size_t i = 0; i < n && i < sizeof out->line / sizeof *out->line; i++)
		add(out, r, g->group[order[i]].name, &g->group[order[i]].count);
}
