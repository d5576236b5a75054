#include "store/checksum.h"

#define PRIME_1 UINT64_C(0x9e3779b185ebca87)
#define PRIME_2 UINT64_C(0xc2b2ae3d27d4eb4f)
#define PRIME_3 UINT64_C(0x165667b19e3779f9)
#define PRIME_4 UINT64_C(0x85ebca77c2b2ae63)
#define PRIME_5 UINT64_C(0x27d4eb2f165667c5)

static inline uint64_t rotate(uint64_t x, unsigned bits)
{
	return x << bits | x >> (64 - bits);
}

/* Little-endian on every machine; compilers make one load of it where that is one. */
static inline uint64_t load32(const uint8_t *p)
{
	return (uint64_t)p[0] | (uint64_t)p[1] << 8 | (uint64_t)p[2] << 16 | (uint64_t)p[3] << 24;
}

static inline uint64_t load64(const uint8_t *p)
{
	return load32(p) | load32(p + 4) << 32;
}

static inline uint64_t round_of(uint64_t sum, uint64_t lane)
{
	return rotate(sum + lane * PRIME_2, 31) * PRIME_1;
}

static inline uint64_t merge(uint64_t sum, uint64_t lane)
{
	return (sum ^ round_of(0, lane)) * PRIME_1 + PRIME_4;
}

/* Whole stripes of 32 bytes. */
static uint64_t stripes(const uint8_t *p, size_t len, uint64_t seed)
{
	uint64_t a = seed + PRIME_1 + PRIME_2, b = seed + PRIME_2, c = seed, d = seed - PRIME_1;
	uint64_t sum;

	for (const uint8_t *end = p + len; p < end; p += 32) {
		a = round_of(a, load64(p));
		b = round_of(b, load64(p + 8));
		c = round_of(c, load64(p + 16));
		d = round_of(d, load64(p + 24));
	}
	sum = rotate(a, 1) + rotate(b, 7) + rotate(c, 12) + rotate(d, 18);
	return merge(merge(merge(merge(sum, a), b), c), d);
}

uint64_t viz_checksum_xxh64(const uint8_t *bytes, size_t len, uint64_t seed)
{
	size_t whole = len & ~(size_t)31;
	uint64_t sum = (whole ? stripes(bytes, whole, seed) : seed + PRIME_5) + len;
	size_t at = whole;

	for (; at + 8 <= len; at += 8)
		sum = rotate(sum ^ round_of(0, load64(bytes + at)), 27) * PRIME_1 + PRIME_4;
	if (at + 4 <= len) {
		sum = rotate(sum ^ load32(bytes + at) * PRIME_1, 23) * PRIME_2 + PRIME_3;
		at += 4;
	}
	for (; at < len; at++)
		sum = rotate(sum ^ bytes[at] * PRIME_5, 11) * PRIME_1;
	sum = (sum ^ sum >> 33) * PRIME_2;
	sum = (sum ^ sum >> 29) * PRIME_3;
	return sum ^ sum >> 32;
}

uint64_t viz_checksum_row(enum viz_table table, const uint8_t *key, size_t key_len,
			  const uint8_t *value, size_t value_len)
{
	return viz_checksum_xxh64(value, value_len,
				  viz_checksum_xxh64(key, key_len, (uint64_t)table));
}

bool viz_checksum_fits(enum viz_table table, const uint8_t *key, size_t key_len,
		       const uint8_t *stored, size_t stored_len)
{
	size_t len = stored_len - VIZ_CHECKSUM_LEN;

	return stored_len >= VIZ_CHECKSUM_LEN &&
	       viz_be_get_u64(stored + len) == viz_checksum_row(table, key, key_len, stored, len);
}
