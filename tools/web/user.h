/* Changes of accounts, for the command and for the pages. All between begin and commit. */
#ifndef VIZ_TOOLS_WEB_USER_H
#define VIZ_TOOLS_WEB_USER_H

#include "tools/web/accounts.h"

#define VIZ_WEB_PASSWORD_MIN 12       /* characters */
#define VIZ_WEB_PASSWORD_MAX 256      /* bytes */
#define VIZ_WEB_ONE_TIME_MAX 24       /* characters of a one-time password, with the final NUL */
#define VIZ_WEB_ONE_TIME_MS  86400000 /* it holds so long */

/* A one-time password: 80 bits in base32, in groups of four. */
void viz_web_user_one_time(char out[VIZ_WEB_ONE_TIME_MAX]);

/* What is stored of a password. Derives it: tens of milliseconds; no accounts are needed. */
struct viz_web_hash {
	uint8_t salt[VIZ_PASSWORD_SALT];
	uint8_t hash[VIZ_PASSWORD_BYTES];
	struct viz_password_cost cost;
};
int viz_web_user_hash(struct viz_web_hash *out, const char *password);
/* Reads what is stored with a user; with no user (NULL) a hash that nothing fits, so that it takes
 * as long. */
void viz_web_user_stored(struct viz_web_hash *out, const json_t *user);
/* Whether the password fits. Derives, too. VIZ_ERR_NOMEM. */
int viz_web_user_fits(bool *fits, const struct viz_web_hash *stored, const char *password);

/* VIZ_OK, or why the password is no good: VIZ_WEB_TEXT_... in *why. */
int viz_web_user_judge(enum viz_web_text *why, const char *password, const char *name);

/* A new user. VIZ_ERR_EXISTS, VIZ_ERR_LIMIT (VIZ_WEB_USERS_MAX). `temporary`: it must be changed at
 * the first sign-in, and holds for VIZ_WEB_ONE_TIME_MS. */
int viz_web_user_add(struct viz_web_accounts *a, const char *name, const char *role,
		     const struct viz_web_hash *hash, bool temporary, int64_t now_ms);
/* Another password; ends all sessions but the one of `token` (NULL: all). VIZ_ERR_ABSENT. */
int viz_web_user_password(struct viz_web_accounts *a, const char *name,
			  const struct viz_web_hash *hash, bool temporary, int64_t now_ms,
			  const char *token);
/* After a reset an authenticator is set up anew. */
void viz_web_user_forget_totp(struct viz_web_accounts *a, const char *name);
/* Ends the sessions and takes away the tokens, too. VIZ_ERR_ABSENT; VIZ_ERR_STATE: the last admin.
 */
int viz_web_user_remove(struct viz_web_accounts *a, const char *name);
/* Ends the sessions; of an admin who is to be one no more it takes away the tokens. Errors as
 * above. */
int viz_web_user_role(struct viz_web_accounts *a, const char *name, const char *role);
/* Whether a one-time password is too old. */
bool viz_web_user_is_late(const json_t *user, int64_t now_ms);

#endif
