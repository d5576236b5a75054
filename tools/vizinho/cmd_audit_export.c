/* `vizinho audit export`: a folder that proves a contradiction to anybody. */
#include <errno.h>

#include "node/host/speech.h"
#include "tools/vizinho/args.h"
#include "tools/vizinho/client.h"
#include "tools/vizinho/evidence.h"
#include "tools/vizinho/evidence_disk.h"
#include "tools/vizinho/print.h"
#include "tools/vizinho/proof_input.h"

static int export_to(const struct viz_cli *cli, const char *dir, const json_t *reply)
{
	struct viz_evidence *e = calloc(1, sizeof *e);
	struct viz_evidence_folder folder = {0};
	const char *name;
	size_t bad, files;
	int status;

	VIZ_REQUIRE(e);
	if (viz_evidence_from_reply(e, reply) != VIZ_OK || viz_evidence_check(e, &bad) != VIZ_OK) {
		status = viz_print_error(cli, VIZ_EXIT_FAILED, VIZ_CODE_NOT_PROVED,
					 VIZ_MSG_EXPORT_NOT_PROVED);
	} else {
		viz_evidence_build(&folder, e);
		name = viz_evidence_disk_write(&folder, dir);
		files = folder.count;
		if (name)
			status = viz_print_error(cli, VIZ_EXIT_FAILED, VIZ_CODE_NOT_WRITTEN,
						 VIZ_MSG_EXPORT_NOT_WRITTEN, name,
						 viz_host_speech_errno(errno));
		else
			status = VIZ_EXIT_OK;
		if (!name && cli->json)
			viz_print_json_new(json_pack("{s:o,s:i,s:I}", "folder", viz_print_path(dir),
						     "rule_number", (int)e->rule, "file_count",
						     (json_int_t)files));
		if (!name)
			viz_print(cli, VIZ_MSG_EXPORT_DONE, dir, files);
	}
	viz_evidence_folder_free(&folder);
	viz_evidence_free(e);
	free(e);
	return status;
}

/* The request; the line of the proof goes with it when there is one. */
static int make_request(json_t **out, const struct viz_cli *cli, const char *finding,
			const char *proof)
{
	char line[VIZ_PROOF_LINE_MAX + 1];
	struct viz_offer_proof *p = calloc(1, sizeof *p);
	int status = VIZ_EXIT_OK;

	VIZ_REQUIRE(p);
	if (proof)
		status = viz_proof_input_read(p, cli, proof);
	if (status == VIZ_EXIT_OK && proof)
		VIZ_REQUIRE(viz_offer_proof_text(line, &p->line) == VIZ_OK);
	if (status == VIZ_EXIT_OK)
		*out = proof ? json_pack("{s:s,s:s}", "finding", finding, "proof", line)
			     : json_pack("{s:s}", "finding", finding);
	free(p);
	return status;
}

int viz_cmd_audit_export(const struct viz_cli *cli, int argc, char **argv)
{
	const char *proof = NULL;
	const struct viz_arg options[] = {{"proof", &proof, NULL}, {NULL, NULL, NULL}};
	struct viz_args words;
	json_t *request, *reply;
	int status;

	if (!viz_args_read(&words, &status, cli, options, argc, argv, 2, 2))
		return status;
	status = make_request(&request, cli, words.word[0], proof);
	if (status == VIZ_EXIT_OK)
		status = viz_client_ask(&reply, cli, "audit.export", request);
	if (status == VIZ_EXIT_OK) {
		status = export_to(cli, words.word[1], reply);
		json_decref(reply);
	}
	return status;
}
