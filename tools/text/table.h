/* Tables that are no delimited text: workbooks (.xlsx, ECMA-376; .ods, OpenDocument), the HTML
 * pages and the XML of 2003 that programs name .xls, and text in UTF-16. They are turned into
 * delimited text in UTF-8, which tools/text/rows.h reads: a TAB between cells, a line for each row
 * of the sheet, quotes around a cell that holds one. Memory is bounded by the limits below,
 * whatever the file says. */
#ifndef VIZ_TOOLS_TEXT_TABLE_H
#define VIZ_TOOLS_TEXT_TABLE_H

#include "node/host/lang.h"
#include "proto/base.h"

#define VIZ_TABLE_FILE_BYTES_MAX  (64u << 20)
#define VIZ_TABLE_PARTS_BYTES_MAX (512u << 20) /* unpacked, of all parts of a workbook */
#define VIZ_TABLE_TEXT_BYTES_MAX  (128u << 20) /* what comes out */
#define VIZ_TABLE_STRINGS_MAX     (64u << 20)  /* bytes of a workbook's shared strings */
#define VIZ_TABLE_CELL_BYTES_MAX  131072u      /* 32,767 characters, as in Excel */
#define VIZ_TABLE_ROWS_MAX        1048576u     /* as in Excel */
#define VIZ_TABLE_COLUMNS_MAX     512u         /* VIZ_ROWS_COLUMNS_MAX */
#define VIZ_TABLE_SHEETS_MAX      256u

enum viz_table_kind {
	VIZ_TABLE_NONE, /* perhaps delimited text */
	VIZ_TABLE_XLSX, /* any zip archive */
	VIZ_TABLE_ODS,  /* of LibreOffice */
	VIZ_TABLE_HTML, /* or the XML of Excel 2003 */
	VIZ_TABLE_UTF16,
};

enum viz_table_fault {
	VIZ_TABLE_SOUND = 0,
	VIZ_TABLE_NO_WORKBOOK, /* an archive of something else */
	VIZ_TABLE_ENCRYPTED,
	VIZ_TABLE_DAMAGED, /* an archive that is cut, or not as its directory says */
	VIZ_TABLE_SYNTAX,  /* XML that is not well formed, or cells out of order */
	VIZ_TABLE_DOCTYPE, /* entities could fill the memory */
	VIZ_TABLE_TOO_LARGE,
	VIZ_TABLE_CELL_TOO_LONG,
	VIZ_TABLE_TOO_MANY_COLUMNS,
	VIZ_TABLE_NO_STRING, /* a cell names a shared string that is not there */
	VIZ_TABLE_NO_TABLE,  /* a page without a table: of an error, or for signing in */
	VIZ_TABLE_CUT,       /* the page or the text ends in the middle */
	VIZ_TABLE_NOT_UTF16, /* half of a pair, or a NUL */
	VIZ_TABLE_NO_SHEET,  /* none has the name that was asked for: `where` has their names */
};

struct viz_table_error {
	enum viz_table_fault fault;
	char where[96]; /* "Plan1!B3", "xl/sharedStrings.xml:1:200", "12" for a line; or "" */
};

/* What the file is, by its first bytes. */
enum viz_table_kind viz_table_kind(const uint8_t *bytes, size_t len);
/* Whether it is a workbook of before 2007, or one with a password, which is not read. */
bool viz_table_is_xls(const uint8_t *bytes, size_t len);
/* "xlsx", "ods", "html", "utf-16" */
const char *viz_table_kind_name(enum viz_table_kind kind);

#define VIZ_TABLE_SHEET_NAME_BYTES 64u

/* Which sheet of a workbook is the table. */
struct viz_table_sheet {
	const char *want; /* its name, or its number from 1; NULL: that with the most known
			     headings, then that with the most cells */
	char name[VIZ_TABLE_SHEET_NAME_BYTES]; /* of the one that was read; "": the file has none */
	size_t of;                             /* how many there are */
};

/* The whole file as delimited text in *out, with `slack` bytes of room after it; the caller frees
 * it. *tabs: the delimiter is a TAB; else it has to be found. VIZ_ERR_INPUT with *error,
 * VIZ_ERR_NOMEM. `bytes` are of a kind other than NONE. */
int viz_table_read(char **out, size_t *out_len, bool *tabs, struct viz_table_sheet *sheet,
		   struct viz_table_error *error, const uint8_t *bytes, size_t len, size_t slack);

/* "Plan1!B3: a cell with more than 131072 bytes" */
void viz_table_explain(char *out, size_t max, const struct viz_table_error *error,
		       enum viz_lang lang);

#endif
