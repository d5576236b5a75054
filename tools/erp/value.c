/* Values of answers. */
#include <ctype.h>

#include "crypto/secret.h"
#include "tools/erp/session.h"
#include "tools/text/fold.h"

#define FOLDED_MAX 1024

bool viz_erp_text(char *out, size_t max, const json_t *object, const char *key)
{
	const json_t *v = json_object_get(object, key);
	const char *s = json_string_value(v);
	char number[24];

	out[0] = '\0';
	if (json_is_integer(v)) {
		snprintf(number, sizeof number, "%lld", (long long)json_integer_value(v));
		s = number;
	}
	if (s == NULL || strlen(s) >= max)
		return false;
	for (const char *p = s; *p != '\0'; p++)
		if ((unsigned char)*p < 0x20 || *p == 0x7f)
			return false;
	memcpy(out, s, strlen(s) + 1);
	return true;
}

bool viz_erp_number(int64_t *out, const json_t *object, const char *key)
{
	char text[20], *end;
	long long n;

	if (!viz_erp_text(text, sizeof text, object, key) || text[0] == '\0')
		return false;
	n = strtoll(text, &end, 10);
	if (*end != '\0' || isspace((unsigned char)text[0]))
		return false;
	*out = n;
	return true;
}

/* So many digits; the number, or -1. */
static int digits(const char **p, int n)
{
	int value = 0;

	for (int i = 0; i < n; i++) {
		if (!isdigit((unsigned char)(*p)[i]))
			return -1;
		value = value * 10 + ((*p)[i] - '0');
	}
	*p += n;
	return value;
}

static bool skip(const char **p, char c)
{
	if (**p != c)
		return false;
	(*p)++;
	return true;
}

struct day {
	int year, month, day;
};

/* "2026-12-01" or "01/12/2026". */
static bool read_day(struct day *d, const char **p)
{
	const char *at = *p;

	d->year = digits(&at, 4);
	if (d->year >= 0 && skip(&at, '-')) {
		d->month = digits(&at, 2);
		if (d->month < 0 || !skip(&at, '-'))
			return false;
		d->day = digits(&at, 2);
	} else {
		at = *p;
		d->day = digits(&at, 2);
		if (d->day < 0 || !skip(&at, '/'))
			return false;
		d->month = digits(&at, 2);
		if (d->month < 0 || !skip(&at, '/'))
			return false;
		d->year = digits(&at, 4);
	}
	*p = at;
	/* "never" is 0000-00-00 or 1899-11-30 */
	return d->year >= 1990 && d->year < 2200 && d->month >= 1 && d->month <= 12 &&
	       d->day >= 1 && d->day <= 31;
}

/* "Z", "+00:00", "-0300"; nothing is the zone of the ERP. */
static bool read_zone(int *minutes, const char **p, int usual)
{
	int sign, hour, minute;

	*minutes = usual;
	if (**p == '\0')
		return true;
	*minutes = 0;
	if (skip(p, 'Z'))
		return **p == '\0';
	sign = **p == '-' ? -1 : 1;
	if (!skip(p, '+') && !skip(p, '-'))
		return false;
	hour = digits(p, 2);
	skip(p, ':');
	minute = digits(p, 2);
	*minutes = sign * (hour * 60 + minute);
	return hour >= 0 && hour < 24 && minute >= 0 && minute < 60 && **p == '\0';
}

bool viz_erp_time(char out[VIZ_ERP_TIME_MAX], const struct viz_erp *e, const char *text)
{
	int hour = 0, minute = 0, second = 0, zone;
	const char *p = text;
	char made[96];
	struct day d;

	if (!read_day(&d, &p))
		return false;
	if (skip(&p, 'T') || skip(&p, ' ')) {
		hour = digits(&p, 2);
		if (hour < 0 || !skip(&p, ':'))
			return false;
		minute = digits(&p, 2);
		if (minute >= 0 && skip(&p, ':'))
			second = digits(&p, 2);
		if (second >= 0 && skip(&p, '.'))
			while (isdigit((unsigned char)*p))
				p++;
	}
	if (hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59 ||
	    !read_zone(&zone, &p, e->config->zone_min))
		return false;
	snprintf(made, sizeof made, "%04d-%02d-%02dT%02d:%02d:%02d%c%02d:%02d", d.year, d.month,
		 d.day, hour, minute, second, zone < 0 ? '-' : '+', abs(zone) / 60, abs(zone) % 60);
	snprintf(out, VIZ_ERP_TIME_MAX, "%.25s", made);
	return true;
}

/* The digits of a text, at most max - 1. How many it has in all. */
static size_t only_digits(char *out, size_t max, const char *text)
{
	size_t n = 0;

	for (; *text != '\0'; text++) {
		if (!isdigit((unsigned char)*text))
			continue;
		if (n < max - 1)
			out[n] = *text;
		n++;
	}
	out[n < max ? n : max - 1] = '\0';
	return n;
}

uint32_t viz_erp_cep(const char *text)
{
	char d[9];

	return only_digits(d, sizeof d, text) == 8 ? (uint32_t)strtoul(d, NULL, 10) : 0;
}

/* A telephone without the country and a leading zero. */
static const char *national(const char *d, size_t n)
{
	if (n >= 12 && strncmp(d, "55", 2) == 0)
		return d + 2;
	return n > 0 && d[0] == '0' ? d + 1 : d;
}

bool viz_erp_same_phone(const char *a, const char *b)
{
	char da[24], db[24];
	size_t na = only_digits(da, sizeof da, a), nb = only_digits(db, sizeof db, b);
	bool same = false;

	if (na < sizeof da && nb < sizeof db && na >= 8 && nb >= 8) {
		const char *x = national(da, na), *y = national(db, nb);
		size_t nx = strlen(x), ny = strlen(y);

		same = nx >= 8 && ny >= 8 && strcmp(x + nx - 8, y + ny - 8) == 0 &&
		       (nx < 10 || ny < 10 || strncmp(x, y, 2) == 0);
	}
	viz_secret_wipe(da, sizeof da);
	viz_secret_wipe(db, sizeof db);
	return same;
}

bool viz_erp_same_text(const char *a, const char *b)
{
	char fa[FOLDED_MAX], fb[FOLDED_MAX];
	bool same = viz_fold_string(fa, sizeof fa, a) == VIZ_OK &&
		    viz_fold_string(fb, sizeof fb, b) == VIZ_OK && strcmp(fa, fb) == 0;

	viz_secret_wipe(fa, sizeof fa);
	viz_secret_wipe(fb, sizeof fb);
	return same;
}
