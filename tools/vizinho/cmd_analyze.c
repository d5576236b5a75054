#include "tools/analyze/analyze_run.h"
#include "tools/vizinho/command.h"

/* Needs no daemon: what the analysis cannot learn from its files it says that it does not know. */
int viz_cmd_analyze(const struct viz_cli *cli, int argc, char **argv)
{
	switch (viz_analyze_run(argc, argv, cli->json, cli->lang == VIZ_CLI_PT ? "pt-BR" : "en",
				NULL)) {
	case 0:
		return VIZ_EXIT_OK;
	case 2:
		return VIZ_EXIT_USAGE;
	default:
		return VIZ_EXIT_FAILED;
	}
}
