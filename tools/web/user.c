#include "tools/web/user.h"

#include "crypto/base32.h"
#include "crypto/secret.h"
#include "node/host/random.h"
#include "proto/text.h"
#include "tools/web/session.h"

/* Some 60 ms on a small machine, and half of what all of vizinho-web may take. */
static const struct viz_password_cost cost = {.memory_kib = 32768, .passes = 3};

void viz_web_user_one_time(char out[VIZ_WEB_ONE_TIME_MAX])
{
	uint8_t bytes[10];
	char text[16];
	size_t n = 0;

	viz_host_random(bytes, sizeof bytes);
	viz_base32_write(text, sizeof text, bytes, sizeof bytes);
	for (size_t i = 0; i < sizeof text; i++) {
		if (i > 0 && i % 4 == 0)
			out[n++] = '-';
		out[n++] = text[i];
	}
	out[n] = '\0';
	viz_secret_wipe(text, sizeof text);
	viz_secret_wipe(bytes, sizeof bytes);
}

int viz_web_user_hash(struct viz_web_hash *out, const char *password)
{
	viz_host_random(out->salt, sizeof out->salt);
	out->cost = cost;
	return viz_password_derive(out->hash, password, strlen(password), out->salt, &out->cost);
}

void viz_web_user_stored(struct viz_web_hash *out, const json_t *user)
{
	const char *salt = json_string_value(json_object_get(user, "salt"));
	const char *hash = json_string_value(json_object_get(user, "hash"));
	struct viz_web_hash h = {.cost = cost};

	if (salt != NULL && hash != NULL && strlen(salt) == 2 * sizeof h.salt &&
	    strlen(hash) == 2 * sizeof h.hash &&
	    viz_hex_parse(h.salt, sizeof h.salt, salt) == VIZ_OK &&
	    viz_hex_parse(h.hash, sizeof h.hash, hash) == VIZ_OK) {
		h.cost.memory_kib =
		    (uint32_t)json_integer_value(json_object_get(user, "memory_kib"));
		h.cost.passes = (uint32_t)json_integer_value(json_object_get(user, "passes"));
	} else {
		viz_host_random(h.hash, sizeof h.hash);
	}
	*out = h;
}

int viz_web_user_fits(bool *fits, const struct viz_web_hash *stored, const char *password)
{
	uint8_t made[VIZ_PASSWORD_BYTES];
	int err =
	    viz_password_derive(made, password, strlen(password), stored->salt, &stored->cost);

	if (err == VIZ_OK)
		*fits = viz_secret_eq(made, stored->hash, sizeof made);
	viz_secret_wipe(made, sizeof made);
	return err;
}

/* Characters of UTF-8. */
static size_t characters(const char *text)
{
	size_t n = 0;

	for (; *text != '\0'; text++)
		n += ((unsigned char)*text & 0xc0) != 0x80;
	return n;
}

int viz_web_user_judge(enum viz_web_text *why, const char *password, const char *name)
{
	*why = VIZ_WEB_TEXT_PASSWORD_SHORT;
	if (characters(password) < VIZ_WEB_PASSWORD_MIN)
		return VIZ_ERR_INPUT;
	*why = VIZ_WEB_TEXT_PASSWORD_LONG;
	if (strlen(password) > VIZ_WEB_PASSWORD_MAX || !viz_text_utf8(password, strlen(password)))
		return VIZ_ERR_INPUT;
	*why = VIZ_WEB_TEXT_PASSWORD_GUESSED;
	/* What is tried first: one character, the name, the program. */
	if (strspn(password, (const char[]){password[0], '\0'}) == strlen(password) ||
	    strcasestr(password, name) != NULL || strcasestr(password, "vizinho") != NULL ||
	    strncmp(password, "1234567890", 10) == 0)
		return VIZ_ERR_INPUT;
	return VIZ_OK;
}

