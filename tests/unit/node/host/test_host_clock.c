#include "tests/unit/unit.h"

#include "proto/base.h"
#include "node/host/clock.h"

#define START INT64_C(1790000000000)

static void time_passes(void **state)
{
	struct viz_clock c = {0};

	(void)state;
	assert_int_equal(viz_host_clock_next(&c, START, 500), 0);
	assert_int_equal(c.now.ms, START);
	assert_int_equal(viz_host_clock_next(&c, START + 1000, 1500), 0);
	assert_int_equal(c.now.ms, START + 1000);
	/* the machine slept for a month, and both clocks show it */
	assert_int_equal(viz_host_clock_next(&c, START + 30 * VIZ_DAY_MS, 500 + 30 * VIZ_DAY_MS),
			 0);
	assert_int_equal(c.now.ms, START + 30 * VIZ_DAY_MS);
}

static void small_steps(void **state)
{
	struct viz_clock c = {0};

	(void)state;
	assert_int_equal(viz_host_clock_next(&c, START, 0), 0);
	assert_int_equal(viz_host_clock_next(&c, START + 10000, 0), 0); /* forward: time follows */
	assert_int_equal(c.now.ms, START + 10000);
	assert_int_equal(viz_host_clock_next(&c, START, 0), 0); /* back: time waits */
	assert_int_equal(c.now.ms, START + 10000);
	assert_int_equal(viz_host_clock_next(&c, START + 9000, 9000), 0);
	assert_int_equal(c.now.ms, START + 10000);
	assert_int_equal(viz_host_clock_next(&c, START + 11000, 11000), 0);
	assert_int_equal(c.now.ms, START + 11000);
	/* steps back add up: time would wait for too long */
	assert_int_equal(viz_host_clock_next(&c, START + 5000, 11000), 0);
	assert_int_equal(viz_host_clock_next(&c, START, 11000), -11000);
}

static void large_steps(void **state)
{
	struct viz_clock c = {0}, before;

	(void)state;
	assert_int_equal(viz_host_clock_next(&c, START, 1000), 0);
	before = c;
	assert_int_equal(viz_host_clock_next(&c, START + 10001, 1000), 10001);
	assert_int_equal(viz_host_clock_next(&c, START - 10001, 1000), -10001);
	assert_int_equal(viz_host_clock_next(&c, START + 300 * VIZ_DAY_MS + 5, 1005),
			 300 * VIZ_DAY_MS);
	assert_memory_equal(&c, &before, sizeof c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(time_passes),
	    cmocka_unit_test(small_steps),
	    cmocka_unit_test(large_steps),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
