/* Opening an entry of the inbox, for the commands that show or copy it. */
#ifndef VIZ_TOOLS_VIZINHO_CMD_INBOX_H
#define VIZ_TOOLS_VIZINHO_CMD_INBOX_H

#include <jansson.h>

#include "tools/vizinho/command.h"

/* `inbox.show`, until the contact may be shown, or until it is clear that there is none. The view
 * is logged. On VIZ_EXIT_OK *out is a new reference; else the error is printed. */
int viz_cmd_inbox_open(json_t **out, const struct viz_cli *cli, const char *id);

#endif
