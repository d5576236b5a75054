/* Argon2id: the reference implementation's result for a known password, and bounds of the cost.
 * HMAC-SHA256: RFC 4231. */
#include "crypto/hmac.h"
#include "crypto/password.h"
#include "tests/unit/unit.h"

static void a_known_password_gives_the_known_hash(void **state)
{
	/* By libargon2 20171227: argon2id_hash_raw(2, 65536, 1, "password", "somesaltsomesalt"). */
	static const char wanted[] =
	    "fc33b78139231d34b71626bd6245c1d72efa190ad605c3d8166a72adcedfa2c2";
	const struct viz_password_cost cost = {.memory_kib = 65536, .passes = 2};
	uint8_t out[VIZ_PASSWORD_BYTES];
	char hex[2 * sizeof out + 1];

	(void)state;
	assert_int_equal(
	    viz_password_derive(out, "password", 8, (const uint8_t *)"somesaltsomesalt", &cost),
	    VIZ_OK);
	viz_hex(hex, out, sizeof out);
	assert_string_equal(hex, wanted);
}

static void the_cost_has_bounds(void **state)
{
	static const struct viz_password_cost wrong[] = {{7, 1}, {65537, 1}, {8, 0}, {8, 17}};
	uint8_t out[VIZ_PASSWORD_BYTES], salt[VIZ_PASSWORD_SALT] = {0};

	(void)state;
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
		assert_int_equal(viz_password_derive(out, "x", 1, salt, &wrong[i]), VIZ_ERR_LIMIT);
}

static void a_mac_is_that_of_the_standard(void **state)
{
	uint8_t mac[VIZ_HMAC_BYTES];
	char hex[2 * sizeof mac + 1];

	(void)state;
	viz_hmac(mac, (const uint8_t *)"Jefe", 4, (const uint8_t *)"what do ya want for nothing?",
		 28);
	viz_hex(hex, mac, sizeof mac);
	assert_string_equal(hex,
			    "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_known_password_gives_the_known_hash),
	    cmocka_unit_test(the_cost_has_bounds),
	    cmocka_unit_test(a_mac_is_that_of_the_standard),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
