/* What a confined process cannot do any more. Each case plays in a child, because nothing of it can
 * be undone. */
#include "tests/unit/unit.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "node/host/confine.h"
#include "node/host/log.h"
#include "node/host/syscalls.h"
#include "tests/unit/scratch.h"

struct place {
	char state[SCRATCH_PATH + 16], mine[SCRATCH_PATH + 16], config[SCRATCH_PATH + 16],
	    other[SCRATCH_PATH + 16];
};

/* What a child says by its exit status. */
enum { HELD = 0, WRONG = 1, NONE_HERE = 77 };

static void fill(struct place *p, const char *dir)
{
	snprintf(p->state, sizeof p->state, "%s/state", dir);
	snprintf(p->mine, sizeof p->mine, "%s/state/mine", dir);
	snprintf(p->config, sizeof p->config, "%s/etc/conf", dir);
	snprintf(p->other, sizeof p->other, "%s/other", dir);
}

static void put(const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	close(fd);
}

static int set_up(void **state)
{
	static char dir[SCRATCH_PATH];
	struct place p;
	char etc[SCRATCH_PATH + 8];

	scratch_make(dir);
	fill(&p, dir);
	snprintf(etc, sizeof etc, "%s/etc", dir);
	assert_int_equal(mkdir(p.state, 0700), 0);
	assert_int_equal(mkdir(etc, 0700), 0);
	put(p.config);
	put(p.mine);
	put(p.other);
	*state = dir;
	return 0;
}

static int tear_down(void **state)
{
	char etc[SCRATCH_PATH + 8];
	struct place p;

	fill(&p, *state);
	snprintf(etc, sizeof etc, "%s/etc", (const char *)*state);
	scratch_remove(p.state);
	scratch_remove(etc);
	scratch_remove(*state);
	return 0;
}

