#include "tools/vizinho/backup_make.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "crypto/secret.h"
#include "node/host/clock.h"
#include "node/host/speech.h"
#include "store/copy.h"
#include "tools/vizinho/offline.h"
#include "tools/vizinho/print.h"
#include "tools/vizinho/service.h"

#define EXIT_LMDB     255 /* the child: what is wrong is no errno */
#define PROGRESS_STEP (UINT64_C(32) << 20)

static int cannot(const struct viz_backup_job *job, const char *path)
{
	return viz_print_error(job->cli, VIZ_EXIT_FAILED, VIZ_CODE_FILE, VIZ_MSG_CANNOT, path,
			       viz_host_speech_errno(errno));
}

static int store_fault(const struct viz_backup_job *job, const struct viz_store_fault *fault)
{
	char why[512];

	viz_host_speech_store(why, sizeof why, job->cli->lang, fault);
	return viz_print_fault(job->cli, VIZ_EXIT_FAILED, VIZ_CODE_STORE, why, NULL);
}

static int open_reader(struct viz_store **store, struct viz_store_fault *fault, const char *state)
{
	const struct viz_store_config config = {.dir = state, .reader = true};

	return viz_store_open(store, fault, &config);
}

int viz_backup_make_look(struct viz_backup_job *job)
{
	struct viz_store_fault fault;
	struct viz_store *store;
	int err;

	if (open_reader(&store, &fault, job->state) != VIZ_OK)
		return store_fault(job, &fault);
	err = viz_restore_look(store, &job->node);
	viz_store_close(store);
	/* LMDB makes a file for its lock where there is none; the node must be able to open it. */
	if (viz_service_give(job->cli, job->state) != VIZ_EXIT_OK)
		return VIZ_EXIT_FAILED;
	if (err != VIZ_OK)
		return viz_print_error(job->cli, VIZ_EXIT_FAILED, VIZ_CODE_STORE,
				       VIZ_MSG_BACKUP_NO_NODE, job->state);
	if (!job->node.has_recovery)
		return viz_print_error(job->cli, VIZ_EXIT_FAILED, VIZ_CODE_NO_RECOVERY_KEY,
				       VIZ_MSG_BACKUP_NO_KEY);
	return VIZ_EXIT_OK;
}

static unsigned seconds_of(const struct viz_backup_job *job)
{
	char path[4200];
	struct stat st;

	snprintf(path, sizeof path, "%s/store.mdb", job->state);
	return VIZ_BACKUP_SECONDS +
	       (stat(path, &st) == 0 ? (unsigned)(st.st_size / VIZ_BACKUP_BYTES_PER_SECOND) : 0);
}

/* The process that reads. It ends by itself when it takes too long, also while its parent is
 * stopped, and with its parent: no snapshot of the store outlives either. */
static void copy(const struct viz_backup_job *job, pid_t parent, int to)
{
	struct viz_store_fault fault;
	struct viz_store *store;
	int rc;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	signal(SIGALRM, SIG_DFL);
	alarm(seconds_of(job));
	setsid(); /* no key at the terminal stops it */
	if (getppid() != parent)
		_exit(ESRCH);
	if (open_reader(&store, &fault, job->state) != VIZ_OK)
		_exit(fault.error > 0 && fault.error < EXIT_LMDB ? fault.error : EXIT_LMDB);
	rc = viz_copy_send(store, to);
	_exit(rc >= 0 && rc < EXIT_LMDB ? rc : EXIT_LMDB);
}

static void progress(void *arg, uint64_t bytes)
{
	const struct viz_backup_job *job = arg;
	uint64_t step = VIZ_BACKUP_CHUNK + VIZ_RECOVERY_TAG + 4;

	if (bytes / PROGRESS_STEP != (bytes - step) / PROGRESS_STEP)
		viz_print_hint(job->cli, VIZ_MSG_BACKUP_PROGRESS, (long long)(bytes >> 20));
}

/* How the child ended: an exit status, with the error printed. */
static int ended(const struct viz_backup_job *job, int status)
{
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return VIZ_EXIT_OK;
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM)
		return viz_print_error(job->cli, VIZ_EXIT_FAILED, VIZ_CODE_TOO_SLOW,
				       VIZ_MSG_BACKUP_SLOW, (int)seconds_of(job));
	return viz_print_error(job->cli, VIZ_EXIT_FAILED, VIZ_CODE_STORE, VIZ_MSG_BACKUP_UNREAD,
			       job->state,
			       WIFEXITED(status) && WEXITSTATUS(status) != EXIT_LMDB
				   ? viz_host_speech_errno(WEXITSTATUS(status))
				   : viz_msg(job->cli->lang, VIZ_MSG_BACKUP_DAMAGED_STORE));
}

