#include "tests/host/daemon.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "crypto/handshake.h"
#include "crypto/session.h"
#include "crypto/x25519.h"
#include "node/core/ids.h"
#include "node/host/frame.h"
#include "proto/base.h"
#include "proto/federation.h"
#include "proto/limits.h"

static int64_t now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

/* Sleeps a little. False when `since_ms` is longer ago than PATIENCE_MS. */
static bool nap(int64_t since_ms)
{
	usleep(20000);
	return now_ms() - since_ms < PATIENCE_MS;
}

static int read_log(const struct daemon *d, char *out, size_t out_max)
{
	char path[128];
	size_t n;
	FILE *f;

	snprintf(path, sizeof path, "%s/log", d->dir);
	f = fopen(path, "re");
	if (f == NULL)
		return -1;
	n = fread(out, 1, out_max - 1, f);
	out[n] = '\0';
	fclose(f);
	return 0;
}

bool daemon_logged(const struct daemon *d, const char *text)
{
	static char log[262144];

	return read_log(d, log, sizeof log) == 0 && strstr(log, text) != NULL;
}

size_t daemon_log_count(const struct daemon *d, const char *text)
{
	static char log[262144];
	size_t n = 0;

	if (read_log(d, log, sizeof log) != 0)
		return 0;
	for (const char *at = log; (at = strstr(at, text)) != NULL; at++)
		n++;
	return n;
}

static void write_config(const struct daemon *d)
{
	char path[128];
	FILE *f;

	snprintf(path, sizeof path, "%s/conf", d->dir);
	f = fopen(path, "we");
	assert_non_null(f);
	fputs("[node]\nname = Teste\n[listen]\naddress = 127.0.0.1:0\n[log]\nlevel = debug\n"
	      "[store]\nmap_mib = 64\n",
	      f);
	fclose(f);
}

static void run_child(const struct daemon *d, char old_key, const char *limits)
{
	char log[128], conf[128], clock[128], key[2] = {d->key, 0}, old[2] = {old_key, 0};
	int fd;

	prctl(PR_SET_PDEATHSIG, SIGKILL); /* a test that fails leaves no daemon behind */
	snprintf(log, sizeof log, "%s/log", d->dir);
	snprintf(conf, sizeof conf, "%s/conf", d->dir);
	fd = open(log, O_WRONLY | O_CREAT | O_APPEND, 0600);
	dup2(fd, STDERR_FILENO);
	dup2(fd, STDOUT_FILENO);
	snprintf(clock, sizeof clock, "%s/clock", d->dir);
	setenv("FAKE_CLOCK", clock, 1);
	setenv("FAKE_KEY", key, 1);
	if (old_key != '\0')
		setenv("FAKE_OLD_KEY", old, 1);
	setenv("FAKE_LIMITS", limits, 1);
	execl(getenv("VIZ_FAKE"), "vizinhod", "--config", conf, "--state", d->dir, (char *)NULL);
	_exit(127);
}

void daemon_start(struct daemon *d, char key, char old_key, const char *limits)
{
	static char log[65536];
	int64_t since_ms = now_ms();

	memset(d, 0, sizeof *d);
	d->key = key;
	snprintf(d->dir, sizeof d->dir, "/tmp/viz-host-XXXXXX");
	assert_non_null(mkdtemp(d->dir));
	write_config(d);
	d->pid = fork();
	assert_true(d->pid >= 0);
	if (d->pid == 0)
		run_child(d, old_key, limits);
	do {
		const char *at;

		if (read_log(d, log, sizeof log) == 0 && strstr(log, "ready\n") != NULL) {
			at = strstr(log, "listening on 127.0.0.1:");
			assert_non_null(at);
			d->port = (uint16_t)atoi(at + strlen("listening on 127.0.0.1:"));
			return;
		}
	} while (nap(since_ms));
	fail_msg("the daemon did not start: %s", log);
}

static int status_of(int status)
{
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int daemon_wait(struct daemon *d)
{
	static const char *const files[] = {"conf",  "log",       "lock",           "vault",
					    "clock", "store.mdb", "store.mdb-lock", "control"};
	int64_t since_ms = now_ms();
	char path[128];
	int status = 0;

	while (waitpid(d->pid, &status, WNOHANG) != d->pid)
		if (!nap(since_ms))
			fail_msg("the daemon does not end");
	for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
		snprintf(path, sizeof path, "%s/%s", d->dir, files[i]);
		unlink(path);
	}
	rmdir(d->dir);
	return status_of(status);
}

