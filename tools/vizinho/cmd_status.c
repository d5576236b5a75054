#include "tools/vizinho/client.h"

int viz_cmd_status(const struct viz_cli *cli, int argc, char **argv)
{
	json_t *result;
	int status;

	(void)argv;
	if (argc != 1)
		return viz_command_usage(cli, "status");
	status = viz_client_ask(&result, cli, "status", NULL);
	if (status != VIZ_EXIT_OK)
		return status;
	viz_client_print(cli, result);
	json_decref(result);
	return VIZ_EXIT_OK;
}
