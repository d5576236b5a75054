/* Templates: what each tag does, and what is refused. The table of templates is the test's. */
#include "tools/web/template.h"
#include "tests/unit/unit.h"

const struct viz_web_template viz_web_templates[] = {
    {"value", "<{{a.b}}|{{n}}>"},
    {"escape", "<p title=\"{{v}}\">{{v}}</p>"},
    {"list", "{{#l}}{{.}},{{/l}}{{^l}}none{{/l}}"},
    {"objects", "{{#l}}[{{name}}{{#on}}!{{/on}} {{outer}}]{{/l}}"},
    {"nested", "{{#a}}{{#a}}x{{/a}}{{/a}}"},
    {"partial", "({{>value}})"},
    {"loop", "{{>loop}}"},
    {"text", "{{t.user_reset_of}}"},
    {"svg", "{{{p_svg}}}"},
    {"missing", "a{{nothing}}b"},
    {"bool", "{{flag}}"},
    {"long", "{{#l}}{{#l}}{{#l}}{{#l}}{{#l}}0123456789012345678901234567890123456789{{/l}}{{/l}}{{/"
	     "l}}{{/l}}{{/l}}"},
    {NULL, NULL},
};

/* The page, or "!" and why there is none. */
static const char *render(const char *name, const char *model)
{
	static char page[4096];
	json_t *o = json_loads(model, 0, NULL);
	char *out = NULL, why[128] = "";
	size_t len = 0;

	assert_non_null(o);
	if (viz_web_template_render(&out, &len, why, name, VIZ_LANG_EN, o) == VIZ_OK)
		snprintf(page, sizeof page, "%.*s", (int)len, out);
	else
		snprintf(page, sizeof page, "!%s", why);
	free(out);
	json_decref(o);
	return page;
}

static void values_are_put_in(void **state)
{
	(void)state;
	assert_string_equal(render("value", "{\"a\":{\"b\":\"x\"},\"n\":-7}"), "<x|-7>");
	assert_string_equal(render("partial", "{\"a\":{\"b\":\"x\"},\"n\":1}"), "(<x|1>)");
	assert_string_equal(render("text", "{\"name\":\"A&B\"}"), "Reset A&amp;B");
	assert_string_equal(render("svg", "{\"p_svg\":\"<svg/>\"}"), "<svg/>");
}

static void values_are_escaped(void **state)
{
	(void)state;
	assert_string_equal(render("escape", "{\"v\":\"\\\"'<>&{{a}}\"}"),
			    "<p title=\"&quot;&#39;&lt;&gt;&amp;{{a}}\">&quot;&#39;&lt;&gt;&amp;"
			    "{{a}}</p>");
}

static void sections_go_by_what_is_there(void **state)
{
	(void)state;
	assert_string_equal(render("list", "{\"l\":[\"a\",\"b\",3]}"), "a,b,3,");
	assert_string_equal(render("list", "{\"l\":[]}"), "none");
	assert_string_equal(render("list", "{}"), "none");
	assert_string_equal(render("list", "{\"l\":false}"), "none");
	assert_string_equal(render("list", "{\"l\":\"\"}"), "none");
	assert_string_equal(
	    render("objects",
		   "{\"outer\":\"o\",\"l\":[{\"name\":\"1\"},{\"name\":\"2\",\"on\":true}]}"),
	    "[1 o][2! o]");
	assert_string_equal(render("nested", "{\"a\":{\"a\":{\"a\":false}}}"), "x");
}

static void what_is_missing_fails_the_page(void **state)
{
	(void)state;
	assert_string_equal(render("missing", "{}"), "!nothing");
	assert_string_equal(render("missing", "{\"nothing\":{}}"), "!nothing");
	assert_string_equal(render("bool", "{\"flag\":true}"), "!flag");
	assert_string_equal(render("other", "{}"), "!other");
	assert_string_equal(render("loop", "{}"), "!loop");
}

static void a_page_has_a_bound(void **state)
{
	char model[256] = "{\"l\":[";

	(void)state;
	for (int i = 0; i < 20; i++)
		strcat(model, i > 0 ? ",1" : "1");
	strcat(model, "]}");
	assert_string_equal(render("long", model), "!the page is too long");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(values_are_put_in),
	    cmocka_unit_test(values_are_escaped),
	    cmocka_unit_test(sections_go_by_what_is_there),
	    cmocka_unit_test(what_is_missing_fails_the_page),
	    cmocka_unit_test(a_page_has_a_bound),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
