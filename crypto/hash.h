/* H(domain, parts...): the one hash of the protocol. BLAKE2b-256 (RFC 7693, unkeyed, 32 bytes) of
 *     u8 length of domain || domain || for each part: u64le length || bytes
 * so that no two lists of parts have the same input. PROTOCOL.md section 2. */
#ifndef VIZ_CRYPTO_HASH_H
#define VIZ_CRYPTO_HASH_H

#include "proto/base.h"

struct viz_hash {
	_Alignas(64) uint8_t state[384];
};

/* Starts H with `domain` (1 to 64 characters of ASCII, a constant of the program). */
void viz_hash_init(struct viz_hash *h, const char *domain);
/* The next part. `len` may be 0. */
void viz_hash_part(struct viz_hash *h, const uint8_t *bytes, size_t len);
void viz_hash_id(struct viz_hash *h, const struct viz_id *id);
/* An integer as a part of 8 bytes, big-endian. */
void viz_hash_u64(struct viz_hash *h, uint64_t v);
void viz_hash_final(struct viz_hash *h, struct viz_id *out);

/* Plain BLAKE2b-256 of the bytes, as `b2sum -l 256` prints it: for files of evidence. */
void viz_hash_plain(struct viz_id *out, const uint8_t *bytes, size_t len);

#endif
