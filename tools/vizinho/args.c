#include "tools/vizinho/args.h"

#include <errno.h>

#include "node/host/spelling.h"
#include "proto/coverage.h"
#include "tools/vizinho/help.h"
#include "tools/vizinho/print.h"
#include "tools/vizinho/synopsis.h"

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

/* There is no such option. `name` is without what stands behind "=": it may be personal. */
static int unknown_option(const struct viz_cli *cli, const struct viz_arg *options,
			  const char *name)
{
	static const char *const everywhere[] = {"help", "json", "lang", "socket"};
	struct viz_host_spelling s = viz_host_spelling_of(name + strspn(name, "-"));
	char text[256];

	for (const struct viz_arg *o = options; o != NULL && o->name != NULL; o++)
		viz_host_spelling_known(&s, o->name);
	for (size_t i = 0; i < sizeof everywhere / sizeof everywhere[0]; i++)
		viz_host_spelling_known(&s, everywhere[i]);
	if (s.nearest == NULL)
		return viz_help_error(cli, VIZ_MSG_NO_OPTION, name);
	viz_print_text(text, sizeof text, cli->lang, VIZ_MSG_NO_OPTION_NEAR, name, s.nearest);
	return viz_help_fault(cli, text);
}

/* Takes the option at argv[*at]. Else VIZ_EXIT_USAGE, with the error printed. */
static int take(const struct viz_cli *cli, const struct viz_arg *options, int *at, int argc,
		char **argv)
{
	size_t len = strcspn(argv[*at], "=");
	const char *is = argv[*at][len] == '=' ? argv[*at] + len + 1 : NULL;
	const struct viz_arg *o =
	    argv[*at][1] == '-' ? find(options, argv[*at] + 2, len - 2) : NULL;
	char name[64];

	snprintf(name, sizeof name, "%.*s", (int)len, argv[*at]);
	if (o == NULL)
		return unknown_option(cli, options, name);
	if (is != NULL && o->value == NULL)
		return viz_help_error(cli, VIZ_MSG_NO_VALUE, name);
	if (o->value == NULL) {
		*o->flag = true;
		return VIZ_EXIT_OK;
	}
	if (is == NULL && *at + 1 >= argc)
		return viz_help_error(cli, VIZ_MSG_NEED_VALUE, name);
	*o->value = is != NULL ? is : argv[++*at];
	return VIZ_EXIT_OK;
}

bool viz_args_read(struct viz_args *words, int *status, const struct viz_cli *cli,
		   const struct viz_arg *options, int argc, char **argv, size_t least, size_t most)
{
	char missing[VIZ_SYNOPSIS_WORD_MAX];
	bool over = false;

	words->count = 0;
	*status = VIZ_EXIT_OK;
	for (int i = 1; i < argc && *status == VIZ_EXIT_OK; i++) {
		if (!over && strcmp(argv[i], "--") == 0) {
			over = true;
		} else if (!over &&
			   (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0)) {
			viz_help_command(cli);
			return false;
		} else if (!over && is_option(argv[i])) {
			*status = take(cli, options, &i, argc, argv);
		} else if (words->count == most || words->count == VIZ_ARGS_WORDS_MAX) {
			*status = viz_help_error(
			    cli, most > 0 ? VIZ_MSG_EXTRA_WORD_QUOTE : VIZ_MSG_EXTRA_WORD, argv[i]);
		} else {
			words->word[words->count++] = argv[i];
		}
	}
	if (*status != VIZ_EXIT_OK || words->count >= least)
		return *status == VIZ_EXIT_OK;
	viz_synopsis_word(missing, cli, words->count);
	*status = viz_help_error(cli, VIZ_MSG_NEED_OPTION, missing);
	return false;
}

bool viz_args_have(int *status, const struct viz_cli *cli, const struct viz_arg *options, size_t n)
{
	char missing[256] = "", name[64], one[VIZ_SYNOPSIS_WORD_MAX];

	*status = VIZ_EXIT_OK;
	for (size_t i = 0; i < n; i++) {
		size_t len = strlen(missing);

		if (*options[i].value != NULL)
			continue;
		snprintf(name, sizeof name, "--%s", options[i].name);
		viz_synopsis_option(one, cli, name);
		snprintf(missing + len, sizeof missing - len, "%s%s", len > 0 ? ", " : "", one);
	}
	if (missing[0] == '\0')
		return true;
	*status = viz_help_error(cli, VIZ_MSG_NEED_OPTION, missing);
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

int viz_args_choice(size_t *out, const struct viz_cli *cli, const char *option, const char *text,
		    const enum viz_msg *words, size_t n)
{
	char expected[256] = "";

	for (size_t i = 0; i < n; i++) {
		const char *known = viz_msg(cli->lang, words[i]);
		size_t len = strlen(expected);

		if (viz_msg_has_word(words[i], text)) {
			*out = i;
			return VIZ_EXIT_OK;
		}
		snprintf(expected + len, sizeof expected - len, "%s%.*s", i > 0 ? ", " : "",
			 (int)strcspn(known, " "), known);
	}
	if (option == NULL)
		return viz_print_error(cli, VIZ_EXIT_USAGE, VIZ_CODE_USAGE, VIZ_MSG_BAD_CHOICE,
				       text, expected);
	return viz_print_error(cli, VIZ_EXIT_USAGE, VIZ_CODE_USAGE, VIZ_MSG_BAD_OPTION, option,
			       text, expected);
}

int viz_args_technology(const char **out, const struct viz_cli *cli, const char *option,
			const char *text)
{
	static const enum viz_msg words[] = {VIZ_MSG_INPUT_FIBER, VIZ_MSG_INPUT_CABLE,
					     VIZ_MSG_INPUT_RADIO, VIZ_MSG_INPUT_COPPER,
					     VIZ_MSG_INPUT_SATELLITE};
	size_t which = 0;
	int status = VIZ_EXIT_OK;

	if (text != NULL)
		status = viz_args_choice(&which, cli, option, text, words, 5);
	if (status == VIZ_EXIT_OK)
		*out = viz_coverage_technology_name(VIZ_TECH_FIBER + (unsigned)which);
	return status;
}
