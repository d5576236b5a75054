#include "tools/analyze/value.h"
#include "tools/analyze/value_date.h"

#include <strings.h>

#define TEXT_MAX 128u /* of a date in words, with its zone */

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static unsigned two(const char *p)
{
	return (unsigned)(p[0] - '0') * 10 + (unsigned)(p[1] - '0');
}

static unsigned four(const char *p)
{
	return two(p) * 100 + two(p + 2);
}

struct part {
	const char *p;
	size_t len;
	bool digits;
};

/* Splits into up to three parts. A time of day after the third is not read, only its first
 * character. */
static size_t split(struct part part[3], const char *p, size_t len)
{
	size_t n = 0, i = 0;

	while (n < 3 && i < len) {
		size_t from = i;
		bool digits = is_digit(p[i]);

		while (i < len && p[i] != '/' && p[i] != '-' && p[i] != '.' && p[i] != ' ' &&
		       p[i] != 'T' && is_digit(p[i]) == digits)
			i++;
		if (i == from)
			return 0;
		part[n++] = (struct part){p + from, i - from, digits};
		if (n == 3)
			return i == len || strchr(" T,.-", p[i]) != NULL ? 3 : 0;
		if (i < len && (p[i] == '/' || p[i] == '-' || p[i] == '.' || p[i] == ' '))
			i++;
	}
	return n;
}

static unsigned small_number(const struct part *part)
{
	unsigned v = 0;

	for (size_t i = 0; i < part->len && i < 5; i++)
		v = v * 10 + (unsigned)(part->p[i] - '0');
	return v;
}

static int from_parts(int32_t *days, enum viz_date_order order, const struct part part[3])
{
	unsigned a = small_number(&part[0]), b = small_number(&part[1]), c = small_number(&part[2]);

	if (!part[0].digits || !part[1].digits || !part[2].digits)
		return VIZ_ERR_INPUT;
	if (part[0].len == 4 && part[1].len <= 2 && part[2].len <= 2)
		return viz_value_date_civil(days, a, b, c);
	if (part[0].len > 2 || part[1].len > 2 || (part[2].len != 2 && part[2].len != 4))
		return VIZ_ERR_INPUT;
	c = viz_value_date_civil_year(c, part[2].len);
	return order == VIZ_DATE_MONTH_FIRST ? viz_value_date_civil(days, c, a, b)
					     : viz_value_date_civil(days, c, b, a);
}

#define SECONDS_MIN INT64_C(631152000)  /* 1990 */
#define SECONDS_MAX INT64_C(4102444800) /* 2100 */
#define BRASILIA    INT64_C(-10800)

/* Seconds since 1970, or thousandths, or millionths. A day without a time of day is midnight in
 * UTC; everything else is an instant, and the day is that of Brasília. */
static int from_epoch(int32_t *days, int64_t v)
{
	for (int64_t unit = 1; unit <= 1000000; unit *= 1000) {
		int64_t seconds = v / unit;

		if (seconds < SECONDS_MIN || seconds >= SECONDS_MAX)
			continue;
		*days = (int32_t)((seconds % 86400 ? seconds + BRASILIA : seconds) / 86400);
		return 0;
	}
	return VIZ_ERR_INPUT;
}

/* 20250311, perhaps with a time of day; the serial day of a spreadsheet (45727, with or without a
 * fraction); seconds since 1970. */
static int from_number(int32_t *days, const char *p, size_t len)
{
	size_t n = 0;
	int64_t v = 0;

	for (; n < len && n < 17 && is_digit(p[n]); n++)
		v = v * 10 + (p[n] - '0');
	if (v == 0 && n == len)
		return VIZ_ERR_ABSENT;
	if (n == 8 && n == len && four(p + 4) >= 1990 && four(p + 4) < 2100 &&
	    (four(p) < 1900 || four(p) >= 2100))
		return viz_value_date_civil(days, four(p + 4), two(p + 2), two(p));
	if ((n == 8 || n == 14 || (n == 12 && v < SECONDS_MIN * 1000)) &&
	    (n == len || (n == 8 && p[8] == 'T')))
		return viz_value_date_civil(days, four(p), two(p + 4), two(p + 6));
	if (n < len && p[n] != '.' && p[n] != ',')
		return VIZ_ERR_INPUT;
	if (n >= 9)
		return from_epoch(days, v);
	if (n != 5 || v < 32000) /* before 1987: more likely a house number */
		return VIZ_ERR_INPUT;
	*days = (int32_t)v - 25569;
	return 0;
}

static bool all_digits(const char *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!is_digit(p[i]))
			return false;
	return true;
}

static bool has_letters(const char *p, size_t n)
{
	size_t letters = 0;

	for (size_t i = 0; i < n && letters < 3; i++)
		letters = (p[i] >= 'a' && p[i] <= 'z') || (p[i] >= 'A' && p[i] <= 'Z') ||
				  (unsigned char)p[i] >= 0x80
			      ? letters + 1
			      : 0;
	return letters == 3;
}

