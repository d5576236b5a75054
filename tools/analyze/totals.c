#include "tools/analyze/totals.h"
#include "tools/analyze/values.h"

#define CEP_AREAS 100000u

int viz_totals_init(struct viz_totals *t, size_t towns)
{
	memset(t, 0, sizeof *t);
	t->towns = towns;
	t->day_min = INT32_MAX;
	t->day_max = INT32_MIN;
	t->town = calloc(towns + 1, sizeof *t->town);
	t->ring = calloc((towns + 1) * VIZ_ANALYZE_RING_DAYS, sizeof *t->ring);
	t->cep_area = calloc(CEP_AREAS, sizeof *t->cep_area);
	if (t->town && t->ring && t->cep_area)
		return 0;
	viz_totals_free(t);
	return VIZ_ERR_NOMEM;
}

void viz_totals_free(struct viz_totals *t)
{
	free(t->town);
	free(t->ring);
	free(t->cep_area);
	t->town = NULL;
	t->ring = NULL;
	t->cep_area = NULL;
}

int viz_totals_month(int32_t day)
{
	/* a row's month is nearly always that of the row before */
	static _Thread_local int32_t from = 1, to = 0;
	static _Thread_local int month_then;
	int year;
	unsigned month, d;

	if (day >= from && day < to)
		return month_then;
	viz_civil_from_days(&year, &month, &d, day);
	if (year < VIZ_ANALYZE_YEAR_MIN || year > VIZ_ANALYZE_YEAR_MAX)
		return -1;
	from = day - (int32_t)d + 1;
	to = month == 12 ? viz_days_from_civil(year + 1, 1, 1) : viz_days_from_civil(year, month + 1, 1);
	month_then = (year - VIZ_ANALYZE_YEAR_MIN) * 12 + (int)month - 1;
	return month_then;
}

void viz_totals_uncovered(struct viz_totals *t, uint16_t town, int32_t day)
{
	struct viz_ring_day *r =
	    &t->ring[(size_t)town * VIZ_ANALYZE_RING_DAYS + ((uint32_t)day % VIZ_ANALYZE_RING_DAYS)];

	if (r->n == 0 || day > r->day)
		*r = (struct viz_ring_day){day, 1};
	else if (day == r->day)
		r->n++;
}

uint32_t viz_totals_recent(const struct viz_totals *t, uint16_t town)
{
	const struct viz_ring_day *r = &t->ring[(size_t)town * VIZ_ANALYZE_RING_DAYS];
	uint32_t n = 0;

	for (size_t i = 0; i < VIZ_ANALYZE_RING_DAYS; i++)
		if (r[i].n && r[i].day > t->day_max - VIZ_ANALYZE_INVITE_DAYS)
			n += r[i].n;
	return n;
}
