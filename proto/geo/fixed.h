/* Fixed-point arithmetic that gives the same bits on every machine: Q62 is an integer times 2^-62.
 */
#ifndef VIZ_PROTO_GEO_FIXED_H
#define VIZ_PROTO_GEO_FIXED_H

#include "proto/base.h"

#define VIZ_FIXED_ONE UINT64_C(0x4000000000000000) /* 1 in Q62 */

/* floor(a * b) of two Q62 numbers below 4, the product too. */
static inline uint64_t viz_fixed_mul(uint64_t a, uint64_t b)
{
	return (uint64_t)(((unsigned __int128)a * b) >> 62);
}

/* Sine and cosine, Q62, of half of an angle of `udeg` microdegrees (0 to 90,000,000). Within 2^-58.
 */
void viz_fixed_half_sine_cosine(uint64_t *sine, uint64_t *cosine, uint32_t udeg);

/* Sine and cosine, Q30, of an angle from -90 to 90 degrees. Within 2^-29. */
void viz_fixed_sine_cosine(int64_t *sine, int64_t *cosine, int32_t udeg);

/* floor(sqrt(v)). */
uint64_t viz_fixed_sqrt(uint64_t v);

#endif
