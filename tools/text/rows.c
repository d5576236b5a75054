#include "tools/text/rows.h"

#include <errno.h>
#include <unistd.h>

#include "tools/text/encoding.h"

/* Bytes after the end that a fast scan may read. They are line breaks, so that a line that ends
 * with the file ends there. */
#define SLACK 64

static void end_lines(struct viz_rows *r, size_t from)
{
	for (char *p = r->buf + from;
	     r->cr && (p = memchr(p, '\r', (size_t)(r->buf + r->len - p))) != NULL; p++)
		*p = '\n';
}

static int fill(struct viz_rows *r)
{
	size_t from;

	if (r->pos > 0) {
		memmove(r->buf, r->buf + r->pos, r->len - r->pos);
		r->len -= r->pos;
		r->pos = 0;
	}
	from = r->len;
	while (!r->eof && r->len < VIZ_ROWS_BUFFER_BYTES) {
		ssize_t n = read(r->fd, r->buf + r->len, VIZ_ROWS_BUFFER_BYTES - r->len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			r->what = "read";
			return VIZ_ERR_INPUT;
		}
		r->eof = n == 0;
		r->len += (size_t)n;
		r->bytes += (uint64_t)n;
	}
	end_lines(r, from);
	memset(r->buf + r->len, '\n', SLACK);
	return 0;
}

/* A list of objects, as an API gives it. */
static bool is_json(const char *text, size_t len)
{
	size_t at = 0;
	bool list;

	while (at < len && strchr(" \r\n\t", text[at]) && text[at])
		at++;
	list = at < len && text[at] == '[';
	for (at += list; at < len && strchr(" \r\n\t", text[at]) && text[at];)
		at++;
	if (at == len || text[at] != '{')
		return false;
	for (at++; at < len && strchr(" \r\n\t", text[at]) && text[at];)
		at++;
	return at < len && (text[at] == '"' || text[at] == '}');
}

static const char *not_a_table(const struct viz_rows *r)
{
	size_t head = r->len < 4096 ? r->len : 4096;

	if (r->len == 0)
		return "empty";
	if (viz_table_is_xls((const uint8_t *)r->buf, r->len))
		return "xls";
	if (r->len >= 5 && memcmp(r->buf, "%PDF-", 5) == 0)
		return "pdf";
	if (is_json(r->buf, r->len))
		return "json";
	if (memchr(r->buf, 0, head))
		return "binary";
	return NULL;
}

/* Skips a byte order mark, and a line that names the delimiter for Excel. */
static void skip_head(struct viz_rows *r)
{
	if (r->len >= 3 && memcmp(r->buf, "\xef\xbb\xbf", 3) == 0)
		r->pos = 3;
	if (r->len - r->pos >= 5 && memcmp(r->buf + r->pos, "sep=", 4) == 0) {
		const char *end = memchr(r->buf + r->pos, '\n', r->len - r->pos);

		if (end) {
			r->pos = (size_t)(end + 1 - r->buf);
			r->line++;
		}
	}
}

/* The rows of a table that is no delimited text, whose bytes are `bytes`. */
static int take_table(struct viz_rows *r, const uint8_t *bytes, size_t len)
{
	char *text;
	size_t n;
	bool tabs;
	int err = viz_table_read(&text, &n, &tabs, &r->sheet, &r->table, bytes, len, SLACK);

	if (err) {
		r->what = "table";
		return err;
	}
	free(r->buf);
	memset(text + n, '\n', SLACK);
	r->buf = text;
	r->len = r->bytes = n;
	r->pos = 0;
	r->fd = -1;
	r->began = -1;
	r->eof = true;
	if (tabs) {
		r->delimiter = '\t';
		r->delimiter_known = true;
	}
	return 0;
}

