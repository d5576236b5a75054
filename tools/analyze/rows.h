/* Rows of delimited text, one after another through one fixed buffer: files of any length, pipes.
 *
 * RFC 4180 where the file keeps to it (quotes, doubled quotes, line breaks within quotes, CRLF),
 * and a reading that loses as little as possible where it does not: a quote inside an unquoted
 * field is a character, a quote closes only before a delimiter or a line's end, and a row over
 * several lines whose columns do not add up gives up its first line only. */
#ifndef VIZ_ANALYZE_ROWS_H
#define VIZ_ANALYZE_ROWS_H

#include "proto/base.h"
#include "tools/analyze/limits_analyze.h"

/* Points into the reader's buffer, without the enclosing quotes; doubled quotes stay doubled. */
struct viz_field {
	const char *text;
	uint32_t len;
};

enum viz_row_problem {
	VIZ_ROW_OK,
	VIZ_ROW_TOO_LONG, /* past VIZ_ANALYZE_ROW_BYTES_MAX: usually a quote that never closes */
	VIZ_ROW_TOO_MANY, /* more columns than the header, and not empty ones */
	VIZ_ROW_TOO_FEW,  /* ends before a column that is needed */
};

struct viz_row {
	struct viz_field field[VIZ_ANALYZE_COLUMNS_MAX]; /* valid until the next call */
	size_t n;
	uint64_t line; /* of its first byte, from 1 */
	enum viz_row_problem problem;
};

struct viz_rows {
	int fd; /* borrowed */
	char *buf;
	size_t len, pos;
	bool eof;
	bool skipping; /* within a line that was rejected for its length */
	char delimiter;
	size_t columns_max; /* 0: not known yet */
	size_t columns_min;
	size_t columns_min_lines; /* of a row over several lines: a stray quote swallows lines */
	uint64_t line;            /* of buf[pos] */
	uint64_t bytes;           /* read so far */
	const char *what;         /* why viz_rows_open failed, a key of texts.h's problem list */
};

/* Reads the first block of `fd` and takes a byte order mark and Excel's "sep=;" line off.
 * VIZ_ERR_INPUT when it cannot be a text table, with `what` one of "empty", "xlsx", "xls", "utf16",
 * "pdf", "binary", "read"; VIZ_ERR_NOMEM. */
int viz_rows_open(struct viz_rows *rows, int fd);
void viz_rows_close(struct viz_rows *rows);

/* 1 and a row (perhaps with a problem), 0 at the end, VIZ_ERR_INPUT when reading failed. Lines
 * without a value are passed over. */
int viz_rows_next(struct viz_rows *rows, struct viz_row *row);

/* Goes back to `row`, the last one read: after a change of delimiter. */
void viz_rows_again(struct viz_rows *rows, const struct viz_row *row);

/* True when the first block is UTF-8, or ASCII (`ascii`). */
bool viz_rows_is_utf8(const struct viz_rows *rows, bool *ascii);

#endif
