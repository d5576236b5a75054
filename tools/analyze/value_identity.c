/* Values that can be checked: states and documents. */
#include "tools/analyze/value.h"
#include "tools/text/fold.h"

static const struct {
	uint8_t code;
	char abbreviation[3];
	const char *name;
} states[] = {
    {11, "RO", "rondonia"},
    {12, "AC", "acre"},
    {13, "AM", "amazonas"},
    {14, "RR", "roraima"},
    {15, "PA", "para"},
    {16, "AP", "amapa"},
    {17, "TO", "tocantins"},
    {21, "MA", "maranhao"},
    {22, "PI", "piaui"},
    {23, "CE", "ceara"},
    {24, "RN", "rio grande do norte"},
    {25, "PB", "paraiba"},
    {26, "PE", "pernambuco"},
    {27, "AL", "alagoas"},
    {28, "SE", "sergipe"},
    {29, "BA", "bahia"},
    {31, "MG", "minas gerais"},
    {32, "ES", "espirito santo"},
    {33, "RJ", "rio de janeiro"},
    {35, "SP", "sao paulo"},
    {41, "PR", "parana"},
    {42, "SC", "santa catarina"},
    {43, "RS", "rio grande do sul"},
    {50, "MS", "mato grosso do sul"},
    {51, "MT", "mato grosso"},
    {52, "GO", "goias"},
    {53, "DF", "distrito federal"},
};
#define STATES (sizeof states / sizeof *states)

const char *viz_value_identity_uf_name(unsigned code)
{
	for (size_t i = 0; i < STATES; i++)
		if (states[i].code == code)
			return states[i].abbreviation;
	return "??";
}

static int uf_by_letters(unsigned *code, char a, char b)
{
	a = (char)(a & ~32);
	b = (char)(b & ~32);
	for (size_t i = 0; i < STATES; i++) {
		if (states[i].abbreviation[0] == a && states[i].abbreviation[1] == b) {
			*code = states[i].code;
			return 0;
		}
	}
	return VIZ_ERR_INPUT;
}

int viz_value_identity_uf(unsigned *code, const char *text, size_t len)
{
	char folded[32];
	size_t n;

	viz_value_empty_trim(&text, &len);
	if (viz_value_empty(text, len))
		return VIZ_ERR_ABSENT;
	if (len == 2 && text[0] >= 'A')
		return uf_by_letters(code, text[0], text[1]);
	n = viz_fold_text(folded, sizeof folded, text, len);
	if (n == 2 && folded[0] <= '9') {
		for (size_t i = 0; i < STATES; i++) {
			if (states[i].code == (folded[0] - '0') * 10 + (folded[1] - '0')) {
				*code = states[i].code;
				return 0;
			}
		}
		return VIZ_ERR_INPUT;
	}
	for (size_t i = 0; i < STATES; i++) {
		if (strlen(states[i].name) == n && memcmp(states[i].name, folded, n) == 0) {
			*code = states[i].code;
			return 0;
		}
	}
	return VIZ_ERR_INPUT;
}

/* Check digit modulo 11 over `n` characters (value: ASCII code less 48, which for digits is the
 * digit), weights from the right 2, 3, ... up to `top`, then again. */
static int check_digit(const char *s, size_t n, int top)
{
	int sum = 0, weight = 2;

	for (size_t i = n; i-- > 0;) {
		sum += (s[i] - '0') * weight;
		weight = weight == top ? 2 : weight + 1;
	}
	sum %= 11;
	return sum < 2 ? 0 : 11 - sum;
}

static bool checks(const char *s, size_t n, int top)
{
	bool same = true;

	for (size_t i = 1; i < n; i++)
		same = same && s[i] == s[0];
	return !same && check_digit(s, n - 2, top) == s[n - 2] - '0' &&
	       check_digit(s, n - 1, top) == s[n - 1] - '0';
}

/* Copies the characters of a document; true when it has letters, length -1 when it cannot be one.
 */
static int document_chars(char out[14], bool *letters, const char *text, size_t len)
{
	size_t n = 0;

	*letters = false;
	for (size_t i = 0; i < len; i++) {
		char c = text[i];

		if (c == '.' || c == '-' || c == '/' || c == ' ')
			continue;
		if (c >= 'a' && c <= 'z')
			c = (char)(c - 32);
		if (n == 14 || !((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z')))
			return -1;
		*letters = *letters || c >= 'A';
		out[n++] = c;
	}
	return (int)n;
}

/* Whether some digits are masked by stars, crosses or bullets, and there is no letter. */
static bool masked(const char *text, size_t len)
{
	size_t hidden = 0, digits = 0;

	for (size_t i = 0; i < len; i++) {
		if (text[i] == '*' || text[i] == 'x' || text[i] == 'X' || text[i] == '#') {
			hidden++;
		} else if (len - i >= 3 && memcmp(text + i, "\xe2\x80\xa2", 3) == 0) {
			hidden++;
			i += 2;
		} else if (text[i] >= '0' && text[i] <= '9') {
			digits++;
		} else if (!text[i] || !strchr(".-/ ", text[i])) {
			return false;
		}
	}
	return hidden >= 3 && (hidden + digits == 11 || hidden + digits == 14);
}

int viz_value_identity_document(enum viz_document *kind, const char *text, size_t len)
{
	char s[14], padded[14];
	bool letters;
	size_t n, want;
	int got;

	viz_value_empty_trim(&text, &len);
	if (viz_value_empty(text, len))
		return VIZ_ERR_ABSENT;
	if (masked(text, len)) {
		*kind = VIZ_DOCUMENT_MASKED;
		return 0;
	}
	got = document_chars(s, &letters, text, len);
	if (got < (letters ? 14 : 8))
		return VIZ_ERR_INPUT;
	n = (size_t)got;
	if (letters && (s[12] > '9' || s[13] > '9'))
		return VIZ_ERR_INPUT;
	want = n <= 11 ? 11 : 14;
	memset(padded, '0', sizeof padded);
	memcpy(padded + want - n, s, n);
	if (want == 11 && checks(padded, 11, 11)) {
		*kind = VIZ_DOCUMENT_CPF;
		return 0;
	}
	/* 9 to 11 digits may also be a CNPJ that lost its leading zeros */
	if (want == 11) {
		memset(padded, '0', sizeof padded);
		memcpy(padded + 14 - n, s, n);
	}
	if (!checks(padded, 14, 9))
		return VIZ_ERR_INPUT;
	*kind = VIZ_DOCUMENT_CNPJ;
	return 0;
}
