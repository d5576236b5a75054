#include "tests/unit/unit.h"

#include "proto/geo/cep.h"

#define WIDE_ONE "\xef\xbc\x91" /* U+FF11, a digit in another script */

static void text_and_number(void **state)
{
	static const char *const good[] = {"29900000", "29900-000", "29.900-000", " 29900-000\r\n"};
	static const char *const bad[] = {"",           "2990000",    "299000000",
					  "29900-00",   "2990-0000",  "29900_000",
					  "29900-000x", "29900 000",  "-29900000",
					  "29900--000", "29..900000", (WIDE_ONE "9900000")};
	uint32_t cep = 7;
	char text[VIZ_CEP_TEXT_BYTES];

	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		cep = 7;
		assert_int_equal(viz_cep_parse(&cep, good[i]), 0);
		assert_int_equal(cep, 29900000);
	}
	cep = 7;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_int_equal(viz_cep_parse(&cep, bad[i]), VIZ_ERR_INPUT);
	assert_int_equal(cep, 7);
	assert_int_equal(viz_cep_parse(&cep, "01001-000"), 0);
	assert_int_equal(cep, 1001000);
	viz_cep_format(text, cep);
	assert_string_equal(text, "01001-000");
	viz_cep_format(text, 0);
	assert_string_equal(text, "00000-000");
	viz_cep_format(text, VIZ_CEP_MAX);
	assert_string_equal(text, "99999-999");
}

static void general_codes(void **state)
{
	(void)state;
	assert_true(viz_cep_is_general(69980000));
	assert_false(viz_cep_is_general(69980970));
}

static void ranges_join(void **state)
{
	struct viz_cep_range r[] = {
	    {29900000, 29919999}, {1000, 2000}, {29920000, 29929999}, {1500, 1700},
	    {99999999, 99999999}, {0, 10},      {2002, 2003}};
	size_t n = sizeof r / sizeof *r;
	struct viz_cep_range bad[] = {{5, 4}};
	struct viz_cep_range past[] = {{5, VIZ_CEP_MAX + 1}};
	size_t one = 1;

	(void)state;
	assert_false(viz_cep_is_normalised(r, n));
	assert_int_equal(viz_cep_normalise(r, &n), 0);
	assert_int_equal(n, 5);
	assert_true(viz_cep_is_normalised(r, n));
	assert_int_equal(r[1].from, 1000);
	assert_int_equal(r[1].to, 2000);
	assert_int_equal(r[3].from, 29900000);
	assert_int_equal(r[3].to, 29929999);
	assert_true(viz_cep_contains(r, n, 29929999));
	assert_false(viz_cep_contains(r, n, 29930000));
	assert_false(viz_cep_contains(r, n, 2001));
	assert_true(viz_cep_contains(r, n, 0));
	assert_true(viz_cep_contains(r, n, VIZ_CEP_MAX));
	assert_true(viz_cep_meets(r, n, (struct viz_cep_range){2001, 2002}));
	assert_false(viz_cep_meets(r, n, (struct viz_cep_range){2004, 29899999}));
	assert_int_equal(viz_cep_normalise(bad, &one), VIZ_ERR_MEANING);
	assert_int_equal(viz_cep_normalise(past, &one), VIZ_ERR_MEANING);
	assert_false(viz_cep_is_normalised(past, 1));
	one = 0;
	assert_int_equal(viz_cep_normalise(NULL, &one), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(text_and_number),
	    cmocka_unit_test(general_codes),
	    cmocka_unit_test(ranges_join),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
