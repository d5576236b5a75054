#include "tools/geo/name.h"

#include "tools/text/fold.h"

static const char *const particles[] = {"d", "da", "das", "de", "do", "dos", "e"};

/* clang-format off */
static const char *const abbreviations[][2] = {
    {"s", "sao"},              {"st", "santo"},           {"sta", "santa"},
    {"sto", "santo"},          {"dr", "doutor"},          {"gov", "governador"},
    {"pres", "presidente"},    {"sen", "senador"},        {"cel", "coronel"},
    {"cap", "capitao"},        {"mal", "marechal"},       {"gal", "general"},
    {"gen", "general"},        {"eng", "engenheiro"},     {"prof", "professor"},
    {"dep", "deputado"},       {"cons", "conselheiro"},   {"alm", "almirante"},
    {"brig", "brigadeiro"},    {"ten", "tenente"},        {"maj", "major"},
    {"n", "nossa"},            {"ns", "nossa senhora"},   {"sra", "senhora"},
    {"sr", "senhor"},          {"pto", "porto"},          {"min", "ministro"},
    {"des", "desembargador"},  {"visc", "visconde"},      {"cach", "cachoeira"},
    {"pdte", "presidente"},    {"itap", "itapemirim"},    {"vl", "vila"},
    {"bj", "bom jesus"},       {"rib", "ribeirao"},       {"dagua", "agua"},
    {"doeste", "oeste"},       {"darco", "arco"},         {"dalho", "alho"},
    {"dajuda", "ajuda"},       {"sj", "sao jose"},        {"bal", "balneario"},
    {"baln", "balneario"},     {"ap", "aparecida"},
};
/* clang-format on */

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

int viz_name_fold(char *out, const char *text)
{
	char plain[VIZ_NAME_BYTES], folded[VIZ_NAME_BYTES], *save = NULL;
	size_t n = 0, words = 0;
	bool joined = false;
	int err = viz_fold_string(plain, sizeof plain, text);

	if (err)
		return err;
	for (char *w = strtok_r(plain, " ", &save); w; w = strtok_r(NULL, " ", &save)) {
		const char *word = expanded(w, words);
		size_t len = strlen(word);

		if (len == 0)
			continue;
		if (n + len + 2 > sizeof folded)
			return VIZ_ERR_LIMIT;
		if (words++ > 0 && !joined)
			folded[n++] = ' ';
		joined = strcmp(word, "sant") == 0; /* Sant'Ana is Santana */
		memcpy(folded + n, word, len);
		n += len;
	}
	if (n == 0)
		return VIZ_ERR_ABSENT;
	memcpy(out, folded, n);
	out[n] = '\0';
	return 0;
}

void viz_name_sound(char *folded)
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

unsigned viz_name_distance(const char *a, const char *b, unsigned max)
{
	unsigned row[VIZ_NAME_BYTES];
	size_t a_len = strlen(a), b_len = strlen(b);

	if (b_len >= VIZ_NAME_BYTES || a_len > b_len + max || b_len > a_len + max)
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
