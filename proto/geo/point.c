#include "proto/geo/point.h"

#include "proto/geo/fixed.h"

/* WGS 84: a = 6378137 m, e^2 = 0.00669437999014, as Q30 where a fraction. */
#define E2_Q30          INT64_C(7188036)
#define CM_PER_UDEG_Q24 INT64_C(186763114) /* a * pi / 180 degrees, in cm for a microdegree */
#define ONE_Q30         (INT64_C(1) << 30)

typedef __int128 i128;

static int32_t round_to(int32_t udeg, int64_t step)
{
	int64_t half = udeg < 0 ? -step / 2 : step / 2;

	return (int32_t)((udeg + half) / step * step);
}

/* A microdegree of latitude is 0.1113 m. */
struct viz_point viz_point_round(struct viz_point p, uint32_t precision_m)
{
	int64_t step = 1;

	while (step * 10 * 1113 <= (int64_t)precision_m * 10000 && step < 1000000)
		step *= 10;
	return (struct viz_point){round_to(p.lat_udeg, step), round_to(p.lon_udeg, step)};
}

bool viz_point_valid(struct viz_point p)
{
	return p.lat_udeg >= -90000000 && p.lat_udeg <= 90000000 && p.lon_udeg >= -180000000 &&
	       p.lon_udeg <= 180000000;
}

/* With u = e^2 sin^2:
 * M = a (1 - e^2) (1 - u)^(-3/2) and N = a (1 - u)^(-1/2), both as series to u^2; u < 0.0067. */
void viz_point_scales(int64_t *north, int64_t *east, int32_t lat_udeg)
{
	int64_t s, c, u, u2, m, n;

	viz_fixed_sine_cosine(&s, &c, lat_udeg);
	u = (((s * s) >> 30) * E2_Q30) >> 30;
	u2 = (u * u) >> 30;
	m = ONE_Q30 + 3 * u / 2 + 15 * u2 / 8;
	n = ONE_Q30 + u / 2 + 3 * u2 / 8;
	m = (m * (ONE_Q30 - E2_Q30)) >> 30;
	n = (n * c) >> 30;
	*north = (CM_PER_UDEG_Q24 * m) >> 30;
	*east = (CM_PER_UDEG_Q24 * n) >> 30;
}

static int64_t wrapped(int64_t dlon)
{
	if (dlon > 180000000)
		return dlon - 360000000;
	return dlon < -180000000 ? dlon + 360000000 : dlon;
}

static uint32_t length(int64_t dlat, int64_t dlon, int64_t north, int64_t east)
{
	int64_t y = (int64_t)(((i128)dlat * north) >> 24), x = (int64_t)(((i128)dlon * east) >> 24);

	return (uint32_t)viz_fixed_sqrt((uint64_t)(x * x) + (uint64_t)(y * y));
}

uint32_t viz_point_distance_cm(struct viz_point a, struct viz_point b)
{
	int64_t north, east;

	viz_point_scales(&north, &east, (int32_t)(((int64_t)a.lat_udeg + b.lat_udeg) / 2));
	/* Signs are dropped first: a shift of a negative number would round the other way. */
	return length(llabs((int64_t)a.lat_udeg - b.lat_udeg),
		      llabs(wrapped((int64_t)a.lon_udeg - b.lon_udeg)), north, east);
}

uint32_t viz_point_edge_scaled_cm(struct viz_point p, struct viz_point a, struct viz_point b,
				  int64_t north, int64_t east)
{
	int64_t ay = (int64_t)(((i128)(a.lat_udeg - p.lat_udeg) * north) >> 24);
	int64_t ax = (int64_t)(((i128)((int64_t)a.lon_udeg - p.lon_udeg) * east) >> 24);
	int64_t by = (int64_t)(((i128)(b.lat_udeg - p.lat_udeg) * north) >> 24);
	int64_t bx = (int64_t)(((i128)((int64_t)b.lon_udeg - p.lon_udeg) * east) >> 24);
	int64_t dx = bx - ax, dy = by - ay;
	i128 along = -((i128)ax * dx + (i128)ay * dy), whole = (i128)dx * dx + (i128)dy * dy;
	int64_t x = ax, y = ay;

	if (whole > 0 && along >= whole) {
		x = bx;
		y = by;
	} else if (whole > 0 && along > 0) {
		x = ax + (int64_t)(along * dx / whole);
		y = ay + (int64_t)(along * dy / whole);
	}
	if (llabs(x) > INT32_MAX || llabs(y) > INT32_MAX)
		return UINT32_MAX - 1; /* the other side of the world */
	return (uint32_t)viz_fixed_sqrt((uint64_t)(x * x) + (uint64_t)(y * y));
}

uint32_t viz_point_edge_distance_cm(struct viz_point p, struct viz_point a, struct viz_point b)
{
	int64_t north, east;

	viz_point_scales(&north, &east, p.lat_udeg);
	return viz_point_edge_scaled_cm(p, a, b, north, east);
}
