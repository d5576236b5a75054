#include "tools/analyze/summary.h"

#define CEP_AREAS 100000u

static int order(const void *a, const void *b)
{
	const struct viz_ranked *x = a, *y = b;

	if (x->n != y->n)
		return x->n > y->n ? -1 : 1;
	return (x->what > y->what) - (x->what < y->what);
}

static uint64_t town_movers(const struct viz_totals *t, uint32_t i)
{
	return t->town[i].movers;
}

static uint64_t town_uncovered(const struct viz_totals *t, uint32_t i)
{
	return t->own_known || t->town[i].left == 0 ? t->town[i].uncovered : 0;
}

uint32_t viz_summary_uncovered(const struct viz_summary *s, uint32_t town)
{
	return (uint32_t)town_uncovered(s->t, town);
}

uint32_t viz_summary_own_town(const struct viz_summary *s, uint32_t town)
{
	return s->t->town[town].uncovered - viz_summary_uncovered(s, town);
}

static uint64_t town_recent(const struct viz_totals *t, uint32_t i)
{
	uint32_t n = town_uncovered(t, i) ? viz_totals_recent(t, (uint16_t)i) : 0;

	return n >= VIZ_ANALYZE_SMALL ? n : 0;
}

static uint64_t cep_movers(const struct viz_totals *t, uint32_t i)
{
	return t->cep_area[i];
}

static uint64_t partner_movers(const struct viz_totals *t, uint32_t i)
{
	return i == VIZ_PARTY_SELF ? 0
				   : t->partner[i][VIZ_HOW_CELL] + t->partner[i][VIZ_HOW_POSTCODE] +
					 t->partner[i][VIZ_HOW_MUNICIPALITY];
}

static int rank(struct viz_ranked **out, size_t *n, const struct viz_totals *t, size_t count,
		uint64_t (*value)(const struct viz_totals *, uint32_t))
{
	size_t used = 0;

	for (uint32_t i = 0; i < count; i++)
		used += value(t, i) > 0;
	*out = calloc(used + 1, sizeof **out);
	if (!*out)
		return VIZ_ERR_NOMEM;
	*n = 0;
	for (uint32_t i = 0; i < count; i++)
		if (value(t, i) > 0)
			(*out)[(*n)++] = (struct viz_ranked){i, value(t, i)};
	qsort(*out, *n, sizeof **out, order);
	return 0;
}

/* part * a / b, rounded down, without overflow for the numbers of a provider. */
static int64_t scaled(int64_t cents, uint64_t a, uint64_t b)
{
	return b ? (int64_t)((__int128)cents * (__int128)a / (__int128)b) : 0;
}

/* What those who stay pay: their own fees, and `mean` where the file has none. */
static int64_t fees(int64_t cents, uint64_t valued, uint64_t movers, int64_t mean)
{
	return cents + mean * (int64_t)(movers - valued);
}

/* The low end counts only fees in the file, if there are any. The high end takes the mean fee of
 * movers for the others. */
static void reckon_range(struct viz_summary *s, int64_t mean_low, int64_t mean_high)
{
	const struct viz_totals *t = s->t;
	struct viz_revenue *r = &s->revenue;
	bool has_self = s->a->coverage && s->a->coverage->has_self;
	int64_t kept = 0, blind;
	uint64_t kept_valued = 0;

	r->low_movers = t->kept[VIZ_HOW_CELL] + t->kept[VIZ_HOW_POSTCODE];
	r->high_movers = s->kept;
	r->blind = t->asked_not + t->unresolved;
	r->no_better_bound = !has_self || t->located == 0;
	for (unsigned how = VIZ_HOW_MUNICIPALITY; how < VIZ_HOWS; how++) {
		kept += t->kept_cents[how];
		kept_valued += t->kept_valued[how];
	}
	r->low_cents = r->assumed ? mean_low * (int64_t)r->low_movers
				  : t->kept_cents[VIZ_HOW_CELL] + t->kept_cents[VIZ_HOW_POSTCODE];
	r->low_cents = scaled(r->low_cents, VIZ_ACCEPT_LOW_PERCENT, 100 * s->months);
	r->covered_cents =
	    scaled(fees(t->covered_cents, t->covered_valued, s->covered, mean_high), 1, s->months);
	kept = fees(kept, kept_valued, s->kept, mean_high);
	blind = fees(t->blind_cents, t->blind_valued, r->blind, mean_high);
	if (r->no_better_bound)
		r->high_cents = fees(t->mover_cents, t->mover_valued, t->movers, mean_high);
	else
		r->high_cents = kept + scaled(blind, s->kept, t->located);
	r->high_cents = scaled(r->high_cents, VIZ_ACCEPT_HIGH_PERCENT, 100 * s->months);
}

