/* What is not well, for people: the verdict, each problem with since when, why and what now, and
 * how the node is linked with its partners. And for scripts: the exit status of a verdict. */
#ifndef VIZ_TOOLS_VIZINHO_HEALTH_H
#define VIZ_TOOLS_VIZINHO_HEALTH_H

#include <jansson.h>

#include "tools/vizinho/command.h"

/* Exit statuses of `status` and `doctor`, which are no enum viz_exit. */
#define VIZ_HEALTH_EXIT_WELL     0
#define VIZ_HEALTH_EXIT_DEGRADED 1
#define VIZ_HEALTH_EXIT_DOWN     2

/* The exit status of a "verdict". Where there is none, nobody says that it is well: down. */
int viz_health_exit(const json_t *reply);

/* Asks the daemon. Where there is no reply, the result says why as one does: "verdict" down,
 * "problems" with one, and "error". Never NULL; the caller frees it. */
json_t *viz_health_ask(const struct viz_cli *cli, const char *op, json_t *args);

/* "! " and the sentence of each of the list, and what mends it. */
void viz_health_print_problems(const struct viz_cli *cli, const json_t *problems);

/* The table of "partners", and of each that is not linked, or no partner, how it stands. */
void viz_health_print_partners(const struct viz_cli *cli, const json_t *reply);

#endif