static int write_store(struct viz_backup_job *job, struct viz_backup_writer *w, const char *part)
{
	int pipes[2], status = 0, err;
	pid_t parent = getpid(), child;

	if (pipe2(pipes, O_CLOEXEC) != 0)
		return cannot(job, part);
	fflush(NULL);
	child = fork();
	if (child == 0) {
		close(pipes[0]);
		copy(job, parent, pipes[1]);
	}
	close(pipes[1]);
	if (child < 0) {
		close(pipes[0]);
		return cannot(job, part);
	}
	err = viz_backup_file_write_part(w, pipes[0], job->kind == VIZ_BACKUP_COPY, progress, job);
	if (err != VIZ_OK) {
		status = cannot(job, part);
		kill(child, SIGKILL);
	}
	close(pipes[0]);
	err = status;
	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	return err != VIZ_EXIT_OK ? err : ended(job, status);
}

static int write_vault(const struct viz_backup_job *job, struct viz_backup_writer *w,
		       const char *part)
{
	char path[PATH_MAX];
	int fd, status = VIZ_EXIT_OK;

	snprintf(path, sizeof path, "%s/vault", job->state);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return cannot(job, path);
	switch (viz_backup_file_write_part(w, fd, true, progress, (void *)(uintptr_t)job)) {
	case VIZ_OK:
		break;
	case VIZ_ERR_INPUT:
		status = cannot(job, path);
		break;
	default:
		status = cannot(job, part);
	}
	close(fd);
	return status;
}

/* Under its own name, which nothing has; durable. */
static int give_name(const struct viz_backup_job *job, const char *part)
{
	char dir[PATH_MAX];
	const char *slash = strrchr(job->file, '/');

	if (slash == NULL)
		snprintf(dir, sizeof dir, ".");
	else
		snprintf(dir, sizeof dir, "%.*s", slash == job->file ? 1 : (int)(slash - job->file),
			 job->file);
	if (renameat2(AT_FDCWD, part, AT_FDCWD, job->file, RENAME_NOREPLACE) != 0) {
		if (errno == EEXIST || (errno != EINVAL && errno != ENOSYS) ||
		    access(job->file, F_OK) == 0)
			return cannot(job, job->file);
		if (rename(part, job->file) != 0) /* a file system that cannot refuse */
			return cannot(job, job->file);
	}
	return viz_offline_sync(dir) ? VIZ_EXIT_OK : cannot(job, dir);
}

static int fill(struct viz_backup_job *job, struct viz_backup_writer *w, int fd, const char *part)
{
	struct viz_backup_head head = {.kind = job->kind,
				       .schema = VIZ_SCHEMA_VERSION,
				       .made = job->made,
				       .author = job->node.author,
				       .recovery = job->node.recovery};
	int status = VIZ_EXIT_OK;

	switch (viz_backup_file_write_begin(w, fd, &head)) {
	case VIZ_OK:
		break;
	case VIZ_ERR_AUTH:
		return viz_print_error(job->cli, VIZ_EXIT_FAILED, VIZ_CODE_NO_RECOVERY_KEY,
				       VIZ_MSG_BACKUP_NO_KEY);
	default:
		return cannot(job, part);
	}
	status = write_store(job, w, part);
	if (status == VIZ_EXIT_OK && job->kind == VIZ_BACKUP_HAND_OVER)
		status = write_vault(job, w, part);
	if (status == VIZ_EXIT_OK && fsync(fd) != 0)
		status = cannot(job, part);
	if (status == VIZ_EXIT_OK && viz_backup_file_verify(w, part) != VIZ_OK)
		status = viz_print_error(job->cli, VIZ_EXIT_FAILED, VIZ_CODE_DAMAGED,
					 VIZ_MSG_BACKUP_DIFFERS, part);
	job->bytes = w->bytes;
	return status;
}

/* Whether the name still leads to the file: a run that had the lock before has given it its own. */
static bool still_named(int fd, const char *path)
{
	struct stat ours, named;

	if (fstat(fd, &ours) == 0 && lstat(path, &named) == 0 && ours.st_ino == named.st_ino &&
	    ours.st_dev == named.st_dev)
		return true;
	errno = EBUSY;
	return false;
}

int viz_backup_make(struct viz_backup_job *job)
{
	struct viz_backup_writer *w = malloc(sizeof *w);
	struct viz_clock clock = {0};
	char part[PATH_MAX];
	int fd, status;

	VIZ_REQUIRE(w);
	signal(SIGXFSZ, SIG_IGN); /* a limit of the files is an error of the write */
	if (job->made.ms == 0)
		job->made = viz_host_clock_read(&clock);
	if (snprintf(part, sizeof part, "%s.part", job->file) >= (int)sizeof part)
		errno = ENAMETOOLONG;
	else if (access(job->file, F_OK) == 0)
		errno = EEXIST;
	else
		errno = 0;
	if (errno != 0) {
		free(w);
		return cannot(job, job->file);
	}
	/* What a run left that was killed is written over; one that runs holds the lock. */
	fd = open(part, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0 || flock(fd, LOCK_EX | LOCK_NB) != 0 || !still_named(fd, part) ||
	    ftruncate(fd, 0) != 0) {
		status = cannot(job, part);
		if (fd >= 0)
			close(fd);
		free(w);
		return status;
	}
	status = fill(job, w, fd, part);
	if (status == VIZ_EXIT_OK)
		status = give_name(job, part);
	if (status != VIZ_EXIT_OK)
		unlink(part);
	close(fd);
	viz_secret_wipe(w, sizeof *w);
	free(w);
	return status;
}
