#include "proto/geo/cell.h"

#include "proto/geo/fixed.h"

#include <math.h>

#define TOP       VIZ_CELL_LEVEL_MAX
#define LON_SPAN  INT64_C(360000000)
#define LAT_EDGE  INT32_C(85060000)             /* a little beyond the square: clamped to it */
#define PI_Q60    UINT64_C(3622009729038561421) /* pi * 2^60, rounded */
#define LN2_Q60   UINT64_C(799144290325165979)  /* ln 2 * 2^60, rounded */
#define LOG_TERMS 15u

typedef unsigned __int128 u128;

/* ln(num / den) in Q60 for 1 <= num / den < 24, both Q62: the ratio is brought to m in [3/4, 3/2)
 * by a power of two, and ln m = 2 atanh((m - 1) / (m + 1)) is summed from its smallest term. */
static uint64_t log_ratio(uint64_t num, uint64_t den)
{
	uint64_t ratio = (uint64_t)(((u128)num << 58) / den); /* Q58 */
	uint64_t m = ratio, one = UINT64_C(1) << 58, k = 0;
	uint64_t z, z2, sum = 0;

	while (m >= one + one / 2) {
		k++;
		one <<= 1; /* divides by two: the point moves, no bit is lost */
	}
	z = (uint64_t)(((u128)(m > one ? m - one : one - m) << 62) / ((u128)m + one));
	z2 = viz_fixed_mul(z, z);
#pragma GCC unroll 16
	for (uint64_t n = LOG_TERMS; n > 0; n--)
		sum = viz_fixed_mul(sum, z2) + VIZ_FIXED_ONE / (2 * n - 1);
	sum = viz_fixed_mul(sum, z) >> 1; /* 2 atanh, from Q62 to Q60 */
	return m > one ? k * LN2_Q60 + sum : k * LN2_Q60 - sum;
}

static uint32_t row_exact(int32_t lat)
{
	uint64_t turn = PI_Q60 * 2, north, s, c;

	if (lat > LAT_EDGE)
		lat = LAT_EDGE;
	if (lat < -LAT_EDGE)
		lat = -LAT_EDGE;
	/* asinh(tan lat) = ln((cos h + sin h) / (cos h - sin h)) with h = lat / 2 */
	viz_fixed_half_sine_cosine(&s, &c, (uint32_t)(lat < 0 ? -lat : lat));
	north = log_ratio(c + s, c - s);
	if (north >= PI_Q60)
		return lat < 0 ? (1u << TOP) - 1 : 0;
	north = lat < 0 ? PI_Q60 + north : PI_Q60 - north;
	return (uint32_t)(((u128)north << TOP) / turn);
}

/* Column and row are computed at the finest level; those of coarser levels are their upper bits.
 * Away from the edges of rows any library's sine and logarithm suffice: their errors move a row by
 * less than a thousandth of the guard. */
static uint32_t row_top(int32_t lat)
{
	const double pi = 3.14159265358979323846, guard = 1e-5;
	double s, row, within;

	if (lat > LAT_EDGE || lat < -LAT_EDGE)
		return row_exact(lat);
	s = sin(lat * (pi / 180e6));
	row = (0.5 - log((1 + s) / (1 - s)) / (4 * pi)) * (1u << TOP);
	within = row - floor(row);
	if (row < 1 || row > (1u << TOP) - 1 || within < guard || within > 1 - guard)
		return row_exact(lat);
	return (uint32_t)row;
}

static uint64_t spread(uint32_t v)
{
	uint64_t x = v;

	x = (x | (x << 16)) & UINT64_C(0x0000ffff0000ffff);
	x = (x | (x << 8)) & UINT64_C(0x00ff00ff00ff00ff);
	x = (x | (x << 4)) & UINT64_C(0x0f0f0f0f0f0f0f0f);
	x = (x | (x << 2)) & UINT64_C(0x3333333333333333);
	return (x | (x << 1)) & UINT64_C(0x5555555555555555);
}

static uint32_t gather(uint64_t x)
{
	x &= UINT64_C(0x5555555555555555);
	x = (x | (x >> 1)) & UINT64_C(0x3333333333333333);
	x = (x | (x >> 2)) & UINT64_C(0x0f0f0f0f0f0f0f0f);
	x = (x | (x >> 4)) & UINT64_C(0x00ff00ff00ff00ff);
	x = (x | (x >> 8)) & UINT64_C(0x0000ffff0000ffff);
	return (uint32_t)(x | (x >> 16));
}

uint32_t viz_cell_column(int32_t lon_udeg, unsigned level)
{
	uint64_t x;

	VIZ_REQUIRE(level <= TOP && lon_udeg >= -180000000 && lon_udeg <= 180000000);
	x = (((uint64_t)((int64_t)lon_udeg + LON_SPAN / 2)) << level) / (uint64_t)LON_SPAN;
	return x >> level ? (1u << level) - 1 : (uint32_t)x;
}

