/* What a file is that was given instead of text. */
#ifndef VIZ_TOOLS_IMPORT_FILETYPE_H
#define VIZ_TOOLS_IMPORT_FILETYPE_H

#include "proto/base.h"

/* Whether the first bytes are those of a workbook: xlsx, ods (zip archives), xls. */
bool viz_filetype_is_spreadsheet(const uint8_t *bytes, size_t len);

/* Whether there is nothing but a byte order mark, blanks and line ends. */
bool viz_filetype_is_empty(const uint8_t *bytes, size_t len);

#endif
