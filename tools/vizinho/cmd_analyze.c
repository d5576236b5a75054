#include "tools/analyze/analyze_run.h"
#include "tools/vizinho/command.h"
#include "tools/vizinho/help.h"
#include "tools/vizinho/network.h"

/* Takes --no-node out of the words. */
static bool without_node(int *argc, char **argv)
{
	bool found = false;
	int n = 0;

	for (int i = 0; i < *argc; i++) {
		if (i > 0 && strcmp(argv[i], "--no-node") == 0)
			found = true;
		else
			argv[n++] = argv[i];
	}
	if (n < *argc)
		argv[n] = NULL;
	*argc = n;
	return found;
}

/* --help may come anywhere; its language is that of --lang. */
static bool asks_help(const struct viz_cli *cli, int argc, char **argv)
{
	struct viz_cli spoken = *cli;
	bool asks = false;

	for (int i = 1; i < argc; i++) {
		const char *lang = strncmp(argv[i], "--lang=", 7) == 0 ? argv[i] + 7 : NULL;

		if (strcmp(argv[i], "--lang") == 0)
			lang = argv[i + 1]; /* NULL after the last */
		if (lang)
			viz_host_lang_parse(&spoken.lang, lang);
		asks |= strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0;
	}
	if (asks)
		viz_help_command(&spoken);
	return asks;
}

/* Needs no daemon. Where one answers, its coverage and that of its partners count too. */
int viz_cmd_analyze(const struct viz_cli *cli, int argc, char **argv)
{
	struct viz_network *network;
	int status;

	if (asks_help(cli, argc, argv))
		return VIZ_EXIT_OK;
	network = without_node(&argc, argv) || argc < 2 ? NULL : viz_network_ask(cli);
	status = viz_analyze_run(argc, argv, cli->json, viz_host_lang_tag(cli->lang),
				 viz_network_coverage(network));

	viz_network_free(network);
	switch (status) {
	case 0:
		return VIZ_EXIT_OK;
	case 2:
		return VIZ_EXIT_USAGE;
	default:
		return VIZ_EXIT_FAILED;
	}
}
