#include "tools/analyze/number.h"

#include <inttypes.h>

#include "tools/analyze/limits_analyze.h"
#include "tools/analyze/text.h"
#include "tools/analyze/calendar.h"
#include "tools/analyze/value.h"

static char mark(enum viz_lang lang, enum viz_text text)
{
	return viz_text(lang, text)[0];
}

struct viz_number viz_number_count(enum viz_lang lang, uint64_t n)
{
	struct viz_number out;
	char digits[24];
	int len = snprintf(digits, sizeof digits, "%" PRIu64, n);
	size_t at = 0;

	for (int i = 0; i < len; i++) {
		if (i > 0 && (len - i) % 3 == 0)
			out.s[at++] = mark(lang, VIZ_TEXT_THOUSANDS_MARK);
		out.s[at++] = digits[i];
	}
	out.s[at] = 0;
	return out;
}

struct viz_number viz_number_money(enum viz_lang lang, int64_t cents)
{
	struct viz_number out, whole;
	uint64_t v = cents < 0 ? 0 - (uint64_t)cents : (uint64_t)cents;

	whole = viz_number_count(lang, v / 100);
	snprintf(out.s, sizeof out.s, "R$\u00a0%s%.30s%c%02u", cents < 0 ? "-" : "", whole.s,
		 mark(lang, VIZ_TEXT_DECIMAL_MARK), (unsigned)(v % 100));
	return out;
}

struct viz_number viz_number_money_whole(enum viz_lang lang, int64_t cents)
{
	struct viz_number out,
	    whole = viz_number_count(lang, (uint64_t)(cents < 0 ? 0 : cents + 50) / 100);

	snprintf(out.s, sizeof out.s, "R$\u00a0%.30s", whole.s);
	return out;
}

struct viz_number viz_number_share(enum viz_lang lang, uint64_t part, uint64_t whole)
{
	struct viz_number out;
	uint64_t tenths = whole ? (part * 1000 + whole / 2) / whole : 0;

	if (whole == 0)
		snprintf(out.s, sizeof out.s, "-");
	else if (tenths % 10 == 0)
		snprintf(out.s, sizeof out.s, "%u %%", (unsigned)(tenths / 10));
	else
		snprintf(out.s, sizeof out.s, "%u%c%u %%", (unsigned)(tenths / 10),
			 mark(lang, VIZ_TEXT_DECIMAL_MARK), (unsigned)(tenths % 10));
	return out;
}

struct viz_number viz_number_month_iso(int month)
{
	struct viz_number out;

	snprintf(out.s, sizeof out.s, "%04d-%02d", VIZ_ANALYZE_YEAR_MIN + month / 12,
		 month % 12 + 1);
	return out;
}

/* Year, month and day in the order of the language. */
static struct viz_number date(enum viz_lang lang, enum viz_text text, int year, unsigned month,
			      unsigned day)
{
	struct viz_text_filled filled;
	char y[12], m[12], d[12];
	struct viz_number out;

	snprintf(y, sizeof y, "%04d", year);
	snprintf(m, sizeof m, "%02u", month);
	snprintf(d, sizeof d, "%02u", day);
	viz_text_fill(&filled, lang, text, (const char *[]){y, m, d, NULL});
	snprintf(out.s, sizeof out.s, "%.*s", VIZ_NUMBER_MAX - 1, filled.s);
	return out;
}

struct viz_number viz_number_month(enum viz_lang lang, int month)
{
	return date(lang, VIZ_TEXT_MONTH, VIZ_ANALYZE_YEAR_MIN + month / 12,
		    (unsigned)(month % 12 + 1), 0);
}

struct viz_number viz_number_day(enum viz_lang lang, int32_t day)
{
	unsigned month, d;
	int year;

	viz_calendar_date(&year, &month, &d, day);
	return date(lang, VIZ_TEXT_DAY, year, month, d);
}
