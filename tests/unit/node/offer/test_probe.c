/* Counts against probing: when they are reported, and what is kept of them. */
#include "tests/unit/unit.h"

#include "node/offer/probe.h"
#include "proto/limits.h"
#include "proto/reader.h"
#include "proto/writer.h"

#include <string.h>

#define DAY0 20000

static const struct viz_time noon = {DAY0 * VIZ_DAY_MS + VIZ_DAY_MS / 2};

static struct viz_time later(int64_t ms)
{
	return (struct viz_time){noon.ms + ms};
}

/* `count` of `what`, two minutes apart, so that no hour has many of them. */
static void add(struct viz_probe *p, enum viz_probe_what what, unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		struct viz_time t = later(i * 120000);

		viz_probe_count(p, what, t, t);
	}
}

struct row {
	const char *name;
	enum viz_probe_side side;
	unsigned
	    n[VIZ_PROBE_WHATS]; /* locations, yes, analysis, no, no-content, award, any, install */
	uint32_t reasons;
};

static const struct row rows[] = {
    {"nothing", VIZ_PROBE_TAKER, {0}, 0},
    {"19 promises", VIZ_PROBE_TAKER, {19, 19, 0, 0, 0, 0, 0, 0}, 0},
    {"20 promises, none awarded to us", VIZ_PROBE_TAKER, {20, 10, 10}, VIZ_PROBE_NONE_TO_US},
    {"20 promises, awards to others do not count",
     VIZ_PROBE_TAKER,
     {20, 20, 0, 0, 0, 0, 20},
     VIZ_PROBE_NONE_TO_US},
    {"20 promises, one awarded", VIZ_PROBE_TAKER, {20, 20, 0, 0, 0, 1, 1}, 0},
    {"21 promises, one awarded", VIZ_PROBE_TAKER, {21, 21, 0, 0, 0, 1, 1}, VIZ_PROBE_NONE_TO_US},
    {"39 locations, no award", VIZ_PROBE_TAKER, {39, 0, 0, 39}, 0},
    {"40 locations, no award", VIZ_PROBE_TAKER, {40, 0, 0, 40}, VIZ_PROBE_NONE_TO_ALL},
    {"40 locations, two awards", VIZ_PROBE_TAKER, {40, 0, 0, 40, 0, 0, 2}, 0},
    {"40 locations, one award", VIZ_PROBE_TAKER, {40, 0, 0, 40, 0, 0, 1}, VIZ_PROBE_NONE_TO_ALL},
    {"nine taken without a yes", VIZ_PROBE_GIVER, {9, 0, 0, 9}, 0},
    {"ten taken without a yes", VIZ_PROBE_GIVER, {10, 0, 0, 10}, VIZ_PROBE_NEVER_YES},
    {"ten taken without an answer", VIZ_PROBE_GIVER, {10}, VIZ_PROBE_NEVER_YES},
    {"ten taken with one analysis", VIZ_PROBE_GIVER, {10, 0, 1, 9}, 0},
    {"ten awards without an install",
     VIZ_PROBE_GIVER,
     {20, 20, 0, 0, 0, 10},
     VIZ_PROBE_NO_INSTALLS},
    {"ten awards with one", VIZ_PROBE_GIVER, {20, 20, 0, 0, 0, 10, 0, 1}, 0},
    {"nine awards without", VIZ_PROBE_GIVER, {20, 20, 0, 0, 0, 9}, 0},
    {"a taker is not judged as a giver", VIZ_PROBE_TAKER, {10, 0, 0, 10}, 0},
    {"a giver is not judged as a taker", VIZ_PROBE_GIVER, {40, 40}, 0},
};

static void shares_are_judged(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct viz_probe p = {0};

		print_message("# %s\n", rows[i].name);
		for (unsigned what = 0; what < VIZ_PROBE_WHATS; what++)
			add(&p, what, rows[i].n[what]);
		assert_int_equal(viz_probe_judge(&p, rows[i].side, later(2 * VIZ_HOUR_MS)),
				 rows[i].reasons);
	}
}

