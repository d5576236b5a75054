/* The transport phase: one cipher state each way, rekeyed by count and age. Noise revision 34,
 * sections 5.1, 11.3. PROTOCOL.md section 6. */
#ifndef VIZ_CRYPTO_SESSION_H
#define VIZ_CRYPTO_SESSION_H

#include "proto/base.h"

#define VIZ_SESSION_TAG 16 /* bytes */

struct viz_cipher {
	struct viz_secret key;
	uint64_t n; /* the nonce of the next message */
};

struct viz_session {
	struct viz_cipher send;
	struct viz_cipher receive;
	struct viz_id handshake_hash; /* first 32 bytes of h: the channel binding */
};

/* `out` holds len + VIZ_SESSION_TAG bytes. VIZ_ERR_LIMIT past 65,535 bytes or 2^64 - 2 messages. */
int viz_session_seal(struct viz_session *s, uint8_t *out, const uint8_t *plain, size_t len);
/* `out` holds len - VIZ_SESSION_TAG bytes. VIZ_ERR_AUTH; the nonce does not advance then. */
int viz_session_open(struct viz_session *s, uint8_t *out, const uint8_t *sealed, size_t len);

/* Noise REKEY of one direction; the counter goes on. Both sides do it at the same count: after each
 * VIZ_REKEY_MESSAGES messages by themselves (seal and open call it), and by age through a message
 * of the link (PROTOCOL.md section 6). */
void viz_session_rekey_send(struct viz_session *s);
void viz_session_rekey_receive(struct viz_session *s);

void viz_session_wipe(struct viz_session *s);

#endif
