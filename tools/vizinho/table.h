/* Tables of the daemon's values for people. */
#ifndef VIZ_TOOLS_VIZINHO_TABLE_H
#define VIZ_TOOLS_VIZINHO_TABLE_H

#include <jansson.h>

#include "tools/vizinho/command.h"
#include "tools/vizinho/grid.h"

/* Begins a table with these headings. */
void viz_table_heads(struct viz_grid *g, const struct viz_cli *cli, const enum viz_msg *ids,
		     size_t count);
/* A row of a table of two columns: what it is, and the value, "-" when it is "". */
void viz_table_row(struct viz_grid *g, const struct viz_cli *cli, enum viz_msg name,
		   const char *value);
/* The next cell: a time, a message. */
void viz_table_time(struct viz_grid *g, const struct viz_cli *cli, const json_t *time);
void viz_table_msg(struct viz_grid *g, const struct viz_cli *cli, enum viz_msg id);
/* Prints the table on standard output and frees it. */
void viz_table_print(struct viz_grid *g);

#endif
