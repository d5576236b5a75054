/* Tables in HTML, which ERPs send as a file .xls, and in the XML of Excel 2003 (Workbook, Row,
 * Cell). It is read as browsers do, with what is forgotten closed by what follows: no ERP writes it
 * well formed. A table within a cell is read for itself, and the row around it is dropped. */
#include "tools/text/table_internal.h"

#include <strings.h>

#include "tools/text/encoding.h"

#define TAG_BYTES  32u
#define ENTITY_MAX 12u

struct html {
	const char *p, *end;
	struct table_out *out;
	struct viz_table_error *error;
	uint64_t line, row; /* of the source, of the table */
	bool in_row, in_cell, blank;
	unsigned column, span;
	uint32_t below[VIZ_TABLE_COLUMNS_MAX]; /* rows into which a cell from above reaches */
	char *cell;
	size_t cell_n;
	size_t tables; /* seen */
	struct table_sheets sheets;
	char sheet[VIZ_TABLE_SHEET_NAME_BYTES]; /* that is open */
};

static int fail(struct html *h, enum viz_table_fault fault)
{
	h->error->fault = fault;
	snprintf(h->error->where, sizeof h->error->where, "%llu", (unsigned long long)h->line);
	return VIZ_ERR_INPUT;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

static bool is_name(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == ':' || c == '-' || c == '_' || c == '!';
}

static int put_char(struct html *h, const char *bytes, size_t n)
{
	if (!h->in_cell)
		return 0;
	if (h->cell_n + n > VIZ_TABLE_CELL_BYTES_MAX)
		return fail(h, VIZ_TABLE_CELL_TOO_LONG);
	memcpy(h->cell + h->cell_n, bytes, n);
	h->cell_n += n;
	h->blank = false;
	return 0;
}

static int put_blank(struct html *h)
{
	int err = 0;

	if (h->in_cell && !h->blank && h->cell_n > 0)
		err = put_char(h, " ", 1);
	h->blank = true;
	return err;
}

/* The letters of Latin-1 by their names in HTML, from U+00A0 on. */
static const char latin_names[] =
    "nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn "
    "sup2 sup3 acute micro para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave "
    "Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml "
    "ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute THORN "
    "szlig agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml igrave "
    "iacute "
    "icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc uuml "
    "yacute thorn yuml ";

static uint32_t named(const char *name, size_t n)
{
	static const struct {
		const char *name;
		uint32_t cp;
	} others[] = {{"amp", '&'},       {"lt", '<'},       {"gt", '>'},       {"quot", '"'},
		      {"apos", '\''},     {"ndash", 0x2013}, {"mdash", 0x2014}, {"lsquo", 0x2018},
		      {"rsquo", 0x2019},  {"ldquo", 0x201c}, {"rdquo", 0x201d}, {"bull", 0x2022},
		      {"hellip", 0x2026}, {"euro", 0x20ac}};
	uint32_t cp = 0xa0;

	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		if (strlen(others[i].name) == n && memcmp(others[i].name, name, n) == 0)
			return others[i].cp;
	for (const char *s = latin_names; *s; cp++) {
		size_t len = strcspn(s, " ");

		if (len == n && memcmp(s, name, n) == 0)
			return cp;
		s += len + 1;
	}
	return 0;
}

/* The character of "#231" or "#xE7" or a name; 0 for none. */
static uint32_t entity(const char *name, size_t n)
{
	bool hex = n > 2 && (name[1] == 'x' || name[1] == 'X');
	uint32_t cp = 0;

	if (n < 2 || name[0] != '#')
		return named(name, n);
	for (size_t i = hex ? 2 : 1; i < n; i++) {
		char c = name[i];
		uint32_t digit = c >= '0' && c <= '9'          ? (uint32_t)(c - '0')
				 : hex && c >= 'a' && c <= 'f' ? (uint32_t)(c - 'a' + 10)
				 : hex && c >= 'A' && c <= 'F' ? (uint32_t)(c - 'A' + 10)
							       : 99;

		if (digit == 99 || cp > 0x10ffff)
			return 0;
		cp = cp * (hex ? 16 : 10) + digit;
	}
	if (cp > 0x10ffff || (cp >= 0xd800 && cp < 0xe000))
		return 0;
	return cp >= 0x80 && cp < 0xa0 ? viz_encoding_windows_1252((uint8_t)cp) : cp;
}

/* At '&'. What is no entity stands for itself. */
static int read_entity(struct html *h)
{
	size_t max = (size_t)(h->end - h->p) < ENTITY_MAX ? (size_t)(h->end - h->p) : ENTITY_MAX;
	const char *semicolon = memchr(h->p, ';', max);
	uint32_t cp = semicolon ? entity(h->p + 1, (size_t)(semicolon - h->p - 1)) : 0;
	char bytes[4];

	if (cp == 0) {
		h->p++;
		return put_char(h, "&", 1);
	}
	h->p = semicolon + 1;
	if (cp == 0xa0 || cp < 0x20)
		return put_blank(h);
	return put_char(h, bytes, viz_encoding_put(bytes, cp));
}

static int end_cell(struct html *h)
{
	int err = 0;

	if (!h->in_cell)
		return 0;
	while (h->cell_n > 0 && h->cell[h->cell_n - 1] == ' ')
		h->cell_n--;
	h->in_cell = false;
	if (h->column >= VIZ_TABLE_COLUMNS_MAX)
		return h->cell_n > 0 ? fail(h, VIZ_TABLE_TOO_MANY_COLUMNS) : 0;
	err = viz_table_out_cell(h->out, h->column, h->cell, h->cell_n);
	h->column += h->span;
	return err == VIZ_ERR_LIMIT ? fail(h, VIZ_TABLE_TOO_LARGE) : err;
}

static int start_row(struct html *h)
{
	int err = end_cell(h);

	if (err)
		return err;
	if (h->row == VIZ_TABLE_ROWS_MAX)
		return fail(h, VIZ_TABLE_TOO_LARGE);
	h->in_row = true;
	h->column = 0;
	err = viz_table_out_row(h->out, ++h->row);
	return err == VIZ_ERR_LIMIT ? fail(h, VIZ_TABLE_TOO_LARGE) : err;
}

/* A number in an attribute, at least 1; or `other`. */
static unsigned attribute(const char *tag, size_t len, const char *name, unsigned other)
{
	size_t n = strlen(name);

	for (size_t i = 1; i + n < len; i++) {
		unsigned v = 0;
		size_t at = i + n;

		if (!is_blank(tag[i - 1]) || strncasecmp(tag + i, name, n) != 0)
			continue;
		while (at < len && is_blank(tag[at]))
			at++;
		if (at == len || tag[at] != '=')
			continue;
		for (at++; at < len && (is_blank(tag[at]) || tag[at] == '"' || tag[at] == '\'');)
			at++;
		for (; at < len && tag[at] >= '0' && tag[at] <= '9' && v < 100000; at++)
			v = v * 10 + (unsigned)(tag[at] - '0');
		return v ? v : other;
	}
	return other;
}

static int start_cell(struct html *h, const char *tag, size_t len)
{
	unsigned rows = attribute(tag, len, "rowspan", 1);
	unsigned index = attribute(tag, len, "ss:Index", 0);
	int err = h->in_row ? end_cell(h) : start_row(h);

	if (err)
		return err;
	if (index > h->column + 1)
		h->column = index - 1;
	while (h->column < VIZ_TABLE_COLUMNS_MAX && h->below[h->column] > 0)
		h->below[h->column++]--;
	h->span = attribute(tag, len, "colspan", attribute(tag, len, "ss:MergeAcross", 0) + 1);
	for (unsigned i = h->column; i < h->column + h->span && i < VIZ_TABLE_COLUMNS_MAX; i++)
		h->below[i] = rows - 1;
	h->in_cell = true;
	h->blank = true;
	h->cell_n = 0;
	return 0;
}

/* A table of its own within a cell: what the row around it had is dropped. */
static void start_table(struct html *h)
{
	h->tables++;
	h->in_cell = h->in_row = false;
	h->cell_n = 0;
	memset(h->below, 0, sizeof h->below);
}

static bool is_one_of(const char *name, const char *list)
{
	char barred[TAG_BYTES + 3];

	snprintf(barred, sizeof barred, "|%s|", name);
	return strstr(list, barred) != NULL;
}

/* Goes to `mark`, of which there must be one. */
static int skip_to(struct html *h, const char *mark)
{
	size_t n = strlen(mark);

	for (; (size_t)(h->end - h->p) >= n; h->p++) {
		if (strncasecmp(h->p, mark, n) == 0)
			return 0;
		h->line += *h->p == '\n';
	}
	return fail(h, VIZ_TABLE_CUT);
}

/* The text of an attribute, as it stands; "" for none. */
static void attribute_text(char *out, size_t max, const char *tag, size_t len, const char *name)
{
	size_t n = strlen(name), m = 0;

	for (size_t i = 1; i + n + 2 < len; i++) {
		const char *at = tag + i + n + 2, *end;

		if (!is_blank(tag[i - 1]) || strncasecmp(tag + i, name, n) != 0 ||
		    tag[i + n] != '=' || !strchr("\"'", tag[i + n + 1]))
			continue;
		end = memchr(at, at[-1], len - (size_t)(at - tag));
		m = end && (size_t)(end - at) < max ? (size_t)(end - at) : 0;
		memcpy(out, at, m);
		break;
	}
	out[m] = '\0';
	viz_encoding_clean(out, false);
}

/* The XML of Excel 2003 has sheets as a workbook does. */
static int on_sheet(struct html *h, bool closes, const char *tag, size_t len)
{
	int err = end_cell(h);

	if (err)
		return err;
	if (closes && h->row > 0)
		viz_table_sheet_take(&h->sheets, h->out, h->sheet);
	else
		free(h->out->text);
	if (h->sheets.choice->of == VIZ_TABLE_SHEETS_MAX)
		return fail(h, VIZ_TABLE_TOO_LARGE);
	*h->out = (struct table_out){0};
	h->row = 0;
	start_table(h);
	if (!closes)
		attribute_text(h->sheet, sizeof h->sheet, tag, len, "ss:Name");
	return 0;
}

static int on_tag(struct html *h, const char *name, bool closes, const char *tag, size_t len)
{
	if (is_one_of(name, "|script|style|title|"))
		return closes ? 0
			      : skip_to(h, name[1] == 'c'   ? "</script"
					   : name[0] == 't' ? "</title"
							    : "</style");
	if (is_one_of(name, "|td|th|cell|ss:cell|"))
		return closes ? end_cell(h) : start_cell(h, tag, len);
	if (is_one_of(name, "|tr|row|ss:row|")) {
		int err = end_cell(h);

		h->in_row = false;
		return err || closes ? err : start_row(h);
	}
	if (is_one_of(name, "|table|ss:table|")) {
		int err = closes ? end_cell(h) : 0;

		start_table(h);
		h->tables -= closes;
		return err;
	}
	if (is_one_of(name, "|worksheet|ss:worksheet|"))
		return on_sheet(h, closes, tag, len);
	if (is_one_of(name, "|br|p|div|li|h1|h2|h3|h4|hr|"))
		return put_blank(h);
	return 0;
}

/* At '<' of a tag, a comment or a declaration. */
static int read_tag(struct html *h)
{
	char name[TAG_BYTES], quote = 0;
	const char *tag = h->p + 1, *q;
	bool closes = tag < h->end && *tag == '/';
	size_t n = 0;

	if (h->end - h->p >= 4 && memcmp(h->p, "<!--", 4) == 0) {
		int err = skip_to(h, "-->");

		h->p += err ? 0 : 3;
		return err;
	}
	q = tag + closes;
	if (q < h->end && *q != '!' && *q != '?' && !is_name(*q)) {
		h->p++;
		return put_char(h, "<", 1); /* "a < b" */
	}
	for (; q < h->end && is_name(*q); q++)
		if (n + 1 < sizeof name)
			name[n++] = *q >= 'A' && *q <= 'Z' ? (char)(*q + 32) : *q;
	name[n] = '\0';
	for (; q < h->end && (quote || *q != '>'); q++) {
		if (quote && *q == quote)
			quote = 0;
		else if (!quote && (*q == '"' || *q == '\''))
			quote = *q;
	}
	if (q == h->end)
		return fail(h, VIZ_TABLE_CUT);
	for (const char *c = h->p; c < q; c++)
		h->line += *c == '\n';
	h->p = q + 1;
	return on_tag(h, name, closes, tag, (size_t)(q - tag));
}

static int read_all(struct html *h)
{
	int err = 0;

	while (!err && h->p < h->end) {
		if (*h->p == '<') {
			err = read_tag(h);
		} else if (*h->p == '&') {
			err = read_entity(h);
		} else if (is_blank(*h->p)) {
			h->line += *h->p++ == '\n';
			err = put_blank(h);
		} else {
			err = put_char(h, h->p++, 1);
		}
	}
	if (!err && h->in_cell)
		err = fail(h, VIZ_TABLE_CUT);
	if (!err && h->tables == 0 && h->row == 0 && h->sheets.choice->of == 0) {
		err = fail(h, VIZ_TABLE_NO_TABLE);
		h->error->where[0] = '\0';
	}
	return err;
}

int viz_table_html(struct table_out *out, struct viz_table_sheet *choice,
		   struct viz_table_error *error, const char *text, size_t len)
{
	struct html *h = calloc(1, sizeof *h);
	int err = VIZ_ERR_NOMEM;

	if (h)
		h->cell = malloc(VIZ_TABLE_CELL_BYTES_MAX);
	if (h && h->cell) {
		h->p = text;
		h->end = text + len;
		h->out = out;
		h->error = error;
		h->line = 1;
		h->sheets.choice = choice;
		err = read_all(h);
		if (!err && choice->of > 0) {
			free(out->text);
			*out = (struct table_out){0};
			err = viz_table_sheet_end(out, &h->sheets, error);
		}
		if (err)
			free(h->sheets.best.text);
	}
	if (h)
		free(h->cell);
	free(h);
	return err;
}
