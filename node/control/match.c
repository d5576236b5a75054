#include "node/control/match.h"

#include "crypto/secret.h"

#define PHONE_MIN 8 /* digits without the area code */
#define TEXT_MIN  3

/* The letters from U+00C0 to U+017F without their accents. A blank separates words. */
static const char latin[] = "aaaaaaaceeeeiiii"
			    "dnooooo ouuuuyts"
			    "aaaaaaaceeeeiiii"
			    "dnooooo ouuuuyty"
			    "aaaaaaccccccccdd"
			    "ddeeeeeeeeeegggg"
			    "gggghhhhiiiiiiii"
			    "iiiijjkkklllllll"
			    "lllnnnnnnnnnoooo"
			    "oooorrrrrrssssss"
			    "ssttttttuuuuuuuu"
			    "uuuuwwyyyzzzzzzs";

/* Reads one character of valid UTF-8, and returns its bytes. */
static size_t next(uint32_t *c, const uint8_t *p)
{
	static const uint8_t bits[] = {0x7f, 0x7f, 0x1f, 0x0f, 0x07};
	size_t len = p[0] < 0x80 ? 1 : p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : 4;

	*c = p[0] & bits[len];
	for (size_t i = 1; i < len; i++) {
		if (p[i] == '\0')
			return i; /* a text that was cut */
		*c = *c << 6 | (p[i] & 0x3f);
	}
	return len;
}

/* The letter or digit that stands for `c`; ' ': it separates words; 0: it is passed over; -1: it
 * stays. */
static int plain(uint32_t c)
{
	if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
		return (int)c;
	if (c >= 'A' && c <= 'Z')
		return (int)(c - 'A' + 'a');
	if (c >= 0xc0 && c < 0xc0 + sizeof latin - 1)
		return latin[c - 0xc0];
	if (c >= 0x300 && c < 0x370)
		return 0; /* an accent of its own */
	return c < 0x180 || (c >= 0x2000 && c < 0x2070) ? ' ' : -1;
}

void viz_match_fold(char out[VIZ_MATCH_MAX], const char *text)
{
	const uint8_t *p = (const uint8_t *)text;
	size_t n = 0, len;

	for (; *p != '\0'; p += len) {
		uint32_t c;
		int to;

		len = next(&c, p);
		to = plain(c);
		if (n + len >= VIZ_MATCH_MAX - 1)
			break;
		if (to > ' ') {
			out[n++] = (char)to;
		} else if (to == ' ' && n > 0 && out[n - 1] != ' ') {
			out[n++] = ' ';
		} else if (to < 0) {
			memcpy(out + n, p, len);
			n += len;
		}
	}
	if (n > 0 && out[n - 1] == ' ')
		n--;
	out[n] = '\0';
}

static void without_blanks(char *text)
{
	size_t n = 0;

	for (const char *c = text; *c != '\0'; c++)
		if (*c != ' ')
			text[n++] = *c;
	text[n] = '\0';
}

static void drop(char *text, size_t from, size_t count)
{
	memmove(text + from, text + from + count, strlen(text + from + count) + 1);
}

void viz_match_phone_fold(char out[VIZ_MATCH_MAX], const char *text)
{
	size_t len;

	viz_match_fold(out, text);
	without_blanks(out);
	len = strlen(out);
	if (len < PHONE_MIN || strspn(out, "0123456789") < len) {
		out[0] = '\0';
		return;
	}
	if ((len == 12 || len == 13) && strncmp(out, "55", 2) == 0)
		drop(out, 0, 2);
	else if ((len == 11 || len == 12) && out[0] == '0')
		drop(out, 0, 1);
	len = strlen(out);
	if ((len == 9 || len == 11) && out[len - 9] == '9')
		drop(out, len - 9, 1);
}

bool viz_match_init(struct viz_match *m, const char *text)
{
	viz_match_fold(m->words, text);
	memcpy(m->code, m->words, sizeof m->code);
	without_blanks(m->code);
	viz_match_phone_fold(m->phone, text);
	return strlen(m->code) >= TEXT_MIN;
}

/* Whether a word of `words` begins with these letters, or has no others. */
static bool begins_one(const char *words, const char *start, size_t len, bool whole)
{
	for (const char *w = words; *w != '\0'; w++) {
		if (strncmp(w, start, len) == 0 && (!whole || w[len] == ' ' || w[len] == '\0'))
			return true;
		w += strcspn(w, " ");
		if (*w == '\0')
			break;
	}
	return false;
}

bool viz_match_name(const struct viz_match *m, const char *name, bool whole)
{
	char folded[VIZ_MATCH_MAX];
	bool all = true;

	viz_match_fold(folded, name);
	for (const char *w = m->words; all && *w != '\0';) {
		size_t len = strcspn(w, " ");

		all = begins_one(folded, w, len, whole);
		w += len + (w[len] == ' ');
	}
	viz_secret_wipe(folded, sizeof folded);
	return all;
}

bool viz_match_phone(const struct viz_match *m, const char *phone)
{
	size_t len = strlen(m->phone), there;
	char folded[VIZ_MATCH_MAX];
	bool same;

	viz_match_phone_fold(folded, phone);
	there = strlen(folded);
	same = len > 0 &&
	       (strcmp(folded, m->phone) == 0 ||
		(len == PHONE_MIN && there == PHONE_MIN + 2 && strcmp(folded + 2, m->phone) == 0));
	viz_secret_wipe(folded, sizeof folded);
	return same;
}

bool viz_match_code(const struct viz_match *m, const char *code)
{
	char folded[VIZ_MATCH_MAX];

	viz_match_fold(folded, code);
	without_blanks(folded);
	return folded[0] != '\0' && strcmp(folded, m->code) == 0;
}
