#include "tools/geo/coordinate.h"

#include <math.h>

#define DECIMALS 6

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static const char *skip_blanks(const char *s)
{
	while (*s == ' ' || *s == '\t' || *s == '\r' || *s == '\n')
		s++;
	return s;
}

/* Reads 1e-5 and the like, which some programs write for numbers close to zero. */
static int with_exponent(int32_t *udeg, const char *text, int32_t max_udeg)
{
	char *end;
	double v = strtod(text, &end);

	if (end == text || *skip_blanks(end) != '\0')
		return VIZ_ERR_INPUT;
	return viz_coordinate_from_double(udeg, v, max_udeg);
}

int viz_coordinate_parse(int32_t *udeg, const char *text, int32_t max_udeg)
{
	const char *s = skip_blanks(text), *start;
	bool minus = *s == '-';
	int64_t v = 0;
	int digits = 0, decimals = 0;

	if (*s == '-' || *s == '+')
		s++;
	start = s;
	for (; is_digit(*s); s++, digits++)
		if (v < INT32_MAX)
			v = v * 10 + (*s - '0');
	if (*s == '.' || *s == ',') {
		for (s++; is_digit(*s); s++, digits++) {
			if (decimals < DECIMALS)
				v = v * 10 + (*s - '0');
			else if (decimals == DECIMALS)
				v += *s >= '5';
			decimals++;
		}
	}
	if (digits > 0 && (*s == 'e' || *s == 'E') && strchr(text, ',') == NULL)
		return with_exponent(udeg, text, max_udeg);
	if (digits == 0 || start == s || *skip_blanks(s) != '\0')
		return VIZ_ERR_INPUT;
	for (; decimals < DECIMALS; decimals++)
		v *= 10;
	if (v > max_udeg)
		return VIZ_ERR_LIMIT;
	*udeg = (int32_t)(minus ? -v : v);
	return 0;
}

int viz_coordinate_from_double(int32_t *udeg, double degrees, int32_t max_udeg)
{
	char text[64];

	if (!(fabs(degrees) <= 1000.0))
		return VIZ_ERR_LIMIT;
	snprintf(text, sizeof text, "%.10f", degrees);
	return viz_coordinate_parse(udeg, text, max_udeg);
}

bool viz_coordinate_in_brazil(struct viz_point p)
{
	/* Chuí -33.75 in the south, Caburaí 5.27 in the north, Moa -73.99 in the west, Martim Vaz
	 * -28.84 in the east */
	return p.lat_udeg >= -34000000 && p.lat_udeg <= 5500000 && p.lon_udeg >= -74200000 &&
	       p.lon_udeg <= -28700000;
}

bool viz_coordinate_looks_swapped(struct viz_point p)
{
	return !viz_coordinate_in_brazil(p) &&
	       viz_coordinate_in_brazil((struct viz_point){p.lon_udeg, p.lat_udeg});
}
