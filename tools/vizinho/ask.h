/* Questions to the person at the terminal. They go to standard error, so that standard output holds
 * results only. Answers may be personal data, so they are read without a buffer of the C library.
 */
#ifndef VIZ_TOOLS_VIZINHO_ASK_H
#define VIZ_TOOLS_VIZINHO_ASK_H

#include "proto/text_check.h"
#include "tools/vizinho/command.h"

/* Whether a person is at the terminal. */
bool viz_ask_terminal(void);
/* One line without its end and outer blanks, at most max - 1 bytes of UTF-8. Asks again when the
 * line is longer, or when it is empty and `needed`. VIZ_EXIT_FAILED, printed, at the end of input.
 */
int viz_ask_line(char *out, size_t max, const struct viz_cli *cli, bool needed, enum viz_msg id,
		 ...);
/* A yes or a no, in any language; an empty line counts as `otherwise` when that is not NULL. */
int viz_ask_yes(bool *yes, const struct viz_cli *cli, const bool *otherwise, enum viz_msg id, ...);
/* For what cannot be undone: VIZ_EXIT_OK when `given` (--yes) or confirmed. Else VIZ_EXIT_FAILED,
 * printed: not confirmed, or nobody to ask. */
int viz_ask_confirm(const struct viz_cli *cli, bool given, enum viz_msg id, ...);

/* As in print.h. */
#define viz_ask_line(out, max, cli, needed, id, ...)                                               \
	(VIZ_TEXT_CHECK(id, ##__VA_ARGS__),                                                        \
	 (viz_ask_line)(out, max, cli, needed, id, ##__VA_ARGS__))
#define viz_ask_yes(yes, cli, otherwise, id, ...)                                                  \
	(VIZ_TEXT_CHECK(id, ##__VA_ARGS__), (viz_ask_yes)(yes, cli, otherwise, id, ##__VA_ARGS__))
#define viz_ask_confirm(cli, given, id, ...)                                                       \
	(VIZ_TEXT_CHECK(id, ##__VA_ARGS__), (viz_ask_confirm)(cli, given, id, ##__VA_ARGS__))

#endif
