#include <errno.h>
#include <unistd.h>

#include "tools/analyze/plain.h"
#include "tools/analyze/rows.h"

/* Bytes that a fast scan may read past the end. */
#define SLACK 64

static int fill(struct viz_rows *r)
{
	if (r->pos > 0) {
		memmove(r->buf, r->buf + r->pos, r->len - r->pos);
		r->len -= r->pos;
		r->pos = 0;
	}
	while (!r->eof && r->len < VIZ_ANALYZE_BUFFER_BYTES) {
		ssize_t n = read(r->fd, r->buf + r->len, VIZ_ANALYZE_BUFFER_BYTES - r->len);

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
	memset(r->buf + r->len, '\n', SLACK); /* a line that ends with the file ends here */
	return 0;
}

static const char *not_a_table(const struct viz_rows *r)
{
	size_t head = r->len < 4096 ? r->len : 4096;

	if (r->len == 0)
		return "empty";
	if (r->len >= 4 && memcmp(r->buf, "PK\3\4", 4) == 0)
		return "xlsx";
	if (r->len >= 4 && memcmp(r->buf, "\xd0\xcf\x11\xe0", 4) == 0)
		return "xls";
	if (r->len >= 2 &&
	    (memcmp(r->buf, "\xff\xfe", 2) == 0 || memcmp(r->buf, "\xfe\xff", 2) == 0))
		return "utf16";
	if (r->len >= 5 && memcmp(r->buf, "%PDF-", 5) == 0)
		return "pdf";
	if (memchr(r->buf, 0, head))
		return "binary";
	return NULL;
}

int viz_rows_open(struct viz_rows *r, int fd)
{
	*r = (struct viz_rows){.fd = fd, .line = 1, .delimiter = ';'};
	r->buf = malloc(VIZ_ANALYZE_BUFFER_BYTES + SLACK);
	if (!r->buf)
		return VIZ_ERR_NOMEM;
	if (fill(r) < 0 || (r->what = not_a_table(r)) != NULL) {
		free(r->buf);
		r->buf = NULL;
		return VIZ_ERR_INPUT;
	}
	if (r->len >= 3 && memcmp(r->buf, "\xef\xbb\xbf", 3) == 0)
		r->pos = 3;
	if (r->len - r->pos >= 5 && memcmp(r->buf + r->pos, "sep=", 4) == 0) {
		const char *end = memchr(r->buf + r->pos, '\n', r->len - r->pos);

		if (end) {
			r->pos = (size_t)(end + 1 - r->buf);
			r->line++;
		}
	}
	return 0;
}

void viz_rows_close(struct viz_rows *r)
{
	free(r->buf);
	r->buf = NULL;
}

bool viz_rows_is_utf8(const struct viz_rows *r, bool *ascii)
{
	*ascii = true;
	for (size_t i = 0; i < r->len;) {
		unsigned n = viz_plain_utf8_len(r->buf + i, r->len - i);

		if (n == 0 && r->len - i >= 4)
			return false;
		if (n != 1)
			*ascii = false;
		i += n ? n : 1;
	}
	return true;
}

/* The end of a quoted field whose text begins at `p`: its closing quote, or NULL. */
static char *quoted_end(char *p, char *limit, char delimiter, uint64_t *lines)
{
	for (;;) {
		char *q = memchr(p, '"', (size_t)(limit - p));

		if (!q)
			return NULL;
		for (char *n = p; (n = memchr(n, '\n', (size_t)(q - n))) != NULL; n++)
			(*lines)++;
		if (q[1] == '"' && q + 1 < limit) {
			p = q + 2;
			continue;
		}
		if (q[1] == delimiter || q[1] == '\n' || (q[1] == '\r' && q[2] == '\n'))
			return q;
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

/* Splits the row at `p`. Returns its end (the line break), or NULL when it goes past `limit`. */
static char *split(struct viz_row *row, char *p, char *limit, char delimiter, uint64_t *lines)
{
	row->n = 0;
	for (;;) {
		char *from = p, *end;

		if (*p == '"') {
			from = p + 1;
			end = quoted_end(from, limit, delimiter, lines);
			if (!end)
				return NULL;
			p = end + 1;
			if (*p == '\r')
				p++;
		} else {
			p = field_end(p, delimiter);
			end = p;
			if (*p == '\n' && end > from && end[-1] == '\r')
				end--;
		}
		if (p > limit)
			return NULL;
		if (row->n < VIZ_ANALYZE_COLUMNS_MAX)
			row->field[row->n] = (struct viz_field){from, (uint32_t)(end - from)};
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

	if (row->n > VIZ_ANALYZE_COLUMNS_MAX)
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
	if (row->n > VIZ_ANALYZE_COLUMNS_MAX)
		return false;
	for (size_t i = 0; i < row->n; i++)
		if (row->field[i].len > 0)
			return false;
	return true;
}

/* To the byte after `end`, which is a line break but for an endless line. */
static void move_to(struct viz_rows *r, const char *end, uint64_t lines)
{
	bool line = *end == '\n';

	r->line += lines + line;
	r->pos = (size_t)(end - r->buf) + line;
	if (r->pos > r->len)
		r->pos = r->len;
}

/* The row at pos. A row that is too long, or that spans lines and is wrong, costs its first line.
 */
static void take(struct viz_rows *r, struct viz_row *row)
{
	char *start = r->buf + r->pos;
	size_t room = r->len - r->pos;
	char *limit = start + (room < VIZ_ANALYZE_ROW_BYTES_MAX ? room : VIZ_ANALYZE_ROW_BYTES_MAX);
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
	if (row->n > VIZ_ANALYZE_COLUMNS_MAX)
		row->n = VIZ_ANALYZE_COLUMNS_MAX;
}

/* The rest of a line that was too long. False at the end of the file. */
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
		if (r->len - r->pos <= VIZ_ANALYZE_ROW_BYTES_MAX && !r->eof && fill(r) < 0)
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
	/* the first field begins the row, but for its quote */
	const char *p = row->field[0].text;

	r->pos = (size_t)(p - r->buf);
	if (r->pos > 0 && r->buf[r->pos - 1] == '"')
		r->pos--;
	r->line = row->line;
}
