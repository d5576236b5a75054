/* Signatures of Standard Webhooks: the example of its libraries, and secrets that are none. */
#include "crypto/webhook.h"
#include "tests/unit/unit.h"

static void the_example_is_signed_so(void **state)
{
	static const char body[] = "{\"test\": 2432232314}";
	struct viz_webhook_secret s;
	char out[VIZ_WEBHOOK_SIGNED_MAX];

	(void)state;
	assert_int_equal(viz_webhook_secret_read(&s, "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),
			 VIZ_OK);
	viz_webhook_sign(out, &s, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body,
			 sizeof body - 1);
	assert_string_equal(out, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
}

static void other_texts_are_no_secret(void **state)
{
	static const char *const wrong[] = {
	    "",
	    "whsec_",
	    "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
	    "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLa==",
	    "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw ",
	    "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
	    "AAAAAAAA"};
	struct viz_webhook_secret s;

	(void)state;
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
		assert_int_equal(viz_webhook_secret_read(&s, wrong[i]), VIZ_ERR_INPUT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_example_is_signed_so),
	    cmocka_unit_test(other_texts_are_no_secret),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
