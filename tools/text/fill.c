#include "tools/text/fill.h"

#include <string.h>

#include "proto/base.h"

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

void viz_fill_list(char *out, size_t max, const char *text, va_list pairs)
{
	const char *at = text;
	size_t n = 0;

	while (*at != '\0' && n + 1 < max) {
		const char *close = strncmp(at, "{{", 2) == 0 ? strstr(at, "}}") : NULL;
		const char *value;
		va_list again;

		if (close == NULL) {
			out[n++] = *at++;
			continue;
		}
		va_copy(again, pairs);
		value = value_of(at + 2, (size_t)(close - at - 2), again);
		va_end(again);
		VIZ_REQUIRE(value != NULL);
		while (*value != '\0' && n + 1 < max)
			out[n++] = *value++;
		at = close + 2;
	}
	out[n] = '\0';
}

void viz_fill(char *out, size_t max, const char *text, ...)
{
	va_list pairs;

	va_start(pairs, text);
	viz_fill_list(out, max, text, pairs);
	va_end(pairs);
}
