#include "tools/geo/cep_points.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "proto/geometry.h"
#include "proto/postcode.h"
#include "tools/geo/coordinate.h"
#include "tools/geo/fold.h"

#define MAGIC         "VIZCEP01"
#define LINE_BYTES    8192
#define FIELDS_MAX    256
#define PRECISION_MIN 20u

/* In the byte order of the machine that made it, which is the one that reads it. */
struct header {
	char magic[8];
	uint32_t order;
	uint32_t n;
	uint32_t crc; /* of the entries */
	uint32_t unused;
};

struct entry {
	uint32_t cep;
	struct viz_point point;
	uint32_t precision_m;
};

struct viz_cep_points {
	void *map;
	size_t map_len;
	const struct entry *entries;
	size_t n;
};

/* What is known of a postcode while its rows come in, in a table by open addressing. */
struct gather {
	uint32_t cep; /* + 1; 0 for a free place */
	uint32_t rows;
	int64_t lat, lon; /* sums */
	struct viz_box box;
};

struct import {
	struct viz_cep_points_report *report;
	struct gather *table;
	size_t len, n;     /* len is a power of two */
	int cep, lat, lon; /* columns */
	char delimiter;
};

static struct gather *place(struct gather *table, size_t len, uint32_t cep)
{
	size_t at = (cep * UINT32_C(2654435761)) & (len - 1);

	while (table[at].cep != 0 && table[at].cep != cep + 1)
		at = (at + 1) & (len - 1);
	return &table[at];
}

static int grow(struct import *im)
{
	size_t len = im->len ? im->len * 2 : 1 << 12;
	struct gather *table;

	if (im->n >= VIZ_CEP_POINTS_MAX)
		return VIZ_ERR_LIMIT;
	if (im->n * 2 < im->len)
		return 0;
	table = calloc(len, sizeof *table);
	if (!table)
		return VIZ_ERR_NOMEM;
	for (size_t i = 0; i < im->len; i++)
		if (im->table[i].cep)
			*place(table, len, im->table[i].cep - 1) = im->table[i];
	free(im->table);
	im->table = table;
	im->len = len;
	return 0;
}

static int take(struct import *im, uint32_t cep, struct viz_point p)
{
	struct gather *g;
	int err = grow(im);

	if (err)
		return err;
	g = place(im->table, im->len, cep);
	if (g->cep == 0) {
		*g = (struct gather){.cep = cep + 1,
				     .box = {p.lat_udeg, p.lon_udeg, p.lat_udeg, p.lon_udeg}};
		im->n++;
	}
	g->rows++;
	g->lat += p.lat_udeg;
	g->lon += p.lon_udeg;
	if (p.lat_udeg < g->box.south_udeg)
		g->box.south_udeg = p.lat_udeg;
	if (p.lat_udeg > g->box.north_udeg)
		g->box.north_udeg = p.lat_udeg;
	if (p.lon_udeg < g->box.west_udeg)
		g->box.west_udeg = p.lon_udeg;
	if (p.lon_udeg > g->box.east_udeg)
		g->box.east_udeg = p.lon_udeg;
	return 0;
}

/* Fields in place; quotes around a field are dropped. The columns that count hold no delimiter. */
static size_t split(char **fields, char *line, char delimiter)
{
	size_t n = 0;
	char *at = line;

	line[strcspn(line, "\r\n")] = '\0';
	while (at && n < FIELDS_MAX) {
		char *end = *at == '"' ? strchr(at + 1, '"') : NULL, *next;

		if (end) {
			at++;
			*end++ = '\0';
		}
		next = strchr(end ? end : at, delimiter);
		fields[n++] = at;
		if (next)
			*next++ = '\0';
		at = next;
	}
	return n;
}

static bool named(const char *field, const char *const *names)
{
	char folded[VIZ_FOLD_BYTES];

	if (viz_fold_name(folded, field) != 0)
		return false;
	for (; *names; names++)
		if (strcmp(folded, *names) == 0)
			return true;
	return false;
}

