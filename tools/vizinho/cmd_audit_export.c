/* `vizinho audit export` and `vizinho audit verify`: a folder that proves a contradiction to
 * anybody, and the check of one. The check asks no daemon. */
#include <errno.h>

#include "node/host/speech.h"
#include "tools/vizinho/args.h"
#include "tools/vizinho/client.h"
#include "tools/vizinho/evidence.h"
#include "tools/vizinho/evidence_disk.h"
#include "tools/vizinho/print.h"

static int export_to(const struct viz_cli *cli, const char *dir, const json_t *reply)
{
	struct viz_evidence *e = calloc(1, sizeof *e);
	struct viz_evidence_folder folder = {0};
	const char *name;
	size_t bad, files;
	int status;

	VIZ_REQUIRE(e);
	if (viz_evidence_from_reply(e, reply) != VIZ_OK || viz_evidence_check(e, &bad) != VIZ_OK) {
		status =
		    viz_print_error(cli, VIZ_EXIT_FAILED, "not-proved", VIZ_MSG_EXPORT_NOT_PROVED);
	} else {
		viz_evidence_build(&folder, e);
		name = viz_evidence_disk_write(&folder, dir);
		files = folder.count;
		if (name)
			status = viz_print_error(cli, VIZ_EXIT_FAILED, "not-written",
						 VIZ_MSG_EXPORT_NOT_WRITTEN, name,
						 viz_host_speech_errno(errno));
		else
			status = VIZ_EXIT_OK;
		if (!name && cli->json)
			viz_print_json(json_pack("{s:o,s:i,s:I}", "folder", viz_print_path(dir),
						 "rule", (int)e->rule, "files", (json_int_t)files));
		if (!name)
			viz_print(cli, VIZ_MSG_EXPORT_DONE, dir, files);
	}
	viz_evidence_folder_free(&folder);
	viz_evidence_free(e);
	free(e);
	return status;
}

int viz_cmd_audit_export(const struct viz_cli *cli, int argc, char **argv)
{
	struct viz_args words;
	json_t *reply;
	int status;

	if (!viz_args_read(&words, &status, cli, NULL, argc, argv, 2, 2))
		return status;
	status = viz_client_ask(&reply, cli, "audit.export",
				json_pack("{s:s}", "finding", words.word[0]));
	if (status == VIZ_EXIT_OK) {
		status = export_to(cli, words.word[1], reply);
		json_decref(reply);
	}
	return status;
}
