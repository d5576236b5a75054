/* Author ids, commitments to next keys, and their forms for people. PROTOCOL.md section 4. */
#ifndef VIZ_CRYPTO_ID_H
#define VIZ_CRYPTO_ID_H

#include "proto/base.h"

/* What an author id is made of. It stands in every NODE record of the author. */
struct viz_birth {
	struct viz_pub first_key; /* Ed25519, key number 0 */
	struct viz_id next_hash;  /* viz_id_next_hash of key number 1 */
	uint8_t nonce[16];
};

/* H("vizinho/author", federation, first_key, next_hash, nonce). */
void viz_id_author(struct viz_id *out, const struct viz_id *federation,
		   const struct viz_birth *birth);

/* The commitment to a next key: H("vizinho/next-key", key). */
void viz_id_next_hash(struct viz_id *out, const struct viz_pub *key);

/* The text form of 32 bytes, for copying: "<prefix>1" and 52 + 7 characters of lower-case base32
 * (RFC 4648 alphabet, no padding): 32 bytes and, as a checksum, the first 35 bits of
 * H("vizinho/text", prefix, bytes). E.g. "viz1...." for an author, "vizkey1..." for a key. `prefix`
 * is 1 to 8 lower-case letters, a constant of the program. The 4 bits that 52 characters have more
 * than 32 bytes are zero, so that there is one text form only. */
#define VIZ_TEXT_ID_MAX 72
void viz_id_text(char out[VIZ_TEXT_ID_MAX], const char *prefix, const uint8_t bytes[32]);
/* VIZ_ERR_FORM: other prefix, other length, a character outside the alphabet, wrong checksum.
 * Letters of either case are accepted. */
int viz_id_parse(uint8_t out[32], const char *prefix, const char *text);

/* Six groups of five decimal digits (99 bits), for two people on the telephone:
 * "12345 67890 ...": group i (from 0) is bytes 5i to 5i + 4 of H("vizinho/fingerprint", author,
 * current key), big-endian, modulo 100,000. */
#define VIZ_FINGERPRINT_MAX 36
void viz_id_fingerprint(char out[VIZ_FINGERPRINT_MAX], const struct viz_id *author,
			const struct viz_pub *key);

#endif
