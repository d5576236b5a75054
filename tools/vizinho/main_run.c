#include "tools/vizinho/main.h"

#include <jansson.h>
#include <malloc.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "crypto/crypto.h"
#include "crypto/secret.h"
#include "node/host/speech.h"
#include "node/host/spelling.h"
#include "tools/vizinho/grid.h"
#include "tools/vizinho/help.h"
#include "tools/vizinho/print.h"

/* How many words of argv name this command; 0: they name another one. */
static int words(const struct viz_command *c, int argc, char **argv)
{
	const char *space = strchr(c->name, ' ');
	size_t first = space != NULL ? (size_t)(space - c->name) : strlen(c->name);

	if (argc < 1 || strlen(argv[0]) != first || strncmp(argv[0], c->name, first) != 0)
		return 0;
	if (space == NULL)
		return 1;
	return argc > 1 && strcmp(argv[1], space + 1) == 0 ? 2 : 0;
}

static const struct viz_command *find(int *used, int argc, char **argv)
{
	const struct viz_command *found = NULL;

	/* "audit verify" before "audit", which takes a word too */
	*used = 0;
	for (const struct viz_command *c = viz_commands; c->name != NULL; c++) {
		int n = words(c, argc, argv);

		if (n > *used) {
			*used = n;
			found = c;
		}
	}
	return found;
}

/* The commands, or those of one noun, below `head`; VIZ_MSG_COUNT: no head. */
static void list(FILE *out, const struct viz_cli *cli, enum viz_msg head, const char *noun)
{
	struct viz_grid g;
	char *text = NULL;
	size_t size = 0;
	FILE *f = open_memstream(&text, &size);

	VIZ_REQUIRE(f != NULL);
	if (head != VIZ_MSG_COUNT)
		(viz_print_to)(f, cli->lang, head, VIZ_LANG_LIST);
	viz_grid_init(&g, 2);
	for (const struct viz_command *c = viz_commands; c->name != NULL; c++) {
		size_t len = noun != NULL ? strlen(noun) : 0;
		char name[64];

		if (noun != NULL && (strncmp(c->name, noun, len) != 0 || c->name[len] != ' '))
			continue;
		snprintf(name, sizeof name, "  %s", c->name);
		viz_grid_add(&g, name);
		viz_grid_add(&g, viz_msg(cli->lang, c->line));
	}
	viz_grid_print(&g, f);
	viz_grid_free(&g);
	VIZ_REQUIRE(fclose(f) == 0 && size > 0);
	text[size - 1] = '\0';
	viz_help_print(out, cli, text);
	free(text);
}

static void usage(FILE *out, const struct viz_cli *cli)
{
	list(out, cli, VIZ_MSG_USAGE, NULL);
}

static bool is_noun(const char *word)
{
	size_t len = strlen(word);

	for (const struct viz_command *c = viz_commands; c->name != NULL; c++)
		if (strncmp(c->name, word, len) == 0 && c->name[len] == ' ')
			return true;
	return false;
}

/* Only a noun was typed: its commands. */
static int need_verb(const struct viz_cli *cli, const char *noun)
{
	int status = viz_print_error(cli, VIZ_EXIT_USAGE, VIZ_CODE_USAGE, VIZ_MSG_NEED_NOUN, noun);

	if (!cli->json)
		list(stderr, cli, VIZ_MSG_COUNT, noun);
	return status;
}

/* Compares what was typed with one way to name the command, and keeps the command if that is the
 * nearest so far. */
static void compare(const struct viz_command **found, struct viz_host_spelling *s,
		    const struct viz_command *c, const char *way)
{
	unsigned before = s->distance;

	viz_host_spelling_known(s, way);
	if (s->distance < before)
		*found = c;
}

