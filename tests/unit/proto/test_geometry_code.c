/* The bytes of a geometry in the store. */
#include "tests/unit/proto/shapes.h"

static void codes_round_trip(void **state)
{
	uint64_t seed = 8;

	(void)state;
	for (int round = 0; round < 100; round++) {
		struct viz_geometry g, back;
		uint8_t *bytes, *again;
		size_t len = 0, len2 = 0;
		enum viz_geometry_fault why;

		random_geometry(&g, &seed, -20000000, -40000000, round < 50 ? 30 : 60000000);
		for (int i = 0; i < round % 4; i++)
			assert_int_equal(
			    viz_geometry_add_circle(
				&g, &why,
				(struct viz_circle){{random_in(&seed, -80000000, 80000000),
						     random_in(&seed, -170000000, 170000000)},
						    (uint32_t)random_in(&seed, 1, 70000)}),
			    0);
		assert_int_equal(viz_geometry_code_write(&bytes, &len, &g), 0);
		viz_geometry_init(&back);
		assert_int_equal(viz_geometry_code_read(&back, bytes, len), 0);
		assert_int_equal(viz_geometry_code_write(&again, &len2, &back), 0);
		assert_int_equal(len, len2);
		assert_memory_equal(bytes, again, len);
		viz_geometry_free(&back);
		for (size_t cut = 0; cut < len; cut++) {
			assert_true(viz_geometry_code_read(&back, bytes, cut) < 0);
			assert_true(viz_geometry_is_empty(&back));
		}
		free(bytes);
		free(again);
		viz_geometry_free(&g);
	}
}

static int decode(const uint8_t *bytes, size_t len)
{
	struct viz_geometry g;
	int err;

	viz_geometry_init(&g);
	err = viz_geometry_code_read(&g, bytes, len);
	viz_geometry_free(&g);
	return err;
}

#define DECODE(...) decode((const uint8_t[]){__VA_ARGS__}, sizeof(const uint8_t[]){__VA_ARGS__})

static void lies_are_refused(void **state)
{
	(void)state;
	assert_int_equal(DECODE(0x93, 1, 0x90, 0x90), 0);
	assert_int_equal(DECODE(0x93, 2, 0x90, 0x90), VIZ_ERR_LIMIT);
	assert_int_equal(DECODE(0x93, 0, 0x90, 0x90), VIZ_ERR_FORM);
	assert_int_equal(DECODE(0x93, 1, 0x90, 0x90, 0), VIZ_ERR_FORM);
	/* valid; then with equal neighbours, closed, of odd count, without rings */
	assert_int_equal(DECODE(0x93, 1, 0x91, 0x91, 0x96, 0, 0, 0, 1, 1, 1, 0x90), 0);
	assert_int_equal(DECODE(0x93, 1, 0x91, 0x91, 0x98, 0, 0, 0, 1, 0, 0, 1, 1, 0x90),
			 VIZ_ERR_MEANING);
	assert_int_equal(DECODE(0x93, 1, 0x91, 0x91, 0x98, 0, 0, 0, 1, 1, 0, 0xff, 0xff, 0x90),
			 VIZ_ERR_MEANING);
	assert_int_equal(DECODE(0x93, 1, 0x91, 0x91, 0x97, 0, 0, 0, 1, 1, 1, 1, 0x90),
			 VIZ_ERR_FORM);
	assert_true(DECODE(0x93, 1, 0x91, 0x90, 0x90) < 0);
	/* counts larger than the bytes can hold */
	assert_int_equal(DECODE(0x93, 1, 0xdd, 0xff, 0xff, 0xff, 0xff), VIZ_ERR_FORM);
	assert_int_equal(DECODE(0x93, 1, 0x91, 0x91, 0xdd, 0, 0x10, 0, 0), VIZ_ERR_FORM);
	/* a radius of zero */
	assert_int_equal(DECODE(0x93, 1, 0x90, 0x91, 0x93, 0, 0, 1), 0);
	assert_int_equal(DECODE(0x93, 1, 0x90, 0x91, 0x93, 0, 0, 0), VIZ_ERR_MEANING);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(codes_round_trip),
	    cmocka_unit_test(lies_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
