#include "tools/vizinho/args.h"

#include <errno.h>

#include "proto/coverage.h"
#include "tools/vizinho/help.h"
#include "tools/vizinho/print.h"

static const struct viz_arg *find(const struct viz_arg *options, const char *text, size_t len)
{
	for (const struct viz_arg *o = options; o != NULL && o->name != NULL; o++)
		if (strlen(o->name) == len && strncmp(o->name, text, len) == 0)
			return o;
	return NULL;
}

static bool is_option(const char *word)
{
	/* "-" is standard input, "-20.3,-40.3" a place. */
	return word[0] == '-' && word[1] != '\0' && (word[1] < '0' || word[1] > '9');
}

/* Whether argv[at] is a known option that needs a value and is the last word. */
static bool lacks_value(const struct viz_arg *options, int at, int argc, char **argv)
{
	const struct viz_arg *o = find(options, argv[at] + 2, strlen(argv[at] + 2));

	return at + 1 >= argc && argv[at][1] == '-' && o != NULL && o->value != NULL;
}

/* Takes the option at argv[*at]. */
static bool take(const struct viz_arg *options, int *at, int argc, char **argv)
{
	const char *text = argv[*at] + 2, *is = strchr(text, '=');
	size_t len = is != NULL ? (size_t)(is - text) : strlen(text);
	const struct viz_arg *o = argv[*at][1] == '-' ? find(options, text, len) : NULL;

	if (o == NULL || (is != NULL && o->value == NULL))
		return false;
	if (o->value == NULL) {
		*o->flag = true;
		return true;
	}
	if (is == NULL && *at + 1 >= argc)
		return false;
	*o->value = is != NULL ? is + 1 : argv[++*at];
	return true;
}

bool viz_args_read(struct viz_args *words, int *status, const struct viz_cli *cli,
		   const struct viz_arg *options, int argc, char **argv, size_t least, size_t most)
{
	enum viz_msg wrong = VIZ_MSG_TOO_FEW;
	const char *word = "";
	bool over = false;

	words->count = 0;
	for (int i = 1; i < argc; i++) {
		int at = i;

		if (!over && strcmp(argv[i], "--") == 0) {
			over = true;
		} else if (!over && strcmp(argv[i], "--help") == 0) {
			viz_help_command(cli);
			*status = VIZ_EXIT_OK;
			return false;
		} else if (!over && is_option(argv[i])) {
			if (!take(options, &i, argc, argv)) {
				wrong = lacks_value(options, at, argc, argv) ? VIZ_MSG_NEED_VALUE
									     : VIZ_MSG_BAD_WORD;
				word = argv[at];
				goto fail;
			}
		} else if (words->count == most || words->count == VIZ_ARGS_WORDS_MAX) {
			wrong = VIZ_MSG_BAD_WORD;
			word = argv[i];
			goto fail;
		} else {
			words->word[words->count++] = argv[i];
		}
	}
	if (words->count >= least)
		return true;
fail:
	*status = viz_help_error(cli, wrong, word);
	return false;
}

int viz_args_number(int64_t *out, const struct viz_cli *cli, const char *option, const char *text,
		    int64_t least, int64_t most)
{
	char expected[96];
	long long n;
	char *end;

	errno = 0;
	n = strtoll(text, &end, 10);
	if (errno == 0 && end != text && *end == '\0' && n >= least && n <= most) {
		*out = n;
		return VIZ_EXIT_OK;
	}
	viz_print_text(expected, sizeof expected, cli->lang, VIZ_MSG_WANT_RANGE, (long long)least,
		       (long long)most);
	return viz_print_error(cli, VIZ_EXIT_USAGE, VIZ_CODE_USAGE, VIZ_MSG_BAD_OPTION, option,
			       text, expected);
}

int viz_args_money(int64_t *cents, const struct viz_cli *cli, const char *option, const char *text)
{
	size_t whole = strspn(text, "0123456789"), part;
	const char *rest = text + whole;

	if (whole > 0 && whole <= 7 && (*rest == '\0' || *rest == ',' || *rest == '.')) {
		part = *rest == '\0' ? 0 : strspn(rest + 1, "0123456789");
		if (*rest == '\0' || (part == 2 && rest[3] == '\0')) {
			*cents = strtoll(text, NULL, 10) * 100;
			if (part == 2)
				*cents += (rest[1] - '0') * 10 + (rest[2] - '0');
			return VIZ_EXIT_OK;
		}
	}
	return viz_print_error(cli, VIZ_EXIT_USAGE, VIZ_CODE_USAGE, VIZ_MSG_BAD_OPTION, option,
			       text, "99,90");
}

int viz_args_technology(const char **out, const struct viz_cli *cli, const char *option,
			const char *text)
{
	static const enum viz_msg names[] = {VIZ_MSG_INPUT_FIBER, VIZ_MSG_INPUT_CABLE,
					     VIZ_MSG_INPUT_RADIO, VIZ_MSG_INPUT_COPPER,
					     VIZ_MSG_INPUT_SATELLITE};

	for (unsigned i = 0; i < sizeof names / sizeof names[0]; i++) {
		if (text == NULL || viz_msg_has_word(names[i], text)) {
			*out = viz_coverage_technology_name(VIZ_TECH_FIBER + i);
			return VIZ_EXIT_OK;
		}
	}
	return viz_print_error(cli, VIZ_EXIT_USAGE, VIZ_CODE_USAGE, VIZ_MSG_BAD_OPTION, option,
			       text, "fiber, cable, radio, copper, satellite");
}
