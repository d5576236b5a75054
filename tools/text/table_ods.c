/* Spreadsheets of LibreOffice (OpenDocument 1.2 part 1, section 9: Tables). The parts are read as
 * those of a workbook of Excel are. */
#include "tools/text/table_xlsx.h"

#include "tools/text/encoding.h"
#include "tools/text/zip.h"

#define HIDDEN_MAX  256u
#define STYLE_BYTES 64u

struct content {
	struct table_sheets *sheets;
	struct table_out out; /* of the open sheet */
	char name[VIZ_TABLE_SHEET_NAME_BYTES];
	bool open, hidden;
	char style[STYLE_BYTES];   /* the last one */
	char (*hide)[STYLE_BYTES]; /* of sheets that are not shown */
	size_t hide_n;
	uint64_t row, rows; /* that is open, from 1; how often it stands there */
	size_t row_at;      /* where its text begins */
	bool row_any;
	unsigned column, columns;  /* of the open cell; how often it stands there */
	char type[16], stated[64]; /* what the cell says of its value */
	char *value;
	size_t value_n;
};

static uint64_t count_of(const XML_Char **attributes, const char *name)
{
	const char *text = viz_table_xlsx_part_attribute(attributes, name);
	uint64_t n = text ? strtoull(text, NULL, 10) : 1;

	return n ? n : 1;
}

static void fail_cell(struct xlsx_part *p, enum viz_table_fault fault)
{
	struct content *c = p->to;
	char cell[24], where[96];

	viz_table_out_name(cell, c->column, c->row);
	snprintf(where, sizeof where, "%.60s!%s", c->name, cell);
	viz_table_xlsx_part_fail(p, fault, where);
}

static void start_table(struct xlsx_part *p, const XML_Char **attributes)
{
	struct content *c = p->to;
	const char *name = viz_table_xlsx_part_attribute(attributes, "name");
	const char *style = viz_table_xlsx_part_attribute(attributes, "style-name");

	if (c->open) /* a table within a cell */
		return;
	if (c->sheets->choice->of == VIZ_TABLE_SHEETS_MAX) {
		viz_table_xlsx_part_fail(p, VIZ_TABLE_TOO_LARGE, NULL);
		return;
	}
	snprintf(c->name, sizeof c->name, "%s", name ? name : "");
	viz_encoding_clean(c->name, false);
	c->open = true;
	c->hidden = false;
	for (size_t i = 0; style && i < c->hide_n; i++)
		c->hidden = c->hidden || strcmp(c->hide[i], style) == 0;
	c->out = (struct table_out){0};
	c->row = 0;
	c->rows = 1;
}

static void start_cell(struct content *c, const XML_Char **attributes)
{
	static const char *const values[] = {"date-value", "value"};
	const char *type = viz_table_xlsx_part_attribute(attributes, "value-type");

	c->columns = (unsigned)count_of(attributes, "number-columns-repeated");
	snprintf(c->type, sizeof c->type, "%s", type ? type : "string");
	c->stated[0] = '\0';
	for (size_t i = 0; i < 2 && !c->stated[0]; i++) {
		const char *value = viz_table_xlsx_part_attribute(attributes, values[i]);

		snprintf(c->stated, sizeof c->stated, "%s", value ? value : "");
	}
	c->value_n = 0;
}

static void add(struct xlsx_part *p, const char *text, size_t len)
{
	struct content *c = p->to;

	if (c->value_n + len > VIZ_TABLE_CELL_BYTES_MAX) {
		fail_cell(p, VIZ_TABLE_CELL_TOO_LONG);
		return;
	}
	memcpy(c->value + c->value_n, text, len);
	c->value_n += len;
}

static bool in_cell(const struct xlsx_part *p)
{
	const struct content *c = p->to;

	return c->open && !viz_table_xlsx_part_in(p, "annotation") &&
	       viz_table_xlsx_part_in(p, "p") &&
	       (viz_table_xlsx_part_in(p, "table-cell") ||
		viz_table_xlsx_part_in(p, "covered-table-cell"));
}

