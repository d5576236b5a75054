/* CSV, and tables in a workbook or in a page: points with a radius, postcodes, ranges of postcodes,
 * municipalities. The columns are known by their headings. Without a header a column of postcodes,
 * or two of ranges, is understood too.
 */
#include "tools/import/import_internal.h"

#include "tools/geo/cep_text.h"
#include "tools/geo/place.h"
#include "tools/text/heading.h"
#include "tools/text/rows.h"

enum column {
	LAT,
	LON,
	POINT, /* "-19.39, -40.07" in one field */
	RADIUS,
	CEP,
	CEP_FROM,
	CEP_TO,
	IBGE,
	CITY,
	UF,
	NAME,
	COLUMNS,
};

struct csv {
	struct import_job *job;
	struct viz_rows rows;
	struct viz_row row; /* its fields are strings */
	int where[COLUMNS]; /* index of a column's field, or -1 */
	size_t header_n;
};

static const char *field(const struct csv *c, size_t i)
{
	return c->row.field[i].text;
}

/* Where the field begins in its line, from 1, with its quote. */
static unsigned column_of(const struct csv *c, size_t i)
{
	const char *text = field(c, i);

	/* of a workbook or a page: the number of the column */
	if (c->rows.delimiter_known)
		return (unsigned)i + 1;
	return (unsigned)(text - c->row.start) + (text == c->row.start || text[-1] != '"');
}

/* What the row says in a column, "" for nothing. */
static const char *value(const struct csv *c, enum column column)
{
	int i = c->where[column];

	return i >= 0 && (size_t)i < c->row.n ? field(c, (size_t)i) : "";
}

/* Notes that follow are about this column. */
static void point_at(struct csv *c, enum column column)
{
	int i = c->where[column];

	if (i >= 0 && (size_t)i < c->row.n)
		c->job->where.column = column_of(c, (size_t)i);
}

static bool quote_error(struct csv *c, size_t i)
{
	c->job->where.column = column_of(c, i);
	viz_import_error(c->job, VIZ_IMPORT_SYNTAX, VIZ_IMPORT_TEXT_CSV_QUOTE);
	return false;
}

/* The next row as strings. False at the end of the file, or with an error noted: what follows a
 * quote that does not close cannot be told apart. */
static bool read_row(struct csv *c)
{
	if (viz_rows_next(&c->rows, &c->row) != 1)
		return false;
	c->job->where.line = (unsigned)c->row.line;
	if (c->row.problem == VIZ_ROW_TOO_MANY) {
		c->job->where.column = column_of(c, c->row.n - 1);
		viz_import_error(c->job, VIZ_IMPORT_TOO_MUCH, VIZ_IMPORT_TEXT_CSV_FIELDS,
				 VIZ_ROWS_COLUMNS_MAX);
		return false;
	}
	if (c->row.stray_quote > 0)
		return quote_error(c, c->row.stray_quote - 1);
	if (c->row.problem != VIZ_ROW_OK)
		return quote_error(c, c->row.n);
	c->job->where.column = column_of(c, c->row.n - 1);
	viz_rows_strings(&c->rows, &c->row);
	return true;
}

static bool is_blank(const struct csv *c)
{
	for (size_t i = 0; i < c->row.n; i++)
		if (c->row.field[i].len > 0)
			return false;
	return true;
}

static bool read_header(struct csv *c)
{
	static const char *const roles[COLUMNS] = {"lat",  "lon",      "point",  "radius",
						   "cep",  "cep_from", "cep_to", "ibge",
						   "city", "uf",       "name"};
	bool known = false;

	for (size_t i = 0; i < COLUMNS; i++)
		c->where[i] = -1;
	for (size_t i = 0; i < c->row.n; i++) {
		const char *role;
		uint16_t rank;

		if (!viz_heading_role(&role, &rank, field(c, i), c->row.field[i].len,
				      VIZ_HEADING_COVERAGE))
			continue;
		for (size_t k = 0; k < COLUMNS; k++)
			if (strcmp(roles[k], role) == 0 && c->where[k] < 0) {
				c->where[k] = (int)i;
				known = true;
			}
	}
	c->header_n = c->row.n;
	return known;
}

/* Without a header seven digits may be the code of a municipality. Only a hyphen makes them a
 * postcode. */
static bool is_cep(const char *text)
{
	uint32_t cep;

	return viz_cep_parse(&cep, text) == 0 ||
	       (strchr(text, '-') && viz_cep_text(&cep, text) == 0);
}

/* Reads a first line that is data already: postcodes in one column, or ranges in two. */
static bool guess_columns(struct csv *c)
{
	if (c->row.n < 1 || !is_cep(field(c, 0)))
		return false;
	if (c->row.n > 1 && is_cep(field(c, 1))) {
		c->where[CEP_FROM] = 0;
		c->where[CEP_TO] = 1;
	} else {
		c->where[CEP] = 0;
	}
	return true;
}

