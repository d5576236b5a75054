/* One list of the fields of a struct, from which its writer, its reader and the count of elements
 * are made, so that they cannot differ. A body of the protocol and a row of the store are each one
 * array, with the fields in the order of the list:
 *
 *   #define AWARD(F)
 *           F(ID, offer)
 *           F(UINT, n, 1, VIZ_AWARDS_MAX)
 *           F(TIME, latest)
 *   VIZ_FIELDS(award, AWARD);
 *
 * (with a backslash at the ends of lines) defines viz_award_write(w, s) and viz_award_read(r, s)
 * over struct viz_award. The reader clears the struct first; its errors stick to the cursor. Where
 * code has more to check, VIZ_FIELDS_READ(r, s, AWARD) and VIZ_FIELDS_WRITE(w, s, AWARD) are
 * statements inside a function; VIZ_FIELDS_PARSE(s, bytes, len, LIST) is an expression, which reads
 * all of the bytes and gives 0 or the reader's error.
 *
 * The kinds of fields, with `m` the member:
 *   ID(m)                  struct viz_id
 *   KEY(m)                 struct viz_pub or struct viz_secret
 *   BYTES(m)               an array of bytes, always full
 *   UINT(m, min, max)      an unsigned integer or an enum
 *   INT(m, min, max)       a signed integer
 *   BOOL(m), TIME(m)
 *   TEXT(m, min)           an array of char; its size is the limit
 *   OPTIONAL(m)            the same; "" is nil on the wire
 *   BIN(m, min, max)       const uint8_t *m, borrowed from the input, and size_t m_len
 *   BIN_OR_NIL(m, min, max)  the same; NULL is nil on the wire
 *   BUFFER(m)              an array of bytes, and size_t m_len of them
 *   STRUCT(m, type)        by viz_type_write and viz_type_read
 *   PART(part)             an array of its own, of fields of this same struct: VIZ_FIELDS_PART
 *   MAYBE(has, m, type)    the same, or nil when the bool `has` is false
 *   LIST(m, n, min, type)  an array and its count n, which is at least `min` and at most its size
 *   TEXTS(m, n, min)       an array of texts and its count n; `min` bytes each
 *   IDS(m, n)              an array of struct viz_id, ascending
 *   SORTED(m, n, min, type, key)  LIST, ascending by the struct viz_id `key` of its elements
 *   OPTIONAL_BYTES(has, m) an array of bytes, always full, or nil when the bool `has` is false
 *   OPTIONAL_UINT(has, m, max)  an integer up to max, or nil when the bool `has` is false
 *   CONST(v)               the integer v and no other
 *   WORD(text)             this text and no other: VIZ_ERR_MEANING
 *   REST(what)             one more element, which the caller writes or reads behind the list
 *
 * What a reader that has failed leaves in the struct means nothing. Lint `counts`: no count is
 * written by hand.
 *
 * A kind is two macros, VIZ_WRITE_kind and VIZ_READ_kind; a file may add its own. */
#ifndef VIZ_PROTO_FIELDS_H
#define VIZ_PROTO_FIELDS_H

#include "proto/reader.h"
#include "proto/writer.h"

/* Each ends in a declaration that the semicolon behind it completes. */
#define VIZ_FIELDS(type, LIST)                                                                     \
	VIZ_FIELDS_WRITER(type, LIST);                                                             \
	VIZ_FIELDS_READER(type, LIST)

#define VIZ_FIELDS_WRITER(type, LIST)                                                              \
	void viz_##type##_write(struct viz_writer *w, const struct viz_##type *s)                  \
	{                                                                                          \
		VIZ_FIELDS_WRITE(w, s, LIST);                                                      \
	}                                                                                          \
	struct viz_##type

#define VIZ_FIELDS_READER(type, LIST)                                                              \
	void viz_##type##_read(struct viz_reader *r, struct viz_##type *s)                         \
	{                                                                                          \
		memset(s, 0, sizeof *s);                                                           \
		VIZ_FIELDS_READ(r, s, LIST);                                                       \
	}                                                                                          \
	struct viz_##type

/* Static functions that write and read a PART of struct viz_type. */
#define VIZ_FIELDS_PART(part, type, LIST)                                                          \
	static void part##_write(struct viz_writer *w, const struct viz_##type *s)                 \
	{                                                                                          \
		VIZ_FIELDS_WRITE(w, s, LIST);                                                      \
	}                                                                                          \
	static void part##_read(struct viz_reader *r, struct viz_##type *s)                        \
	{                                                                                          \
		VIZ_FIELDS_READ(r, s, LIST);                                                       \
	}                                                                                          \
	struct viz_##type

#define VIZ_FIELDS_WRITE(writer, from, LIST)                                                       \
	do {                                                                                       \
		struct viz_writer *field_w = (writer);                                             \
		const __typeof__(*(from)) *field_s = (from);                                       \
                                                                                                   \
		viz_writer_array(field_w, 0 LIST(VIZ_FIELD_COUNT));                                \
		LIST(VIZ_FIELD_WRITE)                                                              \
	} while (0)

