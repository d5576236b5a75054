/* The counts of `audit.show` about who was not heard by whom. */
#ifndef VIZ_TOOLS_VIZINHO_PROTEST_TABLE_H
#define VIZ_TOOLS_VIZINHO_PROTEST_TABLE_H

#include <jansson.h>

struct viz_cli;

/* Prints nothing when the list is empty. */
void viz_protest_table_print(const struct viz_cli *cli, const json_t *list);

#endif
