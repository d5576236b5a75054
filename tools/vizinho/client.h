/* The control socket as the command uses it: {"op":NAME,"args":{...}} as one line, and as one line
 * {"ok":true,"result":...} or {"ok":false,"error":{"code":...,"message":...}}. */
#ifndef VIZ_TOOLS_VIZINHO_CLIENT_H
#define VIZ_TOOLS_VIZINHO_CLIENT_H

#include <jansson.h>

#include "tools/vizinho/command.h"

#define VIZ_CLIENT_REPLY_MAX 134217728 /* bytes */

/* Where the socket is when nothing is said: in the default state directory. */
#define VIZ_CLIENT_SOCKET "/var/lib/vizinho/control"

/* Asks the daemon. `args` is taken (NULL: none). On VIZ_EXIT_OK *result is a new reference. Else
 * the reason has been said on standard error (with --json: as the error object on standard output),
 * and the exit status to end with is returned. */
int viz_client_ask(json_t **result, const struct viz_cli *cli, const char *op, json_t *args);

/* Whether somebody answers on the socket; says nothing. */
bool viz_client_there(const struct viz_cli *cli);

/* A result as one line of JSON on standard output. */
void viz_client_print(const json_t *result);

#endif
