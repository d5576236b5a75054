/* The daemon's links over real sockets on loopback. */
#include <signal.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "crypto/crypto.h"
#include "crypto/session.h"
#include "node/host/clock.h"
#include "proto/base.h"
#include "tests/host/daemon.h"

/* The daemon checks deadlines often. Only the deadlines that a test is about are short. */
#define QUICK "sweep_ms=20 handshake_ms=" LONG_MS " message_1_ms=" LONG_MS " flush_ms=" LONG_MS

static void two_daemons(void **state)
{
	struct daemon a, b;
	struct viz_pub pub;
	char hex[65], request[256];

	(void)state;
	daemon_start(&a, 'a', '\0', QUICK " keepalive_ms=100 idle_ms=3000 rekey_ms=250");
	daemon_start(&b, 'b', '\0', QUICK " keepalive_ms=100 idle_ms=3000 rekey_ms=350");
	daemon_pub(&pub, 'b');
	viz_hex(hex, pub.b, sizeof pub.b);
	snprintf(request, sizeof request,
		 "{\"op\":\"dial\",\"address\":\"127.0.0.1:%u\",\"key\":\"%s\"}", b.port, hex);
	ctl_ask(&a, request);
	ctl_wait(&a, "opened", 1);
	ctl_wait(&b, "hellos", 1);
	snprintf(request, sizeof request, "{\"op\":\"send\",\"link\":%ld,\"text\":\"Eoi\"}",
		 ctl_state(&a, "link"));
	/* Nobody sends anything for longer than idle_ms. Keep-alives hold the link, through
	 * rekeys of both directions. */
	usleep(4000000);
	for (int i = 1; i <= 10; i++) {
		ctl_ask(&a, request);
		ctl_wait(&a, "messages", i);
		ctl_wait(&b, "messages", i);
		usleep(100000);
	}
	assert_non_null(strstr(ctl_ask(&a, "{\"op\":\"state\"}"), "\"last\":\"Roi\""));
	assert_int_equal(ctl_state(&a, "closed"), 0);
	assert_int_equal(ctl_state(&b, "closed"), 0);
	assert_int_equal(daemon_stop(&b), 0);
	ctl_wait(&a, "closed", 1);
	/* A dial to a closed port, and one with a wrong key. */
	snprintf(request, sizeof request,
		 "{\"op\":\"dial\",\"address\":\"127.0.0.1:%u\",\"key\":\"%s\"}", b.port, hex);
	ctl_ask(&a, request);
	ctl_wait(&a, "failed", 1);
	snprintf(request, sizeof request,
		 "{\"op\":\"dial\",\"address\":\"127.0.0.1:%u\",\"key\":\"%s\"}", a.port, hex);
	ctl_ask(&a, request);
	ctl_wait(&a, "failed", 2);
	assert_int_equal(ctl_state(&a, "hellos"), 0);
	assert_int_equal(daemon_stop(&a), 0);
}

static void frames_and_rekey(void **state)
{
	static const uint8_t keepalive[] = {0, 0}, rekey[] = {0xff, 0xff, 0, 0};
	struct daemon d;
	struct peer p;
	bool alive = false, rekeyed = false;

	(void)state;
	daemon_start(&d, 'a', '\0', QUICK " keepalive_ms=150 rekey_ms=200 idle_ms=3000");
	peer_open(&p, &d, 'p', 'a', "hello");
	peer_send(&p, "E1");
	assert_string_equal(peer_receive(&p), "R1");
	peer_send_plain(&p, keepalive, sizeof keepalive);
	peer_send_plain(&p, rekey, sizeof rekey);
	viz_session_rekey_send(&p.session);
	peer_send(&p, "E2");
	assert_string_equal(peer_receive(&p), "R2");
	while (!alive || !rekeyed) {
		const char *got = peer_receive(&p);

		assert_non_null(got);
		alive = alive || strcmp(got, "(keep-alive)") == 0;
		rekeyed = rekeyed || strcmp(got, "(rekey)") == 0;
		peer_send_plain(&p, keepalive, sizeof keepalive);
	}
	/* We are silent while the daemon goes on sending. */
	peer_await_close(p.fd);
	assert_true(daemon_logged(&d, "ends: idle"));
	peer_close(&p);
	ctl_wait(&d, "closed", 1);
	assert_int_equal(daemon_stop(&d), 0);
}

