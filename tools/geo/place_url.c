#include <strings.h>

#include "tools/geo/coordinate.h"
#include "tools/geo/place_parse.h"
#include "tools/geo/pluscode.h"

#define LINK_MAX   2048u
#define PIN_M      20u       /* a pin that somebody set */
#define STREET_M   50u       /* where a camera stood */
#define VIEWPORT_M 300u      /* a map of unknown size */
#define EQUATOR_M  40075017u /* a tile of level 0, which is 256 dots wide */
#define ZOOM_MAX   22u

/* Hosts of short links: the place shows only when the link is opened. */
static const char *const short_hosts[] = {"maps.app.goo.gl", "goo.gl/maps",   "g.co/kgs",
					  "bit.ly/",         "waze.com/ul/h", "osm.org/go/",
					  "maps.apple/p/",   "t.co/"};

/* Where a place stands in a link: after the mark come latitude, `between`, longitude. The surest
 * form is first. */
static const struct {
	const char *mark;
	const char *between;
} pins[] = {
    {"!3d", "!4d"},   {"mlat=", "&mlon="}, {"geo:", ","},         {"?q=", ","},
    {"&q=", ","},     {"query=", ","},     {"destination=", ","}, {"daddr=", ","},
    {"latlng=", ","}, {"navigate=", ","},  {"to=ll.", ","},       {"coordinate=", ","},
    {"/place/", ","}, {"/search/", ","},   {"plus.codes/", ","},  {"?ll=", ","},
    {"&ll=", ","},
};

/* After which of them words may stand. */
static const char *const named[] = {
    "?q=", "&q=", "query=", "destination=", "daddr=", "/place/", "/search/", "address="};

/* The middle of a map, and the mark of its zoom; NULL: it follows the longitude, or comes before.
 */
static const struct {
	const char *mark;
	const char *between;
	const char *zoom;
} windows[] = {
    {"@", ",", NULL},          {"#map=", "/", "#map="}, {"cp=", "~", "lvl="},
    {"center=", ",", "zoom="}, {"sll=", ",", "z="},
};

static int hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static bool decode_percent(char *out, const char *text)
{
	/* a blank ends a link within a message; people write one after "geo:" and its comma */
	bool blanks = strncasecmp(text, "geo:", 4) == 0;
	size_t n = 0;

	for (; *text && (*text != ' ' || blanks) && *text != '\n'; text++) {
		if (n + 1 >= LINK_MAX)
			return false;
		if (*text == '%' && hex(text[1]) >= 0 && hex(text[2]) >= 0) {
			out[n] = (char)(hex(text[1]) * 16 + hex(text[2]));
			if (out[n] == '\0')
				return false;
			n++;
			text += 2;
		} else {
			out[n++] = *text;
		}
	}
	out[n] = '\0';
	return true;
}

/* Reads a number with a decimal point at *s. False when there is none. */
static bool number(char *out, size_t max, const char **s)
{
	size_t n = strspn(*s, "+- ");
	size_t digits = strspn(*s + n, "0123456789.");

	if (digits == 0 || n + digits >= max)
		return false;
	/* a plus in a query is a blank */
	*s += n > 0 && (*s)[n - 1] == '-' ? n - 1 : n;
	n = n > 0 && **s == '-' ? digits + 1 : digits;
	memcpy(out, *s, n);
	out[n] = '\0';
	*s += n;
	return true;
}

static int read_pair(struct place_point *p, const char *s, const char *between)
{
	char lat[32], lon[32];
	int err;

	if (!number(lat, sizeof lat, &s) || strncmp(s, between, strlen(between)) != 0)
		return VIZ_ERR_ABSENT;
	s += strlen(between);
	if (!number(lon, sizeof lon, &s) || !strchr(lat, '.') || !strchr(lon, '.'))
		return VIZ_ERR_ABSENT;
	err = viz_coordinate_parse(&p->point.lat_udeg, lat, VIZ_LON_UDEG_MAX);
	if (!err)
		err = viz_coordinate_parse(&p->point.lon_udeg, lon, VIZ_LON_UDEG_MAX);
	return err == VIZ_ERR_INPUT ? VIZ_ERR_ABSENT : err;
}

static bool is_link(const char *s)
{
	return strstr(s, "://") || strncasecmp(s, "geo:", 4) == 0 ||
	       strncasecmp(s, "www.", 4) == 0 || strncasecmp(s, "maps.", 5) == 0 ||
	       strncasecmp(s, "goo.gl/", 7) == 0 || strncasecmp(s, "waze.com", 8) == 0 ||
	       strncasecmp(s, "google.com/maps", 15) == 0;
}

/* The last occurrence, because a link of directions names its end last. */
static const char *find_last(const char *s, const char *mark)
{
	const char *last = NULL;

	for (s = strstr(s, mark); s; s = strstr(s + 1, mark))
		last = s;
	return last;
}

