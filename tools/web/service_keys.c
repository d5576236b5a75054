#include "tools/web/service_keys.h"

#include "crypto/hmac.h"
#include "crypto/secret.h"
#include "tools/web/keys.h"

/* A keyed hash: who finds the file cannot try telephone numbers against it. */
static void hash_of(struct viz_web_key_hash *out, const struct viz_web_task *t, const json_t *what)
{
	char *text = json_dumps(what, JSON_COMPACT | JSON_SORT_KEYS);

	VIZ_REQUIRE(text != NULL);
	viz_hmac(out->b, viz_web_accounts_form_key(t->accounts), 32, (const uint8_t *)text,
		 strlen(text));
	viz_secret_wipe(text, strlen(text));
	free(text);
}

/* Each program has keys of its own. */
static void key_of(struct viz_web_key_hash *out, const struct viz_web_task *t)
{
	json_t *what =
	    json_pack("[s,s,s]", "key", t->caller->who.user, viz_web_service_task_arg(t, "key"));

	hash_of(out, t, what);
	json_decref(what);
}

json_t *viz_web_service_keys_begin(struct viz_web_task *t)
{
	static const char *const refused[] = {[VIZ_WEB_KEY_REUSED] = "key-reused",
					      [VIZ_WEB_KEY_BUSY] = "key-under-way",
					      [VIZ_WEB_KEY_TOO_MANY] = "too-many-keys",
					      [VIZ_WEB_KEY_FAILED] = "failed"};
	const json_t *body = json_object_get(t->args, "body");
	bool twice = json_is_true(json_object_get(body, "again"));
	struct viz_web_key_hash key, hash, owner;
	char id[VIZ_WEB_KEY_ID] = "";
	enum viz_web_key_state state;
	json_t *what;
	uint32_t number;

	what = json_pack("[s,s,O]", "body", viz_web_service_task_arg(t, "op"), body);
	hash_of(&hash, t, what);
	json_decref(what);
	what = json_pack("[s,s]", "owner", t->caller->who.user);
	hash_of(&owner, t, what);
	json_decref(what);
	memcpy(&number, owner.b, sizeof number);
	key_of(&key, t);
	state =
	    viz_web_keys_begin(t->keys, id, &key, &hash, number, twice, viz_web_session_now_ms());
	switch (state) {
	case VIZ_WEB_KEY_NEW:
		return viz_web_service_task_ok(json_object());
	case VIZ_WEB_KEY_ENDED:
		return viz_web_service_task_ok(json_pack("{s:s}", "id", id));
	case VIZ_WEB_KEY_UNKNOWN:
		return twice ? viz_web_service_task_refused("key-unknown")
			     : viz_web_service_task_ok(json_object());
	case VIZ_WEB_KEY_REUSED:
	case VIZ_WEB_KEY_BUSY:
	case VIZ_WEB_KEY_TOO_MANY:
	case VIZ_WEB_KEY_FAILED:
		break;
	}
	return viz_web_service_task_refused(refused[state]);
}

json_t *viz_web_service_keys_end(struct viz_web_task *t)
{
	struct viz_web_key_hash key;

	key_of(&key, t);
	viz_web_keys_end(t->keys, &key, viz_web_service_task_arg(t, "id"));
	return viz_web_service_task_ok(json_object());
}

json_t *viz_web_service_keys_drop(struct viz_web_task *t)
{
	struct viz_web_key_hash key;

	key_of(&key, t);
	viz_web_keys_drop(t->keys, &key);
	return viz_web_service_task_ok(json_object());
}
