/* CSV: points with a radius, postcodes, ranges of postcodes, municipalities. The delimiter is `;`,
 * `,` or TAB, the text UTF-8 (with or without a BOM) or Windows-1252, the columns known by their
 * names; without a header a column of postcodes, or two of ranges, is understood too. */
#include "tools/import/import_internal.h"

#include "proto/reader.h"
#include "tools/geo/cep_text.h"
#include "tools/geo/coordinate.h"
#include "tools/geo/fold.h"

#define FIELDS_MAX 128u

enum column {
	LAT,
	LON,
	BOTH, /* "-19.39, -40.07" in one field */
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

/* Folded as viz_fold_name does, so without particles: "cep de" is "cep". */
/* clang-format off */
static const struct {
	enum column column;
	const char *name;
} headers[] = {
    {LAT, "lat"}, {LAT, "latitude"}, {LAT, "y"}, {LON, "lon"}, {LON, "lng"}, {LON, "long"},
    {LON, "longitude"}, {LON, "x"}, {BOTH, "coordenadas"}, {BOTH, "coordenada"},
    {BOTH, "coordinates"}, {BOTH, "latlong"}, {BOTH, "lat long"}, {BOTH, "lat lon"},
    {BOTH, "latlon"}, {BOTH, "localizacao"}, {BOTH, "gps"}, {RADIUS, "raio"}, {RADIUS, "radius"},
    {RADIUS, "raio m"}, {RADIUS, "radius m"}, {RADIUS, "alcance"}, {RADIUS, "raio metros"},
    {CEP, "cep"}, {CEP, "postcode"}, {CEP, "zip"}, {CEP, "codigo postal"}, {CEP, "ceps"},
    {CEP_FROM, "cep ini"}, {CEP_FROM, "cep inicial"}, {CEP_FROM, "cep inicio"}, {CEP_FROM, "inicio"},
    {CEP_FROM, "from"}, {CEP_FROM, "cep from"}, {CEP_FROM, "cep1"}, {CEP_TO, "cep fim"},
    {CEP_TO, "cep final"}, {CEP_TO, "fim"}, {CEP_TO, "ate"}, {CEP_TO, "cep ate"}, {CEP_TO, "to"},
    {CEP_TO, "cep to"}, {CEP_TO, "cep2"}, {IBGE, "ibge"}, {IBGE, "codigo ibge"}, {IBGE, "cod ibge"},
    {IBGE, "code muni"}, {IBGE, "codigo municipio"}, {IBGE, "cod municipio"}, {IBGE, "codigo"},
    {IBGE, "municipio ibge"}, {IBGE, "cd mun"}, {CITY, "municipio"}, {CITY, "cidade"}, {CITY, "city"},
    {CITY, "localidade"}, {CITY, "nm municipio"}, {CITY, "nome municipio"}, {CITY, "municipality"},
    {UF, "uf"}, {UF, "estado"}, {UF, "state"}, {UF, "nm uf"}, {UF, "sigla uf"}, {NAME, "nome"},
    {NAME, "name"}, {NAME, "caixa"}, {NAME, "cto"}, {NAME, "descricao"}, {NAME, "id"},
};
/* clang-format on */

struct field {
	char *text;      /* trimmed, with its NUL */
	unsigned column; /* in the line, from 1 */
};

struct csv {
	struct import_job *job;
	char *at; /* the next byte; quotes are taken out in place */
	char *end;
	char delimiter;
	unsigned line;
	struct field fields[FIELDS_MAX];
	size_t fields_n;
	int where[COLUMNS]; /* index of a column's field, or -1 */
	size_t header_n;
};

/* A quoted field: doubled quotes are one, line ends belong to it. */
static bool read_quoted(struct csv *c, char **text)
{
	char *out = ++c->at;

	*text = out;
	for (; c->at < c->end; c->at++) {
		if (*c->at == '"' && c->at[1] == '"')
			c->at++;
		else if (*c->at == '"')
			break;
		c->line += *c->at == '\n';
		*out++ = *c->at;
	}
	if (c->at >= c->end)
		return false;
	c->at++;
	while (*c->at == ' ')
		c->at++;
	/* what follows a closing quote is the delimiter or the end of the line */
	if (*c->at != c->delimiter && *c->at != '\r' && *c->at != '\n' && *c->at != '\0')
		return false;
	*out = '\0';
	return true;
}

static void trim(char **text, char *end)
{
	while (end > *text && (end[-1] == ' ' || end[-1] == '\t'))
		end--;
	*end = '\0';
	while (**text == ' ' || **text == '\t')
		(*text)++;
}

/* Ends a field at the delimiter or the line's end; true while the line goes on. */
static bool end_field(struct csv *c)
{
	char was = c->at < c->end ? *c->at : '\n';

	*c->at = '\0';
	if (was == c->delimiter) {
		c->at++;
		return true;
	}
	if (c->at < c->end)
		c->at++;
	if (was == '\r' && c->at < c->end && *c->at == '\n')
		c->at++;
	c->line++;
	return false;
}

/* One line into c->fields; false at the end of the file or with an error noted. */
static bool read_line(struct csv *c)
{
	char *start = c->at;
	bool more = true;

	c->fields_n = 0;
	if (c->at >= c->end)
		return false;
	c->job->where.line = c->line;
	while (more) {
		struct field f = {.text = c->at, .column = (unsigned)(c->at - start) + 1};

		c->job->where.column = f.column;
		if (c->fields_n == FIELDS_MAX) {
			viz_import_error(c->job, VIZ_IMPORT_TOO_MUCH,
					 "more than %u fields in a line",
					 "mais de %u campos numa linha", FIELDS_MAX);
			return false;
		}
		if (*c->at == '"') {
			if (!read_quoted(c, &f.text)) {
				viz_import_error(
				    c->job, VIZ_IMPORT_SYNTAX,
				    "a quotation mark that is not closed, or text behind it",
				    "aspas que não fecham, ou texto depois delas");
				return false;
			}
			more = end_field(c);
		} else {
			char *end;

			while (c->at < c->end && *c->at != c->delimiter && *c->at != '\n' &&
			       *c->at != '\r')
				c->at++;
			end = c->at;
			more = end_field(c);
			trim(&f.text, end);
		}
		c->fields[c->fields_n++] = f;
	}
	return true;
}

static bool is_blank(const struct csv *c)
{
	for (size_t i = 0; i < c->fields_n; i++)
		if (c->fields[i].text[0])
			return false;
	return true;
}

/* The one that the first line has most of; a `;` wins over a `,`, which stands within numbers. */
static char find_delimiter(const char *text)
{
	size_t semicolons = 0, commas = 0, tabs = 0;

	for (; *text && *text != '\n' && *text != '\r'; text++) {
		semicolons += *text == ';';
		commas += *text == ',';
		tabs += *text == '\t';
	}
	if (semicolons > 0)
		return ';';
	return tabs > 0 ? '\t' : commas > 0 ? ',' : ';';
}

static const char *value(const struct csv *c, enum column column)
{
	int i = c->where[column];

	return i >= 0 && (size_t)i < c->fields_n ? c->fields[i].text : "";
}

/* Where an error about this column is. */
static void point_at(struct csv *c, enum column column)
{
	int i = c->where[column];

	if (i >= 0 && (size_t)i < c->fields_n)
		c->job->where.column = c->fields[i].column;
}

static bool read_header(struct csv *c)
{
	bool known = false;

	for (size_t i = 0; i < COLUMNS; i++)
		c->where[i] = -1;
	for (size_t i = 0; i < c->fields_n; i++) {
		char folded[VIZ_FOLD_BYTES];

		if (viz_fold_name(folded, c->fields[i].text) != 0)
			continue;
		for (size_t h = 0; h < sizeof headers / sizeof *headers; h++)
			if (strcmp(headers[h].name, folded) == 0 &&
			    c->where[headers[h].column] < 0) {
				c->where[headers[h].column] = (int)i;
				known = true;
				break;
			}
	}
	c->header_n = c->fields_n;
	return known;
}

/* Without a header seven digits may be a municipality's code: only a hyphen makes them a postcode.
 */
static bool is_cep(const char *text)
{
	uint32_t cep;

	return viz_cep_parse(&cep, text) == 0 ||
	       (strchr(text, '-') && viz_cep_text(&cep, text) == 0);
}

/* A first line that is data already: postcodes in one column, or in two. */
static bool guess_columns(struct csv *c)
{
	if (c->fields_n < 1 || !is_cep(c->fields[0].text))
		return false;
	if (c->fields_n > 1 && is_cep(c->fields[1].text)) {
		c->where[CEP_FROM] = 0;
		c->where[CEP_TO] = 1;
	} else {
		c->where[CEP] = 0;
	}
	return true;
}

static bool has_use(const struct csv *c)
{
	return (c->where[LAT] >= 0 && c->where[LON] >= 0) || c->where[BOTH] >= 0 ||
	       c->where[CEP] >= 0 || (c->where[CEP_FROM] >= 0 && c->where[CEP_TO] >= 0) ||
	       c->where[IBGE] >= 0 || c->where[CITY] >= 0;
}

static bool take_cep_text(struct csv *c, enum column column, uint32_t *cep)
{
	const char *v = value(c, column);

	point_at(c, column);
	if (viz_cep_text(cep, v) == 0)
		return true;
	viz_import_error(c->job, VIZ_IMPORT_EXPECTED,
			 "\"%.40s\" is no postcode: expected eight digits",
			 "\"%.40s\" não é um CEP: esperava oito dígitos", v);
	return false;
}

static void take_ceps(struct csv *c)
{
	struct viz_cep_range r;

	if (value(c, CEP_FROM)[0] || value(c, CEP_TO)[0]) {
		if (take_cep_text(c, CEP_FROM, &r.from) && take_cep_text(c, CEP_TO, &r.to))
			viz_import_cep(c->job, r);
	} else if (take_cep_text(c, CEP, &r.from)) {
		r.to = r.from;
		viz_import_cep(c->job, r);
	}
}

static void take_point(struct csv *c)
{
	char lat[64], lon[64];
	const char *radius = value(c, RADIUS), *both = value(c, BOTH);
	uint32_t radius_m = 0;
	struct viz_point p;

	if (value(c, LAT)[0] || value(c, LON)[0]) {
		point_at(c, LAT);
		snprintf(lat, sizeof lat, "%s", value(c, LAT));
		snprintf(lon, sizeof lon, "%s", value(c, LON));
	} else {
		size_t n = strcspn(both, ";, ");

		point_at(c, BOTH);
		/* "-19,39 -40,07": a comma is decimal when a blank or semicolon parts the two */
		if (both[n] == ',' && both[n + 1] != ' ' && strpbrk(both, "; "))
			n = strcspn(both, "; ");
		snprintf(lat, sizeof lat, "%.*s", (int)(n < sizeof lat ? n : sizeof lat - 1), both);
		snprintf(lon, sizeof lon, "%s", both + n + strspn(both + n, ",; "));
	}
	if (radius[0] && !viz_import_radius(&radius_m, radius)) {
		point_at(c, RADIUS);
		viz_import_error(c->job, VIZ_IMPORT_RANGE,
				 "\"%.40s\" is no radius: expected metres, 1 to %u",
				 "\"%.40s\" não é um raio: esperava metros, de 1 a %u", radius,
				 VIZ_GEOMETRY_RADIUS_MAX_M);
		return;
	}
	if (viz_import_lat_lon(c->job, &p, lat, lon))
		viz_import_circle(c->job, p, radius_m);
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
			viz_import_error(c->job, VIZ_IMPORT_UNKNOWN,
					 "\"%.40s\" is no municipality's code",
					 "\"%.40s\" não é código de município", code);
		else
			viz_import_municipality(c->job, m[0].ibge);
		return;
	}
	point_at(c, UF);
	if (state[0] && viz_gazetteer_uf(g, uf, state) != 0) {
		viz_import_error(c->job, VIZ_IMPORT_UNKNOWN, "\"%.40s\" is no state",
				 "\"%.40s\" não é um estado", state);
		return;
	}
	point_at(c, CITY);
	err = viz_gazetteer_by_name(g, m, &n, VIZ_GAZETTEER_CANDIDATES_MAX, city,
				    state[0] ? uf : NULL);
	if (err)
		viz_import_error(c->job, VIZ_IMPORT_UNKNOWN, "no municipality \"%.60s\" %s",
				 "nenhum município \"%.60s\" %s", city, state);
	else if (n > 1)
		viz_import_error(
		    c->job, VIZ_IMPORT_AMBIGUOUS,
		    "\"%.60s\" is the name of %zu municipalities (%s, %s, ...): give the state",
		    "\"%.60s\" é o nome de %zu municípios (%s, %s, ...): informe a UF", city, n,
		    m[0].uf, m[1].uf);
	else
		viz_import_municipality(c->job, m[0].ibge);
}

