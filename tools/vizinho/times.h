/* The times of a federation as `init --set` takes them, with what each is for. */
#ifndef VIZ_TOOLS_VIZINHO_TIMES_H
#define VIZ_TOOLS_VIZINHO_TIMES_H

#include "proto/federation.h"
#include "tools/vizinho/command.h"

/* One name, default in milliseconds and meaning per line; with --json {"times": [...]}. */
void viz_times_list(const struct viz_cli *cli);
/* "NAME=MS". VIZ_EXIT_USAGE, said. */
int viz_times_set(struct viz_federation *f, const struct viz_cli *cli, const char *text);

#endif
