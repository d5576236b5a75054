#include "tools/erp/words.h"

#include <ctype.h>
#include <stdarg.h>

#include "node/host/speech.h"

const char *viz_erp_word(enum viz_erp_texts id)
{
	return viz_erp_texts_texts[id][viz_host_speech_lang()];
}

const char *viz_erp_word_of(const char *prefix, const char *word)
{
	char key[64];
	int len = snprintf(key, sizeof key, "%s%s", prefix, word);

	for (char *p = key; *p != '\0'; p++)
		if (!isalnum((unsigned char)*p))
			*p = '_';
	for (int id = 0; len < (int)sizeof key && id < VIZ_ERP_TEXTS_COUNT; id++)
		if (strcmp(viz_erp_texts_keys[id], key) == 0)
			return viz_erp_word((enum viz_erp_texts)id);
	return word;
}

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
/* The compiler of the texts has compared the conversions of all languages, and the macros of
 * words.h the arguments with them. */
void(viz_erp_print)(FILE *out, enum viz_erp_texts id, ...)
{
	const char *text = viz_erp_word(id);
	va_list args;

	VIZ_REQUIRE(text != NULL);
	va_start(args, id);
	vfprintf(out, text, args);
	va_end(args);
	fputc('\n', out);
}

void(viz_erp_print_text)(char *out, size_t max, enum viz_erp_texts id, ...)
{
	const char *text = viz_erp_word(id);
	va_list args;

	VIZ_REQUIRE(text != NULL);
	va_start(args, id);
	vsnprintf(out, max, text, args);
	va_end(args);
}
#pragma GCC diagnostic pop
