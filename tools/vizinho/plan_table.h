/* The table of list plans: our own, and those of proposals. */
#ifndef VIZ_TOOLS_VIZINHO_PLAN_TABLE_H
#define VIZ_TOOLS_VIZINHO_PLAN_TABLE_H

#include "tools/vizinho/table.h"

void viz_plan_table_heads(struct viz_grid *g, const struct viz_cli *cli);
void viz_plan_table_row(struct viz_grid *g, const struct viz_cli *cli, const json_t *plan);

#endif
