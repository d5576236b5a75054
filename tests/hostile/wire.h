/* A blocking link that the tests implement: TCP over IPv4, Noise XK, frames. */
#ifndef VIZ_TESTS_WIRE_H
#define VIZ_TESTS_WIRE_H

#include <netinet/in.h>

#include "crypto/session.h"
#include "tests/hostile/forge.h"
#include "crypto/rng.h"
#include "proto/base.h"
#include "proto/limits.h"

/* How long to wait for what must come. A busy machine needs less. The victim closes an idle link
 * only after 90 s, so that this wait ends first. */
#define PATIENCE_MS 60000

struct wire {
	int fd; /* -1: closed */
	bool open;
	struct viz_session session;
	uint8_t in[2 * (VIZ_FRAME_MAX + 2)];
	size_t in_len;
};

/* Connects. The socket, or -1. */
int wire_connect(const struct sockaddr_in *to);
bool wire_raw(struct wire *w, const void *bytes, size_t len);
/* Does the handshake up to message 3, with this payload. False: the other side closed. */
bool wire_handshake(struct wire *w, const struct sockaddr_in *to, const struct forge *f,
		    const struct viz_pub *remote, struct viz_rng *rng, const uint8_t *hello,
		    size_t hello_len);
/* Seals a plaintext as it is and sends it. */
bool wire_plain(struct wire *w, const uint8_t *plain, size_t len);
/* Sends one message body without padding. */
bool wire_body(struct wire *w, const uint8_t *body, size_t len);
/* Receives the next body and waits at most `ms`. Its length; 0: none came; -1: the link is
 * closed. `body` holds VIZ_PLAINTEXT_MAX bytes. */
int wire_receive(struct wire *w, uint8_t *body, int ms);
void wire_close(struct wire *w);

#endif
