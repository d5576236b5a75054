/* Sessions: who has signed in with which browser. The browser has the token; on disk is its hash.
 */
#ifndef VIZ_TOOLS_WEB_SESSION_H
#define VIZ_TOOLS_WEB_SESSION_H

#include "tools/web/accounts.h"

#define VIZ_WEB_SESSION_TOKEN    65       /* characters, with the final NUL */
#define VIZ_WEB_SESSION_IDLE_MS  7200000  /* it ends so long after the last request, */
#define VIZ_WEB_SESSION_MAX_MS   43200000 /* and so long after its start */
#define VIZ_WEB_SESSION_HALF_MS  600000   /* likewise when the signing in is not finished */
#define VIZ_WEB_SESSION_TOUCH_MS 60000    /* the last request is written down so often */
#define VIZ_WEB_SESSION_PER_USER 10       /* then the oldest one ends */

/* What a session may do. Only a full one is somebody. */
enum viz_web_stage {
	VIZ_WEB_STAGE_NONE,     /* no session */
	VIZ_WEB_STAGE_CODE,     /* the password was right; now the code of the authenticator */
	VIZ_WEB_STAGE_ENROL,    /* the account needs an authenticator, and has none yet */
	VIZ_WEB_STAGE_PASSWORD, /* the password was a temporary one: a new one is needed */
	VIZ_WEB_STAGE_FULL,
};

struct viz_web_session {
	enum viz_web_stage stage;
	char user[VIZ_WEB_USER_MAX];
	unsigned role;
};

/* Milliseconds since 1970. */
int64_t viz_web_session_now_ms(void);
/* The session of a token; VIZ_WEB_STAGE_NONE when there is none, or when it has ended. */
void viz_web_session_find(struct viz_web_session *out, struct viz_web_accounts *a,
			  const char *token, int64_t now_ms);
/* Writes down that a person uses the session of the token: the time without a request begins anew.
 */
void viz_web_session_used(struct viz_web_accounts *a, const char *token, int64_t now_ms);
/* These change what is between begin and commit of the accounts. */
void viz_web_session_add(char token[VIZ_WEB_SESSION_TOKEN], struct viz_web_accounts *a,
			 const char *user, enum viz_web_stage stage, int64_t now_ms);
void viz_web_session_end(struct viz_web_accounts *a, const char *token);
/* All of a user but the one of `token` (NULL: all). */
void viz_web_session_end_all(struct viz_web_accounts *a, const char *user, const char *token);
/* The stage that follows for this user, from what the account has and needs. */
enum viz_web_stage viz_web_session_next(const json_t *user, bool code_given);
/* The object on disk of the token's session; NULL: there is none. */
json_t *viz_web_session_entry(struct viz_web_accounts *a, const char *token);
const char *viz_web_session_stage_name(enum viz_web_stage stage);

#endif