static void take_row(struct csv *c)
{
	viz_import_feature(c->job);
	c->job->where.feature = 0; /* the line says it */
	c->job->where.column = 0;
	viz_import_name(c->job, value(c, NAME));
	if (value(c, LAT)[0] || value(c, LON)[0] || value(c, BOTH)[0]) {
		take_point(c);
	} else if (value(c, CEP)[0] || value(c, CEP_FROM)[0] || value(c, CEP_TO)[0]) {
		take_ceps(c);
	} else if (value(c, IBGE)[0] || value(c, CITY)[0]) {
		take_city(c);
	} else {
		viz_import_ignore(c->job, VIZ_IMPORT_IGNORED_ROWS);
	}
	viz_import_feature_end(c->job);
}

static void read_rows(struct csv *c, bool header)
{
	if (!header)
		take_row(c);
	while (!c->job->fatal && read_line(c)) {
		if (is_blank(c))
			continue;
		if (header && c->fields_n > c->header_n) {
			viz_import_error(
			    c->job, VIZ_IMPORT_SYNTAX,
			    "%zu fields, but the header has %zu (quote a field that holds the "
			    "delimiter)",
			    "%zu campos, mas o cabeçalho tem %zu (ponha entre aspas o campo "
			    "que contém o separador)",
			    c->fields_n, c->header_n);
			continue;
		}
		take_row(c);
	}
}

