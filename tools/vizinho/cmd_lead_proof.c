/* `vizinho lead proof`: the proof that the customer keeps. */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "node/host/speech.h"
#include "tools/vizinho/args.h"
#include "tools/vizinho/client.h"
#include "tools/vizinho/print.h"
#include "tools/vizinho/qr.h"
#include "tools/vizinho/reply.h"
#include "tools/vizinho/table.h"

/* "" when none of the nodes has this id. */
static const char *name_of(const json_t *nodes, const char *id)
{
	for (size_t i = 0; i < json_array_size(nodes); i++)
		if (strcmp(viz_reply_text(json_array_get(nodes, i), "id"), id) == 0)
			return viz_reply_text(json_array_get(nodes, i), "name");
	return "";
}

static void print_names(struct viz_grid *g, const struct viz_cli *cli, enum viz_msg head,
			const json_t *nodes, const json_t *ids)
{
	char text[1024] = "";
	size_t at = 0;

	for (size_t i = 0; i < json_array_size(ids) && at < sizeof text; i++)
		at += (size_t)snprintf(text + at, sizeof text - at, "%s%s", i > 0 ? ", " : "",
				       name_of(nodes, json_string_value(json_array_get(ids, i))));
	viz_table_row(g, cli, head, text);
}

/* What the line says, for the agent; the line stands alone below, for copying. */
static void print_proof(const struct viz_cli *cli, const json_t *proof)
{
	const json_t *nodes = json_object_get(proof, "nodes");
	struct viz_grid g;

	viz_grid_init(&g, 2);
	print_names(&g, cli, VIZ_MSG_PROOF_ASKED, nodes, json_object_get(proof, "asked"));
	print_names(&g, cli, VIZ_MSG_PROOF_ORDER, nodes, json_object_get(proof, "order"));
	viz_table_row(&g, cli, VIZ_MSG_PROOF_CHOSEN,
		      name_of(nodes, viz_reply_text(proof, "chosen")));
	viz_table_row(&g, cli, VIZ_MSG_PROOF_TEXT, viz_reply_text(proof, "text_version"));
	viz_table_print(&g);
	viz_print_blank(cli);
}

/* Writes the code as a picture. */
static int write_svg(const struct viz_cli *cli, const char *path, const char *line)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	FILE *out = fd < 0 ? NULL : fdopen(fd, "w");
	bool done = out && viz_qr_svg(out, line) && !ferror(out);

	if (out)
		done = fclose(out) == 0 && done;
	else if (fd >= 0)
		close(fd);
	if (!done)
		return viz_print_error(cli, VIZ_EXIT_FAILED, VIZ_CODE_NOT_WRITTEN,
				       VIZ_MSG_SVG_FAILED, path, viz_host_speech_errno(errno));
	viz_print_hint(cli, VIZ_MSG_PROOF_SVG, path);
	return VIZ_EXIT_OK;
}

int viz_cmd_lead_proof(const struct viz_cli *cli, int argc, char **argv)
{
	const char *svg = NULL, *line;
	bool qr = false;
	const struct viz_arg options[] = {
	    {"qr", NULL, &qr}, {"svg", &svg, NULL}, {NULL, NULL, NULL}};
	struct viz_args words;
	json_t *result;
	size_t columns;
	int status;

	if (!viz_args_read(&words, &status, cli, options, argc, argv, 1, 1))
		return status;
	status =
	    viz_client_ask(&result, cli, "lead.proof", json_pack("{s:s}", "lead", words.word[0]));
	if (status != VIZ_EXIT_OK)
		return status;
	line = viz_reply_text(result, "line");
	if (svg)
		status = write_svg(cli, svg, line);
	if (status == VIZ_EXIT_OK && cli->json) {
		viz_print_json(result);
	} else if (status == VIZ_EXIT_OK) {
		print_proof(cli, result);
		columns = qr ? viz_qr_print(stdout, line, isatty(STDOUT_FILENO) == 1) : 0;
		if (columns > 0)
			viz_print_hint(cli, VIZ_MSG_PROOF_QR, columns);
		printf("%s\n", line);
	}
	json_decref(result);
	return status;
}
