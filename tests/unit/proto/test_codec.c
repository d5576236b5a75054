/* Round trips of every body with random valid values from a fixed seed. A body with all fields
 * at their limits fits into a record of its type. */
#include "tests/unit/unit.h"

#include "proto/statement.h"
#include "tests/unit/proto/bodies.h"
#include "tests/unit/proto/codec.h"

#define BUFFER_BYTES 131072 /* bytes */
#define ROUNDS       300

static uint8_t bytes[BUFFER_BYTES], again[BUFFER_BYTES];

static size_t make(size_t i)
{
	struct viz_writer w;
	size_t len = 0;

	viz_writer_init(&w, bytes, sizeof bytes);
	viz_bodies[i].make(&w);
	assert_int_equal(viz_writer_finish(&w, &len), VIZ_OK);
	return len;
}

static void assert_same(size_t i, size_t len)
{
	size_t again_len = 0;
	int err = viz_codec_again(again, &again_len, sizeof again, viz_bodies[i].name, bytes, len);

	if (err != VIZ_OK)
		fail_msg("%s: %s", viz_bodies[i].name, viz_err_name(err));
	assert_int_equal(again_len, len);
	assert_memory_equal(again, bytes, len);
}

static bool listed(const char *name)
{
	for (size_t i = 0; i < viz_body_count; i++)
		if (strcmp(viz_bodies[i].name, name) == 0)
			return true;
	return false;
}

static void every_type(void **state)
{
	(void)state;
	for (unsigned type = 0; type <= UINT8_MAX; type++)
		if (strcmp(viz_record_type_name(type), "?") != 0 &&
		    !listed(viz_record_type_name(type)))
			fail_msg("bodies.c makes no %s", viz_record_type_name(type));
}

static void round_trips(void **state)
{
	(void)state;
	viz_bodies_start(1, false);
	for (size_t i = 0; i < viz_body_count; i++)
		for (int round = 0; round < ROUNDS; round++)
			assert_same(i, make(i));
}

static void limits_fit(void **state)
{
	(void)state;
	for (size_t i = 0; i < viz_body_count; i++)
		for (uint64_t round = 0; round < 20; round++) {
			size_t len;

			viz_bodies_start(round, true);
			len = make(i);

			assert_same(i, len);
			if (len > viz_bodies[i].bytes_max)
				fail_msg("%s at its limits: %zu bytes, at most %zu",
					 viz_bodies[i].name, len, viz_bodies[i].bytes_max);
		}
}

/* No prefix of an encoding is valid, and no byte may follow it. */
static void nothing_else(void **state)
{
	size_t again_len;

	(void)state;
	viz_bodies_start(2, false);
	for (size_t i = 0; i < viz_body_count; i++) {
		for (int round = 0; round < 10; round++) {
			size_t len = make(i), step = len / 40 + 1;

			for (size_t cut = 0; cut < len; cut += step) {
				uint8_t *exact = malloc(cut ? cut : 1);

				assert_non_null(exact);
				memcpy(exact, bytes, cut);
				assert_int_not_equal(
				    viz_codec_again(again, &again_len, sizeof again,
						    viz_bodies[i].name, exact, cut),
				    VIZ_OK);
				free(exact);
			}
			bytes[len] = 0xc0;
			assert_int_not_equal(viz_codec_again(again, &again_len, sizeof again,
							     viz_bodies[i].name, bytes, len + 1),
					     VIZ_OK);
		}
	}
}

/* A buffer that is a byte too small gives an error, and nothing is written past its end. */
static void small_buffers(void **state)
{
	(void)state;
	viz_bodies_start(3, false);
	for (size_t i = 0; i < viz_body_count; i++) {
		size_t len = make(i), out_len = 7;
		uint8_t *exact = malloc(len);

		assert_non_null(exact);
		assert_int_equal(
		    viz_codec_again(exact, &out_len, len - 1, viz_bodies[i].name, bytes, len),
		    VIZ_ERR_STATE);
		assert_int_equal(
		    viz_codec_again(exact, &out_len, len, viz_bodies[i].name, bytes, len), VIZ_OK);
		free(exact);
	}
}

static void phones(void **state)
{
	static const char *const pairs[][2] = {{"+5527999990000", "+5527999990000"},
					       {"(27) 99999-0000", "+5527999990000"},
					       {"027 99999.0000", "+5527999990000"},
					       {"27 3333-0000", "+552733330000"},
					       {"+1 212 555 0100", "+12125550100"},
					       {"+51 012345678", "+51012345678"},
					       {"99999-0000", NULL},
					       {"27 99999-0000 (Maria)", NULL},
					       {"", NULL},
					       {"+", NULL},
					       {"+0123456789", NULL},
					       {"+5527", NULL},
					       {"279999900001", NULL},
					       {"+1234567890123456", NULL},
					       {"99999999999999999999", NULL}};

	(void)state;
	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
		char out[VIZ_PHONE_MAX + 1] = "untouched";

		if (pairs[i][1]) {
			assert_int_equal(viz_contact_phone(out, pairs[i][0]), VIZ_OK);
			assert_string_equal(out, pairs[i][1]);
		} else {
			assert_int_equal(viz_contact_phone(out, pairs[i][0]), VIZ_ERR_INPUT);
			assert_string_equal(out, "untouched");
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_type),    cmocka_unit_test(round_trips),
	    cmocka_unit_test(limits_fit),    cmocka_unit_test(nothing_else),
	    cmocka_unit_test(small_buffers), cmocka_unit_test(phones),
	};

	return cmocka_run_group_tests_name("codec", tests, NULL, NULL);
}
