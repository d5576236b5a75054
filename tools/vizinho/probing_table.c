#include "tools/vizinho/probing_table.h"

#include "tools/vizinho/format.h"
#include "tools/vizinho/print.h"
#include "tools/vizinho/reply.h"
#include "tools/vizinho/table.h"

static bool is_shown(const json_t *p)
{
	return viz_reply_true(p, "reported") || viz_reply_true(p, "stopped");
}

/* A line for each reason, with the counts on which it rests, and one that it is stopped. */
static void add_peer(struct viz_grid *g, const struct viz_cli *cli, const json_t *p)
{
	const json_t *reasons = json_object_get(p, "reasons");
	size_t count = json_array_size(reasons);

	for (size_t i = 0; i < count + viz_reply_true(p, "stopped"); i++) {
		const char *reason =
		    i < count ? json_string_value(json_array_get(reasons, i)) : "stopped";

		viz_grid_add(g, viz_reply_name(p, "peer"));
		viz_grid_add(g, viz_format_word(cli, viz_reply_text(p, "role")));
		viz_grid_add(g, viz_format_word(cli, reason));
		viz_grid_number(g, viz_reply_number(p, "location_count"));
		viz_grid_number(g, viz_reply_number(p, "yes_count") +
				       viz_reply_number(p, "analysis_count"));
		viz_grid_number(g, viz_reply_number(p, "award_count"));
		viz_table_time(g, cli, json_object_get(p, "until"));
	}
}

/* What is to be said below the table. */
struct said {
	bool origin, partner, gave;
};

static void note(struct said *said, const json_t *p)
{
	const json_t *reason;
	size_t i;

	said->origin |= strcmp(viz_reply_text(p, "role"), "origin") == 0;
	json_array_foreach(json_object_get(p, "reasons"), i, reason)
	{
		if (strcmp(viz_reply_text(p, "role"), "partner") != 0)
			continue;
		if (strcmp(json_string_value(reason), "many-an-hour") == 0)
			said->gave = true; /* that we offer so many is not its doing */
		else
			said->partner = true;
	}
}

void viz_probing_table_print(const struct viz_cli *cli, const json_t *list)
{
	static const enum viz_msg heads[] = {
	    VIZ_MSG_HEAD_PROBING,  VIZ_MSG_HEAD_AS,     VIZ_MSG_HEAD_WHY,  VIZ_MSG_HEAD_LOCATIONS,
	    VIZ_MSG_HEAD_PROMISED, VIZ_MSG_HEAD_AWARDS, VIZ_MSG_HEAD_UNTIL};
	struct said said = {0};
	struct viz_grid g;
	json_t *p;
	size_t i;

	json_array_foreach(list, i, p)
	{
		if (is_shown(p))
			note(&said, p);
	}
	if (!said.origin && !said.partner && !said.gave)
		return;
	viz_print_blank(cli);
	viz_table_heads(&g, cli, heads, sizeof heads / sizeof *heads);
	json_array_foreach(list, i, p)
	{
		if (is_shown(p))
			add_peer(&g, cli, p);
	}
	viz_table_print(&g);
	viz_print_blank(cli);
	if (said.origin)
		viz_print(cli, VIZ_MSG_PROBING_ORIGIN);
	if (said.partner)
		viz_print(cli, VIZ_MSG_PROBING_PARTNER);
	if (said.gave)
		viz_print(cli, VIZ_MSG_PROBING_GAVE);
}
