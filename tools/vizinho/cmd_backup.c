/* `vizinho backup`: a copy of a node, encrypted to its recovery key. */
#include <jansson.h>
#include <limits.h>

#include "crypto/id.h"
#include "node/host/config.h"
#include "store/store.h"
#include "tools/vizinho/args.h"
#include "tools/vizinho/backup_make.h"
#include "tools/vizinho/client.h"
#include "tools/vizinho/format.h"
#include "tools/vizinho/print.h"

/* The node notes when it was backed up. One that does not run is told in its store. */
static bool note(const struct viz_backup_job *job, const char *id, json_t *made_at)
{
	const struct viz_store_config config = {.dir = job->state};
	char socket[PATH_MAX];
	struct viz_cli cli = *job->cli;
	struct viz_store *store;
	json_t *result = NULL;
	bool noted;

	cli.quiet = true;
	snprintf(socket, sizeof socket, "%s/control", job->state);
	if (cli.socket == NULL)
		cli.socket = socket;
	if (viz_client_there(&cli)) {
		noted = viz_client_ask(&result, &cli, "backup.done",
				       json_pack("{s:s,s:O}", "id", id, "time", made_at)) ==
			VIZ_EXIT_OK;
		json_decref(result);
		return noted;
	}
	if (viz_store_open(&store, NULL, &config) != VIZ_OK)
		return false;
	noted = viz_restore_backed_up(store, job->made) == VIZ_OK;
	viz_store_close(store);
	return noted;
}

static void report(const struct viz_backup_job *job)
{
	char id[VIZ_TEXT_ID_MAX], at[VIZ_FORMAT_MAX];
	json_t *time = viz_format_rfc3339(job->made);
	bool noted;

	viz_id_text(id, "viz", job->node.author.b);
	noted = note(job, id, time);
	viz_format_time(at, job->cli, time);
	viz_print(job->cli, VIZ_MSG_BACKUP_DONE, job->file, (long long)((job->bytes + 1023) / 1024),
		  at);
	viz_print(job->cli, VIZ_MSG_BACKUP_HOLDS);
	if (!noted)
		viz_print_hint(job->cli, VIZ_MSG_BACKUP_NOT_NOTED);
	if (job->cli->json)
		viz_print_json_new(json_pack(
		    "{s:o,s:s,s:I,s:O,s:b}", "file", viz_print_path(job->file), "id", id,
		    "size_bytes", (json_int_t)job->bytes, "made_at", time, "noted", noted));
	json_decref(time);
}

int viz_cmd_backup(const struct viz_cli *cli, int argc, char **argv)
{
	struct viz_backup_job job = {
	    .cli = cli, .state = VIZ_CONFIG_STATE, .kind = VIZ_BACKUP_COPY};
	const struct viz_arg options[] = {{"state", &job.state, NULL}, {NULL, NULL, NULL}};
	struct viz_args words;
	int status;

	if (!viz_args_read(&words, &status, cli, options, argc, argv, 1, 1))
		return status;
	job.file = words.word[0];
	status = viz_backup_make_look(&job);
	if (status == VIZ_EXIT_OK)
		status = viz_backup_make(&job);
	if (status == VIZ_EXIT_OK)
		report(&job);
	return status;
}