static void set_hash(json_t *user, const struct viz_web_hash *hash, bool temporary, int64_t now_ms)
{
	char salt[2 * VIZ_PASSWORD_SALT + 1], text[2 * VIZ_PASSWORD_BYTES + 1];

	viz_hex(salt, hash->salt, sizeof hash->salt);
	viz_hex(text, hash->hash, sizeof hash->hash);
	json_object_set_new(user, "salt", json_string(salt));
	json_object_set_new(user, "hash", json_string(text));
	json_object_set_new(user, "memory_kib", json_integer(hash->cost.memory_kib));
	json_object_set_new(user, "passes", json_integer(hash->cost.passes));
	json_object_set_new(user, "temporary", json_boolean(temporary));
	json_object_set_new(user, "changed_ms", json_integer(now_ms));
}

static json_t *find(struct viz_web_accounts *a, const char *name)
{
	return viz_web_accounts_find(viz_web_accounts_users(a), "name", name, NULL);
}

int viz_web_user_add(struct viz_web_accounts *a, const char *name, const char *role,
		     const struct viz_web_hash *hash, bool temporary, int64_t now_ms)
{
	json_t *users = viz_web_accounts_users(a), *user;

	if (find(a, name) != NULL)
		return VIZ_ERR_EXISTS;
	if (json_array_size(users) >= VIZ_WEB_USERS_MAX)
		return VIZ_ERR_LIMIT;
	user =
	    json_pack("{s:s,s:s,s:I}", "name", name, "role", role, "added_ms", (json_int_t)now_ms);
	set_hash(user, hash, temporary, now_ms);
	json_array_append_new(users, user);
	return VIZ_OK;
}

int viz_web_user_password(struct viz_web_accounts *a, const char *name,
			  const struct viz_web_hash *hash, bool temporary, int64_t now_ms,
			  const char *token)
{
	json_t *user = find(a, name);

	if (user == NULL)
		return VIZ_ERR_ABSENT;
	set_hash(user, hash, temporary, now_ms);
	viz_web_session_end_all(a, name, token);
	return VIZ_OK;
}

void viz_web_user_forget_totp(struct viz_web_accounts *a, const char *name)
{
	json_t *user = find(a, name);

	json_object_del(user, "totp");
	json_object_del(user, "totp_step");
}

static bool is_admin(const json_t *user)
{
	return strcmp(json_string_value(json_object_get(user, "role")), "admin") == 0;
}

/* Without an admin nobody could add one on the page. */
static bool is_last_admin(struct viz_web_accounts *a, const json_t *user)
{
	size_t i, admins = 0;
	const json_t *other;

	json_array_foreach(viz_web_accounts_users(a), i, other) admins += is_admin(other);
	return is_admin(user) && admins == 1;
}

static void drop_tokens(struct viz_web_accounts *a, const char *name)
{
	json_t *tokens = viz_web_accounts_tokens(a);
	size_t i;

	while (viz_web_accounts_find(tokens, "user", name, &i) != NULL)
		json_array_remove(tokens, i);
}

int viz_web_user_remove(struct viz_web_accounts *a, const char *name)
{
	json_t *users = viz_web_accounts_users(a), *user;
	size_t i;

	user = viz_web_accounts_find(users, "name", name, &i);
	if (user == NULL)
		return VIZ_ERR_ABSENT;
	if (is_last_admin(a, user))
		return VIZ_ERR_STATE;
	json_array_remove(users, i);
	viz_web_session_end_all(a, name, NULL);
	drop_tokens(a, name);
	return VIZ_OK;
}

int viz_web_user_role(struct viz_web_accounts *a, const char *name, const char *role)
{
	json_t *user = find(a, name);

	if (user == NULL)
		return VIZ_ERR_ABSENT;
	if (is_last_admin(a, user) && strcmp(role, "admin") != 0)
		return VIZ_ERR_STATE;
	json_object_set_new(user, "role", json_string(role));
	viz_web_session_end_all(a, name, NULL); /* what a session may do was said at its start */
	if (strcmp(role, "admin") != 0)
		drop_tokens(a, name); /* an admin made them, and may have taken one along */
	return VIZ_OK;
}

bool viz_web_user_is_late(const json_t *user, int64_t now_ms)
{
	return json_is_true(json_object_get(user, "temporary")) &&
	       json_integer_value(json_object_get(user, "changed_ms")) + VIZ_WEB_ONE_TIME_MS <=
		   now_ms;
}
