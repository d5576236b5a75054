/* What partners say that an origin did not hear, for people. */
#ifndef VIZ_TOOLS_VIZINHO_PROTEST_TABLE_H
#define VIZ_TOOLS_VIZINHO_PROTEST_TABLE_H

#include <jansson.h>

#include "tools/vizinho/command.h"

/* Prints who was not heard by whom, and the replies; nothing when nobody has said so. `list` is
 * "protests" of the daemon. */
void viz_protest_table_print(const struct viz_cli *cli, const json_t *list);

#endif
