#include "tools/import/filetype.h"

#include "tools/text/table.h"
#include "tools/text/zip.h"

#define LOOK_BYTES 4096u

static bool holds(const uint8_t *bytes, size_t len, const char *word)
{
	size_t n = strlen(word);

	for (size_t i = 0; i + n <= len; i++)
		if (memcmp(bytes + i, word, n) == 0)
			return true;
	return false;
}

bool viz_filetype_is_spreadsheet(const uint8_t *bytes, size_t len)
{
	size_t look = len < LOOK_BYTES ? len : LOOK_BYTES;

	if (viz_table_is_xls(bytes, len))
		return true;
	if (len < 4 || memcmp(bytes, "PK\3\4", 4) != 0)
		return false;
	/* the first name is from ECMA-376 part 2; OpenDocument 1.2 part 3 puts the type first in
	 * the archive */
	return holds(bytes, look, "[Content_Types].xml") || holds(bytes, look, "xl/") ||
	       holds(bytes, look, "opendocument.spreadsheet");
}

bool viz_filetype_is_workbook(const uint8_t *bytes, size_t len)
{
	struct viz_zip_entry entry;

	return viz_zip_find(&entry, bytes, len, "xl/workbook.xml") == 0 ||
	       viz_zip_find(&entry, bytes, len, "content.xml") == 0;
}

bool viz_filetype_is_empty(const uint8_t *bytes, size_t len)
{
	size_t i = len >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;

	while (i < len &&
	       (bytes[i] == ' ' || bytes[i] == '\t' || bytes[i] == '\r' || bytes[i] == '\n'))
		i++;
	return i == len;
}