static void reckon_revenue(struct viz_summary *s)
{
	const struct viz_totals *t = s->t;
	struct viz_revenue *r = &s->revenue;

	r->assumed = t->valued == 0;
	if (r->assumed) {
		r->mean_cents = (VIZ_ARPU_LOW_CENTS + VIZ_ARPU_HIGH_CENTS) / 2;
		r->lost_cents = scaled(VIZ_ARPU_LOW_CENTS, t->cancelled, s->months);
		reckon_range(s, VIZ_ARPU_LOW_CENTS, VIZ_ARPU_HIGH_CENTS);
		return;
	}
	r->mean_cents = t->cents / (int64_t)t->valued;
	r->lost_cents = t->cents / (int64_t)s->months;
	r->without = t->cancelled - t->valued;
	if (t->mover_valued) {
		int64_t mean = t->mover_cents / (int64_t)t->mover_valued;

		reckon_range(s, mean, mean);
	} else {
		reckon_range(s, r->mean_cents, r->mean_cents);
	}
}

int viz_summary_make(struct viz_summary *s, const struct viz_analysis *a)
{
	const struct viz_totals *t = &a->totals;

	*s = (struct viz_summary){.a = a, .t = t, .month_first = -1, .month_last = -1, .months = 1};
	if (t->day_min <= t->day_max) {
		s->month_first = viz_totals_month(t, t->day_min);
		s->month_last = viz_totals_month(t, t->day_max);
		s->months = (unsigned)(s->month_last - s->month_first + 1);
	}
	for (unsigned how = VIZ_HOW_MUNICIPALITY; how < VIZ_HOWS; how++) {
		s->kept += t->kept[how];
		s->covered += t->covered[how];
	}
	/* An export of cancellations may hold a few contracts that came back: no base of customers.
	 */
	s->file_is_base = t->in_force > 0 && t->in_force >= t->cancelled;
	s->base = a->base ? a->base : s->file_is_base ? t->in_force + t->cancelled : 0;
	s->silent = t->by_reason[VIZ_REASON_NONE];
	if (rank(&s->towns, &s->towns_n, t, t->towns, town_movers) < 0 ||
	    rank(&s->uncovered_in, &s->uncovered_n, t, t->towns, town_uncovered) < 0 ||
	    rank(&s->invites, &s->invites_n, t, t->towns, town_recent) < 0 ||
	    rank(&s->cep_areas, &s->cep_areas_n, t, CEP_AREAS, cep_movers) < 0 ||
	    rank(&s->partners, &s->partners_n, t, a->coverage ? a->coverage->parties : 0,
		 partner_movers) < 0) {
		viz_summary_free(s);
		return VIZ_ERR_NOMEM;
	}
	for (uint32_t i = 0; i < t->towns; i++) {
		s->at_home += t->town[i].left ? t->town[i].movers : 0;
		s->uncovered += viz_summary_uncovered(s, i);
		s->own_towns += viz_summary_own_town(s, i);
	}
	reckon_revenue(s);
	return 0;
}

void viz_summary_free(struct viz_summary *s)
{
	free(s->towns);
	free(s->uncovered_in);
	free(s->invites);
	free(s->cep_areas);
	free(s->partners);
	*s = (struct viz_summary){0};
}

uint64_t viz_summary_partner(const struct viz_summary *s, size_t party)
{
	return partner_movers(s->t, (uint32_t)party);
}

uint64_t viz_summary_month(const struct viz_summary *s, int month)
{
	uint64_t n = 0;

	for (unsigned i = 0; i < VIZ_REASONS; i++)
		n += s->t->by_month[month][i];
	return n;
}

const char *viz_summary_town(const struct viz_summary *s, char *out, uint32_t town)
{
	struct viz_municipality m = viz_gazetteer_get(s->a->gazetteer, town);

	snprintf(out, VIZ_TOWN_TEXT, "%.60s/%s", m.name, m.uf);
	return out;
}
