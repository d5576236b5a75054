#include "tools/text/fold.h"

#include "tools/text/encoding.h"

/* A byte of ASCII becomes a letter or digit, or one of these. */
#define SEP  '\0' /* it separates words */
#define WIDE '\1' /* it is none of ASCII: look at the bytes that follow */

/* U+00C0 to U+00FF without their accents; "" separates words. */
/* clang-format off */
static const char latin[64][3] = {
    "a", "a", "a", "a", "a", "a", "ae", "c", "e", "e", "e", "e", "i", "i", "i",  "i",
    "d", "n", "o", "o", "o", "o", "o",  "",  "o", "u", "u", "u", "u", "y", "th", "ss",
    "a", "a", "a", "a", "a", "a", "ae", "c", "e", "e", "e", "e", "i", "i", "i",  "i",
    "d", "n", "o", "o", "o", "o", "o",  "",  "o", "u", "u", "u", "u", "y", "th", "y",
};
/* clang-format on */

static char ascii_fold(unsigned char c)
{
	if (c >= 'A' && c <= 'Z')
		return (char)(c + 32);
	if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
		return (char)c;
	return c >= 0x80 ? WIDE : SEP;
}

/* The letters of a code point, "" for one that separates words, NULL for an accent that stands
 * after its letter. */
static const char *latin_fold(uint32_t cp)
{
	if (cp >= 0xc0 && cp <= 0xff)
		return latin[cp - 0xc0];
	if (cp >= 0x300 && cp <= 0x36f)
		return NULL;
	return cp == 0xaa ? "a" : cp == 0xba ? "o" : "";
}

/* The same for the character that starts at `p`, and how many bytes it takes. */
static const char *wide_fold(size_t *used, const char *p, size_t len)
{
	uint32_t cp, second;
	size_t n = viz_encoding_next(&cp, p, len);

	*used = n ? n : 1;
	if (n == 0)
		return latin_fold(viz_encoding_windows_1252((uint8_t)p[0]));
	/* "Ã§" is a letter in UTF-8 that was taken for Latin-1 and encoded again */
	if (cp == 0xc3 && len > n) {
		size_t more = viz_encoding_next(&second, p + n, len - n);

		if (more == 2 && second >= 0x80 && second <= 0xbf) {
			*used = n + more;
			return latin_fold(0xc0 + (second & 0x3f));
		}
	}
	return latin_fold(cp);
}

/* Returns how much it wrote, and in *used how much of the text it read. */
static size_t fold(char *out, size_t *used, size_t max, const char *text, size_t len)
{
	size_t n = 0, i = 0, bytes;
	bool gap = false;

	for (; i < len; i += bytes) {
		char c = ascii_fold((unsigned char)text[i]), second = '\0';

		bytes = 1;
		if (c == WIDE) {
			const char *letters = wide_fold(&bytes, text + i, len - i);

			if (!letters)
				continue;
			c = letters[0];
			second = c ? letters[1] : '\0';
		}
		if (c == SEP) {
			gap = n > 0;
			continue;
		}
		if (n + gap + (second != '\0') >= max)
			break;
		if (gap)
			out[n++] = ' ';
		gap = false;
		out[n++] = c;
		if (second)
			out[n++] = second;
	}
	*used = i;
	return n;
}

size_t viz_fold_text(char *out, size_t max, const char *text, size_t len)
{
	size_t used;

	return fold(out, &used, max, text, len);
}

int viz_fold_string(char *out, size_t max, const char *text)
{
	size_t used, len = strlen(text), n;

	if (max == 0)
		return VIZ_ERR_LIMIT;
	n = fold(out, &used, max - 1, text, len);
	if (used < len)
		return VIZ_ERR_LIMIT;
	out[n] = '\0';
	return 0;
}
