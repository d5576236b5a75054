#include "tests/fuzz/fuzz.h"

#include "tools/text/encoding.h"
#include "tools/text/table.h"

/* Any workbook, page or UTF-16 gives text in UTF-8 without a NUL, or a known fault. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct viz_table_sheet sheet = {.want = NULL};
	struct viz_table_error error;
	char *text, said[256];
	size_t n;
	bool tabs;
	int err;

	if (viz_table_kind(data, len) == VIZ_TABLE_NONE)
		return 0;
	err = viz_table_read(&text, &n, &tabs, &sheet, &error, data, len, 1);
	if (err == 0) {
		VIZ_REQUIRE(n <= VIZ_TABLE_TEXT_BYTES_MAX && error.fault == VIZ_TABLE_SOUND);
		VIZ_REQUIRE(viz_encoding_is_utf8(NULL, text, n) && memchr(text, 0, n) == NULL);
		free(text);
	} else {
		VIZ_REQUIRE(err == VIZ_ERR_INPUT && error.fault != VIZ_TABLE_SOUND);
		viz_table_explain(said, sizeof said, &error, VIZ_LANG_PT);
	}
	return 0;
}
