/* `vizinho restore`: a node from the file of a backup, on a machine that has none. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <limits.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "crypto/id.h"
#include "crypto/secret.h"
#include "node/host/clock.h"
#include "node/host/config.h"
#include "node/host/speech.h"
#include "node/restore.h"
#include "store/check.h"
#include "store/copy.h"
#include "store/vault.h"
#include "tools/vizinho/args.h"
#include "tools/vizinho/backup_file.h"
#include "tools/vizinho/format.h"
#include "tools/vizinho/offline.h"
#include "tools/vizinho/print.h"
#include "tools/vizinho/recovery.h"
#include "tools/vizinho/service.h"

#define PATH_LEN (PATH_MAX + 32)
#define WORK     "restoring" /* a directory in the state directory, until all is checked */

/* A hand-over is good for so long. After that the new machine may have lived and been lost, and the
 * file is as any old one. */
#define HAND_OVER_MS VIZ_DAY_MS
#define CLOCK_MS     600000

struct restore {
	const struct viz_cli *cli;
	const char *file, *state, *recovery_file;
	struct viz_backup_reader reader;
	struct viz_time now;
	struct viz_restore_node node;
	char work[PATH_MAX];
	bool made_state, fresh; /* a hand-over that may go on at once */
	int lock;
};

static int cannot(const struct restore *r, const char *path)
{
	return viz_print_error(r->cli, VIZ_EXIT_FAILED, VIZ_CODE_FILE, VIZ_MSG_CANNOT, path,
			       viz_host_speech_errno(errno));
}

static int wrong(const struct restore *r, enum viz_backup_wrong what)
{
	const struct viz_cli *cli = r->cli;

	switch (what) {
	case VIZ_BACKUP_RIGHT:
		break;
	case VIZ_BACKUP_NO_FILE:
		return cannot(r, r->file);
	case VIZ_BACKUP_NONE:
		return viz_print_error(cli, VIZ_EXIT_FAILED, VIZ_CODE_INPUT, VIZ_MSG_RESTORE_NONE,
				       r->file);
	case VIZ_BACKUP_NEWER:
		return viz_print_error(cli, VIZ_EXIT_FAILED, VIZ_CODE_NEWER_FILE,
				       VIZ_MSG_RESTORE_NEWER, r->file);
	case VIZ_BACKUP_OTHER_KEY:
		return viz_print_error(cli, VIZ_EXIT_FAILED, VIZ_CODE_OTHER_RECOVERY_KEY,
				       VIZ_MSG_RESTORE_OTHER_KEY, r->file);
	case VIZ_BACKUP_SHORT:
		return viz_print_error(cli, VIZ_EXIT_FAILED, VIZ_CODE_DAMAGED,
				       VIZ_MSG_RESTORE_SHORT, r->file);
	case VIZ_BACKUP_DAMAGED:
		return viz_print_error(cli, VIZ_EXIT_FAILED, VIZ_CODE_DAMAGED,
				       VIZ_MSG_RESTORE_DAMAGED, r->file, (long long)r->reader.at);
	case VIZ_BACKUP_LONG:
		return viz_print_error(cli, VIZ_EXIT_FAILED, VIZ_CODE_DAMAGED, VIZ_MSG_RESTORE_LONG,
				       r->file);
	}
	return VIZ_EXIT_OK;
}

