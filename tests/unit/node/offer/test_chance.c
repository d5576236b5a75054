/* Probabilities and intervals, against values that were computed with exact fractions. */
#include "node/offer/chance.h"
#include "tests/unit/unit.h"

static bool near(double is, double should)
{
	double error = is > should ? is - should : should - is;

	return error <= should * 1e-12;
}

static void tails(void **state)
{
	static const struct {
		uint32_t n, k;
		double p, tail;
	} cases[] = {
	    {20, 20, 0.5, 9.5367431640625e-07},         {20, 1, 0.5, 0.9999990463256836},
	    {20, 10, 0.5, 0.5880985260009766},          {40, 12, 0.05, 3.652669918896119e-07},
	    {100, 30, 0.1, 2.445112239390966e-08},      {2000, 140, 0.05, 5.928320101826234e-05},
	    {2000, 100, 0.05, 0.5143254915923822},      {5, 5, 0.1, 1e-05},
	    {20, 11, 1.0 / 12, 1.1075955820594516e-07},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_true(
		    near(viz_chance_tail(cases[i].n, cases[i].k, cases[i].p), cases[i].tail));
}

/* The ends of the range, and sizes at which a single factor leaves the range of a number. */
static void extremes(void **state)
{
	(void)state;
	assert_true(viz_chance_tail(10, 0, 0.5) == 1);
	assert_true(viz_chance_tail(10, 11, 0.5) == 0);
	assert_true(viz_chance_tail(10, 1, 0) == 0);
	assert_true(viz_chance_tail(10, 10, 1) == 1);
	assert_true(viz_chance_tail(200000, 100000, 0.5) > 0.5);
	assert_true(viz_chance_tail(200000, 100000, 0.5) < 0.51);
	assert_true(viz_chance_tail(200000, 180000, 0.5) == 0);
	assert_true(viz_chance_tail(200000, 1, 0.999) == 1);
}

static void exceeded(void **state)
{
	(void)state;
	/* 19 cases are too few, whatever they show */
	assert_false(viz_chance_exceeded(19, 19, 1000, 0));
	assert_true(viz_chance_exceeded(20, 20, 1000, 0));
	/* that none of 30 others is struck is not known of the next 30: one of 15,000 honest
	 * origins */
	assert_false(viz_chance_exceeded(20, 9, 30, 0));
	assert_true(viz_chance_exceeded(20, 14, 30, 0));
	/* the others have as many */
	assert_false(viz_chance_exceeded(1000, 500, 1000, 500));
	/* without others nothing is known */
	assert_false(viz_chance_exceeded(20, 20, 0, 0));
}

static void among_others(void **state)
{
	static const struct {
		uint32_t n, k, others_n, others_k;
		double tail;
	} cases[] = {
	    {20, 9, 30, 0, 6.70382936096054e-05},
	    {20, 14, 30, 0, 4.1328762083215716e-08},
	    {20, 20, 40, 0, 2.385584671890978e-16},
	    {20, 10, 40, 0, 2.4505389347752305e-06},
	    {100, 30, 300, 30, 4.459133397155491e-06},
	    {2000, 140, 6000, 300, 0.0005440592011892849},
	    {5, 5, 5, 0, 0.003968253968253968},
	    {50, 20, 5000, 400, 7.299335726977735e-10},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		double is =
		    viz_chance_among(cases[i].n, cases[i].k, cases[i].others_n, cases[i].others_k);

		assert_true(near(is, cases[i].tail));
	}
	assert_true(viz_chance_among(20, 5, 40, 10) == 1);
	assert_true(viz_chance_among(20, 21, 40, 10) == 0);
	assert_true(viz_chance_among(1000000, 500000, 1000000, 400000) == 0);
}

static void wilson(void **state)
{
	static const struct {
		uint32_t n, k;
		double low, high;
	} cases[] = {
	    {10, 5, 0.236593090512564, 0.763406909487436},
	    {10, 10, 0.7224672001371107, 1},
	    {100, 7, 0.03431926106727268, 0.137495147390735},
	    {2048, 1, 8.619883093704349e-05, 0.0027607359532209547},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct viz_interval is = viz_chance_wilson(cases[i].n, cases[i].k);

		assert_true(near(is.low, cases[i].low));
		assert_true(near(is.high, cases[i].high));
	}
	assert_true(viz_chance_wilson(10, 0).low < 1e-15);
	assert_true(near(viz_chance_wilson(10, 0).high, 0.2775327998628892));
	assert_true(viz_chance_wilson(0, 0).low == 0 && viz_chance_wilson(0, 0).high == 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(tails),        cmocka_unit_test(extremes), cmocka_unit_test(exceeded),
	    cmocka_unit_test(among_others), cmocka_unit_test(wilson),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
