/* From a table of postcodes and points to a file of one point for each. What contradicts the
 * directory of postcodes is left out: an answer from here is taken for a street's. */
#include "proto/geo/geometry.h"
#include "tools/geo/cep_points.h"
#include "tools/geo/cep_points_file.h"
#include "tools/geo/cep_text.h"
#include "tools/geo/coordinate.h"
#include "tools/geo/filetype.h"
#include "tools/geo/fold.h"

#define LINE_BYTES    8192
#define FIELDS_MAX    256
#define PRECISION_MIN 20u
#define ENTRIES_MAX   16u
#define FAR_M         2000u /* a road along the border, a coarse outline */
#define FAR_UDEG      25000 /* more than that, up to 37 degrees of latitude */

/* What is known of a postcode while its rows come in, in a table by open addressing. */
struct gather {
	uint32_t cep; /* + 1; 0 for a free place */
	uint32_t rows;
	int64_t lat, lon; /* sums */
	struct viz_box box;
};

struct import {
	struct viz_cep_points_report *report;
	const struct viz_gazetteer *gazetteer;
	struct gather *table;
	size_t len, n;     /* len is a power of two */
	int cep, lat, lon; /* columns */
	char delimiter;
	uint32_t outline_of; /* the municipality that `outline` is of; 0: none yet */
	struct viz_geometry outline;
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

/* How far a municipality is from the point, past the noise of borders: the last one asked for is
 * kept, for a file comes in by municipalities. */
static bool is_far(struct import *im, uint32_t ibge, struct viz_point p)
{
	struct viz_municipality m;

	if (viz_gazetteer_by_code(im->gazetteer, &m, ibge) != 0 || !m.has_outline)
		return false;
	if (p.lat_udeg < m.box.south_udeg - FAR_UDEG || p.lat_udeg > m.box.north_udeg + FAR_UDEG ||
	    p.lon_udeg < m.box.west_udeg - FAR_UDEG || p.lon_udeg > m.box.east_udeg + FAR_UDEG)
		return true;
	if (im->outline_of != ibge) {
		viz_geometry_free(&im->outline);
		im->outline_of = ibge;
		if (viz_gazetteer_outline(im->gazetteer, &im->outline, ibge) != 0) {
			viz_geometry_free(&im->outline);
			im->outline_of = 0;
			return false;
		}
	}
	return viz_geometry_distance_cm(&im->outline, p) > FAR_M * 100;
}

/* Whether the directory of postcodes knows the code as one of a street there. */
static bool agrees(struct import *im, enum viz_cep_points_skip *why, uint32_t cep,
		   struct viz_point p)
{
	struct viz_cep_entry e[ENTRIES_MAX];
	struct viz_municipality at;
	size_t n = 0;
	bool street = false, known;

