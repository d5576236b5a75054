#include "tests/hostile/wire.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "crypto/handshake.h"
#include "crypto/rng.h"
#include "crypto/session.h"
#include "node/core/ids.h"
#include "proto/base.h"
#include "proto/limits.h"

int wire_connect(const struct sockaddr_in *to)
{
	struct timeval limit = {.tv_sec = PATIENCE_MS / 1000};
	int one = 1, fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	VIZ_REQUIRE(fd >= 0);
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
	if (connect(fd, (const struct sockaddr *)to, sizeof *to) != 0) {
		close(fd);
		return -1;
	}
	return fd;
}

bool wire_raw(struct wire *w, const void *bytes, size_t len)
{
	const uint8_t *p = bytes;

	while (w->fd >= 0 && len > 0) {
		ssize_t n = send(w->fd, p, len, MSG_NOSIGNAL);

		if (n <= 0) {
			w->open = false;
			return false;
		}
		p += n;
		len -= (size_t)n;
	}
	return w->fd >= 0;
}

static bool send_frame(struct wire *w, const uint8_t *message, size_t len)
{
	uint8_t head[2];

	viz_be_put_u16(head, (uint16_t)len);
	return wire_raw(w, head, sizeof head) && wire_raw(w, message, len);
}

/* Reads until a whole frame is at the start of the buffer. Its length; 0: not in time; -1:
 * closed. */
static int fill(struct wire *w, int ms)
{
	for (;;) {
		struct pollfd p = {.fd = w->fd, .events = POLLIN};
		ssize_t n;

		if (w->in_len >= 2 && w->in_len >= 2u + viz_be_get_u16(w->in))
			return viz_be_get_u16(w->in);
		if (w->fd < 0)
			return -1;
		if (poll(&p, 1, ms) <= 0)
			return 0;
		n = recv(w->fd, w->in + w->in_len, sizeof w->in - w->in_len, 0);
		if (n <= 0) {
			w->open = false;
			return -1;
		}
		w->in_len += (size_t)n;
	}
}

static void drop_frame(struct wire *w, int len)
{
	size_t whole = (size_t)len + 2;

	memmove(w->in, w->in + whole, w->in_len - whole);
	w->in_len -= whole;
}

bool wire_handshake(struct wire *w, const struct sockaddr_in *to, const struct forge *f,
		    const struct viz_pub *remote, struct viz_rng *rng, const uint8_t *hello,
		    size_t hello_len)
{
	static uint8_t message[VIZ_FRAME_MAX], payload[VIZ_FRAME_MAX];
	uint8_t prologue[VIZ_PROLOGUE_LEN];
	struct viz_secret ephemeral;
	struct viz_handshake_config config = {.pattern = VIZ_NOISE_XK,
					      .hash = VIZ_NOISE_SHA256,
					      .initiator = true,
					      .prologue = prologue,
					      .prologue_len = sizeof prologue,
					      .local_static = &f->transport,
					      .remote_static = remote,
					      .ephemeral = &ephemeral};
	struct viz_handshake *hs;
	size_t len = 0;
	int n;

	wire_close(w);
	viz_rng_bytes(rng, ephemeral.b, sizeof ephemeral.b);
	viz_ids_prologue(prologue, &f->federation);
	if (viz_handshake_new(&hs, &config) != VIZ_OK)
		return false;
	w->fd = wire_connect(to);
	VIZ_REQUIRE(viz_handshake_write(hs, message, &len, sizeof message, NULL, 0) == VIZ_OK);
	n = send_frame(w, message, len) ? fill(w, PATIENCE_MS) : -1;
	w->open = n > 0 && viz_handshake_read(hs, payload, &len, w->in + 2, (size_t)n) == VIZ_OK;
	if (w->open) {
		drop_frame(w, n);
		VIZ_REQUIRE(viz_handshake_write(hs, message, &len, sizeof message, hello,
						hello_len) == VIZ_OK);
		VIZ_REQUIRE(viz_handshake_split(hs, &w->session) == VIZ_OK);
		w->open = send_frame(w, message, len);
	}
	viz_handshake_free(hs);
	return w->open;
}

bool wire_plain(struct wire *w, const uint8_t *plain, size_t len)
{
	static uint8_t sealed[VIZ_FRAME_MAX];

	if (!w->open || viz_session_seal(&w->session, sealed, plain, len) != VIZ_OK)
		return false;
	return send_frame(w, sealed, len + VIZ_SESSION_TAG);
}

bool wire_body(struct wire *w, const uint8_t *body, size_t len)
{
	static uint8_t plain[VIZ_PLAINTEXT_MAX];

	VIZ_REQUIRE(len <= VIZ_BODY_MAX);
	viz_be_put_u16(plain, (uint16_t)len);
	memcpy(plain + 2, body, len);
	return wire_plain(w, plain, len + 2);
}

int wire_receive(struct wire *w, uint8_t *body, int ms)
{
	static uint8_t plain[VIZ_FRAME_MAX];

	for (;;) {
		int n = fill(w, ms);
		size_t len;

		if (n <= 0)
			return n;
		if (viz_session_open(&w->session, plain, w->in + 2, (size_t)n) != VIZ_OK)
			return -1;
		drop_frame(w, n);
		len = viz_be_get_u16(plain);
		if (len == 0xffff)
			viz_session_rekey_receive(&w->session);
		if (len == 0xffff || len == 0)
			continue;
		memcpy(body, plain + 2, len);
		return (int)len;
	}
}

void wire_close(struct wire *w)
{
	if (w->fd >= 0)
		close(w->fd);
	w->fd = -1;
	w->open = false;
	w->in_len = 0;
	viz_session_wipe(&w->session);
}
