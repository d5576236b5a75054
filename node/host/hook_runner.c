#include "node/host/hook_runner.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "node/host/alloc.h"
#include "node/host/log.h"
#include "node/host/speech.h"

struct runner {
	int fd;    /* to the daemon */
	int ended; /* signalfd of SIGCHLD */
	const char *file;
	struct viz_config config;
};

/* One run of the hook. */
struct run {
	pid_t pid;
	int in; /* to its standard input; -1: closed */
	const uint8_t *bytes;
	size_t len;
	int64_t until_ms;
};

static int64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static bool receive(int fd, void *out, size_t len)
{
	uint8_t *at = out;

	while (len > 0) {
		ssize_t n = read(fd, at, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		at += n;
		len -= (size_t)n;
	}
	return true;
}

/* The hook gets nothing of our environment, which may name sockets that are not its own, but where
 * its secrets are (LoadCredential= of systemd). It gets no descriptor, and the signals as they are
 * by default. It leads a group: what it starts ends with it. */
static _Noreturn void become(const struct runner *r, int in)
{
	static char path[] = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
	static char lang[] = "LANG=C.UTF-8";
	char program[VIZ_CONFIG_HOOK_MAX], credentials[4096], *args[] = {program, NULL},
							      *env[] = {path, lang, NULL, NULL};
	const char *dir = getenv("CREDENTIALS_DIRECTORY");
	int null = open("/dev/null", O_WRONLY);
	sigset_t none;

	if (dir != NULL && snprintf(credentials, sizeof credentials, "CREDENTIALS_DIRECTORY=%s",
				    dir) < (int)sizeof credentials)
		env[2] = credentials;
	snprintf(program, sizeof program, "%s", r->config.hook);
	setsid();
	for (int i = 1; i < NSIG; i++)
		signal(i, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	if (chdir("/") == 0 && null >= 0 && dup2(in, STDIN_FILENO) >= 0 &&
	    dup2(null, STDOUT_FILENO) >= 0) {
		if (null > STDERR_FILENO)
			close(null);
		execve(program, args, env);
	}
	viz_host_log(VIZ_LOG_WARNING, "the hook %s does not run: %s", program,
		     viz_host_speech_errno(errno));
	_exit(127);
}

static bool start(const struct runner *r, struct run *run)
{
	int in[2];

	if (pipe2(in, O_CLOEXEC) != 0)
		return false;
	run->pid = fork();
	if (run->pid == 0)
		become(r, in[0]);
	close(in[0]);
	if (run->pid < 0) {
		close(in[1]);
		return false;
	}
	fcntl(in[1], F_SETFL, O_NONBLOCK);
	run->in = in[1];
	return true;
}

static void close_in(struct run *run)
{
	if (run->in >= 0)
		close(run->in);
	run->in = -1;
}

/* A program that does not read may still do its work. */
static void write_more(struct run *run)
{
	ssize_t n = write(run->in, run->bytes, run->len);

	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return;
	if (n > 0) {
		run->bytes += n;
		run->len -= (size_t)n;
	}
	if (n <= 0 || run->len == 0)
		close_in(run);
}

static void kill_run(struct run *run)
{
	(void)kill(-run->pid, SIGKILL);
	(void)kill(run->pid, SIGKILL); /* before it has a group */
}

/* Waits for the end of the hook. The daemon's end is its end, too. */
static bool wait_for(const struct runner *r, struct run *run)
{
	struct signalfd_siginfo info;
	int status = 1 << 8; /* failed, when it cannot be waited for */
	bool late = false;

	while (waitpid(run->pid, &status, WNOHANG) == 0) {
		struct pollfd fds[] = {{.fd = r->fd, .events = 0},
				       {.fd = r->ended, .events = POLLIN},
				       {.fd = run->in, .events = POLLOUT}};
		int64_t left = run->until_ms - now_ms();

		if (left <= 0 && !late) {
			late = true;
			viz_host_log(VIZ_LOG_WARNING, "the hook did not end within %d s: killed",
				     VIZ_HOST_HOOK_MS / 1000);
			kill_run(run);
		}
		if (poll(fds, 3, late ? -1 : (int)left) <= 0)
			continue;
		if (fds[0].revents != 0) {
			kill_run(run);
			_exit(EXIT_SUCCESS);
		}
		if (fds[1].revents != 0)
			(void)!read(r->ended, &info, sizeof info);
		if (fds[2].revents != 0)
			write_more(run);
	}
	close_in(run);
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static void say_nothing(void *to, bool fault, const char *line)
{
	(void)to;
	(void)fault;
	(void)line;
}

/* The daemon tells what is wrong with it. */
static void read_config(struct runner *r)
{
	const struct viz_config_report report = {say_nothing, NULL, false};
	struct viz_config next;

	if (viz_host_config_read(&next, &report, r->file) == VIZ_OK)
		r->config = next;
}

static _Noreturn void serve(struct runner *r)
{
	struct viz_hook_order order;

	while (receive(r->fd, &order, sizeof order)) {
		struct viz_hook_answer answer = {.number = order.number};
		struct run run = {.in = -1, .len = order.len};
		uint8_t *bytes;

		if (order.len == 0) {
			read_config(r);
			continue;
		}
		bytes = viz_host_alloc(order.len);
		if (!receive(r->fd, bytes, order.len))
			break;
		run.bytes = bytes;
		run.until_ms = now_ms() + VIZ_HOST_HOOK_MS;
		answer.ok = r->config.hook[0] != '\0' && start(r, &run) && wait_for(r, &run);
		free(bytes);
		if (write(r->fd, &answer, sizeof answer) != (ssize_t)sizeof answer)
			break;
	}
	_exit(EXIT_SUCCESS);
}

static _Noreturn void run_child(int fd, const struct viz_config *config, const char *file)
{
	struct runner r = {.fd = fd, .file = file, .config = *config};
	sigset_t child;

	/* It ends when the daemon has ended, and not before: by the end of `fd`. */
	signal(SIGTERM, SIG_IGN);
	signal(SIGINT, SIG_IGN);
	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	sigprocmask(SIG_BLOCK, &child, NULL);
	r.ended = signalfd(-1, &child, SFD_CLOEXEC | SFD_NONBLOCK);
	if (r.ended < 0)
		_exit(EXIT_FAILURE);
	prctl(PR_SET_NAME, "vizinhod-hook", 0, 0, 0);
	serve(&r);
}

int viz_host_hook_runner_start(struct viz_hook_runner *out, const struct viz_config *config,
			       const char *file)
{
	int fds[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) != 0)
		return VIZ_ERR_STATE;
	out->pid = fork();
	if (out->pid == 0) {
		close(fds[0]);
		run_child(fds[1], config, file);
	}
	close(fds[1]);
	if (out->pid < 0) {
		close(fds[0]);
		return VIZ_ERR_STATE;
	}
	out->fd = fds[0];
	return VIZ_OK;
}
