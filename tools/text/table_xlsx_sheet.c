/* The cells of a sheet. */
#include "tools/text/table_xlsx.h"

#include <math.h>

#define DAY_SECONDS 86400
#define SERIAL_MAX  2958466.0 /* the day after 9999-12-31 */

struct sheet {
	struct table_out *out;
	const char *name;
	uint64_t row;    /* that is open, from 1 */
	unsigned column; /* of the open cell, from 0 */
	unsigned next;   /* the first column that may follow */
	char type[12];
	uint32_t style;
	char *value; /* of the open cell */
	size_t value_n;
};

static void fail_cell(struct xlsx_part *p, enum viz_table_fault fault)
{
	struct sheet *s = p->to;
	char cell[24], where[96];

	viz_table_out_name(cell, s->column, s->row);
	snprintf(where, sizeof where, "%.60s!%s", s->name, cell);
	viz_table_xlsx_part_fail(p, fault, where);
}

static void start_row(struct xlsx_part *p, const XML_Char **attributes)
{
	struct sheet *s = p->to;
	const char *r = viz_table_xlsx_part_attribute(attributes, "r");
	uint64_t row = r ? strtoull(r, NULL, 10) : s->row + 1;

	s->column = s->next = 0;
	if (row <= s->row || row > VIZ_TABLE_ROWS_MAX) {
		viz_table_xlsx_part_fail(p, VIZ_TABLE_SYNTAX, NULL);
		return;
	}
	s->row = row;
	p->err = viz_table_out_row(s->out, row);
	if (p->err == VIZ_ERR_LIMIT) {
		p->err = 0;
		fail_cell(p, VIZ_TABLE_TOO_LARGE);
	}
}

/* The column of "AB12". False when that is no cell. */
static bool column_of(unsigned *column, const char *r)
{
	unsigned c = 0;

	for (; *r >= 'A' && *r <= 'Z'; r++) {
		if (c > 16384)
			return false;
		c = c * 26 + (unsigned)(*r - 'A') + 1;
	}
	if (c == 0 || *r < '0' || *r > '9')
		return false;
	*column = c - 1;
	return true;
}

static void start_cell(struct xlsx_part *p, const XML_Char **attributes)
{
	struct sheet *s = p->to;
	const char *r = viz_table_xlsx_part_attribute(attributes, "r");
	const char *t = viz_table_xlsx_part_attribute(attributes, "t");
	const char *style = viz_table_xlsx_part_attribute(attributes, "s");

	s->column = s->next;
	s->value_n = 0;
	if (s->row == 0 || (r && !column_of(&s->column, r)) || s->column < s->next) {
		viz_table_xlsx_part_fail(p, VIZ_TABLE_SYNTAX, NULL);
		return;
	}
	s->next = s->column + 1;
	snprintf(s->type, sizeof s->type, "%s", t ? t : "n");
	s->style = style ? (uint32_t)strtoul(style, NULL, 10) : 0;
}

static void start(struct xlsx_part *p, const char *name, const XML_Char **attributes)
{
	if (strcmp(name, "row") == 0)
		start_row(p, attributes);
	else if (strcmp(name, "c") == 0)
		start_cell(p, attributes);
}

static void add_value(struct xlsx_part *p, const char *text, size_t len)
{
	struct sheet *s = p->to;
	const char *name = p->name[p->depth - 1];

	if ((strcmp(name, "v") != 0 && strcmp(name, "t") != 0) || !viz_table_xlsx_part_in(p, "c") ||
	    viz_table_xlsx_part_in(p, "rPh"))
		return;
	if (s->value_n + len > VIZ_TABLE_CELL_BYTES_MAX) {
		fail_cell(p, VIZ_TABLE_CELL_TOO_LONG);
		return;
	}
	memcpy(s->value + s->value_n, text, len);
	s->value_n += len;
}

/* A day of a workbook as a date of ISO 8601 ("days", Howard Hinnant, civil_from_days). A sheet
 * counts from 1899-12-30, or from 1904. */
