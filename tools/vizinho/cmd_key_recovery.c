/* `vizinho key recovery`: a new key for backups. The node gets its public part. */
#include <jansson.h>

#include "crypto/secret.h"
#include "tools/vizinho/args.h"
#include "tools/vizinho/ask.h"
#include "tools/vizinho/client.h"
#include "tools/vizinho/print.h"
#include "tools/vizinho/recovery.h"

int viz_cmd_key_recovery(const struct viz_cli *cli, int argc, char **argv)
{
	bool yes = false;
	const struct viz_arg options[] = {{"yes", NULL, &yes}, {NULL, NULL, NULL}};
	struct viz_args words;
	struct viz_secret secret;
	struct viz_pub pub;
	json_t *result = NULL;
	char hex[65];
	int status;

	if (!viz_args_read(&words, &status, cli, options, argc, argv, 0, 0))
		return status;
	status = viz_ask_confirm(cli, yes, VIZ_MSG_RECOVERY_SURE);
	if (status != VIZ_EXIT_OK)
		return status;
	viz_recovery_key_make(&secret, &pub);
	viz_hex(hex, pub.b, sizeof pub.b);
	status = viz_client_ask(&result, cli, "key.recovery", json_pack("{s:s}", "public", hex));
	if (status == VIZ_EXIT_OK) {
		viz_recovery_key_show(cli, result, &secret);
		if (cli->json)
			viz_print_json(result);
	}
	json_decref(result);
	viz_secret_wipe(&secret, sizeof secret);
	return status;
}