static void hide_style(struct content *c)
{
	if (c->hide_n < HIDDEN_MAX)
		memcpy(c->hide[c->hide_n++], c->style, STYLE_BYTES);
}

static void start(struct xlsx_part *p, const char *name, const XML_Char **attributes)
{
	struct content *c = p->to;
	const char *display = viz_table_xlsx_part_attribute(attributes, "display");
	const char *called = viz_table_xlsx_part_attribute(attributes, "name");

	if (strcmp(name, "style") == 0)
		snprintf(c->style, sizeof c->style, "%s", called ? called : "");
	else if (strcmp(name, "table-properties") == 0 && display && strcmp(display, "false") == 0)
		hide_style(c);
	else if (strcmp(name, "table") == 0)
		start_table(p, attributes);
	if (!c->open)
		return;
	if (strcmp(name, "table-row") == 0) {
		c->row += c->rows;
		c->row += c->row == 0;
		c->rows = count_of(attributes, "number-rows-repeated");
		c->column = 0;
		c->row_any = false;
	} else if (strcmp(name, "table-cell") == 0 || strcmp(name, "covered-table-cell") == 0) {
		start_cell(c, attributes);
	} else if ((strcmp(name, "s") == 0 || strcmp(name, "tab") == 0 ||
		    strcmp(name, "line-break") == 0 || strcmp(name, "p") == 0) &&
		   in_cell(p) && c->value_n > 0) {
		add(p, " ", 1);
	}
}

static void add_text(struct xlsx_part *p, const char *text, size_t len)
{
	if (in_cell(p))
		add(p, text, len);
}

/* Writes the value of a cell, as often as it stands there. */
static int put_cell(struct xlsx_part *p, const char *text, size_t len)
{
	struct content *c = p->to;
	int err = 0;

	if (!c->row_any && c->row <= VIZ_TABLE_ROWS_MAX) {
		err = viz_table_out_row(&c->out, c->row);
		c->row_at = c->out.len;
		c->row_any = true;
	}
	if (c->row > VIZ_TABLE_ROWS_MAX)
		fail_cell(p, VIZ_TABLE_TOO_LARGE);
	for (unsigned i = 0; i < c->columns && !err && !p->err; i++) {
		if (c->column + i >= VIZ_TABLE_COLUMNS_MAX)
			fail_cell(p, VIZ_TABLE_TOO_MANY_COLUMNS);
		else
			err = viz_table_out_cell(&c->out, c->column + i, text, len);
	}
	return err;
}

/* A date is "2024-03-11" or "2024-03-11T17:24:25"; a number stands with a point. */
static void end_cell(struct xlsx_part *p)
{
	struct content *c = p->to;
	const char *text = c->value;
	size_t len = c->value_n;
	char number[64], *end;
	int err = 0;

	c->value[c->value_n] = '\0';
	if (c->stated[0] && strcmp(c->type, "string") != 0) {
		double v = strtod(c->stated, &end);

		text = c->stated;
		len = strlen(text);
		if (strcmp(c->type, "date") == 0 && len > 10 && text[10] == 'T')
			c->stated[10] = ' ';
		else if (*end == '\0' && viz_table_out_number(number, sizeof number, text, len, v))
			text = number, len = strlen(number);
	}
	if (len > 0)
		err = put_cell(p, text, len);
	c->column = c->column + c->columns < c->column ? UINT32_MAX : c->column + c->columns;
	c->columns = 1;
	if (err == VIZ_ERR_LIMIT)
		fail_cell(p, VIZ_TABLE_TOO_LARGE);
	else if (err)
		p->err = err;
}