#define VIZ_FIELDS_READ(reader, to, LIST)                                                          \
	do {                                                                                       \
		struct viz_reader *field_r = (reader);                                             \
		__typeof__(*(to)) *field_s = (to);                                                 \
                                                                                                   \
		viz_reader_tuple(field_r, 0 LIST(VIZ_FIELD_COUNT));                                \
		LIST(VIZ_FIELD_READ)                                                               \
	} while (0)

#define VIZ_FIELDS_PARSE(to, bytes, len, LIST)                                                     \
	({                                                                                         \
		struct viz_reader parse_r;                                                         \
                                                                                                   \
		viz_reader_init(&parse_r, bytes, len);                                             \
		VIZ_FIELDS_READ(&parse_r, to, LIST);                                               \
		viz_reader_finish(&parse_r);                                                       \
	})

#define VIZ_FIELD_COUNT(kind, ...) +1
#define VIZ_FIELD_WRITE(kind, ...) VIZ_WRITE_##kind(field_w, field_s, __VA_ARGS__)
#define VIZ_FIELD_READ(kind, ...)  VIZ_READ_##kind(field_r, field_s, __VA_ARGS__)

#define VIZ_WRITE_ID(w, s, m) viz_writer_id(w, &(s)->m);
#define VIZ_READ_ID(r, s, m)  (s)->m = viz_reader_id(r);

#define VIZ_WRITE_KEY(w, s, m) viz_writer_bin(w, (s)->m.b, sizeof(s)->m.b);
#define VIZ_READ_KEY(r, s, m)  viz_reader_fixed(r, (s)->m.b, sizeof(s)->m.b);

#define VIZ_WRITE_BYTES(w, s, m) viz_writer_bin(w, (s)->m, sizeof(s)->m);
#define VIZ_READ_BYTES(r, s, m)  viz_reader_fixed(r, (s)->m, sizeof(s)->m);

