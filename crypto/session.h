/* The transport phase: one cipher state each way, rekeyed by count and age. Noise revision 34,
 * sections 5.1, 11.3. PROTOCOL.md section 6. */
#ifndef VIZ_CRYPTO_SESSION_H
#define VIZ_CRYPTO_SESSION_H

#include "proto/base.h"

#define VIZ_SESSION_TAG     16    /* bytes */
#define VIZ_SESSION_MSG_MAX 65535 /* bytes of a sealed message: Noise, section 3 */

/* Messages of one direction under one key: after message 65,535 (counted from 0), 131,071, ... both
 * sides rekey that direction by themselves. Part of the protocol: the two sides must agree. */
#define VIZ_REKEY_MESSAGES 65536

struct viz_cipher {
	struct viz_secret key;
	uint64_t n; /* the nonce of the next message */
};

struct viz_session {
	struct viz_cipher send;
	struct viz_cipher receive;
	struct viz_id handshake_hash; /* first 32 bytes of h: the channel binding */
};

/* `out` holds len + VIZ_SESSION_TAG bytes, and may be `plain`. VIZ_ERR_LIMIT past
 * VIZ_SESSION_MSG_MAX bytes with the tag, or when the nonce has come to 2^64 - 1, which Noise keeps
 * for REKEY. */
int viz_session_seal(struct viz_session *s, uint8_t *out, const uint8_t *plain, size_t len);
/* `out` holds len - VIZ_SESSION_TAG bytes, and may be `sealed`. VIZ_ERR_LIMIT as above;
 * VIZ_ERR_AUTH, also when len is too small: then the nonce does not advance, and `out` holds zeros,
 * never bytes that were not authenticated. */
int viz_session_open(struct viz_session *s, uint8_t *out, const uint8_t *sealed, size_t len);

/* Noise REKEY of one direction; the counter goes on. Both sides do it at the same count: after each
 * VIZ_REKEY_MESSAGES messages by themselves (seal and open call it), and by age through a message
 * of the link (PROTOCOL.md section 6). */
void viz_session_rekey_send(struct viz_session *s);
void viz_session_rekey_receive(struct viz_session *s);

void viz_session_wipe(struct viz_session *s);

#endif
