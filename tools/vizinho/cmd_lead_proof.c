/* `vizinho lead proof`: the proof that the customer keeps. */
#include "tools/vizinho/args.h"
#include "tools/vizinho/client.h"
#include "tools/vizinho/print.h"
#include "tools/vizinho/qr.h"
#include "tools/vizinho/reply.h"
#include "tools/vizinho/table.h"

static void print_names(struct viz_grid *g, const struct viz_cli *cli, enum viz_msg head,
			const json_t *names, const json_t *ids)
{
	char text[1024] = "";
	size_t at = 0;

	for (size_t i = 0; i < json_array_size(ids) && at < sizeof text; i++)
		at += (size_t)snprintf(
		    text + at, sizeof text - at, "%s%s", i > 0 ? ", " : "",
		    viz_reply_text(names, json_string_value(json_array_get(ids, i))));
	viz_table_row(g, cli, head, text);
}

/* What the line says, for the agent; the line stands alone below, for copying. */
static void print_proof(const struct viz_cli *cli, const json_t *proof)
{
	const json_t *names = json_object_get(proof, "names");
	struct viz_grid g;

	viz_grid_init(&g, 2);
	print_names(&g, cli, VIZ_MSG_PROOF_ASKED, names, json_object_get(proof, "asked"));
	print_names(&g, cli, VIZ_MSG_PROOF_ORDER, names, json_object_get(proof, "order"));
	viz_table_row(&g, cli, VIZ_MSG_PROOF_CHOSEN,
		      viz_reply_text(names, viz_reply_text(proof, "chosen")));
	viz_table_row(&g, cli, VIZ_MSG_PROOF_TEXT, viz_reply_text(proof, "text_version"));
	viz_table_print(&g);
	viz_print_blank(cli);
}

int viz_cmd_lead_proof(const struct viz_cli *cli, int argc, char **argv)
{
	bool qr = false;
	const struct viz_arg options[] = {{"qr", NULL, &qr}, {NULL, NULL, NULL}};
	struct viz_args words;
	json_t *result;
	size_t columns;
	int status;

	if (!viz_args_read(&words, &status, cli, options, argc, argv, 1, 1))
		return status;
	status =
	    viz_client_query(&result, cli, "lead.proof", json_pack("{s:s}", "lead", words.word[0]));
	if (result == NULL)
		return status;
	print_proof(cli, result);
	if (qr) {
		columns = viz_qr_print(stdout, viz_reply_text(result, "line"));
		if (columns > 0)
			viz_print_hint(cli, VIZ_MSG_PROOF_QR, columns);
	}
	printf("%s\n", viz_reply_text(result, "line"));
	json_decref(result);
	return VIZ_EXIT_OK;
}
