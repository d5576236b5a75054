/* Rows of delimited text, one after another: from a file or pipe of any length through one fixed
 * buffer, or from memory.
 *
 * The reader follows RFC 4180 where the file keeps to it: quotes, doubled quotes, line breaks
 * within quotes, CRLF. Where the file does not, the reader loses as little as possible. A quote
 * inside an unquoted field is a character. A quote closes only before a delimiter or the end of a
 * line, with blanks between or without. A row over several lines whose columns do not add up gives
 * up its first line only. */
#ifndef VIZ_TOOLS_TEXT_ROWS_H
#define VIZ_TOOLS_TEXT_ROWS_H

#include "proto/base.h"
#include "tools/text/table.h"

#define VIZ_ROWS_BUFFER_BYTES  (1u << 20) /* one read from a file */
#define VIZ_ROWS_ROW_BYTES_MAX 65536u     /* a row of a file, line breaks within quotes included */
#define VIZ_ROWS_COLUMNS_MAX   512u

/* Points into the reader's buffer, without the enclosing quotes. Doubled quotes stay doubled. */
struct viz_field {
	const char *text;
	uint32_t len;
};

enum viz_row_problem {
	VIZ_ROW_OK,
	VIZ_ROW_TOO_LONG, /* past VIZ_ROWS_ROW_BYTES_MAX, usually for a quote that never closes */
	VIZ_ROW_TOO_MANY, /* more columns than columns_max that hold something, or than there may be
			   */
	VIZ_ROW_TOO_FEW,  /* ends before a column that is needed */
};

struct viz_row {
	struct viz_field field[VIZ_ROWS_COLUMNS_MAX]; /* valid until the next call */
	size_t n;
	const char *start;  /* its first byte in the buffer */
	uint64_t line;      /* of its first byte, from 1 */
	size_t stray_quote; /* the first field, from 1, with a quote that neither is doubled nor
			     * closes it; 0: none */
	enum viz_row_problem problem;
};

struct viz_rows {
	int fd; /* borrowed; -1: all is in memory */
	char *buf;
	size_t len, pos;
	size_t row_bytes_max;
	bool eof;
	bool cr;       /* lines end in CR alone, as in old programs of the Mac */
	bool skipping; /* within a line that was rejected for its length */
	char delimiter;
	bool delimiter_known;     /* it was a workbook or a page: nothing is to be guessed */
	enum viz_table_kind kind; /* what the file was */
	size_t columns_max;       /* 0: not known yet */
	size_t columns_min;
	size_t columns_min_lines; /* of a row over several lines: a stray quote swallows lines */
	uint64_t line;            /* of buf[pos] */
	uint64_t bytes;           /* read so far */
	int64_t began;            /* the offset of `fd` where reading began; -1: it cannot seek */
	const char *what;         /* why an open failed: see there */
	struct viz_table_error table; /* why, where `what` is "table" */
	struct viz_table_sheet sheet; /* of a workbook */
};

/* Reads the first block of `fd`, and skips a byte order mark and Excel's line "sep=;".
 * A workbook, a page with a table and UTF-16 are read to their end and become rows of text
 * (tools/text/table.h). VIZ_ERR_INPUT when it cannot be a table, with `what` one of "empty", "xls",
 * "pdf", "json", "binary", "read", or "table" with `table`; VIZ_ERR_NOMEM. The fields of other
 * files are as the file has them: see viz_rows_is_utf8. */
int viz_rows_open(struct viz_rows *rows, int fd);
/* The same, with the sheet that is wanted of a workbook, by name or number; NULL: the best one. It
 * lives as long as `rows`. */
int viz_rows_open_sheet(struct viz_rows *rows, int fd, const char *sheet);

/* The same for bytes in memory, which are copied, with everything brought to UTF-8 and a lone CR
 * read as the end of a line. A row may have any length. VIZ_ERR_INPUT for a NUL byte ("binary") or
 * nothing at all ("empty"); VIZ_ERR_NOMEM. */
int viz_rows_open_bytes(struct viz_rows *rows, const char *bytes, size_t len, const char *sheet);
void viz_rows_close(struct viz_rows *rows);

/* Sets the delimiter from the line that comes next: a semicolon where it holds one, then TAB,
 * then a bar, then comma, which stands within numbers too. Without any of them it is a semicolon.
 */
void viz_rows_guess_delimiter(struct viz_rows *rows);

/* 1 and a row (perhaps with a problem), 0 at the end, VIZ_ERR_INPUT when reading failed. Lines
 * without a value are passed over. */
int viz_rows_next(struct viz_rows *rows, struct viz_row *row);

/* Goes back to `row`, the last one read: after a change of delimiter. */
void viz_rows_again(struct viz_rows *rows, const struct viz_row *row);

/* Where the next row begins, to read from there once more. viz_rows_rewind fails with VIZ_ERR_INPUT
 * where `fd` cannot seek and more than the first block was read. */
struct viz_rows_mark {
	uint64_t at; /* bytes from where reading began */
	uint64_t line;
	bool skipping;
};
struct viz_rows_mark viz_rows_here(const struct viz_rows *rows);
int viz_rows_rewind(struct viz_rows *rows, const struct viz_rows_mark *mark);

/* Makes a string of each field of `row`, the last one read, which has no problem: blanks and TABs
 * are taken off both ends, doubled quotes become one, and a NUL ends it. There is no
 * viz_rows_again after it. */
void viz_rows_strings(struct viz_rows *rows, struct viz_row *row);

/* True when the first block is UTF-8, or ASCII (`ascii`). */
bool viz_rows_is_utf8(const struct viz_rows *rows, bool *ascii);

#endif
