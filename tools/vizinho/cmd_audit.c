/* `vizinho audit`: what the signed records show. Never an accusation: three verdicts, and the words
 * for them. */
#include "tools/vizinho/args.h"
#include "tools/vizinho/tell.h"

static void tell_findings(const struct viz_cli *cli, const json_t *list)
{
	static const enum viz_say_id heads[] = {VIZ_SAY_HEAD_VERDICT, VIZ_SAY_HEAD_ORIGIN,
						VIZ_SAY_HEAD_LEAD, VIZ_SAY_HEAD_RULE,
						VIZ_SAY_HEAD_FOUND};
	struct viz_grid g;
	json_t *f;
	size_t i;

	viz_tell_heads(&g, cli, heads, 5);
	json_array_foreach(list, i, f)
	{
		viz_grid_add(&g, viz_tell_word(cli, viz_tell_text(f, "verdict")));
		viz_grid_add(&g, viz_tell_text(f, "name"));
		viz_grid_add(&g, viz_tell_text(f, "lead"));
		viz_grid_add(&g, viz_tell_word(cli, viz_tell_text(f, "rule")));
		viz_tell_cell_time(&g, cli, json_object_get(f, "found"));
	}
	viz_tell_print(&g);
}

int viz_cmd_audit(const struct viz_cli *cli, int argc, char **argv)
{
	struct viz_words_read words;
	json_t *result;
	const json_t *list;
	long long seen;
	int status;

	if (!viz_args_read(&words, &status, cli, "audit", NULL, argc, argv, 0, 1))
		return status;
	if (words.count == 1 && strcmp(words.word[0], "show") != 0) {
		viz_tell_error(cli, VIZ_EXIT_USAGE, "usage", VIZ_SAY_BAD_WORD, words.word[0]);
		return viz_command_usage(cli, "audit");
	}
	status = viz_tell_ask(&result, cli, "audit.show", NULL);
	if (result == NULL)
		return status;
	list = json_object_get(result, "findings");
	seen = (long long)viz_tell_number(result, "offers_seen");
	if (json_array_size(list) == 0) {
		viz_tell(cli, VIZ_SAY_AUDIT_CLEAN, seen);
	} else {
		tell_findings(cli, list);
		viz_tell_gap(cli);
		viz_tell(cli, VIZ_SAY_AUDIT_FOUND, seen, json_array_size(list));
	}
	json_decref(result);
	return VIZ_EXIT_OK;
}
