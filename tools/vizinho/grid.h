/* Text tables with columns aligned by what a terminal shows, not by bytes. */
#ifndef VIZ_TOOLS_VIZINHO_GRID_H
#define VIZ_TOOLS_VIZINHO_GRID_H

#include "proto/base.h"

#define VIZ_GRID_COLUMNS_MAX 12

struct viz_grid {
	size_t columns;
	char **cells; /* owned, row by row */
	size_t count, size;
	bool right[VIZ_GRID_COLUMNS_MAX]; /* aligned to the right: numbers */
};

void viz_grid_init(struct viz_grid *g, size_t columns);
/* The next cell, row by row. Copied; control characters are shown as '?'. */
void viz_grid_add(struct viz_grid *g, const char *text);
void viz_grid_number(struct viz_grid *g, int64_t value);
/* The same; 0 means that the number was not given, and prints "-". */
void viz_grid_given(struct viz_grid *g, int64_t value);
/* Two spaces between columns, none at the end of lines. An unfinished row is printed as it is. */
void viz_grid_print(const struct viz_grid *g, FILE *out);
void viz_grid_free(struct viz_grid *g);

#endif
