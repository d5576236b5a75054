#include "tests/unit/unit.h"

#include "tools/analyze/intervals.h"

#define LINE    400
#define PARTIES 257

static uint64_t seed = 11;

static uint32_t rnd(uint32_t n)
{
	seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407u;
	return (uint32_t)(seed >> 33) % n;
}

/* Compares with a short line on which every point is marked. */
static void against_marking(void **state)
{
	static bool marked[LINE][PARTIES];

	(void)state;
	for (int round = 0; round < 50; round++) {
		struct viz_intervals iv = {0};

		memset(marked, 0, sizeof marked);
		for (int i = 0; i < 120; i++) {
			uint16_t party = (uint16_t)rnd(round % 2 ? PARTIES : 5);
			uint32_t from = rnd(LINE - 2), to = from + rnd(LINE - 1 - from);

			assert_int_equal(viz_intervals_add(&iv, party, from, to), 0);
			for (uint32_t at = from; at <= to; at++)
				marked[at][party] = true;
		}
		assert_int_equal(viz_intervals_build(&iv), 0);
		for (uint32_t at = 0; at < LINE; at++) {
			const struct viz_party_set *s = viz_intervals_at(&iv, at);

			for (unsigned p = 0; p < PARTIES; p++)
				assert_int_equal(s && viz_party_in(s, p), marked[at][p]);
		}
		viz_intervals_free(&iv);
	}
}

static void empty(void **state)
{
	struct viz_intervals iv = {0};

	(void)state;
	assert_int_equal(viz_intervals_build(&iv), 0);
	assert_null(viz_intervals_at(&iv, 5));
	viz_intervals_free(&iv);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(against_marking),
	    cmocka_unit_test(empty),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
