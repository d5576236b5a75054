/* Forms and bodies of JSON: what is read of them, and what is refused. */
#include "tools/web/form.h"
#include "tests/unit/unit.h"
#include "tools/web/limits.h"

static json_t *form(const char *text)
{
	json_t *got = NULL;

	assert_int_equal(viz_web_form_read(&got, text, strlen(text)), VIZ_OK);
	return got;
}

static void assert_form(const char *text, const char *wanted)
{
	json_t *got = form(text), *want = json_loads(wanted, 0, NULL);

	assert_non_null(want);
	assert_true(json_equal(got, want));
	json_decref(got);
	json_decref(want);
}

static void fields_are_decoded(void **state)
{
	(void)state;
	assert_form("", "{}");
	assert_form("&&a=1&", "{\"a\":\"1\"}");
	assert_form("a", "{\"a\":\"\"}");
	assert_form("a=b=c&d=", "{\"a\":\"b=c\",\"d\":\"\"}");
	assert_form("nome=Jo%C3%A3o+da+Silva", "{\"nome\":\"João da Silva\"}");
	assert_form("t=um%0D%0Adois%0Dtr%C3%AAs", "{\"t\":\"um\\ndois\\ntrês\"}");
	assert_form("x%5B%5D=1&x[]=2&y=3", "{\"x\":[\"1\",\"2\"],\"y\":\"3\"}");
	assert_form("a.b=1", "{\"a.b\":\"1\"}");
}

static void what_can_be_read_in_two_ways_is_refused(void **state)
{
	static const char *const wrong[] = {
	    "a=1&a=2", "a=1&a[]=2", "a[]=1&a=2", "=1",    "a=%",      "a=%2",   "a=%zz",
	    "%=1",     "a=%00",     "a=%1b",     "a=%ff", "a=%c0%80", "a%00=1", "a=%ED%A0%80"};
	json_t *got = NULL;

	(void)state;
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
		assert_int_equal(viz_web_form_read(&got, wrong[i], strlen(wrong[i])), VIZ_ERR_FORM);
	assert_null(got);
}

static void a_form_has_bounds(void **state)
{
	char text[8 * (VIZ_WEB_FIELDS_MAX + 1) + VIZ_WEB_NAME_MAX + 2] = "";
	json_t *got = NULL;
	size_t n = 0;

	(void)state;
	for (int i = 0; i < VIZ_WEB_FIELDS_MAX; i++)
		n += (size_t)snprintf(text + n, sizeof text - n, "f%d=&", i);
	assert_int_equal(viz_web_form_read(&got, text, n), VIZ_OK);
	json_decref(got);
	got = NULL;
	snprintf(text + n, sizeof text - n, "x=1");
	assert_int_equal(viz_web_form_read(&got, text, strlen(text)), VIZ_ERR_LIMIT);
	memset(text, 'n', VIZ_WEB_NAME_MAX + 1);
	assert_int_equal(viz_web_form_read(&got, text, VIZ_WEB_NAME_MAX), VIZ_OK);
	json_decref(got);
	got = NULL;
	assert_int_equal(viz_web_form_read(&got, text, VIZ_WEB_NAME_MAX + 1), VIZ_ERR_LIMIT);
	assert_null(got);
}

static void a_body_of_json_is_an_object(void **state)
{
	static const char *const wrong[] = {"",     "[]",       "1",   "{\"a\":1,\"a\":2}",
					    "{} x", "{\"a\":1", "nul", "\"x\""};
	char deep[4 * VIZ_WEB_JSON_DEPTH + 8];
	json_t *got = NULL;
	size_t n = (size_t)snprintf(deep, sizeof deep, "{\"a\":");

	(void)state;
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
		assert_int_equal(viz_web_form_json(&got, wrong[i], strlen(wrong[i])), VIZ_ERR_FORM);
	assert_int_equal(viz_web_form_json(&got, "{\"a\":\"[[\\\"[\"}", 13), VIZ_OK);
	json_decref(got);
	got = NULL;
	memset(deep + n, '[', VIZ_WEB_JSON_DEPTH - 1);
	n += VIZ_WEB_JSON_DEPTH - 1;
	memset(deep + n, ']', VIZ_WEB_JSON_DEPTH - 1);
	n += VIZ_WEB_JSON_DEPTH - 1;
	deep[n++] = '}';
	assert_int_equal(viz_web_form_json(&got, deep, n), VIZ_OK);
	json_decref(got);
	got = NULL;
	n = (size_t)snprintf(deep, sizeof deep, "{\"a\":");
	memset(deep + n, '[', VIZ_WEB_JSON_DEPTH);
	memset(deep + n + VIZ_WEB_JSON_DEPTH, ']', VIZ_WEB_JSON_DEPTH);
	n += 2 * VIZ_WEB_JSON_DEPTH;
	deep[n++] = '}';
	assert_int_equal(viz_web_form_json(&got, deep, n), VIZ_ERR_FORM);
	assert_null(got);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(fields_are_decoded),
	    cmocka_unit_test(what_can_be_read_in_two_ways_is_refused),
	    cmocka_unit_test(a_form_has_bounds),
	    cmocka_unit_test(a_body_of_json_is_an_object),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
