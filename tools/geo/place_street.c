#include <ctype.h>
#include <strings.h>

#include "tools/geo/place_parse.h"

/* Words with which an address begins. One with a hyphen begins the number of a road: BR-101. */
static const char *const street_words[] = {
    "rua",
    "r.",
    "r",
    "avenida",
    "av.",
    "av",
    "travessa",
    "tv.",
    "alameda",
    "al.",
    "rodovia",
    "rod.",
    "rod",
    "estrada",
    "estr.",
    "pra\xc3\xa7"
    "a",
    "praca",
    "p\xc3\xa7"
    ".",
    "largo",
    "ladeira",
    "viela",
    "beco",
    "quadra",
    "qd.",
    "qd",
    "q.",
    "quadras",
    "conjunto",
    "conj.",
    "condom\xc3\xadnio",
    "condominio",
    "cond.",
    "loteamento",
    "lote",
    "s\xc3\xadtio",
    "sitio",
    "fazenda",
    "faz.",
    "ch\xc3\xa1"
    "cara",
    "chacara",
    "vila",
    "via",
    "servid\xc3\xa3o",
    "servidao",
    "residencial",
    "km",
    "br-",
    "es-",
};

bool viz_place_street_begins(const char *text)
{
	for (size_t i = 0; i < sizeof street_words / sizeof street_words[0]; i++) {
		size_t len = strlen(street_words[i]);
		char last = street_words[i][len - 1], next;

		if (strncasecmp(text, street_words[i], len) != 0)
			continue;
		next = text[len];
		if (last == '-' ? isdigit((unsigned char)next)
				: next == ' ' || (last == '.' && next != '\0'))
			return true;
	}
	/* the roads of other states: MG-010, RJ 106 */
	return isalpha((unsigned char)text[0]) && isalpha((unsigned char)text[1]) &&
	       (text[2] == '-' || text[2] == ' ') && isdigit((unsigned char)text[3]) &&
	       isdigit((unsigned char)text[4]) && isdigit((unsigned char)text[5]);
}

const char *viz_place_street_last(const char *text)
{
	const char *last = strrchr(text, ',');

	for (const char *at = strstr(text, " - "); at != NULL; at = strstr(at + 1, " - "))
		if (last == NULL || at > last)
			last = at + 2;
	return last == NULL ? NULL : last + 1 + strspn(last + 1, " ");
}
