#include "tests/unit/unit.h"

#include "proto/base.h"
#include "node/host/frame.h"

static void whole_frames(void **state)
{
	const uint8_t bytes[] = {0, 3, 'a', 'b', 'c', 0};
	size_t len = 99;

	(void)state;
	assert_false(viz_host_frame_whole(bytes, 0, &len));
	assert_int_equal(len, 0);
	assert_false(viz_host_frame_whole(bytes, 1, &len));
	assert_int_equal(len, 0);
	for (size_t have = 2; have < 5; have++) {
		assert_false(viz_host_frame_whole(bytes, have, &len));
		assert_int_equal(len, 3);
	}
	assert_true(viz_host_frame_whole(bytes, 5, &len));
	assert_true(viz_host_frame_whole(bytes, 6, &len));
	assert_int_equal(len, 3);
}

static void bodies_and_padding(void **state)
{
	const uint8_t body[] = {0, 2, 'h', 'i', 0, 0, 0};
	enum viz_frame_kind kind = VIZ_FRAME_REKEY;
	size_t len = 99;

	(void)state;
	assert_int_equal(viz_host_frame_unpad(&kind, &len, body, sizeof body), VIZ_OK);
	assert_int_equal(kind, VIZ_FRAME_BODY);
	assert_int_equal(len, 2);
	assert_int_equal(viz_host_frame_unpad(&kind, &len, body, 4), VIZ_OK);
	assert_int_equal(len, 2);
}

static void the_hosts_own(void **state)
{
	const uint8_t keepalive[] = {0, 0, 0, 0}, rekey[] = {0xff, 0xff, 0};
	enum viz_frame_kind kind = VIZ_FRAME_BODY;
	size_t len = 99;

	(void)state;
	assert_int_equal(viz_host_frame_unpad(&kind, &len, keepalive, 2), VIZ_OK);
	assert_int_equal(kind, VIZ_FRAME_KEEPALIVE);
	assert_int_equal(len, 0);
	assert_int_equal(viz_host_frame_unpad(&kind, &len, keepalive, 4), VIZ_OK);
	assert_int_equal(viz_host_frame_unpad(&kind, &len, rekey, 3), VIZ_OK);
	assert_int_equal(kind, VIZ_FRAME_REKEY);
	assert_int_equal(len, 0);
}

static void hostile_plaintexts(void **state)
{
	const uint8_t past_the_end[] = {0, 3, 'a', 'b'}, dirty[] = {0, 1, 'a', 0, 1, 0};
	const uint8_t dirty_alive[] = {0, 0, 1}, dirty_rekey[] = {0xff, 0xff, 0, 2};
	const uint8_t largest[] = {0xff, 0xfe, 0};
	enum viz_frame_kind kind = VIZ_FRAME_REKEY;
	size_t len = 99;

	(void)state;
	assert_int_equal(viz_host_frame_unpad(&kind, &len, dirty, 0), VIZ_ERR_FORM);
	assert_int_equal(viz_host_frame_unpad(&kind, &len, dirty, 1), VIZ_ERR_FORM);
	assert_int_equal(viz_host_frame_unpad(&kind, &len, past_the_end, 4), VIZ_ERR_FORM);
	assert_int_equal(viz_host_frame_unpad(&kind, &len, dirty, sizeof dirty), VIZ_ERR_FORM);
	assert_int_equal(viz_host_frame_unpad(&kind, &len, dirty_alive, 3), VIZ_ERR_FORM);
	assert_int_equal(viz_host_frame_unpad(&kind, &len, dirty_rekey, 4), VIZ_ERR_FORM);
	assert_int_equal(viz_host_frame_unpad(&kind, &len, largest, 3), VIZ_ERR_FORM);
	/* Unchanged on failure. */
	assert_int_equal(kind, VIZ_FRAME_REKEY);
	assert_int_equal(len, 99);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(whole_frames),
	    cmocka_unit_test(bodies_and_padding),
	    cmocka_unit_test(the_hosts_own),
	    cmocka_unit_test(hostile_plaintexts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
