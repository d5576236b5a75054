/* `vizinho events`: the journal and the access log, from a cursor on. */
#include "tools/vizinho/args.h"
#include "tools/vizinho/client.h"
#include "tools/vizinho/print.h"
#include "tools/vizinho/reply.h"
#include "tools/vizinho/table.h"

#define EVENTS_MAX 1000 /* as the node takes it */

/* The word in the language, or the node's own where this version has none for it. */
static const char *word(const struct viz_cli *cli, const char *prefix, const char *name)
{
	enum viz_msg id;

	return viz_msg_find(&id, prefix, name) ? viz_msg(cli->lang, id) : name;
}

static void print_events(const struct viz_cli *cli, const json_t *list)
{
	static const enum viz_msg heads[] = {VIZ_MSG_HEAD_TIME, VIZ_MSG_HEAD_EVENT,
					     VIZ_MSG_HEAD_WHO, VIZ_MSG_HEAD_ABOUT};
	struct viz_grid g;
	json_t *e;
	size_t i;

	viz_table_heads(&g, cli, heads, 4);
	json_array_foreach(list, i, e)
	{
		bool access = strcmp(viz_reply_text(e, "log"), "access") == 0;
		char about[160];

		if (access)
			snprintf(about, sizeof about, "%s, %s", viz_reply_id(e, "lead"),
				 viz_reply_name(e, "origin"));
		else
			snprintf(about, sizeof about, "%s", viz_reply_id(e, "lead"));
		viz_table_time(&g, cli, json_object_get(e, "time"));
		viz_grid_add(&g, access ? word(cli, "viewed_", viz_reply_text(e, "what"))
					: word(cli, "event_", viz_reply_text(e, "event")));
		viz_grid_add(&g, access ? viz_reply_text(e, "who") : viz_reply_name(e, "peer"));
		viz_grid_add(&g, about);
	}
	viz_table_print(&g);
}

int viz_cmd_events(const struct viz_cli *cli, int argc, char **argv)
{
	const char *since = NULL, *max = NULL;
	const struct viz_arg options[] = {
	    {"since", &since, NULL}, {"max", &max, NULL}, {NULL, NULL, NULL}};
	struct viz_args words;
	json_t *result, *args;
	int64_t n = 0;
	int status;

	if (!viz_args_read(&words, &status, cli, options, argc, argv, 0, 0))
		return status;
	if (max != NULL &&
	    (status = viz_args_number(&n, cli, "--max", max, 1, EVENTS_MAX)) != VIZ_EXIT_OK)
		return status;
	args = json_object();
	if (since != NULL)
		json_object_set_new(args, "cursor", json_string(since));
	if (max != NULL)
		json_object_set_new(args, "max", json_integer((json_int_t)n));
	status = viz_client_query(&result, cli, "events", args);
	if (result == NULL)
		return status;
	if (json_array_size(json_object_get(result, "events")) > 0)
		print_events(cli, json_object_get(result, "events"));
	if (viz_reply_true(result, "more"))
		viz_print(cli, VIZ_MSG_EVENTS_MORE, viz_reply_text(result, "cursor"));
	else
		viz_print(cli, VIZ_MSG_EVENTS_END, viz_reply_text(result, "cursor"));
	json_decref(result);
	return VIZ_EXIT_OK;
}
