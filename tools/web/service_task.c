#include "tools/web/service_task.h"

const char *viz_web_service_task_arg(const struct viz_web_task *t, const char *name)
{
	const char *text = json_string_value(json_object_get(t->args, name));

	return text != NULL ? text : "";
}

json_t *viz_web_service_task_ok(json_t *result)
{
	return json_pack("{s:b,s:o}", "ok", 1, "result", result);
}

json_t *viz_web_service_task_refused(const char *code)
{
	return json_pack("{s:b,s:{s:s,s:s}}", "ok", 0, "error", "code", code, "message", code);
}

json_t *viz_web_service_task_user(const struct viz_web_task *t, const char *name)
{
	return viz_web_accounts_find(viz_web_accounts_users(t->accounts), "name", name, NULL);
}

json_t *viz_web_service_task_hash(struct viz_web_task *t, const char *password, bool compare,
				  viz_web_step after)
{
	return t->start_hash(t, password, compare, after);
}