/* The command that was meant: by its whole name, or by its verb alone. NULL: none is like it. */
static const struct viz_command *nearest(const char *first, const char *both)
{
	struct viz_host_spelling one = viz_host_spelling_of(first),
				 two = viz_host_spelling_of(both);
	const struct viz_command *by_one = NULL, *by_two = NULL;

	for (const struct viz_command *c = viz_commands; c->name != NULL; c++) {
		const char *space = strchr(c->name, ' ');

		compare(&by_two, &two, c, c->name);
		compare(&by_one, &one, c, space != NULL ? space + 1 : c->name);
	}
	return by_two != NULL && two.distance <= one.distance ? by_two : by_one;
}

/* The command of this noun that was meant. NULL: none is like it. */
static const struct viz_command *nearest_verb(const char *noun, const char *verb)
{
	struct viz_host_spelling s = viz_host_spelling_of(verb);
	const struct viz_command *found = NULL;
	size_t len = strlen(noun);

	for (const struct viz_command *c = viz_commands; c->name != NULL; c++)
		if (strncmp(c->name, noun, len) == 0 && c->name[len] == ' ')
			compare(&found, &s, c, c->name + len + 1);
	return found;
}

/* Prints the error for words that are no command. */
static int unknown(const struct viz_cli *cli, int argc, char **argv)
{
	bool pair = argc > 1 && argv[1][0] != '-';
	const struct viz_command *meant;
	char name[128];

	if (is_noun(argv[0]) && !pair)
		return need_verb(cli, argv[0]);
	snprintf(name, sizeof name, "%s%s%s", argv[0], pair ? " " : "", pair ? argv[1] : "");
	meant = is_noun(argv[0]) ? nearest_verb(argv[0], argv[1]) : nearest(argv[0], name);
	if (!is_noun(argv[0]) && (meant == NULL || strchr(meant->name, ' ') == NULL))
		name[strlen(argv[0])] = '\0';
	if (meant != NULL)
		return viz_print_error(cli, VIZ_EXIT_USAGE, VIZ_CODE_USAGE, VIZ_MSG_NO_COMMAND_NEAR,
				       name, meant->name);
	return viz_print_error(cli, VIZ_EXIT_USAGE, VIZ_CODE_USAGE, VIZ_MSG_NO_COMMAND, name);
}

static int help(const struct viz_cli *cli, int argc, char **argv)
{
	const struct viz_command *c;
	int used;

	if (argc == 0) {
		usage(stdout, cli);
		return VIZ_EXIT_OK;
	}
	c = find(&used, argc, argv);
	if (c != NULL && used == argc) {
		viz_help_print(stdout, cli, viz_msg(cli->lang, c->help));
		return VIZ_EXIT_OK;
	}
	if (c == NULL && argc == 1 && is_noun(argv[0])) {
		list(stdout, cli, VIZ_MSG_COUNT, argv[0]);
		return VIZ_EXIT_OK;
	}
	return unknown(cli, argc, argv);
}

static int version(const struct viz_cli *cli)
{
	puts(cli->json ? "{\"version\":\"" VIZ_VERSION "\"}" : "vizinho " VIZ_VERSION);
	return VIZ_EXIT_OK;
}

static int unknown_option(const struct viz_cli *cli, const char *word)
{
	int status = viz_print_error(cli, VIZ_EXIT_USAGE, VIZ_CODE_USAGE, VIZ_MSG_NO_OPTION, word);

	if (!cli->json)
		usage(stderr, cli);
	return status;
}

static bool is_help(const char *word)
{
	return strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0;
}

