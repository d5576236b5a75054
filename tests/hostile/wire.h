/* A blocking link of the tests' own: TCP, Noise XK, frames. */
#ifndef VIZ_TESTS_WIRE_H
#define VIZ_TESTS_WIRE_H

#include "crypto/session.h"
#include "tests/hostile/forge.h"
#include "crypto/rng.h"
#include "proto/base.h"
#include "proto/limits.h"

/* How long it waits for what must come: longer than any machine needs that is only busy, and
 * shorter than a victim keeps an idle link (90 s), so that this is not what ends one. */
#define PATIENCE_MS 60000

struct wire {
	int fd; /* -1: none */
	bool open;
	struct viz_session session;
	uint8_t in[2 * (VIZ_FRAME_MAX + 2)];
	size_t in_len;
};

/* A connection to a port of loopback; -1. */
int wire_connect(unsigned port);
bool wire_raw(struct wire *w, const void *bytes, size_t len);
/* The handshake up to message 3 with this payload. False: the other side closed. */
bool wire_handshake(struct wire *w, unsigned port, const struct forge *f,
		    const struct viz_pub *remote, struct viz_rng *rng, const uint8_t *hello,
		    size_t hello_len);
/* Seals and sends a plaintext as it is. */
bool wire_plain(struct wire *w, const uint8_t *plain, size_t len);
/* One message body, without padding. */
bool wire_body(struct wire *w, const uint8_t *body, size_t len);
/* The next body, waiting at most `ms`: its length, 0 when there is none, -1 when the link is
 * closed. `body` holds VIZ_PLAINTEXT_MAX bytes. */
int wire_receive(struct wire *w, uint8_t *body, int ms);
void wire_close(struct wire *w);

#endif
