/* What one member can do to the links of others: the core alone, as in test_core.c. */
#include "tests/hostile/bench.h"

#include "node/mail.h"

/* What one member floods must not fill the queues of others, nor the memory once for each of them:
 * the links have a budget of it, small records come through, and the rest is for repair. */
static void floods_are_bounded(void **state)
{
	struct bench *b = *state;
	struct forge *other = calloc(2, sizeof *other);
	size_t bytes = 0;

	assert_non_null(other);
	befriend(b, &other[0], 8);
	befriend(b, &other[1], 9);
	tick(b, 20000);
	for (size_t i = 0; i < 256; i++) {
		b->now.ms += 5;
		forge_coverage(&b->scratch, &b->evil, i % 64, b->now, 1024, (uint32_t)i);
		give(b, &b->scratch);
		assert_int_equal(b->closed, 0);
		assert_true(b->blocks <= 1);
		assert_int_equal(b->shared, 2 * b->blocks);
		bytes += b->bytes_on[8];
	}
	assert_true(b->node->intake.accepted > 256);
	assert_true(bytes > VIZ_FLOOD_BURST_BYTES / 4);
	assert_true(bytes <= VIZ_FLOOD_BURST_BYTES);
	assert_true(viz_link_find(b->node, 8)->behind);
	b->now.ms += 5;
	forge_node(&b->scratch, &b->evil, b->now);
	give(b, &b->scratch);
	assert_int_equal(b->shared, 2);
	tick(b, 3000); /* and it is compared with */
	assert_false(viz_link_find(b->node, 8)->behind);
	assert_true(viz_link_find(b->node, 8)->compare_at.ms != 0);
	free(other);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	    T(floods_are_bounded),
	};

	VIZ_REQUIRE(viz_crypto_init() == VIZ_OK);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
