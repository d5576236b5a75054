/* Recognises files that are no text: workbooks, and files with nothing in them. */
#ifndef VIZ_TOOLS_IMPORT_FILETYPE_H
#define VIZ_TOOLS_IMPORT_FILETYPE_H

#include "proto/base.h"

/* Whether the bytes begin like a workbook: xlsx and ods, which are zip archives, or xls. */
bool viz_filetype_is_spreadsheet(const uint8_t *bytes, size_t len);

/* Whether it is an xlsx or ods that can be opened, which is read as a table (tools/text/table.h).
 */
bool viz_filetype_is_workbook(const uint8_t *bytes, size_t len);

/* Whether there is nothing but a byte order mark, blanks and ends of lines. */
bool viz_filetype_is_empty(const uint8_t *bytes, size_t len);

#endif
