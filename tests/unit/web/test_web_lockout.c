/* Failed attempts: how long the next one waits, and what is forgotten. */
#include "tools/web/lockout.h"
#include "tests/unit/unit.h"

static struct viz_web_lockout l;

static int clear(void **state)
{
	(void)state;
	memset(&l, 0, sizeof l);
	return 0;
}

static void the_wait_doubles_up_to_a_bound(void **state)
{
	(void)state;
	for (int i = 0; i < 5; i++) {
		assert_int_equal(viz_web_lockout_wait(&l, "a", 1000), 0);
		viz_web_lockout_fail(&l, "a", 1000, 5, 900000);
	}
	assert_int_equal(viz_web_lockout_wait(&l, "a", 1000), 0);
	viz_web_lockout_fail(&l, "a", 1000, 5, 900000);
	assert_int_equal(viz_web_lockout_wait(&l, "a", 1000), 1000);
	assert_int_equal(viz_web_lockout_wait(&l, "a", 1999), 1);
	assert_int_equal(viz_web_lockout_wait(&l, "a", 2000), 0);
	viz_web_lockout_fail(&l, "a", 2000, 5, 900000);
	assert_int_equal(viz_web_lockout_wait(&l, "a", 2000), 2000);
	for (int i = 0; i < 100; i++)
		viz_web_lockout_fail(&l, "a", 2000, 5, 900000);
	assert_int_equal(viz_web_lockout_wait(&l, "a", 2000), 900000);
	assert_int_equal(viz_web_lockout_wait(&l, "b", 2000), 0);
}

static void success_and_time_forget(void **state)
{
	(void)state;
	for (int i = 0; i < 9; i++)
		viz_web_lockout_fail(&l, "a", 1000, 5, 900000);
	viz_web_lockout_clear(&l, "a");
	assert_int_equal(viz_web_lockout_wait(&l, "a", 1000), 0);
	for (int i = 0; i < 9; i++)
		viz_web_lockout_fail(&l, "a", 1000, 5, 900000);
	viz_web_lockout_fail(&l, "a", 1000 + VIZ_WEB_LOCKOUT_FORGET, 5, 900000);
	assert_int_equal(viz_web_lockout_wait(&l, "a", 1000 + VIZ_WEB_LOCKOUT_FORGET), 0);
}

static void a_flood_of_keys_forgets_the_oldest_only(void **state)
{
	char key[32];

	(void)state;
	for (int i = 0; i < 9; i++)
		viz_web_lockout_fail(&l, "old", 1000, 5, 900000);
	for (int i = 0; i < VIZ_WEB_LOCKOUT_PLACES - 1; i++) {
		snprintf(key, sizeof key, "%d", i);
		viz_web_lockout_fail(&l, key, 2000, 0, 900000);
	}
	assert_true(viz_web_lockout_wait(&l, "old", 2000) > 0);
	viz_web_lockout_fail(&l, "one more", 2000, 0, 900000);
	assert_int_equal(viz_web_lockout_wait(&l, "old", 2000), 0);
	assert_true(viz_web_lockout_wait(&l, "0", 2000) > 0);
	assert_true(viz_web_lockout_wait(&l, "one more", 2000) > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(the_wait_doubles_up_to_a_bound, clear),
	    cmocka_unit_test_setup(success_and_time_forget, clear),
	    cmocka_unit_test_setup(a_flood_of_keys_forgets_the_oldest_only, clear),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
