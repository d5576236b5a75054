#include "tests/unit/unit.h"

#include "proto/base.h"
#include "node/host/address.h"
#include "node/host/log.h"

static void addresses(void **state)
{
	static const char *const good[] = {"192.0.2.1:7411", "[2001:db8::1]:7411", "[::1]:65535",
					   "127.0.0.1:1"};
	static const char *const bad[] = {
	    "",
	    ":",
	    "192.0.2.1",
	    "192.0.2.1:",
	    "192.0.2.1:0",
	    "192.0.2.1:65536",
	    "192.0.2.1:-1",
	    "192.0.2.1:7411 ",
	    "192.0.2.256:7411",
	    "::1:7411",
	    "[::1:7411",
	    "[]:7411",
	    "[::1]7411",
	    "[fe80::1%eth0]:7411",
	    "localhost:7411",
	    "[192.0.2.1]:7411",
	    "192.0.2.1:007411",
	    "[aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa]:1"};
	char text[VIZ_ADDR_TEXT_MAX];
	union viz_addr addr;

	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
		assert_int_equal(viz_host_address_parse(&addr, good[i], false), VIZ_OK);
		viz_host_address_text(text, &addr.any);
		assert_string_equal(text, good[i]);
	}
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		assert_int_equal(viz_host_address_parse(&addr, bad[i], false), VIZ_ERR_INPUT);
	assert_int_equal(viz_host_address_parse(&addr, "192.0.2.1:0", true), VIZ_OK);
}

static struct viz_prefix prefix_of(const char *text)
{
	union viz_addr addr;
	struct viz_prefix p;

	assert_int_equal(viz_host_address_parse(&addr, text, false), VIZ_OK);
	assert_int_equal(viz_host_address_prefix(&p, &addr.any), VIZ_OK);
	return p;
}

static bool same(const char *a, const char *b)
{
	struct viz_prefix pa = prefix_of(a), pb = prefix_of(b);

	return viz_host_address_prefix_eq(&pa, &pb);
}

static void prefixes(void **state)
{
	char text[VIZ_ADDR_TEXT_MAX];
	struct viz_prefix p;

	(void)state;
	assert_true(same("192.0.2.1:1", "192.0.2.255:2"));
	assert_false(same("192.0.2.1:1", "192.0.3.1:1"));
	assert_true(same("[2001:db8::1]:1", "[2001:db8:0:ffff::]:1"));
	assert_false(same("[2001:db8::1]:1", "[2001:db8:1::1]:1"));
	/* A mapped address counts for its IPv4 prefix. */
	assert_true(same("192.0.2.1:1", "[::ffff:192.0.2.7]:1"));
	assert_false(same("[::1]:1", "[::2]:1"));
	p = prefix_of("127.0.0.1:1");
	assert_true(p.loopback);
	p = prefix_of("[::1]:1");
	assert_true(p.loopback);
	p = prefix_of("192.0.2.1:1");
	assert_false(p.loopback);
	viz_host_address_prefix_text(text, &p);
	assert_string_equal(text, "192.0.2.0/24");
	p = prefix_of("[2001:db8::1]:1");
	viz_host_address_prefix_text(text, &p);
	assert_string_equal(text, "2001:db8::/48");
}

static void the_gate_of_logs(void **state)
{
	struct viz_log_gate gate = {0};
	unsigned dropped = 99;

	(void)state;
	for (unsigned i = 0; i < VIZ_LOG_BURST; i++) {
		assert_true(viz_host_log_gate(&gate, &dropped, 1000 + i));
		assert_int_equal(dropped, 0);
	}
	for (unsigned i = 0; i < 7; i++)
		assert_false(viz_host_log_gate(&gate, &dropped, 2000));
	assert_false(viz_host_log_gate(&gate, &dropped, 60999));
	assert_true(viz_host_log_gate(&gate, &dropped, 61000));
	assert_int_equal(dropped, 8);
	assert_true(viz_host_log_gate(&gate, &dropped, 61001));
	assert_int_equal(dropped, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(addresses),
	    cmocka_unit_test(prefixes),
	    cmocka_unit_test(the_gate_of_logs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
