#include "tools/geo/fold.h"

/* U+00C0 to U+00FF without their accents. */
/* clang-format off */
static const char latin[64][3] = {
    "a", "a", "a", "a", "a", "a", "ae", "c", "e", "e", "e", "e", "i", "i", "i",  "i",
    "d", "n", "o", "o", "o", "o", "o",  " ", "o", "u", "u", "u", "u", "y", "th", "ss",
    "a", "a", "a", "a", "a", "a", "ae", "c", "e", "e", "e", "e", "i", "i", "i",  "i",
    "d", "n", "o", "o", "o", "o", "o",  " ", "o", "u", "u", "u", "u", "y", "th", "y",
};

/* clang-format on */

static const char *const particles[] = {"d", "da", "das", "de", "do", "dos", "e"};

/* clang-format off */
static const char *const abbreviations[][2] = {
    {"s", "sao"},           {"st", "santo"},          {"sta", "santa"},
    {"sto", "santo"},       {"dr", "doutor"},         {"gov", "governador"},
    {"pres", "presidente"}, {"sen", "senador"},       {"cel", "coronel"},
    {"cap", "capitao"},     {"mal", "marechal"},      {"gal", "general"},
    {"gen", "general"},     {"eng", "engenheiro"},    {"prof", "professor"},
    {"dep", "deputado"},    {"cons", "conselheiro"},  {"alm", "almirante"},
    {"brig", "brigadeiro"}, {"ten", "tenente"},       {"maj", "major"},
           {"n", "nossa"},           {"ns", "nossa senhora"},
    {"sra", "senhora"},     {"sr", "senhor"},         {"pto", "porto"},
    {"min", "ministro"},    {"des", "desembargador"}, {"visc", "visconde"},
    {"cach", "cachoeira"},  {"pdte", "presidente"},   {"itap", "itapemirim"},
    {"vl", "vila"},         {"bj", "bom jesus"},      {"rib", "ribeirao"}, {"dagua", "agua"}, {"doeste", "oeste"}, {"darco", "arco"}, {"dalho", "alho"}, {"dajuda", "ajuda"},
};
/* clang-format on */

/* One character; an accent that stands alone (U+0300 to U+036F) is dropped. */
static size_t decode(uint32_t *ch, const unsigned char *s)
{
	if (s[0] >= 0xc2 && s[0] <= 0xdf && (s[1] & 0xc0) == 0x80) {
		*ch = (uint32_t)(s[0] & 0x1f) << 6 | (s[1] & 0x3fu);
		return 2;
	}
	if (s[0] >= 0xe0 && s[0] <= 0xef && (s[1] & 0xc0) == 0x80 && (s[2] & 0xc0) == 0x80) {
		*ch = 0x2019; /* quotation marks and dashes: all a blank here */
		return 3;
	}
	*ch = s[0];
	return 1;
}

int viz_fold_ascii(char *out, size_t max, const char *text)
{
	const unsigned char *s = (const unsigned char *)text;
	size_t n = 0;

	while (*s) {
		uint32_t ch;
		char one[2] = {' ', '\0'};
		const char *add = one;

		s += decode(&ch, s);
		if (ch >= 'A' && ch <= 'Z')
			one[0] = (char)(ch - 'A' + 'a');
		else if ((ch >= 'a' && ch <= 'z') || (ch >= '0' && ch <= '9'))
			one[0] = (char)ch;
		else if (ch >= 0xc0 && ch <= 0xff)
			add = latin[ch - 0xc0];
		else if ((ch >= 0x300 && ch <= 0x36f) || ch == 0xaa || ch == 0xba)
			add = "";
		for (; *add; add++) {
			if (n + 1 >= max)
				return VIZ_ERR_LIMIT;
			out[n++] = *add;
		}
	}
	out[n] = '\0';
	return 0;
}

static const char *expanded(const char *word, size_t words)
{
	for (size_t i = 0; i < sizeof particles / sizeof *particles; i++)
		if (strcmp(word, particles[i]) == 0 && words > 0)
			return "";
	for (size_t i = 0; i < sizeof abbreviations / sizeof *abbreviations; i++)
		if (strcmp(word, abbreviations[i][0]) == 0)
			return abbreviations[i][1];
	return word;
}

int viz_fold_name(char *out, const char *text)
{
	char plain[VIZ_FOLD_BYTES], folded[VIZ_FOLD_BYTES], *save = NULL;
	size_t n = 0, words = 0;
	int err = viz_fold_ascii(plain, sizeof plain, text);

	if (err)
		return err;
	for (char *w = strtok_r(plain, " ", &save); w; w = strtok_r(NULL, " ", &save)) {
		const char *word = expanded(w, words);
		size_t len = strlen(word);

		if (len == 0)
			continue;
		if (n + len + 2 > sizeof folded)
			return VIZ_ERR_LIMIT;
		if (words++ > 0)
			folded[n++] = ' ';
		memcpy(folded + n, word, len);
		n += len;
	}
	if (n == 0)
		return VIZ_ERR_ABSENT;
	memcpy(out, folded, n);
	out[n] = '\0';
	return 0;
}

void viz_fold_sound(char *folded)
{
	size_t n = 0;

	for (const char *s = folded; *s; s++) {
		char c = *s;

		if (c == 'y')
			c = 'i';
		else if (c == 'z')
			c = 's';
		else if (c == 'w')
			c = 'v';
		else if (c == 'j')
			c = 'g';
		else if (c == 'p' && s[1] == 'h')
			c = 'f';
		if (c == 'h' && n > 0 && (folded[n - 1] == 't' || folded[n - 1] == 'f'))
			continue;
		if (n > 0 && folded[n - 1] == c)
			continue;
		folded[n++] = c;
	}
	folded[n] = '\0';
}

unsigned viz_fold_distance(const char *a, const char *b, unsigned max)
{
	unsigned row[VIZ_FOLD_BYTES];
	size_t a_len = strlen(a), b_len = strlen(b);

	if (b_len >= VIZ_FOLD_BYTES || a_len > b_len + max || b_len > a_len + max)
		return max + 1;
	for (size_t j = 0; j <= b_len; j++)
		row[j] = (unsigned)j;
	for (size_t i = 1; i <= a_len; i++) {
		unsigned corner = row[0], best = row[0] = (unsigned)i;

		for (size_t j = 1; j <= b_len; j++) {
			unsigned cost = corner + (a[i - 1] != b[j - 1]);

			corner = row[j];
			if (row[j] + 1 < cost)
				cost = row[j] + 1;
			if (row[j - 1] + 1 < cost)
				cost = row[j - 1] + 1;
			row[j] = cost;
			best = cost < best ? cost : best;
		}
		if (best > max)
			return max + 1;
	}
	return row[b_len] > max ? max + 1 : row[b_len];
}