/* Reads the rest of the file, which has to be had as a whole. */
static int read_table(struct viz_rows *r)
{
	size_t len = r->len, max = 2 * VIZ_ROWS_BUFFER_BYTES;
	uint8_t *bytes = malloc(max), *more;
	int err = bytes ? 0 : VIZ_ERR_NOMEM;

	if (bytes)
		memcpy(bytes, r->buf, len);
	while (!err && !r->eof && len <= VIZ_TABLE_FILE_BYTES_MAX) {
		ssize_t n = read(r->fd, bytes + len, max - len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			r->what = "read";
			err = VIZ_ERR_INPUT;
			break;
		}
		r->eof = n == 0;
		len += (size_t)n;
		if (len < max)
			continue;
		max *= 2;
		more = realloc(bytes, max);
		if (more)
			bytes = more;
		else
			err = VIZ_ERR_NOMEM;
	}
	if (!err)
		err = take_table(r, bytes, len);
	free(bytes);
	return err;
}

int viz_rows_open(struct viz_rows *r, int fd)
{
	return viz_rows_open_sheet(r, fd, NULL);
}

int viz_rows_open_sheet(struct viz_rows *r, int fd, const char *sheet)
{
	*r = (struct viz_rows){.fd = fd,
			       .line = 1,
			       .delimiter = ';',
			       .row_bytes_max = VIZ_ROWS_ROW_BYTES_MAX,
			       .sheet.want = sheet};
	int err = 0;

	r->began = lseek(fd, 0, SEEK_CUR);
	r->buf = malloc(VIZ_ROWS_BUFFER_BYTES + SLACK);
	if (!r->buf)
		return VIZ_ERR_NOMEM;
	if (fill(r) < 0) {
		viz_rows_close(r);
		return VIZ_ERR_INPUT;
	}
	if (!viz_table_is_xls((const uint8_t *)r->buf, r->len))
		r->kind = viz_table_kind((const uint8_t *)r->buf, r->len);
	if (r->kind != VIZ_TABLE_NONE)
		err = read_table(r);
	if (!err && (r->what = not_a_table(r)) != NULL)
		err = VIZ_ERR_INPUT;
	if (err) {
		viz_rows_close(r);
		return err;
	}
	/* a file without any LF ends its lines in CR */
	r->cr = r->kind == VIZ_TABLE_NONE && memchr(r->buf, '\n', r->len) == NULL;
	end_lines(r, 0);
	skip_head(r);
	return 0;
}

int viz_rows_open_bytes(struct viz_rows *r, const char *bytes, size_t len, const char *sheet)
{
	*r = (struct viz_rows){.fd = -1,
			       .line = 1,
			       .delimiter = ';',
			       .row_bytes_max = SIZE_MAX,
			       .eof = true,
			       .sheet.want = sheet};
	r->kind = viz_table_kind((const uint8_t *)bytes, len);
	if (r->kind != VIZ_TABLE_NONE) {
		int err = take_table(r, (const uint8_t *)bytes, len);

		if (!err)
			skip_head(r);
		return err;
	}
	r->what = len == 0 ? "empty" : memchr(bytes, '\0', len) ? "binary" : NULL;
	if (r->what)
		return VIZ_ERR_INPUT;
	r->buf = viz_encoding_to_utf8(&r->len, bytes, len, SLACK);
	if (!r->buf)
		return VIZ_ERR_NOMEM;
	memset(r->buf + r->len, '\n', SLACK);
	for (char *p = r->buf; (p = memchr(p, '\r', (size_t)(r->buf + r->len - p))) != NULL; p++)
		if (p[1] != '\n')
			*p = '\n';
	r->bytes = r->len;
	r->began = -1;
	skip_head(r);
	return 0;
}

void viz_rows_close(struct viz_rows *r)
{
	free(r->buf);
	r->buf = NULL;
}

void viz_rows_guess_delimiter(struct viz_rows *r)
{
	static const char ranked[] = {';', '\t', '|', ','};
	const char *line = r->buf + r->pos;
	const char *end = memchr(line, '\n', r->len - r->pos);
	size_t len = end ? (size_t)(end - line) : r->len - r->pos;

	if (r->delimiter_known)
		return;
	r->delimiter = ';';
	for (size_t i = 0; i < sizeof ranked; i++)
		if (memchr(line, ranked[i], len)) {
			r->delimiter = ranked[i];
			return;
		}
}

bool viz_rows_is_utf8(const struct viz_rows *r, bool *ascii)
{
	*ascii = false;
	/* the end of the block may lie within a character */
	for (size_t cut = 0; cut <= 3 && cut <= r->len; cut++)
		if (viz_encoding_is_utf8(ascii, r->buf, r->len - cut)) {
			*ascii = *ascii && cut == 0;
			return true;
		}
	return false;
}

