#include "tools/analyze/calendar.h"
#include "tools/analyze/value.h"

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

static int civil(int32_t *days, unsigned y, unsigned m, unsigned d)
{
	static const uint8_t length[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

	if (y == 0 && m == 0 && d == 0)
		return VIZ_ERR_ABSENT;
	if (y < 1000 || y > 9999 || m < 1 || m > 12 || d < 1 || d > length[m - 1])
		return VIZ_ERR_INPUT;
	if (m == 2 && d == 29 && (y % 4 != 0 || (y % 100 == 0 && y % 400 != 0)))
		return VIZ_ERR_INPUT;
	*days = viz_calendar_days((int)y, m, d);
	return 0;
}

/* "mar", "março", "may": 1 to 12, or 0. */
static unsigned month_named(const char *p, size_t len)
{
	static const char names[] = "janfevmarabrmaijunjulagosetoutnovdez";
	static const char english[] = "janfebmaraprmayjunjulaugsepoctnovdec";
	char s[3];

	if (len < 3)
		return 0;
	for (size_t i = 0; i < 3; i++)
		s[i] = p[i] >= 'A' && p[i] <= 'Z' ? (char)(p[i] + 32) : p[i];
	for (unsigned m = 0; m < 12; m++)
		if (memcmp(s, names + m * 3, 3) == 0 || memcmp(s, english + m * 3, 3) == 0)
			return m + 1;
	return 0;
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
			return i == len || p[i] == ' ' || p[i] == 'T' || p[i] == ',' ? 3 : 0;
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

/* A year of two digits: 90 to 99 are the nineties, all others are of this century. */
static unsigned full_year(const struct part *part)
{
	unsigned v = small_number(part);

	if (part->len == 2 && v > 0)
		return v >= 90 ? 1900 + v : 2000 + v;
	return v;
}

static int from_parts(int32_t *days, const struct part part[3])
{
	if (!part[0].digits || !part[2].digits)
		return VIZ_ERR_INPUT;
	if (!part[1].digits) {
		unsigned m = month_named(part[1].p, part[1].len);

		return m ? civil(days, full_year(&part[2]), m, small_number(&part[0]))
			 : VIZ_ERR_INPUT;
	}
	if (part[0].len == 4 && part[1].len <= 2 && part[2].len <= 2)
		return civil(days, small_number(&part[0]), small_number(&part[1]),
			     small_number(&part[2]));
	if (part[0].len <= 2 && part[1].len <= 2 && (part[2].len == 2 || part[2].len == 4))
		return civil(days, full_year(&part[2]), small_number(&part[1]),
			     small_number(&part[0]));
	return VIZ_ERR_INPUT;
}

/* 20250311, or the serial day of a spreadsheet (45727, with or without a fraction). */
static int from_number(int32_t *days, const char *p, size_t len)
{
	size_t n = 0;
	unsigned v = 0;

	while (n < len && is_digit(p[n]))
		n++;
	if ((n == 8 || n == 14) && n == len)
		return civil(days, four(p), two(p + 4), two(p + 6));
	if (n != 5 || (n < len && p[n] != '.' && p[n] != ','))
		return VIZ_ERR_INPUT;
	for (size_t i = 0; i < 5; i++)
		v = v * 10 + (unsigned)(p[i] - '0');
	if (v < 32000) /* before 1987: more likely a house number */
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

int viz_value_date(int32_t *days, const char *text, size_t len)
{
	struct part part[3];

	/* First the two forms that nearly every row has. */
	if (len == 10 && text[4] == '-' && text[7] == '-' && all_digits(text, 4) &&
	    all_digits(text + 5, 2) && all_digits(text + 8, 2))
		return civil(days, four(text), two(text + 5), two(text + 8));
	if (len == 10 && text[2] == '/' && text[5] == '/' && all_digits(text, 2) &&
	    all_digits(text + 3, 2) && all_digits(text + 6, 4))
		return civil(days, four(text + 6), two(text + 3), two(text));
	viz_value_empty_trim(&text, &len);
	if (viz_value_empty(text, len))
		return VIZ_ERR_ABSENT;
	if (len >= 5 && all_digits(text, 5))
		return from_number(days, text, len);
	return split(part, text, len) == 3 ? from_parts(days, part) : VIZ_ERR_INPUT;
}
