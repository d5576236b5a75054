/* What the command prints: for people, or as JSON.
 *
 * Where a call names its message, the macros below let the compiler compare the arguments with it.
 * A call with a message that is chosen at run time puts the function's name in brackets. */
#ifndef VIZ_TOOLS_VIZINHO_PRINT_H
#define VIZ_TOOLS_VIZINHO_PRINT_H

#include <jansson.h>
#include <stdarg.h>

#include "proto/text_check.h"
#include "tools/vizinho/command.h"

/* A message on standard output; nothing with --json. */
void viz_print(const struct viz_cli *cli, enum viz_msg id, ...);
/* The same on standard error: hints and progress, which are no result. */
void viz_print_hint(const struct viz_cli *cli, enum viz_msg id, ...);
/* A message on `out`, with --json too. */
void viz_print_to(FILE *out, enum viz_lang lang, enum viz_msg id, ...);
/* A message as text, cut to `max` bytes. */
void viz_print_text(char *out, size_t max, enum viz_lang lang, enum viz_msg id, ...);
void viz_print_vtext(char *out, size_t max, enum viz_lang lang, enum viz_msg id, va_list args);
/* A text to be read aloud under its heading, wrapped and indented. */
void viz_print_aloud(const struct viz_cli *cli, enum viz_msg heading, const char *text);
/* A text right under its heading, wrapped and indented, in a report. */
void viz_print_under(const struct viz_cli *cli, enum viz_msg heading, const char *text);
/* A blank line for people. */
void viz_print_blank(const struct viz_cli *cli);

/* A sentence on standard error; with --json {"error":{"code","message"}} on standard output.
 * Returns `status`. */
int viz_print_error(const struct viz_cli *cli, int status, enum viz_code code, enum viz_msg id,
		    ...);
/* The same with a text that is ready, and with what else the object has (taken; NULL: nothing). */
int viz_print_fault(const struct viz_cli *cli, int status, enum viz_code code, const char *text,
		    json_t *more);
/* What was printed is written out: else an error, on standard error, and a status that is not
 * VIZ_EXIT_OK. */
int viz_print_end(const struct viz_cli *cli, int status);

/* The path as JSON: one that is not UTF-8 as well as JSON can say it. */
json_t *viz_print_path(const char *path);
/* One line of JSON on standard output. Municipalities get their names. */
void viz_print_json(json_t *value);
/* Likewise, and frees it. */
void viz_print_json_new(json_t *value);

#define viz_print(cli, id, ...)                                                                    \
	(VIZ_TEXT_CHECK(id, ##__VA_ARGS__), (viz_print)(cli, id, ##__VA_ARGS__))
#define viz_print_hint(cli, id, ...)                                                               \
	(VIZ_TEXT_CHECK(id, ##__VA_ARGS__), (viz_print_hint)(cli, id, ##__VA_ARGS__))
#define viz_print_to(out, lang, id, ...)                                                           \
	(VIZ_TEXT_CHECK(id, ##__VA_ARGS__), (viz_print_to)(out, lang, id, ##__VA_ARGS__))
#define viz_print_text(out, max, lang, id, ...)                                                    \
	(VIZ_TEXT_CHECK(id, ##__VA_ARGS__), (viz_print_text)(out, max, lang, id, ##__VA_ARGS__))
#define viz_print_error(cli, status, code, id, ...)                                                \
	(VIZ_TEXT_CHECK(id, ##__VA_ARGS__), (viz_print_error)(cli, status, code, id, ##__VA_ARGS__))

#endif