/* Dates of .NET in JSON: /Date(1710188665000-0300)/ */
static bool json_date(int64_t *v, const char *p, size_t len)
{
	size_t i = 6;

	if (len < 8 || memcmp(p, "/Date(", 6) != 0 || !is_digit(p[6]))
		return false;
	for (*v = 0; i < len && i < 22 && is_digit(p[i]); i++)
		*v = *v * 10 + (p[i] - '0');
	return i < len && (p[i] == ')' || p[i] == '+' || p[i] == '-');
}

/* A form that nobody filled in: "__/__/____". */
static bool only_signs(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (strchr(" /_-.:", text[i]) == NULL || text[i] == 0)
			return false;
	return true;
}

/* The length of a weekday ("ter, ") or a time of day ("14:00 ") before a date in numbers. */
static size_t before_date(const char *p, size_t len)
{
	static const char *const days[] = {"seg",
					   "ter",
					   "qua",
					   "qui",
					   "sex",
					   "sab",
					   "s\xc3\xa1"
					   "b",
					   "dom",
					   "mon",
					   "tue",
					   "wed",
					   "thu",
					   "fri",
					   "sat",
					   "sun"};
	size_t n = 0;

	if (len > 6 && is_digit(p[0]) && is_digit(p[1]) && p[2] == ':') {
		n = strcspn(p, " ");
		return n < len && n <= 8 && is_digit(p[n + 1]) && memchr(p, '/', len) ? n + 1 : 0;
	}
	for (size_t i = 0; i < sizeof days / sizeof *days; i++) {
		size_t k = strlen(days[i]);

		if (len <= k + 2 || strncasecmp(p, days[i], k) != 0)
			continue;
		for (n = k; n < len && strchr(".,- ", p[n]);)
			n++;
		return n > k && n < len && is_digit(p[n]) && memchr(p + n, '/', len - n) ? n : 0;
	}
	return 0;
}

/* Without what stands before the date, without blanks beside its signs, "/" for "\". */
static size_t in_one_form(char out[TEXT_MAX], const char *text, size_t len)
{
	size_t n = 0, from;

	len = len < TEXT_MAX ? len : TEXT_MAX - 1;
	memcpy(out, text, len);
	out[len] = 0;
	from = before_date(out, len);
	for (size_t i = from; i < len; i++) {
		char c = out[i] == '\\' ? '/' : out[i];

		if (c == ' ' && ((n > 0 && n < 8 && out[n - 1] == '/') ||
				 (n < 6 && i + 1 < len && out[i + 1] == '/')))
			continue;
		out[n++] = c;
	}
	out[n] = 0;
	return n;
}

static int read_date(int32_t *days, enum viz_date_order order, const char *text, size_t len)
{
	char plain[TEXT_MAX];
	struct part part[3];
	int64_t v;
	int err;

	viz_value_empty_trim(&text, &len);
	if (viz_value_empty(text, len) || only_signs(text, len))
		return VIZ_ERR_ABSENT;
	len = in_one_form(plain, text, len);
	text = plain;
	if (json_date(&v, text, len))
		return from_epoch(days, v);
	if ((len >= 5 && all_digits(text, 5)) || all_digits(text, len))
		return from_number(days, text, len);
	if (split(part, text, len) == 3 && part[0].digits && part[1].digits && part[2].digits) {
		const char *rest = part[2].p + part[2].len;

		err = from_parts(days, order, part);
		if (err == 0)
			*days += viz_value_date_zone(rest, len - (size_t)(rest - text));
		return err;
	}
	return has_letters(text, len) ? viz_value_date_words(days, text, len) : VIZ_ERR_INPUT;
}

int viz_value_date_in(int32_t *days, enum viz_date_order order, const char *text, size_t len)
{
	/* first the two forms that nearly every row has */
	if (len == 10 && text[4] == '-' && text[7] == '-' && all_digits(text, 4) &&
	    all_digits(text + 5, 2) && all_digits(text + 8, 2))
		return viz_value_date_civil(days, four(text), two(text + 5), two(text + 8));
	if (order == VIZ_DATE_DAY_FIRST && len == 10 && text[2] == '/' && text[5] == '/' &&
	    all_digits(text, 2) && all_digits(text + 3, 2) && all_digits(text + 6, 4))
		return viz_value_date_civil(days, four(text + 6), two(text + 3), two(text));
	return read_date(days, order, text, len);
}

int viz_value_date(int32_t *days, const char *text, size_t len)
{
	return viz_value_date_in(days, VIZ_DATE_DAY_FIRST, text, len);
}

enum viz_date_hint viz_value_date_hint(const char *text, size_t len)
{
	int32_t by_day = 0, by_month = 0;
	bool day, month;

	if (len == 10 && text[4] == '-') /* by far the most are such, and say nothing */
		return VIZ_DATE_HINT_NONE;
	day = viz_value_date_in(&by_day, VIZ_DATE_DAY_FIRST, text, len) == 0;
	month = viz_value_date_in(&by_month, VIZ_DATE_MONTH_FIRST, text, len) == 0;
	if (day == month)
		return by_day == by_month ? VIZ_DATE_HINT_NONE : VIZ_DATE_HINT_OPEN;
	return day ? VIZ_DATE_HINT_DAY : VIZ_DATE_HINT_MONTH;
}
