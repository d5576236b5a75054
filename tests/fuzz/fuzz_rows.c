#include <sys/mman.h>
#include <unistd.h>

#include "tests/fuzz/fuzz.h"

#include "tools/text/encoding.h"
#include "tools/text/heading.h"
#include "tools/text/rows.h"

static void check_row(struct viz_rows *r, struct viz_row *row, bool strings)
{
	const char *end = r->buf + r->len;
	const char *role;
	uint16_t rank;

	VIZ_REQUIRE(row->n <= VIZ_ROWS_COLUMNS_MAX && row->stray_quote <= VIZ_ROWS_COLUMNS_MAX + 1);
	VIZ_REQUIRE(row->start >= r->buf && row->start < end);
	for (size_t i = 0; i < row->n; i++) {
		const struct viz_field *f = &row->field[i];

		VIZ_REQUIRE(f->text >= row->start && f->text <= end &&
			    f->len <= (size_t)(end - f->text));
	}
	if (row->problem == VIZ_ROW_OK && strings) {
		viz_rows_strings(r, row);
		for (size_t i = 0; i < row->n; i++)
			VIZ_REQUIRE(memchr(row->field[i].text, '\0', row->field[i].len + 1) ==
				    row->field[i].text + row->field[i].len);
	}
	if (row->n > 0)
		viz_heading_role(&role, &rank, row->field[0].text, row->field[0].len,
				 VIZ_HEADING_COVERAGE);
}

/* Any bytes, from a file or from memory: line numbers only grow, fields lie in their row, and
 * text from memory is UTF-8. The first byte selects the open function, the delimiter, the
 * columns and strings. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static const char delimiters[] = {';', ',', '\t', '|'};
	static struct viz_row row;
	struct viz_rows r;
	uint64_t line = 0;
	unsigned how = len > 0 ? data[0] : 0;
	int fd = -1, err;

	if (len == 0)
		return 0;
	if (how & 1) {
		err = viz_rows_open_bytes(&r, (const char *)data + 1, len - 1, NULL);
	} else {
		fd = memfd_create("fuzz", 0);
		VIZ_REQUIRE(fd >= 0 && write(fd, data + 1, len - 1) == (ssize_t)(len - 1));
		lseek(fd, 0, SEEK_SET);
		err = viz_rows_open(&r, fd);
	}
	VIZ_REQUIRE(err == 0 || (err == VIZ_ERR_INPUT && r.what && !r.buf));
	if (err == 0) {
		VIZ_REQUIRE(!(how & 1) || viz_encoding_is_utf8(NULL, r.buf, r.len));
		viz_rows_guess_delimiter(&r);
		if (how & 2)
			r.delimiter = delimiters[how >> 2 & 3];
		r.columns_max = how >> 4 & 7;
		r.columns_min = r.columns_max / 2;
		r.columns_min_lines = r.columns_max;
		for (int n = 0; n < 1000 && viz_rows_next(&r, &row) == 1; n++) {
			VIZ_REQUIRE(row.line > line);
			line = row.line;
			check_row(&r, &row, how & 128);
		}
		viz_rows_close(&r);
	}
	if (fd >= 0)
		close(fd);
	return 0;
}
