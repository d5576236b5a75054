/* The parameters of a federation as `init --set` takes them, and what each is for. */
#ifndef VIZ_TOOLS_VIZINHO_TIMES_H
#define VIZ_TOOLS_VIZINHO_TIMES_H

#include "proto/federation.h"
#include "tools/vizinho/command.h"

/* Prints name, default (in milliseconds where it is a time) and meaning, a line each; with --json
 * {"times": [...], "counts": [...]}. */
void viz_times_list(const struct viz_cli *cli);
/* Sets one from "NAME=MS". VIZ_EXIT_USAGE, with the error printed. */
int viz_times_set(struct viz_federation *f, const struct viz_cli *cli, const char *text);
/* Whether the times fit each other. VIZ_EXIT_USAGE, with the error printed. */
int viz_times_fit(const struct viz_federation *f, const struct viz_cli *cli);

#endif
