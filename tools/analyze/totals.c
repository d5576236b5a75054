#include "tools/analyze/totals.h"
#include "tools/analyze/calendar.h"
#include "tools/analyze/value.h"

#define CEP_AREAS 100000u

void viz_totals_free(struct viz_totals *t)
{
	free(t->town);
	free(t->ring);
	free(t->cep_area);
	free(t->month_of);
	t->month_of = NULL;
	t->town = NULL;
	t->ring = NULL;
	t->cep_area = NULL;
}

int viz_totals_month(const struct viz_totals *t, int32_t day)
{
	int64_t at = (int64_t)day - t->day_zero;

	return at < 0 || at >= (int64_t)t->days ? -1 : t->month_of[at];
}

/* Asking the calendar for every row would take a tenth of the time. */
static int build_months(struct viz_totals *t)
{
	t->day_zero = viz_calendar_days(VIZ_ANALYZE_YEAR_MIN, 1, 1);
	t->days = (size_t)(viz_calendar_days(VIZ_ANALYZE_YEAR_MAX + 1, 1, 1) - t->day_zero);
	t->month_of = calloc(t->days, sizeof *t->month_of);
	if (!t->month_of)
		return VIZ_ERR_NOMEM;
	for (size_t i = 0; i < t->days; i++) {
		int year;
		unsigned month, day;

		viz_calendar_date(&year, &month, &day, t->day_zero + (int32_t)i);
		t->month_of[i] = (int16_t)((year - VIZ_ANALYZE_YEAR_MIN) * 12 + (int)month - 1);
	}
	return 0;
}

int viz_totals_init(struct viz_totals *t, size_t towns)
{
	memset(t, 0, sizeof *t);
	t->towns = towns;
	t->day_min = INT32_MAX;
	t->day_max = INT32_MIN;
	t->town = calloc(towns + 1, sizeof *t->town);
	t->ring = calloc((towns + 1) * VIZ_ANALYZE_RING_DAYS, sizeof *t->ring);
	t->cep_area = calloc(CEP_AREAS, sizeof *t->cep_area);
	if (t->town && t->ring && t->cep_area && build_months(t) == 0)
		return 0;
	viz_totals_free(t);
	return VIZ_ERR_NOMEM;
}

void viz_totals_uncovered(struct viz_totals *t, uint16_t town, int32_t day)
{
	struct viz_ring_day *r = &t->ring[(size_t)town * VIZ_ANALYZE_RING_DAYS +
					  ((uint32_t)day % VIZ_ANALYZE_RING_DAYS)];

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
