/* Counts against probing: when they are reported, and what is kept of them. */
#include "tests/unit/unit.h"

#include "node/offer/probe.h"
#include "proto/federation.h"
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

#define ENDED_ONLY (VIZ_PROBE_NONE_TO_US | VIZ_PROBE_NONE_TO_ALL)

static const struct viz_federation federation = {.ask_max = 5, .choice_ms = 3 * VIZ_DAY_MS};

static uint32_t judge(const struct viz_probe *p, enum viz_probe_side side, struct viz_time now)
{
	return viz_probe_judge(p, side, &federation, now);
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
    {"61 promises, all awarded to others", VIZ_PROBE_TAKER, {61, 61, 0, 0, 0, 0, 61}, 0},
    {"62 promises, all awarded to others",
     VIZ_PROBE_TAKER,
     {62, 31, 31, 0, 0, 0, 62},
     VIZ_PROBE_NONE_TO_US},
    {"62 promises, one awarded to us", VIZ_PROBE_TAKER, {62, 62, 0, 0, 0, 1, 62}, 0},
    {"269 promises, few awards to others", VIZ_PROBE_TAKER, {269, 269, 0, 0, 0, 0, 14}, 0},
    {"270 promises, few awards to others",
     VIZ_PROBE_TAKER,
     {270, 270, 0, 0, 0, 0, 14},
     VIZ_PROBE_NONE_TO_US},
    {"more awards than promises", VIZ_PROBE_TAKER, {20, 20, 0, 0, 0, 30, 30}, 0},
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
		assert_int_equal(judge(&p, rows[i].side, later(20 * VIZ_HOUR_MS)) & ENDED_ONLY, 0);
		assert_int_equal(judge(&p, rows[i].side, later(7 * VIZ_DAY_MS)), rows[i].reasons);
	}
}

/* A pseudo-random number from 0 to below `n`. */
static unsigned dice(uint64_t *seed, unsigned n)
{
	*seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (unsigned)(*seed >> 33) % n;
}

/* Counts `n` awards of a lead that is `age` days old. */
static void count_awards(struct viz_probe *p, enum viz_probe_what what, unsigned n, unsigned day,
			 unsigned age)
{
	for (; n > 0; n--)
		viz_probe_count(p, what, later((day - age) * VIZ_DAY_MS), later(day * VIZ_DAY_MS));
}

/* For 40 days an honest origin makes `a_day` offers on each, all to 16, and we promise. Of ten
 * customers `choose` choose one of the 16, each alike, within three days. Nothing is ever said. */
static void honest(uint64_t seed, unsigned a_day, unsigned choose)
{
	enum { DAYS = 40, WITHIN = 4 };
	struct viz_federation f = federation;
	unsigned us[DAYS][WITHIN] = {0}, any[DAYS][WITHIN] = {0}; /* by day of the offer, and age */
	struct viz_probe p = {0};

	f.ask_max = 16;
	for (unsigned day = 0; day < DAYS; day++) {
		for (unsigned i = 0; i < a_day; i++) {
			struct viz_time t = later(day * VIZ_DAY_MS + i * (VIZ_DAY_MS / 3 / a_day));
			unsigned age = dice(&seed, WITHIN);

			viz_probe_count(&p, VIZ_PROBE_LOCATION, t, t);
			viz_probe_count(&p, VIZ_PROBE_YES, t, t);
			if (dice(&seed, 10) < choose) {
				any[day][age]++;
				us[day][age] += dice(&seed, 16) == 0;
			}
			assert_int_equal(viz_probe_judge(&p, VIZ_PROBE_TAKER, &f, t), 0);
		}
		for (unsigned age = 0; age < WITHIN && age <= day; age++) {
			count_awards(&p, VIZ_PROBE_AWARD_ANY, any[day - age][age], day, age);
			count_awards(&p, VIZ_PROBE_AWARD, us[day - age][age], day, age);
		}
	}
}

static void an_honest_origin_is_not_reported(void **state)
{
	static const unsigned a_day[] = {1, 5, 40, 400};

	(void)state;
	for (size_t i = 0; i < sizeof a_day / sizeof *a_day; i++)
		for (uint64_t seed = 1; seed <= 10; seed++) {
			honest(seed, a_day[i], 10);
			honest(seed, a_day[i], 7);
			honest(seed, a_day[i], 3);
		}
}

/* 40 within ten minutes are a machine's, however few an hour has else. */
static void ten_minutes_have_their_limit(void **state)
{
	struct viz_probe p = {0};

	(void)state;
	for (unsigned i = 0; i < VIZ_PROBE_BURST - 1; i++)
		viz_probe_count(&p, VIZ_PROBE_LOCATION, noon, later(i * 10));
	viz_probe_count(&p, VIZ_PROBE_LOCATION, noon, later(600000));
	assert_int_equal(judge(&p, VIZ_PROBE_TAKER, later(600000)), 0);
	viz_probe_count(&p, VIZ_PROBE_LOCATION, noon, later(600001));
	assert_int_equal(judge(&p, VIZ_PROBE_TAKER, later(600001)), VIZ_PROBE_MANY);
	assert_int_equal(judge(&p, VIZ_PROBE_GIVER, later(600001)) & VIZ_PROBE_MANY,
			 VIZ_PROBE_MANY);
	assert_int_equal(judge(&p, VIZ_PROBE_TAKER, later(600011)), 0);
}