/* A row that stands there several times is written several times. */
static void end_row(struct xlsx_part *p)
{
	struct content *c = p->to;
	size_t len = c->out.len - c->row_at, cells = c->out.cells;
	char *copy;
	int err = 0;

	if (!c->row_any || c->rows == 1)
		return;
	copy = malloc(len + 1);
	if (!copy) {
		p->err = VIZ_ERR_NOMEM;
		return;
	}
	memcpy(copy, c->out.text + c->row_at, len);
	if (c->row + c->rows - 1 > VIZ_TABLE_ROWS_MAX)
		fail_cell(p, VIZ_TABLE_TOO_LARGE);
	for (uint64_t i = 1; i < c->rows && !err && !p->err; i++) {
		err = viz_table_out_row(&c->out, c->row + i);
		if (!err)
			err = viz_table_out_bytes(&c->out, copy, len);
	}
	c->out.cells = cells;
	free(copy);
	if (err == VIZ_ERR_LIMIT)
		fail_cell(p, VIZ_TABLE_TOO_LARGE);
	else if (err)
		p->err = err;
}

static void end_element(struct xlsx_part *p, const char *name)
{
	struct content *c = p->to;

	if (!c->open)
		return;
	if (strcmp(name, "table-cell") == 0 || strcmp(name, "covered-table-cell") == 0)
		end_cell(p);
	else if (strcmp(name, "table-row") == 0)
		end_row(p);
	else if (strcmp(name, "table") == 0 && !viz_table_xlsx_part_in(p, "table-row")) {
		c->open = false;
		if (c->hidden)
			free(c->out.text);
		else
			viz_table_sheet_take(c->sheets, &c->out, c->name);
		c->out = (struct table_out){0};
	}
	if (p->err)
		XML_StopParser(p->xml, XML_FALSE);
}

static void find_lock(struct xlsx_part *p, const char *name, const XML_Char **attributes)
{
	bool *locked = p->to;

	(void)attributes;
	*locked = *locked || strcmp(name, "encryption-data") == 0;
}

static int read_content(struct xlsx *x, struct table_sheets *sheets)
{
	struct content c = {.sheets = sheets, .value = malloc(VIZ_TABLE_CELL_BYTES_MAX + 1)};
	struct xlsx_part p = {.start = start, .text = add_text, .end = end_element, .to = &c};
	bool locked = false;
	struct xlsx_part manifest = {.start = find_lock, .to = &locked};
	int err = viz_table_xlsx_part(x, &manifest, "META-INF/manifest.xml");

	c.hide = calloc(HIDDEN_MAX, STYLE_BYTES);
	if (!c.hide || !c.value)
		err = VIZ_ERR_NOMEM;
	if (locked) {
		x->error->fault = VIZ_TABLE_ENCRYPTED;
		err = VIZ_ERR_INPUT;
	}
	if (!err || err == VIZ_ERR_ABSENT)
		err = viz_table_xlsx_part(x, &p, "content.xml");
	free(c.out.text);
	free(c.value);
	free(c.hide);
	return err;
}

int viz_table_ods(struct table_out *out, struct viz_table_sheet *choice,
		  struct viz_table_error *error, const uint8_t *bytes, size_t len)
{
	struct xlsx x = {
	    .bytes = bytes, .len = len, .budget = VIZ_TABLE_PARTS_BYTES_MAX, .error = error};
	struct table_sheets sheets = {.choice = choice};
	struct viz_zip zip;
	int err;

	if (viz_zip_open(&zip, bytes, len) != 0) {
		*error = (struct viz_table_error){.fault = VIZ_TABLE_DAMAGED};
		return VIZ_ERR_INPUT;
	}
	err = read_content(&x, &sheets);
	if (err == VIZ_ERR_ABSENT) {
		*error = (struct viz_table_error){.fault = VIZ_TABLE_NO_WORKBOOK};
		err = VIZ_ERR_INPUT;
	}
	if (!err)
		err = viz_table_sheet_end(out, &sheets, error);
	if (err)
		free(sheets.best.text);
	return err;
}
