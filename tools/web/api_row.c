#include "tools/web/api.h"
#include "tools/web/api_problem.h"

const struct viz_api_row *viz_api_row_of(const struct viz_page *p)
{
	const struct viz_route *route = viz_page_route(p);
	const struct viz_api_row *row = viz_api_rows;

	while (row->method != route->method || strcmp(row->path, route->path) != 0)
		row++;
	return row;
}

static bool has(struct viz_page *p, const char *scope)
{
	char challenge[96];

	if (scope == NULL || viz_page_has_scope(p, scope))
		return true;
	snprintf(challenge, sizeof challenge, "Bearer error=\"insufficient_scope\", scope=\"%s\"",
		 scope);
	viz_page_put_header(p, "WWW-Authenticate", challenge);
	viz_api_problem(p, 403, "no-scope", "the token lacks this scope", scope);
	return false;
}

bool viz_api_row_may(struct viz_page *p, const json_t *args)
{
	const struct viz_api_row *row = viz_api_row_of(p);

	if (!has(p, row->scopes[0]) || !has(p, row->scopes[1]))
		return false;
	return row->if_field == NULL || !json_is_true(json_object_get(args, row->if_field)) ||
	       has(p, row->if_scope);
}
