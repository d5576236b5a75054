#include "tools/web/token.h"

#include "crypto/base32.h"
#include "crypto/hash.h"
#include "crypto/secret.h"
#include "node/host/random.h"

#define SECRET 32 /* bytes */

static void hash_of(char out[65], const char *token)
{
	struct viz_id id;

	viz_hash_plain(&id, (const uint8_t *)token, strlen(token));
	viz_hex(out, id.b, sizeof id.b);
}

const json_t *viz_web_token_find(struct viz_web_accounts *a, const char *token)
{
	char hash[65];

	if (strlen(token) != VIZ_WEB_TOKEN_SIZE - 1)
		return NULL;
	hash_of(hash, token);
	return viz_web_accounts_find(viz_web_accounts_tokens(a), "hash", hash, NULL);
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
		const char *text = json_string_value(scope);
		size_t len = text != NULL ? strlen(text) : 0;

		if (len == 0 || len > VIZ_WEB_SCOPE_MAX ||
		    strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789.:-") != len)
			return false;
	}
	return true;
}

int viz_web_token_add(char token[VIZ_WEB_TOKEN_SIZE], char id[17], struct viz_web_accounts *a,
		      const char *name, const char *role, const json_t *scopes, const char *user,
		      int64_t now_ms)
{
	json_t *tokens = viz_web_accounts_tokens(a);
	uint8_t secret[SECRET], number[8];
	char hash[65];

	_Static_assert(sizeof VIZ_WEB_TOKEN_PREFIX + VIZ_BASE32_CHARS(SECRET) == VIZ_WEB_TOKEN_SIZE,
		       "the length of a token");
	/* The name of the account in the node's logs is "api-NAME", of at most 48 characters. */
	if (!viz_web_accounts_is_name(name) || strlen(name) > 44 ||
	    viz_web_accounts_role(role) == 0 || !are_scopes(scopes))
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
	json_array_append_new(tokens, json_pack("{s:s,s:s,s:s,s:s,s:o,s:s,s:I}", "id", id, "hash",
						hash, "name", name, "role", role, "scopes",
						json_deep_copy(scopes), "user", user, "made_ms",
						(json_int_t)now_ms));
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
