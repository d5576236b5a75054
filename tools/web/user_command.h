/* `vizinho-web user add|list|reset|remove`: accounts from the command line, for the first admin and
 * for when no admin can sign in. */
#ifndef VIZ_TOOLS_WEB_USER_COMMAND_H
#define VIZ_TOOLS_WEB_USER_COMMAND_H

#include "tools/web/accounts.h"

#define VIZ_WEB_USAGE 64 /* the words are none of these: the help is to be printed */

/* `argv` begins with "user". `asked`: the password is asked for, else a one-time one is made.
 * Returns the exit status, with what is wrong printed. */
int viz_web_user_command(struct viz_web_accounts *a, int argc, char **argv, bool asked);

#endif
