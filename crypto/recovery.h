/* The recovery key, to which backups are encrypted, and the encryption itself. node/DESIGN.md, "The
 * backup file", has the format. The secret is on paper and nowhere else: a machine that makes
 * backups cannot open them. */
#ifndef VIZ_CRYPTO_RECOVERY_H
#define VIZ_CRYPTO_RECOVERY_H

#include "proto/base.h"

#define VIZ_RECOVERY_GROUPS   13
#define VIZ_RECOVERY_GROUP    6 /* characters: 4 of the key, 2 of their check */
#define VIZ_RECOVERY_TEXT_MAX (VIZ_RECOVERY_GROUPS * (VIZ_RECOVERY_GROUP + 1))

/* The public part: X25519. */
void viz_recovery_pub(struct viz_pub *out, const struct viz_secret *secret);

/* The secret for paper: 13 groups of 6 characters of base32, a blank between them. Each group has
 * the next 20 bits of the key, and the first 10 bits of H("vizinho/recovery", number of the group
 * from 0, these 4 characters). */
void viz_recovery_text(char out[VIZ_RECOVERY_TEXT_MAX], const struct viz_secret *secret);
/* Reads it. Letters of either case; blanks, line ends and '-' anywhere; 0, 1 and 8, which base32
 * has not, are read as o, l and b. VIZ_ERR_FORM: *group (from 1) is the first one that is wrong; it
 * is 0 where their number is wrong. */
int viz_recovery_parse(struct viz_secret *out, unsigned *group, const char *text, size_t len);

#define VIZ_RECOVERY_SEALED 80 /* a file key, sealed to a recovery key */
#define VIZ_RECOVERY_STREAM 24 /* with what a stream begins */
#define VIZ_RECOVERY_TAG    17 /* what a chunk has more than its plain text */

/* A new file key, and the same sealed to the public part. VIZ_ERR_AUTH: that is no key. */
int viz_recovery_seal(struct viz_secret *file_key, uint8_t sealed[VIZ_RECOVERY_SEALED],
		      const struct viz_pub *pub);
/* VIZ_ERR_AUTH: sealed to another key, or damaged. */
int viz_recovery_open(struct viz_secret *file_key, const uint8_t sealed[VIZ_RECOVERY_SEALED],
		      const struct viz_secret *secret);

/* A stream of chunks under a file key, in one direction. It has a secret: wipe it. */
struct viz_recovery_stream {
	_Alignas(16) uint8_t state[64];
};

enum viz_recovery_chunk {
	VIZ_RECOVERY_MORE = 0,
	VIZ_RECOVERY_PART = 1, /* the last one of a part, and not of the stream */
	VIZ_RECOVERY_LAST = 3,
};

void viz_recovery_push_begin(struct viz_recovery_stream *s, uint8_t begin[VIZ_RECOVERY_STREAM],
			     const struct viz_secret *file_key);
/* `out` holds len + VIZ_RECOVERY_TAG bytes. `ad` (may be NULL) is authenticated with it. */
void viz_recovery_push(struct viz_recovery_stream *s, uint8_t *out, const uint8_t *plain,
		       size_t len, const uint8_t *ad, size_t ad_len, enum viz_recovery_chunk kind);
/* VIZ_ERR_FORM. */
int viz_recovery_pull_begin(struct viz_recovery_stream *s, const uint8_t begin[VIZ_RECOVERY_STREAM],
			    const struct viz_secret *file_key);
/* `out` holds len - VIZ_RECOVERY_TAG bytes. VIZ_ERR_AUTH: not the next chunk of this stream. */
int viz_recovery_pull(struct viz_recovery_stream *s, uint8_t *out, enum viz_recovery_chunk *kind,
		      const uint8_t *chunk, size_t len, const uint8_t *ad, size_t ad_len);

#endif
