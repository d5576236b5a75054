#include "tools/vizinho/protest_table.h"

#include "proto/limits.h"
#include "tools/vizinho/format.h"
#include "tools/vizinho/print.h"
#include "tools/vizinho/reply.h"
#include "tools/vizinho/table.h"

/* "answer 2 of 9 (6 to 55 %), log not shown 1": the shares of a list, each with its `key` in words
 * of this prefix. */
static void print_each(struct viz_grid *g, const struct viz_cli *cli, const json_t *list,
		       const char *key, const char *prefix)
{
	char cell[512] = "", word[64], share[VIZ_FORMAT_MAX];
	const json_t *o;
	size_t i;

	json_array_foreach(list, i, o)
	{
		size_t len = strlen(cell);

		snprintf(word, sizeof word, "%s-%s", prefix, viz_reply_text(o, key));
		viz_format_share(share, cli, o);
		snprintf(cell + len, sizeof cell - len, "%s%s %s", len > 0 ? ", " : "",
			 viz_format_word(cli, word), share);
	}
	viz_grid_add(g, cell);
}

void viz_protest_table_print(const struct viz_cli *cli, const json_t *list)
{
	static const enum viz_msg heads[] = {VIZ_MSG_HEAD_ORIGIN, VIZ_MSG_HEAD_SAID_BY,
					     VIZ_MSG_HEAD_UNHEARD, VIZ_MSG_HEAD_REPLIES};
	char name[VIZ_NAME_MAX + 32];
	struct viz_grid g;
	bool ours = false;
	json_t *p;
	size_t i;

	if (json_array_size(list) == 0)
		return;
	viz_print_blank(cli);
	viz_print(cli, VIZ_MSG_AUDIT_PROTESTS);
	viz_table_heads(&g, cli, heads, 4);
	json_array_foreach(list, i, p)
	{
		snprintf(name, sizeof name, "%s%s", viz_reply_name(p, "origin"),
			 viz_reply_true(p, "ours") ? viz_msg(cli->lang, VIZ_MSG_AUDIT_WE) : "");
		ours |= viz_reply_true(p, "ours");
		viz_grid_add(&g, name);
		viz_grid_add(&g, viz_reply_name(p, "by"));
		print_each(&g, cli, json_object_get(p, "kinds"), "kind", "unheard");
		print_each(&g, cli, json_object_get(p, "replies"), "reply", "reply");
	}
	viz_table_print(&g);
	if (ours)
		viz_print(cli, VIZ_MSG_AUDIT_PROTESTS_OURS);
}
