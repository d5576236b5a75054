#include "tools/web/session.h"

#include <time.h>

#include "crypto/hash.h"
#include "node/host/random.h"

static const char *const stages[] = {"none", "code", "enrol", "password", "full"};

int64_t viz_web_session_now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

const char *viz_web_session_stage_name(enum viz_web_stage stage)
{
	return stages[stage];
}

static enum viz_web_stage stage_of(const json_t *session)
{
	const char *name = json_string_value(json_object_get(session, "stage"));

	for (int i = VIZ_WEB_STAGE_CODE; name != NULL && i <= VIZ_WEB_STAGE_FULL; i++)
		if (strcmp(stages[i], name) == 0)
			return (enum viz_web_stage)i;
	return VIZ_WEB_STAGE_NONE;
}

static void hash_of(char out[65], const char *token)
{
	struct viz_id id;

	viz_hash_plain(&id, (const uint8_t *)token, strlen(token));
	viz_hex(out, id.b, sizeof id.b);
}

static int64_t number(const json_t *o, const char *key)
{
	return json_integer_value(json_object_get(o, key));
}

static bool has_ended(const json_t *session, int64_t now_ms)
{
	if (stage_of(session) != VIZ_WEB_STAGE_FULL &&
	    number(session, "from_ms") + VIZ_WEB_SESSION_HALF_MS <= now_ms)
		return true;
	return number(session, "seen_ms") + VIZ_WEB_SESSION_IDLE_MS <= now_ms ||
	       number(session, "from_ms") + VIZ_WEB_SESSION_MAX_MS <= now_ms ||
	       number(session, "from_ms") > now_ms + VIZ_WEB_SESSION_TOUCH_MS;
}

json_t *viz_web_session_entry(struct viz_web_accounts *a, const char *token)
{
	char hash[65];

	if (strlen(token) != VIZ_WEB_SESSION_TOKEN - 1)
		return NULL;
	hash_of(hash, token);
	return viz_web_accounts_find(viz_web_accounts_sessions(a), "hash", hash, NULL);
}

/* Not at each request: the idle time is longer. */
void viz_web_session_used(struct viz_web_accounts *a, const char *token, int64_t now_ms)
{
	json_t *session = viz_web_session_entry(a, token);

	if (session == NULL || number(session, "seen_ms") + VIZ_WEB_SESSION_TOUCH_MS > now_ms ||
	    viz_web_accounts_begin(a) != VIZ_OK)
		return;
	session = viz_web_session_entry(a, token);
	if (session == NULL) {
		viz_web_accounts_abort(a);
		return;
	}
	json_object_set_new(session, "seen_ms", json_integer(now_ms));
	(void)viz_web_accounts_commit(a);
}

void viz_web_session_find(struct viz_web_session *out, struct viz_web_accounts *a,
			  const char *token, int64_t now_ms)
{
	const json_t *session = viz_web_session_entry(a, token), *user;
	const char *name = json_string_value(json_object_get(session, "user")), *role;

	memset(out, 0, sizeof *out);
	if (name == NULL || has_ended(session, now_ms))
		return;
	user = viz_web_accounts_find(viz_web_accounts_users(a), "name", name, NULL);
	role = json_string_value(json_object_get(user, "role"));
	if (role == NULL)
		return;
	snprintf(out->user, sizeof out->user, "%s", name);
	out->role = viz_web_accounts_role(role);
	out->stage = stage_of(session);
}

/* Takes out those that have ended, and the oldest one of a user who has too many. */
static void make_room(json_t *sessions, const char *user, int64_t now_ms)
{
	size_t of_user = 0, i = 0;

	while (i < json_array_size(sessions))
		if (has_ended(json_array_get(sessions, i), now_ms))
			json_array_remove(sessions, i);
		else
			i++;
	for (i = json_array_size(sessions); i > 0; i--) {
		const char *name =
		    json_string_value(json_object_get(json_array_get(sessions, i - 1), "user"));

		if (name != NULL && strcmp(name, user) == 0 &&
		    ++of_user >= VIZ_WEB_SESSION_PER_USER)
			json_array_remove(sessions, i - 1);
	}
	while (json_array_size(sessions) >= VIZ_WEB_SESSIONS_MAX)
		json_array_remove(sessions, 0);
}

void viz_web_session_add(char token[VIZ_WEB_SESSION_TOKEN], struct viz_web_accounts *a,
			 const char *user, enum viz_web_stage stage, int64_t now_ms)
{
	json_t *sessions = viz_web_accounts_sessions(a);
	uint8_t bytes[32];
	char hash[65];

	viz_host_random(bytes, sizeof bytes);
	viz_hex(token, bytes, sizeof bytes);
	hash_of(hash, token);
	make_room(sessions, user, now_ms);
	json_array_append_new(sessions,
			      json_pack("{s:s,s:s,s:s,s:I,s:I}", "hash", hash, "user", user,
					"stage", stages[stage], "from_ms", (json_int_t)now_ms,
					"seen_ms", (json_int_t)now_ms));
}

void viz_web_session_end(struct viz_web_accounts *a, const char *token)
{
	json_t *sessions = viz_web_accounts_sessions(a);
	char hash[65];
	size_t i;

	hash_of(hash, token);
	if (viz_web_accounts_find(sessions, "hash", hash, &i) != NULL)
		json_array_remove(sessions, i);
}

void viz_web_session_end_all(struct viz_web_accounts *a, const char *user, const char *token)
{
	json_t *sessions = viz_web_accounts_sessions(a);
	char keep[65] = "";
	size_t i = 0;

	if (token != NULL)
		hash_of(keep, token);
	while (i < json_array_size(sessions)) {
		const json_t *s = json_array_get(sessions, i);
		const char *name = json_string_value(json_object_get(s, "user"));
		const char *hash = json_string_value(json_object_get(s, "hash"));

		if (name != NULL && strcmp(name, user) == 0 && hash != NULL &&
		    strcmp(hash, keep) != 0)
			json_array_remove(sessions, i);
		else
			i++;
	}
}

enum viz_web_stage viz_web_session_next(const json_t *user, bool code_given)
{
	const char *role = json_string_value(json_object_get(user, "role"));
	bool has_totp = json_object_get(user, "totp") != NULL;

	if (has_totp && !code_given)
		return VIZ_WEB_STAGE_CODE;
	if (json_is_true(json_object_get(user, "temporary")))
		return VIZ_WEB_STAGE_PASSWORD;
	if (!has_totp && role != NULL && viz_web_accounts_role(role) == VIZ_WEB_ADMIN)
		return VIZ_WEB_STAGE_ENROL;
	return VIZ_WEB_STAGE_FULL;
}