static bool has_use(const struct csv *c)
{
	return (c->where[LAT] >= 0 && c->where[LON] >= 0) || c->where[POINT] >= 0 ||
	       c->where[CEP] >= 0 || (c->where[CEP_FROM] >= 0 && c->where[CEP_TO] >= 0) ||
	       c->where[IBGE] >= 0 || c->where[CITY] >= 0;
}

static bool take_cep_text(struct csv *c, enum column column, uint32_t *cep)
{
	const char *v = value(c, column);

	point_at(c, column);
	if (viz_cep_text(cep, v) == 0)
		return true;
	viz_import_error(c->job, VIZ_IMPORT_EXPECTED, VIZ_IMPORT_TEXT_CSV_CEP, v);
	return false;
}

static void take_ceps(struct csv *c)
{
	struct viz_cep_range r;

	if (value(c, CEP_FROM)[0] || value(c, CEP_TO)[0]) {
		if (take_cep_text(c, CEP_FROM, &r.from) && take_cep_text(c, CEP_TO, &r.to))
			viz_import_collect_cep(c->job, r);
	} else if (take_cep_text(c, CEP, &r.from)) {
		r.to = r.from;
		viz_import_collect_cep(c->job, r);
	}
}

static void take_point(struct csv *c)
{
	char lat[64], lon[64];
	const char *radius = value(c, RADIUS), *both = value(c, POINT);
	uint32_t radius_m = 0;
	struct viz_point p;

	if (value(c, LAT)[0] || value(c, LON)[0]) {
		point_at(c, LAT);
		snprintf(lat, sizeof lat, "%s", value(c, LAT));
		snprintf(lon, sizeof lon, "%s", value(c, LON));
	} else {
		size_t n = strcspn(both, ";, ");

		point_at(c, POINT);
		/* "-19,39 -40,07": a comma is decimal when a blank or semicolon separates the two
		 * numbers */
		if (both[n] == ',' && both[n + 1] != ' ' && strpbrk(both, "; "))
			n = strcspn(both, "; ");
		snprintf(lat, sizeof lat, "%.*s", (int)(n < sizeof lat ? n : sizeof lat - 1), both);
		snprintf(lon, sizeof lon, "%s", both + n + strspn(both + n, ",; "));
	}
	if (radius[0] && !viz_import_collect_radius(&radius_m, radius)) {
		point_at(c, RADIUS);
		viz_import_error(c->job, VIZ_IMPORT_RANGE, VIZ_IMPORT_TEXT_CSV_RADIUS, radius,
				 VIZ_GEOMETRY_RADIUS_MAX_M);
		return;
	}
	if (viz_import_plant_lat_lon(c->job, &p, lat, lon))
		viz_import_plant_circle(c->job, p, radius_m);
}

/* A name as it is written, or with more beside it, as in "Linhares/ES". A short form is not taken:
 * nobody confirms it. */
static int find_city(const struct viz_gazetteer *g, struct viz_municipality *m, size_t *n,
		     const char *city, const char *uf)
{
	struct viz_place_trouble trouble;
	struct viz_place place;
	int err = viz_gazetteer_names_find(g, m, n, VIZ_GAZETTEER_CANDIDATES_MAX, city, uf);

	if (!err || viz_place_find(&place, &trouble, g, NULL, city, 0) != 0 ||
	    place.kind != VIZ_PLACE_MUNICIPALITY || place.certainty != VIZ_PLACE_SURE ||
	    (uf && strcmp(place.uf, uf) != 0))
		return err;
	*n = 1;
	return viz_gazetteer_by_code(g, m, place.ibge);
}

static void take_city(struct csv *c)
{
	const struct viz_gazetteer *g = c->job->opt->gazetteer;
	struct viz_municipality m[VIZ_GAZETTEER_CANDIDATES_MAX];
	const char *code = value(c, IBGE), *city = value(c, CITY), *state = value(c, UF);
	size_t n = 0;
	char uf[3];
	int err;

	if (code[0]) {
		point_at(c, IBGE);
		if (strspn(code, "0123456789") != strlen(code) || strlen(code) > 7 ||
		    viz_gazetteer_by_code(g, m, (uint32_t)strtoul(code, NULL, 10)) != 0)
			viz_import_error(c->job, VIZ_IMPORT_UNKNOWN, VIZ_IMPORT_TEXT_CSV_CODE,
					 code);
		else
			viz_import_collect_municipality(c->job, m[0].ibge);
		return;
	}
	point_at(c, UF);
	if (state[0] && viz_gazetteer_names_uf(g, uf, state) != 0) {
		viz_import_error(c->job, VIZ_IMPORT_UNKNOWN, VIZ_IMPORT_TEXT_CSV_STATE, state);
		return;
	}
	point_at(c, CITY);
	err = find_city(g, m, &n, city, state[0] ? uf : NULL);
	if (err)
		viz_import_error(c->job, VIZ_IMPORT_UNKNOWN, VIZ_IMPORT_TEXT_CSV_MUNICIPALITY, city,
				 state);
	else if (n > 1)
		viz_import_error(c->job, VIZ_IMPORT_AMBIGUOUS, VIZ_IMPORT_TEXT_CSV_AMBIGUOUS, city,
				 n, m[0].uf, m[1].uf);
	else
		viz_import_collect_municipality(c->job, m[0].ibge);
}