uint32_t viz_cell_row(int32_t lat_udeg, unsigned level)
{
	VIZ_REQUIRE(level <= TOP && lat_udeg >= -90000000 && lat_udeg <= 90000000);
	return row_top(lat_udeg) >> (TOP - level);
}

uint64_t viz_cell_around(struct viz_point p, uint32_t radius_m, unsigned level)
{
	int64_t reach = (int64_t)radius_m * 12;
	int64_t south = p.lat_udeg - reach, north = p.lat_udeg + reach;
	int64_t west = p.lon_udeg - reach, east = p.lon_udeg + reach;
	uint64_t cell;

	if (south < -90000000 || north > 90000000 || west < -180000000 || east > 180000000)
		return 0;
	cell = viz_cell_from_point((struct viz_point){(int32_t)south, (int32_t)west}, level);
	return cell == viz_cell_from_point((struct viz_point){(int32_t)north, (int32_t)east}, level)
		   ? cell
		   : 0;
}

uint64_t viz_cell_from_xy(uint32_t x, uint32_t y, unsigned level)
{
	VIZ_REQUIRE(level <= TOP && x >> level == 0 && y >> level == 0);
	return (((spread(y) << 1 | spread(x)) << 1) | 1) << (2 * (TOP - level));
}

uint64_t viz_cell_from_point(struct viz_point p, unsigned level)
{
	return viz_cell_from_xy(viz_cell_column(p.lon_udeg, level), viz_cell_row(p.lat_udeg, level),
				level);
}

bool viz_cell_valid(uint64_t cell)
{
	return cell != 0 && cell >> (2 * TOP + 1) == 0 && __builtin_ctzll(cell) % 2 == 0;
}

unsigned viz_cell_level(uint64_t cell)
{
	VIZ_REQUIRE(viz_cell_valid(cell));
	return TOP - (unsigned)__builtin_ctzll(cell) / 2;
}

void viz_cell_xy(uint64_t cell, uint32_t *x, uint32_t *y)
{
	uint64_t q = cell >> (2 * (TOP - viz_cell_level(cell)) + 1);

	*x = gather(q);
	*y = gather(q >> 1);
}

uint64_t viz_cell_parent(uint64_t cell, unsigned level)
{
	uint64_t bit = UINT64_C(1) << (2 * (TOP - level));

	VIZ_REQUIRE(level <= viz_cell_level(cell));
	return (cell & ~(2 * bit - 1)) | bit;
}

void viz_cell_range(uint64_t cell, uint64_t *lo, uint64_t *hi)
{
	uint64_t bit = cell & (~cell + 1);

	*lo = cell - (bit - 1);
	*hi = cell + (bit - 1);
}

bool viz_cell_contains(uint64_t outer, uint64_t inner)
{
	uint64_t lo, hi;

	viz_cell_range(outer, &lo, &hi);
	return inner >= lo && inner <= hi;
}

int32_t viz_cell_column_west(uint32_t x, unsigned level)
{
	uint64_t n = (uint64_t)1 << level;

	VIZ_REQUIRE(level <= TOP && x <= n);
	if (x == n)
		return 180000001;
	return (int32_t)((int64_t)(((uint64_t)x * (uint64_t)LON_SPAN + n - 1) >> level) -
			 LON_SPAN / 2);
}

/* The row falls as the latitude rises: the last latitude whose row is at least y. */
int32_t viz_cell_row_north(uint32_t y, unsigned level)
{
	int32_t lo = -90000000, hi = 90000000;

	VIZ_REQUIRE(level <= TOP && y >> level == 0);
	if (y == 0)
		return hi;
	while (lo < hi) {
		int32_t mid = lo + (hi - lo + 1) / 2;

		if (row_top(mid) >> (TOP - level) >= y)
			lo = mid;
		else
			hi = mid - 1;
	}
	return lo;
}

int32_t viz_cell_row_south(uint32_t y, unsigned level)
{
	VIZ_REQUIRE(level <= TOP && y >> level == 0);
	if (y == (1u << level) - 1)
		return -90000000;
	return viz_cell_row_north(y + 1, level) + 1;
}

struct viz_box viz_cell_bounds(uint64_t cell)
{
	unsigned level = viz_cell_level(cell);
	struct viz_box box;
	uint32_t x, y;

	viz_cell_xy(cell, &x, &y);
	box.west_udeg = viz_cell_column_west(x, level);
	box.east_udeg = viz_cell_column_west(x + 1, level) - 1;
	box.north_udeg = viz_cell_row_north(y, level);
	box.south_udeg = viz_cell_row_south(y, level);
	return box;
}

struct viz_point viz_cell_center(uint64_t cell)
{
	struct viz_box b = viz_cell_bounds(cell);

	return (struct viz_point){
	    .lat_udeg = b.south_udeg + (b.north_udeg - b.south_udeg) / 2,
	    .lon_udeg = (int32_t)(((int64_t)b.west_udeg + b.east_udeg) / 2),
	};
}
