#include "tools/web/service_users.h"

#include "crypto/secret.h"
#include "node/host/log.h"

json_t *viz_web_service_users_list(struct viz_web_task *t)
{
	json_t *out = json_array();
	const json_t *user;
	size_t i;

	json_array_foreach(viz_web_accounts_users(t->accounts), i, user)
	{
		json_array_append_new(
		    out, json_pack("{s:O,s:O,s:b,s:b,s:b}", "name", json_object_get(user, "name"),
				   "role", json_object_get(user, "role"), "temporary",
				   json_is_true(json_object_get(user, "temporary")),
				   "authenticator", json_object_get(user, "totp") != NULL, "self",
				   strcmp(json_string_value(json_object_get(user, "name")),
					  t->caller->who.user) == 0));
	}
	return viz_web_service_task_ok(json_pack("{s:o}", "users", out));
}

/* A change that has been tried: on disk, or why not. */
static json_t *settle(struct viz_web_task *t, int err, const char *what, json_t *result)
{
	struct viz_web_accounts *a = t->accounts;
	const char *code = err == VIZ_ERR_EXISTS   ? "user-exists"
			   : err == VIZ_ERR_ABSENT ? "no-such-user"
			   : err == VIZ_ERR_STATE  ? "last-admin"
						   : "too-many";

	if (err != VIZ_OK)
		viz_web_accounts_abort(a);
	else if (viz_web_accounts_commit(a) != VIZ_OK)
		code = "failed";
	else
		code = NULL;
	if (code == NULL) {
		viz_host_log(VIZ_LOG_NOTICE, "web: %s: %s %s", t->caller->who.user, what,
			     viz_web_service_task_arg(t, "name"));
		return viz_web_service_task_ok(result);
	}
	json_decref(result);
	return viz_web_service_task_refused(code);
}

static json_t *after_add(struct viz_web_task *t)
{
	struct viz_web_accounts *a = t->accounts;
	json_t *result = json_pack("{s:s,s:s}", "name", viz_web_service_task_arg(t, "name"),
				   "password", viz_web_service_task_arg(t, "password"));

	if (viz_web_accounts_begin(a) != VIZ_OK) {
		json_decref(result);
		return viz_web_service_task_refused("failed");
	}
	return settle(t,
		      viz_web_user_add(a, viz_web_service_task_arg(t, "name"),
				       viz_web_service_task_arg(t, "role"), &t->hash, true,
				       viz_web_session_now_ms()),
		      "added", result);
}

static json_t *after_reset(struct viz_web_task *t)
{
	struct viz_web_accounts *a = t->accounts;
	const char *name = viz_web_service_task_arg(t, "name");
	json_t *result = json_pack("{s:s,s:s}", "name", name, "password",
				   viz_web_service_task_arg(t, "password"));

	if (viz_web_accounts_begin(a) != VIZ_OK) {
		json_decref(result);
		return viz_web_service_task_refused("failed");
	}
	viz_web_user_forget_totp(a, name);
	return settle(
	    t, viz_web_user_password(a, name, &t->hash, true, viz_web_session_now_ms(), NULL),
	    "reset", result);
}

/* A one-time password, which the admin hands over. */
static json_t *start_one_time(struct viz_web_task *t, viz_web_step after)
{
	char one_time[VIZ_WEB_ONE_TIME_MAX];
	json_t *reply;

	viz_web_user_one_time(one_time);
	json_object_set_new(t->args, "password", json_string(one_time));
	reply = viz_web_service_task_hash(t, one_time, false, after);
	viz_secret_wipe(one_time, sizeof one_time);
	return reply;
}

json_t *viz_web_service_users_add(struct viz_web_task *t)
{
	if (!viz_web_accounts_is_name(viz_web_service_task_arg(t, "name")))
		return viz_web_service_task_refused("bad-name");
	if (viz_web_accounts_role(viz_web_service_task_arg(t, "role")) == 0)
		return viz_web_service_task_refused("bad-role");
	if (viz_web_service_task_user(t, viz_web_service_task_arg(t, "name")) != NULL)
		return viz_web_service_task_refused("user-exists");
	return start_one_time(t, after_add);
}

json_t *viz_web_service_users_reset(struct viz_web_task *t)
{
	if (viz_web_service_task_user(t, viz_web_service_task_arg(t, "name")) == NULL)
		return viz_web_service_task_refused("no-such-user");
	return start_one_time(t, after_reset);
}

json_t *viz_web_service_users_remove(struct viz_web_task *t)
{
	struct viz_web_accounts *a = t->accounts;

	if (viz_web_accounts_begin(a) != VIZ_OK)
		return viz_web_service_task_refused("failed");
	return settle(t, viz_web_user_remove(a, viz_web_service_task_arg(t, "name")), "removed",
		      json_object());
}

json_t *viz_web_service_users_role(struct viz_web_task *t)
{
	struct viz_web_accounts *a = t->accounts;

	if (viz_web_accounts_role(viz_web_service_task_arg(t, "role")) == 0)
		return viz_web_service_task_refused("bad-role");
	if (viz_web_accounts_begin(a) != VIZ_OK)
		return viz_web_service_task_refused("failed");
	return settle(t,
		      viz_web_user_role(a, viz_web_service_task_arg(t, "name"),
					viz_web_service_task_arg(t, "role")),
		      "gave a role to", json_object());
}