/* Plays `act` in a child. Returns its exit status, or 128 and the signal. */
static int played(int (*act)(const struct place *), void **state)
{
	struct rlimit none = {0, 0};
	struct place p;
	int status;
	pid_t pid;

	fill(&p, *state);
	pid = fork();
	if (pid == 0) {
		setrlimit(RLIMIT_CORE, &none);
		_exit(act(&p));
	}
	assert_true(pid > 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

static void holds(int (*act)(const struct place *), void **state)
{
	int status = played(act, state);

	if (status == NONE_HERE)
		skip();
	assert_int_equal(status, HELD);
}

static struct viz_confinement confine(const struct place *p, bool strict)
{
	char socket[SCRATCH_PATH + 32];
	struct viz_confine_paths paths = {.state = p->state, .socket = socket, .config = p->config};
	struct viz_confinement got = {false, false, false};

	snprintf(socket, sizeof socket, "%s/control", p->state);
	viz_host_confine(&got, &paths, strict);
	return got;
}

static bool refused(long result, int error)
{
	return result == -1 && errno == error;
}

static int try_calls(const struct place *p)
{
	if (!confine(p, false).seccomp)
		return NONE_HERE;
	if (!refused(syscall(SYS_mkdir, "/nowhere", 0700), ENOSYS) ||
	    !refused(syscall(SYS_mount, "", "", "", 0, ""), ENOSYS) ||
	    !refused(syscall(SYS_bpf, 0, 0, 0), ENOSYS) ||
	    !refused(syscall(SYS_io_uring_setup, 1, 0), ENOSYS))
		return WRONG;
	/* the arguments count, too */
	if (socket(AF_NETLINK, SOCK_RAW, 0) != -1 || socket(AF_PACKET, SOCK_RAW, 0) != -1 ||
	    kill(getppid(), 0) != -1)
		return WRONG;
#ifndef VIZ_SANITIZED /* the search for leaks makes these */
	if (!refused(syscall(SYS_ptrace, 0, 0, 0, 0), ENOSYS) ||
	    syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0) != -1 ||
	    mmap(NULL, 4096, PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) !=
		MAP_FAILED)
		return WRONG;
#endif
	return HELD;
}

static void calls_outside_the_list(void **state)
{
	holds(try_calls, state);
}

static int try_program(const struct place *p)
{
	if (!confine(p, false).seccomp)
		return NONE_HERE;
	execl("/bin/true", "true", (char *)NULL);
	return WRONG;
}

static int try_strict(const struct place *p)
{
	if (!confine(p, true).seccomp)
		return NONE_HERE;
	syscall(SYS_mkdir, "/nowhere", 0700);
	return WRONG;
}

static void a_program_kills(void **state)
{
	int status = played(try_program, state);

	if (status == NONE_HERE)
		skip();
	assert_int_equal(status, 128 + SIGSYS);
	assert_int_equal(played(try_strict, state), 128 + SIGSYS);
}

static int can_open(const char *path, int flags)
{
	int fd = open(path, flags | O_CLOEXEC, 0600);

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

static int try_files(const struct place *p)
{
	char made[SCRATCH_PATH + 32];

	if (!confine(p, false).landlock)
		return NONE_HERE;
	snprintf(made, sizeof made, "%s/new", p->state);
	if (!can_open(p->mine, O_RDWR | O_TRUNC) || !can_open(made, O_RDWR | O_CREAT) ||
	    unlink(made) != 0 || !can_open(p->config, O_RDONLY) ||
	    !can_open("/etc/passwd", O_RDONLY))
		return WRONG;
	if (can_open(p->config, O_WRONLY) || can_open("/etc/passwd", O_WRONLY))
		return WRONG;
#ifndef VIZ_SANITIZED /* its report may read all */
	if (can_open(p->other, O_RDONLY))
		return WRONG;
#endif
	if (can_open(p->other, O_WRONLY) || unlink(p->other) == 0)
		return WRONG;
	return HELD;
}

static void files_of_others(void **state)
{
	holds(try_files, state);
}

/* An editor writes a new file and puts it in the place of the old one. */
static int try_another_config(const struct place *p)
{
	char next[SCRATCH_PATH + 32];
	pid_t editor;
	int ready[2];
	char byte;

	if (pipe(ready) != 0)
		return WRONG;
	snprintf(next, sizeof next, "%s.new", p->config);
	editor = fork();
	if (editor == 0) {
		close(ready[1]);
		if (read(ready[0], &byte, 1) != 1)
			_exit(1);
		put(next);
		_exit(rename(next, p->config));
	}
	if (!confine(p, false).landlock)
		return NONE_HERE;
	if (write(ready[1], "x", 1) != 1 || waitpid(editor, NULL, 0) != editor)
		return WRONG;
	return can_open(p->config, O_RDONLY) ? HELD : WRONG;
}

static void a_configuration_that_is_replaced(void **state)
{
	holds(try_another_config, state);
}

static int try_privileges(const struct place *p)
{
	char line[128], *at;
	FILE *f = fopen("/proc/self/status", "re");
	int found = 0;

	if (f == NULL || !confine(p, false).privileges)
		return WRONG;
	while (fgets(line, sizeof line, f) != NULL) {
		at = strchr(line, '\t');
		if (strncmp(line, "CapEff:", 7) == 0 || strncmp(line, "CapPrm:", 7) == 0 ||
		    strncmp(line, "CapInh:", 7) == 0 || strncmp(line, "CapAmb:", 7) == 0)
			found += strtoull(at, NULL, 16) == 0;
		if (strncmp(line, "NoNewPrivs:", 11) == 0)
			found += at[1] == '1';
	}
	fclose(f);
	return found == 5 ? HELD : WRONG;
}

static void no_privilege_is_left(void **state)
{
	holds(try_privileges, state);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(calls_outside_the_list, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(a_program_kills, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(files_of_others, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(a_configuration_that_is_replaced, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(no_privilege_is_left, set_up, tear_down),
	};

	viz_host_log_init(VIZ_LOG_ERROR);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
