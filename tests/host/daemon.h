/* A vizinhod with the tests' core as a child process, its control socket, and a peer that writes
 * the link layer by hand, so that it can also break it. */
#ifndef VIZ_TESTS_HOST_DAEMON_H
#define VIZ_TESTS_HOST_DAEMON_H

#include "tests/unit/unit.h"

#include <sys/types.h>

#include "crypto/handshake.h"
#include "crypto/session.h"
#include "proto/base.h"

/* How long to wait for what must come. Speed is not tested: only a hang takes so long. A limit
 * of the daemon that must not end the wait is LONG_MS. */
#define PATIENCE_MS 120000
#define LONG_MS     "600000"

struct daemon {
	pid_t pid;
	char dir[64];  /* state, configuration, log */
	uint16_t port; /* on 127.0.0.1 */
	char key;      /* the letter of its transport key */
};

/* Starts a daemon and waits until it listens. fake_main.c describes `limits`. old_key '\0':
 * none. */
void daemon_start(struct daemon *d, char key, char old_key, const char *limits);
/* Sends SIGTERM. Returns the exit status (128 + signal after a kill) and removes the directory. */
int daemon_stop(struct daemon *d);
/* Waits for the end without a signal. Returns the exit status. */
int daemon_wait(struct daemon *d);
/* Waits until the log contains this text. */
void daemon_await_log(const struct daemon *d, const char *text);
/* Waits for this text in the log, and then for the end. */
int daemon_wait_logged(struct daemon *d, const char *text);
/* Sets its wall clock wrong by so many seconds. */
void daemon_set_clock(const struct daemon *d, const char *seconds);
/* Whether the log contains this text. */
bool daemon_logged(const struct daemon *d, const char *text);
size_t daemon_log_count(const struct daemon *d, const char *text);
/* The public key of a letter, and its hexadecimal form. */
void daemon_pub(struct viz_pub *out, char key);

/* The control socket: one connection, a request line, the reply line (static buffer). */
int ctl_open(const struct daemon *d);
const char *ctl_line(int fd);
const char *ctl_ask(const struct daemon *d, const char *request);
/* A number from the core's state. */
long ctl_state(const struct daemon *d, const char *name);
/* Waits until the number has this value. */
void ctl_wait(const struct daemon *d, const char *name, long value);

struct peer {
	int fd;
	struct viz_handshake *hs;
	struct viz_session session;
};

int peer_connect(const struct daemon *d);
/* Does the whole handshake as initiator with the key `key`, addressed to the daemon's key `to`. */
void peer_open(struct peer *p, const struct daemon *d, char key, char to, const char *hello);
/* The first half of the handshake, and the rest. */
void peer_begin(struct peer *p, const struct daemon *d, char key, char to);
void peer_continue(struct peer *p, const char *hello);
void peer_close(struct peer *p);
void peer_write_frame(int fd, const uint8_t *message, size_t len);
/* The length of the next frame; -1 at the end of the stream, or when none comes. */
ssize_t peer_read_frame(int fd, uint8_t *out);
void peer_send_plain(struct peer *p, const uint8_t *plain, size_t len);
void peer_send(struct peer *p, const char *body);
/* The next body as text (static buffer): "(keep-alive)", "(rekey)", NULL at the end. */
const char *peer_receive(struct peer *p);
/* Whether the daemon closes this connection within `ms`. Input before that is dropped. */
bool peer_closed_within(int fd, int ms);
/* Waits until the daemon closes the connection. Fails when it does not. */
void peer_await_close(int fd);

#endif
