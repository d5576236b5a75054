/* Noise XK over messages (PROTOCOL.md section 6). Messages 1 and 2 have no payload; message 3
 * carries the initiator's hello. Pure: it knows no socket, no connection, no clock and no random
 * source. */
#ifndef VIZ_NODE_HOST_HANDSHAKE_H
#define VIZ_NODE_HOST_HANDSHAKE_H

#include "crypto/handshake.h"
#include "node/host/frame.h"

/* The longest hello: message 3 must fit into a frame. */
#define VIZ_HOST_HANDSHAKE_HELLO_MAX (VIZ_FRAME_MAX - 64)

/* Our static keys. After a rotation peers may still call us by the previous one. */
struct viz_host_handshake_keys {
	struct viz_secret current, old;
	bool has_current, has_old;
};

enum viz_host_handshake_state {
	VIZ_HANDSHAKE_ENDED,     /* failed, finished, or never begun */
	VIZ_HANDSHAKE_START,     /* initiator: message 1 is to be written */
	VIZ_HANDSHAKE_MESSAGE_1, /* responder: waits for message 1 */
	VIZ_HANDSHAKE_MESSAGE_2, /* initiator: waits for message 2 */
	VIZ_HANDSHAKE_MESSAGE_3, /* responder: waits for message 3 */
	VIZ_HANDSHAKE_COMPLETE,  /* viz_host_handshake_finish gives the session */
};

/* To be read: state. A zeroed one has ended. */
struct viz_host_handshake {
	enum viz_host_handshake_state state;
	bool initiator;
	const uint8_t *prologue;
	size_t prologue_len;
	const struct viz_host_handshake_keys *keys;
	struct viz_secret ephemeral;
	struct viz_pub remote; /* initiator: the key to expect; responder: known after message 3 */
	bool old_key;
	uint8_t *hello; /* owned */
	size_t hello_len;
	struct viz_handshake *noise;
};

struct viz_host_handshake_config {
	const uint8_t *prologue; /* borrowed until the handshake ends */
	size_t prologue_len;
	/* Borrowed until the handshake ends. They are read when the first message is written or
	 * comes, so that a rotation before that counts. */
	const struct viz_host_handshake_keys *keys;
	const struct viz_secret *ephemeral; /* 32 fresh random bytes; copied */
	const struct viz_pub *remote; /* initiator: the key to expect; copied. NULL: responder */
	const uint8_t *hello;         /* initiator: at most VIZ_HOST_HANDSHAKE_HELLO_MAX; copied */
	size_t hello_len;
};

enum viz_host_handshake_step {
	VIZ_HANDSHAKE_WAIT,   /* the next message of the peer is to come */
	VIZ_HANDSHAKE_HELLO,  /* responder: message 3 has come, the handshake is complete */
	VIZ_HANDSHAKE_DONE,   /* initiator: complete once message 3 is sent */
	VIZ_HANDSHAKE_FAILED, /* all of it is wiped */
};

/* What a complete handshake leaves. */
struct viz_host_handshake_result {
	struct viz_session session;
	struct viz_pub remote; /* the peer's static key */
	bool old_key;          /* responder: the peer called us by our previous key */
	uint8_t *hello;        /* responder: the caller wipes and frees it; initiator: NULL */
	size_t hello_len;
};

void viz_host_handshake_init(struct viz_host_handshake *h,
			     const struct viz_host_handshake_config *config);
/* Whether a message of this length can be the next one. */
bool viz_host_handshake_length_ok(const struct viz_host_handshake *h, size_t len);
/* Takes the next message (NULL, 0: the initiator's first step). What is to be sent goes to `out`,
 * which holds VIZ_FRAME_MAX bytes; *out_len is 0 when there is nothing. A message out of turn makes
 * it fail, as one that is false does. */
enum viz_host_handshake_step viz_host_handshake_take(struct viz_host_handshake *h, uint8_t *out,
						     size_t *out_len, const uint8_t *message,
						     size_t len);
/* Once, after HELLO or DONE; wipes `h`. VIZ_ERR_STATE before and afterwards. */
int viz_host_handshake_finish(struct viz_host_handshake *h, struct viz_host_handshake_result *out);
/* Wipes and frees what it holds, whatever its state. */
void viz_host_handshake_wipe(struct viz_host_handshake *h);

#endif
