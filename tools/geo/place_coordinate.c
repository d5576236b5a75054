#include <ctype.h>

#include "tools/geo/coordinate.h"
#include "tools/geo/place_parse.h"

#define TEXT_MAX   160u
#define TOKENS_MAX 16u

/* A number, or a sign that says what a number is: d (degree), m (minute), s (second), n s e w. */
struct token {
	char kind; /* '#' for a number */
	char text[24];
	unsigned decimals;
	bool comma; /* its decimals follow a comma */
};

struct tokens {
	struct token t[TOKENS_MAX];
	size_t n;
	bool signs; /* there is a sign among them */
};

/* The signs that people type for degrees, minutes, seconds and minus, each as one byte. */
/* clang-format off */
static const char *const unicode[][2] = {
    {"\xc2\xb0", "d"}, {"\xc2\xba", "d"}, {"\xcb\x9a", "d"},
    {"\xe2\x80\xb2", "m"}, {"\xe2\x80\x99", "m"}, {"\xe2\x80\x98", "m"}, {"\xc2\xb4", "m"},
    {"\xe2\x80\xb3", "q"}, {"\xe2\x80\x9d", "q"}, {"\xe2\x80\x9c", "q"}, {"''", "q"}, {"\"", "q"},
    {"'", "m"}, {"\xe2\x88\x92", "-"}, {"\xe2\x80\x93", "-"}, {"\xc2\xa0", " "},
};
/* clang-format on */

/* Words that may stand before a number. */
static const char *const labels[] = {"latitude", "longitude",   "lat", "long",        "lon",  "lng",
				     "gps",      "coordenadas", "loc", "localizacao", "ponto"};

static bool plain_text(char *out, const char *text)
{
	size_t n = 0;

	while (*text) {
		size_t k = 0;

		while (k < sizeof unicode / sizeof *unicode &&
		       strncmp(text, unicode[k][0], strlen(unicode[k][0])) != 0)
			k++;
		if (n + 1 >= TEXT_MAX)
			return false;
		if (k < sizeof unicode / sizeof *unicode) {
			out[n++] = unicode[k][1][0];
			text += strlen(unicode[k][0]);
		} else if ((unsigned char)*text >= 0x80) {
			return false;
		} else {
			out[n++] = (char)tolower((unsigned char)*text++);
		}
	}
	out[n] = '\0';
	return true;
}

static size_t label_len(const char *s)
{
	for (size_t i = 0; i < sizeof labels / sizeof *labels; i++) {
		size_t n = strlen(labels[i]);

		if (strncmp(s, labels[i], n) == 0 && !isalpha((unsigned char)s[n]))
			return n;
	}
	return 0;
}

/* Reads a number at *s. A comma is decimal when digits follow and the whole text has no point. */
static bool read_number(struct token *t, const char **s, bool comma_decimal)
{
	const char *at = *s;
	size_t n = 0;

	*t = (struct token){.kind = '#'};
	if (*at == '-' || *at == '+')
		t->text[n++] = *at++;
	while (isdigit((unsigned char)*at) && n < sizeof t->text - 2)
		t->text[n++] = *at++;
	if (n == 0 || !isdigit((unsigned char)t->text[n - 1]))
		return false;
	if ((*at == '.' || (*at == ',' && comma_decimal)) && isdigit((unsigned char)at[1])) {
		t->comma = *at == ',';
		t->text[n++] = '.';
		for (at++; isdigit((unsigned char)*at) && n < sizeof t->text - 1; t->decimals++)
			t->text[n++] = *at++;
	}
	t->text[n] = '\0';
	*s = at;
	return !isdigit((unsigned char)*at);
}

static bool tokenize(struct tokens *out, const char *s)
{
	bool comma_decimal = strchr(s, '.') == NULL;

	out->n = 0;
	out->signs = false;
	while (*s) {
		struct token *t = &out->t[out->n];

		if (strchr(" \t\r\n,;:=()/|", *s)) {
			s++;
			continue;
		}
		if (out->n == TOKENS_MAX)
			return false;
		if (isdigit((unsigned char)*s) || *s == '-' || *s == '+') {
			if (!read_number(t, &s, comma_decimal))
				return false;
			out->n++;
		} else if (label_len(s) > 0) {
			s += label_len(s);
		} else if (strchr("dmqsnewol", *s) && !isalpha((unsigned char)s[1])) {
			/* o is oeste (west), l is leste (east) */
			char c = *s == 'o' ? 'w' : *s == 'l' ? 'e' : *s;

			*t = (struct token){.kind = c};
			out->signs = true;
			out->n++;
			s++;
		} else if (strchr("dmq", *s)) {
			*t = (struct token){.kind = *s++};
			out->signs = true;
			out->n++;
		} else {
			return false;
		}
	}
	return true;
}

