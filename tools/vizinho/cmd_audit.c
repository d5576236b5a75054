/* `vizinho audit`: what the signed records show, in three verdicts. It accuses nobody. */
#include "tools/vizinho/args.h"
#include "tools/vizinho/client.h"
#include "tools/vizinho/format.h"
#include "tools/vizinho/help.h"
#include "tools/vizinho/print.h"
#include "tools/vizinho/probing_table.h"
#include "tools/vizinho/reply.h"
#include "tools/vizinho/table.h"

static void print_findings(const struct viz_cli *cli, const json_t *list)
{
	static const enum viz_msg heads[] = {VIZ_MSG_HEAD_VERDICT, VIZ_MSG_HEAD_ORIGIN,
					     VIZ_MSG_HEAD_LEAD,    VIZ_MSG_HEAD_RULE,
					     VIZ_MSG_HEAD_FOUND,   VIZ_MSG_HEAD_FINDING};
	struct viz_grid g;
	json_t *f;
	size_t i;

	viz_table_heads(&g, cli, heads, 6);
	json_array_foreach(list, i, f)
	{
		viz_grid_add(&g, viz_format_word(cli, viz_reply_text(f, "verdict")));
		viz_grid_add(&g, viz_reply_text(f, "name"));
		viz_grid_add(&g, viz_reply_text(f, "lead"));
		viz_grid_add(&g, viz_format_word(cli, viz_reply_text(f, "rule")));
		viz_table_time(&g, cli, json_object_get(f, "found"));
		viz_grid_add(&g, viz_reply_text(f, "id"));
	}
	viz_table_print(&g);
}

int viz_cmd_audit(const struct viz_cli *cli, int argc, char **argv)
{
	struct viz_args words;
	json_t *result;
	const json_t *list;
	long long seen;
	int status;

	if (!viz_args_read(&words, &status, cli, NULL, argc, argv, 0, 1))
		return status;
	if (words.count == 1 && strcmp(words.word[0], "show") != 0)
		return viz_help_error(cli, VIZ_MSG_BAD_WORD, words.word[0]);
	status = viz_client_query(&result, cli, "audit.show", NULL);
	if (result == NULL)
		return status;
	list = json_object_get(result, "findings");
	seen = (long long)viz_reply_number(result, "offers_seen");
	if (json_array_size(list) == 0) {
		viz_print(cli, VIZ_MSG_AUDIT_CLEAN, seen);
	} else {
		print_findings(cli, list);
		viz_print_blank(cli);
		viz_print(cli, VIZ_MSG_AUDIT_FOUND, seen, json_array_size(list));
	}
	viz_probing_table_print(cli, json_object_get(result, "probing"));
	json_decref(result);
	return VIZ_EXIT_OK;
}
