/* What the readers of tables share. */
#ifndef VIZ_TOOLS_TEXT_TABLE_INTERNAL_H
#define VIZ_TOOLS_TEXT_TABLE_INTERNAL_H

#include "tools/text/table.h"

/* The text that comes out. */
struct table_out {
	char *text;
	size_t len, max;
	uint64_t row;    /* that is being written, from 1; 0 before the first */
	unsigned column; /* the next one of it, from 0 */
	size_t cells;    /* that hold something */
};

/* All return 0, VIZ_ERR_LIMIT past VIZ_TABLE_TEXT_BYTES_MAX, or VIZ_ERR_NOMEM. */
int viz_table_out_bytes(struct table_out *out, const char *bytes, size_t len);
/* Goes to a later row. Those between are empty lines, so that numbers of lines are those of rows.
 */
int viz_table_out_row(struct table_out *out, uint64_t row);
/* A cell at a column that is not before out->column. Blanks stand for line breaks and TABs. */
int viz_table_out_cell(struct table_out *out, unsigned column, const char *text, size_t len);

/* "B3" for column 1 of row 3. `out` of 24 bytes. */
void viz_table_out_name(char *out, unsigned column, uint64_t row);

/* A number as people write it: 99.90000000000001 is 99.9. Three decimals get a fourth, because
 * 1.234 is one thousand and more in a table of Brazil. 0 for an integer, which stands as it is. */
size_t viz_table_out_number(char *out, size_t max, const char *text, size_t len, double value);

/* The sheets of a file, of which one is the table. */
struct table_sheets {
	struct viz_table_sheet *choice;
	struct table_out best;
	bool any, leavers;
	unsigned headings;
	char names[96];
};
/* Takes or frees the text of a sheet. */
void viz_table_sheet_take(struct table_sheets *sheets, struct table_out *one, const char *name);
/* Gives the one that was taken. VIZ_ERR_INPUT with *error: there is none. */
int viz_table_sheet_end(struct table_out *out, struct table_sheets *sheets,
			struct viz_table_error *error);

/* The readers. They fill `out` and return as above, or VIZ_ERR_INPUT with *error. */
int viz_table_xlsx(struct table_out *out, struct viz_table_sheet *choice,
		   struct viz_table_error *error, const uint8_t *bytes, size_t len);
int viz_table_ods(struct table_out *out, struct viz_table_sheet *choice,
		  struct viz_table_error *error, const uint8_t *bytes, size_t len);
int viz_table_html(struct table_out *out, struct viz_table_sheet *choice,
		   struct viz_table_error *error, const char *text, size_t len);

#endif
