#include "tools/web/service_tokens.h"

#include "crypto/secret.h"
#include "node/host/log.h"
#include "tools/web/token.h"

json_t *viz_web_service_tokens_list(struct viz_web_task *t)
{
	json_t *out = json_deep_copy(viz_web_accounts_tokens(t->accounts)), *token;
	size_t i;

	json_array_foreach(out, i, token) json_object_del(token, "hash");
	return viz_web_service_task_ok(json_pack("{s:o}", "tokens", out));
}

json_t *viz_web_service_tokens_add(struct viz_web_task *t)
{
	char token[VIZ_WEB_TOKEN_SIZE] = "", id[17] = "";
	json_t *result;
	int err;

	if (viz_web_accounts_begin(t->accounts) != VIZ_OK)
		return viz_web_service_task_refused("failed");
	err = viz_web_token_add(token, id, t->accounts, viz_web_service_task_arg(t, "name"),
				viz_web_service_task_arg(t, "role"),
				json_object_get(t->args, "scopes"), t->caller->who.user,
				json_integer_value(json_object_get(t->args, "days")),
				viz_web_session_now_ms());
	if (err != VIZ_OK) {
		viz_web_accounts_abort(t->accounts);
		return viz_web_service_task_refused(err == VIZ_ERR_INPUT    ? "bad-token"
						    : err == VIZ_ERR_EXISTS ? "token-exists"
									    : "too-many");
	}
	if (viz_web_accounts_commit(t->accounts) != VIZ_OK)
		return viz_web_service_task_refused("failed");
	viz_host_log(VIZ_LOG_NOTICE, "web: %s: made the token %s", t->caller->who.user,
		     viz_web_service_task_arg(t, "name"));
	result = json_pack("{s:s,s:s}", "id", id, "token", token);
	viz_secret_wipe(token, sizeof token);
	return viz_web_service_task_ok(result);
}

json_t *viz_web_service_tokens_remove(struct viz_web_task *t)
{
	if (viz_web_accounts_begin(t->accounts) != VIZ_OK)
		return viz_web_service_task_refused("failed");
	if (viz_web_token_remove(t->accounts, viz_web_service_task_arg(t, "id")) != VIZ_OK) {
		viz_web_accounts_abort(t->accounts);
		return viz_web_service_task_refused("no-such-token");
	}
	if (viz_web_accounts_commit(t->accounts) != VIZ_OK)
		return viz_web_service_task_refused("failed");
	viz_host_log(VIZ_LOG_NOTICE, "web: %s: removed the token %s", t->caller->who.user,
		     viz_web_service_task_arg(t, "id"));
	return viz_web_service_task_ok(json_object());
}