static int dispatch(struct viz_cli *cli, int argc, char **argv)
{
	const struct viz_command *c;
	int used;

	if (argc == 0) {
		int status =
		    viz_print_error(cli, VIZ_EXIT_USAGE, VIZ_CODE_USAGE, VIZ_MSG_NEED_COMMAND);

		if (!cli->json)
			usage(stderr, cli);
		return status;
	}
	if (is_help(argv[0]))
		return help(cli, argc - 1, argv + 1);
	if (strcmp(argv[0], "--version") == 0)
		return version(cli);
	if (argv[0][0] == '-')
		return unknown_option(cli, argv[0]);
	if (strcmp(argv[0], "help") == 0)
		return help(cli, argc - 1, argv + 1);
	c = find(&used, argc, argv);
	if (c == NULL && argc == 2 && is_noun(argv[0]) && is_help(argv[1]))
		return help(cli, 1, argv);
	if (c == NULL)
		return unknown(cli, argc, argv);
	if (argc == used + 1 && is_help(argv[used])) {
		viz_help_print(stdout, cli, viz_msg(cli->lang, c->help));
		return VIZ_EXIT_OK;
	}
	cli->command = c;
	return c->run(cli, argc - used + 1, argv + used - 1);
}

static void wipe_and_free(void *p)
{
	if (p != NULL)
		viz_secret_wipe(p, malloc_usable_size(p));
	free(p);
}

/* The command line and the replies may hold personal data, so no core dump is written. */
static void harden(void)
{
	struct rlimit none = {0, 0};

	json_set_alloc_funcs(malloc, wipe_and_free);
	setrlimit(RLIMIT_CORE, &none);
	umask(077);
}

/* Reads --NAME VALUE or --NAME=VALUE at argv[*at]; NULL: it is another word. `lacks`: no value. */
static const char *global(bool *lacks, int *at, int argc, char **argv, const char *name)
{
	size_t len = strlen(name);

	*lacks = false;
	if (strncmp(argv[*at], name, len) != 0)
		return NULL;
	if (argv[*at][len] == '=')
		return argv[*at] + len + 1;
	if (argv[*at][len] != '\0')
		return NULL;
	*lacks = *at + 1 >= argc;
	return *lacks ? name : argv[++*at];
}

/* Takes --socket, --json and --lang out of the words, anywhere before a "--". An error is printed
 * when all words are read, because --json may come last. */
static int take_globals(struct viz_cli *cli, int *argc, char **argv)
{
	enum viz_msg wrong = VIZ_MSG_COUNT;
	const char *what = "";
	int n = 0;
	bool over = false;

	for (int i = 0; i < *argc; i++) {
		bool lacks = false;
		const char *value;
		int at = i;

		over = over || strcmp(argv[i], "--") == 0;
		if (!over && strcmp(argv[i], "--json") == 0) {
			cli->json = true;
		} else if (!over && (value = global(&lacks, &i, *argc, argv, "--socket")) != NULL) {
			cli->socket = value;
		} else if (!over && (value = global(&lacks, &i, *argc, argv, "--lang")) != NULL) {
			if (!lacks && !viz_host_lang_parse(&cli->lang, value)) {
				wrong = VIZ_MSG_BAD_LANG;
				what = value;
			}
		} else {
			argv[n++] = argv[at];
		}
		if (lacks) {
			wrong = VIZ_MSG_NEED_VALUE;
			what = argv[at];
		}
	}
	argv[n] = NULL;
	*argc = n;
	return wrong == VIZ_MSG_COUNT ? VIZ_EXIT_OK
				      : (viz_print_error)(cli, VIZ_EXIT_USAGE, VIZ_CODE_USAGE,
							  wrong, what, VIZ_LANG_LIST);
}

int viz_main_run(int argc, char **argv)
{
	struct viz_cli cli = {.lang = viz_host_lang_locale()};
	int words_n = argc - 1, status;

	if (argc < 1)
		return VIZ_EXIT_USAGE;
	status = take_globals(&cli, &words_n, argv + 1);
	viz_host_speech_init(cli.lang);
	if (status != VIZ_EXIT_OK)
		return viz_print_end(&cli, status);
	harden();
	if (viz_crypto_init() != VIZ_OK)
		return viz_print_fault(&cli, VIZ_EXIT_FAILED, VIZ_CODE_FAILED,
				       "libsodium does not start", NULL);
	return viz_print_end(&cli, dispatch(&cli, words_n, argv + 1));
}
