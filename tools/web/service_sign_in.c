#include "tools/web/service_sign_in.h"

#include "crypto/base32.h"
#include "crypto/secret.h"
#include "node/host/log.h"
#include "node/host/random.h"
#include "tools/web/attempt.h"
#include "tools/web/totp.h"

static json_t *begin_session(struct viz_web_task *t, const json_t *user, bool code_given)
{
	struct viz_web_accounts *a = t->accounts;
	enum viz_web_stage stage = viz_web_session_next(user, code_given);
	const char *name = json_string_value(json_object_get(user, "name"));
	char token[VIZ_WEB_SESSION_TOKEN], device[VIZ_WEB_DEVICE_MAX], kept[VIZ_WEB_USER_MAX];
	json_t *result;

	snprintf(kept, sizeof kept, "%s", name);
	if (viz_web_accounts_begin(a) != VIZ_OK)
		return viz_web_service_task_refused("failed");
	/* Another token at each step: one that somebody has planted never becomes more. */
	viz_web_session_end(a, t->caller->session);
	viz_web_session_add(token, a, kept, stage, viz_web_session_now_ms());
	if (viz_web_accounts_commit(a) != VIZ_OK)
		return viz_web_service_task_refused("failed");
	viz_web_attempt_device(device, t, kept);
	if (stage == VIZ_WEB_STAGE_FULL)
		viz_host_log(VIZ_LOG_NOTICE, "web: %s has signed in", kept);
	result = json_pack("{s:s,s:s,s:s}", "token", token, "stage",
			   viz_web_session_stage_name(stage), "device", device);
	viz_secret_wipe(token, sizeof token);
	return viz_web_service_task_ok(result);
}

/* Whether the password that was compared is that of now: it may have been reset meanwhile. */
static bool is_still(const struct viz_web_task *t, const json_t *user)
{
	struct viz_web_hash now;

	viz_web_user_stored(&now, user);
	return viz_secret_eq(now.hash, t->hash.hash, sizeof now.hash);
}

static json_t *after_sign_in(struct viz_web_task *t)
{
	const char *name = viz_web_service_task_arg(t, "name");
	json_t *user = viz_web_service_task_user(t, name);

	if (!t->fits || user == NULL || !is_still(t, user) ||
	    viz_web_user_is_late(user, viz_web_session_now_ms())) {
		viz_web_attempt_failed(t, name);
		viz_host_log(VIZ_LOG_NOTICE, "web: a sign-in was refused%s%s",
			     user != NULL ? ": " : "", user != NULL ? name : "");
		return viz_web_service_task_refused("bad-sign-in");
	}
	/* Else whoever has the password would get new guesses at the code by signing in again. */
	if (viz_web_session_next(user, false) != VIZ_WEB_STAGE_CODE)
		viz_web_attempt_succeeded(t, name);
	return begin_session(t, user, false);
}

json_t *viz_web_service_sign_in_start(struct viz_web_task *t)
{
	const char *name = viz_web_service_task_arg(t, "name");

	/* The same reply as to a wrong password: nobody learns which accounts there are. */
	if (!viz_web_accounts_is_name(name) || viz_web_attempt_must_wait(t, name))
		return viz_web_service_task_refused("bad-sign-in");
	viz_web_user_stored(&t->hash, viz_web_service_task_user(t, name));
	return viz_web_service_task_hash(t, viz_web_service_task_arg(t, "password"), true,
					 after_sign_in);
}

json_t *viz_web_service_sign_in_out(struct viz_web_task *t)
{
	struct viz_web_accounts *a = t->accounts;

	if (viz_web_accounts_begin(a) != VIZ_OK)
		return viz_web_service_task_refused("failed");
	viz_web_session_end(a, t->caller->session);
	return viz_web_accounts_commit(a) == VIZ_OK ? viz_web_service_task_ok(json_object())
						    : viz_web_service_task_refused("failed");
}

/* --- the authenticator --- */

/* The step of the code, 0: it is wrong. */
static uint64_t check_code(const struct viz_web_task *t, const char *base32, uint64_t used)
{
	uint8_t secret[VIZ_WEB_TOTP_SECRET];
	uint64_t found = 0;

	if (base32 != NULL && strlen(base32) == VIZ_WEB_TOTP_CHARS &&
	    viz_base32_read(secret, base32, VIZ_WEB_TOTP_CHARS) == VIZ_OK)
		found = viz_web_totp_check(secret, viz_web_service_task_arg(t, "code"),
					   viz_web_session_now_ms() / 1000, used);
	viz_secret_wipe(secret, sizeof secret);
	return found;
}

