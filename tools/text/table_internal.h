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

/* The readers. They fill `out` and return as above, or VIZ_ERR_INPUT with *error. */
int viz_table_xlsx(struct table_out *out, struct viz_table_error *error, const uint8_t *bytes,
		   size_t len);
int viz_table_html(struct table_out *out, struct viz_table_error *error, const char *text,
		   size_t len);

#endif
