#include "node/core/hours.h"

#include <ctype.h>
#include <strings.h>

#include "proto/statement.h"

#define MINUTE_MS   60000
#define DAY_MINUTES 1440
#define DAYS_LOOKED 60 /* so many days without work are no week */
#define WEEKDAYS    0x3e

void viz_hours_default(struct viz_hours *h)
{
	memset(h, 0, sizeof *h);
	VIZ_REQUIRE(viz_hours_parse(h, "seg-sex 8-18, sab 8-12"));
	h->zone_min = -180;
	h->promise_min = 120;
}

/* The reader of a text. */
struct cursor {
	const char *at;
	struct viz_hours week;
	unsigned days; /* bits: whose times follow */
	int first;     /* the day that a "-" may follow; -1: none */
	bool timed;    /* times of `days` have come */
};

static bool skip_word(struct cursor *c, const char *word)
{
	size_t len = strlen(word);

	if (strncasecmp(c->at, word, len) != 0 || isalnum((unsigned char)c->at[len]))
		return false;
	c->at += len;
	return true;
}

/* Skips what says nothing: blanks, commas and small words. */
static void skip_filling(struct cursor *c)
{
	static const char *const words[] = {"das", "de", "dos", "e", "from", "and", "h"};
	const char *before;

	do {
		before = c->at;
		c->at += strspn(c->at, " \t,;.:");
		for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
			if (skip_word(c, words[i]))
				break;
	} while (c->at != before);
}

/* Whether "-", or a word for it, joins what comes to what was. */
static bool skip_joint(struct cursor *c)
{
	static const char *const words[] = {"-",         "\xe2\x80\x93", "at\xc3\xa9", "ate",
					    "\xc3\xa0s", "\xc3\xa0",     "as",         "a",
					    "to",        "until"};
	const char *before = c->at;

	c->at += strspn(c->at, " \t");
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
		size_t len = strlen(words[i]);

		if (strncasecmp(c->at, words[i], len) != 0 ||
		    (i > 1 && isalnum((unsigned char)c->at[len])))
			continue;
		c->at += len;
		c->at += strspn(c->at, " \t");
		return true;
	}
	c->at = before;
	return false;
}

/* The day at the cursor, 0 for Sunday; -1: there is none. */
static int read_day(struct cursor *c)
{
	static const struct {
		const char *name;
		int day;
	} names[] = {{"dom", 0},
		     {"sun", 0},
		     {"seg", 1},
		     {"mon", 1},
		     {"ter", 2},
		     {"tue", 2},
		     {"qua", 3},
		     {"wed", 3},
		     {"qui", 4},
		     {"thu", 4},
		     {"sex", 5},
		     {"fri", 5},
		     {"sab", 6},
		     {"sat", 6},
		     {"s\xc3\xa1"
		      "b",
		      6}};

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		size_t len = strlen(names[i].name);

		if (strncasecmp(c->at, names[i].name, len) != 0)
			continue;
		c->at += len;
		/* the rest of "segunda-feira" */
		while (isalpha((unsigned char)*c->at) || (*c->at & 0x80) != 0)
			c->at++;
		if (strncasecmp(c->at, "-feira", 6) == 0)
			c->at += 6;
		return names[i].day;
	}
	return -1;
}

/* "8", "08:30", "8h", "8h30": minutes of the day; -1: there is none. */
static int read_time(struct cursor *c)
{
	char *end;
	unsigned long hour, minute = 0;

	if (!isdigit((unsigned char)*c->at))
		return -1;
	hour = strtoul(c->at, &end, 10);
	if (*end == ':' || *end == 'h' || *end == 'H') {
		c->at = ++end;
		if (isdigit((unsigned char)end[0]) && isdigit((unsigned char)end[1]))
			minute = strtoul(end, &end, 10);
	}
	c->at = end;
	if (hour > 24 || minute > 59 || (hour == 24 && minute > 0) || isalnum((unsigned char)*end))
		return -1;
	return (int)(hour * 60 + minute);
}

static bool add_days(struct cursor *c)
{
	int day = read_day(c), last = day;

	if (day < 0)
		return false;
	if (c->timed)
		c->days = 0;
	c->timed = false;
	if (skip_joint(c))
		last = read_day(c);
	if (last < 0)
		return false;
	for (int i = day;; i = (i + 1) % 7) {
		c->days |= 1U << i;
		if (i == last)
			return true;
	}
}

