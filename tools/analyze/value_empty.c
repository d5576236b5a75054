#include "tools/analyze/value.h"
#include "tools/text/fold.h"

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_edge(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '"' || c == '\'' || c == '=';
}

/* Nothing to trim, as nearly always. */
static bool clean_edges(const char *p, size_t n)
{
	return n > 0 && p[0] > '=' && p[n - 1] > '=';
}

void viz_value_empty_trim(const char **text, size_t *len)
{
	const char *p = *text;
	size_t n = *len;

	if (n == 0 || clean_edges(p, n) || (is_digit(p[0]) && is_digit(p[n - 1])))
		return;
	for (;;) {
		if (n && is_edge(p[0])) {
			p++;
			n--;
		} else if (n >= 2 && (unsigned char)p[0] == 0xc2 && (unsigned char)p[1] == 0xa0) {
			p += 2;
			n -= 2;
		} else {
			break;
		}
	}
	for (;;) {
		if (n && is_edge(p[n - 1]))
			n--;
		else if (n >= 2 && (unsigned char)p[n - 2] == 0xc2 &&
			 (unsigned char)p[n - 1] == 0xa0)
			n -= 2;
		else
			break;
	}
	*text = p;
	*len = n;
}

static bool is_word(const char *text, size_t len, const char *word)
{
	for (size_t i = 0; i < len; i++) {
		char c = text[i];

		if (c >= 'A' && c <= 'Z')
			c = (char)(c + 32);
		if (word[i] == 0 || c != word[i])
			return false;
	}
	return word[len] == 0;
}

bool viz_value_empty(const char *text, size_t len)
{
	static const char *const words[] = {"-",  "--",  "---", "null", "(null)", "none", "n/a",
					    "na", "nan", "nat", "#n/d", "#n/a",   ".",    "\\n"};

	if (len == 0)
		return true;
	if (len > 6 || is_digit(text[0]))
		return false;
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (is_word(text, len, words[i]))
			return true;
	return false;
}

/* Folded, each between two bars. */
static const char placeholders[] =
    "|nao informado|nao informada|nao informou|nao inf|n inf|n informado|"
    "sem informacao|sem inf|sem info|nao sabe|nao sei|n sabe|nao soube|"
    "nao soube dizer|nao disse|nao quis dizer|nao quis informar|nao consta|"
    "nao tem|nao definido|a definir|a confirmar|a verificar|nao se aplica|"
    "indefinido|desconhecido|desconhecida|ignorado|ignorada|nao|sem|"
    "sem destino|sem endereco|sem cep|sem cidade|nenhum|nenhuma|nada|vazio|"
    "null|none|nan|n a|na|n d|nd|n i|ni|n|s i|x|xx|xxx|xxxx|xxxxx xxx|teste|"
    "pendente|outro|outra|outros|sem data|undefined|invalid date|valor|ref|em aberto|";

bool viz_value_empty_placeholder(const char *text, size_t len)
{
	char folded[32] = "|";
	size_t n = viz_fold_text(folded + 1, sizeof folded - 3, text, len);

	/* only signs and zeros */
	if (strspn(folded + 1, "0 ") >= n)
		return len < 16;
	folded[n + 1] = '|';
	folded[n + 2] = 0;
	return strstr(placeholders, folded) != NULL;
}
