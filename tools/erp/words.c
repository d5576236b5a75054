#include "tools/erp/words.h"

#include <stdarg.h>

#include "node/host/speech.h"

const char *viz_erp_word(enum viz_erp_texts id)
{
	return viz_erp_texts_texts[id][viz_host_speech_lang()];
}

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
/* The compiler of the texts has compared the conversions of all languages, and the macros of
 * words.h the arguments with them. */
void(viz_erp_print)(FILE *out, enum viz_erp_texts id, ...)
{
	va_list args;

	va_start(args, id);
	vfprintf(out, viz_erp_word(id), args);
	va_end(args);
	fputc('\n', out);
}

void(viz_erp_print_text)(char *out, size_t max, enum viz_erp_texts id, ...)
{
	va_list args;

	va_start(args, id);
	vsnprintf(out, max, viz_erp_word(id), args);
	va_end(args);
}
#pragma GCC diagnostic pop
