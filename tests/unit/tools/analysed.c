#include <unistd.h>

#include "tests/unit/tools/analysed.h"
#include "tools/analyze/calendar.h"

static struct viz_gazetteer *gazetteer;
struct viz_towns *towns;
static struct viz_reasons *reasons;
struct viz_coverage coverage;
struct viz_analysis *a;

int analysed_open(void **state)
{
	(void)state;
	return viz_gazetteer_open(&gazetteer, NULL) || viz_towns_new(&towns, gazetteer) ||
	       viz_reason_new(&reasons);
}

int analysed_close(void **state)
{
	(void)state;
	viz_reason_free(reasons);
	viz_towns_free(towns);
	viz_gazetteer_close(gazetteer);
	return 0;
}

int analysed_set_up(void **state)
{
	(void)state;
	a = calloc(1, sizeof *a);
	if (!a || viz_coverage_init(&coverage, towns) < 0)
		return 1;
	a->gazetteer = gazetteer;
	a->towns = towns;
	a->reasons = reasons;
	a->coverage = &coverage;
	a->today = viz_calendar_days(2025, 12, 31);
	return viz_totals_init(&a->totals, viz_towns_count(towns)) ||
	       viz_rejects_open(&a->rejects, NULL);
}

int analysed_tear_down(void **state)
{
	(void)state;
	viz_rejects_close(&a->rejects);
	viz_totals_free(&a->totals);
	viz_coverage_free(&coverage);
	free(a);
	return 0;
}

int analyse(const char *text, size_t len)
{
	FILE *f = tmpfile();
	int err;

	assert_non_null(f);
	fwrite(text, 1, len, f);
	fflush(f);
	lseek(fileno(f), 0, SEEK_SET);
	err = viz_analyze_file(a, "test.csv", fileno(f));
	fclose(f);
	return err;
}

const struct viz_town_total *town(uint32_t ibge)
{
	return &a->totals.town[viz_towns_by_code(towns, ibge)];
}

char *report(int (*format)(FILE *, const struct viz_report *), enum viz_lang lang)
{
	struct viz_summary s;
	struct viz_report r = {.s = &s, .lang = lang, .width = 80};
	char *text = NULL;
	size_t len;
	FILE *f = open_memstream(&text, &len);

	assert_int_equal(viz_summary_make(&s, a), 0);
	assert_int_equal(format(f, &r), 0);
	fclose(f);
	viz_summary_free(&s);
	return text;
}
