#include "tools/geo/pluscode.h"

#define SEPARATOR_AT 8u
#define DIGITS_MAX   15u
#define PAIR_DIGITS  10u

/* Both axes count in units that the finest step divides: latitude 1/25,000,000 of a degree
 * (8000 * 5^5), longitude 1/8,192,000 (8000 * 4^5). */
#define LAT_UNITS INT64_C(25000000)
#define LON_UNITS INT64_C(8192000)

static int digit(char c)
{
	static const char alphabet[] = "23456789CFGHJMPQRVWX";
	const char *at;

	if (c >= 'a' && c <= 'z')
		c = (char)(c - 'a' + 'A');
	at = c ? strchr(alphabet, c) : NULL;
	return at ? (int)(at - alphabet) : -1;
}

static bool is_digit(char c)
{
	return digit(c) >= 0;
}

int viz_pluscode_find(size_t *start, size_t *len, const char *text)
{
	for (const char *plus = strchr(text, '+'); plus; plus = strchr(plus + 1, '+')) {
		size_t before = 0, after = 0;

		while (before < (size_t)(plus - text) && (is_digit(plus[-1 - (ptrdiff_t)before]) ||
							  plus[-1 - (ptrdiff_t)before] == '0'))
			before++;
		while (is_digit(plus[1 + after]))
			after++;
		/* with a letter beside it, this is part of another word */
		if (before < (size_t)(plus - text) &&
		    strchr(" \t/=,(", plus[-1 - (ptrdiff_t)before]) == NULL)
			continue;
		if (plus[1 + after] && strchr(" \t,/&)?", plus[1 + after]) == NULL)
			continue;
		if (before < 2 || before > SEPARATOR_AT || before % 2 || after == 1 ||
		    before + after > DIGITS_MAX)
			continue;
		*start = (size_t)(plus - text) - before;
		*len = before + 1 + after;
		return 0;
	}
	return VIZ_ERR_ABSENT;
}

static size_t digits_before(const char *code, size_t len)
{
	size_t n = 0;

	while (n < len && code[n] != '+')
		n++;
	return n;
}

bool viz_pluscode_is_short(const char *code, size_t len)
{
	return digits_before(code, len) < SEPARATOR_AT;
}

/* The south-western corner and the size of a full code's area, in units. */
static int decode_full(int64_t *lat, int64_t *lon, int64_t *height, int64_t *width,
		       const char *digits, size_t n)
{
	int64_t y = 0, x = 0, h = 20 * LAT_UNITS, w = 20 * LON_UNITS;

	for (size_t i = 0; i < n && i < PAIR_DIGITS; i += 2) {
		int a = digit(digits[i]), b = i + 1 < n ? digit(digits[i + 1]) : -1;

		if (a < 0 || b < 0 || (i == 0 && (a > 8 || b > 17)))
			return VIZ_ERR_INPUT;
		if (i > 0) {
			h /= 20;
			w /= 20;
		}
		y += a * h;
		x += b * w;
	}
	for (size_t i = PAIR_DIGITS; i < n; i++) {
		int d = digit(digits[i]);

		if (d < 0)
			return VIZ_ERR_INPUT;
		h /= 5;
		w /= 4;
		y += d / 4 * h;
		x += d % 4 * w;
	}
	*lat = y - 90 * LAT_UNITS;
	*lon = x - 180 * LON_UNITS;
	*height = h;
	*width = w;
	return 0;
}

/* Writes the first digits of a place, which a short code leaves out. */
static void encode_pairs(char *out, size_t n, struct viz_point p)
{
	static const char alphabet[] = "23456789CFGHJMPQRVWX";
	int64_t lat = (int64_t)p.lat_udeg + 90000000, lon = (int64_t)p.lon_udeg + 180000000,
		step = 20000000;

	if (lat >= 180000000)
		lat = 179999999;
	lon %= 360000000;
	for (size_t i = 0; i < n; i += 2) {
		out[i] = alphabet[lat / step];
		out[i + 1] = alphabet[lon / step];
		lat %= step;
		lon %= step;
		step /= 20;
	}
}

/* Moves the middle by whole areas of the digits that are left out, to the one that is nearest. */
static int64_t nearest(int64_t middle, int64_t near, int64_t area, int64_t limit)
{
	if (near - middle > area / 2 && middle + area <= limit)
		return middle + area;
	if (middle - near > area / 2 && middle - area >= -limit)
		return middle - area;
	return middle;
}

int viz_pluscode_decode(struct viz_point *middle, uint32_t *half_udeg, const char *code, size_t len,
			struct viz_point near)
{
	char digits[DIGITS_MAX + SEPARATOR_AT];
	size_t before = digits_before(code, len),
	       n = SEPARATOR_AT - (before < SEPARATOR_AT ? before : SEPARATOR_AT);
	size_t missing = n, padded = 0;
	int64_t lat, lon, height, width, half;
	int err;

	if (len == 0 || before >= len || before > SEPARATOR_AT || before % 2 ||
	    !viz_point_valid(near))
		return VIZ_ERR_INPUT;
	encode_pairs(digits, missing, near);
	for (size_t i = 0; i < len && n < DIGITS_MAX; i++) {
		if (code[i] == '+')
			continue;
		if (code[i] == '0' && i < before)
			padded++;
		else if (padded)
			return VIZ_ERR_INPUT; /* nothing follows padding */
		else
			digits[n++] = code[i];
	}
	if (padded && (missing || padded % 2 || padded + n != SEPARATOR_AT || n < 2))
		return VIZ_ERR_INPUT;
	err = decode_full(&lat, &lon, &height, &width, digits, n);
	if (err)
		return err;
	lat = (lat + height / 2) * 1000000 / LAT_UNITS;
	lon = (lon + width / 2) * 1000000 / LON_UNITS;
	if (missing) {
		int64_t area = 20000000;

		for (size_t i = 2; i < missing; i += 2)
			area /= 20;
		lat = nearest(lat, near.lat_udeg, area, 90000000);
		lon = nearest(lon, near.lon_udeg, area, 180000000);
	}
	half = (height * 1000000 / LAT_UNITS > width * 1000000 / LON_UNITS
		    ? height * 1000000 / LAT_UNITS
		    : width * 1000000 / LON_UNITS) /
	       2;
	*middle = (struct viz_point){(int32_t)lat, (int32_t)lon};
	*half_udeg = (uint32_t)half;
	return 0;
}
