/* The daemon's control socket, its start and its end. */
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "crypto/crypto.h"
#include "proto/base.h"
#include "tests/host/daemon.h"

#define QUICK "sweep_ms=20"

static void put(int fd, const char *text)
{
	assert_int_equal(send(fd, text, strlen(text), MSG_NOSIGNAL), (ssize_t)strlen(text));
}

static void control_clients(void **state)
{
	struct daemon d;
	struct stat st;
	char path[128];
	int one, two, three;

	(void)state;
	daemon_start(&d, 'a', '\0', QUICK);
	snprintf(path, sizeof path, "%s/control", d.dir);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0660);
	one = ctl_open(&d);
	two = ctl_open(&d);
	three = ctl_open(&d);
	put(one, "{\"op\":\"echo\",");
	put(two,
	    "{\"op\":\"echo\",\"text\":\"2a\"}\n\n{\"op\":\"echo\",\"text\":\"2b\"}\r\n{\"op\":");
	assert_non_null(strstr(ctl_line(two), "\"2a\""));
	assert_non_null(strstr(ctl_line(two), "\"2b\""));
	put(three, "{\"op\":\"sleep\",\"ms\":200}\n");
	close(three); /* closed before its reply, which is dropped */
	put(one, "\"text\":\"1\"}\n");
	assert_non_null(strstr(ctl_line(one), "\"1\""));
	/* After the last request the replies still come. */
	put(two, "\"echo\",\"text\":\"2c\"}\n{\"op\":\"echo\",\"text\":\"2d\"}\n{\"lost");
	assert_int_equal(shutdown(two, SHUT_WR), 0);
	assert_non_null(strstr(ctl_line(two), "\"2c\""));
	assert_non_null(strstr(ctl_line(two), "\"2d\""));
	assert_null(ctl_line(two));
	close(two);
	put(one, "not json\n");
	assert_string_equal(ctl_line(one), "{\"ok\":false}");
	close(one);
	assert_int_equal(daemon_stop(&d), 0);
}

static void control_names_the_caller(void **state)
{
	struct daemon d;

	(void)state;
	daemon_start(&d, 'a', '\0', QUICK);
	if (getuid() == 0)
		assert_non_null(
		    strstr(ctl_ask(&d, "{\"op\":\"echo\",\"text\":\"x\"}"), "\"who\":\"root\""));
	assert_int_equal(daemon_stop(&d), 0);
}

static void control_oversize(void **state)
{
	static char chunk[1 << 20];
	struct daemon d;
	const char *line;
	int fd;

	(void)state;
	daemon_start(&d, 'a', '\0', QUICK);
	memset(chunk, 'x', sizeof chunk);
	fd = ctl_open(&d);
	for (int i = 0; i < 40; i++)
		if (send(fd, chunk, sizeof chunk, MSG_NOSIGNAL) < 0)
			break;
	line = ctl_line(fd);
	if (line != NULL) {
		assert_non_null(strstr(line, "\"protocol\":1,\"version\""));
		assert_non_null(strstr(line, "\"too-long\""));
	}
	close(fd);
	/* A line of 20 MiB is allowed. */
	fd = ctl_open(&d);
	put(fd, "{\"op\":\"state\",\"pad\":\"");
	for (int i = 0; i < 20; i++)
		for (size_t at = 0; at < sizeof chunk;) {
			ssize_t n = send(fd, chunk + at, sizeof chunk - at, MSG_NOSIGNAL);

			assert_true(n > 0);
			at += (size_t)n;
		}
	put(fd, "\"}\n");
	line = ctl_line(fd);
	assert_non_null(line);
	assert_non_null(strstr(line, "\"hellos\":0"));
	close(fd);
	assert_int_equal(daemon_stop(&d), 0);
}

