#include "tools/geo/place_text.h"

#include <ctype.h>
#include <strings.h>

#include "tools/geo/cep_text.h"

#define CODE_DIGITS  7u
#define INITIALS_MAX 5u

void viz_place_text_trim(char *out, const char *text)
{
	size_t n;

	while (isspace((unsigned char)*text))
		text++;
	n = strnlen(text, VIZ_PLACE_TEXT_MAX - 1);
	while (n > 0 && isspace((unsigned char)text[n - 1]))
		n--;
	memmove(out, text, n);
	out[n] = '\0';
}

/* Takes blanks and signs off both ends. */
static void strip_signs(char *text)
{
	static const char signs[] = " \t,;:-/()[]{}|";
	size_t n;

	memmove(text, text + strspn(text, signs), strlen(text + strspn(text, signs)) + 1);
	n = strlen(text);
	while (n > 0 && strchr(signs, text[n - 1]))
		n--;
	text[n] = '\0';
}

/* Without a sign before it there must be a state: Novo Brasil is a town. */
void viz_place_text_strip_country(const struct viz_gazetteer *g, char *text)
{
	size_t n = strlen(text), at;

	while (n > 0 && strchr(" .)", text[n - 1]))
		n--;
	if (n < 8 || (strncasecmp(text + n - 6, "brasil", 6) != 0 &&
		      strncasecmp(text + n - 6, "brazil", 6) != 0))
		return;
	for (at = n - 6; at > 0 && text[at - 1] == ' ';)
		at--;
	if (at == 0)
		return;
	if (strchr(",;-/(", text[at - 1]) == NULL) {
		char uf[3], state[3] = "";

		if (at < 4 || at == n - 6 || strchr(" -/", text[at - 3]) == NULL)
			return;
		memcpy(state, text + at - 2, 2);
		if (viz_gazetteer_names_uf(g, uf, state) != 0)
			return;
	}
	while (at > 0 && strchr(" ,;-/(", text[at - 1]))
		at--;
	if (at > 0)
		text[at] = '\0';
}

/* A state by its name or letters; maps in English write "State of Espírito Santo". */
static bool is_state(const struct viz_gazetteer *g, char uf[3], const char *text)
{
	static const char *const before[] = {"state of ", "estado de ", "estado do ", "estado da "};

	text += strspn(text, " ");
	for (size_t i = 0; i < sizeof before / sizeof *before; i++)
		if (strncasecmp(text, before[i], strlen(before[i])) == 0)
			text += strlen(before[i]);
	/* 32 is the code of a state, and the number of a house */
	return !isdigit((unsigned char)*text) && viz_gazetteer_names_uf(g, uf, text) == 0;
}

/* "ES - Linhares", "ES/Linhares", "(ES) Linhares". */
static bool split_first(const struct viz_gazetteer *g, char *name, char uf[3])
{
	const char *at = name + (*name == '(' || *name == '['), *rest;
	char state[3] = "";

	if (!isalpha((unsigned char)at[0]) || !isalpha((unsigned char)at[1]))
		return false;
	memcpy(state, at, 2);
	rest = at + 2 + strspn(at + 2, " ");
	if (*rest == '\0' || strchr(")]/-,:", *rest) == NULL ||
	    viz_gazetteer_names_uf(g, uf, state) != 0)
		return false;
	rest += 1 + strspn(rest + 1, " ");
	if (*rest == '\0')
		return false;
	memmove(name, rest, strlen(rest) + 1);
	return true;
}

bool viz_place_text_split_state(const struct viz_gazetteer *g, char *name, char uf[3])
{
	static const char signs[] = "/,([{-";
	size_t n = strlen(name);
	bool slash = false;
	char *blank;

	for (const char *sign = signs; *sign; sign++) {
		char *at = strrchr(name, *sign);

		if (!at || at == name)
			continue;
		if (strchr(")]}", name[n - 1]))
			name[n - 1] = '\0';
		/* a hyphen may belong to the name: it must have a state after it */
		if (is_state(g, uf, at + 1)) {
			*at = '\0';
			return true;
		}
		slash = *sign == '/';
		if (slash)
			break;
	}
	if (split_first(g, name, uf))
		return true;
	uf[0] = '\0';
	if (slash)
		return false;
	blank = strrchr(name, ' ');
	if (blank && strlen(blank + 1) == 2 && !isdigit((unsigned char)blank[1]) &&
	    viz_gazetteer_names_uf(g, uf, blank + 1) == 0)
		*blank = '\0';
	else
		uf[0] = '\0';
	return true;
}