/* CNEFE calls them CEP, LATITUDE and LONGITUDE. */
static int read_head(struct import *im, char *line)
{
	static const char *const ceps[] = {"cep", "postcode", "codigo postal", NULL};
	static const char *const lats[] = {"latitude", "lat", "y", NULL};
	static const char *const lons[] = {"longitude", "lon", "lng", "long", "x", NULL};
	char *fields[FIELDS_MAX];
	size_t n;

	im->cep = im->lat = im->lon = -1;
	im->delimiter = strchr(line, ';') ? ';' : strchr(line, '\t') ? '\t' : ',';
	n = split(fields, strncmp(line, "\xef\xbb\xbf", 3) == 0 ? line + 3 : line, im->delimiter);
	for (size_t i = 0; i < n; i++) {
		if (im->cep < 0 && named(fields[i], ceps))
			im->cep = (int)i;
		else if (im->lat < 0 && named(fields[i], lats))
			im->lat = (int)i;
		else if (im->lon < 0 && named(fields[i], lons))
			im->lon = (int)i;
	}
	return im->cep >= 0 && im->lat >= 0 && im->lon >= 0 ? 0 : VIZ_ERR_INPUT;
}

static int read_row(struct import *im, char *line)
{
	char *f[FIELDS_MAX], padded[32];
	size_t n = split(f, line, im->delimiter);
	uint32_t cep;
	struct viz_point p;

	if (n <= (size_t)im->cep || n <= (size_t)im->lat || n <= (size_t)im->lon)
		return VIZ_ERR_INPUT;
	/* spreadsheets drop the leading zero */
	snprintf(padded, sizeof padded, "%s%.20s", strlen(f[im->cep]) == 7 ? "0" : "", f[im->cep]);
	if (viz_cep_parse(&cep, padded) != 0 ||
	    viz_coordinate_parse(&p.lat_udeg, f[im->lat], VIZ_LAT_UDEG_MAX) != 0 ||
	    viz_coordinate_parse(&p.lon_udeg, f[im->lon], VIZ_LON_UDEG_MAX) != 0 ||
	    !viz_coordinate_in_brazil(p))
		return VIZ_ERR_INPUT;
	return take(im, cep, p);
}

static void say(struct import *im, unsigned line, const char *what)
{
	if (im->report->message[0])
		return;
	im->report->line = line;
	snprintf(im->report->message, sizeof im->report->message, "%s", what);
}

static int read_csv(struct import *im, FILE *f)
{
	char line[LINE_BYTES];
	unsigned at = 1;
	int err;

	if (!fgets(line, sizeof line, f) || read_head(im, line) != 0) {
		say(im, 1, "expected a header with cep, latitude and longitude");
		return VIZ_ERR_INPUT;
	}
	while (fgets(line, sizeof line, f)) {
		at++;
		if (!strchr(line, '\n') && !feof(f)) {
			say(im, at, "a line of more than 8,191 bytes");
			return VIZ_ERR_INPUT;
		}
		err = read_row(im, line);
		im->report->rows++;
		if (err == VIZ_ERR_INPUT) {
			im->report->skipped++;
			say(im, at, "no usable postcode or point");
		} else if (err) {
			return err;
		}
	}
	if (ferror(f) || im->n == 0) {
		say(im, at, "no row with a postcode and a point");
		return VIZ_ERR_INPUT;
	}
	return 0;
}

static int by_cep(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	return (x->cep > y->cep) - (x->cep < y->cep);
}

static struct entry *entries_of(const struct import *im)
{
	struct entry *e = calloc(im->n, sizeof *e);
	size_t n = 0;

	for (size_t i = 0; e && i < im->len; i++) {
		const struct gather *g = &im->table[i];
		struct viz_point sw = {g->box.south_udeg, g->box.west_udeg};
		struct viz_point ne = {g->box.north_udeg, g->box.east_udeg};
		uint32_t wide;

		if (!g->cep)
			continue;
		wide = viz_point_distance_cm(sw, ne) / 100;
		e[n].cep = g->cep - 1;
		e[n].point =
		    (struct viz_point){(int32_t)(g->lat / g->rows), (int32_t)(g->lon / g->rows)};
		e[n++].precision_m = wide > PRECISION_MIN ? wide : PRECISION_MIN;
	}
	if (e)
		qsort(e, n, sizeof *e, by_cep);
	return e;
}

