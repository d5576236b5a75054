/* The Noise protocol framework, revision 34, without I/O: patterns NN, NX, NK, KK, XK, IK, XX, with
 * or without a pre-shared key (section 9), over 25519_ChaChaPoly with SHA256 or BLAKE2b. vizinho
 * uses XK with SHA256; public test vectors of the others test the same code. PROTOCOL.md section 6.
 */
#ifndef VIZ_CRYPTO_HANDSHAKE_H
#define VIZ_CRYPTO_HANDSHAKE_H

#include "crypto/session.h"

enum viz_noise_pattern {
	VIZ_NOISE_NX,
	VIZ_NOISE_NK,
	VIZ_NOISE_KK,
	VIZ_NOISE_XK,
	VIZ_NOISE_IK,
	VIZ_NOISE_XX,
	VIZ_NOISE_NN,
};

enum viz_noise_hash {
	VIZ_NOISE_SHA256,
	VIZ_NOISE_BLAKE2B,
};

#define VIZ_NOISE_MSG_MAX 65535

struct viz_handshake_config {
	enum viz_noise_pattern pattern;
	enum viz_noise_hash hash;
	bool initiator;
	const uint8_t *prologue;
	size_t prologue_len;
	const struct viz_secret *local_static;  /* NULL where the pattern has none */
	const struct viz_pub *local_static_pub; /* of local_static; NULL: worked out */
	const struct viz_pub *remote_static;    /* NULL unless the pattern knows it beforehand */
	const struct viz_secret *ephemeral;     /* 32 fresh random bytes */
	const struct viz_secret *psk;           /* NULL for none */
	unsigned psk_at; /* the n of "pskn": at most the number of messages */
};

struct viz_handshake; /* opaque, allocated */

/* VIZ_ERR_NOMEM, VIZ_ERR_AUTH (a remote static key of small order). All that `config` points to is
 * copied. A static key that the pattern lacks, or a missing one, is a programmer's error. With
 * local_static_pub nothing is multiplied here, so that a stranger's first message to an XK
 * responder costs one multiplication in all. */
int viz_handshake_new(struct viz_handshake **out, const struct viz_handshake_config *config);
/* Wipes and frees. NULL is allowed. */
void viz_handshake_free(struct viz_handshake *hs);

/* Whose turn it is, and whether all messages are done. */
bool viz_handshake_must_write(const struct viz_handshake *hs);
bool viz_handshake_done(const struct viz_handshake *hs);

/* Writes the next message with `payload`. `out` holds `max` bytes. VIZ_ERR_STATE out of turn,
 * VIZ_ERR_LIMIT when it does not fit (or would pass VIZ_NOISE_MSG_MAX): both change nothing.
 * VIZ_ERR_AUTH for a bad DH: then the handshake is unusable. */
int viz_handshake_write(struct viz_handshake *hs, uint8_t *out, size_t *out_len, size_t max,
			const uint8_t *payload, size_t payload_len);
/* Reads the next message; `payload` holds msg_len bytes. VIZ_ERR_STATE out of turn changes nothing.
 * VIZ_ERR_FORM (too short), VIZ_ERR_LIMIT (past VIZ_NOISE_MSG_MAX) and VIZ_ERR_AUTH make the
 * handshake unusable and wipe it; bytes that were not authenticated never reach `payload`. The
 * payload of a message under no key yet (the first of NN, NX, XX) is as the peer sent it. */
int viz_handshake_read(struct viz_handshake *hs, uint8_t *payload, size_t *payload_len,
		       const uint8_t *msg, size_t msg_len);

/* The peer's static key, once it is known; NULL before, and after a failure. Borrowed until
 * viz_handshake_free. */
const struct viz_pub *viz_handshake_remote_static(const struct viz_handshake *hs);
/* After the last message, once: the two cipher states and the handshake hash. VIZ_ERR_STATE before,
 * and the second time (two sessions of the same keys would use each nonce twice). */
int viz_handshake_split(struct viz_handshake *hs, struct viz_session *out);

#endif
