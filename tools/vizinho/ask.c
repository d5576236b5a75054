#include "tools/vizinho/ask.h"

#include <errno.h>
#include <unistd.h>

#include "crypto/sign.h"
#include "tools/vizinho/print.h"

bool viz_ask_terminal(void)
{
	return isatty(STDIN_FILENO) == 1 && isatty(STDERR_FILENO) == 1;
}

/* Returns the length of the line, of which at most `max` bytes are kept; -1 at the end of input. */
static ssize_t read_line(char *out, size_t max)
{
	ssize_t len = 0;

	for (;;) {
		char c;
		ssize_t n = read(STDIN_FILENO, &c, 1);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return len > 0 ? len : -1;
		if (c == '\n')
			return len;
		if ((size_t)len < max)
			out[len] = c;
		len++;
	}
}

static void trim(char *text, size_t len)
{
	size_t start = 0;

	while (len > 0 && strchr(" \t\r", text[len - 1]) != NULL)
		len--;
	while (start < len && strchr(" \t", text[start]) != NULL)
		start++;
	memmove(text, text + start, len - start);
	text[len - start] = '\0';
}

static int line(char *out, size_t max, const struct viz_cli *cli, bool needed, const char *prompt)
{
	for (;;) {
		ssize_t len;

		fflush(stdout);
		fprintf(stderr, "%s ", prompt);
		len = read_line(out, max - 1);
		if (len < 0) {
			fputc('\n', stderr);
			return viz_print_error(cli, VIZ_EXIT_FAILED, VIZ_CODE_NO_ANSWER,
					       VIZ_MSG_NO_ANSWER);
		}
		if ((size_t)len > max - 1) {
			viz_print_to(stderr, cli->lang, VIZ_MSG_TOO_LONG, (unsigned)(max - 1));
			continue;
		}
		trim(out, (size_t)len);
		if (!needed || out[0] != '\0')
			return VIZ_EXIT_OK;
	}
}

#define PROMPT(text, cli, id)                                                                      \
	do {                                                                                       \
		va_list args;                                                                      \
		va_start(args, id);                                                                \
		viz_print_vtext(text, sizeof text, (cli)->lang, id, args);                         \
		va_end(args);                                                                      \
	} while (0)

static int yes_or_no(bool *yes, const struct viz_cli *cli, const bool *otherwise,
		     const char *prompt)
{
	char out[32];

	for (;;) {
		int status = line(out, sizeof out, cli, false, prompt);

		if (status != VIZ_EXIT_OK)
			return status;
		if (out[0] == '\0' && otherwise != NULL) {
			*yes = *otherwise;
			return VIZ_EXIT_OK;
		}
		*yes = viz_msg_has_word(VIZ_MSG_INPUT_YES, out);
		if (*yes || viz_msg_has_word(VIZ_MSG_INPUT_NO, out))
			return VIZ_EXIT_OK;
		viz_print_to(stderr, cli->lang, VIZ_MSG_YES_OR_NO);
	}
}

int(viz_ask_line)(char *out, size_t max, const struct viz_cli *cli, bool needed, enum viz_msg id,
		  ...)
{
	char prompt[512];

	PROMPT(prompt, cli, id);
	return line(out, max, cli, needed, prompt);
}

int(viz_ask_yes)(bool *yes, const struct viz_cli *cli, const bool *otherwise, enum viz_msg id, ...)
{
	char prompt[512];

	PROMPT(prompt, cli, id);
	return yes_or_no(yes, cli, otherwise, prompt);
}

int(viz_ask_confirm)(const struct viz_cli *cli, bool given, enum viz_msg id, ...)
{
	char prompt[512];
	bool yes = false;
	int status;

	if (given)
		return VIZ_EXIT_OK;
	if (!viz_ask_terminal())
		return viz_print_error(cli, VIZ_EXIT_FAILED, VIZ_CODE_NOT_CONFIRMED,
				       VIZ_MSG_NEED_YES);
	PROMPT(prompt, cli, id);
	status = yes_or_no(&yes, cli, NULL, prompt);
	if (status == VIZ_EXIT_OK && !yes)
		status = viz_print_error(cli, VIZ_EXIT_FAILED, VIZ_CODE_NOT_CONFIRMED,
					 VIZ_MSG_NOT_CONFIRMED);
	return status;
}
