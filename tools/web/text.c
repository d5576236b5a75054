#include "tools/web/text.h"

#include <stdarg.h>

const char *viz_web_text(enum viz_lang lang, enum viz_web_text id)
{
	return viz_web_text_texts[id][lang];
}

bool viz_web_text_find(enum viz_web_text *out, const char *key)
{
	for (int i = 0; i < VIZ_WEB_TEXT_COUNT; i++) {
		if (strcmp(viz_web_text_keys[i], key) != 0)
			continue;
		*out = (enum viz_web_text)i;
		return true;
	}
	return false;
}

/* The value of a tag among names and values in turn; NULL: it has none. */
static const char *value_of(const char *name, size_t len, va_list pairs)
{
	const char *key;

	while ((key = va_arg(pairs, const char *)) != NULL) {
		const char *value = va_arg(pairs, const char *);

		if (strlen(key) == len && memcmp(key, name, len) == 0)
			return value;
	}
	return NULL;
}

void viz_web_text_fill(char *out, size_t max, enum viz_lang lang, enum viz_web_text id, ...)
{
	const char *at = viz_web_text(lang, id);
	size_t n = 0;

	while (*at != '\0' && n + 1 < max) {
		const char *close = strncmp(at, "{{", 2) == 0 ? strstr(at, "}}") : NULL;
		const char *value;
		va_list pairs;

		if (close == NULL) {
			out[n++] = *at++;
			continue;
		}
		va_start(pairs, id);
		value = value_of(at + 2, (size_t)(close - at - 2), pairs);
		va_end(pairs);
		VIZ_REQUIRE(value != NULL);
		while (*value != '\0' && n + 1 < max)
			out[n++] = *value++;
		at = close + 2;
	}
	out[n] = '\0';
}
