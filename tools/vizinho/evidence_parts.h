/* The inputs of hashes, and where a field of a record stands in them. */
#ifndef VIZ_TOOLS_VIZINHO_EVIDENCE_PARTS_H
#define VIZ_TOOLS_VIZINHO_EVIDENCE_PARTS_H

#include "proto/record.h"

/* What H hashes: u8 length of domain || domain || for each part: u64le length || part. */
struct viz_evidence_parts_input {
	uint8_t *bytes; /* owned */
	size_t len;
};

void viz_evidence_parts_begin(struct viz_evidence_parts_input *in, const char *domain);
void viz_evidence_parts_add(struct viz_evidence_parts_input *in, const uint8_t *part, size_t len);
void viz_evidence_parts_u64(struct viz_evidence_parts_input *in, uint64_t v);

/* Whether the input has this domain. */
bool viz_evidence_parts_is(const uint8_t *input, size_t len, const char *domain);
/* The part with this number, from 0, and its offset. NULL: there is none. */
const uint8_t *viz_evidence_parts_get(const uint8_t *input, size_t len, size_t number,
				      size_t *part_len);

/* Where a field stands in a record: its offset, and length, as encoded. `path` has `depth`
 * positions from the record's array on. False: there is none. */
bool viz_evidence_parts_field(const struct viz_record *rec, const size_t *path, size_t depth,
			      size_t *offset, size_t *len);

/* Reads lower-case hexadecimal of exactly `len` bytes. VIZ_ERR_FORM. */
int viz_evidence_parts_unhex(uint8_t *out, size_t len, const char *text);

/* RFC 4648, with padding: 4 characters for each 3 bytes, and a final NUL. */
void viz_evidence_parts_base64(char *out, const uint8_t *in, size_t len);

#endif