/* 60 within an hour are borne, the 61st is not, on either side; and none of a slower pace. */
static void an_hour_has_its_limit(void **state)
{
	(void)state;
	for (unsigned side = 0; side < 2; side++) {
		struct viz_probe p = {0};

		viz_probe_count(&p, VIZ_PROBE_YES, noon, noon);
		for (unsigned i = 0; i < VIZ_PROBE_HOUR; i++)
			viz_probe_count(&p, VIZ_PROBE_LOCATION, noon, later(i * 10));
		assert_int_equal(viz_probe_judge(&p, side, later(700)) & VIZ_PROBE_MANY, 0);
		viz_probe_count(&p, VIZ_PROBE_LOCATION, noon, later(VIZ_HOUR_MS - 1));
		assert_int_equal(viz_probe_judge(&p, side, later(VIZ_HOUR_MS - 1)) & VIZ_PROBE_MANY,
				 VIZ_PROBE_MANY);
		/* the first one is an hour old */
		assert_int_equal(viz_probe_judge(&p, side, later(VIZ_HOUR_MS)) & VIZ_PROBE_MANY, 0);
	}
	struct viz_probe slow = {0};

	for (unsigned i = 0; i < 500; i++) {
		viz_probe_count(&slow, VIZ_PROBE_LOCATION, noon, later(i * 60000));
		assert_int_equal(
		    viz_probe_judge(&slow, VIZ_PROBE_GIVER, later(i * 60000)) & VIZ_PROBE_MANY, 0);
	}
}

/* A report runs 30 days from when it was last true, and tells each reason once. */
static void a_report_runs_for_30_days(void **state)
{
	const int64_t month = VIZ_PROBE_DAYS * VIZ_DAY_MS;
	struct viz_probe p = {0};

	(void)state;
	add(&p, VIZ_PROBE_LOCATION, 9);
	assert_int_equal(viz_probe_report(&p, VIZ_PROBE_GIVER, noon), 0);
	assert_false(viz_probe_reported(&p, noon));
	add(&p, VIZ_PROBE_LOCATION, 1);
	assert_int_equal(viz_probe_report(&p, VIZ_PROBE_GIVER, noon), VIZ_PROBE_NEVER_YES);
	assert_int_equal(viz_probe_report(&p, VIZ_PROBE_GIVER, later(1000)), 0);
	assert_int_equal(p.since.ms, noon.ms);
	/* a yes comes: the report runs on, but is not prolonged */
	add(&p, VIZ_PROBE_YES, 1);
	assert_int_equal(viz_probe_report(&p, VIZ_PROBE_GIVER, later(VIZ_DAY_MS)), 0);
	assert_true(viz_probe_reported(&p, later(1000 + month - 1)));
	assert_false(viz_probe_reported(&p, later(1000 + month)));
	/* another reason is told while it runs */
	add(&p, VIZ_PROBE_AWARD, 10);
	assert_int_equal(viz_probe_report(&p, VIZ_PROBE_GIVER, later(VIZ_DAY_MS)),
			 VIZ_PROBE_NO_INSTALLS);
	assert_int_equal(p.reasons, VIZ_PROBE_NEVER_YES | VIZ_PROBE_NO_INSTALLS);
}