/* Beside the target, then renamed: whoever has the old file open keeps it. */
static int write_file(const char *path, const struct entry *entries, size_t n)
{
	struct header h = {.order = 0x01020304, .n = (uint32_t)n};
	char beside[4096];
	FILE *f;
	bool ok;

	memcpy(h.magic, MAGIC, sizeof h.magic);
	h.crc = (uint32_t)crc32(0, (const uint8_t *)entries, (uInt)(n * sizeof *entries));
	if (snprintf(beside, sizeof beside, "%s.new", path) >= (int)sizeof beside)
		return VIZ_ERR_STORE;
	f = fopen(beside, "wb");
	if (!f)
		return VIZ_ERR_STORE;
	ok = fwrite(&h, sizeof h, 1, f) == 1 && fwrite(entries, sizeof *entries, n, f) == n &&
	     fflush(f) == 0 && fsync(fileno(f)) == 0;
	ok = fclose(f) == 0 && ok;
	if (!ok || rename(beside, path) != 0) {
		unlink(beside);
		return VIZ_ERR_STORE;
	}
	return 0;
}

int viz_cep_points_import(struct viz_cep_points_report *report, const char *out, const char *csv)
{
	struct import im = {.report = report};
	FILE *f = fopen(csv, "r");
	struct entry *entries = NULL;
	int err;

	*report = (struct viz_cep_points_report){0};
	if (!f) {
		say(&im, 0, "cannot be read");
		return VIZ_ERR_INPUT;
	}
	err = read_csv(&im, f);
	fclose(f);
	if (!err) {
		entries = entries_of(&im);
		err = entries ? write_file(out, entries, im.n) : VIZ_ERR_NOMEM;
	}
	report->postcodes = im.n;
	free(entries);
	free(im.table);
	return err;
}

static int check(struct viz_cep_points *p)
{
	const struct header *h = p->map;
	const struct entry *e;

	if (p->map_len < sizeof *h || memcmp(h->magic, MAGIC, sizeof h->magic) != 0 ||
	    h->order != 0x01020304 || h->n > VIZ_CEP_POINTS_MAX ||
	    p->map_len != sizeof *h + h->n * sizeof *e)
		return VIZ_ERR_FORM;
	e = (const struct entry *)(h + 1);
	if (h->crc != crc32(0, (const uint8_t *)e, (uInt)(h->n * sizeof *e)))
		return VIZ_ERR_FORM;
	p->entries = e;
	p->n = h->n;
	return 0;
}

const char *viz_cep_points_path(void)
{
	const char *path = getenv("VIZINHO_CEP_POINTS");

	return path && *path ? path : VIZ_CEP_POINTS_PATH;
}

int viz_cep_points_open(struct viz_cep_points **points, const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), err = 0;
	struct viz_cep_points *p;
	struct stat st;

	if (fd < 0)
		return VIZ_ERR_ABSENT;
	p = calloc(1, sizeof *p);
	if (!p)
		err = VIZ_ERR_NOMEM;
	else if (fstat(fd, &st) != 0 || st.st_size <= 0 || st.st_size > INT32_MAX)
		err = VIZ_ERR_FORM;
	if (!err) {
		p->map_len = (size_t)st.st_size;
		p->map = mmap(NULL, p->map_len, PROT_READ, MAP_SHARED, fd, 0);
		if (p->map == MAP_FAILED) {
			p->map = NULL;
			err = VIZ_ERR_NOMEM;
		}
	}
	close(fd);
	if (!err)
		err = check(p);
	if (err) {
		viz_cep_points_close(p);
		return err;
	}
	*points = p;
	return 0;
}

void viz_cep_points_close(struct viz_cep_points *points)
{
	if (points && points->map)
		munmap(points->map, points->map_len);
	free(points);
}

size_t viz_cep_points_count(const struct viz_cep_points *points)
{
	return points->n;
}

int viz_cep_points_find(const struct viz_cep_points *points, struct viz_point *point,
			uint32_t *precision_m, uint32_t cep)
{
	struct entry want = {.cep = cep};
	const struct entry *e = bsearch(&want, points->entries, points->n, sizeof want, by_cep);

	if (!e)
		return VIZ_ERR_ABSENT;
	*point = e->point;
	*precision_m = e->precision_m;
	return 0;
}
