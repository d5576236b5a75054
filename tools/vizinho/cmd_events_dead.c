/* `vizinho events dead` and `events retry`: what the webhook's receiver has not taken. The sender's
 * directory says it; the node does not know. */
#include <errno.h>
#include <unistd.h>

#include "node/host/speech.h"
#include "tools/vizinho/args.h"
#include "tools/vizinho/print.h"
#include "tools/vizinho/reply.h"
#include "tools/vizinho/table.h"
#include "tools/webhook/spool.h"

/* Reads --dir. False: the error is printed. */
static bool read_dir(const char **dir, int *status, const struct viz_cli *cli, int argc,
		     char **argv)
{
	const struct viz_arg options[] = {{"dir", dir, NULL}, {NULL, NULL, NULL}};
	struct viz_args words;

	*dir = VIZ_SPOOL_DIR;
	if (!viz_args_read(&words, status, cli, options, argc, argv, 0, 0))
		return false;
	if (access(*dir, R_OK | X_OK) == 0)
		return true;
	*status = viz_print_error(cli, VIZ_EXIT_FAILED, VIZ_CODE_FAILED, VIZ_MSG_CANNOT, *dir,
				  viz_host_speech_errno(errno));
	return false;
}

static void print_dead(const struct viz_cli *cli, const json_t *dead)
{
	static const enum viz_msg heads[] = {VIZ_MSG_HEAD_TIME, VIZ_MSG_HEAD_KIND, VIZ_MSG_HEAD_WHY,
					     VIZ_MSG_HEAD_EVENT_ID};
	struct viz_grid g;
	json_t *entry;
	size_t i;

	viz_table_heads(&g, cli, heads, 4);
	json_array_foreach(dead, i, entry)
	{
		json_t *event = json_object_get(entry, "event");

		viz_table_time(&g, cli, json_object_get(event, "time"));
		viz_grid_add(&g, viz_reply_text(event, "event"));
		viz_grid_add(&g, viz_reply_text(entry, "why"));
		viz_grid_add(&g, viz_reply_text(event, "id"));
	}
	viz_table_print(&g);
}

int viz_cmd_events_dead(const struct viz_cli *cli, int argc, char **argv)
{
	json_t *dead, *queue, *dropped;
	const char *dir;
	bool gone;
	int status;

	if (!read_dir(&dir, &status, cli, argc, argv))
		return status;
	dead = viz_spool_list(dir, "dead");
	queue = viz_spool_list(dir, "queue");
	dropped = viz_spool_get(dir, "dropped");
	gone = viz_spool_has(dir, "gone");
	if (cli->json) {
		viz_print_json_new(json_pack("{s:O,s:I,s:I,s:b}", "dead", dead, "waiting_count",
					     (json_int_t)json_array_size(queue), "dropped_count",
					     (json_int_t)viz_reply_number(dropped, "count"),
					     "receiver_gone", gone));
	} else if (json_array_size(dead) > 0) {
		print_dead(cli, dead);
	}
	viz_print(cli, VIZ_MSG_EVENTS_DEAD, (long long)json_array_size(dead),
		  (long long)json_array_size(queue), (long long)viz_reply_number(dropped, "count"));
	if (gone)
		viz_print(cli, VIZ_MSG_EVENTS_GONE);
	json_decref(dropped);
	json_decref(queue);
	json_decref(dead);
	return VIZ_EXIT_OK;
}

int viz_cmd_events_retry(const struct viz_cli *cli, int argc, char **argv)
{
	json_t *dead, *nothing;
	const char *dir;
	long long n;
	int status = VIZ_EXIT_OK;

	if (!read_dir(&dir, &status, cli, argc, argv))
		return status;
	dead = viz_spool_list(dir, "dead");
	n = (long long)json_array_size(dead);
	json_decref(dead);
	nothing = json_object();
	if (!viz_spool_put(dir, "retry", nothing))
		status = viz_print_error(cli, VIZ_EXIT_FAILED, VIZ_CODE_FAILED, VIZ_MSG_CANNOT, dir,
					 viz_host_speech_errno(errno));
	else if (cli->json)
		viz_print_json_new(json_pack("{s:I}", "dead_count", (json_int_t)n));
	else
		viz_print(cli, VIZ_MSG_EVENTS_RETRIED, n);
	json_decref(nothing);
	return status;
}
