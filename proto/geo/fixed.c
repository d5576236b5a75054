#include "proto/geo/fixed.h"

#define PI_Q62 UINT64_C(14488038916154245685) /* pi * 2^62, rounded */
#define TERMS  11u

typedef unsigned __int128 u128;

/* The alternating Taylor series in Horner's form; at pi / 4 the first term left out is below 2^-80.
 */
void viz_fixed_half_sine_cosine(uint64_t *sine, uint64_t *cosine, uint32_t udeg)
{
	uint64_t angle = (uint64_t)((u128)PI_Q62 * udeg / (u128)360000000);
	uint64_t z = viz_fixed_mul(angle, angle);
	uint64_t s = VIZ_FIXED_ONE, c = VIZ_FIXED_ONE;

	VIZ_REQUIRE(udeg <= 90000000);
#pragma GCC unroll 16
	for (uint64_t k = TERMS; k > 0; k--) {
		s = VIZ_FIXED_ONE - viz_fixed_mul(z, s) / ((2 * k) * (2 * k + 1));
		c = VIZ_FIXED_ONE - viz_fixed_mul(z, c) / ((2 * k - 1) * (2 * k));
	}
	*sine = viz_fixed_mul(angle, s);
	*cosine = c;
}

void viz_fixed_sine_cosine(int64_t *sine, int64_t *cosine, int32_t udeg)
{
	uint64_t s, c;
	int64_t whole;

	viz_fixed_half_sine_cosine(&s, &c, (uint32_t)(udeg < 0 ? -udeg : udeg));
	whole = (int64_t)(viz_fixed_mul(s, c) >> 31); /* 2 s c, from Q62 to Q30 */
	*sine = udeg < 0 ? -whole : whole;
	/* cos h >= sin h up to 45 degrees, but for a last bit at the end */
	*cosine = c > s ? (int64_t)((viz_fixed_mul(c, c) - viz_fixed_mul(s, s)) >> 32) : 0;
}

uint64_t viz_fixed_sqrt(uint64_t v)
{
	uint64_t root = 0;

	for (uint64_t bit = UINT64_C(1) << 31; bit > 0; bit >>= 1)
		if ((root + bit) * (root + bit) <= v)
			root += bit;
	return root;
}