	*why = VIZ_CEP_POINTS_UNKNOWN;
	if (viz_gazetteer_by_cep(im->gazetteer, e, &n, ENTRIES_MAX, cep) != 0)
		return false;
	n = n < ENTRIES_MAX ? n : ENTRIES_MAX;
	for (size_t i = 0; i < n; i++)
		street = street || e[i].coding != VIZ_CEP_GENERAL;
	*why = VIZ_CEP_POINTS_GENERAL;
	if (!street)
		return false;
	*why = VIZ_CEP_POINTS_ELSEWHERE;
	known = viz_gazetteer_at(im->gazetteer, &at, p) == 0;
	for (size_t i = 0; i < n && known; i++)
		if (e[i].ibge == at.ibge)
			return true;
	for (size_t i = 0; i < n; i++)
		if (!is_far(im, e[i].ibge, p))
			return true;
	return false;
}

/* VIZ_ERR_INPUT with *why for a row of no use. */
static int read_row(struct import *im, enum viz_cep_points_skip *why, char *line)
{
	char *f[FIELDS_MAX];
	size_t n = split(f, line, im->delimiter);
	uint32_t cep;
	struct viz_point p;

	*why = VIZ_CEP_POINTS_NO_CEP;
	if (n <= (size_t)im->cep || viz_cep_text(&cep, f[im->cep]) != 0)
		return VIZ_ERR_INPUT;
	*why = VIZ_CEP_POINTS_NO_POINT;
	if (n <= (size_t)im->lat || n <= (size_t)im->lon ||
	    viz_coordinate_parse(&p.lat_udeg, f[im->lat], VIZ_LON_UDEG_MAX) != 0 ||
	    viz_coordinate_parse(&p.lon_udeg, f[im->lon], VIZ_LON_UDEG_MAX) != 0)
		return VIZ_ERR_INPUT;
	*why = VIZ_CEP_POINTS_ABROAD;
	if (!viz_coordinate_in_brazil(p))
		return VIZ_ERR_INPUT;
	*why = VIZ_CEP_POINTS_GENERAL;
	if (viz_cep_is_general(cep) || (im->gazetteer && !agrees(im, why, cep, p)))
		return VIZ_ERR_INPUT;
	return take(im, cep, p);
}

static int fail(struct import *im, unsigned line, enum viz_cep_points_fault fault)
{
	im->report->line = line;
	im->report->fault = fault;
	return VIZ_ERR_INPUT;
}

static void skip(struct import *im, unsigned line, enum viz_cep_points_skip why)
{
	struct viz_cep_points_skipped *s = &im->report->skip[why];

	if (s->n < VIZ_CEP_POINTS_LINES)
		s->lines[s->n] = line;
	s->n++;
	im->report->skipped++;
}

/* The first line tells what the file is, and where the columns are. */
static int read_first(struct import *im, FILE *f, char *line)
{
	const uint8_t *bytes = (const uint8_t *)line;

	if (!fgets(line, LINE_BYTES, f) || (viz_filetype_is_empty(bytes, strlen(line)) && feof(f)))
		return fail(im, 0, VIZ_CEP_POINTS_EMPTY);
	if (memcmp(line, "PK\3\4", 4) == 0 || viz_filetype_is_spreadsheet(bytes, 8))
		return fail(im, 0, VIZ_CEP_POINTS_SPREADSHEET);
	if (read_head(im, line) == 0)
		return 0;
	/* a blank line, and then nothing */
	return fail(im, fgetc(f) == EOF && viz_filetype_is_empty(bytes, strlen(line)) ? 0 : 1,
		    VIZ_CEP_POINTS_HEADER);
}

static int read_csv(struct import *im, FILE *f)
{
	char line[LINE_BYTES] = "";
	unsigned at = 1;
	int err = read_first(im, f, line);

	while (!err && fgets(line, sizeof line, f)) {
		enum viz_cep_points_skip why;

		at++;
		if (!strchr(line, '\n') && !feof(f))
			return fail(im, at, VIZ_CEP_POINTS_LONG_LINE);
		err = read_row(im, &why, line);
		im->report->rows++;
		if (err == VIZ_ERR_INPUT) {
			skip(im, at, why);
			err = 0;
		}
	}
	if (err)
		return err;
	if (ferror(f))
		return fail(im, 0, VIZ_CEP_POINTS_UNREADABLE);
	return im->n > 0 ? 0 : fail(im, 0, VIZ_CEP_POINTS_NO_ROWS);
}

static struct cep_point *entries_of(const struct import *im)
{
	struct cep_point *e = calloc(im->n, sizeof *e);
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
	return e;
}

int viz_cep_points_import(struct viz_cep_points_report *report, const char *out, const char *csv,
			  const struct viz_gazetteer *gazetteer)
{
	struct import im = {.report = report, .gazetteer = gazetteer};
	FILE *f = fopen(csv, "r");
	struct cep_point *entries = NULL;
	int err;

	*report = (struct viz_cep_points_report){0};
	if (!f)
		return fail(&im, 0, VIZ_CEP_POINTS_UNREADABLE);
	viz_geometry_init(&im.outline);
	err = read_csv(&im, f);
	fclose(f);
	if (!err) {
		entries = entries_of(&im);
		err = entries ? viz_cep_points_write(out, entries, im.n) : VIZ_ERR_NOMEM;
	}
	if (err == VIZ_ERR_LIMIT)
		report->fault = VIZ_CEP_POINTS_TOO_MANY;
	if (err == VIZ_ERR_NOMEM)
		report->fault = VIZ_CEP_POINTS_NO_MEMORY;
	if (err == VIZ_ERR_STORE)
		report->fault = VIZ_CEP_POINTS_NOT_WRITTEN;
	report->postcodes = im.n;
	viz_geometry_free(&im.outline);
	free(entries);
	free(im.table);
	return err;
}

const char *viz_cep_points_fault_text(enum viz_cep_points_fault fault, const char *lang)
{
	bool pt = strncmp(lang, "pt", 2) == 0;

	switch (fault) {
	case VIZ_CEP_POINTS_SOUND:
		break;
	case VIZ_CEP_POINTS_UNREADABLE:
		return pt ? "não pode ser lido" : "cannot be read";
	case VIZ_CEP_POINTS_EMPTY:
		return pt ? "o arquivo está vazio" : "the file is empty";
	case VIZ_CEP_POINTS_SPREADSHEET:
		return pt ? "é uma planilha ou um arquivo compactado: salve como CSV"
			  : "a spreadsheet or an archive: save it as CSV";
	case VIZ_CEP_POINTS_HEADER:
		return pt ? "esperava um cabeçalho com cep, latitude e longitude"
			  : "expected a header with cep, latitude and longitude";
	case VIZ_CEP_POINTS_LONG_LINE:
		return pt ? "uma linha de mais de 8191 bytes" : "a line of more than 8191 bytes";
	case VIZ_CEP_POINTS_NO_ROWS:
		return pt ? "nenhuma linha tem um CEP de rua e o seu ponto"
			  : "no row has a street's postcode and its point";
	case VIZ_CEP_POINTS_TOO_MANY:
		return pt ? "mais de 4000000 CEPs" : "more than 4000000 postcodes";
	case VIZ_CEP_POINTS_NOT_WRITTEN:
		return pt ? "o resultado não pôde ser gravado" : "the result cannot be written";
	case VIZ_CEP_POINTS_NO_MEMORY:
		return pt ? "memória insuficiente" : "out of memory";
	}
	return "";
}

const char *viz_cep_points_skip_text(enum viz_cep_points_skip skip, const char *lang)
{
	static const char *const texts[VIZ_CEP_POINTS_SKIPS][2] = {
	    {"no postcode of eight digits", "sem CEP de oito dígitos"},
	    {"no latitude and longitude in degrees", "sem latitude e longitude em graus"},
	    {"the point lies outside Brazil (latitude and longitude exchanged?)",
	     "o ponto fica fora do Brasil (latitude e longitude trocadas?)"},
	    {"a general postcode: it names no street", "CEP geral: não indica uma rua"},
	    {"the postcode is in no known range", "o CEP não está em nenhuma faixa conhecida"},
	    {"the point is not in the postcode's municipality",
	     "o ponto não fica no município do CEP"},
	};

	return texts[skip][strncmp(lang, "pt", 2) == 0];
}

const char *viz_cep_points_skip_name(enum viz_cep_points_skip skip)
{
	static const char *const names[VIZ_CEP_POINTS_SKIPS] = {"no_cep",  "no_point", "abroad",
								"general", "unknown",  "elsewhere"};

	return names[skip];
}