/* The whole file to UTF-8, from Windows-1252 where it is not UTF-8 already; NULs are refused. */
static char *to_utf8(size_t *out_len, const char *bytes, size_t len)
{
	static const uint16_t high[32] = {
	    0x20ac, 0x81,   0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160,
	    0x2039, 0x0152, 0x8d,   0x017d, 0x8f,   0x90,   0x2018, 0x2019, 0x201c, 0x201d, 0x2022,
	    0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0x9d,   0x017e, 0x0178,
	};
	char *out = malloc(len * 3 + 1);
	size_t n = 0;

	if (!out)
		return NULL;
	for (size_t i = 0; i < len; i++) {
		unsigned ch = (unsigned char)bytes[i];

		if (ch >= 0x80 && ch < 0xa0)
			ch = high[ch - 0x80];
		if (ch < 0x80) {
			out[n++] = (char)ch;
		} else if (ch < 0x800) {
			out[n++] = (char)(0xc0 | ch >> 6);
			out[n++] = (char)(0x80 | (ch & 0x3f));
		} else {
			out[n++] = (char)(0xe0 | ch >> 12);
			out[n++] = (char)(0x80 | (ch >> 6 & 0x3f));
			out[n++] = (char)(0x80 | (ch & 0x3f));
		}
	}
	out[n] = '\0';
	*out_len = n;
	return out;
}

