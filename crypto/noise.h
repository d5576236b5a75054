/* The parts of the Noise machine (revision 34) behind handshake.h: the patterns as tables, and the
 * symmetric state. Internal to crypto/ and its tests. */
#ifndef VIZ_CRYPTO_NOISE_H
#define VIZ_CRYPTO_NOISE_H

#include "crypto/cipher.h"
#include "crypto/handshake.h"

#define VIZ_NOISE_HASH_MAX     64 /* bytes: HASHLEN of BLAKE2b */
#define VIZ_NOISE_NAME_MAX     64 /* bytes of a protocol name, with the final NUL */
#define VIZ_NOISE_MESSAGES_MAX 3
#define VIZ_NOISE_TOKENS_MAX   8 /* of one message, with the end */

enum viz_noise_token {
	VIZ_NOISE_END,
	VIZ_NOISE_E,
	VIZ_NOISE_S,
	VIZ_NOISE_EE,
	VIZ_NOISE_ES,
	VIZ_NOISE_SE,
	VIZ_NOISE_SS,
	VIZ_NOISE_PSK,
};

/* One handshake pattern (section 7). Of pre-messages only "s" occurs in these. */
struct viz_noise_script {
	char name[3];
	bool pre_initiator; /* the responder knows the initiator's static key beforehand */
	bool pre_responder; /* and the reverse */
	uint8_t messages;   /* the initiator writes the first; they alternate */
	enum viz_noise_token tokens[VIZ_NOISE_MESSAGES_MAX][5];
};

/* Never NULL; lives for ever. */
const struct viz_noise_script *viz_noise_pattern_script(enum viz_noise_pattern pattern);
/* Whether that side needs a static key of its own. */
bool viz_noise_pattern_has_static(const struct viz_noise_script *script, bool initiator);
/* "Noise_XK_25519_ChaChaPoly_SHA256"; with `psk`, "Noise_XKpsk3_...". */
void viz_noise_pattern_name(char out[VIZ_NOISE_NAME_MAX], const struct viz_noise_script *script,
			    enum viz_noise_hash hash, bool psk, unsigned psk_at);
/* The tokens of message `index` with the psk modifier applied (section 9.4), ending in
 * VIZ_NOISE_END. */
void viz_noise_pattern_tokens(enum viz_noise_token out[VIZ_NOISE_TOKENS_MAX],
			      const struct viz_noise_script *script, unsigned index, bool psk,
			      unsigned psk_at);

/* Section 5.2. */
struct viz_noise_symmetric {
	enum viz_noise_hash hash;
	size_t hash_len;
	bool has_key;
	struct viz_cipher cipher;
	uint8_t ck[VIZ_NOISE_HASH_MAX];
	uint8_t h[VIZ_NOISE_HASH_MAX];
};

void viz_noise_symmetric_init(struct viz_noise_symmetric *s, enum viz_noise_hash hash,
			      const char *protocol_name);
void viz_noise_symmetric_wipe(struct viz_noise_symmetric *s);
void viz_noise_symmetric_mix_hash(struct viz_noise_symmetric *s, const uint8_t *bytes, size_t len);
void viz_noise_symmetric_mix_key(struct viz_noise_symmetric *s, const uint8_t input[32]);
void viz_noise_symmetric_mix_key_and_hash(struct viz_noise_symmetric *s, const uint8_t input[32]);
/* EncryptAndHash, DecryptAndHash: with the tag once there is a key, plain before. */
int viz_noise_symmetric_encrypt(struct viz_noise_symmetric *s, uint8_t *out, const uint8_t *plain,
				size_t len);
/* VIZ_ERR_AUTH: then nothing was mixed in. */
int viz_noise_symmetric_decrypt(struct viz_noise_symmetric *s, uint8_t *out, const uint8_t *sealed,
				size_t len);
/* Split: the initiator sends with `first` and receives with `second`. */
void viz_noise_symmetric_split(const struct viz_noise_symmetric *s, struct viz_cipher *first,
			       struct viz_cipher *second);

/* HMAC-HASH (RFC 2104) of `len` bytes, at most VIZ_NOISE_HASH_MAX + 1; `out` holds HASHLEN bytes.
 * The key is at most one block of the hash. */
void viz_noise_symmetric_hmac(uint8_t *out, enum viz_noise_hash hash, const uint8_t *key,
			      size_t key_len, const uint8_t *bytes, size_t len);

/* The whole h, HASHLEN bytes, of a handshake that is done. */
const uint8_t *viz_handshake_hash(const struct viz_handshake *hs, size_t *len);

#endif