/* How far the middle of a map may be from the place that it was opened for: a tile of its zoom,
 * some 300 m at 17. A window of a satellite picture says its height in metres, a street view where
 * the camera stood. */
static uint32_t window_precision(const char *zoom)
{
	size_t n = zoom ? strspn(zoom, "0123456789.") : 0;
	double m = VIEWPORT_M, v;
	char digits[16], unit;

	if (n == 0 || n >= sizeof digits)
		return VIEWPORT_M;
	memcpy(digits, zoom, n);
	digits[n] = '\0';
	unit = zoom[n];
	v = strtod(digits, NULL);
	if (v <= 0)
		return VIEWPORT_M;
	if (unit == 'a')
		return STREET_M;
	if (unit == 'm')
		m = v / 2;
	else if (v <= ZOOM_MAX)
		m = (double)EQUATOR_M / (double)(1u << (unsigned)v) /
		    (1 + (v - (double)(unsigned)v)); /* between two levels, about */
	return m < PIN_M ? PIN_M : m > 5000000 ? 5000000 : (uint32_t)m;
}

/* The zoom of a window whose pair begins at `at`. */
static uint32_t precision_of(const char *link, const char *at, size_t form)
{
	const char *mark = windows[form].zoom, *zoom;

	if (mark) {
		zoom = find_last(link, mark);
		return window_precision(zoom ? zoom + strlen(mark) : NULL);
	}
	zoom = strchr(at, ',');
	zoom = zoom ? strchr(zoom + 1, ',') : NULL;
	return window_precision(zoom ? zoom + 1 : NULL);
}

/* The middle of the map. */
static int read_window(struct place_point *p, const char *link)
{
	for (size_t i = 0; i < sizeof windows / sizeof *windows; i++) {
		const char *at = find_last(link, windows[i].mark);
		struct place_point found;
		int err;

		if (!at)
			continue;
		at += strlen(windows[i].mark);
		if (strcmp(windows[i].mark, "#map=") == 0) /* the form is zoom/lat/lon */
			at += strcspn(at, "/") + (strchr(at, '/') ? 1 : 0);
		err = read_pair(&found, at, windows[i].between);
		if (err == VIZ_ERR_ABSENT)
			continue;
		found.precision_m = precision_of(link, at, i);
		if (!err)
			*p = found;
		return err;
	}
	return VIZ_ERR_ABSENT;
}

/* A plus code in a text where any plus may be a blank: all but one are. */
static bool has_pluscode(char *words, size_t max, const char *text)
{
	size_t start, len, n = strlen(text);

	if (n >= max)
		return false;
	for (const char *plus = strchr(text, '+'); plus; plus = strchr(plus + 1, '+')) {
		for (size_t i = 0; i <= n; i++)
			words[i] = text[i] == '+' && text + i != plus ? ' ' : text[i];
		if (viz_pluscode_find(&start, &len, words) == 0)
			return true;
	}
	words[0] = '\0';
	return false;
}

/* What a link names after a mark: a pair, degrees in any form that people write, a plus code. */
static int read_named(struct place_point *p, char *words, size_t max, const char *at,
		      const char *between)
{
	char value[LINK_MAX], plain[LINK_MAX];
	size_t n = strcspn(at, "/&?#");
	int err;

	words[0] = '\0';
	if (strncasecmp(at, "loc:", 4) == 0) {
		at += 4;
		n -= 4;
	}
	err = read_pair(p, at, between);
	if (err != VIZ_ERR_ABSENT)
		return err;
	memcpy(value, at, n);
	value[n] = '\0';
	for (size_t i = 0; i <= n; i++)
		plain[i] = value[i] == '+' ? ' ' : value[i];
	err = viz_place_coordinate_parse(p, plain);
	if (err != VIZ_ERR_ABSENT)
		return err;
	return has_pluscode(words, max, value) ? 0 : VIZ_ERR_ABSENT;
}

/* "ll=" is a pin, but in a link of Google with a zoom it is the middle of the map. */
static bool is_window(const char *link, const char *mark)
{
	return strcmp(mark + 1, "ll=") == 0 && strstr(link, "google.") &&
	       (strstr(link, "&z=") || strstr(link, "?z="));
}

static int read_pin(struct place_point *p, char *words, size_t max, const char *link)
{
	for (size_t i = 0; i < sizeof pins / sizeof *pins; i++) {
		const char *at = find_last(link, pins[i].mark), *zoom;
		struct place_point found = {.precision_m = PIN_M};
		int err;

		if (!at)
			continue;
		err = read_named(&found, words, max, at + strlen(pins[i].mark), pins[i].between);
		if (err == VIZ_ERR_ABSENT)
			continue;
		if (!err && is_window(link, pins[i].mark)) {
			zoom = find_last(link, "z=");
			found.precision_m = window_precision(zoom + 2);
		}
		if (!err)
			*p = found;
		return err;
	}
	return VIZ_ERR_ABSENT;
}