/* Takes the code of the secret, which is a new one with `enrol`. */
static json_t *take_code(struct viz_web_task *t, bool enrol)
{
	struct viz_web_accounts *a = t->accounts;
	const char *name = t->caller->who.user, *secret;
	const json_t *session;
	json_t *user;
	uint64_t used, step_found;

	if (viz_web_attempt_must_wait(t, name))
		return viz_web_service_task_refused("bad-code");
	if (viz_web_accounts_begin(a) != VIZ_OK)
		return viz_web_service_task_refused("failed");
	user = viz_web_service_task_user(t, name);
	session = viz_web_session_entry(a, t->caller->session);
	secret = json_string_value(json_object_get(enrol ? session : user, "totp"));
	used = (uint64_t)json_integer_value(json_object_get(user, "totp_step"));
	step_found = check_code(t, secret, enrol ? 0 : used);
	if (user == NULL || step_found == 0) {
		viz_web_accounts_abort(a);
		viz_web_attempt_failed(t, name);
		return viz_web_service_task_refused("bad-code");
	}
	json_object_set_new(user, "totp", json_string(secret));
	json_object_set_new(user, "totp_step", json_integer((json_int_t)step_found));
	if (viz_web_accounts_commit(a) != VIZ_OK)
		return viz_web_service_task_refused("failed");
	viz_web_attempt_succeeded(t, name);
	return begin_session(t, viz_web_service_task_user(t, name), true);
}

json_t *viz_web_service_sign_in_code(struct viz_web_task *t)
{
	if (t->caller->who.stage != VIZ_WEB_STAGE_CODE)
		return viz_web_service_task_refused("not-now");
	return take_code(t, false);
}

json_t *viz_web_service_sign_in_enrol(struct viz_web_task *t)
{
	struct viz_web_accounts *a = t->accounts;
	uint8_t secret[VIZ_WEB_TOTP_SECRET];
	char text[VIZ_WEB_TOTP_CHARS + 1] = "";
	const char *known;
	json_t *session, *result;

	if (t->caller->who.stage != VIZ_WEB_STAGE_ENROL)
		return viz_web_service_task_refused("not-now");
	if (viz_web_accounts_begin(a) != VIZ_OK)
		return viz_web_service_task_refused("failed");
	session = viz_web_session_entry(a, t->caller->session);
	known = json_string_value(json_object_get(session, "totp"));
	/* The same secret when the page is loaded again: it may have been scanned already. */
	if (known == NULL) {
		viz_host_random(secret, sizeof secret);
		viz_base32_write(text, VIZ_WEB_TOTP_CHARS, secret, sizeof secret);
		json_object_set_new(session, "totp", json_string(text));
	} else {
		snprintf(text, sizeof text, "%s", known);
	}
	result = json_pack("{s:s,s:s}", "secret", text, "user", t->caller->who.user);
	viz_secret_wipe(secret, sizeof secret);
	viz_secret_wipe(text, sizeof text);
	if (viz_web_accounts_commit(a) == VIZ_OK)
		return viz_web_service_task_ok(result);
	json_decref(result);
	return viz_web_service_task_refused("failed");
}

json_t *viz_web_service_sign_in_enrol_code(struct viz_web_task *t)
{
	if (t->caller->who.stage != VIZ_WEB_STAGE_ENROL)
		return viz_web_service_task_refused("not-now");
	return take_code(t, true);
}

/* --- the own password --- */

static json_t *after_new_password(struct viz_web_task *t)
{
	struct viz_web_accounts *a = t->accounts;
	const char *name = t->caller->who.user;
	int err;

	if (viz_web_accounts_begin(a) != VIZ_OK)
		return viz_web_service_task_refused("failed");
	if (viz_web_session_entry(a, t->caller->session) == NULL) {
		viz_web_accounts_abort(a); /* it was ended meanwhile, by a reset perhaps */
		return viz_web_service_task_refused("not-now");
	}
	err = viz_web_user_password(a, name, &t->hash, false, viz_web_session_now_ms(),
				    t->caller->session);
	if (err != VIZ_OK) {
		viz_web_accounts_abort(a);
		return viz_web_service_task_refused("no-such-user");
	}
	if (viz_web_accounts_commit(a) != VIZ_OK)
		return viz_web_service_task_refused("failed");
	viz_host_log(VIZ_LOG_NOTICE, "web: %s has changed the password", name);
	return begin_session(t, viz_web_service_task_user(t, name), true);
}

static json_t *after_old_password(struct viz_web_task *t)
{
	if (!t->fits) {
		viz_web_attempt_failed(t, t->caller->who.user);
		return viz_web_service_task_refused("bad-password");
	}
	return viz_web_service_task_hash(t, viz_web_service_task_arg(t, "new"), false,
					 after_new_password);
}

json_t *viz_web_service_sign_in_password(struct viz_web_task *t)
{
	const char *name = t->caller->who.user;
	enum viz_web_text why;

	if (t->caller->who.stage != VIZ_WEB_STAGE_PASSWORD &&
	    t->caller->who.stage != VIZ_WEB_STAGE_FULL)
		return viz_web_service_task_refused("not-now");
	if (viz_web_user_judge(&why, viz_web_service_task_arg(t, "new"), name) != VIZ_OK)
		return viz_web_service_task_refused(
		    why == VIZ_WEB_TEXT_PASSWORD_SHORT  ? "password-short"
		    : why == VIZ_WEB_TEXT_PASSWORD_LONG ? "password-long"
							: "password-guessed");
	if (t->caller->who.stage == VIZ_WEB_STAGE_PASSWORD)
		return viz_web_service_task_hash(t, viz_web_service_task_arg(t, "new"), false,
						 after_new_password);
	if (viz_web_attempt_must_wait(t, name))
		return viz_web_service_task_refused("bad-password");
	viz_web_user_stored(&t->hash, viz_web_service_task_user(t, name));
	return viz_web_service_task_hash(t, viz_web_service_task_arg(t, "old"), true,
					 after_old_password);
}