bool viz_place_text_split_state_name(const struct viz_gazetteer *g, char *name, char uf[3])
{
	for (char *at = strchr(name, ' '); at; at = strchr(at + 1, ' ')) {
		if (at == name || strlen(at + 1) <= 2 || isdigit((unsigned char)at[1]) ||
		    viz_gazetteer_names_uf(g, uf, at + 1) != 0)
			continue;
		*at = '\0';
		return true;
	}
	return false;
}

static size_t digits_at(const char *text)
{
	return strspn(text, "0123456789");
}

bool viz_place_text_cep(uint32_t *cep, const char *text)
{
	for (const char *s = text; *s; s++) {
		size_t before = digits_at(s);
		char code[12] = "";

		if (before == 5 && s[5] == '-' && digits_at(s + 6) == 3)
			snprintf(code, sizeof code, "%.9s", s);
		else if (before == 2 && s[2] == '.' && digits_at(s + 3) == 3 && s[6] == '-' &&
			 digits_at(s + 7) == 3)
			snprintf(code, sizeof code, "%.2s%.7s", s, s + 3);
		if (code[0])
			return viz_cep_parse(cep, code) == 0;
		/* eight digits may be a telephone */
		if (strncasecmp(s, "cep", 3) == 0 && digits_at(s + 3 + strspn(s + 3, " :.")) == 8) {
			snprintf(code, sizeof code, "%.8s", s + 3 + strspn(s + 3, " :."));
			return viz_cep_parse(cep, code) == 0;
		}
		if (before > 0)
			s += before - 1;
	}
	return false;
}

bool viz_place_text_split_code(uint32_t *code, char *text)
{
	size_t n = strlen(text), first = digits_at(text), last = 0;

	while (n > 0 && strchr(")]} ", text[n - 1]))
		n--;
	while (last < n && isdigit((unsigned char)text[n - last - 1]))
		last++;
	if (first == CODE_DIGITS && text[first] && strchr(" -/:,", text[first])) {
		*code = (uint32_t)strtoul(text, NULL, 10);
		memmove(text, text + first, strlen(text + first) + 1);
	} else if (last == CODE_DIGITS && n > last && strchr(" -/:,([{", text[n - last - 1])) {
		*code = (uint32_t)strtoul(text + n - last, NULL, 10);
		text[n - last] = '\0';
	} else {
		return false;
	}
	strip_signs(text);
	return text[0] != '\0';
}

bool viz_place_text_split_capital(char *text)
{
	static const char word[] = "capital";
	static const char *const of[] = {"de ", "do ", "da "};
	const char *from = text;
	size_t n = strlen(text), len = sizeof word - 1;

	if (n <= len + 1)
		return false;
	if (strncasecmp(text, word, len) == 0 && !isalpha((unsigned char)text[len]))
		memmove(text, text + len, n - len + 1);
	else if (strncasecmp(text + n - len, word, len) == 0 && strchr(" -/(,", text[n - len - 1]))
		text[n - len] = '\0';
	else
		return false;
	strip_signs(text);
	for (size_t i = 0; i < 3 && from == text; i++)
		if (strncasecmp(text, of[i], 3) == 0)
			from += 3;
	memmove(text, from, strlen(from) + 1);
	return text[0] != '\0';
}

bool viz_place_text_join_initials(char *text)
{
	char joined[INITIALS_MAX + 1];
	size_t n = 0;

	for (const char *s = text; *s;) {
		if (!isalpha((unsigned char)*s) || isalpha((unsigned char)s[1]) ||
		    n == INITIALS_MAX)
			return false;
		joined[n++] = *s++;
		if (*s && *s != '.' && *s != ' ')
			return false;
		s += strspn(s, ". ");
	}
	if (n < 2)
		return false;
	joined[n] = '\0';
	memcpy(text, joined, n + 1);
	return true;
}