static void the_old_key_and_refusals(void **state)
{
	struct daemon d;
	struct peer p;

	(void)state;
	daemon_start(&d, 'a', 'o', QUICK);
	peer_open(&p, &d, 'p', 'a', "hello");
	peer_send(&p, "E1");
	assert_string_equal(peer_receive(&p), "R1");
	peer_close(&p);
	assert_int_equal(ctl_state(&d, "old_hellos"), 0);
	peer_open(&p, &d, 'p', 'o', "hello");
	peer_send(&p, "E1");
	assert_string_equal(peer_receive(&p), "R1");
	peer_close(&p);
	assert_int_equal(ctl_state(&d, "old_hellos"), 1);
	/* Any other key is refused. */
	peer_begin(&p, &d, 'p', 'x');
	peer_await_close(p.fd);
	peer_close(&p);
	assert_int_equal(ctl_state(&d, "hellos"), 2);
	/* After a rotation the current one becomes the old one. */
	ctl_ask(&d, "{\"op\":\"keys\",\"old\":\"a\",\"current\":\"n\"}");
	peer_open(&p, &d, 'p', 'n', "hello");
	peer_close(&p);
	ctl_wait(&d, "hellos", 3);
	assert_int_equal(ctl_state(&d, "old_hellos"), 1);
	peer_begin(&p, &d, 'p', 'o');
	peer_await_close(p.fd);
	peer_close(&p);
	/* Not admitted. */
	peer_open(&p, &d, 'p', 'n', "refuse");
	peer_await_close(p.fd);
	peer_close(&p);
	assert_true(daemon_logged(&d, "ends: core, not admitted"));
	ctl_wait(&d, "closed", 4);
	assert_int_equal(ctl_state(&d, "messages"), 2);
	assert_int_equal(daemon_stop(&d), 0);
}

/* The core never decides about this hello. So no message reaches the core, and the deadline closes
 * the connection. */
static void never_decided_about(void **state)
{
	struct daemon d;
	struct peer p;

	(void)state;
	daemon_start(&d, 'a', '\0', QUICK " handshake_ms=2000");
	peer_open(&p, &d, 'p', 'a', "ignore");
	peer_send(&p, "E1");
	assert_false(peer_closed_within(p.fd, 300));
	peer_await_close(p.fd);
	assert_true(daemon_logged(&d, "ends: timeout"));
	peer_close(&p);
	ctl_wait(&d, "closed", 1);
	assert_int_equal(ctl_state(&d, "messages"), 0);
	assert_int_equal(daemon_stop(&d), 0);
}

/* Each connection is closed at once and not only by the deadline, and the daemon runs on. */
static void garbage_at_each_stage(void **state)
{
	static uint8_t rubbish[65535];
	static const uint8_t long_1[] = {0xff, 0xff}, zero[] = {0, 0}, tag_only[] = {0, 17};
	uint8_t in[65535];
	struct daemon d;
	struct peer p;
	int fd;

	(void)state;
	memset(rubbish, 0xa5, sizeof rubbish);
	daemon_start(&d, 'a', 'o', QUICK);
	/* Message 1: a wrong length (refused at its two bytes), a length of 0, noise. */
	fd = peer_connect(&d);
	assert_int_equal(send(fd, long_1, 2, MSG_NOSIGNAL), 2);
	peer_await_close(fd);
	close(fd);
	fd = peer_connect(&d);
	assert_int_equal(send(fd, zero, 2, MSG_NOSIGNAL), 2);
	peer_await_close(fd);
	close(fd);
	fd = peer_connect(&d);
	peer_write_frame(fd, rubbish, 48);
	peer_await_close(fd);
	close(fd);
	/* Message 3: too short, noise, the largest. */
	for (size_t len = 63; len <= 65535; len += len == 63 ? 1 : 65535 - 64) {
		peer_begin(&p, &d, 'p', 'a');
		assert_int_equal(peer_read_frame(p.fd, in), 48);
		peer_write_frame(p.fd, rubbish, len);
		peer_await_close(p.fd);
		peer_close(&p);
	}
	assert_int_equal(ctl_state(&d, "hellos"), 0);
	/* Transport: an impossible length, noise, a replay, bad padding, a bad body length. */
	peer_open(&p, &d, 'p', 'a', "hello");
	assert_int_equal(send(p.fd, tag_only, 2, MSG_NOSIGNAL), 2);
	peer_await_close(p.fd);
	peer_close(&p);
	peer_open(&p, &d, 'p', 'a', "hello");
	peer_write_frame(p.fd, rubbish, 100);
	peer_await_close(p.fd);
	peer_close(&p);
	peer_open(&p, &d, 'p', 'a', "hello");
	peer_send(&p, "N");
	p.session.send.n--;
	peer_send(&p, "N");
	peer_await_close(p.fd);
	peer_close(&p);
	for (int i = 0; i < 3; i++) {
		static const uint8_t bad[3][6] = {
		    {0, 1, 'N', 0, 1, 0}, {0, 5, 'N', 0, 0, 0}, {0, 0, 0, 0, 0, 1}};

		peer_open(&p, &d, 'p', 'a', "hello");
		peer_send_plain(&p, bad[i], 6);
		peer_await_close(p.fd);
		peer_close(&p);
	}
	ctl_wait(&d, "closed", 6);
	assert_int_equal(ctl_state(&d, "messages"), 1);
	peer_open(&p, &d, 'p', 'a', "hello");
	peer_send(&p, "Estill here");
	assert_string_equal(peer_receive(&p), "Rstill here");
	peer_close(&p);
	assert_int_equal(kill(d.pid, SIGTERM), 0);
	daemon_await_log(&d, "stopped");
	assert_true(daemon_logged(&d, "handshake=6 frame=1 auth=2 padding=3"));
	assert_int_equal(daemon_wait(&d), 0);
}