/* Where offers stay open for as long as counts are kept, those of 15 days are judged. */
static void a_long_choice_is_judged_too(void **state)
{
	struct viz_federation f = federation;
	struct viz_probe p = {0};

	(void)state;
	f.choice_ms = VIZ_PROBE_DAYS * VIZ_DAY_MS;
	add(&p, VIZ_PROBE_LOCATION, 2 * VIZ_PROBE_MIN);
	assert_int_equal(viz_probe_judge(&p, VIZ_PROBE_TAKER, &f, later(15 * VIZ_DAY_MS)), 0);
	assert_int_equal(viz_probe_judge(&p, VIZ_PROBE_TAKER, &f, later(16 * VIZ_DAY_MS)),
			 VIZ_PROBE_NONE_TO_ALL);
}

/* 60 within an hour are borne, the 61st is not, on either side; and none of a slower pace. */
static void an_hour_has_its_limit(void **state)
{
	(void)state;
	for (unsigned side = 0; side < 2; side++) {
		struct viz_probe p = {0};

		viz_probe_count(&p, VIZ_PROBE_YES, noon, noon);
		for (unsigned i = 0; i < VIZ_PROBE_HOUR; i++)
			viz_probe_count(&p, VIZ_PROBE_LOCATION, noon, later(i * 20000));
		assert_int_equal(judge(&p, side, later(1190000)) & VIZ_PROBE_MANY, 0);
		viz_probe_count(&p, VIZ_PROBE_LOCATION, noon, later(VIZ_HOUR_MS - 1));
		assert_int_equal(judge(&p, side, later(VIZ_HOUR_MS - 1)) & VIZ_PROBE_MANY,
				 VIZ_PROBE_MANY);
		/* the first one is an hour old */
		assert_int_equal(judge(&p, side, later(VIZ_HOUR_MS)) & VIZ_PROBE_MANY, 0);
	}
	struct viz_probe slow = {0};

	for (unsigned i = 0; i < 500; i++) {
		viz_probe_count(&slow, VIZ_PROBE_LOCATION, noon, later(i * 60000));
		assert_int_equal(judge(&slow, VIZ_PROBE_GIVER, later(i * 60000)) & VIZ_PROBE_MANY,
				 0);
	}
}

/* A report runs 30 days from when it was last true, and tells each reason once. */
static void a_report_runs_for_30_days(void **state)
{
	const int64_t month = VIZ_PROBE_DAYS * VIZ_DAY_MS;
	struct viz_probe p = {0};

	(void)state;
	add(&p, VIZ_PROBE_LOCATION, 9);
	assert_int_equal(viz_probe_report(&p, VIZ_PROBE_GIVER, &federation, noon), 0);
	assert_false(viz_probe_reported(&p, noon));
	add(&p, VIZ_PROBE_LOCATION, 1);
	assert_int_equal(viz_probe_report(&p, VIZ_PROBE_GIVER, &federation, noon),
			 VIZ_PROBE_NEVER_YES);
	assert_int_equal(viz_probe_report(&p, VIZ_PROBE_GIVER, &federation, later(1000)), 0);
	assert_int_equal(p.since.ms, noon.ms);
	/* a yes comes: the report runs on, but is not prolonged */
	add(&p, VIZ_PROBE_YES, 1);
	assert_int_equal(viz_probe_report(&p, VIZ_PROBE_GIVER, &federation, later(VIZ_DAY_MS)), 0);
	assert_true(viz_probe_reported(&p, later(1000 + month - 1)));
	assert_false(viz_probe_reported(&p, later(1000 + month)));
	/* another reason is told while it runs */
	add(&p, VIZ_PROBE_AWARD, 10);
	assert_int_equal(viz_probe_report(&p, VIZ_PROBE_GIVER, &federation, later(VIZ_DAY_MS)),
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
	assert_int_equal(judge(&p, VIZ_PROBE_TAKER, noon) & VIZ_PROBE_MANY, 0);
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
	    cmocka_unit_test(an_honest_origin_is_not_reported),
	    cmocka_unit_test(a_long_choice_is_judged_too),
	    cmocka_unit_test(an_hour_has_its_limit),
	    cmocka_unit_test(ten_minutes_have_their_limit),
	    cmocka_unit_test(a_report_runs_for_30_days),
	    cmocka_unit_test(counts_go_after_30_days),
	    cmocka_unit_test(a_clock_that_was_fast),
	    cmocka_unit_test(the_fullest_row_is_read_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
