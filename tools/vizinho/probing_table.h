/* What is counted against probing, for people. */
#ifndef VIZ_TOOLS_VIZINHO_PROBING_TABLE_H
#define VIZ_TOOLS_VIZINHO_PROBING_TABLE_H

#include <jansson.h>

#include "tools/vizinho/command.h"

/* Prints the peers that are reported or stopped, with what can be done; nothing when there are
 * none. `list` is "probing" of the daemon. */
void viz_probing_table_print(const struct viz_cli *cli, const json_t *list);

#endif