static uint32_t precision_of(unsigned decimals)
{
	uint32_t m = 60000; /* half a degree */

	while (decimals-- > 0 && m > 10)
		m /= 10;
	return m < 10 ? 10 : m;
}

static int decimal_pair(struct place_point *p, const struct tokens *t)
{
	unsigned decimals;
	int err;

	if (t->n != 2 || t->signs)
		return VIZ_ERR_ABSENT;
	decimals = t->t[0].decimals < t->t[1].decimals ? t->t[0].decimals : t->t[1].decimals;
	if (decimals == 0)
		return VIZ_ERR_ABSENT; /* "29900 000" is no pair of degrees */
	err = viz_coordinate_parse(&p->point.lat_udeg, t->t[0].text, VIZ_LON_UDEG_MAX);
	if (!err)
		err = viz_coordinate_parse(&p->point.lon_udeg, t->t[1].text, VIZ_LON_UDEG_MAX);
	p->precision_m = precision_of(decimals);
	return err;
}

/* Reads one angle: degrees, perhaps minutes and seconds, perhaps a letter before or after. */
static int read_angle(int64_t *udeg, char *letter, unsigned *places, const struct tokens *t,
		      size_t *at)
{
	static const char sign[3] = {'d', 'm', 'q'};
	int64_t total = 0;
	bool minus = false;
	unsigned part = 0;

	*letter = '\0';
	*places = 0;
	if (*at < t->n && strchr("nsew", t->t[*at].kind))
		*letter = t->t[(*at)++].kind;
	for (; part < 3 && *at < t->n && t->t[*at].kind == '#'; part++) {
		int32_t v;
		const struct token *n = &t->t[*at];

		if (part > 0 && (n->text[0] == '-' || n->text[0] == '+'))
			break;
		if (viz_coordinate_parse(&v, n->text, 180000000) != 0)
			return VIZ_ERR_LIMIT;
		if (part > 0 && llabs(v) >= 60000000)
			return VIZ_ERR_LIMIT;
		minus = part == 0 ? n->text[0] == '-' : minus;
		total += part == 0 ? llabs(v) : part == 1 ? llabs(v) / 60 : llabs(v) / 3600;
		*places = n->decimals + (part == 0 ? 0 : part == 1 ? 2 : 4);
		(*at)++;
		if (*at == t->n || t->t[*at].kind != sign[part]) {
			part++;
			break;
		}
		(*at)++;
	}
	if (part == 0)
		return VIZ_ERR_ABSENT;
	if (!*letter && *at < t->n && strchr("nsew", t->t[*at].kind))
		*letter = t->t[(*at)++].kind;
	*udeg = minus || *letter == 's' || *letter == 'w' ? -total : total;
	return 0;
}

static int angles(struct place_point *p, const struct tokens *t)
{
	int64_t a, b;
	char la, lb;
	unsigned pa, pb;
	size_t at = 0;
	int err = read_angle(&a, &la, &pa, t, &at);

	if (!err)
		err = read_angle(&b, &lb, &pb, t, &at);
	if (err)
		return err;
	if (at != t->n)
		return VIZ_ERR_ABSENT;
	/* the letters decide the order when they are there */
	if ((la == 'e' || la == 'w') && (lb == 'n' || lb == 's' || !lb)) {
		int64_t swap = a;

		a = b;
		b = swap;
	} else if (la && lb && ((la == 'n' || la == 's') == (lb == 'n' || lb == 's'))) {
		return VIZ_ERR_ABSENT;
	}
	if (llabs(a) > 180000000 || llabs(b) > 180000000)
		return VIZ_ERR_LIMIT;
	p->point = (struct viz_point){(int32_t)a, (int32_t)b};
	p->precision_m = precision_of(pa < pb ? pa : pb);
	return 0;
}

int viz_place_coordinate_parse(struct place_point *p, const char *text)
{
	char plain[TEXT_MAX];
	struct tokens t;

	if (!plain_text(plain, text) || !tokenize(&t, plain))
		return VIZ_ERR_ABSENT;
	return t.signs ? angles(p, &t) : decimal_pair(p, &t);
}
