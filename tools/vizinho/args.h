/* Options and words of a subcommand. Options may come before, between and after words. "--" ends
 * them. A word like "-20.3,-40.3" is no option. */
#ifndef VIZ_TOOLS_VIZINHO_ARGS_H
#define VIZ_TOOLS_VIZINHO_ARGS_H

#include "tools/vizinho/command.h"

struct viz_arg {
	const char *name;   /* without "--"; NULL ends the table */
	const char **value; /* takes a value: --name VALUE or --name=VALUE; else NULL */
	bool *flag;         /* else it is a flag */
};

#define VIZ_ARGS_WORDS_MAX 64

struct viz_args {
	const char *word[VIZ_ARGS_WORDS_MAX]; /* borrowed from argv */
	size_t count;
};

/* Reads the command line of cli->command: its options, and from `least` to `most` words. False: the
 * error is printed, or --help is answered, and *status is what to end with. */
bool viz_args_read(struct viz_args *words, int *status, const struct viz_cli *cli,
		   const struct viz_arg *options, int argc, char **argv, size_t least, size_t most);
/* Whether the first `n` of the options, which take values, were all given. False: the error is
 * printed, which names each that is missing, and *status is what to end with. */
bool viz_args_have(int *status, const struct viz_cli *cli, const struct viz_arg *options, size_t n);

/* A whole number of an option. Else VIZ_EXIT_USAGE, with the error printed. */
int viz_args_number(int64_t *out, const struct viz_cli *cli, const char *option, const char *text,
		    int64_t least, int64_t most);
/* "99,90", "99.90", "99": cents. Else VIZ_EXIT_USAGE, with the error printed. */
int viz_args_money(int64_t *cents, const struct viz_cli *cli, const char *option, const char *text);
/* Which of `n` words it is, in any language: words[i] has the ways to type number i. Else
 * VIZ_EXIT_USAGE, with the error printed: the first way of each. `option`: NULL for a plain word.
 */
int viz_args_choice(size_t *out, const struct viz_cli *cli, const char *option, const char *text,
		    const enum viz_msg *words, size_t n);
/* fiber, cable, radio, copper, satellite, in any language, as the word of the protocol (static);
 * fiber when `text` is NULL. Else VIZ_EXIT_USAGE, with the error printed. */
int viz_args_technology(const char **out, const struct viz_cli *cli, const char *option,
			const char *text);

#endif
