/* One-time codes: the vectors of RFC 6238 (appendix B) and of RFC 4226 (appendix D), and what is
 * taken of a person. */
#include "tools/web/totp.h"
#include "tests/unit/unit.h"

static const uint8_t secret[] = "12345678901234567890";

static void the_codes_are_those_of_the_standard(void **state)
{
	static const struct {
		uint64_t at_s;
		uint32_t code;
	} rfc6238[] = {{59, 94287082},         {1111111109, 7081804},  {1111111111, 14050471},
		       {1234567890, 89005924}, {2000000000, 69279037}, {20000000000, 65353130}};
	static const uint32_t rfc4226[] = {755224, 287082, 359152, 969429, 338314,
					   254676, 287922, 162583, 399871, 520489};

	(void)state;
	for (size_t i = 0; i < sizeof rfc6238 / sizeof *rfc6238; i++)
		assert_int_equal(viz_web_totp_code(secret, 20, rfc6238[i].at_s / 30, 8),
				 rfc6238[i].code);
	for (size_t i = 0; i < sizeof rfc4226 / sizeof *rfc4226; i++)
		assert_int_equal(viz_web_totp_code(secret, 20, i, 6), rfc4226[i]);
}

static void a_code_holds_a_step_before_and_after(void **state)
{
	(void)state;
	/* 338314 is that of step 4: seconds 120 to 149. */
	assert_int_equal(viz_web_totp_check(secret, "338314", 89, 0), 0);
	assert_int_equal(viz_web_totp_check(secret, "338314", 90, 0), 4);
	assert_int_equal(viz_web_totp_check(secret, "338 314", 149, 0), 4);
	assert_int_equal(viz_web_totp_check(secret, "338314", 179, 0), 4);
	assert_int_equal(viz_web_totp_check(secret, "338314", 180, 0), 0);
}

static void a_code_is_taken_once(void **state)
{
	(void)state;
	assert_int_equal(viz_web_totp_check(secret, "338314", 120, 3), 4);
	assert_int_equal(viz_web_totp_check(secret, "338314", 120, 4), 0);
	/* nor an older one afterwards */
	assert_int_equal(viz_web_totp_check(secret, "969429", 120, 4), 0);
}

static void other_texts_are_no_code(void **state)
{
	static const char *const wrong[] = {"", "33831", "3383140", "338314 0", "33831a", "-38314"};

	(void)state;
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
		assert_int_equal(viz_web_totp_check(secret, wrong[i], 120, 0), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_codes_are_those_of_the_standard),
	    cmocka_unit_test(a_code_holds_a_step_before_and_after),
	    cmocka_unit_test(a_code_is_taken_once),
	    cmocka_unit_test(other_texts_are_no_code),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
