/* The parts of a workbook (ECMA-376 part 1, SpreadsheetML). */
#ifndef VIZ_TOOLS_TEXT_TABLE_XLSX_H
#define VIZ_TOOLS_TEXT_TABLE_XLSX_H

#include <expat.h>

#include "tools/text/table_internal.h"

#define XLSX_NAME_BYTES 32u
#define XLSX_DEPTH_MAX  64u
#define XLSX_STYLES_MAX 65536u
#define XLSX_PATH_BYTES 128u

/* What the parts of a workbook give. */
struct xlsx {
	const uint8_t *bytes;
	size_t len;
	uint64_t budget; /* bytes that may still be unpacked */
	struct viz_table_error *error;

	char *strings; /* shared strings, one after another */
	size_t strings_n, strings_max;
	uint32_t *string_end;
	size_t string_n, string_max;
	uint8_t *is_date; /* by number of a cell's style */
	size_t styles_n;
	bool since_1904;
};

/* One part that is being read. */
struct xlsx_part {
	struct xlsx *x;
	XML_Parser xml;
	const char *path;
	unsigned depth;
	char name[XLSX_DEPTH_MAX][XLSX_NAME_BYTES]; /* of the open elements, without prefix */
	void (*start)(struct xlsx_part *p, const char *name, const XML_Char **attributes);
	void (*text)(struct xlsx_part *p, const char *text, size_t len);
	void (*end)(struct xlsx_part *p, const char *name);
	void *to; /* of the functions above */
	int err;  /* ends the reading */
};

/* Reads a part by its name in the archive with the functions of `p`, which has these and `to` set.
 * VIZ_ERR_ABSENT when there is none; VIZ_ERR_INPUT with x->error; VIZ_ERR_NOMEM. */
int viz_table_xlsx_part(struct xlsx *x, struct xlsx_part *p, const char *path);
/* Ends the reading with a fault at the place where the parser is, or at `where`. */
void viz_table_xlsx_part_fail(struct xlsx_part *p, enum viz_table_fault fault, const char *where);
/* The value of an attribute by its name without prefix, or NULL. */
const char *viz_table_xlsx_part_attribute(const XML_Char **attributes, const char *name);
/* Whether the element that is open, or the one that just ends, lies in one of this name. */
bool viz_table_xlsx_part_in(const struct xlsx_part *p, const char *name);

/* xl/sharedStrings.xml and xl/styles.xml: all that cells refer to. Results as above. */
int viz_table_xlsx_shared_strings(struct xlsx *x, const char *path);
int viz_table_xlsx_shared_styles(struct xlsx *x, const char *path);
/* A sheet, whose name is for messages. */
int viz_table_xlsx_sheet(struct xlsx *x, struct table_out *out, const char *path, const char *name);

#endif
