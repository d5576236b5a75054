/* Writes canonical msgpack (see reader.h) into a buffer of fixed size, through msgpack-c's packer.
 *
 * Errors are sticky: what does not fit makes viz_writer_finish return VIZ_ERR_LIMIT. */
#ifndef VIZ_PROTO_WRITER_H
#define VIZ_PROTO_WRITER_H

#include "proto/base.h"

struct viz_writer {
	uint8_t *start;
	size_t len; /* bytes written so far */
	size_t max;
	int err;
};

/* Declares a writer `w` over a buffer of its own, which lives as long as the block: for what has a
 * size known beforehand. What is secret is wiped at w.start, over w.max bytes. */
#define VIZ_WRITER(w, size) struct viz_writer w = {.start = (uint8_t[size]){0}, .max = (size)}

/* `buffer` is borrowed until viz_writer_finish. */
void viz_writer_init(struct viz_writer *w, uint8_t *buffer, size_t max);

/* 0, with the number of bytes written in *len. */
int viz_writer_finish(const struct viz_writer *w, size_t *len);
/* What was written, borrowed from the buffer. For a buffer that always suffices: VIZ_REQUIREs that
 * all of it fitted. */
struct viz_slice viz_writer_done(const struct viz_writer *w);

void viz_writer_uint(struct viz_writer *w, uint64_t v);
void viz_writer_int(struct viz_writer *w, int64_t v);
void viz_writer_bool(struct viz_writer *w, bool v);
void viz_writer_time(struct viz_writer *w, struct viz_time t);
void viz_writer_array(struct viz_writer *w, size_t n);
void viz_writer_bin(struct viz_writer *w, const uint8_t *bytes, size_t len);
void viz_writer_id(struct viz_writer *w, const struct viz_id *id);
void viz_writer_text(struct viz_writer *w, const char *text);
void viz_writer_nil(struct viz_writer *w);
/* nil for "". */
void viz_writer_optional(struct viz_writer *w, const char *text);

/* Bytes that are canonical msgpack already. */
void viz_writer_raw(struct viz_writer *w, const uint8_t *bytes, size_t len);

#endif
