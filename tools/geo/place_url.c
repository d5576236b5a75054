#include <strings.h>

#include "tools/geo/coordinate.h"
#include "tools/geo/place_parse.h"

#define LINK_MAX   2048u
#define PIN_M      20u  /* a pin that somebody set */
#define VIEWPORT_M 300u /* the middle of the map that was on the screen */

/* Hosts of short links: the place shows only when the link is opened. */
static const char *const short_hosts[] = {"maps.app.goo.gl", "goo.gl/maps",   "g.co/kgs",
					  "bit.ly/",         "waze.com/ul/h", "osm.org/go/",
					  "maps.apple/p/",   "t.co/"};

/* Where a place stands in a link: after the mark come latitude, `between`, longitude. The surest
 * form is first. */
static const struct {
	const char *mark;
	const char *between;
	uint32_t precision_m;
} forms[] = {
    {"!3d", "!4d", PIN_M},       {"mlat=", "&mlon=", PIN_M},   {"geo:", ",", PIN_M},
    {"?q=loc:", ",", PIN_M},     {"&q=loc:", ",", PIN_M},      {"?q=", ",", PIN_M},
    {"&q=", ",", PIN_M},         {"query=", ",", PIN_M},       {"destination=", ",", PIN_M},
    {"daddr=", ",", PIN_M},      {"?ll=", ",", PIN_M},         {"&ll=", ",", PIN_M},
    {"latlng=", ",", PIN_M},     {"navigate=", ",", PIN_M},    {"to=ll.", ",", PIN_M},
    {"coordinate=", ",", PIN_M}, {"/place/", ",", PIN_M},      {"/search/", ",", PIN_M},
    {"cp=", "~", VIEWPORT_M},    {"center=", ",", VIEWPORT_M}, {"@", ",", VIEWPORT_M},
    {"#map=", "/", VIEWPORT_M},  {"sll=", ",", VIEWPORT_M},
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
	size_t n = 0;

	for (; *text && *text != ' ' && *text != '\n'; text++) {
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

int viz_place_url_parse(struct place_point *p, const char *text)
{
	char link[LINK_MAX];
	const char *start = strstr(text, "http");

	/* the link may stand within a message */
	if (!start || !strstr(start, "://"))
		start = text;
	if (!is_link(start))
		return VIZ_ERR_ABSENT;
	if (!decode_percent(link, start))
		return VIZ_ERR_INPUT;
	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
		const char *at = find_last(link, forms[i].mark);
		struct place_point found = {.precision_m = forms[i].precision_m};
		int err;

		if (!at)
			continue;
		at += strlen(forms[i].mark);
		if (strcmp(forms[i].mark, "#map=") == 0) /* the form is zoom/lat/lon */
			at += strcspn(at, "/") + (strchr(at, '/') ? 1 : 0);
		err = read_pair(&found, at, forms[i].between);
		if (err == VIZ_ERR_ABSENT)
			continue;
		if (!err)
			*p = found;
		return err;
	}
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
