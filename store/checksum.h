/* The checksum behind each value of the store: it finds damage, not malice.
 *
 * XXH64, https://github.com/Cyan4973/xxHash, doc/xxhash_spec.md: ten bytes a nanosecond, where
 * SipHash takes one, and each row is checked whenever it is read. */
#ifndef VIZ_STORE_CHECKSUM_H
#define VIZ_STORE_CHECKSUM_H

#include "store/tables.h"

#define VIZ_CHECKSUM_LEN 8 /* bytes behind a value, big-endian */

uint64_t viz_checksum_xxh64(const uint8_t *bytes, size_t len, uint64_t seed);

/* Of a row: the value, seeded with the key, seeded with the table. A row that stands in another
 * place is wrong too. */
uint64_t viz_checksum_row(enum viz_table table, const uint8_t *key, size_t key_len,
			  const uint8_t *value, size_t value_len);

/* Whether `stored` is a value and its checksum. */
bool viz_checksum_fits(enum viz_table table, const uint8_t *key, size_t key_len,
		       const uint8_t *stored, size_t stored_len);

#endif
