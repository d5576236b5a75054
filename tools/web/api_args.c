#include "proto/base.h"
#include "tools/web/api.h"
#include "tools/web/api_problem.h"

static const struct viz_api_arg *find(const struct viz_api_row *row, const char *name)
{
	for (const struct viz_api_arg *a = row->args; a->name != NULL; a++)
		if (strcmp(a->name, name) == 0)
			return a;
	return NULL;
}

/* The text of a path or a query as the type of the field. False: it is none, and is answered. */
static bool put(struct viz_page *p, json_t *args, const struct viz_api_arg *a, const char *text)
{
	char *end;
	long long n;

	if (a->kind == 'f') {
		bool yes = strcmp(text, "true") == 0;

		if (!yes && strcmp(text, "false") != 0) {
			viz_api_problem(p, 400, "bad-flag", "true or false", a->name);
			return false;
		}
		json_object_set_new(args, a->name, json_boolean(yes));
		return true;
	}
	if (a->kind != 'n') {
		json_object_set_new(args, a->name, json_string(text));
		return true;
	}
	n = strtoll(text, &end, 10);
	if (end == text || *end != '\0' || strlen(text) > 18) {
		viz_api_problem(p, 400, "bad-number", "a whole number", a->name);
		return false;
	}
	json_object_set_new(args, a->name, json_integer(n));
	return true;
}

static bool is_of_page(const struct viz_api_row *row, const char *name)
{
	return row->list != NULL && (strcmp(name, "max") == 0 || strcmp(name, "cursor") == 0);
}

static bool take_query(struct viz_page *p, json_t *args, const struct viz_api_row *row)
{
	const char *name;
	json_t *value;

	json_object_foreach((json_t *)(uintptr_t)viz_page_queries(p), name, value)
	{
		const struct viz_api_arg *a = find(row, name);

		if (strcmp(name, "lang") == 0 || is_of_page(row, name))
			continue;
		if (a == NULL || a->in_path || !json_is_string(value) ||
		    viz_page_route(p)->method != VIZ_WEB_GET) {
			viz_api_problem(p, 400, "unknown-field", "no field of this query", name);
			return false;
		}
		if (!put(p, args, a, json_string_value(value)))
			return false;
	}
	return true;
}

/* The node says what is wrong in a body; here only that no field comes twice. */
static bool take_body(struct viz_page *p, json_t *args, const struct viz_api_row *row)
{
	const char *name;
	json_t *value;

	json_object_foreach((json_t *)(uintptr_t)viz_page_body(p), name, value)
	{
		const struct viz_api_arg *a = find(row, name);

		if (a == NULL || a->in_path) {
			viz_api_problem(p, 400, "unknown-field", "no field of this body", name);
			return false;
		}
		json_object_set(args, name, value);
	}
	return true;
}

json_t *viz_api_args(struct viz_page *p)
{
	const struct viz_api_row *row = viz_api_row_of(p);
	json_t *args = json_object();
	bool good = true;

	for (const struct viz_api_arg *a = row->args; good && a->name != NULL; a++)
		if (a->in_path)
			good = put(p, args, a, viz_page_param(p, a->name));
	if (good && take_query(p, args, row) && take_body(p, args, row))
		return args;
	json_decref(args);
	return NULL;
}
