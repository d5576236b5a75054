#include "tools/web/token.h"

#include <time.h>

#include "crypto/base32.h"
#include "crypto/hash.h"
#include "crypto/secret.h"
#include "node/host/random.h"

#define SECRET 32 /* bytes */

const char *const viz_web_token_scopes[] = {"read",  "leads", "inbox", "persons",
					    "board", "admin", NULL};

static void hash_of(char out[65], const char *token)
{
	struct viz_id id;

	viz_hash_plain(&id, (const uint8_t *)token, strlen(token));
	viz_hex(out, id.b, sizeof id.b);
}

json_t *viz_web_token_find(struct viz_web_accounts *a, const char *token, int64_t now_ms)
{
	const json_t *until;
	char hash[65];
	json_t *o;

	if (strlen(token) != VIZ_WEB_TOKEN_SIZE - 1)
		return NULL;
	hash_of(hash, token);
	o = viz_web_accounts_find(viz_web_accounts_tokens(a), "hash", hash, NULL);
	until = json_object_get(o, "until_ms");
	return until == NULL || json_integer_value(until) > now_ms ? o : NULL;
}

void viz_web_token_touch(struct viz_web_accounts *a, const char *token, int64_t now_ms)
{
	const char *used =
	    json_string_value(json_object_get(viz_web_token_find(a, token, now_ms), "used"));
	time_t now = (time_t)(now_ms / 1000);
	struct tm utc;
	char day[16];
	json_t *o;

	VIZ_REQUIRE(gmtime_r(&now, &utc) != NULL && strftime(day, sizeof day, "%Y-%m-%d", &utc));
	if ((used != NULL && strcmp(used, day) == 0) || viz_web_accounts_begin(a) != VIZ_OK)
		return;
	o = viz_web_token_find(a, token, now_ms);
	if (o == NULL) {
		viz_web_accounts_abort(a);
		return;
	}
	json_object_set_new(o, "used", json_string(day));
	(void)viz_web_accounts_commit(a);
}

static bool is_scope(const char *text)
{
	for (size_t i = 0; text != NULL && viz_web_token_scopes[i] != NULL; i++)
		if (strcmp(viz_web_token_scopes[i], text) == 0)
			return true;
	return false;
}

static bool are_scopes(const json_t *scopes)
{
	const json_t *scope;
	size_t i;

	if (!json_is_array(scopes) || json_array_size(scopes) == 0 ||
	    json_array_size(scopes) > VIZ_WEB_SCOPES_MAX)
		return false;
	json_array_foreach(scopes, i, scope)
	{
		if (!is_scope(json_string_value(scope)))
			return false;
	}
	return true;
}

int viz_web_token_add(char token[VIZ_WEB_TOKEN_SIZE], char id[17], struct viz_web_accounts *a,
		      const char *name, const char *role, const json_t *scopes, const char *user,
		      int64_t days, int64_t now_ms)
{
	json_t *tokens = viz_web_accounts_tokens(a);
	uint8_t secret[SECRET], number[8];
	char hash[65];

	_Static_assert(sizeof VIZ_WEB_TOKEN_PREFIX + VIZ_BASE32_CHARS(SECRET) == VIZ_WEB_TOKEN_SIZE,
		       "the length of a token");
	/* The name of the account in the node's logs is "api-NAME", of at most 48 characters. */
	if (!viz_web_accounts_is_name(name) || strlen(name) > 44 ||
	    viz_web_accounts_role(role) == 0 || !are_scopes(scopes) || days < 1 ||
	    days > VIZ_WEB_TOKEN_DAYS_MAX)
		return VIZ_ERR_INPUT;
	if (viz_web_accounts_find(tokens, "name", name, NULL) != NULL)
		return VIZ_ERR_EXISTS;
	if (json_array_size(tokens) >= VIZ_WEB_TOKENS_MAX)
		return VIZ_ERR_LIMIT;
	viz_host_random(secret, sizeof secret);
	viz_host_random(number, sizeof number);
	viz_hex(id, number, sizeof number);
	memcpy(token, VIZ_WEB_TOKEN_PREFIX, strlen(VIZ_WEB_TOKEN_PREFIX));
	viz_base32_write(token + strlen(VIZ_WEB_TOKEN_PREFIX), VIZ_BASE32_CHARS(SECRET), secret,
			 sizeof secret);
	token[VIZ_WEB_TOKEN_SIZE - 1] = '\0';
	viz_secret_wipe(secret, sizeof secret);
	hash_of(hash, token);
	json_array_append_new(tokens, json_pack("{s:s,s:s,s:s,s:s,s:o,s:s,s:I,s:I}", "id", id,
						"hash", hash, "name", name, "role", role, "scopes",
						json_deep_copy(scopes), "user", user, "made_ms",
						(json_int_t)now_ms, "until_ms",
						(json_int_t)(now_ms + days * 86400000)));
	return VIZ_OK;
}

int viz_web_token_remove(struct viz_web_accounts *a, const char *id)
{
	json_t *tokens = viz_web_accounts_tokens(a);
	size_t i;

	if (viz_web_accounts_find(tokens, "id", id, &i) == NULL)
		return VIZ_ERR_ABSENT;
	json_array_remove(tokens, i);
	return VIZ_OK;
}
