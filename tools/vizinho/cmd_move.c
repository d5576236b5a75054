/* `vizinho move`: hands a node over to another machine. Here it is locked first, for ever; so there
 * it goes on at once. */
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <unistd.h>

#include "crypto/id.h"
#include "node/host/clock.h"
#include "node/host/config.h"
#include "node/host/speech.h"
#include "store/store.h"
#include "tools/vizinho/args.h"
#include "tools/vizinho/ask.h"
#include "tools/vizinho/backup_make.h"
#include "tools/vizinho/format.h"
#include "tools/vizinho/help.h"
#include "tools/vizinho/print.h"

static bool mark_path(char path[4200], const char *state)
{
	return snprintf(path, 4200, "%s/%s", state, VIZ_STORE_MOVED) < 4200;
}

static bool has_mark(const char *state)
{
	char path[4200];

	return mark_path(path, state) && access(path, F_OK) == 0;
}

/* Puts the file there that says that the node has left, or takes it away. */
static bool set_mark(const char *state, bool there)
{
	int dir = open(state, O_RDONLY | O_DIRECTORY | O_CLOEXEC), fd = -1;
	bool done = dir >= 0;

	if (done && there) {
		fd =
		    openat(dir, VIZ_STORE_MOVED, O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
		done = fd >= 0 && fsync(fd) == 0;
	} else if (done) {
		done = unlinkat(dir, VIZ_STORE_MOVED, 0) == 0 || errno == ENOENT;
	}
	done = done && fsync(dir) == 0;
	if (fd >= 0)
		close(fd);
	if (dir >= 0)
		close(dir);
	return done;
}

static int set_row(const struct viz_backup_job *job, struct viz_time moved);

/* Notes in the directory and in the store when the node left; 0: it has not. The daemon must not
 * run: it has the store. What is interrupted leaves the node locked. */
static int set_moved(const struct viz_backup_job *job, struct viz_time moved)
{
	int status = VIZ_EXIT_OK;

	if (moved.ms == 0)
		status = set_row(job, moved);
	if (status == VIZ_EXIT_OK && !set_mark(job->state, moved.ms != 0))
		status =
		    viz_print_error(job->cli, VIZ_EXIT_FAILED, VIZ_CODE_STORE, VIZ_MSG_MOVE_FAILED,
				    job->state, viz_host_speech_errno(errno));
	if (status == VIZ_EXIT_OK && moved.ms != 0)
		status = set_row(job, moved);
	if (status != VIZ_EXIT_OK && moved.ms != 0 && job->node.moved.ms == 0)
		(void)set_mark(job->state, false);
	return status;
}

static int set_row(const struct viz_backup_job *job, struct viz_time moved)
{
	const struct viz_store_config config = {.dir = job->state};
	struct viz_store_fault fault;
	struct viz_store *store;
	char why[512];
	int err;

	if (viz_store_open(&store, &fault, &config) != VIZ_OK) {
		viz_host_speech_store(why, sizeof why, job->cli->lang, &fault);
		return viz_print_fault(job->cli, VIZ_EXIT_FAILED, VIZ_CODE_STORE, why, NULL);
	}
	err = viz_restore_move(store, moved);
	viz_store_close(store);
	return err == VIZ_OK ? VIZ_EXIT_OK
			     : viz_print_error(job->cli, VIZ_EXIT_FAILED, VIZ_CODE_STORE,
					       VIZ_MSG_MOVE_FAILED, job->state, viz_err_name(err));
}

/* The other machine may have lived: the node comes back as from an old backup, in quarantine. */
static int come_back(const struct viz_backup_job *job)
{
	const struct viz_store_config config = {.dir = job->state};
	struct viz_clock clock = {0};
	struct viz_store *store;
	int err = viz_store_open(&store, NULL, &config);

	if (err == VIZ_OK) {
		struct viz_time now = viz_host_clock_read(&clock);

		/* the row is lost when the store was damaged since */
		err = viz_restore_mark(store, job->node.moved.ms ? job->node.moved : now, now);
		viz_store_close(store);
	}
	if (err != VIZ_OK)
		return viz_print_error(job->cli, VIZ_EXIT_FAILED, VIZ_CODE_STORE,
				       VIZ_MSG_MOVE_FAILED, job->state, viz_err_name(err));
	return set_moved(job, (struct viz_time){0});
}

static int undo(struct viz_backup_job *job, bool yes)
{
	int status;

	if (job->node.moved.ms == 0 && !has_mark(job->state))
		return viz_print_error(job->cli, VIZ_EXIT_FAILED, VIZ_CODE_NOT_MOVED,
				       VIZ_MSG_MOVE_NOT_MOVED, job->state);
	status = viz_ask_confirm(job->cli, yes, VIZ_MSG_MOVE_UNDO_SURE);
	if (status == VIZ_EXIT_OK)
		status = come_back(job);
	if (status != VIZ_EXIT_OK)
		return status;
	viz_print(job->cli, VIZ_MSG_MOVE_UNDONE);
	if (job->cli->json)
		viz_print_json_new(json_pack("{s:b,s:b}", "moved", false, "quarantine", true));
	return VIZ_EXIT_OK;
}

static int hand_over(struct viz_backup_job *job, bool yes)
{
	bool before = job->node.moved.ms != 0;
	int status = viz_ask_confirm(job->cli, yes, VIZ_MSG_MOVE_SURE);
	struct viz_clock clock = {0};
	json_t *time;

	/* Once it has left, the file of that instant is the only one that may go on at once. */
	job->made = before ? job->node.moved : viz_host_clock_read(&clock);
	if (status == VIZ_EXIT_OK)
		status = set_moved(job, job->made);
	if (status != VIZ_EXIT_OK)
		return status;
	status = viz_backup_make(job);
	if (status != VIZ_EXIT_OK) {
		/* Nobody has a file: it goes on here, as if nothing had been. */
		if (!before)
			(void)set_moved(job, (struct viz_time){0});
		return status;
	}
	viz_print(job->cli, VIZ_MSG_MOVE_DONE, job->file, (long long)((job->bytes + 1023) / 1024));
	if (job->cli->json) {
		char id[VIZ_TEXT_ID_MAX];

		viz_id_text(id, "viz", job->node.author.b);
		time = viz_format_rfc3339(job->made);
		viz_print_json_new(json_pack(
		    "{s:o,s:s,s:I,s:o,s:b}", "file", viz_print_path(job->file), "id", id,
		    "size_bytes", (json_int_t)job->bytes, "made_at", time, "moved", true));
	}
	return VIZ_EXIT_OK;
}

int viz_cmd_move(const struct viz_cli *cli, int argc, char **argv)
{
	struct viz_backup_job job = {
	    .cli = cli, .state = VIZ_CONFIG_STATE, .kind = VIZ_BACKUP_HAND_OVER};
	bool back = false, yes = false;
	const struct viz_arg options[] = {{"state", &job.state, NULL},
					  {"undo", NULL, &back},
					  {"yes", NULL, &yes},
					  {NULL, NULL, NULL}};
	struct viz_args words;
	int status;

	if (!viz_args_read(&words, &status, cli, options, argc, argv, 0, 1))
		return status;
	if (back == (words.count == 1))
		return viz_help_error(cli, VIZ_MSG_MOVE_FILE, "");
	job.file = words.count == 1 ? words.word[0] : "";
	status = viz_backup_make_look(&job);
	if (status != VIZ_EXIT_OK)
		return status;
	return back ? undo(&job, yes) : hand_over(&job, yes);
}
