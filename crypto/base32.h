/* Base32 (RFC 4648, no padding), most significant bit first, and text forms of many bytes. */
#ifndef VIZ_CRYPTO_BASE32_H
#define VIZ_CRYPTO_BASE32_H

#include "proto/base.h"

#define VIZ_BASE32_CHECK 7 /* characters of a checksum: 35 bits */

/* Characters for `len` bytes. */
#define VIZ_BASE32_CHARS(len) (((len)*8 + 4) / 5)

/* `chars` lower-case characters of the bits of `in`. Behind the end of `in` the bits are zero. */
void viz_base32_write(char *out, size_t chars, const uint8_t *in, size_t len);

/* Reads `chars` characters of either case; `out` holds chars * 5 / 8 bytes. VIZ_ERR_FORM: another
 * character, or bits behind the last byte that are not zero. */
int viz_base32_read(uint8_t *out, const char *in, size_t chars);

/* The checksum of a text form: the first 35 bits of H("vizinho/text", prefix, bytes). */
void viz_base32_checksum(char out[VIZ_BASE32_CHECK], const char *prefix, const uint8_t *bytes,
			 size_t len);

/* A line for a QR code: PREFIX, "1.", the bytes and their checksum, all in upper case. `out` holds
 * `max` characters with the NUL. VIZ_ERR_LIMIT: it does not fit. */
int viz_base32_line(char *out, size_t max, const char *prefix, const uint8_t *bytes, size_t len);

/* Reads such a line into `out`, which holds `max` bytes. VIZ_ERR_FORM: another prefix, a character
 * outside the upper-case alphabet, a wrong length or checksum. VIZ_ERR_LIMIT: it is too long. */
int viz_base32_line_read(uint8_t *out, size_t *len, size_t max, const char *prefix,
			 const char *text);

#endif
