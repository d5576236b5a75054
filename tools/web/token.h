/* Tokens of the API: a program's way in. Each has a name, a role and scopes, is shown once, and
 * kept as a hash. */
#ifndef VIZ_TOOLS_WEB_TOKEN_H
#define VIZ_TOOLS_WEB_TOKEN_H

#include "tools/web/accounts.h"

#define VIZ_WEB_TOKEN_PREFIX   "vizt_" /* by which scanners of leaked secrets know it */
#define VIZ_WEB_TOKEN_SIZE     58      /* characters of a token, with the final NUL */
#define VIZ_WEB_TOKENS_MAX     200
#define VIZ_WEB_SCOPES_MAX     16
#define VIZ_WEB_TOKEN_DAYS     365 /* that it holds, when nobody says how many */
#define VIZ_WEB_TOKEN_DAYS_MAX 3650

/* Names of scopes: what programs may be given (api_base.json says what each is). Ended by NULL. */
extern const char *const viz_web_token_scopes[];

/* The entry of a token, {id, name, role, scopes, user, made_ms, until_ms, used}; NULL: there is
 * none, or its time is over. Borrowed. */
json_t *viz_web_token_find(struct viz_web_accounts *a, const char *token, int64_t now_ms);
/* Notes that the token is used, by the day: `used` is "2026-12-01". */
void viz_web_token_touch(struct viz_web_accounts *a, const char *token, int64_t now_ms);
/* These change what is between begin and commit. `scopes` is a list of texts. VIZ_ERR_INPUT: name,
 * role, scopes or days are none. VIZ_ERR_EXISTS, VIZ_ERR_LIMIT. `id` holds 17 characters. */
int viz_web_token_add(char token[VIZ_WEB_TOKEN_SIZE], char id[17], struct viz_web_accounts *a,
		      const char *name, const char *role, const json_t *scopes, const char *user,
		      int64_t days, int64_t now_ms);
int viz_web_token_remove(struct viz_web_accounts *a, const char *id);

#endif
