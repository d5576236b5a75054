/* A workbook: which parts it has, and which of its sheets is the table. */
#include "tools/text/table_xlsx.h"

#include "tools/text/encoding.h"
#include "tools/text/zip.h"

struct book_sheet {
	char name[64], id[32], path[XLSX_PATH_BYTES];
};

struct book {
	struct book_sheet sheet[VIZ_TABLE_SHEETS_MAX]; /* those that are shown */
	size_t sheets;
	char strings[XLSX_PATH_BYTES], styles[XLSX_PATH_BYTES];
};

static void start_book(struct xlsx_part *p, const char *name, const XML_Char **attributes)
{
	struct book *b = p->to;
	const char *text = viz_table_xlsx_part_attribute(attributes, "name");
	const char *id = viz_table_xlsx_part_attribute(attributes, "id");
	const char *state = viz_table_xlsx_part_attribute(attributes, "state");
	const char *since = viz_table_xlsx_part_attribute(attributes, "date1904");
	struct book_sheet *s = &b->sheet[b->sheets];

	if (strcmp(name, "workbookPr") == 0)
		p->x->since_1904 = since && (strcmp(since, "1") == 0 || strcmp(since, "true") == 0);
	if (strcmp(name, "sheet") != 0 || !id || (state && strcmp(state, "visible") != 0))
		return;
	if (b->sheets == VIZ_TABLE_SHEETS_MAX) {
		viz_table_xlsx_part_fail(p, VIZ_TABLE_TOO_LARGE, NULL);
		return;
	}
	snprintf(s->name, sizeof s->name, "%s", text ? text : "");
	snprintf(s->id, sizeof s->id, "%s", id);
	viz_encoding_clean(s->name, false);
	b->sheets++;
}

/* Targets are relative to xl/, or begin at the root of the archive. */
static void put_path(char out[XLSX_PATH_BYTES], const char *target)
{
	if (target[0] == '/')
		snprintf(out, XLSX_PATH_BYTES, "%s", target + 1);
	else
		snprintf(out, XLSX_PATH_BYTES, "xl/%s", target);
}

static bool ends_with(const char *text, const char *end)
{
	size_t n = strlen(text), m = strlen(end);

	return n >= m && strcmp(text + n - m, end) == 0;
}

static void start_relation(struct xlsx_part *p, const char *name, const XML_Char **attributes)
{
	struct book *b = p->to;
	const char *id = viz_table_xlsx_part_attribute(attributes, "Id");
	const char *type = viz_table_xlsx_part_attribute(attributes, "Type");
	const char *target = viz_table_xlsx_part_attribute(attributes, "Target");

	if (strcmp(name, "Relationship") != 0 || !id || !type || !target)
		return;
	if (ends_with(type, "/sharedStrings"))
		put_path(b->strings, target);
	if (ends_with(type, "/styles"))
		put_path(b->styles, target);
	for (size_t i = 0; i < b->sheets && ends_with(type, "/worksheet"); i++)
		if (strcmp(b->sheet[i].id, id) == 0)
			put_path(b->sheet[i].path, target);
}

static int fail(struct viz_table_error *error, enum viz_table_fault fault)
{
	*error = (struct viz_table_error){.fault = fault};
	return VIZ_ERR_INPUT;
}

static int read_book(struct xlsx *x, struct book *b)
{
	struct xlsx_part book = {.start = start_book, .to = b};
	struct xlsx_part relations = {.start = start_relation, .to = b};
	int err = viz_table_xlsx_part(x, &book, "xl/workbook.xml");

	if (err == VIZ_ERR_ABSENT)
		return fail(x->error, VIZ_TABLE_NO_WORKBOOK);
	if (!err)
		err = viz_table_xlsx_part(x, &relations, "xl/_rels/workbook.xml.rels");
	if (err == VIZ_ERR_ABSENT)
		return fail(x->error, VIZ_TABLE_DAMAGED);
	if (!err && b->strings[0])
		err = viz_table_xlsx_shared_strings(x, b->strings);
	if (err == VIZ_ERR_ABSENT)
		err = 0;
	if (!err && b->styles[0])
		err = viz_table_xlsx_shared_styles(x, b->styles);
	return err == VIZ_ERR_ABSENT ? 0 : err;
}

static int read_sheets(struct xlsx *x, const struct book *b, struct table_sheets *sheets)
{
	int err = 0;

	for (size_t i = 0; i < b->sheets && !err; i++) {
		struct table_out one = {0};

		if (!b->sheet[i].path[0])
			continue;
		err = viz_table_xlsx_sheet(x, &one, b->sheet[i].path, b->sheet[i].name);
		if (err == VIZ_ERR_ABSENT) {
			snprintf(x->error->where, sizeof x->error->where, "%.90s",
				 b->sheet[i].path);
			x->error->fault = VIZ_TABLE_DAMAGED;
			err = VIZ_ERR_INPUT;
		}
		if (err)
			free(one.text);
		else
			viz_table_sheet_take(sheets, &one, b->sheet[i].name);
	}
	return err;
}

int viz_table_xlsx(struct table_out *out, struct viz_table_sheet *choice,
		   struct viz_table_error *error, const uint8_t *bytes, size_t len)
{
	struct table_sheets sheets = {.choice = choice};
	struct xlsx x = {
	    .bytes = bytes, .len = len, .budget = VIZ_TABLE_PARTS_BYTES_MAX, .error = error};
	struct viz_zip_entry entry;
	struct viz_zip zip;
	struct book *b;
	int err;

	if (viz_zip_open(&zip, bytes, len) != 0)
		return fail(error, VIZ_TABLE_DAMAGED);
	/* OpenDocument without its type first */
	if (viz_zip_find(&entry, bytes, len, "xl/workbook.xml") != 0 &&
	    viz_zip_find(&entry, bytes, len, "content.xml") == 0)
		return viz_table_ods(out, choice, error, bytes, len);
	b = calloc(1, sizeof *b);
	err = b ? read_book(&x, b) : VIZ_ERR_NOMEM;
	if (!err)
		err = read_sheets(&x, b, &sheets);
	if (!err)
		err = viz_table_sheet_end(out, &sheets, error);
	if (err)
		free(sheets.best.text);
	free(b);
	free(x.strings);
	free(x.string_end);
	free(x.is_date);
	return err;
}