/* The end of a quoted field whose text begins at `p`: its closing quote, or NULL. Blanks may stand
 * between the quote and what ends the field. */
static char *quoted_end(struct viz_row *row, char *p, char *limit, char delimiter, uint64_t *lines)
{
	for (;;) {
		char *q = memchr(p, '"', (size_t)(limit - p)), *next;

		if (!q)
			return NULL;
		for (char *n = p; (n = memchr(n, '\n', (size_t)(q - n))) != NULL; n++)
			(*lines)++;
		if (q[1] == '"' && q + 1 < limit) {
			p = q + 2;
			continue;
		}
		for (next = q + 1; *next == ' ';)
			next++;
		if (*next == delimiter || *next == '\n' || (*next == '\r' && next[1] == '\n'))
			return q;
		if (row->stray_quote == 0)
			row->stray_quote = row->n + 1;
		p = q + 1;
	}
}

/* Bytes of `word` that equal `b`, as their highest bits; exact for the lowest one that is set
 * ("Determine if a word has a byte equal to n", Bit Twiddling Hacks). */
static inline uint64_t equal_bytes(uint64_t word, uint64_t pattern)
{
	uint64_t x = word ^ pattern;

	return (x - UINT64_C(0x0101010101010101)) & ~x & UINT64_C(0x8080808080808080);
}

static inline char *field_end(char *p, char delimiter)
{
	const uint64_t lines = UINT64_C(0x0101010101010101) * (unsigned char)'\n';
	const uint64_t delims = UINT64_C(0x0101010101010101) * (unsigned char)delimiter;

	/* the buffer ends in line breaks, so this stops */
	for (;; p += 8) {
		uint64_t w, hit;

		memcpy(&w, p, 8);
		hit = equal_bytes(w, lines) | equal_bytes(w, delims);
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
		if (hit)
			return p + (__builtin_ctzll(hit) >> 3);
#else
		if (hit) {
			while (*p != '\n' && *p != delimiter)
				p++;
			return p;
		}
#endif
	}
}

/* Splits the row at `p`. Returns its end (the line break), or NULL when it goes past `limit`: then
 * the field after the last one is where that happened. */
static char *split(struct viz_row *row, char *p, char *limit, char delimiter, uint64_t *lines)
{
	row->n = 0;
	row->start = p;
	row->stray_quote = 0;
	for (;;) {
		char *from = p, *end;

		if (*p == '"') {
			from = p + 1;
			end = quoted_end(row, from, limit, delimiter, lines);
			for (p = end ? end + 1 : from; *p == ' ';)
				p++;
			if (*p == '\r')
				p++;
		} else {
			p = field_end(p, delimiter);
			end = p;
			if (*p == '\n' && end > from && end[-1] == '\r')
				end--;
		}
		if (row->n < VIZ_ROWS_COLUMNS_MAX)
			row->field[row->n] =
			    (struct viz_field){from, end ? (uint32_t)(end - from) : 0};
		if (!end || p > limit)
			return NULL;
		row->n++;
		if (*p == '\n')
			return p;
		p++;
	}
}

static enum viz_row_problem judge(const struct viz_rows *r, const struct viz_row *row,
				  uint64_t lines)
{
	size_t min = lines ? r->columns_min_lines : r->columns_min;

	if (row->n > VIZ_ROWS_COLUMNS_MAX)
		return VIZ_ROW_TOO_MANY;
	if (r->columns_max == 0)
		return VIZ_ROW_OK;
	for (size_t i = r->columns_max; i < row->n; i++)
		if (row->field[i].len > 0)
			return VIZ_ROW_TOO_MANY;
	return row->n < min ? VIZ_ROW_TOO_FEW : VIZ_ROW_OK;
}

static bool is_blank(const struct viz_row *row)
{
	if (row->n > VIZ_ROWS_COLUMNS_MAX)
		return false;
	for (size_t i = 0; i < row->n; i++)
		if (row->field[i].len > 0)
			return false;
	return true;
}