/* An idle client is closed. A client that waits for its reply is not. */
static void control_idle(void **state)
{
	struct daemon d;
	int fds[80], half, busy;

	(void)state;
	daemon_start(&d, 'a', '\0', QUICK " ctl_idle_ms=600");
	busy = ctl_open(&d);
	put(busy, "{\"op\":\"sleep\",\"ms\":2000}\n");
	half = ctl_open(&d);
	put(half, "{\"op\":");
	for (int i = 0; i < 80; i++)
		fds[i] = ctl_open(&d);
	for (int i = 0; i < 80; i++) {
		peer_await_close(fds[i]);
		close(fds[i]);
	}
	peer_await_close(half);
	close(half);
	assert_non_null(ctl_line(busy));
	close(busy);
	assert_int_equal(ctl_state(&d, "hellos"), 0);
	assert_true(daemon_logged(&d, "one of user"));
	assert_true(daemon_log_count(&d, "one of user") <= 10);
	assert_int_equal(daemon_stop(&d), 0);
}

static int run_another(const struct daemon *d, const char *state_dir, const char *extra)
{
	char conf[128];
	int status = 0;
	pid_t pid;
	FILE *f;

	snprintf(conf, sizeof conf, "%s/conf", d->dir);
	f = fopen(conf, "ae");
	fputs(extra, f);
	fclose(f);
	pid = fork();
	if (pid == 0) {
		execl(getenv("VIZ_FAKE"), "vizinhod", "--config", conf, "--state", state_dir,
		      (char *)NULL);
		_exit(127);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

static void a_second_instance(void **state)
{
	char dir[] = "/tmp/viz-other-XXXXXX", extra[256], command[128];
	struct daemon d;

	(void)state;
	daemon_start(&d, 'a', '\0', QUICK);
	assert_int_equal(run_another(&d, d.dir, ""), 1);
	/* Another state directory with the same socket. */
	assert_non_null(mkdtemp(dir));
	snprintf(extra, sizeof extra, "[control]\nsocket = %s/control\n", d.dir);
	assert_int_equal(run_another(&d, dir, extra), 1);
	assert_int_equal(ctl_state(&d, "hellos"), 0); /* the first daemon still runs */
	snprintf(command, sizeof command, "rm -r %s", dir);
	assert_int_equal(system(command), 0);
	assert_int_equal(daemon_stop(&d), 0);
}

static void a_stale_socket(void **state)
{
	char path[160], log[160];
	struct daemon d;
	pid_t pid;

	(void)state;
	daemon_start(&d, 'a', '\0', QUICK);
	assert_int_equal(kill(d.pid, SIGKILL), 0);
	assert_int_equal(waitpid(d.pid, NULL, 0), d.pid);
	snprintf(path, sizeof path, "%s/control", d.dir);
	assert_int_equal(access(path, F_OK), 0);
	snprintf(log, sizeof log, "%s/log", d.dir);
	unlink(log);
	pid = fork();
	if (pid == 0) {
		snprintf(path, sizeof path, "%s/conf", d.dir);
		assert_non_null(freopen(log, "a", stderr));
		execl(getenv("VIZ_FAKE"), "vizinhod", "--config", path, "--state", d.dir,
		      (char *)NULL);
		_exit(127);
	}
	d.pid = pid;
	daemon_await_log(&d, "ready");
	assert_int_equal(ctl_state(&d, "hellos"), 0);
	assert_int_equal(daemon_stop(&d), 0);
}

static void a_core_that_fails(void **state)
{
	struct daemon d;
	int fd;

	(void)state;
	daemon_start(&d, 'a', '\0', QUICK);
	fd = ctl_open(&d);
	put(fd, "{\"op\":\"fail\"}\n");
	assert_null(ctl_line(fd)); /* effects of a failed batch are dropped */
	close(fd);
	assert_int_equal(daemon_wait(&d), 1);
}

#define WATCHDOG_MS 400 /* it is fed twice in that time */

static int notified(struct daemon *d)
{
	struct sockaddr_un un = {.sun_family = AF_UNIX};
	char name[64], usec[24];
	socklen_t len;
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	snprintf(name, sizeof name, "@viz-host-%ld", (long)getpid());
	memcpy(un.sun_path + 1, name + 1, strlen(name + 1));
	len = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(name));
	assert_true(fd >= 0);
	assert_int_equal(bind(fd, (const struct sockaddr *)&un, len), 0);
	snprintf(usec, sizeof usec, "%d", WATCHDOG_MS * 1000);
	setenv("NOTIFY_SOCKET", name, 1);
	setenv("WATCHDOG_USEC", usec, 1);
	daemon_start(d, 'a', '\0', QUICK);
	unsetenv("NOTIFY_SOCKET");
	unsetenv("WATCHDOG_USEC");
	return fd;
}

/* The next message within `ms` (static buffer); NULL: none. */
static const char *told(int fd, int ms)
{
	static char text[512];
	struct pollfd p = {.fd = fd, .events = POLLIN};
	ssize_t n;

	if (poll(&p, 1, ms) <= 0)
		return NULL;
	n = recv(fd, text, sizeof text - 1, 0);
	assert_true(n > 0);
	text[n] = '\0';
	return text;
}

static void await_told(int fd, const char *text)
{
	const char *got = "";

	while (got != NULL && strcmp(got, text) != 0)
		got = told(fd, PATIENCE_MS);
	assert_non_null(got);
}

/* What came meanwhile is dropped. */
static size_t fed(int fd, int ms)
{
	const char *got;
	size_t n = 0;

	while ((got = told(fd, ms)) != NULL)
		n += strcmp(got, "WATCHDOG=1") == 0;
	return n;
}

static void the_service_manager(void **state)
{
	struct daemon d;
	char conf[128];
	FILE *f;
	int fd, ctl;

	(void)state;
	fd = notified(&d);
	assert_string_equal(told(fd, PATIENCE_MS), "STATUS=checking the store");
	assert_string_equal(told(fd, PATIENCE_MS), "STATUS=opening the store");
	assert_string_equal(told(fd, PATIENCE_MS), "STATUS=checking the vault");
	assert_string_equal(told(fd, PATIENCE_MS), "STATUS=reading the store");
	assert_string_equal(told(fd, PATIENCE_MS), "READY=1\nSTATUS=0 connections");
	/* While there is nothing to do. */
	await_told(fd, "WATCHDOG=1");
	await_told(fd, "WATCHDOG=1");
	/* Not while the core hangs, whatever the loop does: at most once for what was before. */
	ctl = ctl_open(&d);
	put(ctl, "{\"op\":\"sleep\",\"ms\":5000}\n");
	assert_true(fed(fd, WATCHDOG_MS * 3) <= 2);
	assert_non_null(ctl_line(ctl));
	close(ctl);
	await_told(fd, "WATCHDOG=1");
	snprintf(conf, sizeof conf, "%s/conf", d.dir);
	f = fopen(conf, "ae");
	fputs("[nonsense\n", f);
	fclose(f);
	assert_int_equal(kill(d.pid, SIGHUP), 0);
	await_told(fd,
		   "READY=1\nSTATUS=0 connections; the configuration has a mistake, and the one "
		   "before it is in use");
	assert_int_equal(daemon_stop(&d), 0);
	await_told(fd, "STOPPING=1\nSTATUS=stopping");
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(control_clients),   cmocka_unit_test(control_names_the_caller),
	    cmocka_unit_test(control_oversize),  cmocka_unit_test(a_second_instance),
	    cmocka_unit_test(control_idle),      cmocka_unit_test(a_stale_socket),
	    cmocka_unit_test(a_core_that_fails), cmocka_unit_test(the_service_manager),
	};

	if (getenv("VIZ_FAKE") == NULL || viz_crypto_init() != VIZ_OK)
		return 77;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
