#include "tools/geo/cep_text.h"

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

int viz_cep_text(uint32_t *cep, const char *text)
{
	char digits[9], plain[10];
	size_t n = 0, len;
	const char *mark = NULL;

	while (is_blank(*text))
		text++;
	len = strlen(text);
	while (len > 0 && is_blank(text[len - 1]))
		len--;
	for (const char *s = text; s < text + len; s++) {
		if (*s >= '0' && *s <= '9') {
			if (n == 8)
				return VIZ_ERR_INPUT;
			digits[n++] = *s;
		} else if ((*s == '-' || *s == ' ') && !mark && text + len - s == 4) {
			mark = s;
		} else if (*s != '.' || mark || n == 0) {
			return VIZ_ERR_INPUT;
		}
	}
	digits[n] = '\0';
	if (n < 7)
		return VIZ_ERR_INPUT;
	snprintf(plain, sizeof plain, "%s%s", n == 7 ? "0" : "", digits);
	return viz_cep_parse(cep, plain);
}
