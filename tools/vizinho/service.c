#include "tools/vizinho/service.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/limits.h>
#include <pwd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "node/host/config.h"
#include "node/host/speech.h"
#include "tools/vizinho/print.h"

#define SERVICE_USER "vizinho" /* as tools/packaging/vizinho.sysusers makes it */

/* Asks the kernel, as that user. Without the right to become that user, it assumes yes. */
static bool can_read(const struct passwd *user, const char *path)
{
	int status = 0;
	pid_t child;

	if (geteuid() == user->pw_uid)
		return access(path, R_OK) == 0;
	if (geteuid() != 0)
		return true;
	child = fork();
	if (child == 0) {
		bool ok = initgroups(user->pw_name, user->pw_gid) == 0 &&
			  setgid(user->pw_gid) == 0 && setuid(user->pw_uid) == 0 &&
			  access(path, R_OK) == 0;

		_exit(ok ? 0 : 1);
	}
	return child < 0 || waitpid(child, &status, 0) != child || status == 0;
}

static void warn(json_t *warnings, const struct viz_cli *cli, enum viz_msg id, const char *path,
		 const char *user)
{
	char text[1024];

	(viz_print_text)(text, sizeof text, cli->lang, id, path, user, user, path);
	json_array_append_new(warnings, viz_print_path(text));
	if (!cli->json)
		fprintf(stderr, "\n%s\n", text);
}

static int cannot(const struct viz_cli *cli, const char *path)
{
	return viz_print_error(cli, VIZ_EXIT_FAILED, VIZ_CODE_FILE, VIZ_MSG_CANNOT, path,
			       viz_host_speech_errno(errno));
}

int viz_service_give(const struct viz_cli *cli, const char *state)
{
	DIR *dir = geteuid() == 0 ? opendir(state) : NULL;
	const struct dirent *e;
	struct stat owner, st;
	bool ok;

	if (dir == NULL)
		return VIZ_EXIT_OK;
	ok = fstat(dirfd(dir), &owner) == 0;
	while (ok && owner.st_uid != 0 && (e = readdir(dir)) != NULL)
		ok = fstatat(dirfd(dir), e->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
		     (!S_ISREG(st.st_mode) || fchownat(dirfd(dir), e->d_name, owner.st_uid,
						       owner.st_gid, AT_SYMLINK_NOFOLLOW) == 0);
	closedir(dir);
	return ok ? VIZ_EXIT_OK : cannot(cli, state);
}

int viz_service_start(const struct viz_cli *cli)
{
	pid_t child = fork();
	int status = 1;

	if (child == 0) {
		execlp("systemctl", "systemctl", "start", VIZ_SERVICE_UNIT, (char *)NULL);
		_exit(127);
	}
	if (child > 0 && waitpid(child, &status, 0) == child && status == 0)
		return VIZ_EXIT_OK;
	return viz_print_error(cli, VIZ_EXIT_FAILED, VIZ_CODE_NO_DAEMON, VIZ_MSG_INIT_NOT_STARTED,
			       VIZ_SERVICE_UNIT);
}

void viz_service_warn(json_t *warnings, const struct viz_cli *cli, const char *state,
		      const char *config)
{
	const struct passwd *user = NULL;
	char store[PATH_MAX];
	struct stat st;

	if (stat(state, &st) != 0)
		return;
	if (strcmp(state, VIZ_CONFIG_STATE) == 0)
		user = getpwnam(SERVICE_USER);
	if (user == NULL)
		user = getpwuid(st.st_uid);
	if (user == NULL)
		return;
	snprintf(store, sizeof store, "%s/store.mdb", state);
	if (st.st_uid != user->pw_uid || stat(store, &st) != 0 || st.st_uid != user->pw_uid)
		warn(warnings, cli, VIZ_MSG_INIT_NOT_OWNER, state, user->pw_name);
	if (access(config, F_OK) == 0 && !can_read(user, config))
		warn(warnings, cli, VIZ_MSG_INIT_UNREADABLE, config, user->pw_name);
}
