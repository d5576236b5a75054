#include "proto/text.h"

/* The length of the UTF-8 sequence at `p` (Unicode 15, table 3-7), or 0. */
static size_t utf8_sequence(const uint8_t *p, size_t len)
{
	if (p[0] < 0x80)
		return p[0] >= 0x20 && p[0] != 0x7f ? 1 : 0;
	if (p[0] >= 0xc2 && p[0] <= 0xdf) {
		if (len < 2 || (p[1] & 0xc0) != 0x80)
			return 0;
		return p[0] == 0xc2 && p[1] < 0xa0 ? 0 : 2; /* C1 controls */
	}
	if ((p[0] & 0xf0) == 0xe0) {
		if (len < 3 || (p[1] & 0xc0) != 0x80 || (p[2] & 0xc0) != 0x80)
			return 0;
		if ((p[0] == 0xe0 && p[1] < 0xa0) || (p[0] == 0xed && p[1] > 0x9f))
			return 0;
		return 3;
	}
	if (p[0] >= 0xf0 && p[0] <= 0xf4) {
		if (len < 4 || (p[1] & 0xc0) != 0x80 || (p[2] & 0xc0) != 0x80 ||
		    (p[3] & 0xc0) != 0x80)
			return 0;
		if ((p[0] == 0xf0 && p[1] < 0x90) || (p[0] == 0xf4 && p[1] > 0x8f))
			return 0;
		return 4;
	}
	return 0;
}

/* The code point of a valid sequence of `n` bytes. */
static uint32_t code_point(const uint8_t *p, size_t n)
{
	uint32_t ch = n == 1 ? p[0] : p[0] & (0x7fu >> n);

	for (size_t i = 1; i < n; i++)
		ch = ch << 6 | (p[i] & 0x3f);
	return ch;
}

/* Invisible characters, and those that change the direction of the text around them. */
static bool is_invisible(uint32_t ch)
{
	static const struct {
		uint32_t first, last;
	} ranges[] = {
	    {0x00ad, 0x00ad}, {0x061c, 0x061c}, {0x200b, 0x200f}, {0x2028, 0x202e},
	    {0x2060, 0x206f}, {0xfeff, 0xfeff}, {0xfff9, 0xfffb}, {0xe0000, 0xe007f},
	};

	for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++)
		if (ch >= ranges[i].first && ch <= ranges[i].last)
			return true;
	return false;
}

bool viz_text_utf8(const char *text, size_t len)
{
	const uint8_t *p = (const uint8_t *)text;

	for (size_t n; len > 0; p += n, len -= n) {
		n = utf8_sequence(p, len);
		if (n == 0)
			return false;
	}
	return true;
}

bool viz_text_valid(const char *text, size_t len)
{
	const uint8_t *p = (const uint8_t *)text;

	for (size_t n; len > 0; p += n, len -= n) {
		n = utf8_sequence(p, len);
		if (n == 0 || (n > 1 && is_invisible(code_point(p, n))))
			return false;
	}
	return true;
}

size_t viz_text_blank(const char *text)
{
	const uint8_t *p = (const uint8_t *)text;
	size_t n = utf8_sequence(p, strlen(text));
	uint32_t ch = n > 0 ? code_point(p, n) : 0;

	return ch == 0x20 || ch == 0xa0 || ch == 0x1680 || (ch >= 0x2000 && ch <= 0x200a) ||
		       ch == 0x202f || ch == 0x205f || ch == 0x3000
		   ? n
		   : 0;
}

bool viz_text_is_name(const char *text)
{
	bool blank = true;

	for (const char *at = text; *at != '\0';) {
		size_t n = viz_text_blank(at);

		if (n > 0 && at == text)
			return false;
		blank = n > 0;
		at += n > 0 ? n : 1;
	}
	return !blank;
}
