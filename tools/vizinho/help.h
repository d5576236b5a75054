/* The help of the running command. */
#ifndef VIZ_TOOLS_VIZINHO_HELP_H
#define VIZ_TOOLS_VIZINHO_HELP_H

#include "tools/vizinho/command.h"

/* Prints a text without its last line end: wrapped for people, and {"help": TEXT} with --json. */
void viz_help_print(FILE *out, const struct viz_cli *cli, const char *text);
/* Prints the help of cli->command on standard output. */
void viz_help_command(const struct viz_cli *cli);
/* Prints an error of the command line, with the word that is wrong. Without --json the forms of
 * cli->command and an example follow on standard error. Returns VIZ_EXIT_USAGE. */
int viz_help_error(const struct viz_cli *cli, enum viz_msg id, const char *word);
/* The same with a whole sentence. */
int viz_help_fault(const struct viz_cli *cli, const char *text);

#endif
