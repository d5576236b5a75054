/* What every part of vizinho uses: errors, time, identifiers.
 *
 * Conventions of all public headers:
 *  - argument order: object, outputs, inputs, flags; a length follows its pointer;
 *  - what can fail returns 0 or a negative enum viz_err and leaves its outputs untouched;
 *  - bytes are uint8_t, text is char; a pointer return is a look-up and NULL means absent. */
#ifndef VIZ_PROTO_BASE_H
#define VIZ_PROTO_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Three classes of failure: a programmer's error ends the process (VIZ_REQUIRE), a peer's error
 * closes that peer (FORM, LIMIT, AUTH, MEANING), a local error goes back to the host (STORE, NOMEM,
 * INPUT, STATE). */
enum viz_err {
	VIZ_OK = 0,
	VIZ_ERR_FORM = -1, /* not canonical, truncated, wrong type: the bytes are not the format */
	VIZ_ERR_LIMIT =
	    -2, /* past a named limit of proto/limits.h, or an output that is too small */
	VIZ_ERR_AUTH = -3,    /* a signature, a MAC, a commitment or a key does not verify */
	VIZ_ERR_MEANING = -4, /* well formed, but it contradicts itself or what is known */
	VIZ_ERR_ABSENT = -5,  /* it does not exist */
	VIZ_ERR_EXISTS = -6,  /* it exists already */
	VIZ_ERR_STATE = -7,   /* not possible in the present state */
	VIZ_ERR_STORE = -8,   /* disk or LMDB: stop, and recover from disk */
	VIZ_ERR_NOMEM = -9,   /* out of memory */
	VIZ_ERR_INPUT = -10,  /* bad input from a user */
};

/* Always on, in every build; a peer can never reach one. */
#define VIZ_REQUIRE(cond)                                                                          \
	do {                                                                                       \
		if (!(cond)) {                                                                     \
			fprintf(stderr, "<2>%s:%d: requirement failed: %s\n", __FILE__, __LINE__,  \
				#cond);                                                            \
			abort();                                                                   \
		}                                                                                  \
	} while (0)

/* An instant: milliseconds since 1970-01-01T00:00:00Z, leap seconds not counted (POSIX). */
struct viz_time {
	int64_t ms;
};

#define VIZ_DAY_MS  INT64_C(86400000)
#define VIZ_HOUR_MS INT64_C(3600000)

/* Borrowed bytes. Those of the store are valid until the next write or the end of the transaction.
 */
struct viz_slice {
	const uint8_t *p;
	size_t len;
};

/* 32 bytes of hash: an author id, a record id, a commitment. */
struct viz_id {
	uint8_t b[32];
};

/* A public key: Ed25519 (signatures) or X25519 (transport), by the name of the field. */
struct viz_pub {
	uint8_t b[32];
};

/* A 32-byte secret (symmetric key, seed, blinding). Wiped by its owner on every exit, never traced.
 */
struct viz_secret {
	uint8_t b[32];
};

struct viz_sig {
	uint8_t b[64];
};

static inline int viz_id_cmp(const struct viz_id *a, const struct viz_id *b)
{
	return memcmp(a->b, b->b, sizeof a->b);
}

static inline bool viz_id_eq(const struct viz_id *a, const struct viz_id *b)
{
	return memcmp(a->b, b->b, sizeof a->b) == 0;
}

static inline bool viz_id_is_zero(const struct viz_id *a)
{
	static const struct viz_id zero;
	return memcmp(a->b, zero.b, sizeof zero.b) == 0;
}

/* The name of an error for logs and JSON: "form", "limit", ... Never NULL. */
const char *viz_err_name(int err);

/* Big-endian integers, as they stand in keys of tables (so that byte order is numeric order) and in
 * frame lengths. */
void viz_be_put_u16(uint8_t *out, uint16_t v);
void viz_be_put_u32(uint8_t *out, uint32_t v);
void viz_be_put_u64(uint8_t *out, uint64_t v);
uint16_t viz_be_get_u16(const uint8_t *in);
uint32_t viz_be_get_u32(const uint8_t *in);
uint64_t viz_be_get_u64(const uint8_t *in);

/* Lower-case hexadecimal. `out` holds 2 * len + 1 bytes, with the final NUL. */
void viz_hex(char *out, const uint8_t *in, size_t len);
/* The reverse, from exactly 2 * len characters in either case. VIZ_ERR_FORM. */
int viz_hex_parse(uint8_t *out, size_t len, const char *in);

#endif