/* An award belongs to the day of its location: it comes late, and both go together. */
static void counts_go_after_30_days(void **state)
{
	struct viz_probe p = {0};
	uint64_t n[VIZ_PROBE_WHATS];

	(void)state;
	viz_probe_count(&p, VIZ_PROBE_LOCATION, noon, noon);
	viz_probe_count(&p, VIZ_PROBE_AWARD, noon, later(3 * VIZ_DAY_MS));
	viz_probe_sum(n, &p, later(29 * VIZ_DAY_MS));
	assert_int_equal(n[VIZ_PROBE_LOCATION], 1);
	assert_int_equal(n[VIZ_PROBE_AWARD], 1);
	viz_probe_sum(n, &p, later(30 * VIZ_DAY_MS));
	assert_int_equal(n[VIZ_PROBE_LOCATION] + n[VIZ_PROBE_AWARD], 0);
	assert_false(viz_probe_empty(&p));
	assert_true(viz_probe_trim(&p, later(30 * VIZ_DAY_MS)));
	assert_true(viz_probe_empty(&p));
	assert_false(viz_probe_trim(&p, later(30 * VIZ_DAY_MS)));
	/* what comes for a day that is over is not counted */
	viz_probe_count(&p, VIZ_PROBE_AWARD, noon, later(40 * VIZ_DAY_MS));
	assert_true(viz_probe_empty(&p));
	/* the operator's choice stays */
	p.stopped = true;
	viz_probe_trim(&p, later(90 * VIZ_DAY_MS));
	assert_false(viz_probe_empty(&p));
}

/* A clock that goes back makes neither a report nor room for more days. */
static void a_clock_that_was_fast(void **state)
{
	struct viz_probe p = {0};

	(void)state;
	for (unsigned i = 0; i < 2 * VIZ_PROBE_DAYS; i++)
		viz_probe_count(&p, VIZ_PROBE_LOCATION, later((60 - i) * VIZ_DAY_MS),
				later((60 - i) * VIZ_DAY_MS));
	assert_in_range(p.day_count, 1, sizeof p.day / sizeof *p.day);
	p = (struct viz_probe){0};
	for (unsigned i = 0; i <= VIZ_PROBE_HOUR; i++)
		viz_probe_count(&p, VIZ_PROBE_LOCATION, later(VIZ_DAY_MS), later(VIZ_DAY_MS));
	assert_int_equal(viz_probe_judge(&p, VIZ_PROBE_TAKER, noon) & VIZ_PROBE_MANY, 0);
}

static void the_fullest_row_is_read_again(void **state)
{
	struct viz_probe p = {.reasons = VIZ_PROBE_REASONS,
			      .since = noon,
			      .until = later(1),
			      .stopped = true,
			      .recent_count = VIZ_PROBE_HOUR + 1,
			      .day_count = VIZ_PROBE_DAYS + 1},
			 back;
	uint8_t bytes[4096], again[4096];
	struct viz_writer w;
	size_t len = 0, n = 0;

	(void)state;
	for (size_t i = 0; i < p.recent_count; i++)
		p.recent[i].ms = noon.ms + (int64_t)i;
	for (size_t i = 0; i < p.day_count; i++) {
		p.day[i].day = UINT32_MAX;
		for (unsigned k = 0; k < VIZ_PROBE_WHATS; k++)
			p.day[i].n[k] = UINT32_MAX - k;
	}
	viz_writer_init(&w, bytes, sizeof bytes);
	viz_probe_write(&w, &p);
	assert_int_equal(viz_writer_finish(&w, &len), VIZ_OK);
	assert_int_equal(VIZ_PARSE(probe, &back, bytes, len), VIZ_OK);
	viz_writer_init(&w, again, sizeof again);
	viz_probe_write(&w, &back);
	assert_int_equal(viz_writer_finish(&w, &n), VIZ_OK);
	assert_int_equal(n, len);
	assert_memory_equal(bytes, again, len);
	/* a count does not go round */
	viz_probe_count(&back, VIZ_PROBE_LOCATION, (struct viz_time){UINT32_MAX * VIZ_DAY_MS},
			(struct viz_time){UINT32_MAX * VIZ_DAY_MS});
	assert_int_equal(back.day[0].n[VIZ_PROBE_LOCATION], UINT32_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(shares_are_judged),
	    cmocka_unit_test(an_hour_has_its_limit),
	    cmocka_unit_test(a_report_runs_for_30_days),
	    cmocka_unit_test(counts_go_after_30_days),
	    cmocka_unit_test(a_clock_that_was_fast),
	    cmocka_unit_test(the_fullest_row_is_read_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
