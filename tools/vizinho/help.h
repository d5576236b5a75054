/* The help of the running command. */
#ifndef VIZ_TOOLS_VIZINHO_HELP_H
#define VIZ_TOOLS_VIZINHO_HELP_H

#include "tools/vizinho/command.h"

/* A text for people, without its last line end: wrapped; with --json {"help": TEXT} on standard
 * output. */
void viz_help_print(FILE *out, const struct viz_cli *cli, const char *text);
/* The help of cli->command on standard output. */
void viz_help_command(const struct viz_cli *cli);
/* An error of the command line, with the word that is wrong, and then, but not with --json, the
 * help of cli->command on standard error. Returns VIZ_EXIT_USAGE. */
int viz_help_error(const struct viz_cli *cli, enum viz_msg id, const char *word);

#endif
