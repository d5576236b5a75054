#include "tests/unit/vectors.h"

#include "crypto/crypto.h"
#include "crypto/rng.h"

/* Draws of all lengths around a block, then bounded ones. An independent ChaCha20 gives the
 * expected bytes. */
static void known_answers(void **state)
{
	json_t *root = viz_vectors_load("crypto.json");
	json_t *v, *item;
	size_t i, j;

	(void)state;
	json_array_foreach(viz_vectors_get(root, "rng"), i, v)
	{
		struct viz_secret seed;
		struct viz_rng rng;

		viz_vectors_fixed(seed.b, sizeof seed.b, v, "seed");
		viz_rng_seed(&rng, &seed);
		json_array_foreach(viz_vectors_get(v, "draws"), j, item)
		{
			size_t len;
			uint8_t *expected = viz_vectors_bytes(&len, item);
			uint8_t *out = malloc(len + 1);

			assert_non_null(out);
			out[len] = 0xaa;
			viz_rng_bytes(&rng, out, len);
			assert_memory_equal(out, expected, len);
			assert_int_equal(out[len], 0xaa);
			free(out);
			free(expected);
		}
		json_array_foreach(viz_vectors_get(v, "below"), j, item)
		{
			const char *bound = json_string_value(json_array_get(item, 0));
			const char *expected = json_string_value(json_array_get(item, 1));

			assert_true(viz_rng_below(&rng, strtoull(bound, NULL, 10)) ==
				    strtoull(expected, NULL, 10));
		}
	}
	assert_int_equal(i, 3);
	json_decref(root);
}

static void same_seed_same_draws(void **state)
{
	struct viz_secret seed = {{1, 2, 3}};
	struct viz_secret other = {{1, 2, 4}};
	struct viz_rng a, b, c;

	(void)state;
	viz_rng_seed(&a, &seed);
	viz_rng_seed(&b, &seed);
	viz_rng_seed(&c, &other);
	for (size_t len = 1; len < 300; len += 7) {
		uint8_t x[300], y[300], z[300];

		viz_rng_bytes(&a, x, len);
		viz_rng_bytes(&b, y, len);
		viz_rng_bytes(&c, z, len);
		assert_memory_equal(x, y, len);
		if (len >= 8)
			assert_memory_not_equal(x, z, len);
	}
}

/* Each draw replaces the key, also an empty one. No drawn byte stays in the state. */
static void the_key_is_erased(void **state)
{
	struct viz_secret seed = {{7}};
	struct viz_rng rng;
	uint8_t out[200];

	(void)state;
	viz_rng_seed(&rng, &seed);
	for (size_t len = 0; len <= sizeof out; len += 40) {
		struct viz_rng before = rng;

		viz_rng_bytes(&rng, out, len);
		assert_memory_not_equal(before.key.b, rng.key.b, sizeof rng.key.b);
		for (size_t i = 0; i + sizeof rng.key.b <= len; i++)
			assert_memory_not_equal(out + i, rng.key.b, sizeof rng.key.b);
	}
}

/* 60,000 draws for each bound. Chi-square with bound - 1 degrees of freedom stays below the
 * 0.9999 quantile. The seed is fixed, so that every run has the same result. */
static void below_is_even(void **state)
{
	static const struct {
		uint64_t bound;
		double limit;
	} cases[] = {{2, 15.2}, {3, 18.5}, {6, 25.8}, {10, 33.8}, {60, 109.0}};
	struct viz_secret seed = {{42}};
	struct viz_rng rng;

	(void)state;
	viz_rng_seed(&rng, &seed);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		unsigned counts[60] = {0};
		double expected = 60000.0 / (double)cases[i].bound;
		double chi = 0;

		for (unsigned n = 0; n < 60000; n++) {
			uint64_t v = viz_rng_below(&rng, cases[i].bound);

			assert_true(v < cases[i].bound);
			counts[v]++;
		}
		for (uint64_t v = 0; v < cases[i].bound; v++) {
			double off = (double)counts[v] - expected;

			chi += off * off / expected;
		}
		if (chi > cases[i].limit)
			fail_msg("bound %d: chi-square %f", (int)cases[i].bound, chi);
	}
}

/* With a bound of 3/4 of 2^64, the plain remainder would draw the lower third twice as often. */
static void below_has_no_bias_at_large_bounds(void **state)
{
	const uint64_t bound = UINT64_C(3) << 62;
	struct viz_secret seed = {{43}};
	struct viz_rng rng;
	unsigned low = 0;

	(void)state;
	viz_rng_seed(&rng, &seed);
	for (unsigned n = 0; n < 30000; n++)
		low += viz_rng_below(&rng, bound) < bound / 3;
	/* 10,000 expected, with a deviation of 82. */
	assert_in_range(low, 9600, 10400);
	for (unsigned n = 0; n < 100; n++)
		assert_true(viz_rng_below(&rng, 1) == 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(known_answers),
	    cmocka_unit_test(same_seed_same_draws),
	    cmocka_unit_test(the_key_is_erased),
	    cmocka_unit_test(below_is_even),
	    cmocka_unit_test(below_has_no_bias_at_large_bounds),
	};

	if (viz_crypto_init() != VIZ_OK)
		return 1;
	return cmocka_run_group_tests_name("rng", tests, NULL, NULL);
}