/* The words that a link has in place of a point: "Linhares - ES", an address, the name of a shop.
 */
static bool read_words(char *words, size_t max, const char *link)
{
	for (size_t i = 0; i < sizeof named / sizeof *named; i++) {
		const char *at = find_last(link, named[i]);
		size_t n = 0;

		if (!at)
			continue;
		at += strlen(named[i]);
		n = strcspn(at, "/&?#@");
		/* "place_id:" and "cid:" name it for Google alone; no link within a link */
		if (n == 0 || n >= max || memchr(at, ':', n))
			continue;
		for (size_t k = 0; k < n; k++)
			words[k] = at[k] == '+' || at[k] == '_' ? ' ' : at[k];
		words[n] = '\0';
		return true;
	}
	return false;
}

int viz_place_url_parse(struct place_point *p, char *words, size_t max, const char *text)
{
	char link[LINK_MAX];
	const char *start = strstr(text, "http");
	struct place_point window = {0};
	int err, seen;

	/* the link may stand within a message */
	if (!start || !strstr(start, "://"))
		start = text;
	if (!is_link(start))
		return VIZ_ERR_ABSENT;
	if (!decode_percent(link, start))
		return VIZ_ERR_INPUT;
	if (strncasecmp(link, "geo:", 4) == 0)
		memcpy(link, "geo:", 4);
	err = read_pin(p, words, max, link);
	if (err == 0 && !words[0])
		return 0;
	seen = read_window(&window, link);
	if (err == 0)
		*p = window;
	if (err != VIZ_ERR_ABSENT)
		return err;
	words[0] = '\0';
	*p = window;
	if ((seen == 0 || seen == VIZ_ERR_ABSENT) && read_words(words, max, link))
		return 0;
	if (seen != VIZ_ERR_ABSENT)
		return seen;
	for (size_t i = 0; i < sizeof short_hosts / sizeof *short_hosts; i++)
		if (strstr(link, short_hosts[i]))
			return VIZ_ERR_STATE;
	return VIZ_ERR_INPUT;
}

/* The last stop of maps/dir/A/B/..., which stands before the middle of the map and the data. NULL
 * when there are fewer than two stops or the last one is blank. */
static const char *last_stop(size_t *len, const char *at)
{
	const char *last = NULL;
	size_t stops = 0;

	for (;;) {
		size_t n = strcspn(at, "/?# \n");

		if (*at == '@' || strncmp(at, "data=", 5) == 0 || strncmp(at, "am=", 3) == 0)
			break;
		if (n == 0 && at[n] != '/')
			break; /* a slash at the end */
		last = at;
		*len = n;
		stops++;
		if (at[n] != '/')
			break;
		at += n + 1;
	}
	return stops >= 2 && *len > 0 ? last : NULL;
}

/* The point of the last stop that was given in words. The data has its longitude, then its
 * latitude. */
static int stop_point(struct place_point *p, const char *link)
{
	const char *at = find_last(link, "!1d");
	struct place_point found = {.precision_m = PIN_M};
	int32_t swap;
	int err;

	if (!at)
		return VIZ_ERR_ABSENT;
	err = read_pair(&found, at + 3, "!2d");
	if (err)
		return err;
	swap = found.point.lat_udeg;
	found.point.lat_udeg = found.point.lon_udeg;
	found.point.lon_udeg = swap;
	*p = found;
	return 0;
}

int viz_place_url_parse_directions(struct place_point *p, char *to, size_t max, const char *text)
{
	char stop[LINK_MAX], words[LINK_MAX];
	const char *link = strstr(text, "http"), *at, *last;
	size_t len = 0;
	int err;

	link = link && strstr(link, "://") ? link : text;
	at = is_link(link) ? strstr(link, "/dir/") : NULL;
	if (!at || at[5] == '?')
		return VIZ_ERR_ABSENT;
	last = last_stop(&len, at + 5);
	if (!last || len >= sizeof stop)
		return VIZ_ERR_INPUT;
	memcpy(stop, last, len);
	stop[len] = '\0';
	if (!decode_percent(words, stop))
		return VIZ_ERR_INPUT;
	*p = (struct place_point){.precision_m = PIN_M};
	to[0] = '\0';
	err = read_pair(p, words, ",");
	if (err == VIZ_ERR_ABSENT)
		err = stop_point(p, last);
	if (err != VIZ_ERR_ABSENT)
		return err;
	for (char *c = words; *c; c++)
		*c = *c == '+' ? ' ' : *c;
	/* no link within a link */
	if (strstr(words, "://") || strlen(words) >= max)
		return VIZ_ERR_INPUT;
	memcpy(to, words, strlen(words) + 1);
	return 0;
}
