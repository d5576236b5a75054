#include "tools/text/encoding.h"

#include "proto/text.h"

static bool is_tail(const char *p)
{
	return ((uint8_t)*p & 0xc0) == 0x80;
}

/* The sequences of three and four bytes. */
static size_t next_long(uint32_t *code_point, const char *p, size_t len)
{
	uint8_t first = (uint8_t)p[0];
	size_t n = first >= 0xf0 ? 4 : 3;
	uint32_t cp = first & (0x7fu >> n);

	if (first < 0xe0 || first > 0xf4 || n > len)
		return 0;
	for (size_t i = 1; i < n; i++) {
		if (!is_tail(p + i))
			return 0;
		cp = cp << 6 | ((uint8_t)p[i] & 0x3f);
	}
	/* not what fewer bytes could say, not half of a UTF-16 pair, not past the last code point
	 */
	if (cp < (n == 3 ? 0x800u : 0x10000u) || (cp >= 0xd800 && cp <= 0xdfff) || cp > 0x10ffff)
		return 0;
	*code_point = cp;
	return n;
}

size_t viz_encoding_next(uint32_t *code_point, const char *p, size_t len)
{
	uint8_t first = (uint8_t)p[0];

	if (first < 0x80) {
		*code_point = first;
		return 1;
	}
	if (first < 0xc2 || first > 0xdf)
		return next_long(code_point, p, len);
	if (len < 2 || !is_tail(p + 1))
		return 0;
	*code_point = (first & 0x1fu) << 6 | ((uint8_t)p[1] & 0x3f);
	return 2;
}

size_t viz_encoding_put(char *out, uint32_t cp)
{
	size_t n = cp < 0x80 ? 1 : cp < 0x800 ? 2 : cp < 0x10000 ? 3 : 4;
	static const uint8_t first[] = {0, 0, 0xc0, 0xe0, 0xf0};

	for (size_t i = n; i-- > 1; cp >>= 6)
		out[i] = (char)(0x80 | (cp & 0x3f));
	out[0] = (char)(first[n] | cp);
	return n;
}

bool viz_encoding_is_utf8(bool *ascii, const char *bytes, size_t len)
{
	bool plain = true;

	for (size_t i = 0, n; i < len; i += n) {
		uint32_t cp;

		n = (uint8_t)bytes[i] < 0x80 ? 1 : viz_encoding_next(&cp, bytes + i, len - i);
		if (n == 0)
			return false;
		plain = plain && n == 1;
	}
	if (ascii)
		*ascii = plain;
	return true;
}

void viz_encoding_clean(char *text, bool lines)
{
	size_t len = strlen(text);

	for (size_t i = 0, n; i < len; i += n) {
		uint32_t cp;

		n = viz_encoding_next(&cp, text + i, len - i);
		if (n == 0) {
			text[i] = '?';
			n = 1;
		} else if (!viz_text_valid(text + i, n) && !(lines && text[i] == '\n')) {
			memset(text + i, ' ', n);
		}
	}
}

uint32_t viz_encoding_windows_1252(uint8_t byte)
{
	static const uint16_t high[32] = {
	    0x20ac, 0x81,   0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160,
	    0x2039, 0x0152, 0x8d,   0x017d, 0x8f,   0x90,   0x2018, 0x2019, 0x201c, 0x201d, 0x2022,
	    0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0x9d,   0x017e, 0x0178,
	};

	return byte >= 0x80 && byte < 0xa0 ? high[byte - 0x80] : byte;
}

char *viz_encoding_to_utf8(size_t *out_len, const char *bytes, size_t len, size_t slack)
{
	bool utf8 = viz_encoding_is_utf8(NULL, bytes, len);
	/* no character of Windows-1252 is longer than three bytes */
	char *out = malloc((utf8 ? len : len * 3) + slack + 1);
	size_t n = 0;

	if (!out)
		return NULL;
	if (utf8) {
		memcpy(out, bytes, len);
		n = len;
	}
	for (size_t i = 0; !utf8 && i < len; i++)
		n += viz_encoding_put(out + n, viz_encoding_windows_1252((uint8_t)bytes[i]));
	*out_len = n;
	return out;
}
