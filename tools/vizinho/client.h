/* The control socket as the command uses it (node/CONTROL.md). */
#ifndef VIZ_TOOLS_VIZINHO_CLIENT_H
#define VIZ_TOOLS_VIZINHO_CLIENT_H

#include <jansson.h>

#include "tools/vizinho/command.h"

#define VIZ_CLIENT_REPLY_MAX 134217728 /* bytes */

/* The socket without --socket: in the default state directory. */
#define VIZ_CLIENT_SOCKET "/var/lib/vizinho/control"

/* Asks the daemon. `args` is taken (NULL: none). On VIZ_EXIT_OK *result is a new reference. Else
 * the error is printed, and the exit status to end with is returned. */
int viz_client_ask(json_t **result, const struct viz_cli *cli, const char *op, json_t *args);

/* The same, and asks again for at most `ms` while the error is `awaited`; `hint` says so once. */
int viz_client_ask_patiently(json_t **result, const struct viz_cli *cli, const char *op,
			     json_t *args, enum viz_code awaited, int ms, enum viz_msg hint);

/* The same for a command whose whole output with --json is the result: prints it then. *result is
 * set (a new reference) only for people, and NULL otherwise. Returns an enum viz_exit. */
int viz_client_query(json_t **result, const struct viz_cli *cli, const char *op, json_t *args);

/* Whether somebody answers on the socket; prints nothing. */
bool viz_client_there(const struct viz_cli *cli);

#endif