void daemon_set_clock(const struct daemon *d, const char *seconds)
{
	char path[128], made[136];
	FILE *f;

	snprintf(path, sizeof path, "%s/clock", d->dir);
	snprintf(made, sizeof made, "%s.new", path);
	f = fopen(made, "we");
	assert_non_null(f);
	fputs(seconds, f);
	fclose(f);
	assert_int_equal(rename(made, path), 0);
}

void daemon_await_log(const struct daemon *d, const char *text)
{
	int64_t since_ms = now_ms();

	while (!daemon_logged(d, text))
		if (!nap(since_ms))
			fail_msg("the log does not say: %s", text);
}

int daemon_wait_logged(struct daemon *d, const char *text)
{
	daemon_await_log(d, text);
	return daemon_wait(d);
}

int daemon_stop(struct daemon *d)
{
	kill(d->pid, SIGTERM);
	return daemon_wait(d);
}

void daemon_pub(struct viz_pub *out, char key)
{
	struct viz_secret secret;

	memset(secret.b, key, sizeof secret.b);
	viz_x25519_pub(out, &secret);
}

int ctl_open(const struct daemon *d)
{
	struct sockaddr_un un = {.sun_family = AF_UNIX};
	struct timeval wait = {.tv_sec = PATIENCE_MS / 1000};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	snprintf(un.sun_path, sizeof un.sun_path, "%s/control", d->dir);
	assert_int_equal(connect(fd, (const struct sockaddr *)&un, sizeof un), 0);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
	return fd;
}

const char *ctl_line(int fd)
{
	static char line[65536];
	size_t n = 0;

	while (n < sizeof line - 1) {
		ssize_t got = recv(fd, line + n, 1, 0);

		if (got <= 0)
			return NULL;
		if (line[n] == '\n')
			break;
		n++;
	}
	line[n] = '\0';
	return line;
}

const char *ctl_ask(const struct daemon *d, const char *request)
{
	int fd = ctl_open(d);
	const char *reply;

	assert_int_equal(send(fd, request, strlen(request), MSG_NOSIGNAL),
			 (ssize_t)strlen(request));
	assert_int_equal(send(fd, "\n", 1, MSG_NOSIGNAL), 1);
	reply = ctl_line(fd);
	close(fd);
	assert_non_null(reply);
	return reply;
}

long ctl_state(const struct daemon *d, const char *name)
{
	const char *reply = ctl_ask(d, "{\"op\":\"state\"}"), *at;
	char key[64];

	snprintf(key, sizeof key, "\"%s\":", name);
	at = strstr(reply, key);
	assert_non_null(at);
	return strtol(at + strlen(key), NULL, 10);
}

void ctl_wait(const struct daemon *d, const char *name, long value)
{
	int64_t since_ms = now_ms();
	long got;

	while ((got = ctl_state(d, name)) != value)
		if (!nap(since_ms))
			fail_msg("%s is %ld, not %ld", name, got, value);
}

