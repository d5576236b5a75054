/* Peers that read slowly or not at all, over real sockets on loopback. */
#include <signal.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "crypto/crypto.h"
#include "node/host/clock.h"
#include "proto/base.h"
#include "tests/host/daemon.h"

/* The daemon checks deadlines often. Only the deadlines that a test is about are short. */
#define QUICK "sweep_ms=20 handshake_ms=" LONG_MS " message_1_ms=" LONG_MS " flush_ms=" LONG_MS

static void slow_reader(void **state)
{
	struct daemon d;
	struct peer p, q;
	int small = 4096;

	(void)state;
	daemon_start(&d, 'a', '\0', QUICK " out_bytes=1000000");
	peer_open(&p, &d, 'p', 'a', "hello");
	setsockopt(p.fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
	peer_open(&q, &d, 'q', 'a', "hello");
	peer_send(&p, "F400"); /* 24 MB, which the peer does not read */
	peer_send(&q, "E1");
	assert_string_equal(peer_receive(&q), "R1");
	ctl_wait(&d, "closed", 1);
	assert_true(daemon_logged(&d, "ends: slow"));
	peer_close(&p);
	peer_send(&q, "E2");
	assert_string_equal(peer_receive(&q), "R2");
	peer_close(&q);
	assert_int_equal(daemon_stop(&d), 0);
}

/* A peer that reads nothing is closed in the end, even if little waits for it. A peer that reads
 * a little now and then stays connected. */
static void a_reader_that_stopped(void **state)
{
	struct daemon d;
	struct peer p, q;

	(void)state;
	daemon_start(&d, 'a', '\0', QUICK " out_bytes=100000000 slow_ms=2000 idle_ms=" LONG_MS);
	peer_open(&p, &d, 'p', 'a', "hello");
	peer_open(&q, &d, 'q', 'a', "hello");
	peer_send(&p, "F400");
	peer_send(&q, "F400");
	for (int i = 0; i < 400; i++) {
		assert_non_null(peer_receive(&q));
		if (i % 10 == 0)
			usleep(75000); /* 3 s in total */
	}
	ctl_wait(&d, "closed", 1);
	assert_int_equal(daemon_log_count(&d, "ends: slow"), 1);
	peer_close(&p);
	peer_send(&q, "E1");
	assert_string_equal(peer_receive(&q), "R1");
	peer_close(&q);
	assert_int_equal(daemon_stop(&d), 0);
}

/* All links together have a limit. The one that holds most is closed. */
static void many_slow_readers(void **state)
{
	struct daemon d;
	struct peer p, q;

	(void)state;
	daemon_start(&d, 'a', '\0',
		     QUICK " out_bytes=100000000 out_all_bytes=20000000 idle_ms=" LONG_MS);
	peer_open(&p, &d, 'p', 'a', "hello");
	peer_open(&q, &d, 'q', 'a', "hello");
	peer_send(&p, "F100"); /* 6 MB */
	ctl_wait(&d, "messages", 1);
	peer_send(&q, "F800"); /* 48 MB */
	ctl_wait(&d, "closed", 1);
	assert_true(daemon_logged(&d, "ends: slow"));
	for (int i = 0; i < 100; i++)
		assert_non_null(peer_receive(&p));
	peer_send(&p, "E1");
	assert_string_equal(peer_receive(&p), "R1");
	assert_int_equal(ctl_state(&d, "closed"), 1);
	peer_close(&p);
	peer_close(&q);
	assert_int_equal(daemon_stop(&d), 0);
}

/* What is no bulk goes before the bulk that waits, whose order stays. What the sockets hold already
 * is before it. */
static void bulk_is_overtaken(void **state)
{
	enum { MANY = 60, HELD = 8 };
	struct daemon d;
	struct peer p;
	int small = 65536, before = -1;

	(void)state;
	daemon_start(&d, 'a', '\0', QUICK " out_bytes=100000000 idle_ms=" LONG_MS);
	peer_open(&p, &d, 'p', 'a', "hello");
	setsockopt(p.fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
	peer_send(&p, "B60");
	ctl_wait(&d, "messages", 1);
	peer_send(&p, "E1");
	ctl_wait(&d, "messages", 2);
	for (int i = 0; i < MANY; i++) {
		const char *got = peer_receive(&p);
		char expected[16];

		assert_non_null(got);
		if (strcmp(got, "R1") == 0) {
			before = i--;
			continue;
		}
		snprintf(expected, sizeof expected, "b%d", i);
		assert_string_equal(got, expected);
	}
	assert_in_range(before, 0, HELD);
	peer_close(&p);
	assert_int_equal(daemon_stop(&d), 0);
}

static void the_rate(void **state)
{
	struct timespec from, to;
	struct daemon d;
	struct peer p;
	double seconds;

	(void)state;
	daemon_start(&d, 'a', '\0', QUICK " rate_bytes=100000 burst_bytes=20000");
	peer_open(&p, &d, 'p', 'a', "hello");
	clock_gettime(CLOCK_MONOTONIC, &from);
	for (int i = 0; i < 1000; i++)
		peer_send(&p, "N"); /* each counts for 128 bytes, by frame_cost */
	peer_send(&p, "E1");
	assert_string_equal(peer_receive(&p), "R1");
	clock_gettime(CLOCK_MONOTONIC, &to);
	seconds = (double)(to.tv_sec - from.tv_sec) + (double)(to.tv_nsec - from.tv_nsec) / 1e9;
	assert_true(seconds > 0.9);
	peer_close(&p);
	assert_int_equal(daemon_stop(&d), 0);
}

static void closing_flushes(void **state)
{
	struct daemon d;
	struct peer p;

	(void)state;
	daemon_start(&d, 'a', '\0', QUICK " flush_ms=2000");
	peer_open(&p, &d, 'p', 'a', "hello");
	peer_send(&p, "F20");
	peer_send(&p, "B20");
	peer_send(&p, "C");
	for (int i = 0; i < 41; i++) {
		const char *got = peer_receive(&p);

		assert_non_null(got);
		assert_true(got[0] == 'f' || got[0] == 'b' || strcmp(got, "c") == 0);
	}
	assert_null(peer_receive(&p));
	peer_close(&p);
	ctl_wait(&d, "closed", 1);
	/* SIGTERM: the same. The peer does not close, which delays the end by flush_ms at most. */
	peer_open(&p, &d, 'p', 'a', "hello");
	peer_send(&p, "S200");
	peer_send(&p, "F20");
	usleep(100000);
	assert_int_equal(kill(d.pid, SIGTERM), 0);
	while (peer_receive(&p) != NULL)
		;
	assert_int_equal(daemon_wait(&d), 0);
	peer_close(&p);
}
int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(slow_reader),       cmocka_unit_test(a_reader_that_stopped),
	    cmocka_unit_test(many_slow_readers), cmocka_unit_test(bulk_is_overtaken),
	    cmocka_unit_test(the_rate),          cmocka_unit_test(closing_flushes),
	};

	if (getenv("VIZ_FAKE") == NULL || viz_crypto_init() != VIZ_OK)
		return 77;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
