#include "node/host/store_check.h"

#include <errno.h>
#include <sys/wait.h>
#include <unistd.h>

#include "node/host/log.h"
#include "store/salvage.h"

static _Noreturn void check(int out, const struct viz_store_config *config)
{
	struct viz_salvage_result result;
	int err = viz_salvage_run(&result, config);

	/* less than a pipe takes at once */
	if (err == VIZ_OK && write(out, &result, sizeof result) != (ssize_t)sizeof result)
		err = VIZ_ERR_STORE;
	_exit(err == VIZ_OK ? 0 : err == VIZ_ERR_STATE ? 2 : 1);
}

static void log_damage(const struct viz_damage *d)
{
	if (d->head)
		viz_host_log(VIZ_LOG_ERROR,
			     "store: damaged: its head; the last commit may be lost");
	if (d->directory)
		viz_host_log(VIZ_LOG_ERROR, "store: damaged: the list of its tables");
	if (d->free_list)
		viz_host_log(VIZ_LOG_ERROR, "store: damaged: the list of its free pages");
	for (unsigned t = 0; t < VIZ_TABLE_COUNT; t++)
		if (d->pages[t] || d->rows[t] || d->sum[t])
			viz_host_log(VIZ_LOG_ERROR,
				     "store: damaged: table %s: %u pages, %u rows that do not fit "
				     "their checksum%s",
				     viz_salvage_loss_table((enum viz_table)t), d->pages[t],
				     d->rows[t],
				     d->sum[t] ? "; rows are missing, or are of another time" : "");
}

static int fail(struct viz_store_fault *fault, enum viz_store_reason reason, int error,
		const char *detail)
{
	*fault = (struct viz_store_fault){
	    .reason = reason, .error = error, .what = "store.mdb", .detail = detail};
	return VIZ_ERR_STORE;
}

static int judge(struct viz_store_fault *fault, const struct viz_salvage_result *r)
{
	switch (r->end) {
	case VIZ_SALVAGE_SOUND:
		return VIZ_OK;
	case VIZ_SALVAGE_MIGRATED:
		viz_host_log(VIZ_LOG_NOTICE,
			     "store: of schema %u, made anew of schema %u: %llu rows", r->version,
			     VIZ_SCHEMA_VERSION, (unsigned long long)r->rows);
		return VIZ_OK;
	case VIZ_SALVAGE_REBUILT:
		log_damage(&r->damage);
		viz_host_log(VIZ_LOG_ERROR,
			     "store: made anew of the %llu rows that are right; the damaged one is "
			     "kept as %s until you remove it",
			     (unsigned long long)r->rows, VIZ_SALVAGE_DAMAGED);
		return VIZ_OK;
	case VIZ_SALVAGE_LOST:
		log_damage(&r->damage);
		return fail(fault, VIZ_STORE_DAMAGED, 0,
			    "the keys of the node are lost: restore a backup");
	case VIZ_SALVAGE_FAILED:
		log_damage(&r->damage);
		return fail(fault, VIZ_STORE_SYSTEM, r->error, "the store cannot be made anew");
	}
	return VIZ_ERR_STORE;
}

int viz_host_store_check(struct viz_store_fault *fault, const struct viz_store_config *config)
{
	struct viz_salvage_result result;
	int ends[2], status = 0;
	ssize_t n;
	pid_t pid;

	if (pipe(ends) != 0)
		return fail(fault, VIZ_STORE_SYSTEM, errno, "");
	pid = fork();
	if (pid == 0) {
		close(ends[0]);
		check(ends[1], config);
	}
	close(ends[1]);
	if (pid < 0) {
		close(ends[0]);
		return fail(fault, VIZ_STORE_SYSTEM, errno, "");
	}
	do
		n = read(ends[0], &result, sizeof result);
	while (n < 0 && errno == EINTR);
	close(ends[0]);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (n == (ssize_t)sizeof result && WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return judge(fault, &result);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 2)
		return VIZ_OK; /* another process has the directory: the opening says so */
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGBUS)
		return fail(fault, VIZ_STORE_SYSTEM, EIO,
			    "the disk does not give all of its pages");
	return fail(fault, VIZ_STORE_DAMAGED, 0, "its check has failed");
}