/* How many of these connections the daemon still has open. */
static int kept_open(const int *fds, int n)
{
	int open_ones = 0;

	for (int i = 0; i < n; i++)
		open_ones += !peer_closed_within(fds[i], 1);
	return open_ones;
}

/* Waits until message 2 has arrived, and leaves it unread. */
static void await_answer(const struct peer *p)
{
	uint8_t byte;

	assert_int_equal(recv(p->fd, &byte, 1, MSG_PEEK), 1);
}

/* A silent connection keeps its slot until another one needs it. */
static void half_open_flood(void **state)
{
	enum { MANY = 100, MOST = 10 };
	int fds[MANY];
	struct daemon d;
	struct peer p, q;

	(void)state;
	daemon_start(&d, 'a', '\0', QUICK " half_local_max=10");
	/* A connection within its handshake is not the first to be closed. */
	peer_begin(&q, &d, 'q', 'a');
	await_answer(&q);
	for (int i = 0; i < MANY; i++)
		fds[i] = peer_connect(&d);
	for (int i = 0; i < MANY - MOST; i++)
		peer_await_close(fds[i]); /* the oldest are closed */
	assert_in_range(kept_open(fds, MANY), 1, MOST);
	peer_open(&p, &d, 'p', 'a', "hello");
	peer_send(&p, "E1");
	assert_string_equal(peer_receive(&p), "R1");
	peer_continue(&q, "hello");
	peer_send(&q, "E2");
	assert_string_equal(peer_receive(&q), "R2");
	peer_close(&p);
	peer_close(&q);
	for (int i = 0; i < MANY; i++)
		close(fds[i]);
	assert_int_equal(ctl_state(&d, "hellos"), 2);
	assert_int_equal(daemon_stop(&d), 0);
}

/* Message 1 and the whole handshake have deadlines of their own. */
static void deadlines_of_a_handshake(void **state)
{
	struct daemon d;
	struct peer p;
	int fd;

	(void)state;
	daemon_start(&d, 'a', '\0', QUICK " message_1_ms=2000");
	peer_begin(&p, &d, 'p', 'a');
	await_answer(&p);
	fd = peer_connect(&d);
	peer_await_close(fd);
	close(fd);
	assert_true(daemon_logged(&d, "ends: timeout"));
	peer_continue(&p, "hello");
	peer_send(&p, "E1");
	assert_string_equal(peer_receive(&p), "R1");
	peer_close(&p);
	assert_int_equal(daemon_stop(&d), 0);
}

/* When the clock is set, the daemon ends with a status of its own. The service manager starts it
 * again, and it reads by the new time what was promised by the old one. */
static void a_clock_that_is_set(void **state)
{
	struct daemon d;

	(void)state;
	for (int i = 0; i < 2; i++) {
		int fd;

		daemon_start(&d, 'a', '\0', QUICK);
		daemon_set_clock(&d, "5");
		ctl_state(&d, "ticks");
		daemon_set_clock(&d, "0");
		ctl_state(&d, "ticks");
		fd = ctl_open(&d);
		daemon_set_clock(&d, i ? "-8640000" : "60");
		assert_int_equal(send(fd, "{\"op\":\"state\"}\n", 15, MSG_NOSIGNAL), 15);
		assert_int_equal(
		    daemon_wait_logged(&d, i ? "was set back by 8640" : "was set forward by"),
		    VIZ_CLOCK_EXIT);
		close(fd);
	}
}

