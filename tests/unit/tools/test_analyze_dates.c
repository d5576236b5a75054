/* In which order a file has day and month: its own rows tell, or it is asked. */
#include "tests/unit/tools/analysed.h"

#include "tools/analyze/calendar.h"

#include <unistd.h>

#define MOVES "data_cancelamento;motivo_cancelamento\n"

static uint32_t in_month(int y, unsigned m)
{
	return a->totals
	    .by_month[viz_totals_month(&a->totals, viz_calendar_days(y, m, 1))][VIZ_REASON_MOVE];
}

/* The rows of a column tell whether its dates have the month first. */
static void dates_with_the_month_first(void **state)
{
	(void)state;
	a->today = viz_calendar_days(2025, 12, 31);
	assert_int_equal(ANALYSE(MOVES
				 "03/25/2024;Mudança\n03/11/2024;Mudança\n04/30/2024;Mudança\n"
				 "02/05/2024;Mudança\n"),
			 0);
	assert_int_equal(a->totals.rejected, 0);
	assert_int_equal(in_month(2024, 3), 2);
	assert_int_equal(in_month(2024, 4), 1);
	assert_int_equal(in_month(2024, 2), 1);
	assert_int_equal(a->file[0].dates, VIZ_DATE_MONTH_FIRST);
}

static void dates_with_the_day_first(void **state)
{
	(void)state;
	assert_int_equal(ANALYSE(MOVES "03/11/2024;Mudança\n25/03/2024;Mudança\n"), 0);
	assert_int_equal(in_month(2024, 11) + in_month(2024, 3), 2);
	assert_int_equal(a->file[0].dates_open, 0);
	/* nothing tells: as everybody in Brazil writes, and the report says so */
	assert_int_equal(ANALYSE(MOVES "03/11/2024;Mudança\n"), 0);
	assert_int_equal(in_month(2024, 11), 2);
	assert_int_equal(a->file[1].dates_open, 1);
}

/* The last row tells, far behind what one block of the file holds. */
static void dates_of_a_long_file(void **state)
{
	size_t n = 100000, at = 0;
	char *text = malloc(n * 32 + 100);

	(void)state;
	assert_non_null(text);
	at += (size_t)sprintf(text, MOVES);
	for (size_t i = 0; i < n; i++)
		at += (size_t)sprintf(text + at, "03/11/2024;Mudança\n");
	sprintf(text + at, "03/25/2024;Mudança\n");
	assert_int_equal(ANALYSE(text), 0);
	assert_int_equal(in_month(2024, 3), n + 1);
	/* one typing error in so many is one; two kinds of rows are a question */
	sprintf(text + at, "13/05/2024;Mudança\n");
	memcpy(text + sizeof MOVES - 1, "03/25", 5);
	assert_int_equal(ANALYSE(text), VIZ_ERR_INPUT);
	assert_int_equal(a->fault, VIZ_FILE_DATES_MIXED);
	assert_int_equal(a->fault_line, n + 2);
	assert_int_equal(a->fault_line_other, 2);
	free(text);
}

static void dates_are_asked_for(void **state)
{
	const char *mixed = MOVES "03/25/2024;Mudança\n25/03/2024;Mudança\n03/11/2024;Mudança\n";

	(void)state;
	assert_int_equal(ANALYSE(mixed), VIZ_ERR_INPUT);
	assert_int_equal(a->fault, VIZ_FILE_DATES_MIXED);
	assert_int_equal(a->totals.cancelled, 0);
	a->dates_given = true;
	a->dates = VIZ_DATE_MONTH_FIRST;
	assert_int_equal(ANALYSE(mixed), 0);
	assert_int_equal(in_month(2024, 3), 2);
	assert_int_equal(a->totals.rejected, 1);
	a->dates_given = false;
	assert_int_equal(ANALYSE(MOVES "3/11/2024 5:24 PM;Mudança\n"), VIZ_ERR_INPUT);
	assert_int_equal(a->fault, VIZ_FILE_DATES_OPEN);
	assert_int_equal(a->fault_line, 2);
	a->today = viz_calendar_days(2024, 6, 1);
	assert_int_equal(ANALYSE(MOVES "03/11/2024;Mudança\n"), VIZ_ERR_INPUT);
	assert_int_equal(a->fault, VIZ_FILE_DATES_OPEN);
}

static void dates_through_a_pipe(void **state)
{
	int fd[2];
	const char *text = MOVES "03/11/2024;Mudança\n03/25/2024;Mudança\n\\N;Mudança\n";

	(void)state;
	assert_int_equal(pipe(fd), 0);
	assert_int_equal(write(fd[1], text, strlen(text)), (ssize_t)strlen(text));
	close(fd[1]);
	assert_int_equal(viz_analyze_file(a, "stdin", fd[0]), 0);
	close(fd[0]);
	assert_int_equal(in_month(2024, 3), 2);
	assert_int_equal(a->totals.undated, 1);
	assert_int_equal(a->totals.rejected, 0);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, analysed_set_up, analysed_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(dates_with_the_month_first), TEST(dates_with_the_day_first),
	    TEST(dates_of_a_long_file),       TEST(dates_are_asked_for),
	    TEST(dates_through_a_pipe),
	};

	return cmocka_run_group_tests(tests, analysed_open, analysed_close);
}
