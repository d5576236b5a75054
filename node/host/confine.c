#include "node/host/confine.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <linux/limits.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "node/host/log.h"
#include "node/host/syscalls.h"

/* Landlock, as linux/landlock.h has it; that of Debian 12 ends at version 2, and its libc has no
 * functions. */
#define LANDLOCK_CREATE   444
#define LANDLOCK_ADD      445
#define LANDLOCK_RESTRICT 446
#define BY_VERSION        1 /* flag of LANDLOCK_CREATE */
#define PATH_BENEATH      1 /* type of a rule */
#define SCOPE_SIGNAL      2 /* from version 6 */

enum {
	FS_WRITE_FILE = 1 << 1,
	FS_READ_FILE = 1 << 2,
	FS_READ_DIR = 1 << 3,
	FS_REMOVE_FILE = 1 << 5,
	FS_MAKE_REG = 1 << 8,
	FS_MAKE_SOCK = 1 << 9,
	FS_TRUNCATE = 1 << 14,
	FS_READ = FS_READ_FILE | FS_READ_DIR,
	FS_SOCKET = FS_REMOVE_FILE | FS_MAKE_SOCK,
	FS_STATE = FS_READ | FS_WRITE_FILE | FS_TRUNCATE | FS_MAKE_REG | FS_SOCKET,
};

struct ruleset {
	uint64_t fs, net, scoped;
};

struct path_beneath {
	uint64_t allowed;
	int32_t fd;
} __attribute__((packed));

static const char *owner_of(uid_t uid)
{
	const struct passwd *pw = getpwuid(uid);

	return pw != NULL ? pw->pw_name : NULL;
}

int viz_host_confine_user(const char *state, const char *group)
{
	const struct group *gr;
	gid_t groups[64];
	struct stat st;
	const char *name;
	int count = 64;

	if (geteuid() != 0 || stat(state, &st) != 0)
		return VIZ_OK;
	name = owner_of(st.st_uid);
	if (st.st_uid != 0 && name != NULL)
		getgrouplist(name, st.st_gid, groups, &count);
	else
		count = st.st_uid != 0 ? 0 : getgroups(64, groups);
	gr = group[0] != '\0' ? getgrnam(group) : NULL;
	if (count < 0 || count >= 64)
		count = 0;
	/* Whoever is in a group may give it a file, without a privilege. */
	if (gr != NULL)
		groups[count++] = gr->gr_gid;
	if (setgroups((size_t)count, groups) != 0)
		return st.st_uid == 0 ? VIZ_OK : VIZ_ERR_STATE;
	if (st.st_uid == 0)
		return VIZ_OK;
	if (setgid(st.st_gid) != 0 || setuid(st.st_uid) != 0)
		return VIZ_ERR_STATE;
	viz_host_log(VIZ_LOG_NOTICE, "started by root: going on as the user of %s, %s", state,
		     name != NULL ? name : "who has no name");
	return VIZ_OK;
}

/* All capabilities, and the ways to get new ones. */
static bool drop_privileges(void)
{
	struct __user_cap_header_struct head = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct has[_LINUX_CAPABILITY_U32S_3] = {{0}};
	static const struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3];

	/* Without the right to do so, which only root has, there is nothing to drop there. */
	for (unsigned long cap = 0; prctl(PR_CAPBSET_READ, cap, 0, 0, 0) >= 0; cap++)
		(void)prctl(PR_CAPBSET_DROP, cap, 0, 0, 0);
	(void)prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || syscall(SYS_capget, &head, has) != 0)
		return false;
	/* The unit has dropped them, and refuses capset. */
	return memcmp(has, none, sizeof has) == 0 || syscall(SYS_capset, &head, none) == 0;
}

static bool allow(int ruleset, const char *path, uint64_t rights)
{
	struct path_beneath rule = {.allowed = rights};
	bool ok;

	rule.fd = open(path, O_PATH | O_CLOEXEC);
	if (rule.fd < 0)
		return errno == ENOENT;
	ok = syscall(LANDLOCK_ADD, ruleset, PATH_BENEATH, &rule, 0) == 0;
	close(rule.fd);
	return ok;
}

/* The directory of a file: an editor puts another file in the place of the one that we know. */
static bool allow_beside(int ruleset, const char *path, uint64_t rights)
{
	char dir[PATH_MAX];
	const char *slash = strrchr(path, '/');

	if (slash == NULL)
		return allow(ruleset, ".", rights);
	snprintf(dir, sizeof dir, "%.*s", slash == path ? 1 : (int)(slash - path), path);
	return allow(ruleset, dir, rights);
}

/* Where what is read stands: users and their groups, and the libraries that look them up. */
static bool allow_all(int ruleset, const struct viz_confine_paths *paths, uint64_t known)
{
	static const char *const read[] = {"/etc", "/usr", "/lib", "/lib64", "/run/systemd/userdb",
#ifdef VIZ_SANITIZED
					   "/",
#endif
					   NULL};
	char real[PATH_MAX];
	bool ok = allow(ruleset, paths->state, FS_STATE & known) &&
		  allow_beside(ruleset, paths->socket, FS_SOCKET) &&
		  allow_beside(ruleset, paths->config, FS_READ);

	if (ok && realpath(paths->config, real) != NULL)
		ok = allow_beside(ruleset, real, FS_READ);
	for (size_t i = 0; ok && read[i] != NULL; i++)
		ok = allow(ruleset, read[i], FS_READ);
	return ok;
}

/* Only our own files, and no signal to other processes. Each version of Landlock knows more rights,
 * and refuses those that it does not know. */
static bool restrict_files(const struct viz_confine_paths *paths)
{
	static const unsigned bits[] = {13, 14, 15, 15,
					16}; /* by version, the last one for all later */
	long version = syscall(LANDLOCK_CREATE, NULL, 0, BY_VERSION);
	struct ruleset rules = {0};
	size_t size = sizeof rules.fs;
	int fd;
	bool ok;

	if (version < 1)
		return false;
	rules.fs = (UINT64_C(1) << bits[version > 5 ? 4 : version - 1]) - 1;
	if (version >= 6) {
		rules.scoped = SCOPE_SIGNAL;
		size = sizeof rules;
	}
	fd = (int)syscall(LANDLOCK_CREATE, &rules, size, 0);
	if (fd < 0)
		return false;
	ok = allow_all(fd, paths, rules.fs) && syscall(LANDLOCK_RESTRICT, fd, 0) == 0;
	close(fd);
	return ok;
}

static void warn(bool on, const char *what)
{
	if (!on)
		viz_host_log(
		    VIZ_LOG_WARNING,
		    "%s: not on, as the kernel or the container has none; going on without", what);
}

void viz_host_confine(struct viz_confinement *out, const struct viz_confine_paths *paths,
		      bool strict)
{
	/* What looks users up is loaded once, while all can be read. */
	(void)getpwuid(geteuid());
	out->privileges = drop_privileges();
	out->landlock = restrict_files(paths);
	out->seccomp = viz_host_syscalls_limit(strict) == VIZ_OK;
	warn(out->privileges, "dropping privileges");
	warn(out->landlock, "Landlock, which limits the files that are opened");
	warn(out->seccomp, "seccomp, which limits system calls");
}