#define VIZ_WRITE_UINT(w, s, m, min, max) viz_writer_uint(w, (s)->m);
#define VIZ_READ_UINT(r, s, m, min, max)                                                           \
	_Static_assert((__typeof__((s)->m))-1 > 0 && (max) <= (uint64_t)(__typeof__((s)->m))-1,    \
		       #m " must be unsigned, and hold " #max);                                    \
	(s)->m = (__typeof__((s)->m))viz_reader_between(r, min, max);

#define VIZ_WRITE_INT(w, s, m, min, max) viz_writer_int(w, (s)->m);
#define VIZ_READ_INT(r, s, m, min, max)                                                            \
	_Static_assert((__typeof__((s)->m))(min) == (min) && (__typeof__((s)->m))(max) == (max),   \
		       #m " must hold " #min " and " #max);                                        \
	(s)->m = (__typeof__((s)->m))viz_reader_int(r, min, max);

#define VIZ_WRITE_BOOL(w, s, m) viz_writer_bool(w, (s)->m);
#define VIZ_READ_BOOL(r, s, m)  (s)->m = viz_reader_bool(r);

#define VIZ_WRITE_TIME(w, s, m) viz_writer_time(w, (s)->m);
#define VIZ_READ_TIME(r, s, m)  (s)->m = viz_reader_time(r);

#define VIZ_WRITE_TEXT(w, s, m, min) viz_writer_text(w, (s)->m);
#define VIZ_READ_TEXT(r, s, m, min)  viz_reader_text(r, (s)->m, min, sizeof(s)->m - 1);

#define VIZ_WRITE_OPTIONAL(w, s, m) viz_writer_optional(w, (s)->m);
#define VIZ_READ_OPTIONAL(r, s, m)  viz_reader_optional(r, (s)->m, sizeof(s)->m - 1);

#define VIZ_WRITE_BIN(w, s, m, min, max) viz_writer_bin(w, (s)->m, (s)->m##_len);
#define VIZ_READ_BIN(r, s, m, min, max)  (s)->m = viz_reader_bin(r, &(s)->m##_len, min, max);

#define VIZ_WRITE_BIN_OR_NIL(w, s, m, min, max)                                                    \
	if ((s)->m)                                                                                \
		viz_writer_bin(w, (s)->m, (s)->m##_len);                                           \
	else                                                                                       \
		viz_writer_nil(w);
#define VIZ_READ_BIN_OR_NIL(r, s, m, min, max)                                                     \
	if (!viz_reader_nil(r))                                                                    \
		(s)->m = viz_reader_bin(r, &(s)->m##_len, min, max);

#define VIZ_WRITE_BUFFER(w, s, m) viz_writer_bin(w, (s)->m, (s)->m##_len);
#define VIZ_READ_BUFFER(r, s, m)  viz_reader_buffer(r, (s)->m, &(s)->m##_len, sizeof(s)->m);

#define VIZ_WRITE_STRUCT(w, s, m, type) viz_##type##_write(w, &(s)->m);
#define VIZ_READ_STRUCT(r, s, m, type)  viz_##type##_read(r, &(s)->m);

#define VIZ_WRITE_PART(w, s, part) part##_write(w, s);
#define VIZ_READ_PART(r, s, part)  part##_read(r, s);

#define VIZ_WRITE_MAYBE(w, s, has, m, type)                                                        \
	if ((s)->has)                                                                              \
		viz_##type##_write(w, &(s)->m);                                                    \
	else                                                                                       \
		viz_writer_nil(w);
#define VIZ_READ_MAYBE(r, s, has, m, type)                                                         \
	(s)->has = !viz_reader_nil(r);                                                             \
	if ((s)->has)                                                                              \
		viz_##type##_read(r, &(s)->m);

#define VIZ_WRITE_LIST(w, s, m, n, min, type)                                                      \
	viz_writer_array(w, (s)->n);                                                               \
	for (size_t field_i = 0; field_i < (s)->n; field_i++)                                      \
		viz_##type##_write(w, &(s)->m[field_i]);
#define VIZ_READ_LIST(r, s, m, n, min, type)                                                       \
	(s)->n = viz_reader_array(r, min, sizeof(s)->m / sizeof *(s)->m);                          \
	for (size_t field_i = 0; field_i < (s)->n && (r)->err == VIZ_OK; field_i++)                \
		viz_##type##_read(r, &(s)->m[field_i]);

#define VIZ_WRITE_SORTED(w, s, m, n, min, type, key) VIZ_WRITE_LIST(w, s, m, n, min, type)
#define VIZ_READ_SORTED(r, s, m, n, min, type, key)                                                \
	VIZ_READ_LIST(r, s, m, n, min, type)                                                       \
	for (size_t field_i = 1; field_i < (s)->n && (r)->err == VIZ_OK; field_i++)                \
		if (viz_id_cmp(&(s)->m[field_i - 1].key, &(s)->m[field_i].key) >= 0)               \
			viz_reader_fail(r, VIZ_ERR_FORM);

#define VIZ_WRITE_TEXTS(w, s, m, n, min)                                                           \
	viz_writer_array(w, (s)->n);                                                               \
	for (size_t field_i = 0; field_i < (s)->n; field_i++)                                      \
		viz_writer_text(w, (s)->m[field_i]);
#define VIZ_READ_TEXTS(r, s, m, n, min)                                                            \
	(s)->n = viz_reader_array(r, 0, sizeof(s)->m / sizeof *(s)->m);                            \
	for (size_t field_i = 0; field_i < (s)->n; field_i++)                                      \
		viz_reader_text(r, (s)->m[field_i], min, sizeof *(s)->m - 1);

#define VIZ_WRITE_IDS(w, s, m, n) VIZ_WRITE_LIST(w, s, m, n, 0, id)
#define VIZ_READ_IDS(r, s, m, n)                                                                   \
	VIZ_READ_LIST(r, s, m, n, 0, id)                                                           \
	for (size_t field_i = 1; field_i < (s)->n && (r)->err == VIZ_OK; field_i++)                \
		if (viz_id_cmp(&(s)->m[field_i - 1], &(s)->m[field_i]) >= 0)                       \
			viz_reader_fail(r, VIZ_ERR_FORM);

#define VIZ_WRITE_CONST(w, s, v) viz_writer_uint(w, v);
#define VIZ_READ_CONST(r, s, v)  viz_reader_between(r, v, v);

#define VIZ_WRITE_OPTIONAL_BYTES(w, s, has, m)                                                     \
	if ((s)->has)                                                                              \
		viz_writer_bin(w, (s)->m, sizeof(s)->m);                                           \
	else                                                                                       \
		viz_writer_nil(w);
#define VIZ_READ_OPTIONAL_BYTES(r, s, has, m)                                                      \
	(s)->has = !viz_reader_nil(r);                                                             \
	if ((s)->has)                                                                              \
		viz_reader_fixed(r, (s)->m, sizeof(s)->m);

#define VIZ_WRITE_OPTIONAL_UINT(w, s, has, m, max)                                                 \
	if ((s)->has)                                                                              \
		viz_writer_uint(w, (s)->m);                                                        \
	else                                                                                       \
		viz_writer_nil(w);
#define VIZ_READ_OPTIONAL_UINT(r, s, has, m, max)                                                  \
	(s)->has = !viz_reader_nil(r);                                                             \
	(s)->m = (s)->has ? (uint32_t)viz_reader_uint(r, max) : 0;

#define VIZ_WRITE_REST(w, s, what) (void)(s);
#define VIZ_READ_REST(r, s, what)  (void)(s);

#define VIZ_WRITE_WORD(w, s, text) viz_writer_text(w, text);
#define VIZ_READ_WORD(r, s, text)  viz_reader_word(r, text);

/* Elements of LIST. */
static inline void viz_id_write(struct viz_writer *w, const struct viz_id *id)
{
	viz_writer_id(w, id);
}

static inline void viz_id_read(struct viz_reader *r, struct viz_id *id)
{
	*id = viz_reader_id(r);
}

#endif
