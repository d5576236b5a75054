#include "tests/unit/unit.h"

#include "node/host/machine.h"
#include "proto/base.h"

/* The lines of /proc/swaps. */
static void swaps(void **state)
{
	static const char head[] = "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n";
	char text[512];

	(void)state;
	assert_false(viz_host_machine_swaps(""));
	assert_false(viz_host_machine_swaps(head));
	snprintf(text, sizeof text, "%s/dev/zram0  partition  4194300  0  100\n", head);
	assert_false(viz_host_machine_swaps(text));
	snprintf(text, sizeof text,
		 "%s/dev/zram0  partition  4194300  0  100\n/dev/sda2  partition  "
		 "999  0  -2\n",
		 head);
	assert_true(viz_host_machine_swaps(text));
	snprintf(text, sizeof text, "%s/swapfile  file  999  0  -2\n", head);
	assert_true(viz_host_machine_swaps(text));
}

static void this_one(void **state)
{
	struct viz_machine m;

	(void)state;
	viz_host_machine_read(&m, "/");
	assert_true(m.open_files > 0);
	assert_true(m.open_files_wanted > 1024 && m.open_files_wanted <= 4096);
	viz_host_machine_read(&m, "/nonexistent/state");
	assert_string_equal(m.file_system, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(swaps),
	    cmocka_unit_test(this_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
