#include "tools/vizinho/main.h"

#include <getopt.h>
#include <jansson.h>
#include <malloc.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "crypto/sign.h"
#include "tools/vizinho/command.h"
#include "tools/vizinho/grid.h"

/* How many words of argv name this command: 0 when it is another one. */
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
	for (const struct viz_command *c = viz_commands; c->name != NULL; c++) {
		*used = words(c, argc, argv);
		if (*used > 0)
			return c;
	}
	return NULL;
}

int viz_command_usage(const struct viz_cli *cli, const char *name)
{
	for (const struct viz_command *c = viz_commands; c->name != NULL; c++)
		if (strcmp(c->name, name) == 0)
			fputs(c->help[cli->lang], stderr);
	return VIZ_EXIT_USAGE;
}

void viz_command_help(const struct viz_cli *cli, const char *name)
{
	for (const struct viz_command *c = viz_commands; c->name != NULL; c++)
		if (strcmp(c->name, name) == 0)
			fputs(c->help[cli->lang], stdout);
}

static void list(FILE *out, const struct viz_cli *cli, const char *noun)
{
	struct viz_grid g;

	viz_grid_init(&g, 2);
	for (const struct viz_command *c = viz_commands; c->name != NULL; c++) {
		size_t len = noun != NULL ? strlen(noun) : 0;
		char name[64];

		if (noun != NULL && (strncmp(c->name, noun, len) != 0 || c->name[len] != ' '))
			continue;
		snprintf(name, sizeof name, "  %s", c->name);
		viz_grid_add(&g, name);
		viz_grid_add(&g, c->line[cli->lang]);
	}
	viz_grid_print(&g, out);
	viz_grid_free(&g);
}

static void usage(FILE *out, const struct viz_cli *cli)
{
	fputs(viz_say_text(cli->lang, VIZ_SAY_USAGE), out);
	list(out, cli, NULL);
}

static bool is_noun(const char *word)
{
	size_t len = strlen(word);

	for (const struct viz_command *c = viz_commands; c->name != NULL; c++)
		if (strncmp(c->name, word, len) == 0 && c->name[len] == ' ')
			return true;
	return false;
}

/* A word that is no command: what there is instead. */
static int unknown(const struct viz_cli *cli, int argc, char **argv)
{
	char name[128];

	if (argc == 1 && is_noun(argv[0])) {
		list(stderr, cli, argv[0]);
		return VIZ_EXIT_USAGE;
	}
	snprintf(name, sizeof name, "%s%s%s", argv[0], argc > 1 && is_noun(argv[0]) ? " " : "",
		 argc > 1 && is_noun(argv[0]) ? argv[1] : "");
	viz_say(stderr, cli->lang, VIZ_SAY_NO_COMMAND, name);
	return VIZ_EXIT_USAGE;
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
		fputs(c->help[cli->lang], stdout);
		return VIZ_EXIT_OK;
	}
	if (c == NULL && argc == 1 && is_noun(argv[0])) {
		list(stdout, cli, argv[0]);
		return VIZ_EXIT_OK;
	}
	return unknown(cli, argc, argv);
}

static int dispatch(const struct viz_cli *cli, int argc, char **argv)
{
	const struct viz_command *c;
	int used;

	if (argc == 0) {
		usage(stderr, cli);
		return VIZ_EXIT_USAGE;
	}
	if (strcmp(argv[0], "help") == 0)
		return help(cli, argc - 1, argv + 1);
	c = find(&used, argc, argv);
	if (c == NULL && argc == 2 && is_noun(argv[0]) && strcmp(argv[1], "--help") == 0)
		return help(cli, 1, argv);
	if (c == NULL)
		return unknown(cli, argc, argv);
	if (argc == used + 1 && strcmp(argv[used], "--help") == 0) {
		fputs(c->help[cli->lang], stdout);
		return VIZ_EXIT_OK;
	}
	return c->run(cli, argc - used + 1, argv + used - 1);
}

static void wipe_and_free(void *p)
{
	if (p != NULL)
		viz_wipe(p, malloc_usable_size(p));
	free(p);
}

/* What the command line and the replies hold is personal data: no core dump of it. */
static void harden(void)
{
	struct rlimit none = {0, 0};

	json_set_alloc_funcs(malloc, wipe_and_free);
	setrlimit(RLIMIT_CORE, &none);
	umask(077);
}

int viz_main_run(int argc, char **argv)
{
	static const struct option options[] = {
	    {"socket", required_argument, NULL, 's'}, {"json", no_argument, NULL, 'j'},
	    {"lang", required_argument, NULL, 'l'},   {"help", no_argument, NULL, 'h'},
	    {"version", no_argument, NULL, 'v'},      {NULL, 0, NULL, 0},
	};
	struct viz_cli cli = {.lang = viz_say_locale()};
	int c;

	optind = 0; /* glibc: start over, and with "+" stop at the first word */
	while ((c = getopt_long(argc, argv, "+h", options, NULL)) != -1) {
		switch (c) {
		case 's':
			cli.socket = optarg;
			break;
		case 'j':
			cli.json = true;
			break;
		case 'l':
			if (viz_say_lang(&cli.lang, optarg))
				break;
			viz_say(stderr, cli.lang, VIZ_SAY_BAD_LANG, optarg);
			return VIZ_EXIT_USAGE;
		case 'h':
			usage(stdout, &cli);
			return VIZ_EXIT_OK;
		case 'v':
			puts("vizinho " VIZ_VERSION);
			return VIZ_EXIT_OK;
		default:
			usage(stderr, &cli);
			return VIZ_EXIT_USAGE;
		}
	}
	harden();
	if (viz_crypto_init() != VIZ_OK)
		return VIZ_EXIT_FAILED;
	return dispatch(&cli, argc - optind, argv + optind);
}