static size_t put_date(char *out, size_t max, double serial, bool since_1904)
{
	int64_t seconds = llround((serial + (since_1904 ? 1462 : 0)) * DAY_SECONDS);
	int64_t z = seconds / DAY_SECONDS - 25569 + 719468, era = z / 146097, of_day;
	int64_t doe = z - era * 146097, yoe, doy, mp;
	int y, m, d, n;

	yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	mp = (5 * doy + 2) / 153;
	d = (int)(doy - (153 * mp + 2) / 5 + 1);
	m = (int)(mp < 10 ? mp + 3 : mp - 9);
	y = (int)(yoe + era * 400 + (m <= 2));
	n = snprintf(out, max, "%04d-%02d-%02d", y, m, d);
	of_day = seconds % DAY_SECONDS;
	if (of_day)
		n += snprintf(out + n, max - (size_t)n, " %02d:%02d:%02d", (int)(of_day / 3600),
			      (int)(of_day / 60 % 60), (int)(of_day % 60));
	return (size_t)n;
}

static int put_value(struct xlsx_part *p, const char *text, size_t len)
{
	struct sheet *s = p->to;

	if (s->column >= VIZ_TABLE_COLUMNS_MAX) {
		if (len > 0)
			fail_cell(p, VIZ_TABLE_TOO_MANY_COLUMNS);
		return p->err;
	}
	return viz_table_out_cell(s->out, s->column, text, len);
}

static void put_shared(struct xlsx_part *p)
{
	struct sheet *s = p->to;
	const struct xlsx *x = p->x;
	char *end;
	unsigned long i = strtoul(s->value, &end, 10);
	uint32_t from;

	if (s->value_n == 0 || *end != '\0' || i >= x->string_n) {
		fail_cell(p, VIZ_TABLE_NO_STRING);
		return;
	}
	from = i ? x->string_end[i - 1] : 0;
	if (x->string_end[i] - from > VIZ_TABLE_CELL_BYTES_MAX) {
		fail_cell(p, VIZ_TABLE_CELL_TOO_LONG);
		return;
	}
	p->err =
	    put_value(p, x->string_end[i] > from ? x->strings + from : "", x->string_end[i] - from);
}

static void put_numeric(struct xlsx_part *p)
{
	struct sheet *s = p->to;
	const struct xlsx *x = p->x;
	char text[64], *end;
	double v = strtod(s->value, &end);
	size_t n = 0;

	if (s->value_n > 0 && s->value_n < 40 && *end == '\0') {
		if (s->style < x->styles_n && x->is_date[s->style] && v >= 1 && v < SERIAL_MAX)
			n = put_date(text, sizeof text, v, x->since_1904);
		else
			n = viz_table_out_number(text, sizeof text, s->value, s->value_n, v);
	}
	p->err = put_value(p, n ? text : s->value, n ? n : s->value_n);
}

static void end(struct xlsx_part *p, const char *name)
{
	struct sheet *s = p->to;

	if (strcmp(name, "c") != 0 || s->row == 0)
		return;
	s->value[s->value_n] = '\0';
	if (strcmp(s->type, "s") == 0 && s->value_n > 0)
		put_shared(p);
	else if (strcmp(s->type, "n") == 0)
		put_numeric(p);
	else
		p->err = put_value(p, s->value, s->value_n);
	if (p->err == VIZ_ERR_LIMIT) {
		p->err = 0;
		fail_cell(p, VIZ_TABLE_TOO_LARGE);
	} else if (p->err) {
		XML_StopParser(p->xml, XML_FALSE);
	}
}

int viz_table_xlsx_sheet(struct xlsx *x, struct table_out *out, const char *path, const char *name)
{
	struct sheet s = {.out = out, .name = name, .value = malloc(VIZ_TABLE_CELL_BYTES_MAX + 1)};
	struct xlsx_part p = {.start = start, .text = add_value, .end = end, .to = &s};
	int err = s.value ? viz_table_xlsx_part(x, &p, path) : VIZ_ERR_NOMEM;

	free(s.value);
	return err;
}
