/* Who may sign in: accounts.json in the state directory. One file, written whole beside the old one
 * and put in its place, so that a crash leaves the one or the other. Mode 0600.
 *
 * The server and the command (vizinho-web user ...) write it in turn: a change is made between
 * begin (which locks, and reads what is on disk) and commit. Reading first looks whether the file
 * is another one. Loop thread only. */
#ifndef VIZ_TOOLS_WEB_ACCOUNTS_H
#define VIZ_TOOLS_WEB_ACCOUNTS_H

#include <jansson.h>

#include "crypto/password.h"
#include "tools/web/page.h"

#define VIZ_WEB_USERS_MAX    500
#define VIZ_WEB_SESSIONS_MAX 2000
#define VIZ_WEB_USER_MAX     49 /* characters of an account's name, with the final NUL */

struct viz_web_accounts; /* opaque */

/* Makes the file when there is none. An error is logged. VIZ_ERR_INPUT: the directory or the file
 * cannot be used. */
int viz_web_accounts_open(struct viz_web_accounts **out, const char *dir);
void viz_web_accounts_free(struct viz_web_accounts *a);

/* 32 bytes with which the tokens of forms are made. */
const uint8_t *viz_web_accounts_form_key(const struct viz_web_accounts *a);

/* Lists of objects, as they are on disk now; borrowed until the next call of any function. */
json_t *viz_web_accounts_users(struct viz_web_accounts *a);
json_t *viz_web_accounts_sessions(struct viz_web_accounts *a);
json_t *viz_web_accounts_tokens(struct viz_web_accounts *a);
/* The object of a list whose `key` is this text; NULL: there is none. *index may be NULL. */
json_t *viz_web_accounts_find(json_t *list, const char *key, const char *value, size_t *index);

/* VIZ_ERR_STORE, logged: it cannot be locked, read or written; then nothing has changed. */
int viz_web_accounts_begin(struct viz_web_accounts *a);
int viz_web_accounts_commit(struct viz_web_accounts *a);
void viz_web_accounts_abort(struct viz_web_accounts *a);

/* 1 to 48 of a-z, 0-9, ".", "-" and "_", the first of them a letter. */
bool viz_web_accounts_is_name(const char *name);
/* "agent" -> its bit; 0: no role. */
unsigned viz_web_accounts_role(const char *name);

#endif
