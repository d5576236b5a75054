/* What the head of a command's help says about its words. The help is the only place where they
 * have names, in each language. */
#ifndef VIZ_TOOLS_VIZINHO_SYNOPSIS_H
#define VIZ_TOOLS_VIZINHO_SYNOPSIS_H

#include "tools/vizinho/command.h"

#define VIZ_SYNOPSIS_WORD_MAX 64

/* The name of the needed word number `index` (from 0) of cli->command: "PEER". Where the forms of
 * the command have other words there, all of them: "installed|lost". "": no form needs one. */
void viz_synopsis_word(char out[VIZ_SYNOPSIS_WORD_MAX], const struct viz_cli *cli, size_t index);
/* An option with what stands behind it: "--reason TEXT" for "--reason". Without a value, or where
 * the synopsis does not have it, the option alone. */
void viz_synopsis_option(char out[VIZ_SYNOPSIS_WORD_MAX], const struct viz_cli *cli,
			 const char *option);
/* The forms of the command, its first example, and where the whole help is. */
void viz_synopsis_print(FILE *out, const struct viz_cli *cli);

#endif
