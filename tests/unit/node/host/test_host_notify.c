#include "tests/unit/unit.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "proto/base.h"
#include "node/host/notify.h"

static int bind_name(const char *name, size_t len)
{
	struct sockaddr_un un = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	memcpy(un.sun_path, name, len);
	assert_true(fd >= 0);
	assert_int_equal(bind(fd, (const struct sockaddr *)&un,
			      (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len)),
			 0);
	return fd;
}

static void expect(int fd, const char *text)
{
	char got[256] = "";
	ssize_t n = recv(fd, got, sizeof got - 1, MSG_DONTWAIT);

	assert_int_equal(n, (ssize_t)strlen(text));
	assert_string_equal(got, text);
}

static void clear(void)
{
	unsetenv("NOTIFY_SOCKET");
	unsetenv("WATCHDOG_USEC");
	unsetenv("WATCHDOG_PID");
}

static void nobody_listens(void **state)
{
	struct viz_notify n;

	(void)state;
	clear();
	assert_int_equal(viz_host_notify_open(&n), VIZ_OK);
	assert_int_equal(n.fd, -1);
	assert_int_equal(viz_host_notify_send(&n, "READY=1"), VIZ_OK);
	viz_host_notify_close(&n);
}

static void a_path(void **state)
{
	char dir[] = "/tmp/viz-notify-XXXXXX", path[64];
	struct viz_notify n;
	int fd;

	(void)state;
	clear();
	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof path, "%s/s", dir);
	fd = bind_name(path, strlen(path) + 1);
	setenv("NOTIFY_SOCKET", path, 1);
	assert_int_equal(viz_host_notify_open(&n), VIZ_OK);
	assert_int_equal(viz_host_notify_send(&n, "READY=1\nSTATUS=0 links"), VIZ_OK);
	expect(fd, "READY=1\nSTATUS=0 links");
	close(fd);
	unlink(path);
	assert_int_equal(viz_host_notify_send(&n, "STOPPING=1"), VIZ_ERR_STATE);
	viz_host_notify_close(&n);
	rmdir(dir);
}

static void an_abstract_name(void **state)
{
	struct viz_notify n;
	char name[64];
	int fd;

	(void)state;
	clear();
	snprintf(name, sizeof name, "@viz-notify-%ld", (long)getpid());
	setenv("NOTIFY_SOCKET", name, 1);
	name[0] = '\0';
	fd = bind_name(name, 1 + strlen(name + 1));
	assert_int_equal(viz_host_notify_open(&n), VIZ_OK);
	assert_int_equal(viz_host_notify_send(&n, "WATCHDOG=1"), VIZ_OK);
	expect(fd, "WATCHDOG=1");
	viz_host_notify_close(&n);
	close(fd);
}

static void bad_names(void **state)
{
	struct viz_notify n;
	char name[300];

	(void)state;
	clear();
	setenv("NOTIFY_SOCKET", "relative", 1);
	assert_int_equal(viz_host_notify_open(&n), VIZ_ERR_INPUT);
	assert_int_equal(n.fd, -1);
	setenv("NOTIFY_SOCKET", "@", 1);
	assert_int_equal(viz_host_notify_open(&n), VIZ_ERR_INPUT);
	memset(name, 'a', sizeof name);
	name[0] = '/';
	name[108] = '\0';
	setenv("NOTIFY_SOCKET", name, 1);
	assert_int_equal(viz_host_notify_open(&n), VIZ_ERR_INPUT);
}

static void the_watchdog(void **state)
{
	struct viz_notify n;
	char pid[32];

	(void)state;
	clear();
	setenv("NOTIFY_SOCKET", "@viz-nobody", 1);
	setenv("WATCHDOG_USEC", "30000000", 1);
	assert_int_equal(viz_host_notify_open(&n), VIZ_OK);
	assert_int_equal(n.watchdog_ms, 15000);
	viz_host_notify_close(&n);
	setenv("WATCHDOG_PID", "1", 1);
	assert_int_equal(viz_host_notify_open(&n), VIZ_OK);
	assert_int_equal(n.watchdog_ms, 0);
	viz_host_notify_close(&n);
	snprintf(pid, sizeof pid, "%ld", (long)getpid());
	setenv("WATCHDOG_PID", pid, 1);
	setenv("WATCHDOG_USEC", "rubbish", 1);
	assert_int_equal(viz_host_notify_open(&n), VIZ_OK);
	assert_int_equal(n.watchdog_ms, 0);
	viz_host_notify_close(&n);
	clear();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(nobody_listens),   cmocka_unit_test(a_path),
	    cmocka_unit_test(an_abstract_name), cmocka_unit_test(bad_names),
	    cmocka_unit_test(the_watchdog),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
