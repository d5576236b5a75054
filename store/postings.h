/* Packed postings: strictly ascending numbers, the first and then the differences, each an unsigned
 * LEB128 (seven bits a byte, the least significant first) of at most 10 bytes. An empty list has no
 * bytes. Only this program writes them: a malformed list is damage, VIZ_ERR_STORE. */
#ifndef VIZ_STORE_POSTINGS_H
#define VIZ_STORE_POSTINGS_H

#include "proto/base.h"

#define VIZ_POSTINGS_VARINT_MAX 10 /* bytes */

struct viz_postings {
	const uint8_t *at;
	const uint8_t *end;
	uint64_t last;
	bool first;
	bool bad; /* sticky */
};

/* The bytes are borrowed while the list is read. */
void viz_postings_init(struct viz_postings *p, const uint8_t *bytes, size_t len);
/* False at the end, and when the list is malformed: then `bad` is set. */
bool viz_postings_next(struct viz_postings *p, uint64_t *value);

/* Packs; `out` holds n * VIZ_POSTINGS_VARINT_MAX bytes. The values ascend strictly. */
size_t viz_postings_pack(uint8_t *out, const uint64_t *values, size_t n);
/* Unpacks into `values`. VIZ_ERR_STORE, also for more than `max`. */
int viz_postings_unpack(uint64_t *values, size_t *n, size_t max, const uint8_t *bytes, size_t len);

/* The list with, or without, one value. `out` holds len + 2 * VIZ_POSTINGS_VARINT_MAX bytes and is
 * apart from `bytes`. VIZ_ERR_EXISTS, VIZ_ERR_ABSENT, VIZ_ERR_STORE. */
int viz_postings_add(uint8_t *out, size_t *out_len, const uint8_t *bytes, size_t len,
		     uint64_t value);
int viz_postings_remove(uint8_t *out, size_t *out_len, const uint8_t *bytes, size_t len,
			uint64_t value);

#endif
