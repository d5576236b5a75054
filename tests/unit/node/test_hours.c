/* The hours of a node as people write them, and when a promise of two of them is over. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "node/core/hours.h"

/* Minutes of work in the week, and those of one day. */
static unsigned minutes_of(const struct viz_hours *h, size_t day)
{
	unsigned n = 0;

	for (size_t i = 0; i < VIZ_HOURS_SPANS; i++)
		n += (unsigned)(h->day[day][i].to - h->day[day][i].from);
	return n;
}

static void texts(void **state)
{
	static const struct {
		const char *text;
		unsigned sunday, monday, saturday; /* hours of work */
	} cases[] = {
	    {"seg-sex 8-18, sab 8-12", 0, 10, 4},
	    {"Segunda a sexta das 8h às 18h; sábado das 8h às 12h", 0, 10, 4},
	    {"seg a sex 8h-12h e 13h-18h", 0, 9, 0},
	    {"mon-fri 08:30-17:30, sat 9-13", 0, 9, 4},
	    {"8-18", 0, 10, 0},
	    {"24h", 24, 24, 24},
	    {"24 horas, nada mais", 99, 0, 0},
	    {"seg-dom 0-24", 24, 24, 24},
	    {"sab, dom 10-12", 2, 0, 2},
	    {"sex-seg 8-10", 2, 2, 2},
	    {"segunda-feira a sexta-feira, 7h30 até 17h30", 0, 10, 0},
	    {"horário comercial", 99, 0, 0},
	    {"seg-sex", 99, 0, 0},
	    {"seg-sex 18-8", 99, 0, 0},
	    {"seg-sex 8-25", 99, 0, 0},
	    {"seg 8-12 10-14", 99, 0, 0},
	    {"", 99, 0, 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct viz_hours h = {.promise_min = 7};
		bool good = viz_hours_parse(&h, cases[i].text);

		if (good != (cases[i].sunday != 99))
			fail_msg("\"%s\" is %s", cases[i].text, good ? "taken" : "refused");
		if (!good)
			continue;
		assert_int_equal(minutes_of(&h, 0), cases[i].sunday * 60);
		assert_int_equal(minutes_of(&h, 1), cases[i].monday * 60);
		assert_int_equal(minutes_of(&h, 6), cases[i].saturday * 60);
		assert_int_equal(h.promise_min, 7);
	}
}

/* Days and minutes in Brasilia, since Monday 2026-11-23 0:00. */
static struct viz_time at(int day, int hour, int minute)
{
	/* 20780 days are 2026-11-23 */
	return (struct viz_time){((INT64_C(20780) + day) * 1440 + hour * 60 + minute + 180) *
				 60000};
}

static void promises(void **state)
{
	static const struct {
		int day, hour, minute, until_day, until_hour, until_minute;
	} cases[] = {
	    {0, 9, 0, 0, 11, 0},   /* in the middle of a day */
	    {0, 7, 15, 0, 10, 0},  /* before it begins */
	    {0, 17, 0, 1, 9, 0},   /* the rest on the next day */
	    {0, 18, 0, 1, 10, 0},  /* after its end */
	    {4, 17, 30, 5, 9, 30}, /* Saturday has hours too */
	    {5, 11, 0, 7, 9, 0},   /* over Sunday */
	    {6, 3, 0, 7, 10, 0},
	};
	struct viz_hours h;

	(void)state;
	viz_hours_default(&h);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct viz_time from = at(cases[i].day, cases[i].hour, cases[i].minute);
		struct viz_time until =
		    at(cases[i].until_day, cases[i].until_hour, cases[i].until_minute);

		assert_int_equal(viz_hours_promised(&h, from).ms, until.ms);
	}
	assert_true(viz_hours_parse_day(&h.closed[0], "2026-11-24"));
	h.closed_count = 1;
	assert_int_equal(viz_hours_promised(&h, at(0, 17, 0)).ms, at(2, 9, 0).ms);
	assert_true(viz_hours_parse_zone(&h.zone_min, "-04:00"));
	assert_int_equal(viz_hours_promised(&h, at(0, 8, 0)).ms, at(0, 11, 0).ms);
}

/* No hours at all: each hour counts. */
static void no_hours(void **state)
{
	struct viz_hours h = {.promise_min = 120};

	(void)state;
	assert_int_equal(viz_hours_promised(&h, at(6, 3, 0)).ms, at(6, 5, 0).ms);
}

static void open_now(void **state)
{
	static const int64_t monday_8 = 1764586800000; /* 2025-12-01 08:00 in Brasilia */
	const int64_t minute = 60000;
	struct viz_hours h;

	(void)state;
	viz_hours_default(&h);
	assert_true(viz_hours_open(&h, (struct viz_time){monday_8}));
	assert_false(viz_hours_open(&h, (struct viz_time){monday_8 - 1}));
	assert_true(viz_hours_open(&h, (struct viz_time){monday_8 + 600 * minute - 1}));
	assert_false(viz_hours_open(&h, (struct viz_time){monday_8 + 600 * minute}));
	assert_false(viz_hours_open(&h, (struct viz_time){monday_8 - 24 * 60 * minute}));
	h.closed[h.closed_count++] = viz_hours_day(&h, (struct viz_time){monday_8});
	assert_false(viz_hours_open(&h, (struct viz_time){monday_8}));
}

static void days_and_zones(void **state)
{
	int64_t day = 0;
	int zone = 0;

	(void)state;
	assert_true(viz_hours_parse_day(&day, "1970-01-01"));
	assert_int_equal(day, 0);
	assert_true(viz_hours_parse_day(&day, "2028-02-29"));
	assert_int_equal(day, 21243);
	assert_false(viz_hours_parse_day(&day, "2026-02-29"));
	assert_false(viz_hours_parse_day(&day, "31/12/2026"));
	assert_false(viz_hours_parse_day(&day, ""));
	assert_true(viz_hours_parse_zone(&zone, "+05:30"));
	assert_int_equal(zone, 330);
	assert_false(viz_hours_parse_zone(&zone, "-3"));
	assert_false(viz_hours_parse_zone(&zone, "-03:00x"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(texts),          cmocka_unit_test(promises),
	    cmocka_unit_test(no_hours),       cmocka_unit_test(open_now),
	    cmocka_unit_test(days_and_zones),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