static bool write_all(int fd, const uint8_t *bytes, size_t len)
{
	while (len > 0) {
		ssize_t n = write(fd, bytes, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return false;
		bytes += n;
		len -= (size_t)n;
	}
	return true;
}

/* Opens all chunks, and writes the parts to `fd` (-1: nowhere). */
static int walk(struct restore *r, const struct viz_secret *secret, const int fd[2])
{
	uint8_t *plain = malloc(VIZ_BACKUP_CHUNK);
	enum viz_recovery_chunk kind = VIZ_RECOVERY_MORE;
	enum viz_backup_wrong what = viz_backup_file_read_key(&r->reader, secret);
	unsigned part = 0, last = r->reader.head.kind == VIZ_BACKUP_HAND_OVER;
	int status = VIZ_EXIT_OK;
	size_t len = 0;

	VIZ_REQUIRE(plain);
	while (what == VIZ_BACKUP_RIGHT && kind != VIZ_RECOVERY_LAST && status == VIZ_EXIT_OK) {
		what = viz_backup_file_read_next(&r->reader, plain, &len, &kind);
		if (what == VIZ_BACKUP_RIGHT && fd[part] >= 0 && !write_all(fd[part], plain, len))
			status = cannot(r, r->work);
		/* each part once, and no other */
		if (what == VIZ_BACKUP_RIGHT &&
		    (kind == VIZ_RECOVERY_MORE ? false
					       : (kind == VIZ_RECOVERY_PART) != (part < last)))
			what = VIZ_BACKUP_DAMAGED;
		part += kind == VIZ_RECOVERY_PART && part < last;
	}
	viz_secret_wipe(plain, VIZ_BACKUP_CHUNK);
	free(plain);
	return status != VIZ_EXIT_OK ? status : wrong(r, what);
}

/* An empty directory, or none; what a run left that was killed is removed. */
static int check_empty(struct restore *r)
{
	DIR *dir;
	const struct dirent *e;
	bool empty = true, killed = access(r->work, F_OK) == 0;

	r->made_state = mkdir(r->state, 0750) == 0;
	if (r->made_state && chmod(r->state, 0750) != 0) /* the umask has taken bits away */
		return cannot(r, r->state);
	dir = opendir(r->state);
	if (dir == NULL)
		return cannot(r, r->state);
	while (empty && (e = readdir(dir)) != NULL)
		empty = strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0 ||
			strcmp(e->d_name, WORK) == 0 || strcmp(e->d_name, "lock") == 0 ||
			(killed && strcmp(e->d_name, "vault") == 0);
	closedir(dir);
	return empty ? VIZ_EXIT_OK
		     : viz_print_error(r->cli, VIZ_EXIT_FAILED, VIZ_CODE_EXISTS,
				       VIZ_MSG_RESTORE_EXISTS, r->state);
}

static const char *const files[] = {"store.mdb-lock", "lock", "vault", "store.mdb"};
#define FILES (sizeof files / sizeof files[0])

static void remove_work(const struct restore *r)
{
	char path[PATH_LEN];

	for (size_t i = 0; i < FILES; i++) {
		snprintf(path, sizeof path, "%s/%s", r->work, files[i]);
		unlink(path);
	}
	rmdir(r->work);
}

/* Nobody starts a node there meanwhile. */
static int take_lock(struct restore *r)
{
	char path[PATH_LEN];

	snprintf(path, sizeof path, "%s/lock", r->state);
	r->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (r->lock < 0 || flock(r->lock, LOCK_EX | LOCK_NB) != 0)
		return cannot(r, path);
	return VIZ_EXIT_OK;
}

static int create(const struct restore *r, int *fd, const char *name)
{
	char path[PATH_LEN];

	snprintf(path, sizeof path, "%s/%s", r->work, name);
	*fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	return *fd >= 0 ? VIZ_EXIT_OK : cannot(r, path);
}

static int unpack(struct restore *r, const struct viz_secret *secret)
{
	int fd[2] = {-1, -1};
	int status = create(r, &fd[0], "store.mdb");

	if (status == VIZ_EXIT_OK && r->fresh)
		status = create(r, &fd[1], "vault");
	if (status == VIZ_EXIT_OK)
		status = walk(r, secret, fd);
	for (int i = 0; i < 2; i++) {
		if (fd[i] >= 0 && fsync(fd[i]) != 0 && status == VIZ_EXIT_OK)
			status = cannot(r, r->work);
		if (fd[i] >= 0)
			close(fd[i]);
	}
	return status;
}

static int fault_of(const struct restore *r, const struct viz_store_fault *fault)
{
	char why[512];

	viz_host_speech_store(why, sizeof why, r->cli->lang, fault);
	return viz_print_fault(r->cli, VIZ_EXIT_FAILED, VIZ_CODE_STORE, why, NULL);
}

/* Reads each row of what was unpacked, and notes in it how the node goes on. */
static int prepare(struct restore *r)
{
	const struct viz_store_config config = {.dir = r->work};
	struct viz_store_fault fault;
	struct viz_store *store;
	struct viz_vault *vault = NULL;
	char error[256] = "";
	int err;

	if (viz_store_open(&store, &fault, &config) != VIZ_OK)
		return fault_of(r, &fault);
	err = r->fresh ? VIZ_OK : viz_copy_blank_vault(store, &fault, r->work);
	if (err == VIZ_OK)
		err = viz_vault_file_open(&vault, &fault, store, r->work);
	if (err != VIZ_OK) {
		viz_store_close(store);
		return fault_of(r, &fault);
	}
	err = viz_vault_wipe_recover(vault, NULL);
	if (err == VIZ_OK)
		err = viz_store_check(store, vault, error);
	if (err == VIZ_OK && (err = viz_store_begin(store)) == VIZ_OK) {
		err = viz_restore_look(store, &r->node);
		viz_store_abort(store);
	}
	if (err == VIZ_OK && !viz_id_eq(&r->node.author, &r->reader.head.author))
		err = VIZ_ERR_MEANING;
	if (err == VIZ_OK)
		err = viz_restore_move(store, (struct viz_time){0});
	if (err == VIZ_OK && !r->fresh)
		err = viz_restore_mark(store, r->reader.head.made, r->now);
	viz_vault_file_close(vault);
	viz_store_close(store);
	if (err == VIZ_OK)
		return VIZ_EXIT_OK;
	return viz_print_error(r->cli, VIZ_EXIT_FAILED, VIZ_CODE_DAMAGED, VIZ_MSG_RESTORE_UNSOUND,
			       r->file, error[0] != '\0' ? error : viz_err_name(err));
}

/* The store comes last: without it the directory has no node. */
static int install(const struct restore *r)
{
	char from[PATH_LEN], to[PATH_LEN];
	int status = viz_offline_sync(r->work) ? VIZ_EXIT_OK : cannot(r, r->work);

	for (size_t i = 2; i < FILES && status == VIZ_EXIT_OK; i++) {
		snprintf(from, sizeof from, "%s/%s", r->work, files[i]);
		snprintf(to, sizeof to, "%s/%s", r->state, files[i]);
		if (rename(from, to) != 0 || !viz_offline_sync(r->state))
			status = cannot(r, to);
	}
	return status;
}

static void report(const struct restore *r)
{
	char id[VIZ_TEXT_ID_MAX], made[VIZ_FORMAT_MAX];
	json_t *time = viz_format_rfc3339(r->reader.head.made);

	viz_id_text(id, "viz", r->node.author.b);
	viz_format_time(made, r->cli, time);
	viz_print(r->cli, VIZ_MSG_RESTORE_DONE, r->state, made);
	viz_print(r->cli, VIZ_MSG_INIT_ID, id);
	if (r->fresh)
		viz_print(r->cli, VIZ_MSG_RESTORE_MOVED);
	else
		viz_print(r->cli, VIZ_MSG_RESTORE_NEXT);
	if (r->cli->json)
		viz_print_json_new(json_pack("{s:s,s:o,s:O,s:b}", "id", id, "state_dir",
					     viz_print_path(r->state), "made_at", time,
					     "quarantine", !r->fresh));
	json_decref(time);
}

static int run(struct restore *r, const struct viz_secret *secret)
{
	static const int nowhere[2] = {-1, -1};
	int status;

	viz_print_hint(r->cli, VIZ_MSG_RESTORE_VERIFIES);
	status = walk(r, secret, nowhere);
	if (status == VIZ_EXIT_OK)
		status = check_empty(r);
	if (status == VIZ_EXIT_OK)
		status = take_lock(r);
	if (status != VIZ_EXIT_OK)
		return status;
	remove_work(r);
	if (mkdir(r->work, 0700) != 0)
		return cannot(r, r->work);
	status = unpack(r, secret);
	if (status == VIZ_EXIT_OK)
		status = prepare(r);
	if (status == VIZ_EXIT_OK)
		status = install(r);
	remove_work(r);
	if (status == VIZ_EXIT_OK)
		status = viz_service_give(r->cli, r->state);
	return status;
}

static int restore(struct restore *r)
{
	enum viz_backup_wrong what = viz_backup_file_read_open(&r->reader, r->file);
	struct viz_secret secret;
	struct viz_clock clock = {0};
	char made[VIZ_FORMAT_MAX];
	json_t *time;
	int64_t age;
	int status = wrong(r, what);

	if (status != VIZ_EXIT_OK)
		return status;
	if (r->reader.head.schema != VIZ_SCHEMA_VERSION)
		return viz_print_error(r->cli, VIZ_EXIT_FAILED, VIZ_CODE_NEWER_FILE,
				       VIZ_MSG_RESTORE_SCHEMA, r->file, r->reader.head.schema,
				       VIZ_SCHEMA_VERSION);
	r->now = viz_host_clock_read(&clock);
	age = r->now.ms - r->reader.head.made.ms;
	/* A clock that is far behind does not know how old it is. */
	r->fresh =
	    r->reader.head.kind == VIZ_BACKUP_HAND_OVER && age > -CLOCK_MS && age < HAND_OVER_MS;
	time = viz_format_rfc3339(r->reader.head.made);
	viz_format_time(made, r->cli, time);
	json_decref(time);
	viz_print_hint(r->cli, VIZ_MSG_RESTORE_OF, r->file, made);
	status = viz_recovery_key_read(&secret, r->cli, r->recovery_file);
	if (status == VIZ_EXIT_OK)
		status = run(r, &secret);
	viz_secret_wipe(&secret, sizeof secret);
	return status;
}

int viz_cmd_restore(const struct viz_cli *cli, int argc, char **argv)
{
	struct restore *r = calloc(1, sizeof *r);
	const struct viz_arg options[] = {{"state", &r->state, NULL},
					  {"recovery-file", &r->recovery_file, NULL},
					  {NULL, NULL, NULL}};
	struct viz_args words;
	int status;

	VIZ_REQUIRE(r);
	r->cli = cli;
	r->state = VIZ_CONFIG_STATE;
	r->lock = r->reader.fd = -1;
	if (viz_args_read(&words, &status, cli, options, argc, argv, 1, 1)) {
		r->file = words.word[0];
		signal(SIGXFSZ, SIG_IGN); /* a limit of the files is an error of the write */
		if (snprintf(r->work, sizeof r->work, "%s/" WORK, r->state) >=
		    (int)sizeof r->work - 32) {
			errno = ENAMETOOLONG;
			status = cannot(r, r->state);
		} else {
			status = restore(r);
		}
		if (status == VIZ_EXIT_OK)
			report(r);
		if (status != VIZ_EXIT_OK && r->made_state) {
			char lock[PATH_LEN];

			snprintf(lock, sizeof lock, "%s/lock", r->state);
			unlink(lock);
			rmdir(r->state);
		}
		viz_backup_file_read_close(&r->reader);
		if (r->lock >= 0)
			close(r->lock);
	}
	free(r);
	return status;
}
