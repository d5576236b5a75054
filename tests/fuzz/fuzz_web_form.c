#include "tests/fuzz/fuzz.h"

#include "proto/base.h"
#include "tools/web/form.h"
#include "tools/web/limits.h"
#include "tools/web/router.h"

/* Each value is text of the form, in its bounds. */
static void check_form(const char *text, size_t len)
{
	json_t *got = NULL, *value;
	const char *name;
	int err = viz_web_form_read(&got, text, len);

	VIZ_REQUIRE((err == VIZ_OK) == (got != NULL));
	VIZ_REQUIRE(json_object_size(got) <= VIZ_WEB_FIELDS_MAX);
	json_object_foreach(got, name, value)
	{
		VIZ_REQUIRE(strlen(name) <= VIZ_WEB_NAME_MAX);
		VIZ_REQUIRE(json_is_array(value) ||
			    strlen(json_string_value(value)) == json_string_length(value));
	}
	json_decref(got);
}

static void check_json(const char *text, size_t len)
{
	json_t *got = NULL;
	int err = viz_web_form_json(&got, text, len);

	VIZ_REQUIRE((err == VIZ_OK) == json_is_object(got));
	json_decref(got);
}

static void check_path(const char *text, size_t len)
{
	char *path = strndup(text, len);
	json_t *params = json_object(), *value;
	const char *name;
	bool other = false;
	const struct viz_route *route = viz_web_router_find(params, &other, VIZ_WEB_GET, path,
							    VIZ_WEB_PUBLIC | VIZ_WEB_PRIVATE);

	VIZ_REQUIRE(route != NULL || json_object_size(params) == 0);
	json_object_foreach(params, name, value) VIZ_REQUIRE(
	    json_string_length(value) > 0 && json_string_length(value) <= VIZ_WEB_PARAM_MAX);
	json_decref(params);
	free(path);
}

/* What strangers send: the first byte chooses a form, a body of JSON, or a path. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static void (*const check[])(const char *, size_t) = {check_form, check_json, check_path};

	if (len > 0)
		check[data[0] % 3]((const char *)data + 1, len - 1);
	return 0;
}