/* Goes to the byte after `end`, which is a line break except in a line that is too long. */
static void move_to(struct viz_rows *r, const char *end, uint64_t lines)
{
	bool line = *end == '\n';

	r->line += lines + line;
	r->pos = (size_t)(end - r->buf) + line;
	if (r->pos > r->len)
		r->pos = r->len;
}

/* The row at pos. One that is too long, or that spans lines and is wrong, costs its first line
 * only.
 */
static void take(struct viz_rows *r, struct viz_row *row)
{
	char *start = r->buf + r->pos;
	size_t left = r->len - r->pos;
	char *limit = start + (left < r->row_bytes_max ? left : r->row_bytes_max);
	uint64_t lines = 0;
	char *end = split(row, start, limit, r->delimiter, &lines);

	row->line = r->line;
	row->problem = end ? judge(r, row, lines) : VIZ_ROW_TOO_LONG;
	if (row->problem != VIZ_ROW_OK && (lines > 0 || !end)) {
		end = memchr(start, '\n', (size_t)(limit - start));
		if (!end) {
			end = limit;
			r->skipping = true;
		}
		lines = 0;
	}
	move_to(r, end, lines);
	if (row->problem != VIZ_ROW_TOO_LONG && is_blank(row))
		row->n = 0;
	if (row->n > VIZ_ROWS_COLUMNS_MAX)
		row->n = VIZ_ROWS_COLUMNS_MAX;
}

/* Skips the rest of a line that was too long. False at the end of the file. */
static bool skip_line(struct viz_rows *r)
{
	char *end = memchr(r->buf + r->pos, '\n', r->len - r->pos);

	if (!end) {
		r->pos = r->len;
		return !r->eof;
	}
	r->skipping = false;
	move_to(r, end, 0);
	return true;
}

int viz_rows_next(struct viz_rows *r, struct viz_row *row)
{
	for (;;) {
		if (r->len - r->pos <= VIZ_ROWS_ROW_BYTES_MAX && !r->eof && fill(r) < 0)
			return VIZ_ERR_INPUT;
		if (r->pos == r->len)
			return 0;
		if (r->skipping) {
			if (!skip_line(r))
				return 0;
			continue;
		}
		take(r, row);
		if (row->n > 0 || row->problem == VIZ_ROW_TOO_LONG)
			return 1;
	}
}

void viz_rows_again(struct viz_rows *r, const struct viz_row *row)
{
	r->pos = (size_t)(row->start - r->buf);
	r->line = row->line;
}

struct viz_rows_mark viz_rows_here(const struct viz_rows *r)
{
	return (struct viz_rows_mark){r->bytes - (r->len - r->pos), r->line, r->skipping};
}

int viz_rows_rewind(struct viz_rows *r, const struct viz_rows_mark *mark)
{
	uint64_t first = r->bytes - r->len; /* what buf[0] is */

	r->line = mark->line;
	r->skipping = mark->skipping;
	if (mark->at >= first) { /* all of it is still here */
		r->pos = (size_t)(mark->at - first);
		return 0;
	}
	if (r->began < 0 || lseek(r->fd, (off_t)((uint64_t)r->began + mark->at), SEEK_SET) < 0) {
		r->what = "read";
		return VIZ_ERR_INPUT;
	}
	r->pos = r->len = 0;
	r->bytes = mark->at;
	r->eof = false;
	return 0;
}

static bool is_blank_byte(char c)
{
	return c == ' ' || c == '\t';
}

/* Doubled quotes become one. Returns the new end. */
static char *undouble(char *text, char *end)
{
	char *to = text;

	for (char *from = text; from < end; from++) {
		*to++ = *from;
		from += *from == '"' && from + 1 < end && from[1] == '"';
	}
	return to;
}

void viz_rows_strings(struct viz_rows *r, struct viz_row *row)
{
	VIZ_REQUIRE(row->problem == VIZ_ROW_OK);
	for (size_t i = 0; i < row->n; i++) {
		struct viz_field *f = &row->field[i];
		char *text = r->buf + (f->text - r->buf), *end = text + f->len;

		if (f->text > row->start && text[-1] == '"')
			end = undouble(text, end);
		while (end > text && is_blank_byte(end[-1]))
			end--;
		*end = '\0';
		while (is_blank_byte(*text))
			text++;
		*f = (struct viz_field){text, (uint32_t)(end - text)};
	}
}