int peer_connect(const struct daemon *d)
{
	struct sockaddr_in in = {.sin_family = AF_INET,
				 .sin_port = htons(d->port),
				 .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	struct timeval wait = {.tv_sec = PATIENCE_MS / 1000};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_true(fd >= 0);
	assert_int_equal(connect(fd, (const struct sockaddr *)&in, sizeof in), 0);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
	return fd;
}

static void send_all(int fd, const uint8_t *bytes, size_t len)
{
	while (len > 0) {
		ssize_t n = send(fd, bytes, len, MSG_NOSIGNAL);

		if (n <= 0)
			return; /* the daemon has closed; the test sees that when it reads */
		bytes += n;
		len -= (size_t)n;
	}
}

static bool receive_all(int fd, uint8_t *out, size_t len)
{
	while (len > 0) {
		ssize_t n = recv(fd, out, len, 0);

		if (n <= 0)
			return false;
		out += n;
		len -= (size_t)n;
	}
	return true;
}

void peer_write_frame(int fd, const uint8_t *message, size_t len)
{
	static uint8_t frame[VIZ_FRAME_BUFFER];

	viz_be_put_u16(frame, (uint16_t)len);
	memcpy(frame + 2, message, len);
	send_all(fd, frame, len + 2);
}

ssize_t peer_read_frame(int fd, uint8_t *out)
{
	uint8_t head[2];

	if (!receive_all(fd, head, 2) || !receive_all(fd, out, viz_be_get_u16(head)))
		return -1;
	return viz_be_get_u16(head);
}

void peer_begin(struct peer *p, const struct daemon *d, char key, char to)
{
	static uint64_t counter;
	uint8_t prologue[VIZ_PROLOGUE_LEN], message[128];
	struct viz_secret local, ephemeral;
	struct viz_federation f;
	struct viz_pub remote;
	struct viz_handshake_config config = {.pattern = VIZ_NOISE_XK,
					      .hash = VIZ_NOISE_SHA256,
					      .initiator = true,
					      .prologue = prologue,
					      .prologue_len = sizeof prologue,
					      .local_static = &local,
					      .remote_static = &remote,
					      .ephemeral = &ephemeral};
	size_t len;

	viz_federation_default(&f, "vizinho-test");
	viz_ids_prologue(prologue, &f);
	memset(local.b, key, sizeof local.b);
	memset(ephemeral.b, 'e', sizeof ephemeral.b);
	viz_be_put_u64(ephemeral.b, ++counter);
	daemon_pub(&remote, to);
	memset(p, 0, sizeof *p);
	p->fd = peer_connect(d);
	assert_int_equal(viz_handshake_new(&p->hs, &config), VIZ_OK);
	assert_int_equal(viz_handshake_write(p->hs, message, &len, sizeof message, NULL, 0),
			 VIZ_OK);
	peer_write_frame(p->fd, message, len);
}

void peer_open(struct peer *p, const struct daemon *d, char key, char to, const char *hello)
{
	peer_begin(p, d, key, to);
	peer_continue(p, hello);
}

void peer_continue(struct peer *p, const char *hello)
{
	static uint8_t in[VIZ_FRAME_MAX], out[VIZ_FRAME_MAX];
	size_t len;
	ssize_t n;

	n = peer_read_frame(p->fd, in);
	assert_int_equal(n, 48);
	assert_int_equal(viz_handshake_read(p->hs, out, &len, in, (size_t)n), VIZ_OK);
	assert_int_equal(viz_handshake_write(p->hs, out, &len, sizeof out, (const uint8_t *)hello,
					     strlen(hello)),
			 VIZ_OK);
	peer_write_frame(p->fd, out, len);
	assert_int_equal(viz_handshake_split(p->hs, &p->session), VIZ_OK);
}

void peer_close(struct peer *p)
{
	viz_handshake_free(p->hs);
	if (p->fd >= 0)
		close(p->fd);
	memset(p, 0, sizeof *p);
	p->fd = -1;
}

void peer_send_plain(struct peer *p, const uint8_t *plain, size_t len)
{
	static uint8_t sealed[VIZ_FRAME_MAX];

	assert_int_equal(viz_session_seal(&p->session, sealed, plain, len), VIZ_OK);
	peer_write_frame(p->fd, sealed, len + VIZ_SESSION_TAG);
}

void peer_send(struct peer *p, const char *body)
{
	uint8_t plain[4096] = {0};
	size_t len = strlen(body);

	viz_be_put_u16(plain, (uint16_t)len);
	memcpy(plain + 2, body, len);
	peer_send_plain(p, plain, len + 2 + 7); /* some padding */
}

const char *peer_receive(struct peer *p)
{
	static uint8_t sealed[VIZ_FRAME_MAX], plain[VIZ_FRAME_MAX + 1];
	enum viz_frame_kind kind;
	ssize_t n = peer_read_frame(p->fd, sealed);
	size_t len;

	if (n < 0)
		return NULL;
	assert_int_equal(viz_session_open(&p->session, plain, sealed, (size_t)n), VIZ_OK);
	assert_int_equal(viz_host_frame_unpad(&kind, &len, plain, (size_t)n - VIZ_SESSION_TAG),
			 VIZ_OK);
	if (kind == VIZ_FRAME_REKEY) {
		viz_session_rekey_receive(&p->session);
		return "(rekey)";
	}
	if (kind == VIZ_FRAME_KEEPALIVE)
		return "(keep-alive)";
	plain[2 + len] = '\0';
	return (const char *)plain + 2;
}

bool peer_closed_within(int fd, int ms)
{
	int64_t until = now_ms() + ms;
	uint8_t bytes[65536];

	for (;;) {
		struct pollfd pfd = {.fd = fd, .events = POLLIN};
		int64_t left = until - now_ms();

		if (left <= 0 || poll(&pfd, 1, (int)left) <= 0)
			return false;
		if (recv(fd, bytes, sizeof bytes, MSG_DONTWAIT) <= 0)
			return true;
	}
}

void peer_await_close(int fd)
{
	if (!peer_closed_within(fd, PATIENCE_MS))
		fail_msg("the daemon does not close the connection");
}
