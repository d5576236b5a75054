/* A strict cursor over canonical msgpack. Only this reads bytes from a peer.
 *
 * Canonical msgpack, as PROTOCOL.md section 3 defines it, has of the types only nil, bool,
 * integers, str, bin and array. Integers, lengths and counts have their shortest form, and a non-
 * negative integer has an unsigned form. Text is valid UTF-8 without control characters (C0, DEL,
 * C1).
 *
 * Errors are sticky: after the first failure every call returns zero or NULL, and viz_reader_finish
 * returns the error. No call allocates. Pointers that are returned point into the input and live as
 * long as it does. */
#ifndef VIZ_PROTO_READER_H
#define VIZ_PROTO_READER_H

#include "proto/base.h"

struct viz_reader {
	const uint8_t *at;
	const uint8_t *end;
	int err; /* the first failure, or 0 */
};

void viz_reader_init(struct viz_reader *r, const uint8_t *bytes, size_t len);

/* Reads all of `len` bytes with viz_X_read; 0, or the reader's error. */
#define VIZ_PARSE(X, out, bytes, len)                                                              \
	({                                                                                         \
		struct viz_reader parse_r;                                                         \
                                                                                                   \
		viz_reader_init(&parse_r, bytes, len);                                             \
		viz_##X##_read(&parse_r, out);                                                     \
		viz_reader_finish(&parse_r);                                                       \
	})

/* Records `err` as the failure unless there is one already. */
void viz_reader_fail(struct viz_reader *r, int err);

/* 0 when everything was read without a failure and no byte is left. */
int viz_reader_finish(struct viz_reader *r);

/* An integer in [min, max], or in [0, max]; another value is VIZ_ERR_LIMIT, another type
 * VIZ_ERR_FORM. */
uint64_t viz_reader_uint(struct viz_reader *r, uint64_t max);
uint64_t viz_reader_between(struct viz_reader *r, uint64_t min, uint64_t max);
int64_t viz_reader_int(struct viz_reader *r, int64_t min, int64_t max);
bool viz_reader_bool(struct viz_reader *r);
struct viz_time viz_reader_time(struct viz_reader *r);

/* The number of elements that follow: at least `min`, at most `max`. VIZ_ERR_FORM when so many
 * cannot fit in the bytes that are left, so that the input bounds a loop over them. */
size_t viz_reader_array(struct viz_reader *r, size_t min, size_t max);

/* Exactly `n` elements: the form of a struct. */
void viz_reader_tuple(struct viz_reader *r, size_t n);

/* bin of at least `min` and at most `max` bytes; NULL on failure. */
const uint8_t *viz_reader_bin(struct viz_reader *r, size_t *len, size_t min, size_t max);

/* bin of at most `max` bytes, copied to `out`, which holds as many. */
void viz_reader_buffer(struct viz_reader *r, uint8_t *out, size_t *len, size_t max);

/* bin of exactly `len` bytes, copied. */
void viz_reader_fixed(struct viz_reader *r, uint8_t *out, size_t len);
struct viz_id viz_reader_id(struct viz_reader *r);

/* str of at least `min` and at most `max` bytes, copied to `out`, which holds max + 1 bytes. */
void viz_reader_text(struct viz_reader *r, char *out, size_t min, size_t max);

/* Consumes a nil when it comes next. What is omitted has no other form. */
bool viz_reader_nil(struct viz_reader *r);
/* nil, which gives "", or str of 1 to `max` bytes. */
void viz_reader_optional(struct viz_reader *r, char *out, size_t max);
/* A str that must be `text`; another of the same length is VIZ_ERR_MEANING. At most 15 bytes. */
void viz_reader_word(struct viz_reader *r, const char *text);

/* Skips one canonical value of nesting depth at most `depth`, and returns its bytes. */
const uint8_t *viz_reader_skip(struct viz_reader *r, size_t *len, unsigned depth);

#endif
