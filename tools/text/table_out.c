#include "tools/text/table_internal.h"

#include <math.h>

static int grow(struct table_out *out, size_t more)
{
	size_t max = out->max ? out->max : 4096;
	char *text;

	if (out->len + more > VIZ_TABLE_TEXT_BYTES_MAX)
		return VIZ_ERR_LIMIT;
	if (out->len + more <= out->max)
		return 0;
	while (max < out->len + more)
		max *= 2;
	text = realloc(out->text, max);
	if (!text)
		return VIZ_ERR_NOMEM;
	out->text = text;
	out->max = max;
	return 0;
}

int viz_table_out_bytes(struct table_out *out, const char *bytes, size_t len)
{
	int err = grow(out, len);

	if (err)
		return err;
	memcpy(out->text + out->len, bytes, len);
	out->len += len;
	return 0;
}

static int repeat(struct table_out *out, char c, uint64_t n)
{
	int err = n > VIZ_TABLE_TEXT_BYTES_MAX ? VIZ_ERR_LIMIT : grow(out, (size_t)n);

	if (err || n == 0)
		return err;
	memset(out->text + out->len, c, (size_t)n);
	out->len += (size_t)n;
	return 0;
}

int viz_table_out_row(struct table_out *out, uint64_t row)
{
	int err = repeat(out, '\n', row - (out->row ? out->row : 1));

	out->row = row;
	out->column = 0;
	return err;
}

int viz_table_out_cell(struct table_out *out, unsigned column, const char *text, size_t len)
{
	bool quoted = memchr(text, '"', len) != NULL;
	unsigned tabs = column - out->column + (out->column > 0);
	int err = repeat(out, '\t', out->column > 0 ? tabs : column);

	if (!err)
		err = grow(out, 2 * len + 2);
	if (err)
		return err;
	if (quoted)
		out->text[out->len++] = '"';
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)text[i];

		if (c == '"')
			out->text[out->len++] = '"';
		out->text[out->len++] = c < 0x20 || c == 0x7f ? ' ' : text[i];
	}
	if (quoted)
		out->text[out->len++] = '"';
	out->column = column + 1;
	out->cells += len > 0;
	return 0;
}

void viz_table_out_name(char *out, unsigned column, uint64_t row)
{
	char letters[8];
	size_t n = 0;

	for (unsigned c = column + 1; c > 0 && n < 7; c = (c - 1) / 26)
		letters[n++] = (char)('A' + (c - 1) % 26);
	for (size_t i = 0; i < n; i++)
		out[i] = letters[n - 1 - i];
	snprintf(out + n, 24 - n, "%llu", (unsigned long long)row);
}

size_t viz_table_out_number(char *out, size_t max, const char *text, size_t len, double v)
{
	const char *point;
	size_t n;

	if (memchr(text, '.', len) == NULL && memchr(text, 'E', len) == NULL &&
	    memchr(text, 'e', len) == NULL)
		return 0;
	n = (size_t)snprintf(out, max, fabs(v) < 1e15 && v == floor(v) ? "%.0f" : "%.15g", v);
	point = memchr(out, '.', n);
	if (point && n - (size_t)(point - out) == 4 && n + 1 < max) {
		out[n++] = '0';
		out[n] = '\0';
	}
	return n;
}