/* Whether the row, or the header, is about a customer. */
static bool has_persons(const struct csv *c)
{
	for (size_t i = 0; i < c->row.n; i++)
		if (viz_import_personal_heading(field(c, i)) ||
		    viz_import_personal_value(field(c, i)))
			return true;
	return false;
}

static void take_row(struct csv *c)
{
	viz_import_report_feature(c->job);
	c->job->where.feature = 0; /* the line number says where */
	c->job->where.column = 0;
	viz_import_report_name(c->job, value(c, NAME));
	if (value(c, LAT)[0] || value(c, LON)[0] || value(c, POINT)[0]) {
		take_point(c);
	} else if (value(c, CEP)[0] || value(c, CEP_FROM)[0] || value(c, CEP_TO)[0]) {
		take_ceps(c);
	} else if (value(c, IBGE)[0] || value(c, CITY)[0]) {
		take_city(c);
	} else {
		viz_import_report_ignore(c->job, VIZ_IMPORT_IGNORED_ROWS);
	}
	viz_import_report_feature_end(c->job);
}

static void read_rows(struct csv *c, bool header)
{
	if (!header)
		take_row(c);
	while (!c->job->fatal && read_row(c)) {
		if (is_blank(c))
			continue;
		if (has_persons(c)) {
			viz_import_personal_refuse(c->job);
			return;
		}
		if (header && c->row.n > c->header_n) {
			viz_import_error(c->job, VIZ_IMPORT_SYNTAX,
					 VIZ_IMPORT_TEXT_CSV_HEADER_FIELDS, c->row.n, c->header_n);
			continue;
		}
		take_row(c);
	}
}

/* No heading has so many digits, nor an address of mail. */
static bool is_value(const char *text)
{
	size_t digits = 0;

	for (const char *s = text; *s; s++)
		digits += *s >= '0' && *s <= '9';
	return digits >= 6 || strchr(text, '@') != NULL;
}

/* The fields of the first row, for a person who looks for the column that is missing. False when it
 * is no header: nothing is quoted. */
static bool list_columns(char *out, size_t max, const struct csv *c)
{
	size_t at = 0;

	out[0] = '\0';
	for (size_t i = 0; i < c->row.n; i++)
		if (is_value(field(c, i)))
			return false;
	for (size_t i = 0; i < c->row.n && at + c->row.field[i].len + 3 < max; i++)
		at += (size_t)snprintf(out + at, max - at, "%s%s", i > 0 ? ", " : "", field(c, i));
	return true;
}

static void read_table(struct csv *c)
{
	char columns[240];
	bool header, quotable;

	viz_rows_guess_delimiter(&c->rows);
	if (!read_row(c))
		return;
	header = read_header(c);
	quotable = list_columns(columns, sizeof columns, c);
	if (has_persons(c))
		viz_import_personal_refuse(c->job);
	else if ((header || guess_columns(c)) && has_use(c))
		read_rows(c, header);
	else if (!quotable)
		viz_import_error(c->job, VIZ_IMPORT_EXPECTED, VIZ_IMPORT_TEXT_CSV_NO_HEADER);
	else if (header)
		viz_import_error(c->job, VIZ_IMPORT_EXPECTED, VIZ_IMPORT_TEXT_CSV_FEW_COLUMNS,
				 columns);
	else
		viz_import_error(c->job, VIZ_IMPORT_EXPECTED, VIZ_IMPORT_TEXT_CSV_COLUMNS, columns);
}

void viz_import_csv(struct import_job *job, const char *bytes, size_t len)
{
	struct csv *c = calloc(1, sizeof *c);
	int err = c ? viz_rows_open_bytes(&c->rows, bytes, len, job->opt->sheet) : VIZ_ERR_NOMEM;

	if (err == VIZ_ERR_NOMEM) {
		job->fatal = err;
	} else if (err && strcmp(c->rows.what, "table") == 0) {
		char why[VIZ_IMPORT_MESSAGE_BYTES];

		viz_table_explain(why, sizeof why, &c->rows.table, job->report->lang);
		viz_import_error(job, VIZ_IMPORT_SYNTAX, VIZ_IMPORT_TEXT_CSV_TABLE, why);
	} else if (err) {
		viz_import_error(job, VIZ_IMPORT_SYNTAX, VIZ_IMPORT_TEXT_CSV_BINARY);
	} else {
		c->job = job;
		read_table(c);
		viz_rows_close(&c->rows);
	}
	free(c);
}