static void links_are_bounded(void **state)
{
	struct daemon d;
	struct peer p[3], q;

	(void)state;
	daemon_start(&d, 'a', '\0', QUICK " local_max=3");
	for (int i = 0; i < 3; i++) {
		peer_open(&p[i], &d, (char)('p' + i), 'a', "hello");
		peer_send(&p[i], "E1");
		assert_string_equal(peer_receive(&p[i]), "R1");
	}
	peer_begin(&q, &d, 'z', 'a');
	peer_await_close(q.fd);
	peer_close(&q);
	assert_true(daemon_logged(&d, "ends: full"));
	/* One closes, and another one can connect. */
	peer_close(&p[0]);
	ctl_wait(&d, "closed", 1);
	peer_open(&q, &d, 'z', 'a', "hello");
	peer_send(&q, "E1");
	assert_string_equal(peer_receive(&q), "R1");
	peer_close(&q);
	peer_close(&p[1]);
	peer_close(&p[2]);
	assert_int_equal(daemon_stop(&d), 0);
}

/* While the core is busy a link queues 64 messages. The rest waits in the sockets and arrives
 * when the core is free. */
static void a_busy_core(void **state)
{
	enum { MANY = 600 };
	struct daemon d;
	struct peer p;

	(void)state;
	daemon_start(&d, 'a', '\0', QUICK " rate_bytes=100000000 burst_bytes=100000000");
	peer_open(&p, &d, 'p', 'a', "hello");
	peer_send(&p, "S700");
	for (int i = 0; i < MANY; i++)
		peer_send(&p, "Nxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx");
	peer_send(&p, "E1");
	assert_string_equal(peer_receive(&p), "R1");
	assert_int_equal(ctl_state(&d, "messages"), MANY + 2);
	peer_close(&p);
	assert_int_equal(daemon_stop(&d), 0);
}

static void signatures_on_the_pool(void **state)
{
	int good = 0, bad = 0;
	struct daemon d;
	struct peer p;

	(void)state;
	daemon_start(&d, 'a', '\0', QUICK);
	peer_open(&p, &d, 'p', 'a', "hello");
	for (int i = 0; i < 500; i++)
		peer_send(&p, i % 5 == 0 ? "V0" : "V1");
	for (int i = 0; i < 500; i++) {
		const char *got = peer_receive(&p);

		assert_non_null(got);
		good += got[0] == '1';
		bad += got[0] == '0';
	}
	assert_int_equal(good, 400);
	assert_int_equal(bad, 100);
	peer_close(&p);
	assert_int_equal(daemon_stop(&d), 0);
}

/* A log line that peers can cause is written ten times a minute. Lines of another kind still
 * appear. */
static void lines_are_bounded(void **state)
{
	struct daemon d;
	struct peer p;

	(void)state;
	daemon_start(&d, 'a', '\0', QUICK);
	peer_open(&p, &d, 'p', 'a', "hello");
	peer_send(&p, "L200");
	peer_send(&p, "E1");
	assert_string_equal(peer_receive(&p), "R1");
	assert_int_equal(daemon_log_count(&d, "odd\n"), 10);
	assert_int_equal(daemon_log_count(&d, "even\n"), 10);
	peer_close(&p);
	assert_int_equal(daemon_stop(&d), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(two_daemons),
	    cmocka_unit_test(frames_and_rekey),
	    cmocka_unit_test(the_old_key_and_refusals),
	    cmocka_unit_test(never_decided_about),
	    cmocka_unit_test(garbage_at_each_stage),
	    cmocka_unit_test(half_open_flood),
	    cmocka_unit_test(deadlines_of_a_handshake),
	    cmocka_unit_test(a_clock_that_is_set),
	    cmocka_unit_test(links_are_bounded),
	    cmocka_unit_test(a_busy_core),
	    cmocka_unit_test(signatures_on_the_pool),
	    cmocka_unit_test(lines_are_bounded),
	};

	if (getenv("VIZ_FAKE") == NULL || viz_crypto_init() != VIZ_OK)
		return 77;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
