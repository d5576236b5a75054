/* How what is owed is counted. */
#include "node/audit/owed.h"
#include "tests/unit/unit.h"

#define PATIENCE 1000

static struct viz_time at(int64_t ms)
{
	return (struct viz_time){ms};
}

static void due_once(void **state)
{
	struct viz_owed o = {.since = at(5)};

	(void)state;
	assert_false(viz_owed_count(&o, at(10), 0, PATIENCE));
	assert_false(viz_owed_count(&o, at(20), 999, PATIENCE));
	assert_false(o.raised);
	assert_true(viz_owed_count(&o, at(30), 1, PATIENCE));
	assert_true(o.raised);
	assert_false(viz_owed_count(&o, at(40), 5000, PATIENCE));
	assert_int_equal(o.counted_ms, 6000);
	assert_int_equal(o.named.ms, 40);
	assert_int_equal(o.since.ms, 5);
}

/* Time without a link does not count, however long it is. */
static void only_what_is_given_counts(void **state)
{
	struct viz_owed o = {0};

	(void)state;
	for (int64_t i = 1; i < 1000; i++)
		assert_false(viz_owed_count(&o, at(i * VIZ_DAY_MS), 0, PATIENCE));
	assert_int_equal(o.counted_ms, 0);
	assert_false(viz_owed_count(&o, at(1000 * VIZ_DAY_MS), -5, PATIENCE));
	assert_int_equal(o.counted_ms, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(due_once),
	    cmocka_unit_test(only_what_is_given_counts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