/* As viz_text_utf8, but with the blanks and line ends of a file. */
static bool is_utf8(const char *bytes, size_t len)
{
	for (size_t from = 0, i = 0; i <= len; i++)
		if (i == len || (unsigned char)bytes[i] < 0x20 || bytes[i] == 0x7f) {
			if (!viz_text_utf8(bytes + from, i - from))
				return false;
			from = i + 1;
		}
	return true;
}

void viz_import_csv(struct import_job *job, const char *bytes, size_t len)
{
	size_t skip = len >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
	struct csv *c = calloc(1, sizeof *c);
	char *text = NULL;

	if (!c || memchr(bytes, '\0', len)) {
		job->fatal = c ? 0 : VIZ_ERR_NOMEM;
		viz_import_error(job, VIZ_IMPORT_SYNTAX,
				 "not text: it holds NUL bytes (save as UTF-8)",
				 "não é texto: contém bytes nulos (salve como UTF-8)");
		free(c);
		return;
	}
	bytes += skip;
	len -= skip;
	if (is_utf8(bytes, len)) {
		text = malloc(len + 1);
		if (text)
			memcpy(text, bytes, len + 1);
	} else {
		text = to_utf8(&len, bytes, len);
	}
	*c = (struct csv){.job = job, .at = text, .end = text + len, .line = 1};
	if (!text) {
		job->fatal = VIZ_ERR_NOMEM;
	} else {
		bool header;

		c->delimiter = find_delimiter(text);
		if (read_line(c)) {
			header = read_header(c);
			if ((header || guess_columns(c)) && has_use(c))
				read_rows(c, header);
			else
				viz_import_error(
				    job, VIZ_IMPORT_EXPECTED,
				    "no known columns: expected cep, or cep_inicial and "
				    "cep_final, or latitude and longitude, or municipio and uf, "
				    "or codigo_ibge",
				    "nenhuma coluna conhecida: esperava cep, ou cep_inicial e "
				    "cep_final, ou latitude e longitude, ou municipio e uf, ou "
				    "codigo_ibge");
		}
	}
	free(text);
	free(c);
}
