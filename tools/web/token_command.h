/* `vizinho-web token add|list|remove`: tokens of the API from the command line. */
#ifndef VIZ_TOOLS_WEB_TOKEN_COMMAND_H
#define VIZ_TOOLS_WEB_TOKEN_COMMAND_H

#include "tools/web/accounts.h"

/* `argv` begins with "token"; `days` is that of --days, or NULL. Returns the exit status, with what
 * is wrong printed, or VIZ_WEB_USAGE (user_command.h). */
int viz_web_token_command(struct viz_web_accounts *a, int argc, char **argv, const char *days);

#endif
