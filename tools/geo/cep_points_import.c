/* Makes a file of one point for each postcode from a table of postcodes and points. Rows that
 * contradict the directory of postcodes are left out, because an answer from this file is taken for
 * the point of a street. */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "proto/geo/geometry.h"
#include "tools/geo/cell_count.h"
#include "tools/geo/cep_points.h"
#include "tools/geo/cep_points_file.h"
#include "tools/geo/cep_text.h"
#include "tools/geo/texts.h"
#include "tools/geo/coordinate.h"
#include "tools/text/heading.h"
#include "tools/text/rows.h"

#define PRECISION_MIN 20u
#define ENTRIES_MAX   16u
#define FAR_M         2000u /* of tolerance: a road along the border, a coarse outline */
#define FAR_UDEG      25000 /* more than FAR_M, up to 37 degrees of latitude */

/* What the rows so far say of a postcode. A slot of a hash table with open addressing. */
struct gather {
	uint32_t cep; /* + 1; 0: the slot is free */
	uint32_t rows;
	int64_t lat, lon; /* sums */
	struct viz_box box;
};

struct import {
	struct viz_cep_points_report *report;
	const struct viz_gazetteer *gazetteer;
	struct gather *table;
	size_t len, n; /* len is a power of two */
	struct viz_cell_counts cells;
	struct viz_row row;
	size_t cep, lat, lon; /* columns; SIZE_MAX: not found */
	uint32_t outline_of;  /* the municipality that `outline` is of; 0: none yet */
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

/* Finds the columns. Of several with one role the first counts. */
static bool read_head(struct import *im)
{
	im->cep = im->lat = im->lon = SIZE_MAX;
	for (size_t i = 0; i < im->row.n; i++) {
		const char *role;
		size_t *column;
		uint16_t rank;

		if (!viz_heading_role(&role, &rank, im->row.field[i].text, im->row.field[i].len,
				      VIZ_HEADING_POSTCODES))
			continue;
		column = strcmp(role, "cep") == 0   ? &im->cep
			 : strcmp(role, "lat") == 0 ? &im->lat
						    : &im->lon;
		if (*column == SIZE_MAX)
			*column = i;
	}
	return im->cep != SIZE_MAX && im->lat != SIZE_MAX && im->lon != SIZE_MAX;
}

/* Whether the municipality lies further from the point than outlines are wrong by. The last outline
 * is kept, because the rows of one municipality stand together in most files. */
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

/* Whether the directory of postcodes has the code, as one of a street, in the municipality of the
 * point. Otherwise *why. */
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

/* What the row says in a column, "" for nothing. */
static const char *value(const struct import *im, size_t column)
{
	return column < im->row.n ? im->row.field[column].text : "";
}

/* VIZ_ERR_INPUT with *why for a row that is left out. */
static int read_row(struct import *im, enum viz_cep_points_skip *why)
{
	uint32_t cep;
	struct viz_point p;
	bool street;

	*why = VIZ_CEP_POINTS_NO_CEP;
	if (viz_cep_text(&cep, value(im, im->cep)) != 0)
		return VIZ_ERR_INPUT;
	*why = VIZ_CEP_POINTS_NO_POINT;
	if (viz_coordinate_parse(&p.lat_udeg, value(im, im->lat), VIZ_LON_UDEG_MAX) != 0 ||
	    viz_coordinate_parse(&p.lon_udeg, value(im, im->lon), VIZ_LON_UDEG_MAX) != 0)
		return VIZ_ERR_INPUT;
	*why = VIZ_CEP_POINTS_ABROAD;
	if (!viz_coordinate_in_brazil(p))
		return VIZ_ERR_INPUT;
	*why = VIZ_CEP_POINTS_GENERAL;
	street = !viz_cep_is_general(cep) && (!im->gazetteer || agrees(im, why, cep, p));
	/* most towns have one postcode, which says nothing against the point of an address */
	if ((street || *why == VIZ_CEP_POINTS_GENERAL) && viz_cell_count_add(&im->cells, p) != 0)
		return VIZ_ERR_NOMEM;
	return street ? take(im, cep, p) : VIZ_ERR_INPUT;
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

/* What viz_rows_open says of a file that is no table. */
static enum viz_cep_points_fault fault_of(const char *what)
{
	if (strcmp(what, "empty") == 0)
		return VIZ_CEP_POINTS_EMPTY;
	if (strcmp(what, "binary") == 0 || strcmp(what, "pdf") == 0)
		return VIZ_CEP_POINTS_BINARY;
	if (strcmp(what, "table") == 0 || strcmp(what, "xls") == 0)
		return VIZ_CEP_POINTS_SPREADSHEET;
	return strcmp(what, "read") == 0 ? VIZ_CEP_POINTS_UNREADABLE : VIZ_CEP_POINTS_HEADER;
}

static int read_rows(struct import *im, struct viz_rows *rows)
{
	int err = viz_rows_next(rows, &im->row);

	if (err == 0)
		return fail(im, 0, VIZ_CEP_POINTS_EMPTY);
	if (err < 0 || im->row.problem != VIZ_ROW_OK || !read_head(im))
		return fail(im, (unsigned)im->row.line, VIZ_CEP_POINTS_HEADER);
	/* A quote that opens by mistake must not swallow the lines after it. */
	rows->columns_max = im->row.n;
	rows->columns_min_lines = im->row.n;
	while ((err = viz_rows_next(rows, &im->row)) == 1) {
		enum viz_cep_points_skip why = VIZ_CEP_POINTS_BROKEN;

		im->report->rows++;
		if (im->row.problem == VIZ_ROW_OK) {
			viz_rows_strings(rows, &im->row);
			err = read_row(im, &why);
		} else {
			err = VIZ_ERR_INPUT;
		}
		if (err == VIZ_ERR_INPUT)
			skip(im, (unsigned)im->row.line, why);
		else if (err)
			return err;
	}
	if (err < 0)
		return fail(im, 0, VIZ_CEP_POINTS_UNREADABLE);
	return im->cells.n > 0 ? 0 : fail(im, 0, VIZ_CEP_POINTS_NO_ROWS);
}

static int read_csv(struct import *im, int fd)
{
	struct viz_rows rows;
	int err = viz_rows_open(&rows, fd);

	if (err == VIZ_ERR_INPUT) {
		im->report->error = strcmp(rows.what, "read") == 0 ? errno : 0;
		return fail(im, 0, fault_of(rows.what));
	}
	if (err)
		return err;
	viz_rows_guess_delimiter(&rows);
	err = read_rows(im, &rows);
	viz_rows_close(&rows);
	return err;
}

static struct cep_point *entries_of(const struct import *im)
{
	struct cep_point *e = calloc(im->n + 1, sizeof *e);
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
	struct cep_point *entries = NULL;
	int err, fd = open(csv, O_RDONLY | O_CLOEXEC);

	*report = (struct viz_cep_points_report){.error = fd < 0 ? errno : 0};
	if (fd < 0)
		return fail(&im, 0, VIZ_CEP_POINTS_UNREADABLE);
	viz_geometry_init(&im.outline);
	err = read_csv(&im, fd);
	close(fd);
	if (!err) {
		entries = entries_of(&im);
		viz_cell_count_sort(&im.cells);
		err = entries ? viz_cep_points_write(out, entries, im.n, im.cells.slots, im.cells.n)
			      : VIZ_ERR_NOMEM;
		report->error = err == VIZ_ERR_STORE ? errno : 0;
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
	viz_cell_count_free(&im.cells);
	free(im.table);
	return err;
}

_Static_assert(VIZ_GEO_POINTS_UNREADABLE + (int)VIZ_CEP_POINTS_NO_MEMORY ==
		   (int)VIZ_GEO_POINTS_NO_MEMORY + (int)VIZ_CEP_POINTS_UNREADABLE,
	       "each fault has a text");
_Static_assert(VIZ_GEO_SKIP_BROKEN + (int)VIZ_CEP_POINTS_ELSEWHERE == (int)VIZ_GEO_SKIP_ELSEWHERE,
	       "each reason has a text");

const char *viz_cep_points_import_fault_text(enum viz_cep_points_fault fault, enum viz_lang lang)
{
	if (fault == VIZ_CEP_POINTS_SOUND)
		return "";
	return viz_geo_texts[VIZ_GEO_POINTS_UNREADABLE + fault - VIZ_CEP_POINTS_UNREADABLE][lang];
}

const char *viz_cep_points_import_skip_text(enum viz_cep_points_skip skip, enum viz_lang lang)
{
	return viz_geo_texts[VIZ_GEO_SKIP_BROKEN + skip][lang];
}

const char *viz_cep_points_import_skip_name(enum viz_cep_points_skip skip)
{
	static const char *const names[VIZ_CEP_POINTS_SKIPS] = {
	    "broken", "no_cep", "no_point", "abroad", "general", "unknown", "elsewhere"};

	return names[skip];
}