static bool add_span(struct viz_hours_span *day, uint16_t from, uint16_t to)
{
	size_t n = 0;

	while (n < VIZ_HOURS_SPANS && day[n].to != 0)
		n++;
	/* in the order of the day, as they are walked so */
	if (n == VIZ_HOURS_SPANS || (n > 0 && day[n - 1].to > from))
		return false;
	day[n] = (struct viz_hours_span){from, to};
	return true;
}

static bool add_times(struct cursor *c)
{
	int from, to;

	if (strncasecmp(c->at, "24h", 3) == 0 && !isdigit((unsigned char)c->at[3])) {
		c->at += strspn(c->at, "24hHoras");
		from = 0;
		to = DAY_MINUTES;
		if (c->days == 0)
			c->days = 0x7f;
	} else {
		from = read_time(c);
		if (from < 0 || !skip_joint(c))
			return false;
		to = read_time(c);
	}
	if (from >= to)
		return false;
	if (c->days == 0)
		c->days = WEEKDAYS;
	c->timed = true;
	for (size_t i = 0; i < 7; i++)
		if ((c->days >> i & 1) != 0 &&
		    !add_span(c->week.day[i], (uint16_t)from, (uint16_t)to))
			return false;
	return true;
}

bool viz_hours_parse(struct viz_hours *h, const char *text)
{
	struct cursor c = {.at = text};

	for (skip_filling(&c); *c.at != '\0'; skip_filling(&c))
		if (isdigit((unsigned char)*c.at) ? !add_times(&c) : !add_days(&c))
			return false;
	if (!c.timed)
		return false;
	memcpy(h->day, c.week.day, sizeof h->day);
	return true;
}

bool viz_hours_parse_zone(int *minutes, const char *text)
{
	unsigned hour, minute;
	char sign, end;

	if (sscanf(text, "%c%2u:%2u%c", &sign, &hour, &minute, &end) != 3 ||
	    (sign != '+' && sign != '-') || hour > 14 || minute > 59)
		return false;
	*minutes = (int)(hour * 60 + minute) * (sign == '-' ? -1 : 1);
	return true;
}

/* Days of the Gregorian calendar: the years begin in March, so that a leap day ends one. */
bool viz_hours_parse_day(int64_t *day, const char *text)
{
	int64_t y, m, d;

	if (text[0] == '\0' || !viz_contact_date_valid(text))
		return false;
	y = strtol(text, NULL, 10);
	m = strtol(text + 5, NULL, 10);
	d = strtol(text + 8, NULL, 10);
	if (y < 1970)
		return false;
	y -= m < 3;
	m = (m + 9) % 12;
	*day = 365 * y + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + d - 1 - 719468;
	return true;
}

static bool is_closed(const struct viz_hours *h, int64_t day)
{
	for (size_t i = 0; i < h->closed_count; i++)
		if (h->closed[i] == day)
			return true;
	return false;
}

struct viz_time viz_hours_promised(const struct viz_hours *h, struct viz_time from)
{
	const int64_t zone = (int64_t)h->zone_min * MINUTE_MS;
	int64_t local = from.ms + zone, left = (int64_t)h->promise_min * MINUTE_MS;

	for (int64_t day = local / VIZ_DAY_MS, last = day + DAYS_LOOKED; day < last; day++) {
		/* 1970-01-01 was a Thursday */
		const struct viz_hours_span *span = h->day[(day + 4) % 7];

		for (size_t i = 0; i < VIZ_HOURS_SPANS && span[i].to != 0; i++) {
			int64_t begin = day * VIZ_DAY_MS + span[i].from * MINUTE_MS;
			int64_t end = day * VIZ_DAY_MS + span[i].to * MINUTE_MS;

			if (end <= local || is_closed(h, day))
				continue;
			if (begin < local)
				begin = local;
			if (left <= end - begin)
				return (struct viz_time){begin + left - zone};
			left -= end - begin;
		}
	}
	return (struct viz_time){from.ms + (int64_t)h->promise_min * MINUTE_MS};
}

int64_t viz_hours_day(const struct viz_hours *h, struct viz_time t)
{
	return (t.ms + (int64_t)h->zone_min * MINUTE_MS) / VIZ_DAY_MS;
}

bool viz_hours_open(const struct viz_hours *h, struct viz_time t)
{
	int64_t day = viz_hours_day(h, t);
	int64_t minute = (t.ms + (int64_t)h->zone_min * MINUTE_MS - day * VIZ_DAY_MS) / MINUTE_MS;
	const struct viz_hours_span *span = h->day[(day + 4) % 7]; /* as above */
	bool open = false;

	for (size_t i = 0; i < VIZ_HOURS_SPANS && span[i].to != 0 && !open; i++)
		open = minute >= span[i].from && minute < span[i].to;
	return open && !is_closed(h, day);
}
