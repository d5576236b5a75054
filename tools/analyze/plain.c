#include "tools/analyze/plain.h"

/* 0: separates words. 1: needs a look at the bytes that follow. Else: the letter itself. */
#define SEP  0
#define WIDE 1

/* Latin-1 letters from U+00C0, without their accents. A blank separates. */
static const char latin[64 + 1] =
    "aaaaaaaceeeeiiiidnooooo ouuuuypsaaaaaaaceeeeiiiidnooooo ouuuuypy";

static char ascii_fold(unsigned char c)
{
	if (c >= 'A' && c <= 'Z')
		return (char)(c + 32);
	if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
		return (char)c;
	return c >= 0x80 ? WIDE : SEP;
}

static bool is_tail(char c)
{
	return ((unsigned char)c & 0xc0) == 0x80;
}

unsigned viz_plain_utf8_len(const char *p, size_t len)
{
	unsigned char c = (unsigned char)p[0];

	if (c < 0x80)
		return 1;
	if (c >= 0xc2 && c <= 0xdf && len >= 2 && is_tail(p[1]))
		return 2;
	if (c >= 0xe0 && c <= 0xef && len >= 3 && is_tail(p[1]) && is_tail(p[2]))
		return 3;
	if (c >= 0xf0 && c <= 0xf4 && len >= 4 && is_tail(p[1]) && is_tail(p[2]) && is_tail(p[3]))
		return 4;
	return 0;
}

static char latin_fold(unsigned cp)
{
	char c;

	if (cp == 0xaa)
		return 'a';
	if (cp == 0xba)
		return 'o';
	if (cp < 0xc0)
		return SEP;
	c = latin[cp - 0xc0];
	return c == ' ' ? SEP : c;
}

/* The letter that starts at `p`, SEP, or WIDE for "nothing at all" (a combining accent). */
static char wide_fold(unsigned *used, const char *p, size_t len)
{
	unsigned n = viz_plain_utf8_len(p, len);
	unsigned char a = (unsigned char)p[0];

	*used = n ? n : 1;
	if (n == 0)
		return latin_fold(a);
	if (n > 2)
		return SEP;
	if (a == 0xc3 && (unsigned char)p[1] == 0x83 && len >= 4 && (unsigned char)p[2] == 0xc2 &&
	    is_tail(p[3])) {
		/* "Ã§": UTF-8 that was taken for Latin-1 and encoded again */
		*used = 4;
		return latin_fold(0xc0u + ((unsigned char)p[3] & 0x3f));
	}
	if (a <= 0xc3)
		return latin_fold(((a & 3u) << 6) | ((unsigned char)p[1] & 0x3f));
	if (a == 0xcc || (a == 0xcd && (unsigned char)p[1] <= 0xaf))
		return WIDE;
	return SEP;
}

size_t viz_plain_text(char *out, size_t max, const char *text, size_t len)
{
	size_t n = 0;
	bool gap = false;

	for (size_t i = 0; i < len;) {
		char c = ascii_fold((unsigned char)text[i]);
		unsigned used = 1;

		if (c == WIDE) {
			c = wide_fold(&used, text + i, len - i);
			if (c == WIDE) {
				i += used;
				continue;
			}
		}
		i += used;
		if (c == SEP) {
			gap = n > 0;
			continue;
		}
		if (n + gap >= max)
			break;
		if (gap)
			out[n++] = ' ';
		gap = false;
		out[n++] = c;
	}
	return n;
}

uint64_t viz_plain_hash(const char *p, size_t len)
{
	const uint64_t k = UINT64_C(0x9e3779b97f4a7c15);
	uint64_t h = len * k;

	for (; len >= 8; p += 8, len -= 8) {
		uint64_t w;

		memcpy(&w, p, 8);
		h = (h ^ w) * k;
		h ^= h >> 29;
	}
	if (len) {
		uint64_t w = 0;

		memcpy(&w, p, len);
		h = (h ^ w) * k;
		h ^= h >> 29;
	}
	h *= UINT64_C(0xbf58476d1ce4e5b9);
	return h ^ (h >> 32);
}
